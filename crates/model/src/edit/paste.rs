//! Puts copied steps into a workflow: names that are taken become fresh ones, and paths among the pasted
//! steps follow.

use super::Edit;
use crate::{
    Json, JsonMap,
    document::{Place, Step, Workflow, fresh_name, sound_name, stem},
    path::Path,
    value::rename_in_text,
};
use std::collections::{HashMap, HashSet};

/// The change that puts these steps at a place, one after the other.
pub fn paste(steps: &[Step], at: &Place, workflow: &Workflow) -> Edit {
    let mut taken: HashSet<String> = workflow.names().into_iter().map(str::to_owned).collect();
    let mut renamed = HashMap::new();
    let mut steps = steps.to_vec();
    for step in &mut steps {
        give_names(step, &mut taken, &mut renamed);
    }
    let edits = steps.into_iter().enumerate().map(|(offset, mut step)| {
        rewrite(&mut step, &renamed);
        Edit::AddStep {
            at: Place {
                index: at.index + offset,
                ..at.clone()
            },
            step: Box::new(step),
        }
    });
    Edit::Batch {
        edits: edits.collect(),
    }
}

fn give_names(step: &mut Step, taken: &mut HashSet<String>, renamed: &mut HashMap<String, String>) {
    if taken.contains(&step.name) || !sound_name(&step.name) {
        let borrowed: HashSet<&str> = taken.iter().map(String::as_str).collect();
        let name = fresh_name(&borrowed, stem(&step.name));
        // Of two pasted steps with the same name, paths go on meaning the first.
        renamed
            .entry(step.name.clone())
            .or_insert_with(|| name.clone());
        step.name = name;
    }
    taken.insert(step.name.clone());
    each_inside(step, &mut |inner| give_names(inner, taken, renamed));
}

fn rewrite(step: &mut Step, renamed: &HashMap<String, String>) {
    rename_in_map(&mut step.inputs, renamed);
    each_inside(step, &mut |inner| rewrite(inner, renamed));
}

fn each_inside(step: &mut Step, work: &mut dyn FnMut(&mut Step)) {
    let body = step.body.iter_mut().flatten();
    let branches = step
        .branches
        .iter_mut()
        .flat_map(|branches| branches.values_mut())
        .flatten();
    let on_error = step.on_error_steps.iter_mut().flatten();
    body.chain(branches).chain(on_error).for_each(work);
}

fn rename_in_map(map: &mut JsonMap, renamed: &HashMap<String, String>) {
    for (_, value) in map.iter_mut() {
        rename_in_value(value, renamed);
    }
}

fn rename_in_value(value: &mut Json, renamed: &HashMap<String, String>) {
    match value {
        Json::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_in_value(item, renamed)),
        Json::Object(map) if map.contains_key("$literal") => {}
        Json::Object(map) => {
            let follow = |path: &Path| {
                renamed
                    .iter()
                    .find_map(|(from, to)| path.with_step(from, to))
            };
            if let Some(Json::String(text)) = map.get_mut("$path")
                && let Some(path) = Path::parse(text).ok().as_ref().and_then(follow)
            {
                *text = path.to_string();
            }
            if let Some(Json::String(text)) = map.get_mut("$text")
                && let Some(other) = rename_in_text(text, follow)
            {
                *text = other;
            }
            let inner = map
                .iter_mut()
                .filter(|(key, _)| !matches!(key.as_str(), "$path" | "$text"));
            inner.for_each(|(_, value)| rename_in_value(value, renamed));
        }
        _ => {}
    }
}
