//! What `value` promises, mostly as tables.

use super::*;
use crate::scope::JsonScope;
use proptest::prelude::*;
use serde_json::json;

fn scope() -> JsonScope {
    JsonScope(json!({
        "steps": { "trigger": { "name": "Ann", "age": 7, "ok": true, "none": null, "tags": ["a", "b"], "at": {"x": 1.5} } },
        "config": { "fallback": "?" }, "env": {}, "errors": {},
    }))
}

fn resolved(value: Json) -> Result<Json, ResolveError> {
    Value::parse(&value).unwrap().resolve(&scope())
}

#[test]
fn a_path_keeps_the_type_and_a_text_is_always_a_text() {
    let table = [
        (json!(1), json!(1)),
        (
            json!("{$.steps.trigger.name}"),
            json!("{$.steps.trigger.name}"),
        ),
        (json!({"$path": "$.steps.trigger.age"}), json!(7)),
        (json!({"$path": "$.steps.trigger.tags"}), json!(["a", "b"])),
        (
            json!({"$path": "$.steps.trigger.none", "$default": 1}),
            json!(null),
        ),
        (
            json!({"$path": "$.steps.trigger.nope", "$default": 1}),
            json!(1),
        ),
        (
            json!({"$path": "$.steps.trigger.nope", "$default": {"$path": "$.config.fallback"}}),
            json!("?"),
        ),
        (
            json!({"$text": "Hi {$.steps.trigger.name}!"}),
            json!("Hi Ann!"),
        ),
        (json!({"$text": "{$.steps.trigger.age}"}), json!("7")),
        (
            json!({"$text": "{$.steps.trigger.ok}/{$.steps.trigger.none}/{$.steps.trigger.tags}/{$.steps.trigger.at}"}),
            json!("true//[\"a\",\"b\"]/{\"x\":1.5}"),
        ),
        (
            json!({"$text": "{{$.a} { {x} {{ }"}),
            json!("{$.a} { {x} {{ }"),
        ),
        (json!({"$text": "{$.steps.trigger['name']}"}), json!("Ann")),
        (
            json!({"$text": "{$.steps.nope['}']}", "$default": "d"}),
            json!("d"),
        ),
        (
            json!({"$text": "a {$.steps.trigger.nope} b", "$default": "none"}),
            json!("none"),
        ),
        (
            json!({"$literal": {"$path": "$.x"}}),
            json!({"$path": "$.x"}),
        ),
        (
            json!({"row": {"a": {"$path": "$.steps.trigger.age"}, "b": [1, {"$text": "x"}]}}),
            json!({"row": {"a": 7, "b": [1, "x"]}}),
        ),
    ];
    for (value, expected) in table {
        assert_eq!(resolved(value.clone()), Ok(expected), "{value}");
        assert_eq!(Value::parse(&value).unwrap().to_json(), value);
    }
}

#[test]
fn a_missing_value_names_field_path_and_what_was_meant() {
    let error =
        resolved(json!({"row": {"first/name": {"$path": "$.steps.trigger.nam"}}})).unwrap_err();
    assert_eq!(error.pointer, "/row/first~1name");
    assert_eq!(error.path, "$.steps.trigger.nam");
    assert_eq!(
        error.message,
        "no `nam` in $.steps.trigger; did you mean `name`?"
    );
    assert_eq!(error.suggestion.as_deref(), Some("name"));
    let step: crate::event::StepError = error.into();
    assert_eq!(
        (step.code.as_str(), step.field.as_deref()),
        ("missing_value", Some("/row/first~1name"))
    );
    let error = resolved(json!([{"$text": "{$.steps.trigger.nope}"}])).unwrap_err();
    assert_eq!(error.pointer, "/0");
}

#[test]
fn an_object_that_is_no_known_form_is_refused() {
    let table = [
        (
            json!({"$pth": "$.a"}),
            "",
            "`$pth` means nothing here; did you mean `$path`?",
        ),
        (json!({"a": {"$ref": 1}}), "/a", "`$ref` means nothing here"),
        (
            json!({"$path": "$.a", "$text": "b"}),
            "",
            "`$path` and `$text` cannot stand together",
        ),
        (
            json!({"$path": "$.a", "b": 1}),
            "",
            "`b` cannot stand beside `$path`",
        ),
        (
            json!({"$literal": 1, "$default": 1}),
            "",
            "`$default` cannot stand beside `$literal`",
        ),
        (json!({"$default": 1}), "", "neither is here"),
        (
            json!({"$path": 5}),
            "",
            "`$path` must be a text, and it is a number",
        ),
        (
            json!([{"$path": "steps.a"}]),
            "/0",
            "`steps.a` is not a path: a path starts with `$`",
        ),
        (json!({"$text": "a {$.b"}), "", "never closed"),
        (json!({"$text": "costs {$5}"}), "", "`$5` is not a path"),
        (
            json!({"$path": "$.a", "$default": {"$path": "x"}}),
            "/$default",
            "`x` is not a path",
        ),
    ];
    for (value, pointer, message) in table {
        let error = Value::parse(&value).unwrap_err();
        assert_eq!(error.pointer, pointer, "{value}");
        assert!(
            error.message.contains(message),
            "{value}: {}",
            error.message
        );
    }
}

