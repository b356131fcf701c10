//! One field: an input, a part of an input or output, or a shape that several of them share.

use super::{options::Options, send::Send};
use indexmap::IndexMap;
use patchbay_model::Json;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value},
};
use std::fmt;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    /// One of the fixed `options`; a field with live options is a `text`.
    Choice,
    /// Has `items`.
    List,
    /// Has `fields`, `others` or both.
    Object,
    /// An instant, RFC 3339.
    DateTime,
    /// A calendar day, `2026-01-31`.
    Date,
    /// `14:30:00`.
    Time,
    /// An address.
    Url,
    Email,
    /// A telephone number.
    Phone,
    /// Bytes: `{content_type, name, base64}`.
    Binary,
    /// Anything.
    Any,
}

impl Kind {
    const NAMES: [(&'static str, Self); 15] = [
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("choice", Self::Choice),
        ("list", Self::List),
        ("object", Self::Object),
        ("date_time", Self::DateTime),
        ("date", Self::Date),
        ("time", Self::Time),
        ("url", Self::Url),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("binary", Self::Binary),
        ("any", Self::Any),
    ];

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    }
}

/// How a list is spelt in a query or a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrayStyle {
    /// `?type=Voice&type=Fax`.
    #[default]
    Repeat,
    /// `?type=Voice,Fax`.
    Comma,
}

/// The properties of an object that only the service knows: the columns of the chosen worksheet.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The operation of the same connector that lists the names.
    pub operation: String,
    /// JSON pointer of the list of names in its output.
    pub list: String,
    /// Inputs that must have a value first; they are given to that operation under the same names.
    pub depends_on: Vec<String>,
    /// Further inputs that are given to it when they have a value.
    #[serde(default)]
    pub passes: Vec<String>,
}

/// One field. A text stands for a field of that kind or shape: `id = "text"`, `legs = "call_leg[]"`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields, default)]
pub struct Field {
    /// Of an input, `snake_case`; the parts of an object are named by their key instead.
    pub name: Option<String>,
    /// A shape of `shapes/` that gives every key that is not given here.
    pub shape: Option<String>,
    pub kind: Option<Kind>,
    pub title: Option<String>,
    /// What it means and what happens without it, in Markdown's inline subset.
    pub help: Option<String>,
    pub required: Option<bool>,
    /// Used, and sent, when nothing is given.
    pub default: Option<Json>,
    pub example: Option<Json>,
    pub placeholder: Option<String>,
    /// What a number counts: `seconds`, `records`.
    pub unit: Option<String>,
    /// Behind "Show advanced".
    pub advanced: Option<bool>,
    pub multiline: Option<bool>,
    /// Never shown or journalled in plain text.
    pub secret: Option<bool>,
    pub deprecated: Option<bool>,
    pub options: Option<Options>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    /// Of an object, in the order of a form.
    pub fields: IndexMap<String, Field>,
    /// Of an object: what further keys hold.
    pub others: Option<Box<Field>>,
    /// Of a list.
    pub items: Option<Box<Field>>,
    /// Alternatives.
    pub one_of: Vec<Field>,
    /// Of an input.
    pub send: Option<Send>,
    /// Of an input that is a list.
    pub array: Option<ArrayStyle>,
    /// Of a part of an object that is sent: the service's own name of it.
    pub sent_as: Option<String>,
    /// Of the items of a list that is sent: each is put into an object under this key, as in `[{"id": …}]`.
    pub wrap: Option<String>,
    /// Of an object whose parts only the service knows.
    pub columns: Option<Columns>,
    /// Of a text input in which people may paste an address: the value is the part of the address's path that comes
    /// after this part, or else the last one.
    pub segment_after: Option<String>,
}

impl Field {
    /// A field of this kind.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// This field, with what it leaves open taken from a shape.
    pub fn over(self, shape: &Field) -> Self {
        let shape = shape.clone();
        Self {
            name: self.name.or(shape.name),
            shape: shape.shape,
            kind: self.kind.or(shape.kind),
            title: self.title.or(shape.title),
            help: self.help.or(shape.help),
            required: self.required.or(shape.required),
            default: self.default.or(shape.default),
            example: self.example.or(shape.example),
            placeholder: self.placeholder.or(shape.placeholder),
            unit: self.unit.or(shape.unit),
            advanced: self.advanced.or(shape.advanced),
            multiline: self.multiline.or(shape.multiline),
            secret: self.secret.or(shape.secret),
            deprecated: self.deprecated.or(shape.deprecated),
            options: self.options.or(shape.options),
            min: self.min.or(shape.min),
            max: self.max.or(shape.max),
            min_length: self.min_length.or(shape.min_length),
            max_length: self.max_length.or(shape.max_length),
            fields: if self.fields.is_empty() {
                shape.fields
            } else {
                self.fields
            },
            others: self.others.or(shape.others),
            items: self.items.or(shape.items),
            one_of: if self.one_of.is_empty() {
                shape.one_of
            } else {
                self.one_of
            },
            send: self.send.or(shape.send),
            array: self.array.or(shape.array),
            sent_as: self.sent_as.or(shape.sent_as),
            wrap: self.wrap.or(shape.wrap),
            columns: self.columns.or(shape.columns),
            segment_after: self.segment_after.or(shape.segment_after),
        }
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a kind or shape, or a table that describes the field")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Field, E> {
        let (name, list) = match text.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let field = match Kind::named(name) {
            Some(kind) => Field::of(kind),
            None => Field {
                shape: Some(name.to_owned()),
                ..Field::default()
            },
        };
        Ok(if list {
            Field {
                items: Some(Box::new(field)),
                ..Field::of(Kind::List)
            }
        } else {
            field
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
        // The derived reading, which `remote = "Self"` makes an inherent function.
        Field::deserialize(value::MapAccessDeserializer::new(map))
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}
