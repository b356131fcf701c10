//! What is done after what: one table of workflows and the calls and ends they come to.

mod flow;
mod reference;
mod simulator;

use crate::{
    decide::{Command, decide},
    testing::Bench,
};
use patchbay_model::{
    Json,
    event::{EventKind, RunStatus, StepError},
};
use serde_json::{Value, json};

/// Runs the steps; calls named in `failing` fail. Gives the keys of the calls without the run, and the bench.
fn run(steps: Json, input: Json, failing: &[&str]) -> (Vec<String>, Bench) {
    let mut bench = Bench::of(steps).unwrap();
    let calls = bench.run(input, |call| {
        let key = short(&call.idempotency_key);
        if failing.contains(&key.as_str()) {
            Err(error("boom", false))
        } else {
            Ok(call.inputs.clone())
        }
    });
    let keys = calls
        .unwrap()
        .iter()
        .map(|call| short(&call.idempotency_key))
        .collect();
    (keys, bench)
}

fn short(key: &str) -> String {
    key.trim_start_matches("run_1:")
        .trim_end_matches(':')
        .to_owned()
}

fn error(code: &str, retryable: bool) -> StepError {
    StepError {
        code: code.to_owned(),
        message: "as the test wants".to_owned(),
        retryable,
        ..StepError::default()
    }
}

fn status(bench: &Bench) -> RunStatus {
    bench.state.status()
}

fn failure(bench: &Bench) -> (String, String, String) {
    let error = bench
        .state
        .outcome()
        .and_then(|(_, error)| error.clone())
        .unwrap();
    (
        error.step.unwrap_or_default(),
        error.error.code,
        error.error.message,
    )
}

fn output(bench: &Bench, name: &str) -> Json {
    let found = bench
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.kind {
            EventKind::StepSucceeded { step, output, .. } if step == name => Some(output.clone()),
            _ => None,
        });
    found.unwrap_or(Value::Null)
}

fn path(path: &str) -> Json {
    json!({ "$path": path })
}

fn each(list: Json, body: Json) -> Json {
    json!({ "name": "l", "inputs": { "list": list }, "body": body })
}

#[test]
fn steps_run_in_order_and_see_what_earlier_ones_gave() {
    let steps = json!([
        { "name": "a", "inputs": { "x": path("$.steps.trigger.n") } },
        { "name": "b", "inputs": { "y": path("$.steps.a.x"), "run": path("$.env.run_id") } },
    ]);
    let (calls, bench) = run(steps, json!({ "n": 7 }), &[]);
    assert_eq!(calls, ["a", "b"]);
    assert_eq!(output(&bench, "b"), json!({ "y": 7, "run": "run_1" }));
    assert_eq!(
        (status(&bench), bench.state.steps_done()),
        (RunStatus::Succeeded, 2)
    );
}

#[test]
fn a_workflow_without_steps_succeeds() {
    let (calls, bench) = run(json!([]), Json::Null, &[]);
    assert_eq!((calls.len(), status(&bench)), (0, RunStatus::Succeeded));
}

#[test]
fn a_loop_offers_item_and_position_to_its_body_and_counts_to_the_rest() {
    let body = json!([{ "name": "b", "inputs": {
        "v": path("$.steps.l.value.n"), "i": path("$.steps.l.index"), "first": path("$.steps.l.is_first"),
        "last": path("$.steps.l.is_last"), "of": path("$.steps.l.count"),
    } }]);
    let after = json!({ "name": "after", "inputs": { "done": path("$.steps.l.count") } });
    let (calls, bench) = run(
        json!([each(path("$.steps.trigger.list"), body), after]),
        json!({ "list": [{ "n": 5 }, { "n": 6 }] }),
        &[],
    );
    assert_eq!(calls, ["b:0", "b:1", "after"]);
    assert_eq!(
        output(&bench, "b"),
        json!({ "v": 6, "i": 1, "first": false, "last": true, "of": 2 })
    );
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 2, "succeeded": 2, "failed": 0 })
    );
    assert_eq!(output(&bench, "after"), json!({ "done": 2 }));
}

