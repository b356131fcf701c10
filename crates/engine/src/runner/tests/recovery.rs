//! A process may die at any moment: what is journalled is never done again, and the run ends as if nothing had been.

use super::*;
use serde_json::json;
use std::collections::BTreeSet;

/// A bit of everything: nested loops, a branch, a step that fails once, a collected list, concurrency.
fn steps(concurrency: u64) -> Json {
    json!([
        { "name": "list", "inputs": { "of": { "$path": "$.steps.trigger.of" } } },
        { "name": "l", "inputs": { "list": { "$path": "$.steps.list.items" }, "concurrency": concurrency,
            "collect": { "$path": "$.steps.b.got" } },
          "body": [
            { "name": "b", "operation": "write", "inputs": { "v": { "$path": "$.steps.l.value.n" } } },
            { "name": "odd", "on_error": "branch", "inputs": { "v": { "$path": "$.steps.b.got.v" } },
              "on_error_steps": [{ "name": "e", "inputs": { "why": { "$path": "$.errors.odd.code" } } }] },
            { "name": "m", "inputs": { "list": { "$path": "$.steps.l.value.tags" } },
              "body": [{ "name": "c", "inputs": { "t": { "$path": "$.steps.m.value" } } }] },
            { "name": "d", "inputs": { "m": { "$path": "$.steps.m.count" } } },
          ] },
        { "name": "flaky", "inputs": { "r": { "$path": "$.steps.l.results" } } },
        { "name": "end", "inputs": { "r": { "$path": "$.steps.flaky.got.r" }, "in": { "$path": "$.steps.trigger" } } },
    ])
}

fn service() -> FakeInvoke {
    FakeInvoke::new(|call, times| {
        let step = call.idempotency_key.split(':').nth(1).unwrap_or_default();
        match step {
            "list" => Answering::Now(Ok(json!({ "pad": "x".repeat(3000), "items": [
                { "n": 0, "tags": ["x", "y"] }, { "n": 1, "tags": [] }, { "n": 2, "tags": ["z"] },
            ] }))),
            "odd" if call.inputs["v"] == json!(1) => failing("odd", false),
            "flaky" if times == 1 => failing("boom", true),
            _ => Answering::Now(Ok(json!({ "got": call.inputs }))),
        }
    })
}

fn options(checkpoint_every: u64) -> Options {
    Options {
        checkpoint_every,
        ..Options::default()
    }
}

/// Which keys have a journalled end.
fn done(run: &RunId, events: &[Event]) -> BTreeSet<String> {
    let key = |step: &str, iteration: &[u64]| {
        let indices: Vec<String> = iteration.iter().map(u64::to_string).collect();
        format!("{run}:{step}:{}", indices.join("."))
    };
    let ended = |event: &Event| match &event.kind {
        EventKind::StepSucceeded {
            step, iteration, ..
        } => Some(key(step, iteration)),
        EventKind::StepFailed {
            step,
            iteration,
            retry_at: None,
            ..
        } => Some(key(step, iteration)),
        _ => None,
    };
    events.iter().filter_map(ended).collect()
}

/// Runs processes that die after so many appends each, then one that lives.
async fn run_with_deaths(
    deaths: &[usize],
    checkpoint_every: u64,
    concurrency: u64,
) -> (Vec<Event>, usize) {
    let journal = MemoryJournal::default();
    let first = journal.dying_after(deaths.first().copied().unwrap_or(usize::MAX));
    let mut world = World::with(first, Arc::new(service()), options(checkpoint_every));
    let run = world
        .accept(steps(concurrency), json!({ "of": "everything" }))
        .await;
    for position in 0..deaths.len() {
        let died = tokio::select! {
            biased;
            () = world.journal.died() => true,
            status = world.finish(&run) => { assert_eq!(status, Some(RunStatus::Succeeded)); false },
        };
        if !died {
            break;
        }
        let finished = done(&run, &world.events(&run));
        let before = world.invoke.calls().len();
        let life = deaths.get(position + 1).copied().unwrap_or(usize::MAX);
        world = world.next(journal.dying_after(life));
        assert_eq!(world.runner.recover().await.unwrap(), 1);
        tokio::select! {
            biased;
            () = world.journal.died() => {}
            status = world.finish(&run) => assert_eq!(status, Some(RunStatus::Succeeded)),
        }
        for call in &world.invoke.calls()[before..] {
            assert!(
                !finished.contains(&call.idempotency_key),
                "{} was done and came again",
                call.idempotency_key
            );
        }
    }
    world.finish(&run).await;
    assert_eq!(
        world.status(&run),
        RunStatus::Succeeded,
        "deaths {deaths:?}"
    );
    (world.events(&run), world.journal.batches(&run).len())
}

