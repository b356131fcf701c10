//! What a schema is called in front of people.

use super::{Schema, Type};

impl Schema {
    /// One or two words for people: `text`, `number`, `yes/no`, `list`, `object`, `date and time`, …
    pub fn type_name(&self) -> &'static str {
        match (self.kind, self.format.as_deref()) {
            (Some(Type::String), _) if !self.values.is_empty() => "choice",
            (Some(Type::String), Some("date-time")) => "date and time",
            (Some(Type::String), Some("date")) => "date",
            (Some(Type::String), Some("time")) => "time",
            (Some(Type::String | Type::Object), Some("binary")) => "file",
            (Some(Type::String), _) => "text",
            (Some(Type::Integer | Type::Number), _) => "number",
            (Some(Type::Boolean), _) => "yes/no",
            (Some(Type::Array), _) => "list",
            (Some(Type::Object), _) => "object",
            (Some(Type::Null), _) => "nothing",
            (None, _) if !self.properties.is_empty() => "object",
            (None, _) if self.items.is_some() => "list",
            (None, _) => "anything",
        }
    }

    /// The same with its article, for sentences: `a text`, `a list`.
    pub(crate) fn a_type(&self) -> String {
        match self.type_name() {
            "yes/no" => "yes or no".to_owned(),
            word @ ("nothing" | "anything") => word.to_owned(),
            "object" => "an object".to_owned(),
            word => format!("a {word}"),
        }
    }

    /// Whether it says nothing about the value.
    pub fn takes_anything(&self) -> bool {
        self.kind.is_none()
            && self.one_of.is_empty()
            && self.values.is_empty()
            && self.properties.is_empty()
            && self.items.is_none()
    }

    /// The type that it has, guessed from its keywords where `type` is not given.
    pub(crate) fn effective_kind(&self) -> Option<Type> {
        match self.kind {
            Some(kind) => Some(kind),
            None if !self.properties.is_empty() => Some(Type::Object),
            None if self.items.is_some() => Some(Type::Array),
            None => None,
        }
    }
}
