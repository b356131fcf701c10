//! From the workflow to what the layout places, and from the layout's slots back to places in the document.

use patchbay_layout as layout;
use patchbay_model::document::{self, OnError, Place, Step, TRIGGER, Workflow};

/// The name of the lane in which the steps of an error branch stand.
pub const ERROR_LANE: &str = "On error";

/// The trigger and the tree below it. `has_body` says whether a step without a `body` may have one.
pub fn nodes(workflow: &Workflow, has_body: impl Fn(&Step) -> bool) -> Vec<layout::Node> {
    let mut nodes = Vec::with_capacity(workflow.steps.len() + 1);
    nodes.push(layout::Node::card(TRIGGER));
    nodes.extend(list(&workflow.steps, &has_body));
    nodes
}

fn list(steps: &[Step], has_body: &impl Fn(&Step) -> bool) -> Vec<layout::Node> {
    steps.iter().map(|step| node(step, has_body)).collect()
}

fn node(step: &Step, has_body: &impl Fn(&Step) -> bool) -> layout::Node {
    let node = if let Some(body) = &step.body {
        layout::Node::boxed(&step.name, list(body, has_body))
    } else if let Some(branches) = &step.branches {
        let lanes = branches
            .iter()
            .map(|(name, steps)| layout::Lane::new(name, list(steps, has_body)));
        layout::Node::fork(&step.name, lanes.collect())
    } else if has_body(step) {
        layout::Node::boxed(&step.name, Vec::new())
    } else {
        layout::Node::card(&step.name)
    };
    if step.on_error == OnError::Branch {
        let steps = step.on_error_steps.as_deref().unwrap_or_default();
        node.with_side(layout::Lane::new(ERROR_LANE, list(steps, has_body)))
    } else {
        node
    }
}

/// Where in the document something dropped on this slot would stand; none above the trigger.
pub fn place_of(slot: &layout::Slot) -> Option<Place> {
    let Some(parent) = slot.parent.clone() else {
        // The trigger is the first of the outermost list and does not count in the document.
        return Some(Place {
            parent: None,
            lane: None,
            index: slot.index.checked_sub(1)?,
        });
    };
    let lane = match &slot.lane {
        _ if slot.side => document::Lane::OnError,
        Some(branch) => document::Lane::Branch(branch.clone()),
        None => document::Lane::Body,
    };
    Some(Place {
        parent: Some(parent),
        lane: Some(lane),
        index: slot.index,
    })
}

/// A slot as text, for tests and for finding it again: `parent/lane/index`.
pub fn slot_key(place: &Place) -> String {
    let lane = match &place.lane {
        None => "steps",
        Some(document::Lane::Body) => "body",
        Some(document::Lane::Branch(name)) => name,
        Some(document::Lane::OnError) => "on_error",
    };
    format!(
        "{}/{lane}/{}",
        place.parent.as_deref().unwrap_or("workflow"),
        place.index
    )
}

#[cfg(test)]
mod tests;