#[tokio::test]
async fn a_death_after_any_commit_changes_nothing_in_the_end() {
    for (checkpoint_every, concurrency) in [(1, 1), (3, 1), (1000, 1), (1, 3), (1000, 3)] {
        let (events, commits) = run_with_deaths(&[], checkpoint_every, concurrency).await;
        let expected = outputs(&events);
        assert!(
            commits > 5 && expected.len() > 10,
            "{commits} commits, {} outputs",
            expected.len()
        );
        for death in 0..commits {
            let (events, _) = run_with_deaths(&[death], checkpoint_every, concurrency).await;
            assert_eq!(
                outputs(&events),
                expected,
                "death after {death} commits, checkpoints {checkpoint_every}"
            );
            assert!(
                events
                    .iter()
                    .map(|event| event.ord)
                    .eq(1..=events.len() as u64)
            );
        }
    }
}

#[tokio::test]
async fn a_second_death_during_recovery_changes_nothing_either() {
    let (events, commits) = run_with_deaths(&[], 2, 1).await;
    let expected = outputs(&events);
    for first in 0..commits {
        for second in [0, 1, 2, 5] {
            let (events, _) = run_with_deaths(&[first, second], 2, 1).await;
            assert_eq!(
                outputs(&events),
                expected,
                "deaths after {first} and {second}"
            );
        }
    }
}

#[tokio::test]
async fn checkpoints_name_large_outputs_and_are_really_used() {
    let journal = MemoryJournal::default();
    let world = World::with(journal.dying_after(4), Arc::new(service()), options(1));
    let run = world.accept(steps(1), json!({ "of": 1 })).await;
    world.journal.died().await;
    let (ord, frontier) = journal.frontier(&run).unwrap();
    assert!(!frontier.to_string().contains("xxxx"), "{frontier}");
    journal.damage(&run, |_, events| {
        // Only the events that the checkpoint names or that follow it are needed.
        for event in events.iter_mut().filter(|event| event.ord < ord) {
            let named = matches!(&event.kind, EventKind::RunAccepted { .. })
                || matches!(&event.kind, EventKind::StepSucceeded { step, .. } if step == "list");
            if !named {
                event.kind = EventKind::CancelRequested;
            }
        }
    });
    let next = world.next(journal.next_process());
    next.runner.recover().await.unwrap();
    assert_eq!(next.finish(&run).await, Some(RunStatus::Succeeded));
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_read_is_passed_over() {
    let journal = MemoryJournal::default();
    let world = World::with(journal.dying_after(6), Arc::new(service()), options(1000));
    let run = world.accept(steps(1), json!({ "of": 1 })).await;
    world.journal.died().await;
    journal.set_frontier(&run, 3, json!({ "state": { "of": "another version" } }));
    let next = world.next(journal.next_process());
    next.runner.recover().await.unwrap();
    assert_eq!(next.finish(&run).await, Some(RunStatus::Succeeded));
}

#[tokio::test]
async fn a_step_that_must_not_happen_twice_is_not_repeated() {
    let journal = MemoryJournal::default();
    let world = World::with(
        journal.dying_after(1),
        Arc::new(FakeInvoke::echo()),
        Options::default(),
    );
    let run = world
        .accept(json!([{ "name": "a", "operation": "send" }]), Json::Null)
        .await;
    world.journal.died().await;
    let next = world.next(journal.next_process());
    next.runner.recover().await.unwrap();
    assert_eq!(next.finish(&run).await, Some(RunStatus::Failed));
    let error = next.error(&run);
    assert_eq!(
        (error.code.as_str(), error.outcome_unknown),
        ("outcome_unknown", true)
    );
    assert_eq!(next.invoke.calls().len(), 1);
}

#[tokio::test]
async fn recovered_runs_keep_their_order_and_those_that_ended_rest() {
    let journal = MemoryJournal::default();
    let world = World::with(
        journal.dying_after(2),
        Arc::new(FakeInvoke::echo()),
        options(1000),
    );
    let ended = world.run(json!([{ "name": "a" }]), Json::Null).await;
    world.clock.advance(Duration::from_secs(1));
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(world.accept(json!([{ "name": "b" }]), Json::Null).await);
        world.clock.advance(Duration::from_secs(1));
    }
    let before = world.invoke.calls().len();
    let next = world.next(journal.next_process());
    assert_eq!(next.runner.recover().await.unwrap(), 3);
    for run in &open {
        assert_eq!(next.finish(run).await, Some(RunStatus::Succeeded));
    }
    let order: Vec<RunId> = next.invoke.calls()[before..]
        .iter()
        .map(|call| call.run.clone())
        .collect();
    assert_eq!(order, open);
    assert_eq!(next.runner.progress(&ended), None);
}
