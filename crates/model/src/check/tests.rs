//! What `check` promises, mostly as tables.

use super::*;
use crate::{
    Json,
    document::parse,
    problem::Severity,
    reach::Shaped,
    schema::{Schema, Type},
    spec::ConnectorSpec,
};
use proptest::prelude::*;
use serde_json::json;
use std::sync::LazyLock;

fn catalog() -> &'static Vec<ConnectorSpec> {
    static CATALOG: LazyLock<Vec<ConnectorSpec>> =
        LazyLock::new(|| serde_json::from_str(include_str!("../../samples/catalog.json")).unwrap());
    &CATALOG
}

fn seed() -> Json {
    serde_json::from_str(include_str!("../../samples/v1/store-call-logs.json")).unwrap()
}

fn problems(document: &Json) -> Vec<Problem> {
    check(&parse(document).unwrap(), catalog(), &Context::default())
}

/// The seed's job with one thing changed.
fn with(pointer: &str, value: Json) -> Json {
    let mut document = seed();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Json::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        Json::Array(items) if key == "-" => items.push(value),
        Json::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{parent} cannot be changed"),
    }
    document
}

fn shown(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let severity = if problem.severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            let place = [problem.step.as_deref(), problem.field.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
            let tail = problem
                .suggestion
                .as_ref()
                .map(|suggestion| format!(" → {suggestion}"))
                .unwrap_or_default();
            format!(
                "{severity} {} at {place}: {}{tail}",
                problem.code, problem.message
            )
        })
        .collect()
}

#[test]
fn the_seeds_job_is_sound() {
    assert_eq!(shown(&problems(&seed())), Vec::<String>::new());
}

const RC: &str = "/steps/0";
const LOOP: &str = "/steps/1";
const ROW: &str = "/steps/1/body/0";

