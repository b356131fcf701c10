//! What `schema` promises, mostly as tables.

use super::*;
use crate::path::{Path, Segment};
use proptest::prelude::*;
use serde_json::json;

fn schema(json: Json) -> Schema {
    serde_json::from_value(json).unwrap()
}

fn segments(path: &str) -> Vec<Segment> {
    Path::parse(path).unwrap().segments().unwrap().to_vec()
}

#[test]
fn a_value_that_does_not_fit_is_told_where_and_why() {
    let object = json!({"type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {"a": {"type": "string", "title": "First"}, "direction": {"type": "integer"}}});
    let table = [
        (json!({"type": "string"}), json!("x"), None),
        (json!({}), json!(null), None),
        (json!({"type": "integer"}), json!(2.0), None),
        (json!({"type": "number"}), json!(2), None),
        (
            json!({"type": "string"}),
            json!(5),
            Some(("", "must be a text, and it is `5`")),
        ),
        (
            json!({"type": "boolean"}),
            json!(null),
            Some(("", "must be yes or no, and it is empty (null)")),
        ),
        (
            json!({"type": "integer"}),
            json!(2.5),
            Some(("", "must be a number, and it is `2.5`")),
        ),
        (
            json!({"type": "string", "enum": ["Inbound", "Outbound"]}),
            json!("inbuond"),
            Some(("", "cannot be `inbuond`; it can be Inbound, Outbound")),
        ),
        (
            json!({"type": "integer", "minimum": 1, "maximum": 9}),
            json!(0),
            Some(("", "must be at least 1, and it is 0")),
        ),
        (
            json!({"type": "integer", "minimum": 1, "maximum": 9}),
            json!(10),
            Some(("", "must be at most 9, and it is 10")),
        ),
        (
            json!({"type": "string", "maxLength": 2}),
            json!("äöü"),
            Some(("", "may have at most 2 characters, and it has 3")),
        ),
        (
            json!({"type": "string", "minLength": 4}),
            json!("äöü"),
            Some(("", "must have at least 4 characters, and it has 3")),
        ),
        (object.clone(), json!({"a": "x", "direction": 1}), None),
        (
            object.clone(),
            json!({}),
            Some(("/a", "First needs a value")),
        ),
        (
            object.clone(),
            json!({"a": "", "directoin": 1}),
            Some(("/directoin", "there is no `directoin` here")),
        ),
        (
            object,
            json!({"a": "", "zzzzz": 1}),
            Some(("/zzzzz", "there is no `zzzzz` here; there is a, direction")),
        ),
        (
            json!({"type": "array", "items": {"type": "object", "properties": {"a/b": {"type": "null"}}}}),
            json!([{}, {"a/b": 1}]),
            Some(("/1/a~1b", "must be nothing, and it is `1`")),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"x": 1}),
            Some(("/x", "must be a text, and it is `1`")),
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 3}]}),
            json!("x"),
            None,
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 3}]}),
            json!(1),
            Some(("", "must be at least 3, and it is 1")),
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            json!(true),
            Some(("", "must be a text or a number, and it is yes or no")),
        ),
    ];
    for (shape, value, expected) in table {
        let found = schema(shape.clone()).validate(&value);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|violation| (violation.pointer.as_str(), violation.message.as_str()))
            .collect();
        assert_eq!(
            found,
            expected.into_iter().collect::<Vec<_>>(),
            "{value} against {shape}"
        );
    }
}

#[test]
fn dates_are_read_leniently() {
    let table = [
        ("2026-01-31T08:00:00Z", true),
        ("2026-01-31T08:00:00.123+02:00", true),
        ("2026-01-31 08:00", true),
        ("2026-01-31", true),
        ("2026-01-31T08:00:00-0500", true),
        ("2024-02-29T00:00:00Z", true),
        ("2026-02-29T00:00:00Z", false),
        ("2026-13-01T00:00:00Z", false),
        ("yesterday", false),
        ("2026-01-31T25:00:00Z", false),
        ("2026-01-31Tnoon", false),
        ("", false),
        ("31.01.2026", false),
    ];
    for (text, sound) in table {
        let shape = Schema {
            format: Some("date-time".into()),
            ..Schema::of(Type::String)
        };
        assert_eq!(shape.validate(&json!(text)).is_empty(), sound, "{text}");
    }
}

