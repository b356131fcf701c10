//! Whether a value is what a schema describes; for tests of connectors and of stand-ins for services.

use patchbay_model::{
    Json,
    schema::{Additional, Schema, Type},
};

/// What of the value the schema does not allow, each with its place; empty: it conforms.
///
/// Keys that the schema does not name are fine, since services add some, unless it refuses further keys.
pub fn mismatches(schema: &Schema, value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    walk(schema, value, "", &mut found);
    found
}

fn walk(schema: &Schema, value: &Json, place: &str, found: &mut Vec<String>) {
    let mut say = |message: String| {
        found.push(format!(
            "{}: {message}",
            if place.is_empty() { "the value" } else { place }
        ))
    };
    if let Some(kind) = schema.kind
        && !is_of(value, kind)
    {
        say(format!("should be of type {kind:?} and is {value}"));
        return;
    }
    if !schema.values.is_empty() && !schema.values.contains(value) {
        say(format!("{value} is not among the known values"));
    }
    let too_small = |number: f64| schema.minimum.is_some_and(|least| number < least);
    let too_large = |number: f64| schema.maximum.is_some_and(|most| number > most);
    if value
        .as_f64()
        .is_some_and(|number| too_small(number) || too_large(number))
    {
        say(format!("{value} is out of bounds"));
    }
    if let (Some("date-time"), Some(text)) = (schema.format.as_deref(), value.as_str())
        && text.parse::<jiff::Timestamp>().is_err()
    {
        say(format!("\"{text}\" is no instant"));
    }
    if !schema.one_of.is_empty()
        && !schema
            .one_of
            .iter()
            .any(|one| mismatches(one, value).is_empty())
    {
        say("fits none of the alternatives".to_owned());
    }
    match value {
        Json::Object(map) => {
            for name in &schema.required {
                if !map.contains_key(name) {
                    say(format!("`{name}` is missing"));
                }
            }
            for (name, part) in map {
                let place = format!("{place}/{name}");
                match (schema.properties.get(name), &schema.additional) {
                    (Some(property), _) => walk(property, part, &place, found),
                    (None, Some(Additional::Schema(others))) => walk(others, part, &place, found),
                    (None, Some(Additional::Any(false))) => {
                        found.push(format!("{place}: is not described"))
                    }
                    (None, _) => {}
                }
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(inner) = &schema.items {
                    walk(inner, item, &format!("{place}/{index}"), found);
                }
            }
        }
        _ => {}
    }
}

fn is_of(value: &Json, kind: Type) -> bool {
    match kind {
        Type::Null => value.is_null(),
        Type::Boolean => value.is_boolean(),
        Type::Integer => {
            value.is_i64()
                || value.is_u64()
                || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        Type::Number => value.is_number(),
        Type::String => value.is_string(),
        Type::Array => value.is_array(),
        Type::Object => value.is_object(),
    }
}

#[cfg(test)]
mod tests {
    use super::mismatches;
    use patchbay_model::schema::Schema;
    use serde_json::json;

    #[test]
    fn every_kind_of_mismatch_is_found() {
        let schema: Schema = serde_json::from_value(json!({
            "type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
                "way": {"enum": ["in", "out"]}, "list": {"type": "array", "items": {"type": "integer", "minimum": 1}}
            }
        }))
        .unwrap();
        assert_eq!(
            mismatches(
                &schema,
                &json!({"id": "a", "at": "2026-01-01T00:00:00Z", "way": "in", "more": 1})
            ),
            [""; 0]
        );
        for (value, part) in [
            (json!([]), "Object"),
            (json!({}), "`id` is missing"),
            (json!({"id": 1}), "/id: should be of type String"),
            (json!({"id": "a", "at": "yesterday"}), "no instant"),
            (json!({"id": "a", "way": "up"}), "known values"),
            (
                json!({"id": "a", "list": [1, 0]}),
                "/list/1: 0 is out of bounds",
            ),
        ] {
            let found = mismatches(&schema, &value);
            assert_eq!(found.len(), 1, "{value}: {found:?}");
            assert!(found[0].contains(part), "{found:?}");
        }
    }
}
