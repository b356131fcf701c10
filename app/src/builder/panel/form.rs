//! The form of a step: its input schema and its inputs, flattened into the fields that the panel shows.

use patchbay_model::{
    Json, JsonMap,
    path::Path,
    schema::{Additional, Schema, Type},
    value,
};
use serde_json::json;

pub use patchbay_model::value::Mode;

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
    /// A key that somebody added: it can be taken away again, and stays while it is empty.
    pub added: bool,
}

/// What a form shows, in order.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a form has a few dozen of them, nearly all fields"
)]
pub enum Item {
    /// A heading over the fields that follow.
    Group(Group),
    Field(Field),
    /// A group whose fields are known only after these other fields have a value.
    Waiting {
        group: Group,
        needs: Vec<String>,
    },
    /// A heading over the fields of one entry of a list.
    Entry(Group),
    /// A way to add an entry to a list.
    More(More),
}

/// The end of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct More {
    /// JSON pointer of the list below `inputs`.
    pub pointer: String,
    /// What the list is called.
    pub title: String,
    /// How many entries it has.
    pub count: usize,
    pub advanced: bool,
}

/// A heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// JSON pointer of the object below `inputs`.
    pub pointer: String,
    pub title: String,
    pub help: Option<String>,
    pub required: bool,
    pub advanced: bool,
    /// Whether people may add keys of their own.
    pub open: bool,
}

impl Item {
    /// Where it stands in `inputs`.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Group(group) | Self::Waiting { group, .. } | Self::Entry(group) => &group.pointer,
            Self::Field(field) => &field.pointer,
            Self::More(more) => &more.pointer,
        }
    }

    /// Whether it is the field that a pointer leads to or into.
    pub fn holds(&self, pointer: &str) -> bool {
        matches!(self, Self::Field(field) if covers(&field.pointer, pointer))
    }

    /// Whether it is behind "Show advanced".
    pub fn is_advanced(&self) -> bool {
        match self {
            Self::Group(group) | Self::Waiting { group, .. } | Self::Entry(group) => group.advanced,
            Self::Field(field) => field.advanced,
            Self::More(more) => more.advanced,
        }
    }
}

/// Flattens an input schema. `inputs` decides which free keys are shown and which optional groups are open.
pub fn items(schema: &Schema, inputs: &JsonMap) -> Vec<Item> {
    let mut items = Vec::new();
    collect(schema, inputs, "", false, &mut items);
    items
}

fn collect(schema: &Schema, inputs: &JsonMap, base: &str, advanced: bool, items: &mut Vec<Item>) {
    for (name, property) in &schema.properties {
        let pointer = format!("{base}/{}", escape(name));
        let label = property.title.clone().unwrap_or_else(|| words(name));
        let advanced = advanced || property.hints.advanced;
        let present = inputs.get(name);
        if present.is_none() && !is_meant(property, inputs) {
            continue;
        }
        if let Some(item) = rows(property).filter(|_| is_list(present)) {
            let group = Group {
                pointer,
                title: label,
                help: property.description.clone(),
                required: schema.requires(name),
                advanced,
                open: false,
            };
            listed(item, present, group, items);
            continue;
        }
        if is_group(property) && !is_mapped(present) {
            let group = Group {
                pointer,
                title: label,
                help: property.description.clone(),
                required: schema.requires(name),
                advanced,
                open: free_keys(property),
            };
            nested(property, present, group, items);
            continue;
        }
        items.push(Item::Field(Field {
            pointer,
            label,
            required: schema.requires(name),
            advanced,
            added: false,
            schema: property.clone(),
        }));
    }
    for name in inputs
        .keys()
        .filter(|name| !schema.properties.contains_key(*name))
    {
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
            added: true,
        }));
    }
}

fn nested(property: &Schema, present: Option<&Json>, group: Group, items: &mut Vec<Item>) {
    let empty = JsonMap::new();
    let inner = present.and_then(Json::as_object).unwrap_or(&empty);
    if property.properties.is_empty() && !property.hints.shaped_by.is_empty() && inner.is_empty() {
        items.push(Item::Waiting {
            group,
            needs: property.hints.shaped_by.clone(),
        });
        return;
    }
    let (pointer, advanced) = (group.pointer.clone(), group.advanced);
    items.push(Item::Group(group));
    collect(property, inner, &pointer, advanced, items);
}

