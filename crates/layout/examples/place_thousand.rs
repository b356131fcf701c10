//! Measures how long it takes to place a thousand nodes, so that the claim can be checked anywhere.
//!
//! Run it with `cargo run --release -p patchbay-layout --example place_thousand`.

use std::hint::black_box;
use std::time::Instant;

use patchbay_layout::{Lane, Node, Style, place};

const NODES: usize = 1_000;
const ROUNDS: usize = 101;

#[expect(clippy::print_stdout, reason = "its output is what it is run for")]
fn main() {
    let tree = mixed();
    let style = Style::default();
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(place(black_box(&tree), &style));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let placed = place(&tree, &style).items.len();
    println!(
        "{placed} nodes: median {:?}, slowest of {ROUNDS} {:?}",
        times[ROUNDS / 2],
        times[ROUNDS - 1]
    );
}

/// Groups of ten nodes: cards, a loop within a loop, and a fork with a side lane.
fn mixed() -> Vec<Node> {
    (0..NODES / 10).flat_map(group).collect()
}

fn group(number: usize) -> [Node; 3] {
    let card = |name: &str| Node::card(format!("{name}-{number}"));
    let inner = Node::boxed(format!("inner-{number}"), vec![card("a"), card("b")]);
    let fork = Node::fork(
        format!("fork-{number}"),
        vec![
            Lane::new("true", vec![card("c")]),
            Lane::new("false", vec![card("d")]),
        ],
    );
    [
        card("first"),
        Node::boxed(format!("outer-{number}"), vec![inner, card("e")]),
        fork.with_side(Lane::new("error", vec![card("f")])),
    ]
}