#[test]
fn each_mistake_has_its_sentence() {
    let step = |name: &str| json!({"name": name, "connector": "http", "operation": "request", "inputs": {"url": "https://example.com"}});
    let url = |path: &str| json!({"name": "http-1", "connector": "http", "operation": "request", "inputs": {"url": {"$path": path}}});
    let table: Vec<(String, Json, &str)> = vec![
        (
            format!("{RC}/connector"),
            json!("ringcentrall"),
            "error unknown_connector at ringcentral-1: There is no connector `ringcentrall` here. → ringcentral",
        ),
        (
            format!("{RC}/operation"),
            json!("list_extension_call_log"),
            "error unknown_operation at ringcentral-1: RingCentral has no operation `list_extension_call_log`; choose another one. → list_extension_call_logs",
        ),
        (
            format!("{RC}/operation"),
            json!("new_call"),
            "error trigger_in_steps at ringcentral-1: A trigger starts a workflow and cannot stand among its steps.",
        ),
        (
            "/trigger/operation".into(),
            json!("triger"),
            "error unknown_operation at trigger: Manual has no trigger `triger`; choose another one. → trigger",
        ),
        (
            "/steps/-".into(),
            step("ringcentral-1"),
            "error duplicate_name at ringcentral-1: Another step is named `ringcentral-1` too; each name may stand only once. → ringcentral-2",
        ),
        (
            "/steps/-".into(),
            step("trigger"),
            "error bad_name at trigger: A step cannot be named `trigger`: that name belongs to the trigger.",
        ),
        (
            "/steps/-".into(),
            step("a b"),
            "error bad_name at a b: `a b` cannot be the name of a step: it must begin with a letter and have only letters, digits, `-` and `_`, at most 100 of them.",
        ),
        (
            format!("{RC}/auth"),
            json!(null),
            "error missing_authentication at ringcentral-1 auth: Choose a RingCentral authentication, or create one.",
        ),
        (
            format!("{RC}/inputs"),
            json!({}),
            "error missing_input at ringcentral-1 /extension_id: Extension ID needs a value.",
        ),
        (
            format!("{RC}/inputs/extension_id"),
            json!(""),
            "error missing_input at ringcentral-1 /extension_id: Extension ID needs a value.",
        ),
        (
            format!("{RC}/inputs/show_bloked"),
            json!(true),
            "error unknown_input at ringcentral-1 /show_bloked: There is no `show_bloked` here. → show_blocked",
        ),
        (
            format!("{RC}/inputs/show_blocked"),
            json!("maybe"),
            "error bad_value at ringcentral-1 /show_blocked: show_blocked must be yes or no, and it is `maybe`.",
        ),
        (
            format!("{RC}/inputs/per_page"),
            json!(5000),
            "error bad_value at ringcentral-1 /per_page: per_page must be at most 1000, and it is 5000.",
        ),
        (
            format!("{RC}/inputs/direction"),
            json!(["Inbuond"]),
            "error bad_value at ringcentral-1 /direction/0: direction cannot be `Inbuond`; it can be Inbound, Outbound. → Inbound",
        ),
        (
            format!("{RC}/inputs/date_from"),
            json!("yesterday"),
            "error bad_value at ringcentral-1 /date_from: date_from must be a date and time like 2026-01-31T08:00:00Z, and it is `yesterday`.",
        ),
        (
            format!("{ROW}/inputs/worksheet"),
            json!({"$pth": "$.config.sheet"}),
            "error bad_value at google-sheets-1 /worksheet: Worksheet: `$pth` means nothing here; did you mean `$path`?; allowed are $path, $text (each with $default) and $literal; an object whose keys start with `$` is written as {\"$literal\": …}.",
        ),
        (
            format!("{ROW}/inputs/worksheet"),
            json!({"$path": "config.sheet"}),
            "error bad_path at google-sheets-1 /worksheet: Worksheet: `config.sheet` is not a path: a path starts with `$`, like `$.steps.trigger`.",
        ),
        (
            format!("{ROW}/inputs/worksheet"),
            json!({"$path": "$.config.shet"}),
            "error unknown_key at google-sheets-1 /worksheet: Worksheet: $.config has no `shet` as far as is known. → $.config.sheet",
        ),
        (
            format!("{ROW}/inputs/worksheet"),
            json!({"$path": "$.trigger.x"}),
            "error bad_path at google-sheets-1 /worksheet: Worksheet: a path starts with `$.steps.…`, `$.config.…`, `$.env.…` or `$.errors.…`. → $.steps.trigger.x",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.lop-1.value.direction"}),
            "error unknown_step at google-sheets-1 /row/Direction: Row › Direction: there is no step `lop-1`. → $.steps.loop-1.value.direction",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.loop-1.value.directoin"}),
            "warning unknown_key at google-sheets-1 /row/Direction: Row › Direction: $.steps.loop-1.value has no `directoin` as far as is known. → $.steps.loop-1.value.direction",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.loop-1.value.from.phone"}),
            "error unknown_key at google-sheets-1 /row/Direction: Row › Direction: $.steps.loop-1.value.from has no `phone` as far as is known; it has phoneNumber, name.",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.ringcentral-1.records.direction"}),
            "error unknown_key at google-sheets-1 /row/Direction: Row › Direction: $.steps.ringcentral-1.records is a list and has no `direction`; take one item, like [0], or loop over it.",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.google-sheets-1.row_number"}),
            "error self_path at google-sheets-1 /row/Direction: Row › Direction: `$.steps.google-sheets-1.row_number` is this step's own output, which is not there yet.",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$path": "$.steps.loop-1.value.from"}),
            "error type_clash at google-sheets-1 /row/Direction: Row › Direction: this is an object and the field takes a text; take one of its keys.",
        ),
        (
            format!("{ROW}/inputs/worksheet"),
            json!({"$path": "$.steps.ringcentral-1.records[*].direction"}),
            "error type_clash at google-sheets-1 /worksheet: Worksheet: this is a list and the field takes a text; take one item of the list, or loop over it.",
        ),
        (
            format!("{ROW}/inputs/row/Direction"),
            json!({"$text": "{$.steps.nothing}"}),
            "error unknown_step at google-sheets-1 /row/Direction: Row › Direction: there is no step `nothing`.",
        ),
        (
            format!("{ROW}/inputs/row"),
            json!({"$text": "x"}),
            "error type_clash at google-sheets-1 /row: Row: this is a text and the field takes an object.",
        ),
        (
            format!("{RC}/inputs/extension_id"),
            json!({"$path": "$.steps.loop-1.count"}),
            "error forward_path at ringcentral-1 /extension_id: Extension ID: step `loop-1` runs only after this one; move it up, or choose a step that runs before.",
        ),
        (
            "/steps/-".into(),
            url("$.steps.google-sheets-1.row_number"),
            "error out_of_scope at http-1 /url: URL: step `google-sheets-1` runs inside the loop `loop-1`, whose items cannot be seen from out here; the loop itself offers count, succeeded and failed.",
        ),
        (
            "/steps/-".into(),
            url("$.steps.loop-1.value"),
            "error unknown_key at http-1 /url: URL: $.steps.loop-1 has no `value` as far as is known; it has count, succeeded, failed.",
        ),
        (
            "/steps/-".into(),
            url("$.errors.loop-1.message"),
            "error out_of_scope at http-1 /url: URL: the error of `loop-1` can be seen only in its own error branch.",
        ),
        (
            format!("{LOOP}/body"),
            json!(null),
            "error body_missing at loop-1: A loop needs a body: the steps that it repeats.",
        ),
        (
            format!("{LOOP}/body"),
            json!([]),
            "warning empty_loop at loop-1: This loop repeats nothing; add a step inside it.",
        ),
        (
            format!("{LOOP}/inputs/list"),
            json!({"$path": "$.steps.ringcentral-1.paging.page"}),
            "error type_clash at loop-1 /list: List: this is a number and a loop goes over a list.",
        ),
        (
            format!("{RC}/body"),
            json!([]),
            "error body_not_allowed at ringcentral-1: List extension call logs is no loop, so no steps can stand inside it.",
        ),
        (
            format!("{RC}/branches"),
            json!({}),
            "error branches_not_allowed at ringcentral-1: List extension call logs does not branch, so it cannot have branches.",
        ),
        (
            format!("{RC}/on_error"),
            json!("next_item"),
            "error not_in_a_loop at ringcentral-1: The error handling speaks of a loop, and this step is in none; choose to stop or to continue.",
        ),
        (format!("{ROW}/on_error"), json!("next_item"), ""),
        (
            format!("{RC}/on_error"),
            json!("branch"),
            "warning empty_error_branch at ringcentral-1: The error branch is empty, so a failure is ignored; add a step to it.",
        ),
        (
            format!("{RC}/retry"),
            json!({"attempts": 0}),
            "error bad_retry at ringcentral-1: A retry needs at least one attempt, and delays that are not negative.",
        ),
        (
            format!("{RC}/timeout"),
            json!(0),
            "error bad_timeout at ringcentral-1: The timeout must be more than 0 seconds.",
        ),
        (
            format!("{LOOP}/inputs/collect"),
            json!({"row": {"$path": "$.steps.google-sheets-1.row_number"}, "of": {"$path": "$.steps.loop-1.value.direction"}}),
            "",
        ),
        // Forgiven: what the interpreter straightens.
        (format!("{RC}/inputs/extension_id"), json!(101), ""),
        (format!("{RC}/inputs/per_page"), json!("100"), ""),
        (format!("{RC}/inputs/direction"), json!("Inbound"), ""),
        (format!("{RC}/inputs/date_from"), json!(null), ""),
        (
            format!("{RC}/inputs/date_from"),
            json!({"$path": "$.steps.trigger.since"}),
            "",
        ),
        (
            format!("{ROW}/inputs/row/toPhone"),
            json!({"$path": "$.steps.loop-1.value.nope", "$default": ""}),
            "",
        ),
        (
            format!("{ROW}/inputs/row/n"),
            json!({"$path": "$.steps.loop-1.index"}),
            "",
        ),
        (
            format!("{ROW}/inputs/row/n"),
            json!({"$path": "$.env.run_id"}),
            "",
        ),
        (
            format!("{ROW}/inputs/row/n"),
            json!({"$path": "$.steps.trigger.anything"}),
            "",
        ),
    ];
    for (pointer, value, expected) in table {
        let found = shown(&problems(&with(&pointer, value.clone())));
        match expected {
            "" => assert!(found.is_empty(), "{pointer} = {value}: {found:#?}"),
            _ => assert!(
                found.iter().any(|line| *line == expected),
                "{pointer} = {value}: {found:#?}"
            ),
        }
    }
}