/// One heading and the fields of each entry, and a way to add another one.
fn listed(item: &Schema, present: Option<&Json>, group: Group, items: &mut Vec<Item>) {
    let (pointer, title, advanced) = (group.pointer.clone(), group.title.clone(), group.advanced);
    items.push(Item::Group(group));
    let entries = present.and_then(Json::as_array);
    let entries = entries.map_or(&[][..], Vec::as_slice);
    for (at, entry) in entries.iter().enumerate() {
        let place = format!("{pointer}/{at}");
        let label = format!("{title} {}", at + 1);
        let fields = entry.as_object().filter(|_| !is_mapped(Some(entry)));
        let Some(fields) = fields else {
            items.push(Item::Field(Field {
                pointer: place,
                label,
                schema: item.clone(),
                required: false,
                advanced,
                added: true,
            }));
            continue;
        };
        items.push(Item::Entry(Group {
            pointer: place.clone(),
            title: label,
            help: None,
            required: false,
            advanced,
            open: false,
        }));
        collect(item, fields, &place, advanced, items);
    }
    items.push(Item::More(More {
        pointer,
        title,
        count: entries.len(),
        advanced,
    }));
}

/// The schema of a list's entries, if each of them is a small form.
fn rows(schema: &Schema) -> Option<&Schema> {
    let item = schema.items.as_deref()?;
    (schema.kind == Some(Type::Array)
        && item.kind == Some(Type::Object)
        && !item.properties.is_empty()
        && item.one_of.is_empty())
    .then_some(item)
}

/// Whether a value is a list whose entries can be shown one by one, or nothing yet.
fn is_list(value: Option<&Json>) -> bool {
    value.is_none_or(Json::is_array)
}

/// Whether a field means something beside the other values of its object.
fn is_meant(schema: &Schema, inputs: &JsonMap) -> bool {
    schema.hints.shown_for.as_ref().is_none_or(|shown| {
        inputs
            .get(&shown.field)
            .is_some_and(|value| shown.values.contains(value))
    })
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
        ["$path", "$text", "$literal"]
            .iter()
            .any(|key| object.contains_key(*key))
    })
}

/// One segment of a JSON pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Whether a pointer leads to a field or to something inside of it.
pub fn covers(field: &str, pointer: &str) -> bool {
    pointer
        .strip_prefix(field)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The value at a pointer below `inputs`.
pub fn at<'a>(inputs: &'a JsonMap, pointer: &str) -> Option<&'a Json> {
    let mut segments = pointer
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"));
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

