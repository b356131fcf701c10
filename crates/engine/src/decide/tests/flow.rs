//! Steps that choose the way: which steps run after which, what they see, and how runs end by them.

use super::{each, error, failure, output, path, run, short, status};
use crate::{
    decide::{Command, decide, settle},
    plan::compile,
    testing::{Bench, catalog, workflow},
};
use patchbay_model::{
    Json,
    event::{EventKind, RunStatus},
};
use serde_json::json;

fn when(a: Json, comparison: &str, b: Json) -> Json {
    json!({ "conditions": [{ "value_a": a, "comparison": comparison, "value_b": b }] })
}

fn call(name: &str) -> Json {
    json!([{ "name": name }])
}

/// Keys of the calls that leave when the run starts, and of those that leave after each of these calls has ended.
fn waves(bench: &mut Bench, input: Json) -> Vec<Vec<String>> {
    let mut commands = bench.start(input).unwrap();
    let mut waves = Vec::new();
    loop {
        let (calls, _) = bench.carry_out(commands).unwrap();
        if calls.is_empty() {
            return waves;
        }
        waves.push(
            calls
                .iter()
                .map(|call| short(&call.idempotency_key))
                .collect(),
        );
        for call in calls {
            let answer = Ok(call.inputs.clone());
            let kind = settle(
                &bench.plan,
                &bench.limits,
                &call,
                answer,
                bench.now,
                bench.now,
            );
            bench.apply(kind).unwrap();
        }
        commands = decide(&bench.plan, &bench.state, bench.now);
    }
}

#[test]
fn a_boolean_step_takes_one_branch_and_the_flow_goes_on_below() {
    let steps = |inputs: Json| {
        json!([
            { "name": "if", "operation": "boolean", "inputs": inputs,
              "branches": { "true": call("yes"), "false": call("no") } },
            { "name": "after", "inputs": {
                "yes": { "$path": "$.steps.yes", "$default": "missing" }, "result": path("$.steps.if.result") } },
        ])
    };
    for (missed, calls, after) in [
        (true, ["yes", "after"], json!({ "yes": {}, "result": true })),
        (
            false,
            ["no", "after"],
            json!({ "yes": "missing", "result": false }),
        ),
    ] {
        let inputs = when(path("$.steps.trigger.missed"), "is_true", json!(null));
        let (made, bench) = run(steps(inputs), json!({ "missed": missed }), &[]);
        assert_eq!(made, calls);
        assert_eq!(output(&bench, "after"), after);
    }
}

#[test]
fn the_steps_of_a_branch_see_what_chose_it() {
    let inner = json!([{ "name": "x", "inputs": { "by": path("$.steps.if.branch") } }]);
    let steps = json!([{ "name": "if", "operation": "boolean", "inputs": when(json!(1), "equals", json!(1)),
        "branches": { "true": inner } }]);
    let (_, bench) = run(steps, Json::Null, &[]);
    assert_eq!(output(&bench, "x"), json!({ "by": "true" }));
}

#[test]
fn a_branch_not_taken_and_an_empty_one_leave_no_trace() {
    let steps = json!([
        { "name": "if", "operation": "boolean", "inputs": when(json!(1), "equals", json!(1)),
          "branches": { "true": [], "false": call("no") } },
        { "name": "bare", "operation": "boolean", "inputs": when(json!(1), "equals", json!(2)) },
    ]);
    let (made, bench) = run(steps, Json::Null, &[]);
    assert!(made.is_empty());
    assert_eq!(
        (status(&bench), bench.state.steps_done()),
        (RunStatus::Succeeded, 2)
    );
    let named = |kind: &EventKind| matches!(kind, EventKind::StepSkipped { .. });
    assert!(!bench.events.iter().any(|event| named(&event.kind)));
}

#[test]
fn conditions_that_cannot_be_decided_are_errors_of_the_step() {
    let inputs = when(path("$.steps.trigger.n"), "greater_than", json!(1));
    let steps = json!([{ "name": "if", "operation": "boolean", "inputs": inputs }]);
    let (_, bench) = run(steps.clone(), json!({ "m": 1 }), &[]);
    assert_eq!(failure(&bench).1, "missing_value");
    let (_, bench) = run(steps, json!({ "n": [] }), &[]);
    assert_eq!(failure(&bench).1, "invalid_input");
}

