//! What connectors that shape data share: how values are written, ordered, found and told apart.

use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid, shown},
    suggest::did_you_mean,
};
use regex::{Regex, RegexBuilder};
use std::{borrow::Cow, cmp::Ordering, fmt::Write};

/// A value as a text: texts as they are, nothing as an empty text, lists and objects as JSON.
pub(crate) fn plain(value: &Json) -> Cow<'_, str> {
    match value {
        Json::String(text) => Cow::Borrowed(text),
        Json::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

/// The part of a value that a key names: the key itself, or keys and positions divided by dots.
pub(crate) fn at<'v>(value: &'v Json, key: &str) -> Option<&'v Json> {
    if key.is_empty() {
        return Some(value);
    }
    if let Some(found) = value.get(key) {
        return Some(found);
    }
    key.split('.').try_fold(value, |value, part| match value {
        Json::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    })
}

/// The same for each item of a list, which must have the key at least once.
pub(crate) fn known_key(items: &[Json], key: &str, pointer: &str) -> Result<(), StepError> {
    if key.is_empty() || items.is_empty() || items.iter().any(|item| at(item, key).is_some()) {
        return Ok(());
    }
    let first = items.iter().find_map(Json::as_object);
    let names = first
        .into_iter()
        .flat_map(|map| map.keys().map(String::as_str));
    let hint = did_you_mean(key, names);
    Err(invalid(
        pointer,
        format!("No item of the list has \"{key}\".{hint}"),
    ))
}

/// An order over all values: nothing, false, true, numbers, texts, lists, objects.
pub(crate) fn order(left: &Json, right: &Json) -> Ordering {
    match (left, right) {
        (Json::Bool(a), Json::Bool(b)) => a.cmp(b),
        (Json::Number(a), Json::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => {
                let float = |number: &serde_json::Number| number.as_f64().unwrap_or(f64::NAN);
                float(a).total_cmp(&float(b))
            }
        },
        (Json::String(a), Json::String(b)) => a.cmp(b),
        (Json::Array(a), Json::Array(b)) => {
            let pairs = a.iter().zip(b).map(|(a, b)| order(a, b));
            pairs
                .into_iter()
                .find(|order| order.is_ne())
                .unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Json::Object(a), Json::Object(b)) => a.len().cmp(&b.len()),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::Bool(_) => 1,
        Json::Number(_) => 2,
        Json::String(_) => 3,
        Json::Array(_) => 4,
        Json::Object(_) => 5,
    }
}

/// A text that is equal for equal values: keys sorted, `1.0` like `1`.
pub(crate) fn fingerprint(value: &Json) -> String {
    let mut text = String::new();
    write_fingerprint(value, &mut text);
    text
}

fn write_fingerprint(value: &Json, text: &mut String) {
    match value {
        Json::Number(number) => {
            // Writing into a text cannot fail.
            let _ = match number.as_f64() {
                Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                    write!(text, "{float:.0}")
                }
                _ => write!(text, "{number}"),
            };
        }
        Json::Array(items) => {
            text.push('[');
            for item in items {
                write_fingerprint(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in entries {
                let _ = write!(text, "{}:", Json::from(key.as_str()));
                write_fingerprint(value, text);
                text.push(',');
            }
            text.push('}');
        }
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

/// The input `pattern` with the switches beside it. Such an expression takes a time that grows with the text alone.
pub(crate) fn pattern(inputs: &Inputs) -> Result<Regex, StepError> {
    let text = inputs.text("pattern");
    RegexBuilder::new(text)
        .case_insensitive(inputs.flag("ignore_case"))
        .multi_line(inputs.flag("multi_line"))
        .size_limit(4 << 20)
        .build()
        .map_err(|error| {
            let reason = error.to_string();
            let reason = reason
                .lines()
                .rev()
                .find_map(|line| line.strip_prefix("error: "))
                .unwrap_or(&reason);
            let pattern = shown(&Json::from(text));
            invalid(
                "/pattern",
                format!("{pattern} is no regular expression: {reason}."),
            )
        })
}

/// A number as JSON writes it: whole numbers without a point.
pub(crate) fn number(float: f64) -> Json {
    if float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0 {
        Json::from(float as i64)
    } else {
        Json::from(float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_names_a_part_at_any_depth() {
        let value = json!({"from": {"phones": ["+1", "+2"]}, "a.b": 1, "n": null});
        for (key, found) in [
            ("from.phones.1", Some(json!("+2"))),
            ("a.b", Some(json!(1))),
            ("n", Some(json!(null))),
            ("from.fax", None),
            ("from.phones.x", None),
            ("", Some(value.clone())),
        ] {
            assert_eq!(at(&value, key), found.as_ref(), "{key}");
        }
    }

    #[test]
    fn equal_values_have_one_fingerprint() {
        for (left, right, same) in [
            (json!({"a": 1, "b": 2}), json!({"b": 2.0, "a": 1}), true),
            (json!(["1"]), json!([1]), false),
            (json!([1, 2]), json!([12]), false),
            (json!(null), json!("null"), false),
        ] {
            assert_eq!(
                fingerprint(&left) == fingerprint(&right),
                same,
                "{left} {right}"
            );
        }
    }

    #[test]
    fn values_of_different_kinds_have_an_order() {
        let mut values = json!(["b", 10, null, "a", 9.5, true, [1], [0, 5], false]);
        values.as_array_mut().unwrap().sort_by(order);
        assert_eq!(
            values,
            json!([null, false, true, 9.5, 10, "a", "b", [0, 5], [1]])
        );
    }
}
