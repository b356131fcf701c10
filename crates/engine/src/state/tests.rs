//! A state is the fold of its events, at every point.

use super::*;
use crate::{
    decide::{Command, decide},
    testing::Bench,
};
use patchbay_model::event::{Event, EventKind, StepError};
use serde_json::json;

fn steps() -> Json {
    json!([
        { "name": "big" },
        { "name": "l", "inputs": { "list": { "$path": "$.steps.big.items" }, "concurrency": 2,
            "collect": { "$path": "$.steps.a.x" } },
          "body": [
            { "name": "a", "inputs": { "x": { "$path": "$.steps.l.value.x" } } },
            { "name": "b", "on_error": "branch", "on_error_steps": [
                { "name": "m", "inputs": { "list": { "$path": "$.steps.l.value.list" } },
                  "body": [{ "name": "c", "inputs": { "y": { "$path": "$.steps.m.value" } } }] },
                { "name": "e", "inputs": { "why": { "$path": "$.errors.b.code" }, "a": { "$path": "$.steps.a" } } },
            ] },
            { "name": "d", "on_error": "next_item" },
            { "name": "f" },
          ] },
        { "name": "g", "inputs": { "r": { "$path": "$.steps.l.results" }, "t": { "$path": "$.steps.trigger" } } },
    ])
}

/// A run in which a bit of everything happens.
fn eventful() -> Bench {
    let mut bench = Bench::of(steps()).unwrap();
    let mut flaky = true;
    let run = bench.run(json!({ "in": 1 }), |call| match (call.step.as_str(), call.iteration.as_slice()) {
        ("big", _) => Ok(json!({ "pad": "x".repeat(2000), "items": [
            { "x": 1, "list": [1] }, { "x": null, "list": [] }, { "x": 3, "list": ["a", "b"] }, { "x": 4, "list": [] },
        ] })),
        ("b", [0 | 2]) | ("d", [1]) => Err(StepError { code: "boom".to_owned(), ..StepError::default() }),
        ("f", [3]) if std::mem::take(&mut flaky) => {
            Err(StepError { code: "boom".to_owned(), retryable: true, ..StepError::default() })
        }
        _ => Ok(call.inputs.clone()),
    });
    run.unwrap();
    bench
}

fn fold(bench: &Bench, events: &[Event]) -> State {
    let mut state = State::new(&Bench::facts());
    events
        .iter()
        .for_each(|event| state.apply(&bench.plan, event).unwrap());
    state
}

#[test]
fn the_run_on_which_these_tests_stand_is_eventful() {
    let bench = eventful();
    assert_eq!(bench.state.status(), RunStatus::Succeeded);
    assert!(bench.events.len() > 60, "{}", bench.events.len());
    let has = |test: fn(&EventKind) -> bool| bench.events.iter().any(|event| test(&event.kind));
    assert!(has(|kind| matches!(kind, EventKind::StepSkipped { .. })));
    assert!(has(|kind| matches!(
        kind,
        EventKind::StepFailed {
            retry_at: Some(_),
            ..
        }
    )));
    assert!(has(|kind| matches!(
        kind,
        EventKind::ItemFinished { failed: true, .. }
    )));
    assert!(has(
        |kind| matches!(kind, EventKind::StepSucceeded { step, .. } if step == "e")
    ));
}

#[test]
fn a_checkpoint_at_any_point_brings_back_the_same_state_and_the_same_decision() {
    let bench = eventful();
    for length in 1..=bench.events.len() {
        let (before, after) = bench.events.split_at(length);
        let whole = fold(&bench, before);
        let text = serde_json::to_string(&whole.freeze()).unwrap();
        let mut back = State::thaw(&Bench::facts(), &serde_json::from_str(&text).unwrap()).unwrap();
        let named: Vec<Event> = back
            .outstanding()
            .into_iter()
            .map(|ord| bench.events[usize::try_from(ord).unwrap() - 1].clone())
            .collect();
        back.hydrate(&bench.plan, &named).unwrap();
        assert_eq!(back, whole, "after {length} events");
        assert_eq!(
            decide(&bench.plan, &back, 5_000),
            decide(&bench.plan, &whole, 5_000),
            "after {length} events"
        );
        after
            .iter()
            .for_each(|event| back.apply(&bench.plan, event).unwrap());
        assert_eq!(back, bench.state, "after {length} events");
    }
}