#[test]
fn a_value_chooses_the_branch_of_its_name_or_the_default() {
    let branches = json!({ "missed": call("m"), "default": call("d") });
    let rules = json!([{ "branch": "missed", "comparison": "less_than", "value": 3 }]);
    let cases = [
        (
            json!("missed"),
            branches.clone(),
            json!([]),
            vec!["m"],
            json!("missed"),
        ),
        (
            json!("voice"),
            branches.clone(),
            json!([]),
            vec!["d"],
            json!("default"),
        ),
        (
            json!(2),
            branches.clone(),
            rules.clone(),
            vec!["m"],
            json!("missed"),
        ),
        (json!(4), branches, rules, vec!["d"], json!("default")),
        (
            json!("voice"),
            json!({ "missed": call("m") }),
            json!([]),
            vec![],
            json!(null),
        ),
    ];
    for (value, branches, rules, calls, taken) in cases {
        let steps = json!([{ "name": "by", "operation": "branch",
            "inputs": { "value": value, "rules": rules }, "branches": branches }]);
        let (made, bench) = run(steps, Json::Null, &[]);
        assert_eq!(made, calls, "{value}");
        assert_eq!(
            output(&bench, "by"),
            json!({ "branch": taken, "value": value })
        );
    }
}

#[test]
fn parallel_branches_run_beside_each_other_and_join() {
    let steps = json!([
        { "name": "a" },
        { "name": "par", "operation": "parallel", "branches": {
            "left": [{ "name": "l1", "inputs": { "x": path("$.steps.a") } }, { "name": "l2", "inputs": { "x": path("$.steps.l1") } }],
            "right": [{ "name": "r1", "inputs": { "l": { "$path": "$.steps.l1", "$default": "unseen" } } }],
            "empty": [],
        } },
        { "name": "after", "inputs": { "l": path("$.steps.l2.x"), "r": path("$.steps.r1") } },
    ]);
    let mut bench = Bench::of(steps).unwrap();
    let waves = waves(&mut bench, Json::Null);
    assert_eq!(
        waves,
        [vec!["a"], vec!["l1", "r1"], vec!["l2"], vec!["after"]]
    );
    assert_eq!(
        output(&bench, "after"),
        json!({ "l": { "x": {} }, "r": { "l": "unseen" } })
    );
    assert_eq!(status(&bench), RunStatus::Succeeded);
}

#[test]
fn a_parallel_branch_never_sees_what_another_one_gave_however_late_it_looks() {
    let steps = json!([{ "name": "par", "operation": "parallel", "branches": {
        "left": call("l"),
        "right": [{ "name": "r1" }, { "name": "r2" }, { "name": "r3", "inputs": { "l": { "$path": "$.steps.l", "$default": "unseen" } } }],
    } }]);
    let (_, bench) = run(steps, Json::Null, &[]);
    assert_eq!(output(&bench, "r3"), json!({ "l": "unseen" }));
}

#[test]
fn the_first_failure_in_a_parallel_branch_ends_the_run_once_the_others_have_answered() {
    let steps = json!([
        { "name": "par", "operation": "parallel", "branches": {
            "left": [{ "name": "l1" }, { "name": "l2" }], "right": [{ "name": "r1" }, { "name": "r2" }] } },
    ]);
    let mut bench = Bench::of(steps).unwrap();
    let commands = bench.start(Json::Null).unwrap();
    let (calls, _) = bench.carry_out(commands).unwrap();
    let failed = settle(
        &bench.plan,
        &bench.limits,
        &calls[1],
        Err(error("boom", false)),
        0,
        0,
    );
    assert_eq!(bench.apply(failed).unwrap(), []);
    let done = settle(&bench.plan, &bench.limits, &calls[0], Ok(json!({})), 0, 0);
    let commands = bench.apply(done).unwrap();
    bench.carry_out(commands).unwrap();
    assert_eq!(status(&bench), RunStatus::Failed);
    assert_eq!(failure(&bench).0, "r1");
}

#[test]
fn each_parallel_branch_deals_with_its_own_errors() {
    let steps = json!([
        { "name": "par", "operation": "parallel", "branches": {
            "left": [{ "name": "l", "on_error": "branch", "on_error_steps": [{ "name": "e", "inputs": { "why": path("$.errors.l.code") } }] }],
            "right": [{ "name": "r", "on_error": "continue" }, { "name": "r2" }] } },
        { "name": "after", "inputs": { "l": path("$.errors.l.code"), "r": path("$.errors.r.code"), "e": path("$.steps.e.why") } },
    ]);
    let (calls, bench) = run(steps, Json::Null, &["l", "r"]);
    assert_eq!(calls, ["l", "r", "e", "r2", "after"]);
    assert_eq!(
        output(&bench, "after"),
        json!({ "l": "boom", "r": "boom", "e": "boom" })
    );
}