#[test]
fn a_loop_over_an_object_offers_key_and_value_in_order() {
    let steps = json!([{ "name": "l", "inputs": { "object": path("$.steps.trigger") }, "body": [
        { "name": "b", "inputs": { "k": path("$.steps.l.key"), "v": path("$.steps.l.value") } },
    ] , "on_error": "stop" }]);
    let mut bench = Bench::of(steps).unwrap();
    let calls = bench
        .run(json!({ "z": 1, "a": 2 }), |call| Ok(call.inputs.clone()))
        .unwrap();
    let inputs: Vec<Json> = calls.into_iter().map(|call| call.inputs).collect();
    assert_eq!(
        inputs,
        [json!({ "k": "z", "v": 1 }), json!({ "k": "a", "v": 2 })]
    );
}

#[test]
fn nested_loops_go_through_lists_inside_items() {
    let inner = json!([{ "name": "m", "inputs": { "list": path("$.steps.l.value.tags") }, "body": [
        { "name": "b", "inputs": { "outer": path("$.steps.l.index"), "tag": path("$.steps.m.value") } },
    ] }]);
    let input = json!([{ "tags": ["x", "y"] }, { "tags": [] }, { "tags": ["z"] }]);
    let (calls, bench) = run(json!([each(path("$.steps.trigger"), inner)]), input, &[]);
    assert_eq!(calls, ["b:0.0", "b:0.1", "b:2.0"]);
    assert_eq!(output(&bench, "b"), json!({ "outer": 2, "tag": "z" }));
}

#[test]
fn an_empty_list_is_a_loop_that_is_over_at_once() {
    let (calls, bench) = run(
        json!([each(json!([]), json!([{ "name": "b" }])), { "name": "c" }]),
        Json::Null,
        &[],
    );
    assert_eq!(calls, ["c"]);
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 0, "succeeded": 0, "failed": 0 })
    );
}

#[test]
fn what_cannot_be_gone_over_is_an_error_that_says_what_it_is() {
    let cases = [
        (
            json!({ "records": null }),
            "invalid_input",
            "is null; the loop needs a list",
        ),
        (
            json!({ "records": { "a": 1, "b": 2 } }),
            "invalid_input",
            "is an object with the keys a, b; the loop needs a list",
        ),
        (json!({ "records": "text" }), "invalid_input", "is a text"),
        (json!({ "recods": [] }), "missing_value", "records"),
    ];
    for (input, code, words) in cases {
        let (_, bench) = run(
            json!([each(
                path("$.steps.trigger.records"),
                json!([{ "name": "b" }])
            )]),
            input.clone(),
            &[],
        );
        let (step, found, message) = failure(&bench);
        assert_eq!((step.as_str(), found.as_str()), ("l", code), "{input}");
        assert!(message.contains(words), "{message:?} for {input}");
    }
}

#[test]
fn a_missing_value_names_field_and_path() {
    let steps =
        json!([{ "name": "a", "inputs": { "row": { "from": path("$.steps.trigger.fromm") } } }]);
    let (calls, bench) = run(steps, json!({ "from": 1 }), &[]);
    assert!(calls.is_empty());
    let error = bench
        .state
        .outcome()
        .and_then(|(_, error)| error.clone())
        .unwrap()
        .error;
    assert_eq!(error.code, "missing_value");
    assert_eq!(error.field.as_deref(), Some("/row/from"));
    assert_eq!(error.path.as_deref(), Some("$.steps.trigger.fromm"));
    assert!(
        error.message.contains("did you mean `from`"),
        "{}",
        error.message
    );
}

