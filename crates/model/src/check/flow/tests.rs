//! What is said about branches, conditions, breaks and delays.

use crate::{
    Json,
    check::{Context, check},
    document::parse,
    schema::Schema,
    spec::{ConnectorSpec, OperationSpec, StepKind},
};
use serde_json::json;

fn catalog() -> Vec<ConnectorSpec> {
    let operations = [
        ("call", StepKind::Call),
        ("list", StepKind::LoopList),
        ("until", StepKind::LoopUntil),
        ("if", StepKind::Boolean),
        ("by", StepKind::Branch),
        ("par", StepKind::Parallel),
        ("break", StepKind::Break),
        ("delay", StepKind::Delay),
    ];
    let spec = |(name, kind): (&str, StepKind)| OperationSpec {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
        inputs: Schema::default(),
        ..OperationSpec::default()
    };
    vec![ConnectorSpec {
        name: "c".to_owned(),
        triggers: vec![spec(("start", StepKind::Trigger))],
        operations: operations.map(spec).to_vec(),
        ..ConnectorSpec::default()
    }]
}

/// `step code field` of every problem; a warning's code with a `?` behind it.
fn found(steps: Json) -> Vec<String> {
    let document = json!({ "format": "patchbay.workflow/1",
        "trigger": { "connector": "c", "operation": "start", "inputs": {} }, "steps": steps });
    let workflow = parse(&document).unwrap();
    let problems = check(&workflow, &catalog(), &Context::default());
    let shown = problems.into_iter().map(|problem| {
        let mark = match problem.severity {
            crate::problem::Severity::Error => "",
            crate::problem::Severity::Warning => "?",
        };
        let step = problem.step.unwrap_or_default();
        let field = problem.field.unwrap_or_default();
        format!("{step} {}{mark} {field}", problem.code)
            .trim_end()
            .to_owned()
    });
    shown.collect()
}

fn step(name: &str, operation: &str) -> Json {
    json!({ "name": name, "connector": "c", "operation": operation, "inputs": {} })
}

fn with(mut step: Json, key: &str, value: Json) -> Json {
    step[key] = value;
    step
}

fn reads(name: &str, path: &str) -> Json {
    with(
        step(name, "call"),
        "inputs",
        json!({ "x": { "$path": path } }),
    )
}

fn holds() -> Json {
    json!({ "conditions": [{ "value_a": 1, "value_b": 1 }] })
}

fn fork(name: &str, operation: &str, branches: Json) -> Json {
    let inputs = if operation == "if" {
        holds()
    } else {
        json!({})
    };
    with(
        with(step(name, operation), "branches", branches),
        "inputs",
        inputs,
    )
}

#[test]
fn branches_have_to_be_there_and_to_fit_the_step() {
    let one = json!([step("inner", "call")]);
    let cases = [
        (fork("f", "if", json!({ "true": one, "false": [] })), vec![]),
        (
            fork("f", "by", json!({ "anything": one, "default": [] })),
            vec![],
        ),
        (
            fork("f", "if", json!({ "true": one, "maybe": [] })),
            vec!["f bad_branch"],
        ),
        (fork("f", "by", json!({ "": one })), vec!["f bad_branch"]),
        (
            fork("f", "par", json!({ "a": [], "b": [] })),
            vec!["f empty_branches?"],
        ),
        (
            with(step("f", "if"), "inputs", holds()),
            vec!["f branches_missing"],
        ),
        (
            with(step("f", "call"), "branches", json!({ "a": [] })),
            vec!["f branches_not_allowed"],
        ),
    ];
    for (step, expected) in cases {
        assert_eq!(found(json!([step])), expected, "{step}");
    }
}

#[test]
fn what_a_branch_gives_may_be_missing_below_it() {
    let steps = |operation: &str, path: Json| {
        json!([
            fork(
                "f",
                operation,
                json!({ "true": [step("inner", "call"), reads("beside", "$.steps.inner")], "false": [step("other", "call")] })
            ),
            with(step("after", "call"), "inputs", json!({ "x": path })),
        ])
    };
    let inner = json!({ "$path": "$.steps.inner.x" });
    assert_eq!(
        found(steps("if", inner.clone())),
        ["after may_be_missing? /x"]
    );
    assert_eq!(
        found(steps("by", inner.clone())),
        ["after may_be_missing? /x"]
    );
    assert!(found(steps("par", inner)).is_empty());
    let defaulted = json!({ "$path": "$.steps.inner.x", "$default": "" });
    assert!(found(steps("if", defaulted)).is_empty());
}

