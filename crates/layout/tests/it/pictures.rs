//! What the placements look like, as committed pictures.

use patchbay_layout::{Node, Style, place};

use crate::sample;
use crate::svg::svg;

fn draw(nodes: &[Node]) -> String {
    let style = Style::default();
    svg(&place(nodes, &style), &style)
}

#[test]
fn chain_stands_in_one_column() {
    insta::assert_snapshot!("chain", draw(&sample::chain()));
}

#[test]
fn loop_is_a_box_round_its_body() {
    insta::assert_snapshot!("loop", draw(&sample::looped()));
}

#[test]
fn loop_in_a_loop_is_a_box_in_a_box() {
    insta::assert_snapshot!("nested_loops", draw(&sample::nested_loops()));
}

#[test]
fn lanes_of_a_fork_stand_side_by_side_and_rejoin() {
    insta::assert_snapshot!("fork", draw(&sample::forked()));
}

#[test]
fn fork_widens_the_loop_around_it() {
    insta::assert_snapshot!("fork_in_loop", draw(&sample::fork_in_loop()));
}

#[test]
fn empty_body_keeps_room_for_its_slot() {
    insta::assert_snapshot!("empty_body", draw(&sample::empty_body()));
}

#[test]
fn error_lane_stands_to_the_right_of_the_straight_way() {
    insta::assert_snapshot!("error_lanes", draw(&sample::error_lanes()));
}
