//! Parts: which steps they hold, what they need, what they refuse.

use super::*;
use crate::{
    plan::compile,
    testing::{Bench, catalog, workflow},
};
use serde_json::json;

fn path(path: &str) -> Json {
    json!({ "$path": path })
}

/// Two steps, a loop within a loop, and a step behind them.
fn plan() -> Plan {
    let steps = json!([
        { "name": "a" },
        { "name": "b", "inputs": { "x": path("$.steps.a.x") }, "on_error": "branch",
          "on_error_steps": [{ "name": "repair", "inputs": { "m": path("$.errors.b.message") } }] },
        { "name": "outer", "inputs": { "list": path("$.steps.a.list") }, "body": [
            { "name": "c", "inputs": { "v": path("$.steps.outer.value.id") } },
            { "name": "inner", "inputs": { "list": path("$.steps.outer.value.items") }, "body": [
                { "name": "d", "inputs": { "c": path("$.steps.c.v"), "v": path("$.steps.inner.value"),
                    "i": path("$.steps.inner.index"), "t": path("$.steps.trigger.t") }, "on_error": "next_item" },
                { "name": "e", "inputs": { "d": path("$.steps.d.v") } } ] } ] },
        { "name": "z", "inputs": { "a": path("$.steps.a.x"), "n": path("$.steps.outer.count") } },
    ]);
    compile(&workflow(steps).unwrap(), &catalog()).unwrap()
}

fn only(step: &str, iteration: &[u64]) -> Part {
    Part::Only {
        step: step.to_owned(),
        iteration: iteration.to_vec(),
    }
}

fn until_step(step: &str) -> Part {
    Part::Until {
        step: step.to_owned(),
    }
}

fn from_step(step: &str) -> Part {
    Part::From {
        step: step.to_owned(),
    }
}

fn needs(part: &Part) -> Vec<(String, Vec<u64>)> {
    let cut = plan().part(part).unwrap();
    cut.needs()
        .iter()
        .map(|needed| (needed.step.clone(), needed.iteration.clone()))
        .collect()
}

fn map(json: Json) -> JsonMap {
    json.as_object().cloned().unwrap_or_default()
}

/// Runs a part with what is given; the calls with their inputs.
fn calls(part: &Part, input: Json, outputs: Json, errors: Json) -> Vec<(String, Json)> {
    let plan = plan()
        .part(part)
        .unwrap()
        .give(&input, map(outputs), map(errors))
        .unwrap();
    // As it comes back from the journal.
    let plan = Plan::from_json(&plan.to_json()).unwrap();
    let mut bench = Bench::new(plan);
    let calls = bench.run(input, |call| Ok(call.inputs.clone())).unwrap();
    calls
        .into_iter()
        .map(|call| (call.step, call.inputs))
        .collect()
}

