//! Refuses what the described service refuses: a parameter that is missing, of the wrong type, or out of its bounds.

use serde_json::Value;

use super::facts::{Found, facts};
use crate::ringcentral::errors;
use crate::wire::{Reply, Request};

/// Checks the parameters of a request.
pub(super) fn parameters(request: &Request, found: &Found) -> Result<(), Reply> {
    for parameter in found.operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let name = parameter["name"].as_str().unwrap_or_default();
        let schema = facts().resolved(&parameter["schema"]);
        let given: Vec<String> = match parameter["in"].as_str() {
            Some("path") => {
                // The account and the extension are checked by their owner.
                let value = found
                    .filled(name)
                    .filter(|_| !matches!(name, "accountId" | "extensionId"));
                value
                    .into_iter()
                    .flat_map(|value| listed(value, schema))
                    .collect()
            }
            Some("query") => {
                let values = request.params(name);
                let comma = parameter["explode"] == false;
                let cut = |value: &str| {
                    if comma {
                        listed(value, schema)
                    } else {
                        vec![value.to_owned()]
                    }
                };
                values.into_iter().flat_map(cut).collect()
            }
            _ => continue,
        };
        if given.is_empty() && parameter["required"] == true && parameter["in"] == "query" {
            return Err(errors::invalid_because(
                name,
                &format!("Parameter [{name}] is required"),
            ));
        }
        let single = if schema["type"] == "array" {
            facts().resolved(&schema["items"])
        } else {
            schema
        };
        for value in &given {
            if !text_fits(value, single) {
                return Err(errors::invalid(name, value));
            }
        }
    }
    Ok(())
}

fn listed(value: &str, schema: &Value) -> Vec<String> {
    if schema["type"] == "array" {
        value.split(',').map(str::to_owned).collect()
    } else {
        vec![value.to_owned()]
    }
}

/// Whether a text in an address means a value of the schema.
fn text_fits(text: &str, schema: &Value) -> bool {
    if let Some(ways) = schema["oneOf"].as_array() {
        return ways
            .iter()
            .any(|one| text_fits(text, facts().resolved(one)));
    }
    match schema["type"].as_str() {
        Some("integer") => text
            .parse::<i64>()
            .is_ok_and(|number| in_bounds(number as f64, schema)),
        Some("number") => text
            .parse::<f64>()
            .is_ok_and(|number| in_bounds(number, schema)),
        Some("boolean") => matches!(text, "true" | "false"),
        Some("array") => text_fits(text, facts().resolved(&schema["items"])),
        _ => string_fits(text, schema),
    }
}

fn in_bounds(number: f64, schema: &Value) -> bool {
    let above = schema["minimum"]
        .as_f64()
        .is_none_or(|least| number >= least);
    above && schema["maximum"].as_f64().is_none_or(|most| number <= most)
}

fn string_fits(text: &str, schema: &Value) -> bool {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().any(|value| value == text);
    }
    let length = text.chars().count() as u64;
    let long = schema["minLength"]
        .as_u64()
        .is_none_or(|least| length >= least);
    let short = schema["maxLength"]
        .as_u64()
        .is_none_or(|most| length <= most);
    let instant = schema["format"] != "date-time" || text.parse::<jiff::Timestamp>().is_ok();
    long && short && instant
}

/// Checks the body of a request and gives it, so that the answer can repeat it.
pub(super) fn body(request: &Request, found: &Found) -> Result<Value, Reply> {
    let described = &found.operation["requestBody"];
    let content = described["content"].as_object();
    let json = content
        .into_iter()
        .flatten()
        .find(|(kind, _)| kind.contains("json"));
    let sent = request.header("content-type").unwrap_or_default();
    if request.body.is_empty() {
        let needed = described["required"] == true;
        return if needed {
            Err(errors::coded(400, "CMN-100", "The request body is missing"))
        } else {
            Ok(Value::Null)
        };
    }
    if sent.starts_with("multipart/") || sent.starts_with("application/x-www-form-urlencoded") {
        let taken = content
            .into_iter()
            .flatten()
            .any(|(kind, _)| sent.starts_with(kind.as_str()));
        return if taken {
            Ok(Value::Null)
        } else {
            Err(unsupported(sent))
        };
    }
    let Some((_, media)) = json else {
        return Err(unsupported(sent));
    };
    let value = request
        .json()
        .map_err(|_| errors::coded(400, "CMN-100", "The request body is not valid JSON"))?;
    value_fits(&value, &media["schema"], "body", 0)?;
    Ok(value)
}

fn unsupported(kind: &str) -> Reply {
    errors::coded(
        415,
        "CMN-415",
        &format!("Content type [{kind}] is not supported"),
    )
}

pub(super) fn value_fits(
    value: &Value,
    schema: &Value,
    name: &str,
    depth: usize,
) -> Result<(), Reply> {
    let schema = facts().resolved(schema);
    let wrong = || errors::invalid(name, &short(value));
    if depth > 12 || schema["oneOf"].is_array() || schema["anyOf"].is_array() {
        return Ok(());
    }
    match (schema["type"].as_str(), value) {
        (_, Value::Null) | (None, _) => Ok(()),
        (Some("object"), Value::Object(map)) => {
            for required in schema["required"].as_array().into_iter().flatten() {
                let required = required.as_str().unwrap_or_default();
                let ours = &schema["properties"][required];
                if ours["readOnly"] != true && map.get(required).is_none_or(Value::is_null) {
                    let message = format!("Parameter [{required}] is required");
                    return Err(errors::invalid_because(required, &message));
                }
            }
            for (part, value) in map {
                if let Some(inner) = schema["properties"].get(part) {
                    value_fits(value, inner, part, depth + 1)?;
                }
            }
            Ok(())
        }
        (Some("array"), Value::Array(items)) => {
            let most = schema["maxItems"].as_u64();
            if most.is_some_and(|most| items.len() as u64 > most) {
                return Err(wrong());
            }
            items
                .iter()
                .try_for_each(|item| value_fits(item, &schema["items"], name, depth + 1))
        }
        (Some("string"), Value::String(text)) if string_fits(text, schema) => Ok(()),
        (Some("boolean"), Value::Bool(_)) => Ok(()),
        (Some("integer" | "number"), Value::Number(number))
            if number
                .as_f64()
                .is_some_and(|number| in_bounds(number, schema)) =>
        {
            Ok(())
        }
        _ => Err(wrong()),
    }
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(60).collect()
}
