//! What people write by hand beside a description: whole files, and `import.toml` with names, words and drop-downs.
//!
//! ```toml
//! service = "RingCentral"
//! keywords = { "Call Log" = ["calls", "missed calls"] }     # by tag
//!
//! [parameter."path:accountId"]        # of every operation that has it; without a place: wherever it goes
//! shape = "account_id"                # or any key of a field: title, help, options, placeholder, advanced, …
//!
//! [operation.createFaxMessage]        # by operationId
//! name = "send_fax"
//! title = "Send fax"
//! summary = "Sends a fax."
//! irreversible = true
//! [operation.createFaxMessage.input.to]     # by the service's own name
//! help = "Who receives it."
//! ```

use crate::{ImportError, MARK};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Table;

/// Everything that was written by hand.
#[derive(Debug, Default)]
pub struct Hand {
    pub words: Words,
    /// Shapes with a file of their own, by name.
    pub(crate) shapes: BTreeMap<String, Table>,
    /// Operations with a file of their own: operation id and name.
    operations: BTreeMap<String, String>,
    /// The names of all hand-written operations.
    pub(crate) taken: Vec<String>,
    /// Inputs of the hand-written operations by operation's name.
    pub(crate) inputs: BTreeMap<String, Vec<String>>,
}

/// `import.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// The service's name, for sentences.
    pub service: String,
    /// Search words of all operations of a tag.
    pub keywords: BTreeMap<String, Vec<String>>,
    /// Other names of servers: their addresses and the connector's `[hosts]`.
    pub hosts: BTreeMap<String, String>,
    /// Names of fields that hold secrets.
    pub secret: Vec<String>,
    pub parameter: BTreeMap<String, Table>,
    pub operation: BTreeMap<String, OperationWords>,
}

/// What is written by hand about a generated operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperationWords {
    pub name: Option<String>,
    pub title: Option<String>,
    pub summary: Option<String>,
    /// Beside those of its tag.
    pub keywords: Vec<String>,
    pub scopes: Option<Vec<String>>,
    pub irreversible: bool,
    pub repeatable: Option<bool>,
    pub hidden: bool,
    /// Which kind of body is sent, where the service takes several.
    pub content_type: Option<String>,
    /// The part of a form body that takes everything that is no file: `json`.
    pub json_part: Option<String>,
    /// Keys of inputs, by the service's own name.
    pub input: BTreeMap<String, Table>,
}

impl Hand {
    /// Sorts out what is written by hand among the files of a folder (path inside it → text).
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, ImportError> {
        let mut hand = Self::default();
        for (path, text) in files {
            if text.starts_with(MARK) {
                continue;
            }
            let wrong = |error: toml::de::Error| ImportError::Hand {
                file: path.clone(),
                problem: error.to_string(),
            };
            if path == "import.toml" {
                hand.words = toml::from_str(text).map_err(wrong)?;
                continue;
            }
            let (Some((folder, file)), Some(_)) =
                (path.split_once('/'), path.strip_suffix(".toml"))
            else {
                continue;
            };
            let name = file.trim_end_matches(".toml").to_owned();
            match folder {
                "shapes" => {
                    hand.shapes
                        .insert(name, toml::from_str(text).map_err(wrong)?);
                }
                "triggers" => hand.taken.push(name),
                "operations" => {
                    let table: Table = toml::from_str(text).map_err(wrong)?;
                    if let Some(id) = table.get("operation_id").and_then(toml::Value::as_str) {
                        hand.operations.insert(id.to_owned(), name.clone());
                    }
                    let inputs = table.get("input").and_then(toml::Value::as_array);
                    let named = inputs
                        .into_iter()
                        .flatten()
                        .filter_map(|input| Some(input.get("name")?.as_str()?.to_owned()));
                    hand.inputs.insert(name.clone(), named.collect());
                    hand.taken.push(name);
                }
                _ => {}
            }
        }
        Ok(hand)
    }

    /// The hand-written operation that stands for one of the service's.
    pub fn stands_for(&self, id: &str) -> Option<&str> {
        self.operations.get(id).map(String::as_str)
    }

    /// What is written about an operation.
    pub(crate) fn operation(&self, id: &str) -> OperationWords {
        self.words.operation.get(id).cloned().unwrap_or_default()
    }

    /// The keys that hand-written rules give to a parameter.
    pub(crate) fn parameter(&self, place: &str, name: &str) -> Option<&Table> {
        let placed = self.words.parameter.get(&format!("{place}:{name}"));
        placed.or_else(|| self.words.parameter.get(name))
    }
}
