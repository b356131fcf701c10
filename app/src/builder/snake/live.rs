//! What a mapped value comes to with the data of the last run: shown under its field.

use crate::builder::{panel::form, state::BuilderState};
use leptos::prelude::*;
use patchbay_model::{
    Json, JsonMap,
    document::TRIGGER,
    path::Root,
    scope::JsonScope,
    value::Value,
};
use serde_json::json;

/// A line under a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Now {
    pub lead: &'static str,
    pub text: String,
    pub missing: bool,
}

/// None: nothing is mapped, or there is no data yet. Tracked.
pub fn now(state: BuilderState, value: Option<&Json>) -> Option<Now> {
    let parsed = Value::parse(value?).ok()?;
    let mut names: Vec<String> = Vec::new();
    for used in parsed.paths() {
        match used.path.root() {
            Some(Root::Step(name)) => names.push(name.to_owned()),
            Some(_) => {}
            // What only the server can evaluate.
            None => return None,
        }
        if !used.path.is_singular() {
            return None;
        }
    }
    if parsed.paths().next().is_none() {
        return None;
    }
    // Only what the value needs is copied: a sample may be large.
    let steps: Option<JsonMap> = state.samples.with(|samples| {
        names.iter().map(|name| Some((name.clone(), samples.steps.get(name)?.clone()))).collect()
    });
    let steps = match steps {
        Some(steps) => steps,
        None if names.iter().all(|name| name == TRIGGER) => JsonMap::new(),
        None => return None,
    };
    let config = state.workflow.with(|workflow| workflow.config.clone());
    let scope = JsonScope(json!({ "steps": steps, "config": config, "env": {} }));
    Some(match parsed.resolve(&scope) {
        Ok(found) => Now { lead: "Now: ", text: form::brief(&found), missing: false },
        Err(error) => Now { lead: "", text: error.to_string(), missing: true },
    })
}
