//! Reads a document and says every mistake in it at once: where, what was expected, what stands there.
//!
//! Agrees with what serde would read, but never stops at the first mistake and never runs out of stack.

use super::{Backoff, Format, OnError, OnInterrupt, Retry, Step, Trigger, Workflow};
use crate::{
    Json, JsonMap,
    suggest::{closest, hint},
    words::{a_kind, cut, plain, pointer_token},
};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use std::fmt;

/// How deep steps may stand inside one another.
pub const MAX_NESTING: usize = 64;
/// How deep the JSON of a document may be nested.
pub const MAX_DEPTH: usize = 256;
/// After so many mistakes the reader stops listing them.
const MAX_ERRORS: usize = 100;

/// One mistake in a document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentError {
    /// Where, as a JSON pointer; empty for the document as a whole.
    pub pointer: String,
    /// What should stand there.
    pub expected: String,
    /// What does.
    pub found: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the document"
        } else {
            &self.pointer
        };
        write!(
            f,
            "{place}: expected {}, found {}",
            self.expected, self.found
        )
    }
}

impl std::error::Error for DocumentError {}

/// Reads a document from its JSON text.
pub fn from_str(text: &str) -> Result<Workflow, Vec<DocumentError>> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        vec![DocumentError {
            pointer: String::new(),
            expected: "JSON".to_owned(),
            found: error.to_string(),
        }]
    })?;
    parse(&json)
}

/// Reads a document.
pub fn parse(json: &Json) -> Result<Workflow, Vec<DocumentError>> {
    let mut reader = Reader { errors: Vec::new() };
    if deeper_than(json, MAX_DEPTH) {
        let _: Option<()> = reader.error(
            "",
            format!("JSON nested at most {MAX_DEPTH} deep"),
            "something deeper".to_owned(),
        );
        return Err(reader.errors);
    }
    let workflow = reader.workflow(json);
    match workflow {
        Some(workflow) if reader.errors.is_empty() => Ok(workflow),
        _ => Err(reader.errors),
    }
}

fn deeper_than(json: &Json, limit: usize) -> bool {
    let mut waiting = vec![(json, 0)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > limit {
            return true;
        }
        match value {
            Json::Array(items) => waiting.extend(items.iter().map(|item| (item, depth + 1))),
            Json::Object(map) => waiting.extend(map.values().map(|item| (item, depth + 1))),
            _ => {}
        }
    }
    false
}

struct Reader {
    errors: Vec<DocumentError>,
}

/// An object that is being read.
#[derive(Clone, Copy)]
struct Object<'a> {
    map: &'a JsonMap,
    pointer: &'a str,
}

impl<'a> Object<'a> {
    fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, pointer_token(key))
    }

    /// The value of a key; an explicit `null` counts as no value.
    fn optional(&self, key: &str) -> Option<&'a Json> {
        self.map.get(key).filter(|value| !value.is_null())
    }
}

const WORKFLOW_KEYS: [&str; 8] = [
    "format",
    "name",
    "description",
    "config",
    "timeout",
    "trigger",
    "steps",
    "view",
];
const TRIGGER_KEYS: [&str; 5] = ["title", "connector", "operation", "auth", "inputs"];
const STEP_KEYS: [&str; 14] = [
    "name",
    "title",
    "connector",
    "operation",
    "auth",
    "inputs",
    "body",
    "branches",
    "on_error",
    "on_error_steps",
    "retry",
    "timeout",
    "on_interrupt",
    "notes",
];
const RETRY_KEYS: [&str; 4] = ["attempts", "backoff", "first_delay", "max_delay"];

impl Reader {
    fn workflow(&mut self, json: &Json) -> Option<Workflow> {
        let object = self.object(json, "", &WORKFLOW_KEYS)?;
        let format = self.format(object);
        let name = self.text(object, "name", false);
        let description = self.text(object, "description", false);
        let config = self.map(object, "config");
        let timeout = self.number(object, "timeout");
        let trigger = match object.map.get("trigger") {
            Some(trigger) => self.trigger(trigger, &object.at("trigger")),
            None => self.error(&object.at("trigger"), "the trigger", "nothing".to_owned()),
        };
        let steps = match object.map.get("steps") {
            Some(steps) => self.steps(steps, &object.at("steps"), 0),
            None => Some(Vec::new()),
        };
        let view = self.map(object, "view");
        Some(Workflow {
            format: format?,
            name: name?,
            description: description?,
            config: config?,
            timeout: timeout?,
            trigger: trigger?,
            steps: steps?,
            view: view?,
        })
    }