#[test]
fn a_condition_may_ask_whether_a_step_of_a_branch_has_run() {
    let asking = |comparison: &str| {
        let conditions = json!({ "conditions": [
            { "value_a": { "$path": "$.steps.inner.x" }, "comparison": comparison, "value_b": 1 } ] });
        let after = with(
            fork("g", "if", json!({ "true": [step("x", "call")] })),
            "inputs",
            conditions,
        );
        found(json!([
            fork("f", "if", json!({ "true": [step("inner", "call")] })),
            after
        ]))
    };
    assert!(asking("exists").is_empty());
    assert_eq!(
        asking("equals"),
        ["g may_be_missing? /conditions/0/value_a"]
    );
}

#[test]
fn an_error_branch_may_not_have_run() {
    let failing = with(
        with(step("a", "call"), "on_error", json!("branch")),
        "on_error_steps",
        json!([step("e", "call")]),
    );
    let steps = json!([failing, reads("after", "$.steps.e.x")]);
    assert_eq!(found(steps), ["after may_be_missing? /x"]);
}

#[test]
fn branches_side_by_side_do_not_see_each_other() {
    let steps = json!([fork(
        "p",
        "par",
        json!({ "a": [step("x", "call")], "b": [reads("y", "$.steps.x")] })
    )]);
    assert_eq!(found(steps), ["y out_of_scope /x"]);
}

#[test]
fn conditions_are_read_and_the_first_mistake_is_told() {
    let with_conditions = |conditions: Json| {
        let inputs = json!({ "conditions": conditions });
        with(
            fork("f", "if", json!({ "true": [step("x", "call")] })),
            "inputs",
            inputs,
        )
    };
    let cases = [
        (json!([]), "f bad_condition /conditions"),
        (
            json!([{ "value_a": 1, "comparison": "like", "value_b": 1 }]),
            "f bad_condition /conditions/0/comparison",
        ),
        (
            json!([{ "value_a": 1 }]),
            "f bad_condition /conditions/0/value_b",
        ),
        (
            json!([{ "value_a": { "$path": "$.steps.none" }, "comparison": "exists" }]),
            "f unknown_step /conditions/0/value_a",
        ),
    ];
    for (conditions, expected) in cases {
        assert_eq!(found(json!([with_conditions(conditions)])), [expected]);
    }
}

#[test]
fn the_conditions_of_a_loop_see_what_its_steps_gave() {
    let until = |path: &str| {
        let inputs = json!({ "conditions": [{ "value_a": { "$path": path }, "value_b": 1 }] });
        let body = json!([step("b", "call")]);
        found(json!([with(
            with(step("l", "until"), "body", body),
            "inputs",
            inputs
        )]))
    };
    assert!(until("$.steps.b.done").is_empty());
    assert!(until("$.steps.l.index").is_empty());
    assert_eq!(
        until("$.steps.l.value"),
        ["l unknown_key /conditions/0/value_a"]
    );
}

#[test]
fn a_break_needs_a_loop_around_it() {
    let leave = |name: Json| with(step("x", "break"), "inputs", json!({ "loop": name }));
    let inside = |leave: Json| {
        let body = json!([fork("f", "if", json!({ "true": [leave] }))]);
        json!([with(
            with(step("l", "list"), "body", body),
            "inputs",
            json!({ "list": [] })
        )])
    };
    assert_eq!(found(json!([leave(json!(""))])), ["x not_in_a_loop"]);
    assert!(found(inside(leave(json!("")))).is_empty());
    assert!(found(inside(leave(json!("l")))).is_empty());
    assert_eq!(found(inside(leave(json!("f")))), ["x not_in_a_loop /loop"]);
    assert_eq!(found(inside(leave(json!(5)))), ["x bad_value /loop"]);
}

#[test]
fn rules_name_branches_that_are_there() {
    let rules = |branch: &str| {
        let inputs = json!({ "value": 1, "rules": [{ "branch": branch, "value": 1 }] });
        found(json!([with(
            fork("f", "by", json!({ "missed": [step("x", "call")] })),
            "inputs",
            inputs
        )]))
    };
    assert!(rules("missed").is_empty());
    assert_eq!(rules("mised"), ["f bad_branch /rules/0/branch"]);
}

#[test]
fn a_delay_has_an_end() {
    let delay = |inputs: Json| found(json!([with(step("d", "delay"), "inputs", inputs)]));
    assert!(delay(json!({ "duration": 5 })).is_empty());
    assert!(delay(json!({ "until": { "$path": "$.steps.trigger.at" } })).is_empty());
    assert_eq!(delay(json!({ "unit": "days" })), ["d bad_delay /duration"]);
    assert_eq!(
        delay(json!({ "duration": 5, "until": "2026-01-01T00:00:00Z" })),
        ["d bad_delay /until"]
    );
}
