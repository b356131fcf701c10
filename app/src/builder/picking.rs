//! Picking an operation: as a new step at a place, or as the trigger.

use crate::{
    browser,
    builder::{state::BuilderState, tree},
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_model::{document::Place, spec::Catalog};

/// How long a connector may take to arrive, in steps of [`STEP`] milliseconds.
const PATIENCE: u32 = 200;
const STEP: i32 = 50;

/// An operation that somebody picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub connector: String,
    pub operation: String,
    pub is_trigger: bool,
}

/// Adds the operation at the place, else after the selected step; a trigger replaces the trigger, after asking when
/// something would be lost.
pub fn pick(state: BuilderState, pick: Pick, at: Option<Place>) {
    spawn_local(async move {
        if !arrived(state, &pick).await {
            return;
        }
        if pick.is_trigger {
            let filled = state.workflow.with_untracked(|workflow| {
                let trigger = &workflow.trigger;
                let same =
                    trigger.connector == pick.connector && trigger.operation == pick.operation;
                (!same && !trigger.inputs.is_empty(), same)
            });
            match filled {
                (true, _) => state.asking.set(Some(pick)),
                (false, true) => state.select(patchbay_model::document::TRIGGER),
                (false, false) => state.set_trigger(&pick.connector, &pick.operation),
            }
            return;
        }
        let at = at.unwrap_or_else(|| {
            let selected = state.selected.get_untracked();
            state
                .workflow
                .with_untracked(|workflow| place_for(workflow, selected.as_deref()))
        });
        state.add_step(&pick.connector, &pick.operation, at);
    });
}

/// Where a step goes that nobody put anywhere: into a selected loop that is still empty, else after what is selected.
pub fn place_for(workflow: &patchbay_model::document::Workflow, selected: Option<&str>) -> Place {
    if let Some(step) = selected.and_then(|name| workflow.step(name))
        && step.body.as_ref().is_some_and(Vec::is_empty)
    {
        let lane = Some(patchbay_model::document::Lane::Body);
        return Place {
            parent: Some(step.name.clone()),
            lane,
            index: 0,
        };
    }
    tree::place_after(workflow, selected)
}

/// Waits for the connector.
async fn arrived(state: BuilderState, pick: &Pick) -> bool {
    for _ in 0..PATIENCE {
        let known = state.specs.try_with_untracked(|specs| {
            specs
                .operation(&pick.connector, &pick.operation)
                .map(|_| true)
                .or_else(|| {
                    // It has arrived, and has no such operation.
                    specs.connector(&pick.connector).map(|_| false)
                })
        });
        match known {
            None => return false,
            Some(Some(known)) => return known,
            Some(None) => state.ensure_connector(&pick.connector),
        }
        browser::pause(STEP).await;
    }
    false
}