#[test]
fn break_and_continue_reach_the_loop_that_they_name() {
    let body = |leave: Json| {
        json!([
            { "name": "a" },
            { "name": "m", "inputs": { "list": [0, 1, 2] }, "body": [
                { "name": "if", "operation": "boolean", "branches": { "true": [leave] },
                  "inputs": { "conditions": [
                      { "value_a": path("$.steps.m.value"), "value_b": 1 },
                      { "value_a": path("$.steps.l.value"), "value_b": 0 } ] } },
                { "name": "b" },
            ] },
            { "name": "c" },
        ])
    };
    let cases = [
        (
            "break",
            json!({}),
            "a:0 b:0.0 c:0 a:1 b:1.0 b:1.1 b:1.2 c:1 after",
        ),
        (
            "continue",
            json!({}),
            "a:0 b:0.0 b:0.2 c:0 a:1 b:1.0 b:1.1 b:1.2 c:1 after",
        ),
        (
            "break",
            json!({ "loop": "m" }),
            "a:0 b:0.0 c:0 a:1 b:1.0 b:1.1 b:1.2 c:1 after",
        ),
        ("break", json!({ "loop": "l" }), "a:0 b:0.0 after"),
        (
            "continue",
            json!({ "loop": "l" }),
            "a:0 b:0.0 a:1 b:1.0 b:1.1 b:1.2 c:1 after",
        ),
    ];
    for (operation, inputs, expected) in cases {
        let leave = json!({ "name": "leave", "operation": operation, "inputs": inputs });
        let steps = json!([each(json!([0, 1]), body(leave)), { "name": "after" }]);
        let (calls, bench) = run(steps, Json::Null, &[]);
        assert_eq!(calls.join(" "), expected, "{operation} {inputs}");
        assert_eq!(status(&bench), RunStatus::Succeeded);
        let count = if calls.contains(&"a:1".to_owned()) {
            2
        } else {
            1
        };
        assert_eq!(
            output(&bench, "l"),
            json!({ "count": count, "succeeded": count, "failed": 0 })
        );
    }
}

#[test]
fn a_break_in_a_parallel_branch_ends_the_iteration_for_all_branches() {
    let body = json!([
        { "name": "par", "operation": "parallel", "branches": {
            "left": [{ "name": "leave", "operation": "break" }, { "name": "never" }],
            "right": [{ "name": "r1" }, { "name": "r2" }] } },
        { "name": "b" },
    ]);
    let (calls, bench) = run(
        json!([each(json!([0, 1]), body), { "name": "after" }]),
        Json::Null,
        &[],
    );
    assert_eq!(calls, ["r1:0", "after"]);
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 1, "succeeded": 1, "failed": 0 })
    );
}

#[test]
fn a_loop_forever_goes_on_until_a_step_leaves_it() {
    let steps = json!([{ "name": "l", "operation": "loop_forever", "inputs": { "collect": path("$.steps.b.i") }, "body": [
        { "name": "b", "inputs": { "i": path("$.steps.l.index"), "first": path("$.steps.l.is_first") } },
        { "name": "if", "operation": "boolean", "inputs": when(path("$.steps.l.index"), "equals", json!(3)),
          "branches": { "true": [{ "name": "leave", "operation": "break" }] } },
    ] }]);
    let (calls, bench) = run(steps, Json::Null, &[]);
    assert_eq!(calls, ["b:0", "b:1", "b:2", "b:3"]);
    assert_eq!(output(&bench, "b"), json!({ "i": 3, "first": false }));
    let expected = json!({ "count": 4, "succeeded": 4, "failed": 0, "results": [0, 1, 2, 3] });
    assert_eq!(output(&bench, "l"), expected);
}