#[test]
fn an_error_branch_sees_the_error_and_not_the_output() {
    let inner = |path: &str| json!([{"name": "http-1", "connector": "http", "operation": "request", "inputs": {"url": {"$path": path}}}]);
    let mut document = with("/steps/0/on_error", json!("branch"));
    document["steps"][0]["on_error_steps"] = inner("$.errors.ringcentral-1.message");
    assert_eq!(shown(&problems(&document)), Vec::<String>::new());
    document["steps"][0]["on_error_steps"] = inner("$.steps.ringcentral-1.paging");
    let found = problems(&document);
    assert_eq!(
        (found[0].code.as_str(), found[0].suggestion.as_deref()),
        ("out_of_scope", Some("$.errors.ringcentral-1"))
    );
}

#[test]
fn authentications_are_checked_when_they_are_known() {
    let known = |id: &str, service: &str, scopes: Option<&[&str]>| KnownAuthentication {
        id: id.into(),
        name: "Mine".into(),
        service: service.into(),
        scopes: scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect()),
    };
    let google = || known("auth_google", "google", None);
    let table = [
        (
            vec![
                known("auth_ringcentral", "ringcentral", Some(&["ReadCallLog"])),
                google(),
            ],
            "",
        ),
        (
            vec![
                known("auth_ringcentral", "ringcentral", Some(&["ReadAccounts"])),
                google(),
            ],
            "",
        ),
        (
            vec![known("auth_ringcentral", "ringcentral", None), google()],
            "",
        ),
        (
            vec![
                known("auth_ringcentral", "ringcentral", Some(&[])),
                google(),
            ],
            "warning missing_scope at ringcentral-1 auth: `Mine` was not granted ReadCallLog, which this step needs; reconnect it with more scopes.",
        ),
        (
            vec![google()],
            "error unknown_authentication at ringcentral-1 auth: This RingCentral authentication is gone, or it is not yours to use; choose another one.",
        ),
        (
            vec![known("auth_ringcentral", "google", None), google()],
            "error wrong_service at ringcentral-1 auth: `Mine` is for another service; choose a RingCentral authentication.",
        ),
    ];
    for (authentications, expected) in table {
        let context = Context {
            authentications: Some(&authentications),
            known: None,
        };
        let found = shown(&check(&parse(&seed()).unwrap(), catalog(), &context));
        assert_eq!(
            found,
            Vec::from_iter(Some(expected.to_owned()).filter(|line| !line.is_empty()))
        );
    }
}