#[test]
fn on_error_decides_how_the_flow_goes_on() {
    let cases: [(&str, &[&str], RunStatus, [u64; 3]); 5] = [
        ("stop", &["b:0", "c:0", "b:1"], RunStatus::Failed, [0, 0, 0]),
        (
            "continue",
            &["b:0", "c:0", "b:1", "c:1", "b:2", "c:2", "after"],
            RunStatus::Succeeded,
            [3, 2, 1],
        ),
        (
            "next_item",
            &["b:0", "c:0", "b:1", "b:2", "c:2", "after"],
            RunStatus::Succeeded,
            [3, 2, 1],
        ),
        (
            "break_loop",
            &["b:0", "c:0", "b:1", "after"],
            RunStatus::Succeeded,
            [2, 1, 1],
        ),
        (
            "branch",
            &["b:0", "c:0", "b:1", "e:1", "c:1", "b:2", "c:2", "after"],
            RunStatus::Succeeded,
            [3, 3, 0],
        ),
    ];
    for (on_error, expected, ended, [count, succeeded, failed]) in cases {
        let body = json!([
            { "name": "b", "on_error": on_error, "on_error_steps": [
                { "name": "e", "inputs": { "why": path("$.errors.b.code") } },
            ] },
            { "name": "c" },
        ]);
        let (calls, bench) = run(
            json!([each(json!([0, 1, 2]), body), { "name": "after" }]),
            Json::Null,
            &["b:1"],
        );
        assert_eq!(calls, expected, "{on_error}");
        assert_eq!(status(&bench), ended, "{on_error}");
        if ended == RunStatus::Succeeded {
            let counts = json!({ "count": count, "succeeded": succeeded, "failed": failed });
            assert_eq!(output(&bench, "l"), counts, "{on_error}");
        }
        if on_error == "branch" {
            assert_eq!(output(&bench, "e"), json!({ "why": "boom" }));
        }
    }
}

#[test]
fn steps_behind_an_early_end_are_skipped_by_name() {
    let body = json!([{ "name": "b", "on_error": "next_item" }, { "name": "c" }, { "name": "d" }]);
    let (_, bench) = run(json!([each(json!([0]), body)]), Json::Null, &["b:0"]);
    let skipped: Vec<&str> = bench
        .events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::StepSkipped { step, iteration } if *iteration == [0] => Some(step.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(skipped, ["c", "d"]);
}

#[test]
fn an_error_branch_may_fail_break_and_hold_loops_itself() {
    let branch = json!([
        { "name": "m", "inputs": { "list": [1, 2] }, "body": [{ "name": "x", "inputs": { "why": path("$.errors.b.code") } }] },
        { "name": "e", "on_error": "break_loop" },
        { "name": "f" },
    ]);
    let body =
        json!([{ "name": "b", "on_error": "branch", "on_error_steps": branch }, { "name": "c" }]);
    let steps = json!([each(json!([0, 1, 2]), body), { "name": "after" }]);
    let (calls, bench) = run(steps, Json::Null, &["b:1", "e:1"]);
    assert_eq!(
        calls,
        ["b:0", "c:0", "b:1", "x:1.0", "x:1.1", "e:1", "after"]
    );
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 2, "succeeded": 1, "failed": 1 })
    );
}

#[test]
fn a_failed_step_is_an_error_that_later_steps_can_read() {
    let steps = json!([
        { "name": "a", "on_error": "continue" },
        { "name": "b", "inputs": { "why": path("$.errors.a.message") } },
    ]);
    let (_, bench) = run(steps, Json::Null, &["a"]);
    assert_eq!(output(&bench, "b"), json!({ "why": "as the test wants" }));
}

