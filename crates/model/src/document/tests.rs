//! What `document` promises, mostly as tables.

use super::*;
use proptest::prelude::*;
use serde_json::json;

const SAMPLE: &str = include_str!("../../samples/v1/store-call-logs.json");

fn minimal(steps: Json) -> Json {
    json!({"format": "patchbay.workflow/1", "trigger": {"connector": "manual", "operation": "trigger"}, "steps": steps})
}

fn step(name: &str) -> Json {
    json!({"name": name, "connector": "http", "operation": "request"})
}

#[test]
fn the_first_version_is_read_for_ever_and_printed_as_it_was() {
    let workflow = from_str(SAMPLE).unwrap();
    assert_eq!(
        serde_json::to_string_pretty(&workflow).unwrap() + "\n",
        SAMPLE
    );
    assert_eq!(
        workflow.step("google-sheets-1").unwrap().auth,
        Some("auth_google".into())
    );
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let table = [
        (json!(5), "", "an object", "a number (`5`)"),
        (
            json!({"trigger": {"connector": "a", "operation": "b"}}),
            "/format",
            "`patchbay.workflow/1`",
            "nothing",
        ),
        (
            json!({"format": "patchbay.workflow/9", "trigger": {"connector": "a", "operation": "b"}}),
            "/format",
            "`patchbay.workflow/1`",
            "`patchbay.workflow/9`, which this version of Patchbay does not know",
        ),
        (
            json!({"format": "patchbay.workflow/1"}),
            "/trigger",
            "the trigger",
            "nothing",
        ),
        (minimal(json!({})), "/steps", "a list of steps", "an object"),
        (
            minimal(json!([{"connector": "a", "operation": "b"}])),
            "/steps/0/name",
            "a text",
            "nothing",
        ),
        (
            minimal(json!([{"name": "a", "connector": "a", "operation": "b", "bdy": []}])),
            "/steps/0/bdy",
            "one of the keys name, title, connector, operation, auth, inputs, body, branches, on_error, on_error_steps, retry, timeout, on_interrupt, notes",
            "`bdy`; did you mean `body`?",
        ),
        (
            minimal(json!([{"name": "a", "connector": "a", "operation": "b", "body": [7]}])),
            "/steps/0/body/0",
            "an object",
            "a number (`7`)",
        ),
        (
            minimal(json!([{"name": "a", "connector": "a", "operation": "b", "inputs": []}])),
            "/steps/0/inputs",
            "an object",
            "a list",
        ),
        (
            minimal(
                json!([{"name": "a", "connector": "a", "operation": "b", "on_error": "contineu"}]),
            ),
            "/steps/0/on_error",
            "one of stop, continue, next_item, break_loop, branch",
            "a text (`contineu`); did you mean `continue`?",
        ),
        (
            minimal(
                json!([{"name": "a", "connector": "a", "operation": "b", "retry": {"attempts": -1}}]),
            ),
            "/steps/0/retry/attempts",
            "a whole number of attempts",
            "a number (`-1`)",
        ),
        (
            minimal(json!([{"name": "a", "connector": "a", "operation": "b", "timeout": "5"}])),
            "/steps/0/timeout",
            "a number of seconds",
            "a text (`5`)",
        ),
        (
            minimal(
                json!([{"name": "a", "connector": "a", "operation": "b", "branches": {"a/b": 1}}]),
            ),
            "/steps/0/branches/a~1b",
            "a list of steps",
            "a number (`1`)",
        ),
    ];
    for (document, pointer, expected, found) in table {
        let errors = parse(&document).unwrap_err();
        let expected = DocumentError {
            pointer: pointer.into(),
            expected: expected.into(),
            found: found.into(),
        };
        assert_eq!(errors, [expected], "{document}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let document =
        json!({"format": 1, "name": 2, "trigger": [], "steps": [{}, {"name": 1}], "colour": "red"});
    let pointers: Vec<String> = parse(&document)
        .unwrap_err()
        .into_iter()
        .map(|error| error.pointer)
        .collect();
    let expected = [
        "/colour",
        "/format",
        "/name",
        "/trigger",
        "/steps/0/name",
        "/steps/0/connector",
        "/steps/0/operation",
        "/steps/1/name",
        "/steps/1/connector",
        "/steps/1/operation",
    ];
    assert_eq!(pointers, expected);
}

#[test]
fn text_that_is_no_json_says_where() {
    let errors = from_str("{\n  \"format\": }").unwrap_err();
    assert!(errors[0].found.contains("line 2"), "{}", errors[0]);
    assert_eq!(errors[0].expected, "JSON");
}

#[test]
fn bottomless_documents_are_refused() {
    let document = (0..100_000).fold(json!(1), |inner, _| Json::Array(vec![inner]));
    assert!(
        parse(&document).unwrap_err()[0]
            .expected
            .contains("nested at most")
    );
    // Dropping it would itself run out of stack.
    std::mem::forget(document);
    let nested = (0..=MAX_NESTING).fold(json!([]), |inner, depth| {
        json!([{"name": format!("l-{depth}"), "connector": "loop", "operation": "loop_list", "body": inner}])
    });
    let errors = parse(&minimal(nested)).unwrap_err();
    assert!(errors[0].expected.contains("64 deep"), "{}", errors[0]);
}

fn tree() -> Workflow {
    let mut looped = step("loop-1");
    looped["body"] = json!([step("a-1"), step("a-2")]);
    looped["on_error_steps"] = json!([step("e-1")]);
    let mut branched = step("branch-1");
    branched["branches"] = json!({"true": [step("b-1")], "false": [looped]});
    parse(&minimal(json!([step("s-1"), branched, step("s-2")]))).unwrap()
}

#[test]
fn steps_are_visited_depth_first() {
    let workflow = tree();
    let visits: Vec<(String, usize)> = workflow
        .all_steps()
        .map(|visit| (visit.step.name.clone(), visit.depth))
        .collect();
    let expected = [
        ("s-1", 0),
        ("branch-1", 0),
        ("b-1", 1),
        ("loop-1", 1),
        ("a-1", 2),
        ("a-2", 2),
        ("e-1", 2),
        ("s-2", 0),
    ];
    assert_eq!(
        visits,
        expected.map(|(name, depth)| (name.to_owned(), depth))
    );
    assert_eq!(workflow.ancestors("a-2"), ["branch-1", "loop-1"]);
    assert_eq!(workflow.names().len(), 9);
}

#[test]
fn every_step_is_found_at_its_place() {
    let mut workflow = tree();
    let names: Vec<String> = workflow
        .all_steps()
        .map(|visit| visit.step.name.clone())
        .collect();
    for name in names {
        let place = workflow.place_of(&name).unwrap();
        assert_eq!(workflow.list(&place).unwrap()[place.index].name, name);
        assert_eq!(workflow.step_mut(&name).unwrap().name, name);
    }
    assert_eq!(
        workflow.place_of("a-2"),
        Some(Place {
            parent: Some("loop-1".into()),
            lane: Some(Lane::Body),
            index: 1
        })
    );
    assert_eq!(workflow.place_of("nope"), None);
    assert!(workflow.step_mut("trigger").is_none());
}

#[test]
fn a_fresh_name_counts_on() {
    let workflow = tree();
    let table = [
        ("a", "a-3"),
        ("s", "s-3"),
        ("google-sheets", "google-sheets-1"),
        ("trigger", "step-1"),
        ("", "step-1"),
        ("branch", "branch-2"),
    ];
    for (connector, expected) in table {
        assert_eq!(workflow.fresh_name(connector), expected);
    }
}

#[test]
fn names_are_short_to_write() {
    let table = [
        ("a-1", true),
        ("größe_2", true),
        ("1a", false),
        ("a b", false),
        ("", false),
        ("trigger", false),
        ("a.b", false),
    ];
    for (name, sound) in table {
        assert_eq!(sound_name(name), sound, "{name}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let word = prop_oneof![
        Just("patchbay.workflow/1".to_owned()),
        Just("stop".to_owned()),
        Just("loop".to_owned()),
        "[a-z]{0,3}",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        word.prop_map(Json::from)
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "format",
            "name",
            "title",
            "config",
            "trigger",
            "steps",
            "connector",
            "operation",
            "auth",
            "inputs",
            "body",
            "branches",
            "on_error",
            "retry",
            "attempts",
            "timeout",
            "view"
        ])
        .prop_map(str::to_owned),
        "[a-z/~]{0,3}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_reader_agrees_with_serde(json in any_json(), inner in any_json()) {
        let mut wrapped = minimal(json!([step("a"), step("b")]));
        if let (Json::Object(entries), Some(target)) = (inner, wrapped["steps"][0].as_object_mut()) {
            target.extend(entries);
        }
        for document in [json, wrapped] {
            match (parse(&document), serde_json::from_value::<Workflow>(document.clone())) {
                (Ok(read), Ok(expected)) => {
                    prop_assert_eq!(&read, &expected);
                    prop_assert_eq!(parse(&serde_json::to_value(&read).unwrap()), Ok(read));
                }
                (Err(errors), Err(_)) => prop_assert!(!errors.is_empty()),
                (read, expected) => prop_assert!(false, "{} reads as {:?}, and serde says {:?}", document, read, expected.is_ok()),
            }
        }
    }
}

#[test]
fn a_run_may_be_given_a_time_and_documents_without_one_stay_as_they_are() {
    let mut json: Json = serde_json::from_str(SAMPLE).unwrap();
    let plain = parse(&json).unwrap();
    assert_eq!(plain.timeout, None);
    assert_eq!(serde_json::to_value(&plain).unwrap().get("timeout"), None);
    json["timeout"] = json!(90);
    let timed = parse(&json).unwrap();
    assert_eq!(timed.timeout, Some(90.0));
    assert_eq!(
        serde_json::to_value(&timed).unwrap()["timeout"],
        json!(90.0)
    );
    json["timeout"] = json!("soon");
    assert_eq!(parse(&json).unwrap_err()[0].pointer, "/timeout");
}