#[test]
fn a_schema_knows_places_below_it() {
    let shape = schema(json!({"type": "object", "properties": {
        "records": {"type": "array", "items": {"type": "object", "properties": {"from": {"type": "object", "additionalProperties": false,
            "properties": {"phoneNumber": {"type": "string"}}}}}},
        "open": {"type": "object"}, "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"x": {"type": "boolean"}}}]},
    }}));
    let found = |path: &str| shape.at(&segments(path)).map(Schema::type_name);
    let table = [
        ("$", Some("object")),
        ("$.records", Some("list")),
        ("$.records[0].from.phoneNumber", Some("text")),
        ("$.map.any", Some("number")),
        ("$.either.x", Some("yes/no")),
        ("$.open.x", None),
        ("$.nope", None),
    ];
    for (path, expected) in table {
        assert_eq!(found(path), expected, "{path}");
    }
    assert_eq!(shape.lookup(&segments("$.open.x.y")), Lookup::Open);
    assert!(matches!(
        shape.lookup(&segments("$.nope")),
        Lookup::Unlisted { walked: 0, .. }
    ));
    assert!(matches!(
        shape.lookup(&segments("$.records[0].from.nope")),
        Lookup::Absent { walked: 3, .. }
    ));
    assert!(matches!(
        shape.lookup(&segments("$.records.from")),
        Lookup::Absent { walked: 1, .. }
    ));
}

#[test]
fn a_sample_teaches_a_schema() {
    let sample = json!({"records": [
        {"id": 1, "at": "2026-01-31T08:00:00Z", "from": null, "x": 1},
        {"id": 2.5, "at": "2026-01-31T08:00:00Z", "from": {"name": "Ann"}, "x": "one", "day": "2026-01-31"},
    ], "none": []});
    let learnt = Schema::infer(&sample);
    let item = learnt.at(&segments("$.records[0]")).unwrap();
    let types: Vec<(&str, &str)> = item
        .properties
        .iter()
        .map(|(key, schema)| (key.as_str(), schema.type_name()))
        .collect();
    assert_eq!(
        types,
        [
            ("id", "number"),
            ("at", "date and time"),
            ("from", "object"),
            ("x", "anything"),
            ("day", "date")
        ]
    );
    assert_eq!(learnt.at(&segments("$.none")).unwrap().items, None);
}

#[test]
fn a_sample_adds_to_a_schema_without_contradicting_it() {
    let known = schema(
        json!({"type": "object", "properties": {"a": {"type": "string", "title": "A"}, "l": {"type": "array"}}}),
    );
    let seen = known.with_sample(&json!({"b": 1, "a": 5, "l": [{"x": 1}]}));
    assert_eq!(seen.properties.keys().collect::<Vec<_>>(), ["a", "l", "b"]);
    assert_eq!(seen.properties["a"], known.properties["a"]);
    assert_eq!(
        seen.at(&segments("$.l[0].x")).map(Schema::type_name),
        Some("number")
    );
}

#[test]
fn a_schema_travels_as_json_schema() {
    let json = json!({"type": "object", "properties": {"a": {"type": "string", "format": "date-time", "x-patchbay": {"secret": true}}},
        "required": ["a"], "additionalProperties": {"type": "integer"}});
    assert_eq!(serde_json::to_value(schema(json.clone())).unwrap(), json);
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        any::<f64>().prop_map(|x| json!(x)),
        Just(json!("2026-01-31")),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-c]{0,2}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn without_nulls(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Array(items) => items.iter().all(without_nulls),
        Json::Object(map) => map.values().all(without_nulls),
        _ => true,
    }
}

proptest! {
    #[test]
    fn what_a_schema_was_learnt_from_fits_it(sample in any_json().prop_filter("nulls are learnt as optional", without_nulls)) {
        prop_assert_eq!(Schema::infer(&sample).validate(&sample), vec![]);
    }

    #[test]
    fn learning_never_panics(one in any_json(), two in any_json()) {
        let both = Schema::infer(&one).merged(Schema::infer(&two));
        let _ = both.with_sample(&one).validate(&two);
    }
}
