//! From a schema to a field as the kit's TOML spells it.

use crate::{document::reference, shapes::Shapes, words::sentence};
use serde_json::Value as Json;
use toml::{Table, Value};

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// In a request.
    In,
    /// In an answer.
    Out,
}

const KINDS: &[&str] = &[
    "text",
    "integer",
    "number",
    "boolean",
    "choice",
    "list",
    "object",
    "date_time",
    "date",
    "time",
    "url",
    "email",
    "phone",
    "binary",
    "any",
];

/// Whether a short form names a kind, as opposed to a shape.
pub(crate) fn is_kind(name: &str) -> bool {
    KINDS.contains(&name)
}

/// A field: a short form (`"text"`, `"party[]"`) or a table. `within` holds the names of the schemas around it.
pub(crate) fn field(
    schema: &Json,
    way: Way,
    shapes: &mut Shapes<'_>,
    within: &mut Vec<String>,
) -> Value {
    let Some(name) = reference(schema) else {
        return described(schema, way, shapes, within);
    };
    if within.iter().any(|around| around == name)
        || shapes.is_cut(within.last().map(String::as_str), name)
    {
        return short("any");
    }
    if let Some(shape) = shapes.named(name, way) {
        return short(&shape);
    }
    let document = shapes.document;
    let Some(named) = document.schemas.get(name) else {
        return short("any");
    };
    within.push(name.to_owned());
    let field = described(named, way, shapes, within);
    within.pop();
    field
}

/// The same for a schema that is no reference.
pub(crate) fn described(
    schema: &Json,
    way: Way,
    shapes: &mut Shapes<'_>,
    within: &mut Vec<String>,
) -> Value {
    if reference(schema).is_some() {
        return field(schema, way, shapes, within);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let merged = merged(schema, parts, shapes);
        return described(&merged, way, shapes, within);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(ways) = schema[key].as_array() {
            return alternatives(schema, ways, way, shapes, within);
        }
    }
    match kind(schema) {
        Some("string") => string(schema),
        Some("integer") => bounded("integer", schema),
        Some("number") => bounded("number", schema),
        Some("boolean") => short("boolean"),
        Some("array") => match field(&schema["items"], way, shapes, within) {
            Value::String(inner) if !inner.ends_with("[]") => short(&format!("{inner}[]")),
            inner => of([("kind", short("list")), ("items", inner)]),
        },
        Some("object") => object(schema, way, shapes, within),
        _ => short("any"),
    }
}

fn kind(schema: &Json) -> Option<&str> {
    match &schema["type"] {
        Json::String(kind) => Some(kind),
        // OpenAPI 3.1 lists `null` among the types.
        Json::Array(kinds) => kinds
            .iter()
            .filter_map(Json::as_str)
            .find(|kind| *kind != "null"),
        _ if schema["properties"].is_object() => Some("object"),
        _ if schema["enum"].is_array() => Some("string"),
        _ => None,
    }
}

fn string(schema: &Json) -> Value {
    if let Some(values) = schema["enum"].as_array() {
        let mut options: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
        options.sort_unstable();
        options.dedup();
        // As the service orders them.
        let mut ordered: Vec<Value> = Vec::new();
        for value in values.iter().filter_map(Json::as_str) {
            if !ordered.iter().any(|known| known.as_str() == Some(value)) {
                ordered.push(short(value));
            }
        }
        if !ordered.is_empty() {
            return of([
                ("kind", short("choice")),
                ("options", Value::Array(ordered)),
            ]);
        }
    }
    let name = match schema["format"].as_str() {
        Some("date-time") => "date_time",
        Some("date") => "date",
        Some("time") => "time",
        Some("uri" | "url") => "url",
        Some("email") => "email",
        Some("binary" | "byte") => "binary",
        _ => "text",
    };
    let mut table = Table::new();
    for (key, limit) in [("min_length", "minLength"), ("max_length", "maxLength")] {
        if let Some(limit) = schema[limit]
            .as_i64()
            .filter(|limit| *limit > 0 && name == "text")
        {
            table.insert(key.to_owned(), Value::Integer(limit));
        }
    }
    if schema["format"] == "password" {
        table.insert("secret".to_owned(), Value::Boolean(true));
    }
    with_kind(name, table)
}

fn bounded(name: &str, schema: &Json) -> Value {
    if name == "integer"
        && let Some(values) = schema["enum"].as_array()
    {
        let options: Vec<Value> = values
            .iter()
            .filter_map(Json::as_i64)
            .map(Value::Integer)
            .collect();
        return of([
            ("kind", short("choice")),
            ("options", Value::Array(options)),
        ]);
    }
    let mut table = Table::new();
    for (key, limit) in [("min", "minimum"), ("max", "maximum")] {
        // Bounds of the number's type say nothing.
        let known = schema[limit].as_f64().filter(|limit| limit.abs() < 1e15);
        if let Some(limit) = known {
            let whole = schema[limit_key(key)].as_i64();
            table.insert(
                key.to_owned(),
                whole.map_or(Value::Float(limit), Value::Integer),
            );
        }
    }
    with_kind(name, table)
}

fn limit_key(key: &str) -> &'static str {
    if key == "min" { "minimum" } else { "maximum" }
}

fn object(schema: &Json, way: Way, shapes: &mut Shapes<'_>, within: &mut Vec<String>) -> Value {
    let mut fields = Table::new();
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        let skipped = match way {
            Way::In => &part["readOnly"],
            Way::Out => &part["writeOnly"],
        };
        if *skipped == true {
            continue;
        }
        fields.insert(
            name.clone(),
            property(schema, name, part, way, shapes, within),
        );
    }
    let mut table = Table::new();
    table.insert("kind".to_owned(), short("object"));
    match &schema["additionalProperties"] {
        Json::Object(_) => {
            let others = field(&schema["additionalProperties"], way, shapes, within);
            table.insert("others".to_owned(), others);
        }
        Json::Bool(true) => {
            table.insert("others".to_owned(), short("any"));
        }
        _ if fields.is_empty() => {
            table.insert("others".to_owned(), short("any"));
        }
        _ => {}
    }
    if !fields.is_empty() {
        table.insert("fields".to_owned(), Value::Table(fields));
    }
    Value::Table(table)
}

