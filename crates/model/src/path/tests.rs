//! What `path` promises, mostly as tables.

use super::*;
use crate::scope::{Frame, JsonScope};
use serde_json::json;
use std::sync::Arc;

fn names(path: &str) -> Vec<Segment> {
    Path::parse(path).unwrap().segments().unwrap().to_vec()
}

fn data() -> JsonScope {
    JsonScope(json!({
        "steps": {
            "trigger": { "since": "2026-01-01T00:00:00Z", "nothing": null },
            "ringcentral-1": { "records": [
                { "direction": "Inbound", "from": { "phoneNumber": "+1650", "name": "Ann" }, "first name": "A" },
                { "direction": "Outbound", "from": { "name": "Bob" } },
            ] },
        },
        "config": { "sheet": "Calls" },
        "env": {},
        "errors": {},
    }))
}

fn found(path: &str) -> Option<Json> {
    let scope = data();
    match Path::parse(path).unwrap().find(&scope).unwrap() {
        Found::Value(value) => Some(value.into_owned()),
        Found::Missing(_) => None,
    }
}

fn why(path: &str, scope: &dyn Scope) -> String {
    let path = Path::parse(path).unwrap();
    match path.find(scope).unwrap() {
        Found::Missing(miss) => miss.explain(&path, scope).message,
        Found::Value(value) => panic!("{path} is {value}"),
    }
}

