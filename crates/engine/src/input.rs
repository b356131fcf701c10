//! One input of a step: the model's value, its errors in the words of a step, and which outputs it reads.

use patchbay_model::{
    Json,
    event::StepError,
    path::{Path, Root},
    scope::Scope,
    value::{ResolveError, Value, ValueError},
};
use std::collections::BTreeSet;

/// A compiled input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input(Value);

/// An input that cannot be read.
#[derive(Debug)]
pub(crate) struct BadInput {
    pointer: String,
    pub(crate) message: String,
}

/// An input that has no value in this run.
#[derive(Debug)]
pub(crate) struct NoValue(ResolveError);

/// The steps whose outputs are read somewhere.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    names: BTreeSet<String>,
    /// Something looks at all of them.
    everything: bool,
}

impl Input {
    pub(crate) fn parse(json: &Json) -> Result<Self, BadInput> {
        Value::parse(json).map(Self).map_err(
            |ValueError {
                 pointer, message, ..
             }| BadInput { pointer, message },
        )
    }

    pub(crate) fn resolve(&self, scope: &dyn Scope) -> Result<Json, NoValue> {
        self.0.resolve(scope).map_err(NoValue)
    }

    /// The path, if the whole input is one.
    pub(crate) fn as_path(&self) -> Option<&Path> {
        match &self.0 {
            Value::Path { path, .. } => Some(path),
            _ => None,
        }
    }
}

impl BadInput {
    /// JSON pointer below `inputs`, given the field's name.
    pub(crate) fn below(&self, field: &str) -> String {
        format!("{}{}", pointer_to(field), self.pointer)
    }
}

impl NoValue {
    /// The error of the step whose field this is.
    pub(crate) fn in_field(self, field: &str) -> StepError {
        let pointer = format!("{}{}", pointer_to(field), self.0.pointer);
        StepError {
            field: Some(pointer),
            ..self.0.into()
        }
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }
}

impl Reads {
    pub(crate) fn add(&mut self, input: &Input) {
        for used in input.0.paths() {
            match used.path.root() {
                Some(Root::Step(name)) if !looks_elsewhere(used.path) => {
                    self.names.insert(name.to_owned());
                }
                Some(Root::Config | Root::Env | Root::Error(_)) if !looks_elsewhere(used.path) => {}
                _ => self.everything = true,
            }
        }
    }

    pub(crate) fn any(&self, name: &str) -> bool {
        self.everything || self.names.contains(name)
    }
}

/// A filter may compare with values anywhere in the run: then `$` stands in it a second time.
fn looks_elsewhere(path: &Path) -> bool {
    !path.is_singular() && path.as_str().matches('$').nth(1).is_some()
}

fn pointer_to(field: &str) -> String {
    format!("/{}", field.replace('~', "~0").replace('/', "~1"))
}
