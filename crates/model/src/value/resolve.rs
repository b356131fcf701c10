//! Puts the data of a run into a value.

use super::{Part, Text, Value, below};
use crate::{
    Json,
    event::StepError,
    path::{FindError, Found, Path},
    scope::Scope,
    words::plain,
};
use std::borrow::Cow;

/// A value that could not be worked out; an ordinary error of the step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ResolveError {
    /// The JSON pointer of the value, below the one that was resolved.
    pub pointer: String,
    /// The path that gave nothing, as typed.
    pub path: String,
    /// What is wrong and what probably was meant.
    pub message: String,
    /// What probably was meant.
    pub suggestion: Option<String>,
    /// Whether the value is missing; otherwise the path could not be evaluated at all.
    pub missing: bool,
    /// Whether the server could answer: this build has no JSONPath engine.
    pub needs_server: bool,
}

impl From<ResolveError> for StepError {
    fn from(error: ResolveError) -> Self {
        Self {
            code: if error.missing {
                "missing_value"
            } else {
                "bad_path"
            }
            .to_owned(),
            message: error.message,
            field: Some(error.pointer),
            path: Some(error.path),
            ..Self::default()
        }
    }
}

impl Value {
    /// The value with everything looked up.
    ///
    /// In a text, texts stand as they are, numbers and yes/no as JSON writes them, lists and objects as compact
    /// JSON, and `null` as nothing at all.
    pub fn resolve(&self, scope: &dyn Scope) -> Result<Json, ResolveError> {
        self.resolve_at(scope, &mut String::new())
    }

    fn resolve_at(&self, scope: &dyn Scope, pointer: &mut String) -> Result<Json, ResolveError> {
        match self {
            Self::Literal(json) | Self::Escaped(json) => Ok(json.clone()),
            Self::Path { path, default } => match (look(path, scope, pointer)?, default) {
                (Ok(value), _) => Ok(value.into_owned()),
                (Err(_), Some(default)) => default.resolve_at(scope, pointer),
                (Err(missing), None) => Err(missing.explain(pointer)),
            },
            Self::Text { text, default } => match (fill(text, scope, pointer)?, default) {
                (Ok(text), _) => Ok(Json::String(text)),
                (Err(_), Some(default)) => default.resolve_at(scope, pointer),
                (Err(missing), None) => Err(missing.explain(pointer)),
            },
            Self::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    below(pointer, &index.to_string(), |pointer| {
                        item.resolve_at(scope, pointer)
                    })
                })
                .collect::<Result<Vec<_>, _>>()
                .map(Json::Array),
            Self::Object(entries) => entries
                .iter()
                .map(|(key, value)| {
                    let value = below(pointer, key, |pointer| value.resolve_at(scope, pointer))?;
                    Ok((key.clone(), value))
                })
                .collect::<Result<_, _>>()
                .map(Json::Object),
        }
    }
}

/// A miss with what is needed to explain it, should nobody have a default.
struct Unexplained<'a> {
    miss: crate::path::Miss<'a>,
    path: &'a Path,
    scope: &'a dyn Scope,
}

impl Unexplained<'_> {
    fn explain(&self, pointer: &str) -> ResolveError {
        let missing = self.miss.explain(self.path, self.scope);
        ResolveError {
            pointer: pointer.to_owned(),
            path: self.path.to_string(),
            message: missing.message,
            suggestion: missing.suggestion,
            missing: true,
            needs_server: false,
        }
    }
}

/// Looks a path up: an error when that is not possible at all, and inside either the value or the miss.
fn look<'a>(
    path: &'a Path,
    scope: &'a dyn Scope,
    pointer: &str,
) -> Result<Result<Cow<'a, Json>, Unexplained<'a>>, ResolveError> {
    match path.find(scope) {
        Ok(Found::Value(value)) => Ok(Ok(value)),
        Ok(Found::Missing(miss)) => Ok(Err(Unexplained { miss, path, scope })),
        Err(error) => Err(ResolveError {
            pointer: pointer.to_owned(),
            path: path.to_string(),
            message: error.to_string(),
            suggestion: None,
            missing: false,
            needs_server: matches!(error, FindError::NeedsServer(_)),
        }),
    }
}

fn fill<'a>(
    text: &'a Text,
    scope: &'a dyn Scope,
    pointer: &str,
) -> Result<Result<String, Unexplained<'a>>, ResolveError> {
    let mut filled = String::new();
    for part in text.parts() {
        match part {
            Part::Plain(letters) => filled.push_str(letters),
            Part::Hole(path) => match look(path, scope, pointer)? {
                Ok(value) => filled.push_str(&plain(&value)),
                Err(missing) => return Ok(Err(missing)),
            },
        }
    }
    Ok(Ok(filled))
}
