//! The entries of a drop-down: written down, or listed by another operation of the same connector.

use patchbay_model::Json;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor, value},
};
use std::fmt;

/// `options = ["Inbound", "Outbound"]`, `options = [{ value = "RAW", title = "As it is" }]` or
/// `options = { operation = "list_extensions", … }`.
#[derive(Debug, Clone, PartialEq)]
pub enum Options {
    /// Known in advance.
    Fixed(Vec<Entry>),
    /// Asked from the service.
    Live(Box<Live>),
}

/// One entry that is known in advance.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What is sent.
    pub value: Json,
    /// What people read; none: the value.
    pub title: Option<String>,
}

/// A drop-down that another operation fills.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    /// The operation of the same connector that lists them.
    pub operation: String,
    /// JSON pointer of the list in that operation's output.
    pub list: String,
    /// JSON pointer of the value in an item; empty: the item itself.
    #[serde(default)]
    pub value: String,
    /// JSON pointer of what people read; empty: the value.
    #[serde(default)]
    pub label: String,
    /// JSON pointer of a second, quieter line.
    #[serde(default)]
    pub hint: Option<String>,
    /// Inputs of this operation that must have a value first; they are given to the listing operation under the
    /// same names.
    #[serde(default)]
    pub depends_on: Vec<String>,
    /// Further inputs of this operation that are given to the listing operation when they have a value.
    #[serde(default)]
    pub passes: Vec<String>,
    /// The input of the listing operation that takes the search text; none: the list is searched here.
    #[serde(default)]
    pub search: Option<String>,
    /// Fixed inputs of the listing operation.
    #[serde(default)]
    pub with: serde_json::Map<String, Json>,
    /// Entries that stand before the listed ones.
    #[serde(default)]
    pub first: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryTable {
    value: Json,
    #[serde(default)]
    title: Option<String>,
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or { value = …, title = \"…\" }")
    }

    fn visit_str<E>(self, value: &str) -> Result<Entry, E> {
        Ok(Entry {
            value: Json::from(value),
            title: None,
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Entry, E> {
        Ok(Entry {
            value: Json::from(value),
            title: None,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
        let EntryTable { value, title } =
            EntryTable::deserialize(value::MapAccessDeserializer::new(map))?;
        Ok(Entry { value, title })
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct OptionsVisitor;

impl<'de> Visitor<'de> for OptionsVisitor {
    type Value = Options;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of options, or { operation = \"…\", list = \"/…\", value = \"/…\", label = \"/…\" }")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Options, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element()? {
            entries.push(entry);
        }
        Ok(Options::Fixed(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Options, A::Error> {
        Live::deserialize(value::MapAccessDeserializer::new(map))
            .map(|live| Options::Live(Box::new(live)))
    }
}

impl<'de> Deserialize<'de> for Options {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OptionsVisitor)
    }
}
