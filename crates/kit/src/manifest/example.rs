//! `[[example]]`: inputs of an operation and what comes of them, for the reference and, word by word, as its test.

use patchbay_model::Json;
use serde::{Deserialize, Deserializer, de::Error};

/// One example. Exactly one of `output` and `error` says how it ends.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows; empty where the values say enough.
    #[serde(default)]
    pub title: String,
    /// As a table, or as a text that holds JSON, which can say `null`.
    #[serde(deserialize_with = "json")]
    pub inputs: Json,
    #[serde(default, deserialize_with = "some_json")]
    pub output: Option<Json>,
    /// JSON pointers into the output at which every run gives another value of the same type.
    #[serde(default)]
    pub varies: Vec<String>,
    #[serde(default)]
    pub error: Option<Failure>,
}

/// The error that an example ends in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    pub code: String,
    /// JSON pointer of the input.
    #[serde(default)]
    pub field: Option<String>,
    /// Part of the message.
    #[serde(default)]
    pub says: Option<String>,
}

fn json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
    match Json::deserialize(deserializer)? {
        Json::String(text) => serde_json::from_str(&text)
            .map_err(|error| D::Error::custom(format!("the text is no JSON: {error}"))),
        other => Ok(other),
    }
}

fn some_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    json(deserializer).map(Some)
}
