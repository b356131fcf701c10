//! What `reach` promises, mostly as tables.

use super::*;
use crate::{document::parse, path::Path, spec::ConnectorSpec};
use serde_json::json;

pub(crate) fn catalog() -> Vec<ConnectorSpec> {
    serde_json::from_str(include_str!("../../samples/catalog.json")).unwrap()
}

fn step(name: &str) -> Json {
    json!({"name": name, "connector": "http", "operation": "request"})
}

fn looped(name: &str, list: &str, body: Json) -> Json {
    json!({"name": name, "connector": "loop", "operation": "loop_list", "inputs": {"list": {"$path": list}}, "body": body})
}

fn workflow(steps: Json) -> Workflow {
    parse(&json!({"format": "patchbay.workflow/1", "trigger": {"connector": "manual", "operation": "trigger"}, "steps": steps})).unwrap()
}

/// first, loop-1[in-1, loop-2[deep-1], in-2], branching{a: [a-1, a-2], b: [b-1]}, fails(on error: [e-1]), last
fn tree() -> Workflow {
    let inner = looped("loop-2", "$.steps.loop-1.value", json!([step("deep-1")]));
    let mut branching = step("branching");
    branching["branches"] = json!({"a": [step("a-1"), step("a-2")], "b": [step("b-1")]});
    let mut fails = step("fails");
    fails["on_error"] = json!("branch");
    fails["on_error_steps"] = json!([step("e-1")]);
    workflow(json!([
        step("first"),
        looped(
            "loop-1",
            "$.steps.first.rows",
            json!([step("in-1"), inner, step("in-2")])
        ),
        branching,
        fails,
        step("last"),
    ]))
}

#[test]
fn who_sees_whom() {
    use Sight::*;
    let workflow = tree();
    let reach = Reach::new(&workflow);
    let outside = Visible(View::Outside);
    let inside = Visible(View::Inside);
    let table = [
        ("first", "trigger", outside.clone()),
        ("first", "first", Itself),
        ("first", "last", Later),
        ("first", "nope", Unknown),
        ("last", "first", outside.clone()),
        ("last", "loop-1", outside.clone()),
        ("last", "in-1", InsideLoop("loop-1".into())),
        ("last", "deep-1", InsideLoop("loop-1".into())),
        ("in-1", "loop-1", inside.clone()),
        ("in-2", "in-1", outside.clone()),
        ("in-1", "in-2", Later),
        ("in-2", "loop-2", outside.clone()),
        ("in-2", "deep-1", InsideLoop("loop-2".into())),
        ("deep-1", "loop-1", inside.clone()),
        ("deep-1", "loop-2", inside),
        ("deep-1", "in-1", outside.clone()),
        ("deep-1", "in-2", Later),
        ("deep-1", "first", outside.clone()),
        ("loop-1", "in-1", Later),
        ("a-2", "a-1", outside.clone()),
        ("a-1", "b-1", OtherBranch("branching".into())),
        ("b-1", "a-1", OtherBranch("branching".into())),
        ("a-1", "branching", outside.clone()),
        ("last", "a-2", outside.clone()),
        ("e-1", "fails", Failed),
        ("e-1", "first", outside.clone()),
        ("last", "e-1", outside),
        ("trigger", "first", Later),
        ("trigger", "trigger", Itself),
    ];
    for (from, to, expected) in table {
        assert_eq!(reach.sight(from, to), expected, "{from} → {to}");
    }
    assert_eq!(reach.errors("e-1"), ["fails"]);
    assert!(reach.errors("last").is_empty());
}

#[test]
fn what_a_loop_collects_sees_the_end_of_its_body() {
    use Sight::*;
    let workflow = tree();
    let reach = Reach::new(&workflow);
    let table = [
        ("in-2", Visible(View::Outside)),
        ("loop-1", Visible(View::Inside)),
        ("first", Visible(View::Outside)),
        ("trigger", Visible(View::Outside)),
        ("loop-2", Visible(View::Outside)),
        ("deep-1", InsideLoop("loop-2".into())),
        ("last", Later),
        ("nope", Unknown),
    ];
    for (to, expected) in table {
        assert_eq!(
            reach.sight_of_field("loop-1", "/collect/x", to),
            expected,
            "{to}"
        );
    }
    assert_eq!(reach.sight_of_field("loop-1", "/list", "in-2"), Later);
    assert_eq!(reach.sight_of_field("first", "/collect", "first"), Itself);
    let names: Vec<&str> = reach
        .upstream_of_field("loop-1", "/collect")
        .iter()
        .map(Upstream::name)
        .collect();
    assert_eq!(
        names,
        ["trigger", "first", "loop-1", "in-1", "loop-2", "in-2"]
    );
}

