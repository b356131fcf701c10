//! Schemas that depend on inputs: asked from the server when one of those inputs changes.

use crate::builder::state::BuilderState;
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::connectors::ShapeQuery;
use patchbay_model::{Json, JsonMap, id::AuthenticationId, schema::Schema};

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

/// Asks whenever the answer may have changed, and keeps it in the builder's state.
pub fn follow(state: BuilderState, step: String) -> RwSignal<ShapeState> {
    let progress = RwSignal::new(ShapeState::Idle);
    let step = StoredValue::new(step);
    let question = Memo::new(move |_| question(state, &step.get_value()));
    Effect::new(move |_| {
        let Some(question) = question.get() else {
            progress.set(ShapeState::Idle);
            return;
        };
        progress.set(ShapeState::Asking);
        spawn_local(async move {
            let query = ShapeQuery { auth: question.auth.clone(), inputs: Json::Object(question.inputs.clone()) };
            let answer = state.client().shape(&question.connector, &question.operation, &query).await;
            // The panel may show another step by now, or the inputs may have changed.
            if progress.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(shape) => {
                    state.set_shape(&step.get_value(), shape);
                    progress.set(ShapeState::Known);
                }
                Err(error) => progress.set(ShapeState::Failed(error.to_string())),
            }
        });
    });
    progress
}

/// None: this operation's form is always the same, or what shapes it is not filled in.
fn question(state: BuilderState, name: &str) -> Option<Question> {
    let spec = state.spec_of(name)?;
    let shaping = shaping_fields(&spec.inputs);
    if shaping.is_empty() {
        return None;
    }
    let step = state.step(name)?;
    if spec.needs_authentication && step.auth.is_none() {
        return None;
    }
    let mut inputs = JsonMap::new();
    for field in shaping {
        let value = step.inputs.get(&field).filter(|value| is_literal(value))?;
        inputs.insert(field, value.clone());
    }
    Some(Question { connector: step.connector, operation: step.operation, auth: step.auth, inputs })
}

fn shaping_fields(schema: &Schema) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for field in schema.properties.values().flat_map(|property| &property.hints.shaped_by) {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    fields
}

fn is_literal(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Object(object) => !object.keys().any(|key| key.starts_with('$')),
        _ => true,
    }
}