#[test]
fn attempts_are_repeated_by_policy_and_by_what_the_operation_is() {
    let fixed = json!({ "attempts": 4, "backoff": "fixed", "first_delay": 1 });
    let cases = [
        (
            "repeatable without a policy",
            "read",
            Json::Null,
            error("boom", true),
            3,
        ),
        (
            "not repeatable without a policy",
            "write",
            Json::Null,
            error("boom", true),
            1,
        ),
        (
            "with a policy",
            "write",
            fixed.clone(),
            error("boom", true),
            4,
        ),
        (
            "with a policy, beyond help",
            "read",
            fixed,
            error("boom", false),
            1,
        ),
    ];
    for (case, operation, retry, failing, attempts) in cases {
        let mut step = json!({ "name": "a", "operation": operation });
        if !retry.is_null() {
            step["retry"] = retry;
        }
        let mut bench = Bench::of(json!([step])).unwrap();
        let calls = bench.run(Json::Null, |_| Err(failing.clone())).unwrap();
        let made: Vec<u32> = calls.iter().map(|call| call.attempt).collect();
        assert_eq!(made, (1..=attempts).collect::<Vec<_>>(), "{case}");
        assert!(
            calls.iter().all(|call| call.idempotency_key == "run_1:a:"),
            "{case}"
        );
        assert_eq!(bench.state.steps_done(), 1, "{case}");
    }
}

#[test]
fn attempts_that_a_rate_limit_turns_away_do_not_count() {
    let mut bench = Bench::of(json!([{ "name": "a", "operation": "write" }])).unwrap();
    let calls = bench.run(Json::Null, |call| match call.attempt {
        ..=20 => Err(error("rate_limited", true)),
        _ => Ok(Json::Null),
    });
    assert_eq!(calls.unwrap().len(), 21);
    assert_eq!(status(&bench), RunStatus::Succeeded);
}

#[test]
fn a_pause_is_waited_for_and_no_longer() {
    let step =
        json!({ "name": "a", "retry": { "attempts": 2, "backoff": "fixed", "first_delay": 1 } });
    let mut bench = Bench::of(json!([step])).unwrap();
    let commands = bench.start(Json::Null).unwrap();
    let (calls, _) = bench.carry_out(commands).unwrap();
    let asked = StepError {
        retry_after_ms: Some(5_000),
        ..error("rate_limited", true)
    };
    let kind = super::settle(
        &bench.plan,
        &bench.limits,
        &calls[0],
        Err(asked),
        bench.now,
        bench.now,
    );
    let commands = bench.apply(kind).unwrap();
    let until = bench.now + 5_000;
    assert_eq!(
        commands,
        [Command::Wait {
            step: "a".to_owned(),
            iteration: Vec::new(),
            until
        }]
    );
    assert_eq!(status(&bench), RunStatus::Waiting);
    bench.now = until;
    assert!(
        matches!(&decide(&bench.plan, &bench.state, until)[..], [Command::Invoke(call)] if call.attempt == 2)
    );
}

#[test]
fn an_interrupted_step_is_repeated_unless_it_must_not_happen_twice() {
    let cases = [
        ("read", Json::Null, true),
        ("write", Json::Null, true),
        ("send", Json::Null, false),
        ("send", json!("retry"), true),
        ("write", json!("fail"), false),
    ];
    for (operation, on_interrupt, repeated) in cases {
        let mut step = json!({ "name": "a", "operation": operation });
        if !on_interrupt.is_null() {
            step["on_interrupt"] = on_interrupt;
        }
        let mut bench = Bench::of(json!([step])).unwrap();
        let commands = bench.start(Json::Null).unwrap();
        let (calls, _) = bench.carry_out(commands).unwrap();
        let commands = bench.apply(EventKind::RunStarted { epoch: 2 }).unwrap();
        match &commands[..] {
            [Command::Invoke(call)] if repeated => {
                assert_eq!(
                    (call.attempt, &call.idempotency_key),
                    (2, &calls[0].idempotency_key)
                );
            }
            [Command::Fail { error, .. }] if !repeated => {
                assert_eq!(
                    (error.code.as_str(), error.outcome_unknown),
                    ("outcome_unknown", true)
                );
            }
            other => panic!("{operation}: {other:?}"),
        }
    }
}

#[test]
fn what_is_collected_stands_in_order_with_null_for_what_failed() {
    let steps = json!([{ "name": "l", "inputs": { "list": [1, 2, 3], "collect": path("$.steps.b.n"), "concurrency": 2 }, "body": [
        { "name": "b", "inputs": { "n": path("$.steps.l.value") }, "on_error": "next_item" },
    ] }]);
    let (_, bench) = run(steps, Json::Null, &["b:1"]);
    assert_eq!(
        output(&bench, "l"),
        json!({ "count": 3, "succeeded": 2, "failed": 1, "results": [1, null, 3] })
    );
}

