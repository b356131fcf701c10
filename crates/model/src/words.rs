//! The words in which messages speak of JSON: "a text", never "String".

use crate::Json;

/// What a value is, with its article: `a text`, `an object`.
pub(crate) fn a_kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "empty (null)",
        Json::Bool(_) => "yes or no",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// A value as it appears inside a text: texts as they are, nothing for null, the rest as compact JSON.
pub(crate) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// At most `limit` characters, the last one an ellipsis where something was cut.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// One step of a JSON pointer, escaped as RFC 6901 says.
pub(crate) fn pointer_token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
