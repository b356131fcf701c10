//! What the picture shows of a document, and where a slot leads.

use super::*;
use patchbay_layout::{Shape, Style, place};
use std::collections::BTreeSet;

fn workflow() -> Workflow {
    serde_json::from_value(serde_json::json!({
        "format": "patchbay.workflow/1",
        "trigger": { "connector": "manual", "operation": "trigger" },
        "steps": [
            { "name": "http-1", "connector": "http", "operation": "request", "on_error": "branch",
              "on_error_steps": [{ "name": "http-2", "connector": "http", "operation": "request" }] },
            { "name": "loop-1", "connector": "loop", "operation": "loop_list",
              "body": [{ "name": "http-3", "connector": "http", "operation": "request" }] },
            { "name": "branch-1", "connector": "branch", "operation": "if",
              "branches": { "true": [{ "name": "http-4", "connector": "http", "operation": "request" }], "false": [] } }
        ]
    }))
    .unwrap()
}

#[test]
fn loops_are_boxes_and_branches_are_lanes() {
    let nodes = nodes(&workflow(), |_| false);
    let ids: Vec<_> = nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(ids, ["trigger", "http-1", "loop-1", "branch-1"]);
    assert_eq!(
        nodes[1].side.as_ref().unwrap().nodes,
        [layout::Node::card("http-2")]
    );
    assert_eq!(
        nodes[2].shape,
        Shape::Box {
            body: vec![layout::Node::card("http-3")]
        }
    );
    let Shape::Fork { lanes } = &nodes[3].shape else {
        panic!("{:?}", nodes[3].shape)
    };
    let names: Vec<_> = lanes
        .iter()
        .map(|lane| (lane.name.as_str(), lane.nodes.len()))
        .collect();
    assert_eq!(names, [("true", 1), ("false", 0)]);
}

#[test]
fn a_loop_without_a_body_is_a_box_when_its_operation_is_known() {
    let mut workflow = workflow();
    workflow.steps[1].body = None;
    let nodes = nodes(&workflow, |step| step.connector == "loop");
    assert_eq!(nodes[2].shape, Shape::Box { body: Vec::new() });
}

#[test]
fn slots_lead_to_every_place_of_the_document() {
    let placement = place(&nodes(&workflow(), |_| false), &Style::default());
    let keys: BTreeSet<String> = placement
        .slots
        .iter()
        .filter_map(place_of)
        .map(|place| slot_key(&place))
        .collect();
    let expected = [
        "workflow/steps/0",
        "workflow/steps/1",
        "workflow/steps/2",
        "workflow/steps/3",
        "http-1/on_error/0",
        "http-1/on_error/1",
        "loop-1/body/0",
        "loop-1/body/1",
        "branch-1/true/0",
        "branch-1/true/1",
        "branch-1/false/0",
    ];
    assert_eq!(keys, expected.iter().map(|key| (*key).to_owned()).collect());
}
