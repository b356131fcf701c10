//! Replays recorded exchanges: an operation's inputs, the requests that must come of them, the service's answers, and
//! the output or error that must come of those. The examples of operations that need no service are in [`examples`].
//!
//! `exchanges/<operation>.json` holds a list of
//!
//! ```json
//! { "title": "follows the next page", "inputs": { "per_page": 2 }, "authenticated": true,
//!   "talk": [ { "method": "GET", "url": "https://…?perPage=2", "headers": {}, "body": {},
//!               "answer": { "status": 200, "headers": {}, "body": {} } } ],
//!   "output": { "records": [] } }
//! ```
//!
//! with `"error": { "code": "…", "field": "/…", "says": "part of the message" }` instead of `output` for a failure.
//! An address is compared as it is spelt, query included; headers that are not named are not compared, except that the
//! made-up token must be there exactly when `authenticated` is true. `body` may be left out when there is none.

pub mod conforms;
pub mod examples;
mod replay;

pub use replay::{Replay, Turn};

use crate::{Catalog, Credential, Invocation, Kit, Target, secret::Secret};
use patchbay_model::Json;
use serde::Deserialize;
use std::{fs, path::Path, sync::Arc};

/// The token that replayed operations authenticate with.
pub const MADE_UP_TOKEN: &str = "made-up-token";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    title: String,
    #[serde(default)]
    inputs: Json,
    #[serde(default = "yes")]
    authenticated: bool,
    #[serde(default)]
    base_url: Option<String>,
    #[serde(default)]
    talk: Vec<Turn>,
    #[serde(default, deserialize_with = "given")]
    output: Option<Json>,
    #[serde(default)]
    error: Option<Failure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    code: String,
    #[serde(default)]
    field: Option<String>,
    #[serde(default)]
    says: Option<String>,
}

/// `null` that is written down is an output, too.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

fn yes() -> bool {
    true
}

/// Replays the exchanges of every connector below `folder`. Gives how many there were, or all that is wrong: an
/// operation without exchanges, a request or output that differs, an output that its schema does not describe.
pub async fn replay_all(catalog: &Arc<Catalog>, folder: &Path) -> Result<usize, Vec<String>> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for connector in catalog.specs() {
        for operation in &connector.operations {
            let Some(operation) = catalog.find(&connector.name, &operation.name) else {
                wrong.push(format!(
                    "{}/{}: cannot be read",
                    connector.name, operation.name
                ));
                continue;
            };
            // What needs no service shows itself by examples.
            if operation.kind != patchbay_model::spec::StepKind::Call
                || !operation.examples.is_empty()
            {
                continue;
            }
            let file = folder
                .join(&connector.name)
                .join("exchanges")
                .join(format!("{}.json", operation.name));
            let shown = format!("{}/exchanges/{}.json", connector.name, operation.name);
            let Ok(text) = fs::read_to_string(&file) else {
                // The facts of a described service are compared with its operations by a test of their own.
                if operation.operation_id.is_some() && described(folder, &connector.name) {
                    continue;
                }
                wrong.push(format!("{shown}: there is no exchange for this operation"));
                continue;
            };
            match replay_file(catalog, &connector.name, &operation.name, &text).await {
                Ok(replayed) => count += replayed,
                Err(found) => wrong.extend(
                    found
                        .into_iter()
                        .map(|problem| format!("{shown}: {problem}")),
                ),
            }
        }
    }
    if wrong.is_empty() {
        Ok(count)
    } else {
        Err(wrong)
    }
}

/// Whether a folder has the description of its service from which its operations were made.
fn described(folder: &Path, connector: &str) -> bool {
    folder.join(connector).join("openapi.json").is_file()
}

/// Replays the exchanges of one file.
pub async fn replay_file(
    catalog: &Arc<Catalog>,
    connector: &str,
    operation: &str,
    text: &str,
) -> Result<usize, Vec<String>> {
    let exchanges: Vec<Exchange> =
        serde_json::from_str(text).map_err(|error| vec![error.to_string()])?;
    if exchanges.is_empty() {
        return Err(vec!["the list is empty".to_owned()]);
    }
    let mut wrong = Vec::new();
    for exchange in &exchanges {
        for problem in replay_one(catalog, connector, operation, exchange).await {
            wrong.push(format!("\"{}\": {problem}", exchange.title));
        }
    }
    if wrong.is_empty() {
        Ok(exchanges.len())
    } else {
        Err(wrong)
    }
}

async fn replay_one(
    catalog: &Arc<Catalog>,
    connector: &str,
    operation: &str,
    exchange: &Exchange,
) -> Vec<String> {
    let replay = Arc::new(Replay::new(exchange.talk.clone(), exchange.authenticated));
    let kit = Kit::new(catalog.clone(), replay.clone());
    let credential = || Credential::bearer("auth_made_up", Secret::new(MADE_UP_TOKEN));
    let result = kit
        .invoke(Invocation {
            connector: connector.to_owned(),
            operation: operation.to_owned(),
            inputs: exchange.inputs.clone(),
            credential: exchange.authenticated.then(credential),
            target: Target {
                base_url: exchange.base_url.clone(),
            },
            idempotency_key: None,
        })
        .await;
    let mut wrong = replay.finish();
    match (result, &exchange.output, &exchange.error) {
        (Ok(output), Some(wanted), None) => {
            if output != *wanted {
                wrong.push(format!(
                    "the output is\n{output:#}\nand should be\n{wanted:#}"
                ));
            }
            if let Some(spec) = catalog.find(connector, operation) {
                wrong.extend(conforms::mismatches(&spec.output, &output));
            }
        }
        (Err(error), None, Some(wanted)) => {
            if error.code != wanted.code {
                wrong.push(format!(
                    "the error's code is `{}` and should be `{}`: {}",
                    error.code, wanted.code, error.message
                ));
            }
            if error.field != wanted.field {
                wrong.push(format!(
                    "the error's field is {:?} and should be {:?}",
                    error.field, wanted.field
                ));
            }
            if wanted
                .says
                .as_ref()
                .is_some_and(|part| !error.message.contains(part))
            {
                wrong.push(format!("the error says \"{}\"", error.message));
            }
        }
        (Ok(output), None, Some(_)) => wrong.push(format!("it should fail and gives\n{output:#}")),
        (Err(error), Some(_), None) => wrong.push(format!("it fails: {error:?}")),
        (_, Some(_), Some(_)) | (_, None, None) => {
            wrong.push("write either `output` or `error`".to_owned())
        }
    }
    wrong
}
