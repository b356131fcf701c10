//! Trees that several tests place.

use patchbay_layout::{Lane, Node};

pub(crate) fn cards(ids: &[&str]) -> Vec<Node> {
    ids.iter().map(|id| Node::card(*id)).collect()
}

pub(crate) fn lane(name: &str, ids: &[&str]) -> Lane {
    Lane::new(name, cards(ids))
}

pub(crate) fn chain() -> Vec<Node> {
    cards(&["trigger", "list", "store"])
}

pub(crate) fn looped() -> Vec<Node> {
    vec![
        Node::card("trigger"),
        Node::card("list"),
        Node::boxed("loop", cards(&["store"])),
        Node::card("notify"),
    ]
}

pub(crate) fn nested_loops() -> Vec<Node> {
    let inner = Node::boxed("inner", cards(&["store"]));
    let outer = Node::boxed("outer", vec![Node::card("page"), inner]);
    vec![Node::card("trigger"), outer]
}

pub(crate) fn forked() -> Vec<Node> {
    let fork = Node::fork(
        "fork",
        vec![
            lane("true", &["a1", "a2"]),
            lane("false", &["b1"]),
            lane("default", &[]),
        ],
    );
    vec![Node::card("trigger"), fork, Node::card("after")]
}

pub(crate) fn fork_in_loop() -> Vec<Node> {
    let fork = Node::fork("fork", vec![lane("true", &["a"]), lane("false", &[])]);
    vec![
        Node::card("trigger"),
        Node::boxed("loop", vec![Node::card("look up"), fork]),
        Node::card("after"),
    ]
}

pub(crate) fn empty_body() -> Vec<Node> {
    vec![Node::card("trigger"), Node::boxed("loop", vec![])]
}

pub(crate) fn error_lanes() -> Vec<Node> {
    let call = Node::card("call").with_side(lane("error", &["tell"]));
    let fork = Node::fork("fork", vec![lane("true", &["a"]), lane("false", &["b"])])
        .with_side(lane("error", &["c"]));
    vec![
        Node::card("trigger"),
        Node::boxed("loop", vec![call]).with_side(lane("error", &["give up"])),
        fork,
        Node::card("after"),
    ]
}

pub(crate) fn samples() -> Vec<(&'static str, Vec<Node>)> {
    vec![
        ("chain", chain()),
        ("loop", looped()),
        ("nested_loops", nested_loops()),
        ("fork", forked()),
        ("fork_in_loop", fork_in_loop()),
        ("empty_body", empty_body()),
        ("error_lanes", error_lanes()),
    ]
}