    fn format(&mut self, object: Object<'_>) -> Option<Format> {
        let pointer = object.at("format");
        let expected = "`patchbay.workflow/1`";
        match object.map.get("format") {
            Some(Json::String(text)) if text == "patchbay.workflow/1" => Some(Format::V1),
            Some(Json::String(text)) if text.starts_with("patchbay.workflow/") => {
                let found = format!(
                    "`{}`, which this version of Patchbay does not know",
                    cut(text, 40)
                );
                self.error(&pointer, expected, found)
            }
            Some(other) => self.error(&pointer, expected, described(other)),
            None => self.error(&pointer, expected, "nothing".to_owned()),
        }
    }

    fn trigger(&mut self, json: &Json, pointer: &str) -> Option<Trigger> {
        let object = self.object(json, pointer, &TRIGGER_KEYS)?;
        let title = self.text(object, "title", false);
        let connector = self.text(object, "connector", true);
        let operation = self.text(object, "operation", true);
        let auth = self.auth(object);
        let inputs = self.map(object, "inputs");
        Some(Trigger {
            title: title?,
            connector: connector?,
            operation: operation?,
            auth: auth?,
            inputs: inputs?,
        })
    }

    fn steps(&mut self, json: &Json, pointer: &str, nesting: usize) -> Option<Vec<Step>> {
        let Json::Array(items) = json else {
            return self.error(pointer, "a list of steps", described(json));
        };
        if nesting >= MAX_NESTING && !items.is_empty() {
            return self.error(
                pointer,
                format!("steps at most {MAX_NESTING} deep inside one another"),
                "deeper ones".to_owned(),
            );
        }
        let steps: Vec<Option<Step>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.step(item, &format!("{pointer}/{index}"), nesting))
            .collect();
        steps.into_iter().collect()
    }

    fn step(&mut self, json: &Json, pointer: &str, nesting: usize) -> Option<Step> {
        let object = self.object(json, pointer, &STEP_KEYS)?;
        let name = self.text(object, "name", true);
        let title = self.text(object, "title", false);
        let connector = self.text(object, "connector", true);
        let operation = self.text(object, "operation", true);
        let auth = self.auth(object);
        let inputs = self.map(object, "inputs");
        let body = self.lane(object, "body", nesting);
        let branches = self.branches(object, nesting);
        let on_error = self.choice(
            object,
            "on_error",
            &["stop", "continue", "next_item", "break_loop", "branch"],
        );
        let on_error_steps = self.lane(object, "on_error_steps", nesting);
        let retry = self.retry(object);
        let timeout = self.number(object, "timeout");
        let on_interrupt = self.choice::<OnInterrupt>(object, "on_interrupt", &["retry", "fail"]);
        let notes = self.text(object, "notes", false);
        Some(Step {
            name: name?,
            title: title?,
            connector: connector?,
            operation: operation?,
            auth: auth?,
            inputs: inputs?,
            body: body?,
            branches: branches?,
            on_error: on_error?.unwrap_or(OnError::Stop),
            on_error_steps: on_error_steps?,
            retry: retry?,
            timeout: timeout?,
            on_interrupt: on_interrupt?,
            notes: notes?,
        })
    }

    fn lane(&mut self, object: Object<'_>, key: &str, nesting: usize) -> Option<Option<Vec<Step>>> {
        match object.optional(key) {
            Some(list) => self.steps(list, &object.at(key), nesting + 1).map(Some),
            None => Some(None),
        }
    }

    fn branches(
        &mut self,
        object: Object<'_>,
        nesting: usize,
    ) -> Option<Option<IndexMap<String, Vec<Step>>>> {
        let Some(json) = object.optional("branches") else {
            return Some(None);
        };
        let pointer = object.at("branches");
        let Json::Object(map) = json else {
            return self.error(
                &pointer,
                "an object with a list of steps per branch",
                described(json),
            );
        };
        let branches: Vec<Option<(String, Vec<Step>)>> = map
            .iter()
            .map(|(name, list)| {
                let list = self.steps(
                    list,
                    &format!("{pointer}/{}", pointer_token(name)),
                    nesting + 1,
                )?;
                Some((name.clone(), list))
            })
            .collect();
        branches.into_iter().collect::<Option<_>>().map(Some)
    }

    fn retry(&mut self, object: Object<'_>) -> Option<Option<Retry>> {
        let Some(json) = object.optional("retry") else {
            return Some(None);
        };
        let pointer = object.at("retry");
        let object = self.object(json, &pointer, &RETRY_KEYS)?;
        let attempts = match object
            .map
            .get("attempts")
            .map(|json| (json, json.as_u64().map(u32::try_from)))
        {
            Some((_, Some(Ok(attempts)))) => Some(attempts),
            Some((json, _)) => self.error(
                &object.at("attempts"),
                "a whole number of attempts",
                described(json),
            ),
            None => self.error(
                &object.at("attempts"),
                "a whole number of attempts",
                "nothing".to_owned(),
            ),
        };
        let backoff = self.choice::<Backoff>(object, "backoff", &["exponential", "fixed"]);
        let first_delay = self.number(object, "first_delay");
        let max_delay = self.number(object, "max_delay");
        Some(Some(Retry {
            attempts: attempts?,
            backoff: backoff?.unwrap_or_default(),
            first_delay: first_delay?.unwrap_or_else(Retry::default_first_delay),
            max_delay: max_delay?.unwrap_or_else(Retry::default_max_delay),
        }))
    }

    fn auth(&mut self, object: Object<'_>) -> Option<Option<crate::id::AuthenticationId>> {
        match object.optional("auth") {
            None => Some(None),
            Some(Json::String(id)) => Some(Some(id.as_str().into())),
            Some(other) => self.error(
                &object.at("auth"),
                "the id of an authentication",
                described(other),
            ),
        }
    }

    fn object<'a>(
        &mut self,
        json: &'a Json,
        pointer: &'a str,
        allowed: &[&str],
    ) -> Option<Object<'a>> {
        let Json::Object(map) = json else {
            return self.error(pointer, "an object", described(json));
        };
        let object = Object { map, pointer };
        for key in map.keys().filter(|key| !allowed.contains(&key.as_str())) {
            let near = closest(key, allowed.iter().copied());
            let found = format!("`{}`{}", cut(key, 40), hint(near));
            let _: Option<()> = self.error(
                &object.at(key),
                format!("one of the keys {}", allowed.join(", ")),
                found,
            );
        }
        Some(object)
    }

    fn text(&mut self, object: Object<'_>, key: &str, required: bool) -> Option<String> {
        match object.map.get(key) {
            Some(Json::String(text)) => Some(text.clone()),
            Some(other) => self.error(&object.at(key), "a text", described(other)),
            None if required => self.error(&object.at(key), "a text", "nothing".to_owned()),
            None => Some(String::new()),
        }
    }

    fn map(&mut self, object: Object<'_>, key: &str) -> Option<JsonMap> {
        match object.map.get(key) {
            Some(Json::Object(map)) => Some(map.clone()),
            Some(other) => self.error(&object.at(key), "an object", described(other)),
            None => Some(JsonMap::new()),
        }
    }

    fn number(&mut self, object: Object<'_>, key: &str) -> Option<Option<f64>> {
        match object.optional(key).map(|json| (json, json.as_f64())) {
            None => Some(None),
            Some((_, Some(seconds))) => Some(Some(seconds)),
            Some((other, None)) => {
                self.error(&object.at(key), "a number of seconds", described(other))
            }
        }
    }

    fn choice<T: DeserializeOwned>(
        &mut self,
        object: Object<'_>,
        key: &str,
        words: &[&str],
    ) -> Option<Option<T>> {
        let Some(json) = object.optional(key) else {
            return Some(None);
        };
        match serde_json::from_value(json.clone()) {
            Ok(choice) => Some(Some(choice)),
            Err(_) => {
                let near = json
                    .as_str()
                    .and_then(|text| closest(text, words.iter().copied()));
                let found = format!("{}{}", described(json), hint(near));
                self.error(
                    &object.at(key),
                    format!("one of {}", words.join(", ")),
                    found,
                )
            }
        }
    }

    fn error<T>(&mut self, pointer: &str, expected: impl Into<String>, found: String) -> Option<T> {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(DocumentError {
                pointer: pointer.to_owned(),
                expected: expected.into(),
                found,
            });
        }
        None
    }
}

fn described(json: &Json) -> String {
    match json {
        Json::String(_) | Json::Number(_) | Json::Bool(_) => {
            format!("{} (`{}`)", a_kind(json), cut(&plain(json), 40))
        }
        other => a_kind(other).to_owned(),
    }
}