#[test]
fn shaped_inputs_and_samples_are_used() {
    let mut known = Known::default();
    let row = Schema {
        additional: Some(crate::schema::Additional::Any(false)),
        ..Schema::object([("Direction".to_owned(), Schema::of(Type::String))])
    };
    let text = || Schema::of(Type::String);
    let inputs = Schema::object([
        ("spreadsheet_id".to_owned(), text()),
        ("worksheet".to_owned(), text()),
        ("row".to_owned(), row),
    ]);
    known.shaped.insert(
        "google-sheets-1".into(),
        Shaped {
            inputs: Some(inputs),
            output: None,
        },
    );
    let workflow = parse(&seed()).unwrap();
    let found = check(
        &workflow,
        catalog(),
        &Context {
            known: Some(&known),
            authentications: None,
        },
    );
    let fields: Vec<_> = found
        .iter()
        .map(|problem| (problem.code.as_str(), problem.field.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [
            ("unknown_input", Some("/row/fromPhone")),
            ("unknown_input", Some("/row/toPhone"))
        ]
    );

    let document = with(
        "/steps/1/body/0/inputs/row/Direction",
        json!({"$path": "$.steps.loop-1.value.result"}),
    );
    assert_eq!(problems(&document).len(), 1);
    let known = Known {
        samples: [(
            "ringcentral-1".to_owned(),
            json!({"records": [{"result": "Missed"}]}),
        )]
        .into(),
        ..Known::default()
    };
    let found = check(
        &parse(&document).unwrap(),
        catalog(),
        &Context {
            known: Some(&known),
            authentications: None,
        },
    );
    assert_eq!(shown(&found), Vec::<String>::new());
}

fn any_value() -> impl Strategy<Value = Json> {
    let path = prop::sample::select(vec![
        "$.steps.a.b",
        "$.steps.l.value.x",
        "$.steps[*]",
        "$..x",
        "$",
        "$.steps",
        "$.errors.a",
        "$.config.k[0]",
        "$.x",
        "x",
        "$.steps.trigger",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        "[a-z]{0,3}".prop_map(Json::from),
        path.clone().prop_map(|path| json!({"$path": path})),
        path.prop_map(|path| json!({"$text": format!("{{{path}}}"), "$default": 1})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map(
                prop::sample::select(vec!["a", "url", "$path", "list", "x/y"]),
                inner,
                0..3
            )
            .prop_map(|map| json!(map)),
        ]
    })
}

fn any_step() -> impl Strategy<Value = Json> {
    let name = prop::sample::select(vec!["a", "b", "l", "trigger", "", "a b"]);
    let operation = prop::sample::select(vec![
        ("http", "request"),
        ("loop", "loop_list"),
        ("loop", "loop_object"),
        ("ringcentral", "list_extension_call_logs"),
        ("ringcentral", "new_call"),
        ("google-sheets", "create_row"),
        ("nope", "nope"),
        ("manual", "trigger"),
    ]);
    let inputs = prop::collection::btree_map(
        prop::sample::select(vec![
            "url",
            "list",
            "object",
            "row",
            "headers",
            "zzz",
            "direction",
        ]),
        any_value(),
        0..4,
    );
    let settings = prop::sample::select(vec!["stop", "next_item", "branch"]);
    let leaf = (name, operation, inputs, settings).prop_map(|(name, (connector, operation), inputs, on_error)| {
        json!({"name": name, "connector": connector, "operation": operation, "inputs": inputs, "on_error": on_error})
    });
    leaf.prop_recursive(3, 8, 3, |inner| {
        let key = prop::sample::select(vec!["body", "on_error_steps", "branches"]);
        (inner.clone(), key, prop::collection::vec(inner, 0..3)).prop_map(
            |(mut step, key, list)| {
                step[key] = if key == "branches" {
                    json!({"true": list})
                } else {
                    json!(list)
                };
                step
            },
        )
    })
}

proptest! {
    #[test]
    fn no_workflow_makes_the_check_panic(steps in prop::collection::vec(any_step(), 0..5), trigger in any_value()) {
        let document = json!({
            "format": "patchbay.workflow/1", "config": {"k": [1]},
            "trigger": {"connector": "manual", "operation": "trigger", "inputs": {"x": trigger}}, "steps": steps,
        });
        let workflow = parse(&document).unwrap();
        for problem in check(&workflow, catalog(), &Context::default()) {
            prop_assert!(problem.message.ends_with('.'), "{:?}", problem);
        }
        for visit in workflow.all_steps() {
            let _ = crate::reach::scope_schema(&workflow, catalog(), &visit.step.name, &Known::default());
        }
    }
}

#[test]
fn a_loop_shows_the_results_it_collects() {
    let mut document = with(
        "/steps/1/inputs/collect",
        json!({"$path": "$.steps.google-sheets-1.row_number"}),
    );
    let after = json!({"name": "http-1", "connector": "http", "operation": "request",
        "inputs": {"url": "https://example.com", "body": {"$path": "$.steps.loop-1.results"}}});
    document["steps"].as_array_mut().unwrap().push(after);
    assert_eq!(shown(&problems(&document)), Vec::<String>::new());
}

#[test]
fn a_loop_over_no_list_is_told_once() {
    let document = with(
        "/steps/1/inputs/list",
        json!({"$path": "$.steps.ringcentral-1.paging"}),
    );
    let codes: Vec<String> = problems(&document)
        .into_iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["type_clash"]);
}
