//! Values of inputs: literal JSON in which `$path`, `$text` and `$literal` may stand at any depth.

mod mode;
mod read;
mod resolve;
mod text;

use crate::{Json, JsonMap, path::Path};
use indexmap::IndexMap;
use serde_json::json;

pub use mode::{Mode, mode_of, to_path, to_text, to_value};
pub use resolve::ResolveError;
pub(crate) use text::rename_in_text;
pub use text::{Part, Text, TextError};

/// How deep a value may be nested.
pub const MAX_DEPTH: usize = 128;

/// A value of an input, read once and resolved for each execution.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// JSON that stands for itself.
    Literal(Json),
    /// `{"$literal": …}`: the same for an object whose keys start with `$`.
    Escaped(Json),
    /// `{"$path": "$.…"}`: the value found there, with its type.
    Path {
        /// Where.
        path: Path,
        /// `$default`: what stands in when nothing is there.
        default: Option<Box<Value>>,
    },
    /// `{"$text": "…{$.path}…"}`: always a text.
    Text {
        /// The text with its holes.
        text: Text,
        /// `$default`: what stands in for the whole when nothing is in one of the holes.
        default: Option<Box<Value>>,
    },
    /// A list in which something has to be looked up.
    List(Vec<Value>),
    /// An object in which something has to be looked up.
    Object(IndexMap<String, Value>),
}

/// A value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// Where, as a JSON pointer below the value that was read.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether a path is wrong, rather than the form of the value.
    pub path: Option<String>,
}

impl Value {
    /// Reads a value.
    pub fn parse(json: &Json) -> Result<Self, ValueError> {
        read::value(json, &mut String::new(), 0)
    }

    /// Reads the inputs of a step; pointers of errors start with the field's name.
    ///
    /// The result is always an object, even if all fields are literal.
    pub fn parse_inputs(inputs: &JsonMap) -> Result<Self, ValueError> {
        read::inputs(inputs)
    }

    /// The JSON that it was read from.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Literal(json) => json.clone(),
            Self::Escaped(json) => json!({ "$literal": json }),
            Self::Path { path, default } => {
                with_default("$path", path.as_str(), default.as_deref())
            }
            Self::Text { text, default } => {
                with_default("$text", text.as_str(), default.as_deref())
            }
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Object(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }

    /// Whether nothing has to be looked up.
    pub fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_) | Self::Escaped(_))
    }

    /// Every path in it with the JSON pointer of the value that holds it, in order; paths of defaults included.
    pub fn paths(&self) -> impl Iterator<Item = PathUse<'_>> {
        let mut found = Vec::new();
        self.collect_paths(&mut String::new(), false, &mut found);
        found.into_iter()
    }

    fn collect_paths<'a>(
        &'a self,
        pointer: &mut String,
        defaulted: bool,
        found: &mut Vec<PathUse<'a>>,
    ) {
        let mut push = |path, pointer: &str, whole, has_default: bool| {
            found.push(PathUse {
                pointer: pointer.to_owned(),
                path,
                whole,
                defaulted: defaulted || has_default,
            });
        };
        match self {
            Self::Literal(_) | Self::Escaped(_) => {}
            Self::Path { path, default } => {
                push(path, pointer, true, default.is_some());
                if let Some(default) = default {
                    default.collect_paths(pointer, defaulted, found);
                }
            }
            Self::Text { text, default } => {
                for path in text.paths() {
                    push(path, pointer, false, default.is_some());
                }
                if let Some(default) = default {
                    default.collect_paths(pointer, defaulted, found);
                }
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    below(pointer, &index.to_string(), |pointer| {
                        item.collect_paths(pointer, defaulted, found)
                    });
                }
            }
            Self::Object(entries) => {
                for (key, value) in entries {
                    below(pointer, key, |pointer| {
                        value.collect_paths(pointer, defaulted, found)
                    });
                }
            }
        }
    }
}

/// A path where it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct PathUse<'a> {
    /// The JSON pointer of the value that holds it.
    pub pointer: String,
    /// The path.
    pub path: &'a Path,
    /// Whether its value becomes the field's value as it is; false inside a text.
    pub whole: bool,
    /// Whether something stands in when nothing is there.
    pub defaulted: bool,
}

/// Does something with the pointer one step deeper, and takes the step back.
fn below<T>(pointer: &mut String, key: &str, work: impl FnOnce(&mut String) -> T) -> T {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&crate::words::pointer_token(key));
    let result = work(pointer);
    pointer.truncate(length);
    result
}

fn with_default(key: &str, text: &str, default: Option<&Value>) -> Json {
    let mut map = JsonMap::new();
    map.insert(key.to_owned(), Json::from(text));
    if let Some(default) = default {
        map.insert("$default".to_owned(), default.to_json());
    }
    Json::Object(map)
}

#[cfg(test)]
mod tests;
