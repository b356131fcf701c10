//! How many records a step gave, for its card.

use crate::builder::state::BuilderState;
use leptos::prelude::*;
use patchbay_model::{Json, document::Workflow, progress::Progress};

/// Lists of samples with so many items may have been longer.
const SHORTENED: usize = 20;

/// The number of records in the step's output in the run that is shown, when something says it. Tracked.
pub fn of_step(state: BuilderState, step: &str) -> Option<u64> {
    let looped = state.run.with(|live| {
        let live = live.as_ref()?;
        state
            .workflow
            .with(|workflow| looped_over(workflow, &live.progress, step))
    });
    looped.or_else(|| {
        state.samples.with(|samples| {
            let of_this_run = state.run.with(|live| {
                live.as_ref()
                    .is_some_and(|live| samples.run_id.as_deref() == Some(live.run.id.as_str()))
            });
            of_this_run
                .then(|| stated(samples.steps.get(step)?))
                .flatten()
        })
    })
}

/// A loop over the step's output knows how long the list was.
fn looped_over(workflow: &Workflow, progress: &Progress, step: &str) -> Option<u64> {
    let source = format!("$.steps.{step}");
    let mut found = None;
    workflow
        .all_steps()
        .map(|visit| visit.step)
        .for_each(|candidate| {
            let list = candidate
                .inputs
                .get("list")
                .and_then(|list| list.get("$path"))
                .and_then(Json::as_str);
            let follows = list.is_some_and(|path| {
                path.strip_prefix(source.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
            if follows && found.is_none() {
                found = progress
                    .steps
                    .get(&candidate.name)
                    .and_then(|progress| progress.items_total);
            }
        });
    found
}

/// A count that the output itself states, or the length of its only list; a sample's longer lists are shortened and say
/// nothing.
fn stated(output: &Json) -> Option<u64> {
    let said = ["record_count", "total_records", "total"]
        .iter()
        .find_map(|key| output.get(key).and_then(Json::as_u64));
    said.or_else(|| {
        let mut lists = match output {
            Json::Array(items) => vec![items],
            Json::Object(fields) => fields.values().filter_map(Json::as_array).collect(),
            _ => Vec::new(),
        };
        let only = lists.pop().filter(|_| lists.is_empty())?;
        (only.len() < SHORTENED)
            .then(|| u64::try_from(only.len()).ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::progress::StepProgress;
    use serde_json::json;

    #[test]
    fn a_loop_over_the_output_says_how_many_there_were() {
        let workflow: Workflow = serde_json::from_value(json!({
            "format": "patchbay.workflow/1",
            "trigger": { "connector": "manual", "operation": "trigger" },
            "steps": [
                { "name": "http-1", "connector": "http", "operation": "request" },
                { "name": "loop-1", "connector": "loop", "operation": "loop_list",
                  "inputs": { "list": { "$path": "$.steps.http-1.body.items" } } },
                { "name": "loop-2", "connector": "loop", "operation": "loop_list",
                  "inputs": { "list": { "$path": "$.steps.http-10.body" } } },
            ]
        }))
        .unwrap();
        let mut progress = Progress::default();
        let looped = |total| StepProgress {
            items_total: Some(total),
            ..StepProgress::default()
        };
        progress.steps.insert("loop-1".to_owned(), looped(250));
        progress.steps.insert("loop-2".to_owned(), looped(3));
        assert_eq!(looped_over(&workflow, &progress, "http-1"), Some(250));
        assert_eq!(looped_over(&workflow, &progress, "http-10"), Some(3));
        assert_eq!(looped_over(&workflow, &progress, "http-2"), None);
    }

    #[test]
    fn only_a_list_that_is_whole_is_counted() {
        for (output, expected) in [
            (json!({ "records": [1, 2, 3], "page": 1 }), Some(3)),
            (json!([1, 2]), Some(2)),
            (json!({ "records": [], "total": 250 }), Some(250)),
            (json!({ "records": [1], "errors": [] }), None),
            (json!(vec![0; 20]), None),
            (json!("text"), None),
        ] {
            assert_eq!(stated(&output), expected, "{output}");
        }
    }
}