#[test]
fn every_event_of_a_run_was_decided_by_the_state_before_it() {
    let bench = eventful();
    let mut state = State::new(&Bench::facts());
    for event in &bench.events {
        let commands: Vec<Command> = decide(&bench.plan, &state, event.at);
        let decided = commands
            .iter()
            .flat_map(|command| command.events(event.at))
            .any(|kind| kind == event.kind);
        // The beginning, the second event of a command, and the ends of calls come from elsewhere.
        let given = matches!(
            event.kind,
            EventKind::RunAccepted { .. }
                | EventKind::RunStarted { .. }
                | EventKind::LoopStarted { .. }
                | EventKind::StepSucceeded { .. }
                | EventKind::StepFailed { .. }
        );
        assert!(decided || given, "{event:?} was not decided: {commands:?}");
        state.apply(&bench.plan, event).unwrap();
    }
}

#[test]
fn an_event_out_of_place_is_refused_and_changes_nothing() {
    let bench = eventful();
    let started = |step: &str, iteration: Vec<u64>| EventKind::StepStarted {
        step: step.to_owned(),
        iteration,
        attempt: 1,
        input: Json::Null,
    };
    let finished = EventKind::ItemFinished {
        step: "l".to_owned(),
        iteration: Vec::new(),
        index: 0,
        failed: false,
        last: false,
    };
    let state = fold(&bench, &bench.events[..2]);
    let cases = [
        (3, started("l", Vec::new())),
        (3, started("a", vec![0])),
        (3, finished),
        (4, started("big", Vec::new())),
        (2, started("big", Vec::new())),
    ];
    for (ord, kind) in cases {
        let mut state = state.clone();
        let error = state
            .apply(
                &bench.plan,
                &Event {
                    ord,
                    at: 0,
                    kind: kind.clone(),
                },
            )
            .unwrap_err();
        assert_eq!(error.ord, ord, "{kind:?}");
        assert_eq!(state.ord(), 2);
    }
}

#[test]
fn what_a_loop_keeps_does_not_grow_with_the_iterations_done() {
    let most = |items: u32| {
        let steps = json!([
            { "name": "l", "inputs": { "list": { "$path": "$.steps.trigger" } }, "body": [
                { "name": "a", "inputs": { "x": { "$path": "$.steps.l.value" } } },
                { "name": "b", "inputs": { "x": { "$path": "$.steps.a.x" } }, "on_error": "continue" },
            ] },
        ]);
        let mut bench = Bench::of(steps).unwrap();
        bench
            .run(json!((0..items).collect::<Vec<_>>()), |call| {
                match call.step.as_str() {
                    "b" => Err(StepError::default()),
                    _ => Ok(call.inputs.clone()),
                }
            })
            .unwrap();
        let mut state = State::new(&Bench::facts());
        let mut kept = (0, 0);
        for event in &bench.events {
            state.apply(&bench.plan, event).unwrap();
            kept.0 = kept.0.max(state.retained());
            if matches!(event.kind, EventKind::ItemFinished { .. }) && event.ord % 97 == 0 {
                kept.1 = kept.1.max(state.freeze().to_string().len());
            }
        }
        assert_eq!(bench.state.steps_done(), u64::from(items) * 2 + 1);
        kept
    };
    let (few, small) = most(500);
    let (many, large) = most(10_000);
    assert_eq!(few, many);
    // Only the digits of counters and positions may differ, and the list itself is named, not written.
    assert!(large < small + 64 && small > 0, "{small} and {large} bytes");
}

#[test]
fn an_item_is_read_in_place() {
    let steps = json!([{ "name": "l", "inputs": { "list": { "$path": "$.steps.trigger.list" } }, "body": [
        { "name": "m", "inputs": { "list": { "$path": "$.steps.l.value" } }, "body": [{ "name": "a" }] },
    ] }]);
    let mut bench = Bench::of(steps).unwrap();
    let commands = bench.start(json!({ "list": [[1, 2], [3]] })).unwrap();
    bench.carry_out(commands).unwrap();
    let held = &bench.state.root.known.outputs["trigger"].value;
    // The trigger's output, the outer loop and the inner loop.
    assert_eq!(Arc::strong_count(held), 3);
}
