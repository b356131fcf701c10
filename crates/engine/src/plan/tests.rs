//! Plans: what they pin, what they refuse, what they keep.

use super::*;
use crate::testing::{catalog, workflow};
use serde_json::json;

fn plan(steps: Json) -> Plan {
    compile(&workflow(steps).unwrap(), &catalog()).unwrap()
}

fn problems(steps: Json) -> Vec<(String, Option<String>)> {
    let problems = compile(&workflow(steps).unwrap(), &catalog()).unwrap_err();
    problems
        .into_iter()
        .map(|problem| (problem.code, problem.suggestion))
        .collect()
}

#[test]
fn a_pinned_plan_reads_back_as_it_was() {
    let plan = plan(json!([
        { "name": "a", "operation": "send", "timeout": 1.5, "retry": { "attempts": 2, "backoff": "fixed" } },
        { "name": "l", "inputs": { "list": { "$path": "$.steps.a.x[*]" } }, "on_error": "branch",
          "body": [{ "name": "b", "inputs": { "t": { "$text": "{$.steps.l.value}" } } }],
          "on_error_steps": [{ "name": "c" }] },
    ]));
    let text = serde_json::to_string(&plan.to_json()).unwrap();
    let back = Plan::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(back, plan);
    assert_eq!(back.hash(), plan.hash());
    assert_eq!(
        (plan.steps()[0].timeout_ms, plan.steps()[0].on_interrupt),
        (1500, OnInterrupt::Fail)
    );
}

#[test]
fn equal_plans_have_equal_hashes_and_others_others() {
    let steps = |x: u32| json!([{ "name": "a", "inputs": { "x": x } }]);
    assert_eq!(plan(steps(1)).hash(), plan(steps(1)).hash());
    assert_ne!(plan(steps(1)).hash(), plan(steps(2)).hash());
    assert_eq!(plan(steps(1)).hash().len(), 64);
}

#[test]
fn a_plan_of_another_format_is_refused() {
    let mut json = plan(json!([])).to_json();
    json["format"] = json!("patchbay.plan/99");
    let error = Plan::from_json(&json).unwrap_err().to_string();
    assert!(error.contains("patchbay.plan/99"), "{error}");
}

#[test]
fn what_keeps_a_workflow_from_running_is_a_problem_with_a_suggestion() {
    let cases = [
        (
            json!([{ "name": "a", "connector": "fak" }]),
            "unknown_connector",
            Some("fake"),
        ),
        (
            json!([{ "name": "a", "operation": "reed" }]),
            "unknown_operation",
            Some("read"),
        ),
        (
            json!([{ "name": "a" }, { "name": "a" }]),
            "duplicate_step",
            None,
        ),
        (json!([{ "name": "trigger" }]), "duplicate_step", None),
        (
            json!([{ "name": "a", "on_error": "next_item" }]),
            "not_in_loop",
            None,
        ),
        (
            json!([{ "name": "a", "inputs": { "x": { "$path": "$.steps[" } } }]),
            "invalid_value",
            None,
        ),
        (
            json!([{ "name": "a", "operation": "read", "connector": "fake", "body": [{ "name": "b" }] }]),
            "no_body",
            None,
        ),
    ];
    for (steps, code, suggestion) in cases {
        let expected = vec![(code.to_owned(), suggestion.map(str::to_owned))];
        assert_eq!(problems(steps.clone()), expected, "{steps}");
    }
}

#[test]
fn steps_too_deep_inside_one_another_are_refused() {
    let mut steps = json!([{ "name": "leaf" }]);
    for level in 0..70 {
        steps = json!([{ "name": format!("l{level}"), "inputs": { "list": [] }, "body": steps }]);
    }
    assert_eq!(problems(steps), [("too_deep".to_owned(), None)]);
}

#[test]
fn only_outputs_that_somebody_reads_are_kept_and_only_as_long() {
    let plan = plan(json!([
        { "name": "unread" },
        { "name": "a" },
        { "name": "b", "inputs": { "x": { "$path": "$.steps.a.x" } } },
        { "name": "l", "inputs": { "list": [1], "collect": { "$path": "$.steps.c" } }, "body": [
            { "name": "c", "inputs": { "x": { "$text": "{$.steps.b.x}" } } }, { "name": "d" } ] },
    ]));
    let kept = |name: &str| plan.step(name).unwrap().kept;
    let releases = |name: &str| plan.step(name).unwrap().releases.clone();
    let names = ["unread", "a", "b", "l", "c", "d"];
    let expected = [
        Kept::Never,
        Kept::Scope,
        Kept::Scope,
        Kept::Never,
        Kept::Scope,
        Kept::Never,
    ];
    assert_eq!(names.map(kept), expected);
    assert_eq!(
        (releases("b"), releases("l"), releases("d")),
        (vec!["a".to_owned()], vec!["b".to_owned()], vec![])
    );
    assert_eq!(plan.trigger_kept(), Kept::Never);
}

#[test]
fn a_path_over_all_steps_keeps_every_output() {
    let plan = plan(
        json!([{ "name": "a" }, { "name": "b", "inputs": { "x": { "$path": "$.steps.*" } } }]),
    );
    assert_eq!(plan.step("a").unwrap().kept, Kept::Scope);
    assert_eq!(plan.trigger_kept(), Kept::Scope);
}
