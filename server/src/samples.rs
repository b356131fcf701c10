//! What steps gave last, cut down for the connector-snake, and the data of a run as paths see it.

use patchbay_api::workflows::Samples;
use patchbay_model::{
    Json, JsonMap,
    document::{Step, TRIGGER, Workflow},
    id::{RunId, WorkflowId},
    scope::JsonScope,
    spec::Catalog as _,
    value::Value,
};
use patchbay_store::{Scope, runs, workflows};
use serde_json::json;

use crate::{
    error::{Problem, Result},
    state::App,
};

/// Items that are kept of a list.
const ITEMS: usize = 20;
/// Characters that are kept of a text.
const CHARACTERS: usize = 2_000;
/// Levels that are kept.
const LEVELS: usize = 12;

/// The last outputs of a workflow's steps.
///
/// # Errors
/// When the asker may not see the workflow.
pub(crate) async fn of_workflow(app: &App, scope: &Scope, id: &WorkflowId) -> Result<Samples> {
    let found = workflows::get(app.store(), scope, id).await?;
    let names = step_names(&found.document);
    let latest = runs::latest_outputs(app.store(), scope, id, &names).await?;
    let mut steps = JsonMap::new();
    for (name, output) in latest.outputs {
        steps.insert(name, output);
    }
    if let Some(sample) = patchbay_store::triggers::sample(app.store(), scope, id).await? {
        // What was caught is what the trigger is like now; a run may have been given anything.
        steps.insert(TRIGGER.to_owned(), sample.output);
    }
    let pinned = crate::debugging::pinned(app, scope, id).await?;
    let names: Vec<String> = pinned.keys().cloned().collect();
    steps.extend(pinned);
    add_loops(app, &found.document, &found.document.steps, &mut steps);
    for output in steps.values_mut() {
        cut(output, 0);
    }
    Ok(Samples {
        run_id: latest.run.map(|run| run.to_string()),
        steps,
        pinned: names,
    })
}

/// The data of a run as a step of it saw them: outputs by name, inside loops those of one iteration.
///
/// # Errors
/// When the asker may not see the run.
pub(crate) async fn scope_of_run(
    app: &App,
    scope: &Scope,
    run: &str,
    step: Option<&str>,
    iteration: &[u64],
) -> Result<Json> {
    let run = RunId::from(run);
    let found = runs::get(app.store(), scope, &run).await?;
    let document =
        match workflows::revision(app.store(), scope, &found.workflow, found.revision).await {
            Ok(document) => document,
            Err(_) => {
                workflows::get(app.store(), scope, &found.workflow)
                    .await?
                    .document
            }
        };
    if let Some(step) = step
        .filter(|step| *step != TRIGGER && !step_names(&document).iter().any(|name| name == step))
    {
        return Err(Problem::unprocessable(
            "unknown_step",
            format!("The run has no step {step}"),
        ));
    }
    let mut outputs = JsonMap::new();
    for name in step_names(&document) {
        let depth = depth_of(&document.steps, &name, 0).unwrap_or(0);
        let mut wanted: Vec<u64> = iteration.iter().copied().take(depth).collect();
        wanted.resize(depth, 0);
        let filter = runs::StepFilter {
            step: Some(name.clone()),
            iteration: wanted,
            status: None,
        };
        let page = runs::steps(app.store(), scope, &run, &filter, 0, 1).await?;
        if let Some(output) = page.items.into_iter().next().and_then(|row| row.output) {
            outputs.insert(name, output);
        }
    }
    let first = runs::events(app.store(), scope, &run, 0, 1).await?;
    if let Some(patchbay_model::event::EventKind::RunAccepted { input }) =
        first.into_iter().next().map(|event| event.kind)
    {
        outputs.insert(TRIGGER.to_owned(), input);
    }
    let enclosing = step
        .map(|step| enclosing_loops(&document.steps, step))
        .unwrap_or_default();
    for (level, name) in enclosing.iter().enumerate() {
        let index = iteration.get(level).copied().unwrap_or(0);
        if let Some(item) = loop_item(app, &document, name, &outputs, index) {
            outputs.insert(name.clone(), item);
        }
    }
    Ok(json!({ "steps": outputs, "config": document.config, "env": {} }))
}

/// The trigger and every step.
fn step_names(document: &Workflow) -> Vec<String> {
    fn walk(steps: &[Step], names: &mut Vec<String>) {
        for step in steps {
            names.push(step.name.clone());
            for list in lists(step) {
                walk(list, names);
            }
        }
    }
    let mut names = vec![TRIGGER.to_owned()];
    walk(&document.steps, &mut names);
    names
}

fn lists(step: &Step) -> impl Iterator<Item = &Vec<Step>> {
    step.body
        .iter()
        .chain(step.branches.iter().flat_map(|branches| branches.values()))
        .chain(step.on_error_steps.iter())
}

