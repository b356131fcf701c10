//! Where the arrow keys lead.

use patchbay_layout::Direction::{self, Down, Left, Right, Up};
use patchbay_layout::{Lane, Node, Style, neighbour, place};

use crate::sample;

fn check(nodes: &[Node], cases: &[(&str, Direction, Option<&str>)]) {
    let placement = place(nodes, &Style::default());
    for &(from, direction, to) in cases {
        let found = neighbour(&placement, from, direction);
        assert_eq!(found.as_deref(), to, "{direction:?} from {from}");
    }
}

#[test]
fn up_and_down_follow_a_chain() {
    let cases = [
        ("trigger", Up, None),
        ("trigger", Down, Some("list")),
        ("list", Up, Some("trigger")),
        ("store", Down, None),
        ("list", Left, None),
        ("list", Right, None),
    ];
    check(&sample::chain(), &cases);
}

#[test]
fn right_goes_into_a_box_and_left_out_of_it() {
    let cases = [
        ("loop", Right, Some("store")),
        ("loop", Down, Some("notify")),
        ("store", Left, Some("loop")),
        ("store", Right, None),
        ("store", Up, Some("loop")),
        ("store", Down, Some("notify")),
        ("notify", Up, Some("loop")),
    ];
    check(&sample::looped(), &cases);
}

#[test]
fn lanes_are_walked_through_and_across() {
    let cases = [
        ("fork", Down, Some("a1")),
        ("fork", Right, Some("a1")),
        ("a1", Down, Some("a2")),
        ("a2", Down, Some("after")),
        ("b1", Down, Some("after")),
        ("after", Up, Some("a2")),
        ("a1", Up, Some("fork")),
        ("a1", Right, Some("b1")),
        ("a2", Right, Some("b1")),
        ("b1", Left, Some("a1")),
        ("b1", Right, None),
        ("a1", Left, Some("fork")),
    ];
    check(&sample::forked(), &cases);
}

#[test]
fn empty_lane_is_passed_over() {
    let lanes = vec![
        sample::lane("one", &["a"]),
        Lane::new("two", vec![]),
        sample::lane("three", &["c"]),
    ];
    let cases = [("a", Right, Some("c")), ("c", Left, Some("a"))];
    check(&[Node::fork("fork", lanes)], &cases);
}

#[test]
fn fork_whose_lanes_are_empty_is_walked_like_a_card() {
    let fork = Node::fork("fork", vec![Lane::new("one", vec![])]);
    let cases = [
        ("fork", Down, Some("after")),
        ("fork", Right, None),
        ("after", Up, Some("fork")),
    ];
    check(&[fork, Node::card("after")], &cases);
}

#[test]
fn lane_to_the_right_is_reached_from_a_box_in_a_lane() {
    let lanes = vec![
        Lane::new("one", vec![Node::boxed("loop", sample::cards(&["a"]))]),
        sample::lane("two", &["b"]),
    ];
    let cases = [("loop", Right, Some("a")), ("a", Right, Some("b"))];
    check(&[Node::fork("fork", lanes)], &cases);
}

#[test]
fn side_lane_is_beside_the_way_down() {
    let cases = [
        ("loop", Down, Some("fork")),
        ("loop", Right, Some("call")),
        ("call", Right, Some("tell")),
        ("tell", Left, Some("call")),
        ("give up", Up, Some("loop")),
        ("give up", Down, Some("fork")),
        ("fork", Up, Some("loop")),
        ("b", Right, Some("c")),
        ("after", Up, Some("a")),
    ];
    check(&sample::error_lanes(), &cases);
}

#[test]
fn side_lane_of_a_box_is_reached_from_its_body() {
    let nodes = [Node::boxed("loop", sample::chain()).with_side(sample::lane("error", &["tell"]))];
    let cases = [
        ("list", Right, Some("tell")),
        ("tell", Left, Some("loop")),
        ("tell", Up, Some("loop")),
    ];
    check(&nodes, &cases);
}

#[test]
fn unknown_id_has_no_neighbour() {
    check(&sample::chain(), &[("nobody", Down, None)]);
}
