//! Checks and straightens the values of inputs before anything is sent.

use crate::suggest::{did_you_mean, listed};
use jiff::{Timestamp, civil, tz::TimeZone};
use patchbay_model::{
    Json, JsonMap,
    event::StepError,
    schema::{Additional, Schema, Type},
};

/// The inputs that an operation gets: defaults filled in, values of the right type, nothing unknown.
///
/// `null` counts as not given, and so does an empty text at the top of the form, unless the field says that it may
/// have no characters (`min_length = 0`). Text that says a number or a
/// truth value is taken as one; a single value is taken as a list of one.
pub(super) fn checked(schema: &Schema, inputs: Json) -> Result<JsonMap, StepError> {
    let mut given = match inputs {
        Json::Object(map) => map,
        Json::Null => JsonMap::new(),
        other => {
            return Err(invalid(
                "",
                format!(
                    "The inputs must be an object and are {}.",
                    kind_name(&other)
                ),
            ));
        }
    };
    let mut checked = JsonMap::new();
    for (name, property) in &schema.properties {
        let value = given
            .remove(name)
            .filter(|value| !is_empty(value, property));
        let pointer = pointer_to("", name);
        match value.or_else(|| property.default.clone()) {
            Some(value) => {
                checked.insert(
                    name.clone(),
                    straightened(value, property, &pointer, title(name, property))?,
                );
            }
            None if schema.requires(name) => return Err(missing(&pointer, title(name, property))),
            None => {}
        }
    }
    match given.into_iter().find(|(_, value)| !value.is_null()) {
        None => Ok(checked),
        Some((name, _)) => {
            let names = schema.properties.keys().map(String::as_str);
            let hint = did_you_mean(&name, names.clone());
            let message = format!(
                "There is no input \"{name}\".{hint} The inputs are {}.",
                listed(names)
            );
            Err(invalid(&pointer_to("", &name), message))
        }
    }
}

fn is_empty(value: &Json, schema: &Schema) -> bool {
    value.is_null()
        || (value.as_str() == Some("") && schema.kind.is_some() && schema.min_length != Some(0))
}

fn title<'a>(name: &'a str, schema: &'a Schema) -> &'a str {
    schema.title.as_deref().unwrap_or(name)
}