#[test]
fn a_loop_until_looks_at_its_conditions_after_each_iteration() {
    let steps = |most: Json| {
        json!([{ "name": "l", "operation": "loop_until", "body": [{ "name": "b", "inputs": { "i": path("$.steps.l.index") } }],
            "inputs": { "max_iterations": most, "conditions": [{ "value_a": path("$.steps.b.i"), "comparison": "greater_or_equal", "value_b": 2 }] } }])
    };
    let (calls, bench) = run(steps(Json::Null), Json::Null, &[]);
    assert_eq!(calls, ["b:0", "b:1", "b:2"]);
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 3, "succeeded": 3, "failed": 0, "met": true })
    );
    let (_, bench) = run(steps(json!(2)), Json::Null, &[]);
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 2, "succeeded": 2, "failed": 0, "met": false })
    );
    let (_, bench) = run(steps(json!(-2)), Json::Null, &[]);
    assert_eq!(failure(&bench).1, "invalid_input");
}

#[test]
fn terminating_ends_the_run_and_failing_says_why() {
    let (calls, bench) = run(
        json!([{ "name": "a" }, { "name": "t", "operation": "terminate", "inputs": { "message": "enough" } }, { "name": "b" }]),
        Json::Null,
        &[],
    );
    assert_eq!(
        (calls, status(&bench)),
        (vec!["a".to_owned()], RunStatus::Succeeded)
    );
    assert_eq!(output(&bench, "t"), json!({ "message": "enough" }));
    // Whatever the step says about errors: failing is what it is for.
    let fail = json!({ "name": "f", "operation": "fail", "on_error": "continue", "inputs": { "message": "no calls" } });
    let (calls, bench) = run(
        json!([each(json!([1, 2]), json!([fail])), { "name": "b" }]),
        Json::Null,
        &[],
    );
    assert!(calls.is_empty());
    assert_eq!(
        failure(&bench),
        (
            "f".to_owned(),
            "failed_by_workflow".to_owned(),
            "no calls".to_owned()
        )
    );
}

#[test]
fn terminating_beside_a_call_waits_for_it_and_stays_a_success() {
    let steps = json!([{ "name": "par", "operation": "parallel", "branches": {
        "left": [{ "name": "l" }, { "name": "l2" }], "right": [{ "name": "t", "operation": "terminate" }] } }]);
    for answer in [Ok(json!({})), Err(error("boom", false))] {
        let mut bench = Bench::of(steps.clone()).unwrap();
        let commands = bench.start(Json::Null).unwrap();
        let (calls, wake) = bench.carry_out(commands).unwrap();
        assert_eq!(
            (calls.len(), wake, status(&bench)),
            (1, None, RunStatus::Running)
        );
        let ended = settle(&bench.plan, &bench.limits, &calls[0], answer, 0, 0);
        let commands = bench.apply(ended).unwrap();
        assert_eq!(
            commands,
            [Command::Finish {
                status: RunStatus::Succeeded,
                error: None
            }]
        );
    }
}

#[test]
fn a_delay_waits_once_and_outlives_whoever_worked_on_the_run() {
    let steps = json!([{ "name": "d", "operation": "delay", "inputs": { "duration": 1.5, "unit": "minutes" } }, { "name": "after" }]);
    let mut bench = Bench::of(steps).unwrap();
    let commands = bench.start(Json::Null).unwrap();
    let until = bench.now + 90_000;
    let (calls, wake) = bench.carry_out(commands).unwrap();
    assert_eq!(
        (calls.len(), wake, status(&bench)),
        (0, Some(until), RunStatus::Waiting)
    );
    bench.now += 1_000;
    let commands = bench.apply(EventKind::RunStarted { epoch: 2 }).unwrap();
    assert!(matches!(commands[..], [Command::Wait { until: again, .. }] if again == until));
    bench.now = until;
    let commands = decide(&bench.plan, &bench.state, until);
    let (calls, _) = bench.carry_out(commands).unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        output(&bench, "d"),
        json!({ "until": "1970-01-01T00:01:31Z" })
    );
    let lasted = bench.events.iter().find_map(|event| match &event.kind {
        EventKind::StepSucceeded {
            step, duration_ms, ..
        } if step == "d" => Some(*duration_ms),
        _ => None,
    });
    assert_eq!(lasted, Some(90_000));
}