/// One property of an object.
fn property(
    of: &Json,
    name: &str,
    part: &Json,
    way: Way,
    shapes: &mut Shapes<'_>,
    within: &mut Vec<String>,
) -> Value {
    let mut value = field(part, way, shapes, within);
    if value.as_str() == Some("text") && name == "phoneNumber" {
        value = short("phone");
    }
    let is_required = requires(of, name);
    let secret = shapes.hand.words.secret.iter().any(|known| known == name);
    let deprecated = part["deprecated"] == true;
    let marks = [
        ("required", is_required),
        ("secret", secret),
        ("deprecated", deprecated),
    ];
    if marks.iter().all(|(_, set)| !set) {
        return value;
    }
    let mut table = table(value);
    for (mark, _) in marks.iter().filter(|(_, set)| *set) {
        table.insert((*mark).to_owned(), Value::Boolean(true));
    }
    Value::Table(table)
}

/// Whether a schema's object must have this property.
pub(crate) fn requires(schema: &Json, name: &str) -> bool {
    let required = schema["required"].as_array();
    required.is_some_and(|names| names.iter().any(|required| required == name))
}

fn alternatives(
    schema: &Json,
    ways: &[Json],
    way: Way,
    shapes: &mut Shapes<'_>,
    within: &mut Vec<String>,
) -> Value {
    // What stands beside the alternatives belongs to each of them.
    let base = schema["properties"].is_object();
    let mut found: Vec<Value> = Vec::new();
    for one in ways {
        let title = reference(one).map(kind_of_thing);
        let value = if base {
            let merged = merged(schema, std::slice::from_ref(one), shapes);
            described(&merged, way, shapes, within)
        } else {
            field(one, way, shapes, within)
        };
        let value = match (value, title) {
            (Value::String(name), _) if name == "any" => return short("any"),
            (value, Some(title)) => {
                let mut all = Table::new();
                all.insert("title".to_owned(), Value::String(title));
                all.extend(table(value));
                Value::Table(all)
            }
            (value, None) => value,
        };
        if !found.contains(&value) {
            found.push(value);
        }
    }
    let is_text = |value: &Value| {
        value.as_str() == Some("text")
            || value.get("kind").and_then(Value::as_str) == Some("choice")
    };
    // A word from a list or any other word: a text.
    if found.iter().all(is_text) && found.len() > 1 {
        return short("text");
    }
    match found.len() {
        0 => short("any"),
        1 => found.swap_remove(0),
        _ => of([(
            "one_of",
            Value::Array(
                found
                    .into_iter()
                    .map(|value| Value::Table(table(value)))
                    .collect(),
            ),
        )]),
    }
}

/// An object with the properties of several schemas.
pub(crate) fn merged(base: &Json, parts: &[Json], shapes: &Shapes<'_>) -> Json {
    let mut all = serde_json::Map::new();
    let mut properties = serde_json::Map::new();
    let mut required: Vec<Json> = Vec::new();
    for part in parts
        .iter()
        .map(|part| shapes.document.resolved(part))
        .chain([base])
    {
        let nested = part["allOf"]
            .as_array()
            .filter(|_| !std::ptr::eq(part, base));
        let inner = nested.map(|parts| merged(part, parts, shapes));
        let part = inner.as_ref().unwrap_or(part);
        for (name, schema) in part["properties"].as_object().into_iter().flatten() {
            properties.insert(name.clone(), schema.clone());
        }
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
        for (key, value) in part.as_object().into_iter().flatten() {
            let structural = matches!(
                key.as_str(),
                "allOf" | "oneOf" | "anyOf" | "properties" | "required" | "$ref"
            );
            if !structural {
                all.insert(key.clone(), value.clone());
            }
        }
    }
    if !properties.is_empty() {
        all.insert("type".to_owned(), Json::from("object"));
        all.insert("properties".to_owned(), Json::Object(properties));
        all.insert("required".to_owned(), Json::Array(required));
    }
    Json::Object(all)
}

/// What a schema's name says to people: `CommDailyTriggerResource` → `Comm daily trigger`.
fn kind_of_thing(name: &str) -> String {
    let plain = ["Resource", "Response", "Request", "Model", "Info"]
        .iter()
        .fold(name, |name, ending| {
            name.strip_suffix(ending).unwrap_or(name)
        });
    sentence(if plain.is_empty() { name } else { plain })
}

pub(crate) fn short(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn of<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Table(
        pairs
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect(),
    )
}

fn with_kind(kind: &str, limits: Table) -> Value {
    if limits.is_empty() {
        return short(kind);
    }
    let mut table = Table::new();
    table.insert("kind".to_owned(), short(kind));
    table.extend(limits);
    Value::Table(table)
}

/// A field's table, whichever way it was written.
pub(crate) fn table(value: Value) -> Table {
    match value {
        Value::Table(table) => table,
        Value::String(text) => {
            let mut table = Table::new();
            if let Some(inner) = text.strip_suffix("[]") {
                table.insert("kind".to_owned(), short("list"));
                table.insert("items".to_owned(), short(inner));
            } else if is_kind(&text) {
                table.insert("kind".to_owned(), short(&text));
            } else {
                table.insert("shape".to_owned(), short(&text));
            }
            table
        }
        _ => Table::new(),
    }
}