#[test]
fn collecting_what_is_not_there_fails_the_loop() {
    let steps = json!([{ "name": "l", "inputs": { "list": [1], "collect": path("$.steps.b.nn") }, "body": [
        { "name": "b", "inputs": { "n": 1 } },
    ] }]);
    let (_, bench) = run(steps, Json::Null, &[]);
    let (step, code, _) = failure(&bench);
    assert_eq!((step.as_str(), code.as_str()), ("l", "missing_value"));
}

#[test]
fn as_many_items_as_asked_for_are_under_way_at_a_time() {
    let steps = json!([{ "name": "l", "inputs": { "list": [1, 2, 3, 4, 5], "concurrency": 3 }, "body": [{ "name": "b" }] }]);
    let mut bench = Bench::of(steps).unwrap();
    let commands = bench.start(Json::Null).unwrap();
    let (calls, _) = bench.carry_out(commands).unwrap();
    assert_eq!(calls.len(), 3);
    let kind = super::settle(&bench.plan, &bench.limits, &calls[2], Ok(Json::Null), 0, 0);
    let commands = bench.apply(kind).unwrap();
    let (calls, _) = bench.carry_out(commands).unwrap();
    assert_eq!(
        calls
            .iter()
            .map(|call| short(&call.idempotency_key))
            .collect::<Vec<_>>(),
        ["b:3"]
    );
}

#[test]
fn a_run_that_fails_lets_the_calls_in_flight_end_first() {
    let steps = json!([{ "name": "l", "inputs": { "list": [1, 2, 3], "concurrency": 2 }, "body": [{ "name": "b" }] }]);
    let mut bench = Bench::of(steps).unwrap();
    let commands = bench.start(Json::Null).unwrap();
    let (calls, _) = bench.carry_out(commands).unwrap();
    let failed = super::settle(
        &bench.plan,
        &bench.limits,
        &calls[0],
        Err(error("boom", false)),
        0,
        0,
    );
    assert_eq!(bench.apply(failed).unwrap(), []);
    let done = super::settle(&bench.plan, &bench.limits, &calls[1], Ok(Json::Null), 0, 0);
    assert!(matches!(
        &bench.apply(done).unwrap()[..],
        [Command::Finish {
            status: RunStatus::Failed,
            ..
        }]
    ));
}

#[test]
fn cancelling_ends_a_run_wherever_it_is() {
    let step = json!({ "name": "a", "retry": { "attempts": 2 } });
    let mut bench = Bench::of(json!([step])).unwrap();
    bench.start(Json::Null).unwrap();
    let finish = [Command::Finish {
        status: RunStatus::Cancelled,
        error: None,
    }];
    assert_eq!(bench.apply(EventKind::CancelRequested).unwrap(), finish);
}

#[test]
fn an_output_beyond_the_limit_fails_the_run_whatever_the_step_says() {
    let mut bench = Bench::of(json!([{ "name": "a", "on_error": "continue" }])).unwrap();
    bench.limits.max_output_bytes = 10;
    bench
        .run(Json::Null, |_| Ok(json!("longer than ten bytes")))
        .unwrap();
    assert_eq!(failure(&bench).1, "limit_exceeded");
}

#[test]
fn large_inputs_are_journalled_by_their_beginning() {
    let mut bench =
        Bench::of(json!([{ "name": "a", "inputs": { "big": path("$.steps.trigger") } }])).unwrap();
    let calls = bench
        .run(json!("x".repeat(100_000)), |_| Ok(Json::Null))
        .unwrap();
    assert_eq!(calls[0].inputs["big"].as_str().map(str::len), Some(100_000));
    assert_eq!(calls[0].journalled["$truncated"], json!(true));
}
