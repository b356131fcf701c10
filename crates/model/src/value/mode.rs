//! The three ways in which a field is edited, and how to change between them without losing what was typed.

use super::text::escape;
use crate::{Json, words::plain};
use serde_json::json;

/// How a field is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Literal JSON, in a control that suits the field's type.
    Value,
    /// A path, shown as a chip.
    Path,
    /// A text with holes.
    Text,
}

/// How this value is edited.
pub fn mode_of(json: &Json) -> Mode {
    match json {
        Json::Object(map) if map.contains_key("$path") => Mode::Path,
        Json::Object(map) if map.contains_key("$text") => Mode::Text,
        _ => Mode::Value,
    }
}

/// The value as a text with holes: a path becomes a hole, a literal its characters.
pub fn to_text(json: &Json) -> Json {
    let text = match mode_of(json) {
        Mode::Text => return json.clone(),
        Mode::Path => format!("{{{}}}", string_at(json, "$path")),
        Mode::Value => escape(&plain(literal_of(json))),
    };
    rebuilt("$text", text, json)
}

/// The value as a path: a text that is exactly one hole becomes its path; anything else keeps its characters,
/// which then are a path that has to be mended.
pub fn to_path(json: &Json) -> Json {
    let path = match mode_of(json) {
        Mode::Path => return json.clone(),
        Mode::Text => {
            let text = string_at(json, "$text");
            only_hole(&text).unwrap_or(text)
        }
        Mode::Value => plain(literal_of(json)),
    };
    rebuilt("$path", path, json)
}

/// The value as a literal: a text without holes becomes its characters; a path or a text with holes keeps
/// what was typed, as a text, so that switching back restores it.
pub fn to_value(json: &Json) -> Json {
    match mode_of(json) {
        Mode::Value => json.clone(),
        Mode::Path => Json::String(string_at(json, "$path")),
        Mode::Text => {
            let text = string_at(json, "$text");
            match super::Text::parse(&text)
                .ok()
                .as_ref()
                .map(super::Text::parts)
            {
                Some([super::Part::Plain(plain)]) => Json::String(plain.clone()),
                _ => Json::String(text),
            }
        }
    }
}

fn literal_of(json: &Json) -> &Json {
    match json {
        Json::Object(map) if map.len() == 1 => map.get("$literal").unwrap_or(json),
        _ => json,
    }
}

fn string_at(json: &Json, key: &str) -> String {
    json.get(key).map(plain).unwrap_or_default()
}

fn only_hole(text: &str) -> Option<String> {
    match super::Text::parse(text).ok()?.parts() {
        [super::Part::Hole(path)] => Some(path.to_string()),
        _ => None,
    }
}

fn rebuilt(key: &str, text: String, from: &Json) -> Json {
    match from
        .get("$default")
        .filter(|_| mode_of(from) != Mode::Value)
    {
        Some(default) => json!({ key: text, "$default": default }),
        None => json!({ key: text }),
    }
}