fn find<'a>(steps: &'a [Step], name: &str) -> Option<&'a Step> {
    steps.iter().find_map(|step| {
        if step.name == name {
            Some(step)
        } else {
            lists(step).find_map(|list| find(list, name))
        }
    })
}

/// How many loops a step stands in.
fn depth_of(steps: &[Step], name: &str, depth: usize) -> Option<usize> {
    steps.iter().find_map(|step| {
        if step.name == name {
            return Some(depth);
        }
        let below = usize::from(step.body.is_some());
        lists(step).find_map(|list| {
            let inside = step
                .body
                .as_ref()
                .is_some_and(|body| std::ptr::eq(body, list));
            depth_of(list, name, depth + if inside { below } else { 0 })
        })
    })
}

/// The loops round a step, outermost first.
fn enclosing_loops(steps: &[Step], name: &str) -> Vec<String> {
    fn walk(steps: &[Step], name: &str, open: &mut Vec<String>) -> bool {
        for step in steps {
            if step.name == name {
                return true;
            }
            if let Some(body) = &step.body {
                open.push(step.name.clone());
                if walk(body, name, open) {
                    return true;
                }
                open.pop();
            }
            for list in step
                .branches
                .iter()
                .flat_map(|branches| branches.values())
                .chain(step.on_error_steps.iter())
            {
                if walk(list, name, open) {
                    return true;
                }
            }
        }
        false
    }
    let mut open = Vec::new();
    if walk(steps, name, &mut open) {
        open
    } else {
        Vec::new()
    }
}

/// Gives every loop its first item, worked out from what its list was.
fn add_loops(app: &App, document: &Workflow, steps: &[Step], outputs: &mut JsonMap) {
    for step in steps {
        if step.body.is_some()
            && let Some(item) = loop_item(app, document, &step.name, outputs, 0)
        {
            outputs.insert(step.name.clone(), item);
        }
        for list in lists(step) {
            add_loops(app, document, list, outputs);
        }
    }
}

/// What a loop offers inside its body in one iteration.
fn loop_item(
    app: &App,
    document: &Workflow,
    name: &str,
    outputs: &JsonMap,
    index: u64,
) -> Option<Json> {
    let step = find(&document.steps, name)?;
    let kind = app
        .catalog()
        .operation(&step.connector, &step.operation)?
        .kind;
    let field = match kind {
        patchbay_model::spec::StepKind::LoopList => "list",
        patchbay_model::spec::StepKind::LoopObject => "object",
        _ => return None,
    };
    let scope = JsonScope(json!({ "steps": outputs, "config": document.config, "env": {} }));
    let items = Value::parse(step.inputs.get(field)?)
        .ok()?
        .resolve(&scope)
        .ok()?;
    let at = usize::try_from(index).ok()?;
    let (count, key, value) = match items {
        Json::Array(list) => (list.len(), None, list.into_iter().nth(at)?),
        Json::Object(entries) => {
            let count = entries.len();
            let (key, value) = entries.into_iter().nth(at)?;
            (count, Some(key), value)
        }
        _ => return None,
    };
    let mut item = json!({
        "value": value, "index": index, "is_first": index == 0, "is_last": at + 1 == count, "count": count,
    });
    if let (Some(key), Some(item)) = (key, item.as_object_mut()) {
        item.insert("key".to_owned(), Json::String(key));
    }
    Some(item)
}

/// Cuts long lists, long texts and deep trees.
fn cut(value: &mut Json, level: usize) {
    match value {
        Json::Array(items) => {
            items.truncate(ITEMS);
            items.iter_mut().for_each(|item| cut(item, level + 1));
        }
        Json::Object(_) if level >= LEVELS => *value = json!({}),
        Json::Object(fields) => fields.values_mut().for_each(|field| cut(field, level + 1)),
        Json::String(text) if text.chars().count() > CHARACTERS => {
            *text = text.chars().take(CHARACTERS).collect::<String>() + "…";
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_cut_to_a_size_that_a_browser_likes() {
        let mut value = json!({ "list": vec![1; 500], "text": "x".repeat(5000) });
        cut(&mut value, 0);
        assert_eq!(value["list"].as_array().map(Vec::len), Some(ITEMS));
        assert_eq!(
            value["text"].as_str().map(|text| text.chars().count()),
            Some(CHARACTERS + 1)
        );
    }

    #[test]
    fn the_loops_round_a_step_are_found_outermost_first() {
        let step = |name: &str, body: Option<Vec<Step>>| Step {
            name: name.to_owned(),
            body,
            ..Step::default()
        };
        let tree = [step(
            "loop-1",
            Some(vec![step("loop-2", Some(vec![step("http-1", None)]))]),
        )];
        assert_eq!(enclosing_loops(&tree, "http-1"), ["loop-1", "loop-2"]);
        assert_eq!(depth_of(&tree, "http-1", 0), Some(2));
        assert!(enclosing_loops(&tree, "nobody").is_empty());
    }
}
