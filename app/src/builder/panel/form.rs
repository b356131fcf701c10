//! The form of a step: its input schema and its inputs, flattened into the fields that the panel shows.

use patchbay_model::{
    Json, JsonMap,
    schema::{Additional, Schema, Type},
};
use serde_json::json;

/// One field of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// JSON pointer below `inputs`: `/row/Direction`.
    pub pointer: String,
    /// What the person reads.
    pub label: String,
    pub schema: Schema,
    pub required: bool,
    /// Behind "Show advanced".
    pub advanced: bool,
    /// The title of the group it belongs to; none at the top.
    pub group: Option<String>,
}

/// What a form shows, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A heading over the fields that follow, with its help.
    Group { pointer: String, title: String, help: Option<String>, open: bool },
    Field(Field),
    /// A group whose fields are known only after these other fields have a value.
    Waiting { pointer: String, title: String, needs: Vec<String> },
}

/// Flattens an input schema. `inputs` decides which free keys are shown and which optional groups are open.
pub fn items(schema: &Schema, inputs: &JsonMap) -> Vec<Item> {
    let mut items = Vec::new();
    collect(schema, inputs, "", None, false, &mut items);
    items
}

fn collect(
    schema: &Schema,
    inputs: &JsonMap,
    base: &str,
    group: Option<&str>,
    advanced: bool,
    items: &mut Vec<Item>,
) {
    for (name, property) in &schema.properties {
        let pointer = format!("{base}/{}", escape(name));
        let label = property.title.clone().unwrap_or_else(|| words(name));
        let advanced = advanced || property.hints.advanced;
        let present = inputs.get(name);
        if is_group(property) && !is_mapped(present) {
            nested(property, present, &pointer, label, advanced, items);
            continue;
        }
        items.push(Item::Field(Field {
            pointer,
            label,
            required: schema.requires(name),
            advanced,
            group: group.map(str::to_owned),
            schema: property.clone(),
        }));
    }
    for name in inputs.keys().filter(|name| !schema.properties.contains_key(*name)) {
        let schema = match &schema.additional {
            Some(Additional::Schema(schema)) => (**schema).clone(),
            _ => Schema::default(),
        };
        items.push(Item::Field(Field {
            pointer: format!("{base}/{}", escape(name)),
            label: name.clone(),
            schema,
            required: false,
            advanced: false,
            group: group.map(str::to_owned),
        }));
    }
}

fn nested(
    property: &Schema,
    present: Option<&Json>,
    pointer: &str,
    label: String,
    advanced: bool,
    items: &mut Vec<Item>,
) {
    let empty = JsonMap::new();
    let inner = present.and_then(Json::as_object).unwrap_or(&empty);
    if property.properties.is_empty() && !property.hints.shaped_by.is_empty() && inner.is_empty() {
        items.push(Item::Waiting {
            pointer: pointer.to_owned(),
            title: label,
            needs: property.hints.shaped_by.clone(),
        });
        return;
    }
    let open = !free_keys(property);
    items.push(Item::Group {
        pointer: pointer.to_owned(),
        title: label.clone(),
        help: property.description.clone(),
        open: !open,
    });
    collect(property, inner, pointer, Some(&label), advanced, items);
}

/// An object whose keys stand as fields of their own.
fn is_group(schema: &Schema) -> bool {
    schema.kind == Some(Type::Object)
        && (!schema.properties.is_empty() || !schema.hints.shaped_by.is_empty())
        && schema.one_of.is_empty()
}

/// Whether people may add keys.
pub fn free_keys(schema: &Schema) -> bool {
    !matches!(schema.additional, None | Some(Additional::Any(false)))
}

/// Whether the whole value comes from data.
fn is_mapped(value: Option<&Json>) -> bool {
    value.and_then(Json::as_object).is_some_and(|object| {
        ["$path", "$text", "$literal"].iter().any(|key| object.contains_key(*key))
    })
}

