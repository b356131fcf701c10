//! What is journalled, in which order, and who is told.

use super::*;
use patchbay_model::progress::Progress;
use serde_json::json;
use std::sync::Mutex;

fn kinds(events: &[Event]) -> Vec<String> {
    let word = |event: &Event| {
        serde_json::to_value(&event.kind).unwrap()["type"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    events.iter().map(word).collect()
}

#[tokio::test]
async fn a_run_is_worked_on_to_its_end_and_journalled_step_by_step() {
    let world = World::new(FakeInvoke::echo());
    let steps = json!([{ "name": "a" }, { "name": "b", "inputs": { "x": { "$path": "$.steps.trigger.x" } } }]);
    let run = world.run(steps, json!({ "x": 1 })).await;
    let expected = [
        "run_accepted",
        "run_started",
        "step_started",
        "step_succeeded",
        "step_started",
        "step_succeeded",
        "run_finished",
    ];
    assert_eq!(kinds(&world.events(&run)), expected);
    assert!(world.events(&run).iter().map(|event| event.ord).eq(1..=7));
    let header = world.journal.header(&run).unwrap();
    assert_eq!(
        (header.status, header.steps_done, header.error),
        (RunStatus::Succeeded, 2, None)
    );
    assert!(header.started_at.is_some() && header.finished_at.is_some());
    let call = &world.invoke.calls()[1];
    assert_eq!(
        (call.workflow.as_str(), call.inputs.clone()),
        ("wf_1", json!({ "x": 1 }))
    );
    assert_eq!(call.idempotency_key, format!("{run}:b:"));
}

#[tokio::test]
async fn the_end_of_a_step_and_the_start_of_the_next_are_one_commit() {
    let world = World::new(FakeInvoke::echo());
    let body = json!([{ "name": "b" }]);
    let steps =
        json!([{ "name": "a" }, { "name": "l", "inputs": { "list": [1, 2, 3, 4] }, "body": body }]);
    let run = world.run(steps, Json::Null).await;
    let calls = world.invoke.calls().len();
    assert_eq!(calls, 5);
    assert_eq!(world.journal.batches(&run).len(), calls + 1);
}

#[tokio::test]
async fn iterations_without_a_call_share_commits() {
    let world = World::new(FakeInvoke::echo());
    let list: Vec<u32> = (0..1000).collect();
    let run = world
        .run(
            json!([{ "name": "l", "inputs": { "list": list }, "body": [] }]),
            Json::Null,
        )
        .await;
    assert_eq!(world.status(&run), RunStatus::Succeeded);
    let batches = world.journal.batches(&run).len();
    assert!(batches < 10, "{batches} commits for 1000 iterations");
}

#[tokio::test]
async fn a_start_is_durable_before_its_call_leaves() {
    let journal = MemoryJournal::default();
    let seen: Arc<Mutex<Vec<bool>>> = Arc::default();
    let (record, noted) = (journal.clone(), seen.clone());
    let invoke = FakeInvoke::new(move |call, _| {
        let step = call.idempotency_key.split(':').nth(1).unwrap().to_owned();
        let started = |event: &Event| matches!(&event.kind, EventKind::StepStarted { step: name, .. } if *name == step);
        noted
            .lock()
            .unwrap()
            .push(record.all_events(&call.run).iter().any(started));
        Answering::Now(Ok(Json::Null))
    });
    let world = World::with(journal, Arc::new(invoke), Options::default());
    world
        .run(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    assert_eq!(*seen.lock().unwrap(), [true, true]);
}

#[tokio::test]
async fn watchers_are_told_every_event_once_and_only_when_it_is_durable() {
    let world = World::new(FakeInvoke::new(|_, _| Answering::Later(Ok(Json::Null))));
    let mut all = world.runner.updates();
    let run = world
        .accept(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    let mut one = world.runner.watch(&run).unwrap();
    world.invoke.arrived(1).await;
    world.invoke.release();
    world.finish(&run).await;
    let mut told = Vec::new();
    while let Ok(update) = all.try_recv() {
        assert_eq!(update.run, run);
        told.extend(update.events);
    }
    assert_eq!(told, world.events(&run));
    let mut later = Vec::new();
    while let Ok(update) = one.try_recv() {
        later.extend(update.events);
    }
    assert_eq!(later[..], told[1..]);
    assert!(world.runner.watch(&run).is_none());
}

#[tokio::test]
async fn progress_is_the_fold_of_the_journal_during_and_after_the_run() {
    let world = World::new(FakeInvoke::new(|_, _| Answering::Later(Ok(Json::Null))));
    let steps = json!([{ "name": "l", "inputs": { "list": [1, 2] }, "body": [{ "name": "a" }] }]);
    let run = world.accept(steps, Json::Null).await;
    world.invoke.arrived(1).await;
    let fold = |events: Vec<Event>| {
        let mut progress = Progress::default();
        events.iter().for_each(|event| progress.apply(event));
        progress
    };
    assert_eq!(
        world.runner.progress(&run).unwrap(),
        fold(world.events(&run))
    );
    assert_eq!(
        world.runner.wait(&run, Duration::ZERO).await,
        Some(RunStatus::Running)
    );
    world.invoke.release();
    assert_eq!(world.finish(&run).await, Some(RunStatus::Succeeded));
    assert_eq!(
        world.runner.progress(&run).unwrap(),
        fold(world.events(&run))
    );
    assert_eq!(
        world.runner.wait(&run, Duration::ZERO).await,
        Some(RunStatus::Succeeded)
    );
    assert_eq!(
        world.runner.wait(&RunId::new("run_other"), LONG).await,
        None
    );
}

#[tokio::test]
async fn runs_begin_in_the_order_of_acceptance_and_only_so_many_at_a_time() {
    let invoke = Arc::new(FakeInvoke::new(|_, _| Answering::Later(Ok(Json::Null))));
    let options = Options {
        max_concurrent_runs: 2,
        ..Options::default()
    };
    let world = World::with(MemoryJournal::default(), invoke, options);
    let mut runs = Vec::new();
    for _ in 0..5 {
        runs.push(world.accept(json!([{ "name": "a" }]), Json::Null).await);
    }
    world.invoke.arrived(2).await;
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    let begun: Vec<RunId> = world
        .invoke
        .calls()
        .into_iter()
        .map(|call| call.run)
        .collect();
    assert_eq!(begun, runs[..2]);
    assert_eq!(world.status(&runs[2]), RunStatus::Queued);
    world.invoke.release();
    for run in &runs {
        assert_eq!(world.finish(run).await, Some(RunStatus::Succeeded));
    }
    assert_eq!(
        world
            .invoke
            .calls()
            .into_iter()
            .map(|call| call.run)
            .collect::<Vec<_>>(),
        runs
    );
}

#[tokio::test]
async fn a_run_that_waits_for_a_time_gives_its_place_to_another() {
    let invoke = Arc::new(FakeInvoke::new(|call, times| {
        match (call.operation.as_str(), times) {
            ("read", 1) => failing("boom", true),
            _ => Answering::Now(Ok(Json::Null)),
        }
    }));
    let options = Options {
        max_concurrent_runs: 1,
        ..Options::default()
    };
    let world = World::with(MemoryJournal::default(), invoke, options);
    let waiting = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    let other = world
        .accept(json!([{ "name": "b", "operation": "write" }]), Json::Null)
        .await;
    assert_eq!(
        world.runner.wait(&other, LONG).await,
        Some(RunStatus::Succeeded)
    );
    assert_eq!(world.status(&waiting), RunStatus::Waiting);
    assert_eq!(world.finish(&waiting).await, Some(RunStatus::Succeeded));
}

#[tokio::test]
async fn calls_of_one_loop_are_under_way_together_when_asked_for() {
    let world = World::new(FakeInvoke::new(|call, _| {
        Answering::Later(Ok(call.inputs.clone()))
    }));
    let steps = json!([{ "name": "l", "inputs": { "list": [1, 2, 3, 4, 5, 6], "concurrency": 4,
        "collect": { "$path": "$.steps.a.v" } },
        "body": [{ "name": "a", "inputs": { "v": { "$path": "$.steps.l.value" } } }] }]);
    let run = world.accept(steps, Json::Null).await;
    world.invoke.arrived(4).await;
    assert_eq!(world.invoke.calls().len(), 4);
    world.invoke.release();
    assert_eq!(world.finish(&run).await, Some(RunStatus::Succeeded));
    assert_eq!(
        outputs(&world.events(&run))["l:[]"]["results"],
        json!([1, 2, 3, 4, 5, 6])
    );
}