#[test]
fn inputs_are_fields_even_if_they_look_like_a_form() {
    let Json::Object(map) = json!({"$path": "x", "a": {"$path": "x"}}) else {
        panic!("not an object")
    };
    assert_eq!(Value::parse_inputs(&map).unwrap_err().pointer, "/a");
}

#[test]
fn every_path_is_listed_with_its_place() {
    let value = json!({
        "a": {"$path": "$.steps.x", "$default": {"$path": "$.config.y"}},
        "b": [{"$text": "{$.env.p} and {$.env.q}"}],
        "c": {"$literal": {"$path": "$.no"}},
    });
    let value = Value::parse(&value).unwrap();
    let uses: Vec<_> = value
        .paths()
        .map(|found| {
            (
                found.pointer,
                found.path.to_string(),
                found.whole,
                found.defaulted,
            )
        })
        .collect();
    let expected = [
        ("/a", "$.steps.x", true, true),
        ("/a", "$.config.y", true, false),
        ("/b/0", "$.env.p", false, false),
        ("/b/0", "$.env.q", false, false),
    ];
    let expected: Vec<_> = expected
        .map(|(pointer, path, whole, d)| (pointer.to_owned(), path.to_owned(), whole, d))
        .into();
    assert_eq!(uses, expected);
}

#[test]
fn changing_the_mode_loses_nothing() {
    let path = json!({"$path": "$.steps.a", "$default": 1});
    let text = to_text(&path);
    assert_eq!(text, json!({"$text": "{$.steps.a}", "$default": 1}));
    assert_eq!(to_path(&text), path);
    assert_eq!(to_text(&json!("a {$ b")), json!({"$text": "a {{$ b"}));
    assert_eq!(to_value(&json!({"$text": "a {{$ b"})), json!("a {$ b"));
    assert_eq!(to_value(&path), json!("$.steps.a"));
    assert_eq!(to_path(&json!("$.steps.a")), json!({"$path": "$.steps.a"}));
    assert_eq!(to_value(&json!({"$text": "x {$.a}"})), json!("x {$.a}"));
    assert_eq!(
        to_path(&json!({"$text": "x {$.a}"})),
        json!({"$path": "x {$.a}"})
    );
    assert_eq!(to_text(&json!(null)), json!({"$text": ""}));
    assert_eq!(to_text(&json!(5)), json!({"$text": "5"}));
    let modes = [json!(1), path, text, json!({"$literal": {}})].map(|json| mode_of(&json));
    assert_eq!(modes, [Mode::Value, Mode::Path, Mode::Text, Mode::Value]);
}

#[test]
fn a_bottomless_value_is_refused() {
    let deep = (0..=MAX_DEPTH).fold(json!(1), |inner, _| json!([inner]));
    assert!(Value::parse(&deep).unwrap_err().message.contains("nested"));
}

fn any_value() -> impl Strategy<Value = Json> {
    let path = prop_oneof![
        Just("$.steps.a-b.c"),
        Just("$.config['x y'][0]"),
        Just("$.steps.l[*].x")
    ];
    let leaf = prop_oneof![
        any::<i32>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        path.clone().prop_map(|path| json!({"$path": path})),
        (path.clone(), any::<bool>())
            .prop_map(|(path, default)| json!({"$path": path, "$default": default})),
        (path, "[a-z{}]{0,5}")
            .prop_map(|(path, text)| json!({"$text": format!("{text} {{{path}}}{text}")})),
        any::<String>().prop_map(|text| json!({"$literal": {"$x": text}})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-z/~]{0,3}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn printing_what_was_read_is_the_identity(json in any_value()) {
        prop_assert_eq!(Value::parse(&json).unwrap().to_json(), json);
    }

    #[test]
    fn a_text_survives_every_change_of_mode(text in any::<String>()) {
        let json = Json::from(text);
        prop_assert_eq!(to_value(&to_text(&json)), json);
    }

    #[test]
    fn no_text_with_holes_panics(text in "[{}$.a\\['\\]\"\\\\ é]{0,20}") {
        if let Ok(value) = Value::parse(&json!({"$text": text})) {
            let _ = value.resolve(&scope());
        }
    }
}