/// A JSON pointer one key further.
pub fn pointer_to(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

pub(super) fn missing(pointer: &str, title: &str) -> StepError {
    StepError {
        code: "missing_value".to_owned(),
        message: format!("\"{title}\" needs a value."),
        field: Some(pointer.to_owned()),
        ..StepError::default()
    }
}

/// The error for a value that cannot be used; `pointer` is the input's, such as `/row/Direction`.
pub fn invalid(pointer: &str, message: impl Into<String>) -> StepError {
    StepError {
        code: "invalid_input".to_owned(),
        message: message.into(),
        field: Some(pointer.to_owned()).filter(|pointer| !pointer.is_empty()),
        ..StepError::default()
    }
}

/// What a value is, in words: `a list`.
pub fn kind_name(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

fn straightened(
    value: Json,
    schema: &Schema,
    pointer: &str,
    title: &str,
) -> Result<Json, StepError> {
    if !schema.one_of.is_empty() {
        // The first alternative that takes the value straightens it.
        let fitting = schema
            .one_of
            .iter()
            .find_map(|one| straightened(value.clone(), one, pointer, title).ok());
        return fitting.ok_or_else(|| {
            invalid(
                pointer,
                format!(
                    "\"{title}\" cannot be {}; it fits none of the ways to fill it.",
                    kind_name(&value)
                ),
            )
        });
    }
    let Some(kind) = schema.kind else {
        return Ok(value);
    };
    let wrong = |value: &Json, wanted: &str| {
        invalid(
            pointer,
            format!("\"{title}\" must be {wanted} and is {}.", shown(value)),
        )
    };
    let value = match (kind, value) {
        (Type::String, Json::String(text)) => {
            Json::String(formatted(text, schema, pointer, title)?)
        }
        (Type::String, Json::Number(number)) => Json::String(number.to_string()),
        (Type::String, Json::Bool(truth)) => Json::String(truth.to_string()),
        (Type::String, other) => return Err(wrong(&other, "text")),
        (Type::Boolean, value @ Json::Bool(_)) => value,
        (Type::Boolean, Json::String(text)) if text == "true" => Json::Bool(true),
        (Type::Boolean, Json::String(text)) if text == "false" => Json::Bool(false),
        (Type::Boolean, other) => return Err(wrong(&other, "true or false")),
        (Type::Integer | Type::Number, value) => number(value, kind, schema, pointer, title)?,
        (Type::Array, Json::Array(items)) => list(items, schema, pointer, title)?,
        (Type::Array, other @ Json::Object(_))
            if schema
                .items
                .as_ref()
                .is_some_and(|items| items.kind != Some(Type::Object)) =>
        {
            return Err(wrong(&other, "a list"));
        }
        (Type::Array, other) => list(vec![other], schema, pointer, title)?,
        (Type::Object, Json::Object(map)) => object(map, schema, pointer)?,
        (Type::Object, other) => return Err(wrong(&other, "an object")),
        (Type::Null, other) => other,
    };
    check_values(&value, schema, pointer, title)?;
    Ok(value)
}

fn check_values(
    value: &Json,
    schema: &Schema,
    pointer: &str,
    title: &str,
) -> Result<(), StepError> {
    if schema.values.is_empty() || schema.values.contains(value) {
        return Ok(());
    }
    let known: Vec<String> = schema
        .values
        .iter()
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .collect();
    let names = || known.iter().map(String::as_str);
    let hint = value
        .as_str()
        .map(|text| did_you_mean(text, names()))
        .unwrap_or_default();
    Err(invalid(
        pointer,
        format!(
            "\"{title}\" cannot be {}.{hint} It can be {}.",
            shown(value),
            listed(names())
        ),
    ))
}

fn number(
    value: Json,
    kind: Type,
    schema: &Schema,
    pointer: &str,
    title: &str,
) -> Result<Json, StepError> {
    let wanted = if kind == Type::Integer {
        "a whole number"
    } else {
        "a number"
    };
    let wrong = |value: &Json| {
        invalid(
            pointer,
            format!("\"{title}\" must be {wanted} and is {}.", shown(value)),
        )
    };
    let parsed = match &value {
        Json::Number(number) => Some(number.clone()),
        Json::String(text) => serde_json::from_str::<serde_json::Number>(text.trim()).ok(),
        _ => None,
    };
    let number = parsed.ok_or_else(|| wrong(&value))?;
    let float = number.as_f64().ok_or_else(|| wrong(&value))?;
    if schema.minimum.is_some_and(|least| float < least)
        || schema.maximum.is_some_and(|most| float > most)
    {
        let bounds = match (schema.minimum, schema.maximum) {
            (Some(least), Some(most)) => format!("between {least} and {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, most) => format!("at most {}", most.unwrap_or(f64::MAX)),
        };
        return Err(invalid(
            pointer,
            format!("\"{title}\" must be {bounds} and is {number}."),
        ));
    }
    if kind == Type::Integer && !number.is_i64() && !number.is_u64() {
        if float.fract() != 0.0 || float.abs() > 9_007_199_254_740_992.0 {
            return Err(wrong(&value));
        }
        return Ok(Json::from(float as i64));
    }
    Ok(Json::Number(number))
}

fn list(items: Vec<Json>, schema: &Schema, pointer: &str, title: &str) -> Result<Json, StepError> {
    let Some(inner) = schema.items.as_deref() else {
        return Ok(Json::Array(items));
    };
    let straight = |(index, item): (usize, Json)| {
        straightened(item, inner, &pointer_to(pointer, &index.to_string()), title)
    };
    items
        .into_iter()
        .enumerate()
        .map(straight)
        .collect::<Result<Vec<_>, _>>()
        .map(Json::Array)
}

fn object(map: JsonMap, schema: &Schema, pointer: &str) -> Result<Json, StepError> {
    let mut straight = JsonMap::new();
    for (name, value) in map {
        let pointer = pointer_to(pointer, &name);
        let value = match (schema.properties.get(&name), &schema.additional) {
            (Some(_), _) if value.is_null() => value,
            (Some(property), _) => straightened(value, property, &pointer, title(&name, property))?,
            (None, Some(Additional::Schema(others))) if !value.is_null() => {
                straightened(value, others, &pointer, &name)?
            }
            (None, Some(Additional::Any(false))) => {
                let hint = did_you_mean(&name, schema.properties.keys().map(String::as_str));
                return Err(invalid(
                    &pointer,
                    format!("There is no \"{name}\" in this object.{hint}"),
                ));
            }
            (None, _) => value,
        };
        straight.insert(name, value);
    }
    for (name, property) in &schema.properties {
        let given = straight.get(name).is_some_and(|value| !value.is_null());
        match &property.default {
            Some(default) if !given => {
                straight.insert(name.clone(), default.clone());
            }
            None if !given && schema.requires(name) => {
                return Err(missing(&pointer_to(pointer, name), title(name, property)));
            }
            _ => {}
        }
    }
    Ok(Json::Object(straight))
}

fn formatted(
    text: String,
    schema: &Schema,
    pointer: &str,
    title: &str,
) -> Result<String, StepError> {
    let length = text.chars().count() as u64;
    if let Some(most) = schema.max_length.filter(|most| length > *most) {
        return Err(invalid(
            pointer,
            format!("\"{title}\" may have at most {most} characters and has {length}."),
        ));
    }
    if let Some(least) = schema.min_length.filter(|least| length < *least) {
        return Err(invalid(
            pointer,
            format!("\"{title}\" must have at least {least} characters and has {length}."),
        ));
    }
    match schema.format.as_deref() {
        Some("date-time") => instant(&text).ok_or_else(|| {
            let message = format!(
                "\"{title}\" must be a date and time and is {}. Write for example 2026-01-31T08:00:00Z.",
                shown(&Json::String(text.clone()))
            );
            invalid(pointer, message)
        }),
        Some("date") => text.parse::<civil::Date>().map(|date| date.to_string()).map_err(|_| {
            let text = shown(&Json::String(text.clone()));
            invalid(pointer, format!("\"{title}\" must be a date and is {text}. Write for example 2026-01-31."))
        }),
        Some("uri") if url::Url::parse(&text).is_err() => {
            let text = shown(&Json::String(text));
            Err(invalid(pointer, format!("\"{title}\" must be an address that begins with https:// and is {text}.")))
        }
        _ => Ok(text),
    }
}

/// An instant as services take it: UTC with milliseconds. A day alone means its beginning, a missing offset UTC.
fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let exact = text.parse::<Timestamp>().ok();
    let civil = || {
        text.parse::<civil::DateTime>()
            .ok()
            .and_then(|local| TimeZone::UTC.to_timestamp(local).ok())
    };
    let found = exact.or_else(civil)?;
    Some(format!("{found:.3}"))
}

/// A value as a sentence can quote it: texts shortened, lists and objects by their kind.
pub fn shown(value: &Json) -> String {
    match value {
        Json::String(text) if text.is_empty() => "empty".to_owned(),
        Json::String(text) => format!("\"{}\"", crate::text::shortened(text, 60)),
        Json::Number(number) => number.to_string(),
        Json::Bool(truth) => truth.to_string(),
        other => kind_name(other).to_owned(),
    }
}