/// The mode of a stored value.
pub fn mode_of(value: Option<&Json>) -> Mode {
    value.map_or(Mode::Value, value::mode_of)
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

/// A text with data in it, with its fallback.
pub fn templated(text: &str, default: Option<&Json>) -> Json {
    match default {
        Some(default) => json!({ "$text": text, "$default": default }),
        None => json!({ "$text": text }),
    }
}

/// What a value becomes in another mode; none where nothing that was typed can be kept.
pub fn converted(value: &Json, to: Mode) -> Option<Json> {
    match (value::mode_of(value), to) {
        (from, to) if from == to => Some(value.clone()),
        // A path as characters is of no use as a value; the caller remembers it.
        (Mode::Path, Mode::Value) => None,
        (_, Mode::Text) => Some(value::to_text(value)),
        (_, Mode::Value) => Some(value::to_value(value)),
        (_, Mode::Path) => {
            let mapped = value::to_path(value);
            Path::parse(path_of(&mapped)?).is_ok().then_some(mapped)
        }
    }
}

/// A value in another mode, given what stood there when the field was last in that mode.
pub fn switched(present: &Json, to: Mode, before: Option<&Json>) -> Option<Json> {
    let from = value::mode_of(present);
    match before {
        // Nothing was changed since: exactly what was there comes back.
        Some(before) if converted(before, from).as_ref() == Some(present) => Some(before.clone()),
        _ => converted(present, to).or_else(|| before.cloned()),
    }
}

/// A text with something put in at a place counted as browsers do, in UTF-16 units.
pub fn inserted(text: &str, at: Option<u32>, what: &str) -> String {
    let mut units = 0_usize;
    let wanted = at.and_then(|at| usize::try_from(at).ok());
    let place = wanted.map_or(text.len(), |wanted| {
        text.char_indices()
            .find(|(_, letter)| {
                let here = units >= wanted;
                units += letter.len_utf16();
                here
            })
            .map_or(text.len(), |(place, _)| place)
    });
    format!("{}{what}{}", &text[..place], &text[place..])
}

/// `first_name` → `First name`; names with capitals stay as they are.
pub fn words(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let text = name.replace(['_', '-'], " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What a typed text means for a field: a number where numbers go, a text elsewhere.
pub fn typed(text: &str, schema: &Schema) -> Json {
    match schema.kind {
        Some(Type::Integer | Type::Number) => text
            .trim()
            .parse::<serde_json::Number>()
            .map_or_else(|_| json!(text), Json::Number),
        Some(Type::Array | Type::Object) => {
            serde_json::from_str(text.trim()).unwrap_or_else(|_| json!(text))
        }
        // Only what is written back as it was typed: `007` and `+1650…` are texts.
        None => serde_json::from_str::<Json>(text)
            .ok()
            .filter(|value| {
                matches!(value, Json::Number(_) | Json::Bool(_)) && format!("{value}") == text
            })
            .unwrap_or_else(|| json!(text)),
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
        Json::Array(items) if items.len() == 1 => "1 item".to_owned(),
        Json::Array(items) => format!("{} items", items.len()),
        Json::Object(fields) => format!(
            "{{ {} }}",
            fields
                .keys()
                .take(4)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ")
        ),
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
                Item::Group(group) => format!("[{}]", group.title),
                Item::Field(field) => format!("{} {}", field.pointer, field.label),
                Item::Waiting { group, needs } => {
                    format!("{} needs {}", group.title, needs.join("+"))
                }
                Item::Entry(group) => format!("{} [{}]", group.pointer, group.title),
                Item::More(more) => format!("{} + {}", more.pointer, more.count),
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
            [
                "/spreadsheet_id Spreadsheet",
                "[Row]",
                "/row/Direction Direction",
                "/row/a~1b A/b"
            ]
        );
    }

    #[test]
    fn a_shaped_group_waits_for_the_fields_that_shape_it_but_shows_what_is_there() {
        let schema = schema(json!({ "type": "object", "properties": {
            "row": { "type": "object", "x-patchbay": { "shaped_by": ["spreadsheet_id", "worksheet"] } } } }));
        assert_eq!(
            labels(&items(&schema, &JsonMap::new())),
            ["Row needs spreadsheet_id+worksheet"]
        );
        let filled = inputs(
            json!({ "row": { "Direction": { "$path": "$.steps.loop-1.value.direction" } } }),
        );
        assert_eq!(
            labels(&items(&schema, &filled)),
            ["[Row]", "/row/Direction Direction"]
        );
    }

    #[test]
    fn a_list_of_objects_is_a_form_for_each_with_the_fields_that_mean_something() {
        let schema = schema(json!({ "type": "object", "properties": {
            "events": { "type": "array", "title": "Events", "items": { "type": "object", "properties": {
                "event": { "enum": ["call", "sms"] },
                "direction": { "x-patchbay": { "shown_for": { "field": "event", "values": ["call"] } } } } } } } }));
        assert_eq!(
            labels(&items(&schema, &JsonMap::new())),
            ["[Events]", "/events + 0"]
        );
        let filled = inputs(json!({ "events": [
            { "event": "sms" }, { "event": "call" }, { "event": "sms", "direction": "Inbound" }, "odd"] }));
        assert_eq!(
            labels(&items(&schema, &filled)),
            [
                "[Events]",
                "/events/0 [Events 1]",
                "/events/0/event Event",
                "/events/1 [Events 2]",
                "/events/1/event Event",
                "/events/1/direction Direction",
                "/events/2 [Events 3]",
                "/events/2/event Event",
                "/events/2/direction Direction",
                "/events/3 Events 4",
                "/events + 4",
            ]
        );
        let mapped = inputs(json!({ "events": { "$path": "$.config.events" } }));
        assert_eq!(labels(&items(&schema, &mapped)), ["/events Events"]);
    }

    #[test]
    fn keys_that_no_schema_has_are_marked_as_added() {
        let schema = schema(json!({ "type": "object", "properties": {
            "row": { "type": "object", "additionalProperties": true, "properties": { "a": {} } } } }));
        let filled = inputs(json!({ "row": { "b": "", "a": 1 } }));
        let fields: Vec<(String, bool)> = items(&schema, &filled)
            .into_iter()
            .filter_map(|item| match item {
                Item::Field(field) => Some((field.pointer, field.added)),
                _ => None,
            })
            .collect();
        assert_eq!(
            fields,
            [("/row/a".to_owned(), false), ("/row/b".to_owned(), true)]
        );
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
            (
                json!({ "$path": "$.steps.a.b" }),
                Mode::Text,
                Some(json!({ "$text": "{$.steps.a.b}" })),
            ),
            (
                json!({ "$text": "{$.steps.a.b}" }),
                Mode::Path,
                Some(json!({ "$path": "$.steps.a.b" })),
            ),
            (json!({ "$text": "to {$.steps.a.b}" }), Mode::Path, None),
            (
                json!("hello"),
                Mode::Text,
                Some(json!({ "$text": "hello" })),
            ),
            (
                json!({ "$text": "hello" }),
                Mode::Value,
                Some(json!("hello")),
            ),
            (
                json!("$.steps.a"),
                Mode::Path,
                Some(json!({ "$path": "$.steps.a" })),
            ),
            (json!(5), Mode::Text, Some(json!({ "$text": "5" }))),
            (
                json!("a {$.b}"),
                Mode::Text,
                Some(json!({ "$text": "a {{$.b}" })),
            ),
            (
                json!({ "$path": "$.a", "$default": "" }),
                Mode::Text,
                Some(json!({ "$text": "{$.a}", "$default": "" })),
            ),
            (json!({ "$path": "$.a" }), Mode::Value, None),
        ];
        for (value, to, expected) in cases {
            assert_eq!(converted(&value, to), expected, "{value} to {to:?}");
        }
    }

    #[test]
    fn switching_there_and_back_gives_what_was_there() {
        let cases = [
            (json!(5), Mode::Text, Mode::Value),
            (json!(true), Mode::Text, Mode::Value),
            (
                json!({ "$path": "$.a", "$default": 1 }),
                Mode::Text,
                Mode::Path,
            ),
        ];
        for (before, there, back) in cases {
            let changed = switched(&before, there, None).unwrap();
            assert_eq!(
                switched(&changed, back, Some(&before)),
                Some(before.clone()),
                "{before}"
            );
        }
        // What was typed in between counts more than what was there.
        assert_eq!(
            switched(&json!({ "$text": "6" }), Mode::Value, Some(&json!(5))),
            Some(json!("6"))
        );
        assert_eq!(
            switched(&json!({ "$path": "$.a" }), Mode::Value, Some(&json!(5))),
            Some(json!(5))
        );
    }

    #[test]
    fn a_hole_is_put_in_where_the_caret_stands() {
        let cases = [
            (Some(0), "X≥🙂b"),
            (Some(1), "≥X🙂b"),
            (Some(3), "≥🙂Xb"),
            (Some(4), "≥🙂bX"),
            (Some(40), "≥🙂bX"),
            (None, "≥🙂bX"),
        ];
        for (at, expected) in cases {
            assert_eq!(inserted("≥🙂b", at, "X"), expected, "{at:?}");
        }
    }

    #[test]
    fn typed_text_takes_the_type_of_its_field() {
        assert_eq!(typed("12", &Schema::of(Type::Integer)), json!(12));
        assert_eq!(typed("twelve", &Schema::of(Type::Integer)), json!("twelve"));
        assert_eq!(typed("12", &Schema::of(Type::String)), json!("12"));
        assert_eq!(typed("[1]", &Schema::of(Type::Array)), json!([1]));
        assert_eq!(typed("1.50", &Schema::of(Type::Number)), json!(1.5));
        let anything = [
            ("12", json!(12)),
            ("007", json!("007")),
            ("+16505550112", json!("+16505550112")),
            ("true", json!(true)),
            ("1.50", json!("1.50")),
        ];
        for (text, expected) in anything {
            assert_eq!(typed(text, &Schema::default()), expected, "{text}");
        }
    }

    #[test]
    fn a_field_covers_what_is_inside_of_it() {
        for (pointer, expected) in [
            ("/row", true),
            ("/row/a", true),
            ("/rows", false),
            ("/ro", false),
        ] {
            assert_eq!(covers("/row", pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn values_are_found_by_pointer() {
        let inputs = inputs(json!({ "row": { "a/b": [1, { "c": 2 }] } }));
        assert_eq!(at(&inputs, "/row/a~1b/1/c"), Some(&json!(2)));
        assert_eq!(at(&inputs, "/row/x"), None);
    }
}