#[test]
fn upstream_is_in_order_of_execution() {
    let workflow = tree();
    let names = |step: &str| {
        upstream(&workflow, step)
            .iter()
            .map(Upstream::name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("deep-1"),
        ["trigger", "first", "loop-1", "in-1", "loop-2"]
    );
    assert_eq!(
        names("last"),
        [
            "trigger",
            "first",
            "loop-1",
            "branching",
            "a-1",
            "a-2",
            "b-1",
            "fails",
            "e-1"
        ]
    );
    assert!(names("trigger").is_empty());
}

fn type_at(offers: &[Offer], path: &str) -> Option<&'static str> {
    let path = Path::parse(path).unwrap();
    let Some(crate::path::Root::Step(name)) = path.root() else {
        panic!("{path} names no step")
    };
    let offer = offers.iter().find(|offer| offer.name == name)?;
    offer.schema.at(path.below_root()).map(Schema::type_name)
}

#[test]
fn a_loop_offers_the_item_of_its_list_inside_and_totals_outside() {
    let workflow = workflow(json!([
        {"name": "ringcentral-1", "connector": "ringcentral", "operation": "list_extension_call_logs"},
        looped("loop-1", "$.steps.ringcentral-1.records", json!([looped("loop-2", "$.steps.loop-1.value.legs", json!([step("deep-1")]))])),
        step("last"),
    ]));
    let inside = scope_schema(&workflow, &catalog(), "deep-1", &Known::default());
    let table = [
        ("$.steps.ringcentral-1.records", Some("list")),
        ("$.steps.loop-1.value.from.phoneNumber", Some("text")),
        ("$.steps.loop-1.is_last", Some("yes/no")),
        ("$.steps.loop-2.value.duration", Some("number")),
        ("$.steps.loop-2.results", None),
    ];
    for (path, expected) in table {
        assert_eq!(type_at(&inside, path), expected, "{path}");
    }
    let outside = scope_schema(&workflow, &catalog(), "last", &Known::default());
    let keys: Vec<&str> = outside[2]
        .schema
        .properties
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        (outside[2].name.as_str(), keys.as_slice()),
        ("loop-1", ["count", "succeeded", "failed"].as_slice())
    );
    assert_eq!(outside[1].title, "List extension call logs");
    assert_eq!(outside.len(), 3);
}

#[test]
fn a_loop_over_an_object_or_a_literal_knows_its_values() {
    let workflow = workflow(json!([
        {"name": "loop-1", "connector": "loop", "operation": "loop_object", "inputs": {"object": {"a": {"x": 1}, "b": {"y": "t"}}}, "body": [step("in-1")]},
        {"name": "loop-2", "connector": "loop", "operation": "loop_list", "inputs": {"list": [{"z": true}], "collect": {"$path": "$.x"}}, "body": [step("in-2")]},
        step("last"),
    ]));
    let known = Known::default();
    let inside = scope_schema(&workflow, &catalog(), "in-1", &known);
    assert_eq!(type_at(&inside, "$.steps.loop-1.value.x"), Some("number"));
    assert_eq!(type_at(&inside, "$.steps.loop-1.key"), Some("text"));
    let inside = scope_schema(&workflow, &catalog(), "in-2", &known);
    assert_eq!(type_at(&inside, "$.steps.loop-2.value.z"), Some("yes/no"));
    let outside = scope_schema(&workflow, &catalog(), "last", &known);
    assert_eq!(type_at(&outside, "$.steps.loop-2.results"), Some("list"));
}

#[test]
fn samples_and_shaped_schemas_are_seen() {
    let workflow = workflow(json!([
        step("http-1"),
        looped("loop-1", "$.steps.http-1.body.rows", json!([step("in-1")])),
        step("last")
    ]));
    let mut known = Known::default();
    known.samples.insert(
        "http-1".into(),
        json!({"status": 200, "body": {"rows": [{"id": 7}]}}),
    );
    let offers = scope_schema(&workflow, &catalog(), "in-1", &known);
    assert_eq!(type_at(&offers, "$.steps.loop-1.value.id"), Some("number"));
    let shaped = Shaped {
        output: Some(Schema::object([(
            "only".to_owned(),
            Schema::of(crate::schema::Type::String),
        )])),
        inputs: None,
    };
    known.shaped.insert("http-1".into(), shaped);
    let offers = scope_schema(&workflow, &catalog(), "in-1", &known);
    assert_eq!(type_at(&offers, "$.steps.http-1.only"), Some("text"));
}

#[test]
fn loops_that_go_over_themselves_end() {
    let workflow = workflow(json!([looped(
        "loop-1",
        "$.steps.loop-1.value",
        json!([looped(
            "loop-2",
            "$.steps.loop-2.value",
            json!([step("in")])
        )])
    )]));
    assert_eq!(
        scope_schema(&workflow, &catalog(), "in", &Known::default()).len(),
        3
    );
}
