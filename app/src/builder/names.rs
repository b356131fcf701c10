//! New steps: a free name, the inputs they begin with, and new names for what is pasted or duplicated.

use crate::builder::tree;
use patchbay_model::{
    Json, JsonMap,
    document::{Step, Workflow},
    schema::Schema,
    spec::OperationSpec,
};
use std::collections::{HashMap, HashSet};

/// All step names of a workflow.
pub fn taken(workflow: &Workflow) -> HashSet<String> {
    let mut names = HashSet::new();
    tree::visit(&workflow.steps, &mut |step| {
        names.insert(step.name.clone());
    });
    names
}

/// `<connector>-<n>` with the number after the highest in use: a name that was given up is not given to something
/// else while higher ones exist.
pub fn fresh(taken: &HashSet<String>, connector: &str) -> String {
    let numbers = taken.iter().filter_map(|name| {
        name.strip_prefix(connector)?
            .strip_prefix('-')?
            .parse::<u64>()
            .ok()
    });
    let highest = numbers.max().unwrap_or(0);
    format!("{connector}-{}", highest + 1)
}

/// A new step of an operation.
pub fn new_step(name: String, connector: &str, operation: &OperationSpec) -> Step {
    Step {
        name,
        title: operation.title.clone(),
        connector: connector.to_owned(),
        operation: operation.name.clone(),
        inputs: required_defaults(&operation.inputs),
        body: operation.kind.has_body().then(Vec::new),
        ..Step::default()
    }
}

/// The defaults of required fields. Others stay out of the document: the connector knows them.
pub fn required_defaults(schema: &Schema) -> JsonMap {
    let required = schema
        .properties
        .iter()
        .filter(|(name, _)| schema.requires(name));
    required
        .filter_map(|(name, field)| Some((name.clone(), field.default.clone()?)))
        .collect()
}

/// Gives every step of a copy a free name, and lets paths from one to another follow.
pub fn rename_copies(steps: &mut [Step], taken: &mut HashSet<String>) {
    let mut renamed = HashMap::new();
    rename(steps, taken, &mut renamed);
    follow(steps, &renamed);
}

fn rename(steps: &mut [Step], taken: &mut HashSet<String>, renamed: &mut HashMap<String, String>) {
    for step in steps {
        let name = if taken.contains(&step.name) {
            fresh(taken, &step.connector)
        } else {
            step.name.clone()
        };
        taken.insert(name.clone());
        if name != step.name {
            renamed.insert(std::mem::replace(&mut step.name, name.clone()), name);
        }
        for steps in inside(step) {
            rename(steps, taken, renamed);
        }
    }
}

fn follow(steps: &mut [Step], renamed: &HashMap<String, String>) {
    for step in steps {
        for value in step.inputs.values_mut() {
            follow_value(value, renamed);
        }
        for steps in inside(step) {
            follow(steps, renamed);
        }
    }
}

fn follow_value(value: &mut Json, renamed: &HashMap<String, String>) {
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Json::String(text) if key == "$path" || key == "$text" => {
                        *text = follow_text(text, renamed)
                    }
                    _ if key == "$literal" => {}
                    value => follow_value(value, renamed),
                }
            }
        }
        Json::Array(items) => items
            .iter_mut()
            .for_each(|item| follow_value(item, renamed)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Replaces `$.steps.<old>` and `$.errors.<old>` (also in brackets) wherever the name ends there.
fn follow_text(text: &str, renamed: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    'outer: while !rest.is_empty() {
        for opening in [
            "$.steps.",
            "$.errors.",
            "$.steps['",
            "$.errors['",
            "$.steps[\"",
            "$.errors[\"",
        ] {
            let Some(after) = rest.strip_prefix(opening) else {
                continue;
            };
            let end = after
                .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
                .unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            out.push_str(opening);
            out.push_str(renamed.get(name).map_or(name, String::as_str));
            rest = tail;
            continue 'outer;
        }
        let mut characters = rest.chars();
        out.extend(characters.next());
        rest = characters.as_str();
    }
    out
}

fn inside(step: &mut Step) -> impl Iterator<Item = &mut Vec<Step>> {
    let branches = step
        .branches
        .iter_mut()
        .flat_map(|branches| branches.values_mut());
    step.body
        .iter_mut()
        .chain(branches)
        .chain(step.on_error_steps.iter_mut())
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::schema::Type;
    use serde_json::json;

    fn names(of: &[&str]) -> HashSet<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn fresh_names_count_on_from_the_highest() {
        for (taken, connector, expected) in [
            (&[][..], "loop", "loop-1"),
            (&["loop-1", "loop-3"], "loop", "loop-4"),
            (&["google-sheets-9"], "google", "google-1"),
            (&["http-x", "http-2b"], "http", "http-1"),
        ] {
            assert_eq!(fresh(&names(taken), connector), expected, "{taken:?}");
        }
    }

    #[test]
    fn only_required_fields_begin_with_their_default() {
        let field = |default| Schema {
            default: Some(json!(default)),
            ..Schema::of(Type::String)
        };
        let mut schema = Schema::object([
            ("account_id".to_owned(), field("~")),
            ("view".to_owned(), field("Simple")),
            ("spreadsheet_id".to_owned(), Schema::of(Type::String)),
        ]);
        schema.required = vec!["account_id".to_owned(), "spreadsheet_id".to_owned()];
        assert_eq!(
            Json::Object(required_defaults(&schema)),
            json!({ "account_id": "~" })
        );
    }

    #[test]
    fn copies_get_free_names_and_their_paths_follow() {
        let inner = Step {
            name: "google-sheets-1".to_owned(),
            connector: "google-sheets".to_owned(),
            inputs: json!({
                "row": { "Direction": { "$path": "$.steps.loop-1.value.direction" } },
                "note": { "$text": "{$.steps['loop-1'].index} of {$.steps.ringcentral-1.records} not $.steps.loop-10" },
                "raw": { "$literal": { "$path": "$.steps.loop-1" } },
            })
            .as_object()
            .cloned()
            .unwrap(),
            ..Step::default()
        };
        let mut copy = vec![Step {
            name: "loop-1".to_owned(),
            connector: "loop".to_owned(),
            body: Some(vec![inner]),
            ..Step::default()
        }];
        let mut taken = names(&["loop-1", "google-sheets-1", "ringcentral-1"]);
        rename_copies(&mut copy, &mut taken);
        assert_eq!(copy[0].name, "loop-2");
        let inner = &copy[0].body.as_ref().unwrap()[0];
        assert_eq!(inner.name, "google-sheets-2");
        assert_eq!(
            Json::Object(inner.inputs.clone()),
            json!({
                "row": { "Direction": { "$path": "$.steps.loop-2.value.direction" } },
                "note": { "$text": "{$.steps['loop-2'].index} of {$.steps.ringcentral-1.records} not $.steps.loop-10" },
                "raw": { "$literal": { "$path": "$.steps.loop-1" } },
            })
        );
    }
}
