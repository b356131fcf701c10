//! Cancelling works wherever a run is.

use super::*;
use serde_json::json;

fn hanging() -> FakeInvoke {
    FakeInvoke::new(|_, _| Answering::Never)
}

async fn assert_cancelled(world: &World, run: &RunId) {
    assert_eq!(world.runner.cancel(run).await, Some(RunStatus::Cancelled));
    assert_eq!(world.status(run), RunStatus::Cancelled);
    let events = world.events(run);
    let last: Vec<&EventKind> = events
        .iter()
        .rev()
        .take(2)
        .map(|event| &event.kind)
        .collect();
    assert!(
        matches!(
            last[..],
            [
                EventKind::RunFinished {
                    status: RunStatus::Cancelled,
                    error: None
                },
                EventKind::CancelRequested
            ]
        ),
        "{last:?}"
    );
}

#[tokio::test]
async fn a_run_in_the_queue_is_cancelled_at_once() {
    let options = Options {
        max_concurrent_runs: 1,
        ..Options::default()
    };
    let world = World::with(MemoryJournal::default(), Arc::new(hanging()), options);
    let busy = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    world.invoke.arrived(1).await;
    let queued = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    assert_cancelled(&world, &queued).await;
    assert_cancelled(&world, &busy).await;
    assert_eq!(world.invoke.calls().len(), 1);
}

#[tokio::test]
async fn a_call_in_flight_is_dropped() {
    let world = World::new(hanging());
    let run = world
        .accept(json!([{ "name": "a" }, { "name": "b" }]), Json::Null)
        .await;
    world.invoke.arrived(1).await;
    assert_cancelled(&world, &run).await;
}

#[tokio::test]
async fn a_pause_between_attempts_is_cut_short() {
    let world = World::new(FakeInvoke::new(|_, _| failing("boom", true)));
    let mut updates = world.runner.updates();
    let run = world.accept(json!([{ "name": "a" }]), Json::Null).await;
    while world.status(&run) != RunStatus::Waiting {
        updates.recv().await.unwrap();
    }
    assert_cancelled(&world, &run).await;
}

#[tokio::test]
async fn a_loop_that_never_calls_anybody_can_be_cancelled() {
    let world = World::new(FakeInvoke::echo());
    let mut updates = world.runner.updates();
    let list: Vec<u32> = (0..100_000).collect();
    let steps =
        json!([{ "name": "l", "inputs": { "list": { "$path": "$.steps.trigger" } }, "body": [] }]);
    let run = world.accept(steps, json!(list)).await;
    let canceller = world.runner.clone();
    let cancelled = run.clone();
    updates.recv().await.unwrap();
    let live = canceller.inner.registry.get(&cancelled).unwrap();
    live.cancel.cancel();
    assert_eq!(world.finish(&run).await, Some(RunStatus::Cancelled));
    assert!(world.events(&run).len() < 100_000);
}

#[tokio::test]
async fn a_run_that_has_ended_stays_as_it_ended() {
    let world = World::new(FakeInvoke::echo());
    let run = world.run(json!([{ "name": "a" }]), Json::Null).await;
    let events = world.events(&run);
    assert_eq!(world.runner.cancel(&run).await, Some(RunStatus::Succeeded));
    assert_eq!(world.events(&run), events);
    assert_eq!(world.runner.cancel(&RunId::new("run_other")).await, None);
}

#[tokio::test]
async fn a_recovered_run_can_be_cancelled() {
    let world = World::with(
        MemoryJournal::default().dying_after(1),
        Arc::new(hanging()),
        Options::default(),
    );
    let run = world
        .accept(json!([{ "name": "a", "timeout": 1 }]), Json::Null)
        .await;
    world.invoke.arrived(1).await;
    let next = world.next(world.journal.next_process());
    assert_eq!(next.runner.recover().await.unwrap(), 1);
    assert_cancelled(&next, &run).await;
}