#[test]
fn dot_names_may_hold_hyphens_and_blanks() {
    let name = |text: &str| Segment::from(text);
    let table = [
        ("$", vec![]),
        (
            "$.steps.ringcentral-1.records",
            vec![name("steps"), name("ringcentral-1"), name("records")],
        ),
        (
            "$.steps['ringcentral-1'].records",
            vec![name("steps"), name("ringcentral-1"), name("records")],
        ),
        (
            "$.a.first name.b",
            vec![name("a"), name("first name"), name("b")],
        ),
        (
            "$ .a [0] [\"x\"]",
            vec![name("a"), Segment::Index(0), name("x")],
        ),
        ("$.a[-1]", vec![name("a"), Segment::Index(-1)]),
        ("$.a['it\\'s \\u00e4']", vec![name("a"), name("it's ä")]),
        ("$['\\ud83d\\ude00']", vec![name("😀")]),
        (
            "$.steps.trigger.#calling_workflow",
            vec![name("steps"), name("trigger"), name("#calling_workflow")],
        ),
        ("$.größe", vec![name("größe")]),
        ("$['a]b'].c", vec![name("a]b"), name("c")]),
    ];
    for (text, expected) in table {
        assert_eq!(names(text), expected, "{text}");
        assert_eq!(Path::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_text_that_is_no_path_is_refused_with_its_place() {
    let table = [
        ("", 0, "starts with `$`"),
        ("steps.a", 0, "starts with `$`"),
        ("$steps", 1, "a `.` or `[` must come before it"),
        ("$.", 2, "a name is missing"),
        ("$.a..", 5, "a name is missing"),
        ("$.a[", 3, "never closed"),
        ("$.a[]", 4, "missing between the brackets"),
        ("$.a[b]", 4, "in quotes: `['b']`"),
        ("$.a['b]", 4, "never closed"),
        ("$.a[01]", 4, "not an index"),
        ("$.a[-0]", 4, "not an index"),
        ("$.a[99999999999999999999]", 4, "not an index"),
        ("$.a)", 3, "`)` cannot stand in a name"),
        ("$.a['\\x']", 5, "no escape"),
    ];
    for (text, at, message) in table {
        let error = Path::parse(text).unwrap_err();
        assert!(error.message.contains(message), "{text}: {}", error.message);
        assert_eq!(error.at, at, "{text}: {}", error.message);
    }
    assert!(Path::parse(&format!("$.{}", "a".repeat(MAX_LENGTH))).is_err());
}

#[test]
fn paths_that_are_not_singular_are_told_apart() {
    for text in [
        "$.a[*]",
        "$.a.*",
        "$..a",
        "$.a[0:2]",
        "$.a[0,1]",
        "$.a['x','y']",
        "$.a[?@.b == 1]",
        "$.a[::2].b",
    ] {
        let path = Path::parse(text).unwrap();
        assert!(!path.is_singular(), "{text}");
        assert_eq!(path.segments(), None, "{text}");
    }
}

#[test]
fn the_prettiest_spelling_reads_back() {
    let path = Path::to_step(
        "loop-1",
        ["value", "from", "phoneNumber"].map(Segment::from),
    );
    assert_eq!(path.as_str(), "$.steps.loop-1.value.from.phoneNumber");
    let odd = [
        "first name",
        "1st",
        "it's",
        "a\\b",
        "tab\t",
        "",
        "$x",
        "größe",
    ]
    .map(Segment::from);
    let path = Path::to_step("s", odd.into_iter().chain([Segment::Index(-1)]));
    assert_eq!(
        path.as_str(),
        "$.steps.s['first name']['1st']['it\\'s']['a\\\\b']['tab\\u0009']['']['$x'].größe[-1]"
    );
    assert_eq!(Path::parse(path.as_str()).unwrap(), path);
}

#[test]
fn the_root_says_where_a_path_begins() {
    let table = [
        ("$.steps.a.b", Some(Root::Step("a")), 1),
        ("$.steps.a[*].b", Some(Root::Step("a")), 0),
        ("$.errors.a.message", Some(Root::Error("a")), 1),
        ("$.config.sheet", Some(Root::Config), 1),
        ("$.env", Some(Root::Env), 0),
        ("$.steps", None, 1),
        ("$.steps[*]", None, 1),
        ("$.trigger", None, 1),
    ];
    for (text, root, below) in table {
        let path = Path::parse(text).unwrap();
        assert_eq!(path.root(), root, "{text}");
        assert_eq!(path.below_root().len(), below, "{text}");
    }
}

#[test]
fn a_step_in_a_path_can_be_renamed() {
    let rename = |text: &str| {
        Path::parse(text)
            .unwrap()
            .with_step("loop-1", "loop-2")
            .map(|path| path.to_string())
    };
    assert_eq!(
        rename("$.steps.loop-1.value.a b").as_deref(),
        Some("$.steps.loop-2.value.a b")
    );
    assert_eq!(
        rename("$.steps['loop-1'][*]").as_deref(),
        Some("$.steps.loop-2[*]")
    );
    assert_eq!(
        rename("$.errors.loop-1").as_deref(),
        Some("$.errors.loop-2")
    );
    assert_eq!(rename("$.steps.loop-10.value"), None);
    assert_eq!(rename("$.config.loop-1"), None);
}

#[test]
fn a_singular_path_yields_a_value_or_missing() {
    let table = [
        (
            "$.steps.ringcentral-1.records[0].direction",
            Some(json!("Inbound")),
        ),
        (
            "$.steps.ringcentral-1.records[-1].from",
            Some(json!({"name": "Bob"})),
        ),
        (
            "$.steps.ringcentral-1.records[0].first name",
            Some(json!("A")),
        ),
        ("$.steps.trigger.nothing", Some(json!(null))),
        ("$.steps.trigger.nothing.more", None),
        ("$.steps.ringcentral-1.records[2]", None),
        ("$.steps.ringcentral-1.records[-3]", None),
        ("$.steps.ringcentral-1.records.direction", None),
        ("$.config.sheet", Some(json!("Calls"))),
        ("$.config", Some(json!({"sheet": "Calls"}))),
        ("$.steps.other", None),
        ("$.other", None),
    ];
    for (text, expected) in table {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn a_miss_names_what_is_there() {
    let scope = data();
    let table = [
        (
            "$.steps.ringcentral-1.records[0].fromm",
            "no `fromm` in $.steps.ringcentral-1.records[0]; did you mean `from`?",
        ),
        (
            "$.steps.ringcentral-1.records[0].colour",
            "no `colour` in $.steps.ringcentral-1.records[0]; it has direction, from, first name",
        ),
        (
            "$.steps.ringcentral-1.records[7]",
            "there is no item [7] in $.steps.ringcentral-1.records, which has 2 items",
        ),
        (
            "$.steps.ringcentral-1.records.from",
            "$.steps.ringcentral-1.records is a list, so it has no `from`; take one item, like [0], or loop over it",
        ),
        (
            "$.steps.trigger.nothing.x",
            "$.steps.trigger.nothing is empty (null), so there is no `x` in it",
        ),
        (
            "$.steps.trigger.since.x",
            "$.steps.trigger.since is a text, so there is no `x` in it",
        ),
        ("$.env.x", "no `x` in $.env; it is empty"),
    ];
    for (text, expected) in table {
        assert_eq!(why(text, &scope), expected, "{text}");
    }
}

fn frames() -> Frame {
    let mut top = Frame::top(json!({"sheet": "Calls"}), json!({}));
    top.set_step("trigger", Arc::new(json!({"a": 1})));
    top.set_step("ringcentral-1", Arc::new(json!({"records": []})));
    let list = Arc::new(json!([{"from": "x"}, {"from": "y"}]));
    let mut frame = Frame::iteration(Arc::new(top), "loop-1", list, 1);
    frame.set_step("inner-1", Arc::new(json!("done")));
    frame.set_error("inner-2", Arc::new(json!({"message": "no"})));
    frame
}

#[test]
fn a_loop_lends_its_item_and_counts() {
    let frame = frames();
    let table = [
        ("$.steps.loop-1.value.from", json!("y")),
        ("$.steps.loop-1.index", json!(1)),
        ("$.steps.loop-1.is_first", json!(false)),
        ("$.steps.loop-1.is_last", json!(true)),
        ("$.steps.loop-1.count", json!(2)),
        ("$.steps.trigger.a", json!(1)),
        ("$.steps.inner-1", json!("done")),
        ("$.errors.inner-2.message", json!("no")),
        ("$.config.sheet", json!("Calls")),
        ("$.errors", json!({"inner-2": {"message": "no"}})),
    ];
    for (text, expected) in table {
        let path = Path::parse(text).unwrap();
        let Found::Value(value) = path.find(&frame).unwrap() else {
            panic!("{text} is missing")
        };
        assert_eq!(*value, expected, "{text}");
    }
    let path = Path::parse("$.steps.loop-1.value").unwrap();
    assert!(matches!(
        path.find(&frame).unwrap(),
        Found::Value(Cow::Borrowed(_))
    ));
}

#[test]
fn a_loop_over_an_object_lends_the_key_too() {
    let top = Arc::new(Frame::top(json!({}), json!({})));
    let frame = Frame::iteration(top, "loop-1", Arc::new(json!({"a": 1, "b": 2})), 1);
    let path = Path::parse("$.steps.loop-1").unwrap();
    let Found::Value(value) = path.find(&frame).unwrap() else {
        panic!("missing")
    };
    assert_eq!(
        *value,
        json!({"value": 2, "key": "b", "index": 1, "is_first": false, "is_last": true, "count": 2})
    );
}

#[test]
fn a_miss_in_layers_names_the_steps_that_are_there() {
    let frame = frames();
    let table = [
        (
            "$.steps.ringcentra-1.records",
            "step `ringcentra-1` has no output here; did you mean `ringcentral-1`?",
        ),
        (
            "$.steps.loop-1.valeu",
            "no `valeu` in $.steps.loop-1; did you mean `value`?",
        ),
        (
            "$.steps.loop-1.index.x",
            "there is nothing in $.steps.loop-1.index, so it has no `x`",
        ),
        (
            "$.steps.loop-1.value.fromm",
            "no `fromm` in $.steps.loop-1.value; did you mean `from`?",
        ),
        ("$.trigger.a", "the trigger's data is at `$.steps.trigger`"),
        (
            "$.stepps.a",
            "a path starts with `$.steps.…`, `$.config.…`, `$.env.…` or `$.errors.…`; there is no `$.stepps`; did you mean `steps`?",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(why(text, &frame), expected, "{text}");
    }
}

#[cfg(not(feature = "query"))]
#[test]
fn without_the_engine_only_the_server_can_answer() {
    let path = Path::parse("$.a[*]").unwrap();
    assert_eq!(
        path.find(&data()),
        Err(FindError::NeedsServer("$.a[*]".to_owned()))
    );
}

#[cfg(feature = "query")]
mod with_the_engine {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_other_path_yields_a_list() {
        let table = [
            (
                "$.steps.ringcentral-1.records[*].direction",
                json!(["Inbound", "Outbound"]),
            ),
            (
                "$.steps.ringcentral-1.records[*].from.phoneNumber",
                json!(["+1650"]),
            ),
            (
                "$.steps.ringcentral-1.records[?@.direction == 'Outbound'].from.name",
                json!(["Bob"]),
            ),
            (
                "$.steps.ringcentral-1.records[?@.direction == $.config.sheet]",
                json!([]),
            ),
            (
                "$.steps.ringcentral-1.records[?$.steps.ringcentral-1.records[0].direction == @.direction].direction",
                json!(["Inbound"]),
            ),
            ("$.steps.ringcentral-1..name", json!(["Ann", "Bob"])),
            (
                "$.steps.ringcentral-1.records[-1:].direction",
                json!(["Outbound"]),
            ),
            ("$.steps.*.since", json!(["2026-01-01T00:00:00Z"])),
            ("$.steps.nope[*]", json!([])),
            ("$..sheet", json!(["Calls"])),
        ];
        for (text, expected) in table {
            assert_eq!(found(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_query_over_layers_sees_the_same_as_over_an_object() {
        let frame = frames();
        let table = [
            ("$.steps.loop-1.value[*]", json!(["y"])),
            ("$..from", json!(["y"])),
            ("$.steps[?@ == 'done']", json!(["done"])),
        ];
        for (text, expected) in table {
            let Found::Value(value) = Path::parse(text).unwrap().find(&frame).unwrap() else {
                panic!("{text}")
            };
            assert_eq!(*value, expected, "{text}");
        }
    }

    #[test]
    fn the_part_that_is_no_jsonpath_is_named() {
        let error = Path::parse("$.steps.a[?@.b = 1].c").unwrap_err();
        assert!(
            error.message.starts_with("`[?@.b = 1]` is not JSONPath"),
            "{}",
            error.message
        );
        assert_eq!(error.at, 9);
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i32>().prop_map(Json::from),
            "[a-c]{0,2}".prop_map(Json::from)
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::vec((key(), inner), 0..4)
                    .prop_map(|entries| Json::Object(entries.into_iter().collect())),
            ]
        })
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-c]",
            "[a-b]-[0-2]",
            "[a-b] [a-b]",
            Just("it's \"x\" \\".to_owned()),
            any::<String>()
        ]
    }

    fn segment() -> impl Strategy<Value = Segment> {
        prop_oneof![
            key().prop_map(Segment::Name),
            (-4_i64..4).prop_map(Segment::Index)
        ]
    }

    proptest! {
        #[test]
        fn the_walk_agrees_with_the_engine(document in json(), segments in prop::collection::vec(segment(), 0..4)) {
            let path = Path::from_segments(segments);
            prop_assert_eq!(&Path::parse(path.as_str()).unwrap(), &path);
            let tokens = normalise::tokens(path.as_str()).unwrap();
            let engine = query::Compiled::new(&tokens, 0).unwrap().find(&document).unwrap();
            let scope = JsonScope(document);
            let walked = match path.find(&scope).unwrap() {
                Found::Value(value) => vec![value.into_owned()],
                Found::Missing(miss) => {
                    prop_assert!(!miss.explain(&path, &scope).message.is_empty());
                    vec![]
                }
            };
            prop_assert_eq!(walked, engine);
        }

        #[test]
        fn no_text_makes_a_path_panic(text in "[$a.\\[\\]'\"*?@(){}0-9,:\\\\ =|&!<>u-]{0,24}", any in any::<String>()) {
            for text in [text.clone(), format!("${text}"), format!("$.{any}"), any] {
                if let Ok(path) = Path::parse(&text) {
                    let _ = path.find(&data());
                }
            }
        }
    }
}
