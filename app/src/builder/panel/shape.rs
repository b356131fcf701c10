//! Schemas that depend on inputs: asked from the server when one of those inputs changes.

use crate::builder::{state::BuilderState, tree};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::connectors::ShapeQuery;
use patchbay_model::{
    Json, JsonMap, document::TRIGGER, id::AuthenticationId, path::Root, schema::Schema,
    scope::JsonScope, spec::StepKind, value::Value,
};
use serde_json::json;
use std::time::Duration;

/// How long after the last change the server is asked.
const PAUSE: Duration = Duration::from_millis(300);

/// Where the question stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ShapeState {
    /// Nothing to ask, or inputs are missing.
    #[default]
    Idle,
    Asking,
    Known,
    Failed(String),
}

/// What the answer depends on.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    connector: String,
    operation: String,
    auth: Option<AuthenticationId>,
    inputs: JsonMap,
}

/// Keeps what the trigger gives up to date, whichever step is open: all steps may use it.
pub fn follow_trigger(state: BuilderState) {
    follow(state, TRIGGER.to_owned());
}

/// Asks whenever the answer may have changed, and keeps it in the builder's state.
pub fn follow(state: BuilderState, step: String) -> RwSignal<ShapeState> {
    let progress = RwSignal::new(ShapeState::Idle);
    let step = StoredValue::new(step);
    let asked = StoredValue::new(0_u64);
    let question = Memo::new(move |_| question(state, &step.get_value()));
    let operation = Memo::new(move |_| {
        state
            .workflow
            .with(|workflow| tree::operation(workflow, &step.get_value()))
    });
    Effect::new(move |before: Option<Option<(String, String)>>| {
        let now = operation.get();
        if before.is_some_and(|before| before != now) {
            forget(state, &step.get_value());
        }
        now
    });
    Effect::new(move |again: Option<bool>| {
        let number = asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        let Some(question) = question.get() else {
            // What was told for other inputs says nothing about these.
            if untrack(|| state.spec_of(&step.get_value())).is_some() {
                forget(state, &step.get_value());
            }
            progress.set(ShapeState::Idle);
            return again.is_some();
        };
        progress.set(ShapeState::Asking);
        let is_latest = move || number.is_some() && asked.try_get_value() == number;
        let ask = move || {
            if !is_latest() {
                return;
            }
            spawn_local(async move {
                let query = ShapeQuery {
                    auth: question.auth,
                    inputs: Json::Object(question.inputs),
                };
                let answer = state
                    .client()
                    .shape(&question.connector, &question.operation, &query)
                    .await;
                // The panel may show another step by now, or the inputs may have changed.
                if !is_latest() {
                    return;
                }
                match answer {
                    Ok(shape) => {
                        state.set_shape(&step.get_value(), shape);
                        progress.set(ShapeState::Known);
                    }
                    Err(error) => {
                        forget(state, &step.get_value());
                        progress.set(ShapeState::Failed(error.to_string()));
                    }
                }
            });
        };
        set_timeout(
            ask,
            if again == Some(true) {
                PAUSE
            } else {
                Duration::ZERO
            },
        );
        true
    });
    progress
}

fn forget(state: BuilderState, step: &str) {
    if state
        .shapes
        .with_untracked(|shapes| shapes.contains_key(step))
    {
        state.shapes.update(|shapes| {
            shapes.remove(step);
        });
    }
}

/// None: this operation's form is always the same, or what shapes it is not filled in.
fn question(state: BuilderState, name: &str) -> Option<Question> {
    let spec = state.spec_of(name)?;
    let shaping = shaping_fields(&spec.inputs, &spec.output);
    if shaping.is_empty() {
        return None;
    }
    let step = state.step(name)?;
    // What a trigger gives depends on what it listens to, and the server knows that by itself.
    let asks_service = spec.kind != StepKind::Trigger;
    if asks_service && spec.needs_authentication && step.auth.is_none() {
        return None;
    }
    let config = state.workflow.with(|workflow| workflow.config.clone());
    let inputs = given(&spec.inputs, &step.inputs, &config);
    shaping
        .iter()
        .all(|field| inputs.contains_key(field))
        .then_some(Question {
            connector: step.connector,
            operation: step.operation,
            auth: step.auth,
            inputs,
        })
}

/// The inputs that stand fast before anything has run: literals, and what comes from the workflow's constants.
/// Those whose own shape is the question are left out.
fn given(schema: &Schema, inputs: &JsonMap, config: &JsonMap) -> JsonMap {
    let constants = JsonScope(json!({ "config": config }));
    let fixed = |value: &Json| -> Option<Json> {
        let parsed = Value::parse(value).ok()?;
        let only_constants = parsed
            .paths()
            .all(|used| matches!(used.path.root(), Some(Root::Config)));
        let value = parsed.resolve(&constants).ok().filter(|_| only_constants)?;
        (!value.is_null() && value != json!("")).then_some(value)
    };
    let shaped = |name: &str| {
        schema
            .properties
            .get(name)
            .is_some_and(|property| !property.hints.shaped_by.is_empty())
    };
    let asked = inputs.iter().filter(|(name, _)| !shaped(name));
    asked
        .filter_map(|(name, value)| Some((name.clone(), fixed(value)?)))
        .collect()
}

fn shaping_fields(inputs: &Schema, output: &Schema) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for field in inputs
        .properties
        .values()
        .chain(output.properties.values())
        .flat_map(|property| &property.hints.shaped_by)
    {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_constants_shape_a_form_and_data_does_not() {
        let schema: Schema = serde_json::from_value(json!({ "type": "object", "properties": {
            "spreadsheet_id": {}, "worksheet": {}, "value_input": {}, "empty": {},
            "row": { "type": "object", "x-patchbay": { "shaped_by": ["spreadsheet_id", "worksheet"] } } } }))
        .unwrap();
        let inputs = json!({
            "spreadsheet_id": "1abc",
            "worksheet": { "$path": "$.config.sheet" },
            "value_input": { "$path": "$.steps.a.b" },
            "empty": "",
            "row": { "Direction": "x" },
        });
        let config = json!({ "sheet": "Calls" });
        let given = given(
            &schema,
            inputs.as_object().unwrap(),
            config.as_object().unwrap(),
        );
        assert_eq!(
            Json::Object(given),
            json!({ "spreadsheet_id": "1abc", "worksheet": "Calls" })
        );
        let none = Schema::default();
        assert_eq!(
            shaping_fields(&schema, &none),
            ["spreadsheet_id", "worksheet"]
        );
        assert_eq!(
            shaping_fields(&none, &schema),
            ["spreadsheet_id", "worksheet"]
        );
    }
}