#[test]
fn how_long_to_wait_is_read_or_said_to_be_wrong() {
    let cases = [
        (json!({ "duration": 0 }), Ok(1_000)),
        (json!({ "duration": "2" }), Ok(3_000)),
        (json!({ "duration": 5, "unit": "milliseconds" }), Ok(1_005)),
        (
            json!({ "duration": 1, "unit": "days", "until": null }),
            Ok(86_401_000),
        ),
        (json!({ "until": "1970-01-01T01:00:02+01:00" }), Ok(2_000)),
        (
            json!({ "until": "1969-01-01T00:00:00Z" }),
            Ok(-31_536_000_000),
        ),
        (json!({}), Err("/duration")),
        (json!({ "duration": -1 }), Err("/duration")),
        (json!({ "duration": "soon" }), Err("/duration")),
        (json!({ "duration": 366, "unit": "days" }), Err("/duration")),
        (json!({ "duration": 1, "unit": "weeks" }), Err("/unit")),
        (json!({ "until": "tomorrow" }), Err("/until")),
        (json!({ "until": "2026-01-01" }), Err("/until")),
        (
            json!({ "duration": 1, "until": "2026-01-01T00:00:00Z" }),
            Err("/until"),
        ),
    ];
    for (inputs, expected) in cases {
        let mut bench =
            Bench::of(json!([{ "name": "d", "operation": "delay", "inputs": inputs }])).unwrap();
        let commands = bench.start(Json::Null).unwrap();
        let found = match &commands[..] {
            [
                Command::Begin {
                    until: Some(until), ..
                },
            ] => Ok(*until),
            [Command::Fail { error, .. }] => Err(error.field.as_deref().unwrap_or_default()),
            other => panic!("{other:?}"),
        };
        assert_eq!(found, expected, "{inputs}");
    }
}

#[test]
fn a_reply_is_journalled_before_its_step_has_ended() {
    let (_, bench) = run(
        json!([{ "name": "r", "operation": "reply", "inputs": { "response": path("$.steps.trigger") } }, { "name": "after" }]),
        json!({ "n": 1 }),
        &[],
    );
    let replies: Vec<&Json> = bench
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::RunReplied { reply, .. } => Some(reply),
            _ => None,
        })
        .collect();
    assert_eq!(replies, [&json!({ "response": { "n": 1 } })]);
    assert_eq!(status(&bench), RunStatus::Succeeded);
}

#[test]
fn what_cannot_run_is_refused_when_it_is_compiled() {
    let leave = |inputs: Json| json!({ "name": "x", "operation": "break", "inputs": inputs });
    let cases = [
        (json!([leave(json!({}))]), "not_in_loop"),
        (
            json!([each(json!([]), json!([leave(json!({ "loop": "other" }))]))]),
            "not_in_loop",
        ),
        (
            json!([each(
                json!([]),
                json!([leave(json!({ "loop": path("$.steps.l.name") }))])
            )]),
            "not_in_loop",
        ),
        (
            json!([{ "name": "if", "operation": "boolean", "inputs": { "conditions": [] } }]),
            "invalid_value",
        ),
        (
            json!([{ "name": "if", "operation": "boolean", "inputs": when(json!(1), "equals", json!(1)), "branches": { "maybe": [] } }]),
            "bad_branches",
        ),
        (
            json!([{ "name": "a", "branches": { "true": [] } }]),
            "bad_branches",
        ),
    ];
    for (steps, code) in cases {
        let problems = compile(&workflow(steps.clone()).unwrap(), &catalog()).unwrap_err();
        let codes: Vec<&str> = problems
            .iter()
            .map(|problem| problem.code.as_str())
            .collect();
        assert!(codes.contains(&code), "{steps}: {problems:?}");
    }
}

#[test]
fn only_what_is_read_later_is_kept_of_a_branch() {
    let steps = json!([
        { "name": "if", "operation": "boolean", "inputs": when(json!(1), "equals", json!(1)), "branches": { "true": [
            { "name": "unread" }, { "name": "a" }, { "name": "b", "inputs": { "a": path("$.steps.a") } } ] } },
        { "name": "wait", "operation": "delay", "inputs": { "duration": 1 } },
        { "name": "after", "inputs": { "b": path("$.steps.b") } },
    ]);
    let mut bench = Bench::of(steps).unwrap();
    let mut commands = bench.start(Json::Null).unwrap();
    loop {
        let (calls, _) = bench.carry_out(commands).unwrap();
        let Some(call) = calls.first() else { break };
        let kind = settle(&bench.plan, &bench.limits, call, Ok(json!({})), 0, 0);
        commands = bench.apply(kind).unwrap();
    }
    // `a` and `b`; not the branching step, and not what nobody reads.
    assert_eq!(bench.state.retained(), 2);
}