/// One segment of a JSON pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The value at a pointer below `inputs`.
pub fn at<'a>(inputs: &'a JsonMap, pointer: &str) -> Option<&'a Json> {
    let mut segments = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let mut value = inputs.get(&segments.next()?)?;
    for segment in segments {
        value = match value {
            Json::Object(object) => object.get(&segment)?,
            Json::Array(list) => list.get(segment.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// How a field's value is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// As it stands.
    Value,
    /// From the data of a step, keeping its type.
    Path,
    /// A text with data in it.
    Text,
}

/// The mode of a stored value.
pub fn mode_of(value: Option<&Json>) -> Mode {
    match value.and_then(Json::as_object) {
        Some(object) if object.contains_key("$path") => Mode::Path,
        Some(object) if object.contains_key("$text") => Mode::Text,
        _ => Mode::Value,
    }
}

/// The path of a mapped value, as it was typed.
pub fn path_of(value: &Json) -> Option<&str> {
    value.get("$path")?.as_str()
}

/// The text of a templated value.
pub fn text_of(value: &Json) -> Option<&str> {
    value.get("$text")?.as_str()
}

/// A mapped value with its fallback.
pub fn mapped(path: &str, default: Option<&Json>) -> Json {
    match default {
        Some(default) => json!({ "$path": path, "$default": default }),
        None => json!({ "$path": path }),
    }
}

/// What a value becomes in another mode, so that nothing typed is lost: a path turns into a hole of a text, a text
/// that is one hole into its path, a plain text into a text with data.
pub fn converted(value: &Json, to: Mode) -> Option<Json> {
    match (mode_of(Some(value)), to) {
        (Mode::Path, Mode::Text) => Some(json!({ "$text": format!("{{{}}}", path_of(value)?) })),
        (Mode::Text, Mode::Path) => {
            let hole = text_of(value)?.strip_prefix('{')?.strip_suffix('}')?;
            (hole.starts_with('$') && !hole.contains(['{', '}'])).then(|| mapped(hole, None))
        }
        (Mode::Value, Mode::Text) => match value {
            Json::String(text) => Some(json!({ "$text": text })),
            Json::Number(_) | Json::Bool(_) => Some(json!({ "$text": value.to_string() })),
            _ => None,
        },
        (Mode::Text, Mode::Value) => Some(Json::String(text_of(value)?.to_owned())),
        (Mode::Value, Mode::Path) => {
            let text = value.as_str().filter(|text| text.starts_with("$."))?;
            Some(mapped(text, None))
        }
        (Mode::Path, Mode::Value) => None,
        (Mode::Value, Mode::Value) | (Mode::Path, Mode::Path) | (Mode::Text, Mode::Text) => Some(value.clone()),
    }
}

/// `first_name` → `First name`; names with capitals stay as they are.
pub fn words(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let text = name.replace(['_', '-'], " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a typed text means for a field: a number where numbers go, a text elsewhere.
pub fn typed(text: &str, schema: &Schema) -> Json {
    match schema.kind {
        Some(Type::Integer) => text.trim().parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        Some(Type::Number) => text.trim().parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        Some(Type::Array | Type::Object) | None => {
            serde_json::from_str(text.trim()).unwrap_or_else(|_| json!(text))
        }
        Some(Type::String | Type::Boolean | Type::Null) => json!(text),
    }
}

/// A literal value as a person would type it.
pub fn shown(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A value on one line, cut to fit below a field.
pub fn brief(value: &Json) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Json::Array(items) => format!("{} items", items.len()),
        Json::Object(fields) => format!("{{ {} }}", fields.keys().take(4).cloned().collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(json: Json) -> Schema {
        serde_json::from_value(json).unwrap()
    }

    fn inputs(json: Json) -> JsonMap {
        json.as_object().unwrap().clone()
    }

    fn labels(items: &[Item]) -> Vec<String> {
        items
            .iter()
            .map(|item| match item {
                Item::Group { title, .. } => format!("[{title}]"),
                Item::Field(field) => format!("{} {}", field.pointer, field.label),
                Item::Waiting { title, needs, .. } => format!("{title} needs {}", needs.join("+")),
            })
            .collect()
    }

    #[test]
    fn nested_objects_become_groups_of_fields() {
        let schema = schema(json!({ "type": "object", "properties": {
            "spreadsheet_id": { "type": "string", "title": "Spreadsheet" },
            "row": { "type": "object", "title": "Row", "properties": {
                "Direction": { "type": "string" }, "a/b": { "type": "string" } } } } }));
        assert_eq!(
            labels(&items(&schema, &JsonMap::new())),
            ["/spreadsheet_id Spreadsheet", "[Row]", "/row/Direction Direction", "/row/a~1b A/b"]
        );
    }

    #[test]
    fn a_shaped_group_waits_for_the_fields_that_shape_it_but_shows_what_is_there() {
        let schema = schema(json!({ "type": "object", "properties": {
            "row": { "type": "object", "x-patchbay": { "shaped_by": ["spreadsheet_id", "worksheet"] } } } }));
        assert_eq!(labels(&items(&schema, &JsonMap::new())), ["Row needs spreadsheet_id+worksheet"]);
        let filled = inputs(json!({ "row": { "Direction": { "$path": "$.steps.loop-1.value.direction" } } }));
        assert_eq!(labels(&items(&schema, &filled)), ["[Row]", "/row/Direction Direction"]);
    }

    #[test]
    fn a_group_that_comes_from_data_as_a_whole_is_one_field() {
        let schema = schema(json!({ "type": "object", "properties": {
            "row": { "type": "object", "properties": { "a": {} } } } }));
        let filled = inputs(json!({ "row": { "$path": "$.steps.x.row" } }));
        assert_eq!(labels(&items(&schema, &filled)), ["/row Row"]);
    }

    #[test]
    fn switching_modes_keeps_what_was_typed() {
        let cases = [
            (json!({ "$path": "$.steps.a.b" }), Mode::Text, Some(json!({ "$text": "{$.steps.a.b}" }))),
            (json!({ "$text": "{$.steps.a.b}" }), Mode::Path, Some(json!({ "$path": "$.steps.a.b" }))),
            (json!({ "$text": "to {$.steps.a.b}" }), Mode::Path, None),
            (json!("hello"), Mode::Text, Some(json!({ "$text": "hello" }))),
            (json!({ "$text": "hello" }), Mode::Value, Some(json!("hello"))),
            (json!("$.steps.a"), Mode::Path, Some(json!({ "$path": "$.steps.a" }))),
            (json!(5), Mode::Text, Some(json!({ "$text": "5" }))),
        ];
        for (value, to, expected) in cases {
            assert_eq!(converted(&value, to), expected, "{value} to {to:?}");
        }
    }

    #[test]
    fn typed_text_takes_the_type_of_its_field() {
        assert_eq!(typed("12", &Schema::of(Type::Integer)), json!(12));
        assert_eq!(typed("twelve", &Schema::of(Type::Integer)), json!("twelve"));
        assert_eq!(typed("12", &Schema::of(Type::String)), json!("12"));
        assert_eq!(typed("[1]", &Schema::of(Type::Array)), json!([1]));
    }

    #[test]
    fn values_are_found_by_pointer() {
        let inputs = inputs(json!({ "row": { "a/b": [1, { "c": 2 }] } }));
        assert_eq!(at(&inputs, "/row/a~1b/1/c"), Some(&json!(2)));
        assert_eq!(at(&inputs, "/row/x"), None);
    }
}
