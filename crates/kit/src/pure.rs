//! Hooks of connectors that only shape data: their operations need nothing but their inputs.

use crate::{
    hooks::{BoxFuture, Hooks},
    interpret::Call,
};
use patchbay_model::{Json, JsonMap, event::StepError};

pub use crate::interpret::{invalid, kind_name, pointer_to, shown};

/// More than this much data is worked on beside the runtime's own threads, so that other runs go on meanwhile.
const HEAVY: usize = 50_000;

/// Carries out an operation by its name. None: the connector does not know it.
pub type Run = fn(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>>;

/// Hooks around a function of name and inputs.
pub fn hooks(run: Run) -> impl Hooks {
    Pure { run, heavy: HEAVY }
}

/// Hooks around a function that always takes its time.
pub fn slow_hooks(run: Run) -> impl Hooks {
    Pure { run, heavy: 0 }
}

struct Pure {
    run: Run,
    heavy: usize,
}

impl Hooks for Pure {
    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        Box::pin(async move {
            let (operation, values) = call.into_parts();
            let mut inputs = Inputs { values };
            let mut room = self.heavy;
            let light = inputs.values.values().all(|value| fits(value, &mut room));
            if light && room > 0 {
                return (self.run)(&operation, &mut inputs);
            }
            let run = self.run;
            let done = tokio::task::spawn_blocking(move || run(&operation, &mut inputs)).await;
            done.unwrap_or_else(|error| {
                tracing::error!(%error, "an operation broke off");
                Some(Err(StepError {
                    code: "internal".to_owned(),
                    message: "The operation broke off. This is a mistake in Patchbay.".to_owned(),
                    ..StepError::default()
                }))
            })
        })
    }
}

/// Whether a value is small; looks no further than that.
fn fits(value: &Json, room: &mut usize) -> bool {
    let own = match value {
        Json::String(text) => 1 + text.len() / 16,
        _ => 1,
    };
    if own >= *room {
        *room = 0;
        return false;
    }
    *room -= own;
    match value {
        Json::Array(items) => items.iter().all(|item| fits(item, room)),
        Json::Object(map) => map.values().all(|item| fits(item, room)),
        _ => true,
    }
}

/// The checked inputs of one operation, with defaults filled in.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    values: JsonMap,
}

impl From<JsonMap> for Inputs {
    fn from(values: JsonMap) -> Self {
        Self { values }
    }
}

impl Inputs {
    /// An input, if it has a value.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// A text; empty if it has no value.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    /// A yes-or-no; no if it has no value.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Json::as_bool).unwrap_or(false)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Json::as_i64)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(Json::as_f64)
    }

    /// A number that counts something.
    pub fn count(&self, name: &str) -> Option<usize> {
        self.get(name)
            .and_then(Json::as_u64)
            .and_then(|count| usize::try_from(count).ok())
    }

    /// A list, to look at.
    pub fn list(&self, name: &str) -> &[Json] {
        self.get(name)
            .and_then(Json::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// A value, to keep; `null` if there is none.
    pub fn take(&mut self, name: &str) -> Json {
        self.values
            .get_mut(name)
            .map(Json::take)
            .unwrap_or_default()
    }

    /// A list, to keep; empty if there is none.
    pub fn take_list(&mut self, name: &str) -> Vec<Json> {
        match self.take(name) {
            Json::Array(items) => items,
            _ => Vec::new(),
        }
    }

    /// An object, to keep; empty if there is none.
    pub fn take_object(&mut self, name: &str) -> JsonMap {
        match self.take(name) {
            Json::Object(map) => map,
            _ => JsonMap::new(),
        }
    }

    /// A text, to keep; empty if there is none.
    pub fn take_text(&mut self, name: &str) -> String {
        match self.take(name) {
            Json::String(text) => text,
            _ => String::new(),
        }
    }
}

/// The error of an operation that cannot be done although each value is fine by itself.
pub fn failed(code: &str, message: impl Into<String>) -> StepError {
    StepError {
        code: code.to_owned(),
        message: message.into(),
        ..StepError::default()
    }
}

/// Adds to an error what it is about.
pub trait StepErrorExt {
    /// About this input; `pointer` is such as `/row/Direction`.
    fn at(self, pointer: &str) -> Self;
}

impl StepErrorExt for StepError {
    fn at(self, pointer: &str) -> Self {
        Self {
            field: Some(pointer.to_owned()),
            ..self
        }
    }
}
