//! Help texts that follow from facts: what a value looks like, its limits, what happens without it.

use crate::words::sentence;
use serde_json::Value;

/// What can be said about an input from its name and schema; empty: nothing that its form does not say by itself.
pub(crate) fn of(name: &str, schema: &Value, service: &str) -> String {
    let mut says: Vec<String> = Vec::new();
    let inner = if schema["type"] == "array" {
        &schema["items"]
    } else {
        schema
    };
    if let Some(thing) = named_thing(name) {
        let things = if schema["type"] == "array" {
            format!("IDs of {thing}s")
        } else {
            format!("ID of the {thing}")
        };
        says.push(format!(
            "The {things}, as {service} gives it in its lists and answers."
        ));
    }
    match inner["format"].as_str() {
        Some("date-time") => says.push("An instant, such as `2026-01-31T08:00:00Z`.".to_owned()),
        Some("date") => says.push("A day, such as `2026-01-31`.".to_owned()),
        Some("time") => says.push("A time of day, such as `09:30:00`.".to_owned()),
        Some("binary") => says.push(
            "A file: `{content_type, name, base64}`, as operations that download give it."
                .to_owned(),
        ),
        _ => {}
    }
    says.extend(limits(inner));
    says.extend(counts(schema));
    if let Some(default) = shown(&schema["default"]).filter(|text| text != "~") {
        says.push(format!("Without a value, {service} takes `{default}`."));
    }
    says.join(" ")
}

/// `extensionId` → `extension`.
fn named_thing(name: &str) -> Option<String> {
    let stem = name
        .strip_suffix("Id")
        .or_else(|| name.strip_suffix("Ids"))?;
    let thing = sentence(stem);
    let first = thing.chars().next()?;
    // An abbreviation at the beginning stays as it is.
    let second = thing.chars().nth(1);
    if second.is_some_and(char::is_uppercase) {
        return Some(thing);
    }
    Some(first.to_lowercase().chain(thing.chars().skip(1)).collect())
}

fn limits(schema: &Value) -> Option<String> {
    let number = |key: &str| schema[key].as_f64().map(|number| number.to_string());
    match (number("minimum"), number("maximum")) {
        (Some(least), Some(most)) => return Some(format!("From {least} to {most}.")),
        (None, Some(most)) => return Some(format!("At most {most}.")),
        (Some(least), None) if least != "0" => return Some(format!("At least {least}.")),
        _ => {}
    }
    match (schema["minLength"].as_u64(), schema["maxLength"].as_u64()) {
        (Some(least), Some(most)) if least == most => Some(format!("Exactly {most} characters.")),
        (Some(least), Some(most)) if least > 1 => {
            Some(format!("From {least} to {most} characters."))
        }
        (_, Some(most)) => Some(format!("At most {most} characters.")),
        _ => None,
    }
}

fn counts(schema: &Value) -> Option<String> {
    if schema["type"] != "array" {
        return None;
    }
    match (schema["minItems"].as_u64(), schema["maxItems"].as_u64()) {
        (_, Some(most)) => Some(format!("At most {most} entries.")),
        (Some(least), None) if least > 1 => Some(format!("At least {least} entries.")),
        _ => None,
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use serde_json::json;

    #[test]
    fn help_says_what_the_schema_knows() {
        for (name, schema, wanted) in [
            (
                "queueId",
                json!({"type": "string"}),
                "The ID of the queue, as X gives it in its lists and answers.",
            ),
            (
                "name",
                json!({"type": "string", "maxLength": 64}),
                "At most 64 characters.",
            ),
            (
                "code",
                json!({"type": "string", "minLength": 2, "maxLength": 2}),
                "Exactly 2 characters.",
            ),
            (
                "page",
                json!({"type": "integer", "minimum": 1, "maximum": 9, "default": 1}),
                "From 1 to 9. Without a value, X takes `1`.",
            ),
            (
                "tags",
                json!({"type": "array", "maxItems": 5, "items": {"type": "string"}}),
                "At most 5 entries.",
            ),
            ("text", json!({"type": "string"}), ""),
        ] {
            assert_eq!(of(name, &schema, "X"), wanted);
        }
    }
}
