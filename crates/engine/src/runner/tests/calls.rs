//! Runs that call other workflows: who waits, who works, and what a death in between changes.

use super::*;
use crate::{
    port::{BoxFuture, Call, Invoke},
    runner::AcceptError,
};
use serde_json::json;
use std::sync::{Mutex, OnceLock};

/// Calls of workflows start a run of these steps; everything else gives its inputs back.
struct Caller {
    steps: Json,
    runner: Mutex<Option<Runner>>,
    /// The run that was started under an idempotency key.
    started: Mutex<BTreeMap<String, RunId>>,
    depths: Mutex<Vec<usize>>,
    hands_on: OnceLock<()>,
}

impl Caller {
    fn new(steps: Json) -> Arc<Self> {
        Arc::new(Self {
            steps,
            runner: Mutex::default(),
            started: Mutex::default(),
            depths: Mutex::default(),
            hands_on: OnceLock::new(),
        })
    }

    fn process(self: &Arc<Self>, journal: &MemoryJournal, clock: &Arc<ManualClock>) -> Runner {
        let options = Options {
            max_concurrent_runs: 1,
            ..Options::default()
        };
        let runner = Runner::new(
            Arc::new(journal.clone()),
            self.clone(),
            clock.clone(),
            options,
        );
        *self.runner.lock().unwrap() = Some(runner.clone());
        runner
    }
}

impl Invoke for Caller {
    fn invoke<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            if self.hands_on.get().is_none() {
                std::future::pending::<()>().await;
            }
            Ok(call.inputs)
        })
    }

    fn call_workflow<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            let runner = self.runner.lock().unwrap().clone().unwrap();
            self.depths.lock().unwrap().push(call.depth);
            let known = self
                .started
                .lock()
                .unwrap()
                .get(&call.idempotency_key)
                .cloned();
            let run = match known {
                Some(run) => run,
                None => {
                    let plan = plan(self.steps.clone()).at_depth(call.depth + 1);
                    let run = runner
                        .accept(request(plan, json!({ "n": 1 })))
                        .await
                        .unwrap();
                    let mut started = self.started.lock().unwrap();
                    started.insert(call.idempotency_key, run.clone());
                    run
                }
            };
            let account = runner.answered(&run).await.unwrap();
            Ok(json!({ "response": account.reply, "status": account.status }))
        })
    }
}

fn parent() -> Json {
    json!([
        { "name": "call", "operation": "call_workflow" },
        { "name": "after", "inputs": { "r": { "$path": "$.steps.call.response.response" } } },
    ])
}

fn child() -> Json {
    json!([
        { "name": "work" },
        { "name": "answer", "operation": "reply", "inputs": { "response": { "$path": "$.steps.trigger.n" } } },
    ])
}

#[tokio::test]
async fn a_run_that_waits_for_another_gives_up_its_place() {
    let (journal, clock) = (MemoryJournal::default(), Arc::new(ManualClock::at(0)));
    let caller = Caller::new(child());
    caller.hands_on.set(()).unwrap();
    let runner = caller.process(&journal, &clock);
    let run = runner
        .accept(request(plan(parent()), Json::Null))
        .await
        .unwrap();
    let status = runner.wait(&run, LONG).await;
    assert_eq!(status, Some(RunStatus::Succeeded));
    assert_eq!(
        outputs(&journal.all_events(&run))["after:[]"],
        json!({ "r": 1 })
    );
    assert_eq!(*caller.depths.lock().unwrap(), [0]);
}

#[tokio::test]
async fn a_waiting_caller_finds_its_run_again_after_a_restart() {
    let (journal, clock) = (MemoryJournal::default(), Arc::new(ManualClock::at(0)));
    let caller = Caller::new(child());
    let runner = caller.process(&journal, &clock);
    let mut updates = runner.updates();
    let run = runner
        .accept(request(plan(parent()), Json::Null))
        .await
        .unwrap();
    // The called run is at its first step, which does not come back in this process.
    loop {
        let update = updates.recv().await.unwrap();
        let at_work = |event: &Event| matches!(&event.kind, EventKind::StepStarted { step, .. } if step == "work");
        if update.events.iter().any(at_work) {
            break;
        }
    }
    let next = journal.next_process();
    caller.hands_on.set(()).unwrap();
    let second = caller.process(&next, &clock);
    assert_eq!(second.recover().await.unwrap(), 2);
    let status = second.wait(&run, LONG).await;
    assert_eq!(status, Some(RunStatus::Succeeded));
    assert_eq!(
        outputs(&next.all_events(&run))["after:[]"],
        json!({ "r": 1 })
    );
    assert_eq!(caller.started.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_run_that_ended_long_ago_is_still_accounted_for() {
    let (journal, clock) = (MemoryJournal::default(), Arc::new(ManualClock::at(0)));
    let caller = Caller::new(child());
    caller.hands_on.set(()).unwrap();
    let runner = caller.process(&journal, &clock);
    let run = runner
        .accept(request(plan(child()), json!({ "n": 7 })))
        .await
        .unwrap();
    runner.wait(&run, LONG).await;
    let next = caller.process(&journal.next_process(), &clock);
    let account = next.answered(&run).await.unwrap();
    assert_eq!(
        (account.status, account.error),
        (RunStatus::Succeeded, None)
    );
    assert_eq!(account.reply, Some(json!({ "response": 7 })));
    assert!(next.account(&RunId::new("run_none")).await.is_err());
}

#[tokio::test]
async fn no_run_is_accepted_beyond_the_longest_queue() {
    let options = Options {
        max_concurrent_runs: 1,
        max_queued_runs: 2,
        ..Options::default()
    };
    let invoke = FakeInvoke::new(|_, _| Answering::Later(Ok(Json::Null)));
    let world = World::with(MemoryJournal::default(), Arc::new(invoke), options);
    let steps = || json!([{ "name": "a" }]);
    let first = world.accept(steps(), Json::Null).await;
    world.invoke.arrived(1).await;
    let waiting = [
        world.accept(steps(), Json::Null).await,
        world.accept(steps(), Json::Null).await,
    ];
    let refused = world
        .runner
        .accept(request(plan(steps()), Json::Null))
        .await;
    assert!(
        matches!(refused, Err(AcceptError::QueueFull(2))),
        "{refused:?}"
    );
    world.invoke.release();
    for run in [&first, &waiting[0], &waiting[1]] {
        assert_eq!(world.finish(run).await, Some(RunStatus::Succeeded));
    }
    assert!(
        world
            .runner
            .accept(request(plan(steps()), Json::Null))
            .await
            .is_ok()
    );
}
