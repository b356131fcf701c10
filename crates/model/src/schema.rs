//! The shape of inputs and outputs: the part of JSON Schema (2020-12) that Patchbay uses, plus hints for the screen.

mod describe;
mod infer;
mod lookup;
mod validate;

use crate::Json;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use lookup::Lookup;
pub use validate::Violation;

/// One JSON type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// What a value may look like. The empty schema takes everything.
///
/// Serialises as JSON Schema; keywords that Patchbay has no use for are dropped on reading.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// None: any type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Type>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Help text, in Markdown's inline subset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `date-time`, `date`, `uri`, `email`, `phone`, `binary`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Json>,
    /// In the order in which a form shows them.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub properties: IndexMap<String, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<String>,
    /// What further keys of an object hold.
    #[serde(
        rename = "additionalProperties",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional: Option<Additional>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Box<Schema>>,
    /// Alternatives.
    #[serde(rename = "oneOf", skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    #[serde(rename = "minLength", skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deprecated: bool,
    /// What the screen needs to know beyond JSON Schema.
    #[serde(rename = "x-patchbay", skip_serializing_if = "Hints::is_empty")]
    pub hints: Hints,
}

/// `additionalProperties`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Additional {
    /// Allowed with any value, or refused.
    Any(bool),
    /// Allowed when the value fits.
    Schema(Box<Schema>),
}

/// Hints for the properties panel.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// Behind "Show advanced".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub advanced: bool,
    /// Never shown or journalled in plain text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// A larger editor.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub multiline: bool,
    /// Titles of the `enum` values, by position.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// What a number counts: `seconds`, `records`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// A drop-down filled by the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<OptionsSource>,
    /// The properties of this field depend on these other fields and are asked from the server
    /// (the columns of a chosen worksheet).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shaped_by: Vec<String>,
    /// What the authentication must have been granted for each of the `enum` values, by position.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Vec<String>>,
    /// The field means something only beside certain values of another field of the same object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_for: Option<ShownFor>,
}

/// Beside which values of another field a field means something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownFor {
    /// The other field of the same object.
    pub field: String,
    pub values: Vec<Json>,
}

impl Hints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a drop-down's entries come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptionsSource {
    /// The operation of the same connector that lists them.
    pub operation: String,
    /// Fields that must have a value first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Whether the service can search.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub searchable: bool,
}

impl Schema {
    /// A schema of one type.
    pub fn of(kind: Type) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// An object with these properties, none of them required.
    pub fn object(properties: impl IntoIterator<Item = (String, Schema)>) -> Self {
        Self {
            properties: properties.into_iter().collect(),
            ..Self::of(Type::Object)
        }
    }

    /// A list of such items.
    pub fn list(items: Schema) -> Self {
        Self {
            items: Some(Box::new(items)),
            ..Self::of(Type::Array)
        }
    }

    /// The same schema with a title.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Whether `property` must be given.
    pub fn requires(&self, property: &str) -> bool {
        self.required.iter().any(|name| name == property)
    }
}

#[cfg(test)]
mod tests;
