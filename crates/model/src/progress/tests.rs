//! What `progress` promises, mostly as tables.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn fold(kinds: Vec<Json>) -> Progress {
    let mut progress = Progress::default();
    for event in events(kinds) {
        progress.apply(&event);
    }
    progress
}

use crate::Json;

fn events(kinds: Vec<Json>) -> Vec<Event> {
    let numbered = kinds.into_iter().enumerate().map(|(position, mut kind)| {
        kind["ord"] = json!(position + 1);
        kind["at"] = json!(1_000 + position);
        serde_json::from_value(kind).expect("an event")
    });
    numbered.collect()
}

fn started(step: &str, index: u64, attempt: u32) -> Json {
    json!({"type": "step_started", "step": step, "iteration": [index], "attempt": attempt, "input": {}})
}

fn succeeded(step: &str, index: u64) -> Json {
    json!({"type": "step_succeeded", "step": step, "iteration": [index], "output": null, "duration_ms": 5})
}

fn failed(step: &str, retry_at: Option<i64>) -> Json {
    json!({"type": "step_failed", "step": step, "attempt": 1, "error": {"code": "http_status", "message": "no"},
        "duration_ms": 7, "retry_at": retry_at})
}

#[test]
fn a_run_goes_from_queued_to_its_end() {
    let accepted = json!({"type": "run_accepted", "input": {}});
    let begun = json!({"type": "run_started", "epoch": 1});
    let over = json!({"type": "run_finished", "status": "succeeded"});
    let table = [
        (vec![accepted.clone()], RunStatus::Queued),
        (vec![accepted.clone(), begun.clone()], RunStatus::Running),
        (
            vec![
                accepted.clone(),
                begun.clone(),
                started("a", 0, 1),
                failed("a", Some(9)),
            ],
            RunStatus::Waiting,
        ),
        (
            vec![
                accepted.clone(),
                begun.clone(),
                failed("a", Some(9)),
                started("a", 0, 2),
            ],
            RunStatus::Running,
        ),
        (vec![accepted, begun, over], RunStatus::Succeeded),
    ];
    for (kinds, status) in table {
        assert_eq!(fold(kinds.clone()).status, status, "{kinds:?}");
    }
}

#[test]
fn a_loop_counts_its_items() {
    let item = |index: u64, failed: bool| json!({"type": "item_finished", "step": "loop-1", "index": index, "failed": failed});
    let progress = fold(vec![
        json!({"type": "loop_started", "step": "loop-1", "total": 3}),
        started("a", 0, 1),
        succeeded("a", 0),
        item(0, false),
        started("a", 1, 1),
        failed("a", None),
        item(1, true),
        started("a", 2, 1),
    ]);
    let looped = &progress.steps["loop-1"];
    assert_eq!(
        (looped.items_done, looped.items_total, looped.items_failed),
        (Some(2), Some(3), 1)
    );
    let inner = &progress.steps["a"];
    assert_eq!(
        (
            inner.status,
            inner.succeeded,
            inner.failed,
            inner.duration_ms
        ),
        (StepStatus::Running, 1, 1, 7)
    );
    assert_eq!(progress.steps_done, 2);
    assert_eq!(progress.steps.keys().collect::<Vec<_>>(), ["loop-1", "a"]);
}

#[test]
fn an_attempt_that_is_repeated_is_no_failure_yet() {
    let progress = fold(vec![started("a", 0, 1), failed("a", Some(99))]);
    let step = &progress.steps["a"];
    assert_eq!(
        (step.status, step.failed, step.retry_at, progress.steps_done),
        (StepStatus::Waiting, 0, Some(99), 0)
    );
    assert_eq!(
        step.error.as_ref().map(|error| error.code.as_str()),
        Some("http_status")
    );
}

#[test]
fn nothing_stays_running_when_the_run_is_over() {
    for (status, expected) in [
        ("failed", StepStatus::Failed),
        ("cancelled", StepStatus::Cancelled),
    ] {
        let progress = fold(vec![
            started("done", 0, 1),
            succeeded("done", 0),
            started("a", 0, 1),
            failed("b", Some(5)),
            json!({"type": "step_skipped", "step": "c"}),
            json!({"type": "run_finished", "status": status, "error": {"step": "a", "code": "x", "message": "y"}}),
        ]);
        let statuses: Vec<StepStatus> = progress.steps.values().map(|step| step.status).collect();
        assert_eq!(
            statuses,
            [
                StepStatus::Succeeded,
                expected,
                expected,
                StepStatus::Skipped
            ]
        );
        assert!(progress.steps.values().all(|step| step.retry_at.is_none()));
        assert_eq!(
            progress
                .error
                .as_ref()
                .and_then(|error| error.step.as_deref()),
            Some("a")
        );
    }
}

#[test]
fn an_event_seen_before_changes_nothing() {
    let all = events(vec![started("a", 0, 1), succeeded("a", 0)]);
    let mut progress = Progress::default();
    for event in all.iter().chain(&all) {
        progress.apply(event);
    }
    assert_eq!((progress.steps["a"].succeeded, progress.ord), (1, 2));
}

#[test]
fn events_travel_flat() {
    let json = json!({"ord": 3, "at": 5, "type": "step_skipped", "step": "a", "iteration": [1, 2]});
    let event: Event = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(event).unwrap(), json);
}

fn any_kind() -> impl Strategy<Value = Json> {
    let step = prop::sample::select(vec!["a", "b", "loop-1"]);
    prop_oneof![
        (step.clone(), 0..3_u64, 1..3_u32).prop_map(|(step, index, attempt)| started(step, index, attempt)),
        (step.clone(), 0..3_u64).prop_map(|(step, index)| succeeded(step, index)),
        (step.clone(), prop::option::of(0..9_i64)).prop_map(|(step, retry)| failed(step, retry)),
        step.clone().prop_map(|step| json!({"type": "loop_started", "step": step})),
        (step, any::<bool>()).prop_map(|(step, failed)| json!({"type": "item_finished", "step": step, "index": 0, "failed": failed})),
        Just(json!({"type": "cancel_requested"})),
        Just(json!({"type": "run_finished", "status": "cancelled"})),
    ]
}

proptest! {
    #[test]
    fn folding_in_two_parts_is_folding_at_once(kinds in prop::collection::vec(any_kind(), 0..20), cut in 0..20_usize) {
        let all = events(kinds);
        let mut at_once = Progress::default();
        all.iter().for_each(|event| at_once.apply(event));
        let mut first = Progress::default();
        let cut = cut.min(all.len());
        all[..cut].iter().for_each(|event| first.apply(event));
        let mut resumed: Progress = serde_json::from_value(serde_json::to_value(&first).unwrap()).unwrap();
        all[cut.saturating_sub(2)..].iter().for_each(|event| resumed.apply(event));
        prop_assert_eq!(resumed, at_once);
    }
}
