//! Full disks, other owners, panics, limits, damage, shutting down.

use super::*;
use crate::{
    limits::Limits,
    port::{Journal, JournalError},
    runner::AcceptError,
};
use serde_json::json;

fn later() -> FakeInvoke {
    FakeInvoke::new(|_, _| Answering::Later(Ok(Json::Null)))
}

#[tokio::test]
async fn a_full_disk_pauses_a_run_and_loses_nothing() {
    let world = World::new(FakeInvoke::echo());
    world
        .journal
        .refuse((0..9).map(|_| JournalError::Full).collect());
    let run = world
        .run(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    assert_eq!(world.status(&run), RunStatus::Succeeded);
    assert_eq!(world.invoke.calls().len(), 2);
}

#[tokio::test]
async fn a_journal_that_fails_for_long_is_tried_again_from_what_it_holds() {
    let world = World::new(later());
    let run = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    world.invoke.arrived(1).await;
    world.journal.refuse(
        (0..6)
            .map(|_| JournalError::Failed("as the test wants".to_owned()))
            .collect(),
    );
    world.invoke.release();
    assert_eq!(world.finish(&run).await, Some(RunStatus::Succeeded));
    assert_eq!(world.invoke.times()[&format!("{run}:a:")], 2);
}

#[tokio::test]
async fn a_run_that_another_process_took_over_is_left_alone() {
    let world = World::new(later());
    let run = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    world.invoke.arrived(1).await;
    world.journal.next_process().claim(&run).await.unwrap();
    let events = world.events(&run);
    world.invoke.release();
    assert_eq!(world.finish(&run).await, None);
    assert_eq!(world.events(&run), events);
}

#[tokio::test]
async fn a_connector_that_panics_fails_its_run_alone() {
    let world = World::new(FakeInvoke::new(|call, _| match call.operation.as_str() {
        "write" => Answering::Panic,
        _ => Answering::Later(Ok(Json::Null)),
    }));
    let other = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    let run = world
        .run(json!([{ "name": "a", "operation": "write" }]), Json::Null)
        .await;
    assert_eq!(
        (world.status(&run), world.error(&run).code.as_str()),
        (RunStatus::Failed, "internal_error")
    );
    world.invoke.release();
    assert_eq!(world.finish(&other).await, Some(RunStatus::Succeeded));
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_fails_and_says_what_may_have_happened() {
    let world = World::new(FakeInvoke::new(|_, _| Answering::Never));
    let run = world
        .run(
            json!([{ "name": "a", "operation": "write", "timeout": 5 }]),
            Json::Null,
        )
        .await;
    let error = world.error(&run);
    assert_eq!(
        (error.code.as_str(), error.outcome_unknown),
        ("timeout", true)
    );
    assert!(error.message.contains("5 s"), "{}", error.message);
}

#[tokio::test]
async fn going_beyond_a_limit_fails_that_run_and_says_which() {
    let most = Limits::default();
    let cases = [
        (
            Limits {
                max_steps: 3,
                ..most.clone()
            },
            "3 steps",
        ),
        (
            Limits {
                max_duration: Duration::from_secs(2),
                ..most.clone()
            },
            "2 seconds",
        ),
        (
            Limits {
                max_nesting: 1,
                ..most.clone()
            },
            "nests 2 levels",
        ),
        (
            Limits {
                max_output_bytes: 50,
                ..most
            },
            "50 bytes",
        ),
    ];
    for (limits, words) in cases {
        let invoke = Arc::new(FakeInvoke::new(move |call, times| match (words, times) {
            ("2 seconds", 1) => failing("boom", true),
            ("50 bytes", _) => Answering::Now(Ok(json!("x".repeat(60)))),
            _ => Answering::Now(Ok(call.inputs.clone())),
        }));
        let world = World::with(
            MemoryJournal::default(),
            invoke,
            Options {
                limits,
                ..Options::default()
            },
        );
        let steps = json!([{ "name": "l", "inputs": { "list": [1, 2, 3, 4, 5] }, "body": [
            { "name": "a", "retry": { "attempts": 2, "backoff": "fixed", "first_delay": 10 } },
        ] }]);
        let run = world.run(steps, Json::Null).await;
        let error = world.error(&run);
        assert_eq!(
            (world.status(&run), error.code.as_str()),
            (RunStatus::Failed, "limit_exceeded"),
            "{words}"
        );
        assert!(error.message.contains(words), "{:?}", error.message);
    }
}

#[tokio::test]
async fn a_run_of_exactly_as_many_steps_as_allowed_succeeds() {
    let limits = Limits {
        max_steps: 2,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let world = World::with(
        MemoryJournal::default(),
        Arc::new(FakeInvoke::echo()),
        options,
    );
    let run = world
        .run(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    assert_eq!(world.status(&run), RunStatus::Succeeded);
}

#[tokio::test]
async fn a_run_whose_record_is_damaged_fails_with_what_is_wrong() {
    type Damage = fn(&mut Json, &mut Vec<Event>);
    let cases: [(&str, Damage); 3] = [
        ("plan_unreadable", |plan, _| {
            plan["format"] = json!("patchbay.plan/99")
        }),
        ("journal_damaged", |plan, _| {
            plan["steps"][0]["name"] = json!("other")
        }),
        ("journal_damaged", |_, events| {
            events.truncate(1);
            events[0].kind = EventKind::LoopStarted {
                step: "a".to_owned(),
                iteration: Vec::new(),
                total: None,
            };
        }),
    ];
    for (code, damage) in cases {
        let world = World::with(
            MemoryJournal::default().dying_after(1),
            Arc::new(FakeInvoke::echo()),
            Options::default(),
        );
        let run = world.accept(json!([{ "name": "a" }]), Json::Null).await;
        world.journal.died().await;
        let next = world.next(world.journal.next_process());
        next.journal.damage(&run, damage);
        next.runner.recover().await.unwrap();
        next.finish(&run).await;
        if next.status(&run) == RunStatus::Failed {
            assert_eq!(next.error(&run).code, code);
        } else {
            panic!("{code}: {:?}", next.status(&run));
        }
    }
}

#[tokio::test]
async fn shutting_down_lets_a_call_end_and_leaves_the_rest_to_the_next_process() {
    let world = World::new(later());
    let run = world
        .accept(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    world.invoke.arrived(1).await;
    let runner = world.runner.clone();
    let shutdown = tokio::spawn(async move { runner.shutdown(LONG).await });
    while !world.runner.inner.draining.is_cancelled() {
        tokio::task::yield_now().await;
    }
    let refused = world
        .runner
        .accept(request(plan(json!([])), Json::Null))
        .await;
    assert!(
        matches!(refused, Err(AcceptError::ShuttingDown)),
        "{refused:?}"
    );
    world.invoke.release();
    shutdown.await.unwrap();
    let last = world.events(&run).pop().unwrap().kind;
    assert!(
        matches!(&last, EventKind::StepSucceeded { step, .. } if step == "a"),
        "{last:?}"
    );
    let next = world.next(world.journal.next_process());
    next.runner.recover().await.unwrap();
    assert_eq!(next.finish(&run).await, Some(RunStatus::Succeeded));
    assert_eq!(
        next.invoke.times().into_values().collect::<Vec<_>>(),
        [1, 1]
    );
}

#[tokio::test]
async fn a_call_that_outlasts_the_grace_is_dropped_and_repeated_by_the_next_process() {
    let world = World::new(FakeInvoke::new(|_, times| match times {
        1 => Answering::Never,
        _ => Answering::Now(Ok(Json::Null)),
    }));
    let run = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    world.invoke.arrived(1).await;
    world.runner.shutdown(Duration::ZERO).await;
    assert_eq!(world.status(&run), RunStatus::Running);
    let next = world.next(world.journal.next_process());
    next.runner.recover().await.unwrap();
    assert_eq!(next.finish(&run).await, Some(RunStatus::Succeeded));
}

#[tokio::test]
async fn an_input_that_is_too_large_is_refused_before_anything_is_kept() {
    let limits = Limits {
        max_output_bytes: 10,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let world = World::with(
        MemoryJournal::default(),
        Arc::new(FakeInvoke::echo()),
        options,
    );
    let refused = world
        .runner
        .accept(request(plan(json!([])), json!("longer than that")))
        .await;
    assert!(
        matches!(refused, Err(AcceptError::TooLarge(10))),
        "{refused:?}"
    );
    assert_eq!(world.journal.unfinished().await.unwrap(), []);
}