fn names(calls: &[(String, Json)]) -> Vec<&str> {
    calls.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_part_needs_what_it_reads_of_the_steps_before_it_and_nothing_else() {
    let needed = |list: &[(&str, &[u64])]| -> Vec<(String, Vec<u64>)> {
        list.iter()
            .map(|(step, iteration)| ((*step).to_owned(), iteration.to_vec()))
            .collect()
    };
    assert_eq!(needs(&only("a", &[])), needed(&[]));
    assert_eq!(needs(&only("b", &[])), needed(&[("a", &[])]));
    assert_eq!(needs(&only("c", &[2])), needed(&[("a", &[])]));
    assert_eq!(
        needs(&only("d", &[2, 1])),
        needed(&[("a", &[]), ("c", &[2])])
    );
    assert_eq!(
        needs(&only("e", &[2])),
        needed(&[("a", &[]), ("d", &[2, 0])])
    );
    assert_eq!(needs(&from_step("outer")), needed(&[("a", &[])]));
    assert_eq!(
        needs(&from_step("z")),
        needed(&[("a", &[]), ("outer", &[])])
    );
    assert_eq!(needs(&until_step("e")), needed(&[]));
    assert_eq!(needs(&only("repair", &[])), needed(&[("b", &[])]));
}

#[test]
fn a_step_alone_sees_what_was_given_and_the_chosen_items() {
    let given = json!({ "a": { "list": [{ "id": 1, "items": [] }, { "id": 2, "items": ["x", "y"] }] }, "c": { "v": 2 } });
    let called = calls(&only("d", &[1, 1]), json!({ "t": "T" }), given, json!({}));
    assert_eq!(
        called,
        [(
            "d".to_owned(),
            json!({ "c": 2, "v": "y", "i": 1, "t": "T" })
        )]
    );
}

#[test]
fn a_loop_alone_runs_all_its_items() {
    let given = json!({ "a": { "list": [{ "id": 1, "items": ["x", "y"] }] }, "c": { "v": 2 } });
    let called = calls(&only("inner", &[]), json!({ "t": 0 }), given, json!({}));
    assert_eq!(names(&called), ["d", "e", "d", "e"]);
}

#[test]
fn a_step_of_an_error_branch_alone_sees_the_error() {
    let called = calls(
        &only("repair", &[]),
        Json::Null,
        json!({}),
        json!({ "b": { "message": "boom" } }),
    );
    assert_eq!(called, [("repair".to_owned(), json!({ "m": "boom" }))]);
}

#[test]
fn a_run_up_to_a_step_ends_behind_it() {
    let plan = plan()
        .part(&until_step("c"))
        .unwrap()
        .give(&Json::Null, JsonMap::new(), JsonMap::new())
        .unwrap();
    let mut bench = Bench::new(plan);
    let made = bench.run(Json::Null, |call| {
        Ok(json!({ "x": call.step, "list": [{ "id": 1 }, { "id": 2 }] }))
    });
    let made: Vec<String> = made.unwrap().into_iter().map(|call| call.step).collect();
    assert_eq!(made, ["a", "b", "c", "c"]);
}

#[test]
fn a_run_from_a_step_begins_with_it() {
    let given = json!({ "a": { "x": 5, "list": [] } });
    let called = calls(&from_step("outer"), Json::Null, given, json!({}));
    assert_eq!(called, [("z".to_owned(), json!({ "a": 5, "n": 0 }))]);
}

#[test]
fn what_cannot_run_alone_is_refused_with_a_way_out() {
    let cases = [
        (from_step("c"), "Run from `outer` instead"),
        (from_step("repair"), "Run from `b` instead"),
        (only("c", &[1, 2]), "stands in 1 loops"),
        (only("trigger", &[]), "The trigger only starts runs"),
        (only("oter", &[]), "did you mean `outer`?"),
    ];
    for (part, expected) in cases {
        let message = plan().part(&part).unwrap_err().to_string();
        assert!(message.contains(expected), "{part:?}: {message}");
    }
}

#[test]
fn an_item_that_is_not_there_is_refused_when_data_is_given() {
    let cases = [
        (
            json!({ "a": { "list": [{ "id": 1 }] } }),
            "choose one from 0 to 0",
        ),
        (json!({ "a": { "list": [] } }), "nothing to go over"),
        (json!({}), "is not known"),
    ];
    for (outputs, expected) in cases {
        let cut = plan().part(&only("c", &[7])).unwrap();
        let message = cut
            .give(&Json::Null, map(outputs), JsonMap::new())
            .unwrap_err()
            .to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn an_error_that_would_leave_a_loop_stops_a_step_that_runs_alone() {
    let given = json!({ "a": { "list": [{ "items": [1] }] }, "c": { "v": 1 } });
    let plan = plan()
        .part(&only("d", &[]))
        .unwrap()
        .give(&json!({ "t": 1 }), map(given), JsonMap::new())
        .unwrap();
    assert_eq!(plan.steps()[0].on_error, OnError::Stop);
}
