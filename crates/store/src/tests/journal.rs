//! The engine's port: what is acknowledged stays, an older owner cannot write, many runs share a commit.

use super::bench::{Bench, START};
use super::on_every_backend;
use crate::{Scope, runs};
use patchbay_engine::port::{Batch, Header, Journal, JournalError, NewRun};
use patchbay_model::{
    event::{Event, EventKind, RunStatus},
    id::{RunId, WorkflowId},
};
use serde_json::json;

pub(crate) fn new_run(bench: &Bench, scope: &Scope, workflow: &WorkflowId) -> NewRun {
    NewRun {
        id: runs::fresh_id(&bench.store).unwrap(),
        organisation: scope.organisation.clone(),
        workflow: workflow.clone(),
        revision: 3,
        cause: "manual".to_owned(),
        person: Some(scope.person.clone()),
        plan: json!({ "steps": [1, 2] }),
        plan_hash: "hash-of-plan".to_owned(),
        input: json!({ "hello": 1 }),
        accepted_at: bench.store.now(),
        origin: Default::default(),
    }
}

pub(crate) async fn accepted(bench: &Bench, scope: &Scope) -> RunId {
    let run = new_run(bench, scope, &"wf_1".into());
    bench.store.journal().accept(&run).await.unwrap();
    run.id
}

pub(crate) fn header(status: RunStatus) -> Header {
    Header {
        status,
        started_at: Some(START),
        finished_at: None,
        steps_done: 1,
        error: None,
    }
}

/// Consecutive events from `first`.
pub(crate) fn batch(run: &RunId, epoch: u64, first: u64, kinds: Vec<EventKind>) -> Batch {
    let status = match kinds.last() {
        Some(EventKind::RunFinished { status, .. }) => *status,
        _ => RunStatus::Running,
    };
    let events = (first..)
        .zip(kinds)
        .map(|(ord, kind)| Event {
            ord,
            at: START + ord as i64,
            kind,
        })
        .collect();
    Batch {
        run: run.clone(),
        epoch,
        events,
        header: header(status),
        frontier: None,
    }
}

fn skipped(step: &str) -> EventKind {
    EventKind::StepSkipped {
        step: step.to_owned(),
        iteration: Vec::new(),
    }
}

on_every_backend! {
    async fn an_accepted_run_waits_with_its_plan_and_its_input(bench: &Bench) {
        let owner = bench.owner().await;
        let run = new_run(bench, &owner, &"wf_1".into());
        let journal = bench.store.journal();
        journal.accept(&run).await.unwrap();
        assert_eq!(journal.unfinished().await.unwrap(), std::slice::from_ref(&run.id));
        let events = journal.events(&run.id, 0, 10).await.unwrap();
        assert_eq!(events, [Event { ord: 1, at: run.accepted_at, kind: EventKind::RunAccepted { input: run.input.clone() } }]);
        let claim = journal.claim(&run.id).await.unwrap();
        assert_eq!((claim.epoch, claim.revision, claim.frontier.clone()), (2, 3, None));
        assert_eq!((claim.plan, claim.person, claim.organisation), (run.plan, run.person, run.organisation));
    }

    async fn equal_plans_are_stored_once(bench: &Bench) {
        use sea_orm::{EntityTrait, PaginatorTrait};
        let owner = bench.owner().await;
        for _ in 0..3 {
            accepted(bench, &owner).await;
        }
        let plans = crate::entity::plans::Entity::find().count(bench.store.journal_database().read()).await.unwrap();
        assert_eq!(plans, 1);
    }

    async fn the_same_run_is_not_accepted_twice(bench: &Bench) {
        let owner = bench.owner().await;
        let run = new_run(bench, &owner, &"wf_1".into());
        bench.store.journal().accept(&run).await.unwrap();
        let again = bench.store.journal().accept(&run).await;
        assert!(matches!(again, Err(JournalError::Failed(_))), "{again:?}");
    }

    async fn events_come_back_in_order_and_in_parts(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        let kinds: Vec<EventKind> = (0..150).map(|number| skipped(&format!("s-{number}"))).collect();
        journal.append(batch(&run, epoch, 2, kinds.clone())).await.unwrap();
        journal.append(batch(&run, epoch, 152, vec![skipped("last")])).await.unwrap();
        let mut seen = Vec::new();
        loop {
            let after = seen.len() as u64;
            let part = journal.events(&run, after, 40).await.unwrap();
            if part.is_empty() { break }
            seen.extend(part);
        }
        assert_eq!(seen.iter().map(|event| event.ord).collect::<Vec<_>>(), (1..=152).collect::<Vec<_>>());
        assert_eq!(seen[1..151].iter().map(|event| event.kind.clone()).collect::<Vec<_>>(), kinds);
    }

    async fn an_older_owner_cannot_append(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let old = journal.claim(&run).await.unwrap().epoch;
        let new = journal.claim(&run).await.unwrap().epoch;
        assert!(new > old);
        let fenced = journal.append(batch(&run, old, 2, vec![skipped("a")])).await;
        assert!(matches!(&fenced, Err(JournalError::Fenced(id)) if *id == run), "{fenced:?}");
        journal.append(batch(&run, new, 2, vec![skipped("b")])).await.unwrap();
        let events = journal.events(&run, 1, 10).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].kind, skipped("b"));
    }

    async fn a_batch_written_alone_is_the_same_as_one_written_with_others(bench: &Bench) {
        let owner = bench.owner().await;
        let journal = bench.store.journal();
        let (one, other) = (accepted(bench, &owner).await, accepted(bench, &owner).await);
        let kinds = vec![skipped("a"), skipped("b"), skipped("c")];
        let mut runs_found = Vec::new();
        for (run, events) in [(&one, 3), (&other, 0)] {
            let epoch = journal.claim(run).await.unwrap().epoch;
            if events > 0 {
                journal.append(batch(run, epoch, 2, kinds.clone())).await.unwrap();
            } else {
                // A checkpoint is never written alone.
                let with = Batch { frontier: Some(serde_json::json!({})), ..batch(run, epoch, 2, kinds.clone()) };
                journal.append(with).await.unwrap();
            }
            let found = runs::get(&bench.store, &owner, run).await.unwrap();
            let kept: Vec<_> = journal.events(run, 1, 10).await.unwrap().into_iter().map(|event| (event.ord, event.kind)).collect();
            runs_found.push((found.status, found.started_at, found.finished_at, found.steps_done, found.last_ord, kept));
        }
        assert_eq!(runs_found[0], runs_found[1]);
        assert_eq!(runs_found[0].5.len(), 3);
    }

    async fn a_gap_in_the_events_is_refused(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        for first in [1, 3] {
            let refused = journal.append(batch(&run, epoch, first, vec![skipped("a")])).await;
            assert!(matches!(refused, Err(JournalError::Failed(_))), "{first}: {refused:?}");
        }
        let mut torn = batch(&run, epoch, 2, vec![skipped("a"), skipped("b")]);
        torn.events[1].ord = 4;
        assert!(matches!(journal.append(torn).await, Err(JournalError::Failed(_))));
        assert_eq!(journal.events(&run, 0, 10).await.unwrap().len(), 1);
    }

    async fn an_unknown_run_is_not_found(bench: &Bench) {
        let journal = bench.store.journal();
        let run = RunId::from("run_none");
        assert!(matches!(journal.claim(&run).await, Err(JournalError::NotFound(_))));
        assert!(matches!(journal.events(&run, 0, 1).await, Err(JournalError::NotFound(_))));
        let appended = journal.append(batch(&run, 1, 2, vec![skipped("a")])).await;
        assert!(matches!(appended, Err(JournalError::NotFound(_))));
    }

    async fn a_bare_header_changes_the_run_and_no_event(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        let bare = Batch { events: Vec::new(), ..batch(&run, epoch, 2, vec![skipped("a")]) };
        journal.append(bare).await.unwrap();
        let found = runs::get(&bench.store, &owner, &run).await.unwrap();
        assert_eq!((found.status, found.steps_done, found.last_ord), (RunStatus::Running, 1, 1));
        journal.append(batch(&run, epoch, 2, vec![skipped("a")])).await.unwrap();
    }

    async fn batches_of_one_run_that_are_queued_together_stay_in_order(bench: &Bench) {
        use std::task::{Context, Waker};
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        // Polled once each, so that all of them are queued before the writer takes any.
        let mut appends: Vec<_> =
            (0..6).map(|round| journal.append(batch(&run, epoch, 2 + 2 * round, vec![skipped("a"), skipped("b")]))).collect();
        let mut claim = journal.claim(&run);
        for append in &mut appends {
            let _ = append.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        let _ = claim.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        for append in appends {
            append.await.unwrap();
        }
        assert_eq!(claim.await.unwrap().epoch, epoch + 1);
        assert_eq!(journal.events(&run, 0, 100).await.unwrap().len(), 13);
    }

    async fn a_checkpoint_is_given_to_the_next_owner(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        for (first, state) in [(2, json!({ "at": 2 })), (3, json!({ "at": 3 }))] {
            let batch = Batch { frontier: Some(state), ..batch(&run, epoch, first, vec![skipped("a")]) };
            journal.append(batch).await.unwrap();
        }
        journal.append(batch(&run, epoch, 4, vec![skipped("a")])).await.unwrap();
        let claim = journal.claim(&run).await.unwrap();
        assert_eq!(claim.frontier, Some((3, json!({ "at": 3 }))));
    }

    async fn a_finished_run_is_no_longer_unfinished(bench: &Bench) {
        let owner = bench.owner().await;
        let (one, two) = (accepted(bench, &owner).await, accepted(bench, &owner).await);
        let journal = bench.store.journal();
        assert_eq!(journal.unfinished().await.unwrap(), [one.clone(), two.clone()]);
        let epoch = journal.claim(&one).await.unwrap().epoch;
        let finished = EventKind::RunFinished { status: RunStatus::Succeeded, error: None };
        journal.append(batch(&one, epoch, 2, vec![finished])).await.unwrap();
        assert_eq!(journal.unfinished().await.unwrap(), [two]);
        let run = runs::get(&bench.store, &owner, &one).await.unwrap();
        assert_eq!((run.status, run.finished_at, run.last_ord), (RunStatus::Succeeded, Some(START + 2), 2));
    }

    async fn what_was_acknowledged_is_there_after_a_kill(bench: &Bench) {
        let owner = bench.owner().await;
        let run = accepted(bench, &owner).await;
        let journal = bench.store.journal();
        let epoch = journal.claim(&run).await.unwrap().epoch;
        journal.append(batch(&run, epoch, 2, vec![skipped("a"), skipped("b")])).await.unwrap();
        // The first store is not closed: its files are as a killed process leaves them.
        let again = bench.reopened().await;
        assert_eq!(again.journal().events(&run, 0, 10).await.unwrap().len(), 3);
        assert_eq!(again.journal().claim(&run).await.unwrap().epoch, epoch + 1);
        let fenced = journal.append(batch(&run, epoch, 4, vec![skipped("c")])).await;
        assert!(matches!(fenced, Err(JournalError::Fenced(_))), "{fenced:?}");
    }

    async fn appends_at_the_same_time_share_transactions(bench: &Bench) {
        const RUNS: usize = 64;
        const ROUNDS: u64 = 10;
        let owner = bench.owner().await;
        let journal = bench.store.journal();
        let mut claims = Vec::new();
        for _ in 0..RUNS {
            let run = accepted(bench, &owner).await;
            claims.push((run.clone(), journal.claim(&run).await.unwrap().epoch));
        }
        let before = journal.transactions();
        let tasks: Vec<_> = claims.iter().cloned().map(|(run, epoch)| {
            let journal = bench.store.journal();
            tokio::spawn(async move {
                for ord in 0..ROUNDS {
                    journal.append(batch(&run, epoch, 2 + ord, vec![skipped("a")])).await.unwrap();
                }
            })
        }).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let transactions = journal.transactions() - before;
        let appends = RUNS as u64 * ROUNDS;
        assert!(transactions >= ROUNDS, "{transactions} cannot be: a run waits for each of its appends");
        assert!(transactions * 4 < appends, "{transactions} transactions for {appends} appends");
        for (run, _) in claims {
            assert_eq!(journal.events(&run, 0, 100).await.unwrap().len() as u64, 1 + ROUNDS);
        }
    }

    async fn one_refused_append_does_not_spoil_the_others(bench: &Bench) {
        let owner = bench.owner().await;
        let journal = bench.store.journal();
        let mut tasks = Vec::new();
        for number in 0..32_u64 {
            let run = accepted(bench, &owner).await;
            let epoch = journal.claim(&run).await.unwrap().epoch;
            let journal = bench.store.journal();
            tasks.push(tokio::spawn(async move {
                let stale = if number % 2 == 0 { epoch } else { epoch - 1 };
                let result = journal.append(batch(&run, stale, 2, vec![skipped("a")])).await;
                (number, result)
            }));
        }
        for task in tasks {
            let (number, result) = task.await.unwrap();
            assert_eq!(result.is_ok(), number % 2 == 0, "{number}: {result:?}");
        }
    }

    async fn a_closed_store_says_so(bench: &Bench) {
        let owner = bench.owner().await;
        let run = new_run(bench, &owner, &"wf_1".into());
        let again = bench.reopened().await;
        again.close().await.unwrap();
        let refused = again.journal().accept(&run).await;
        assert!(matches!(refused, Err(JournalError::Failed(_))), "{refused:?}");
    }
}

/// A page limit stands in for a full disk.
#[tokio::test]
async fn a_full_disk_is_named_and_loses_nothing() {
    use sea_orm::ConnectionTrait;
    let bench = Bench::sqlite().await;
    let owner = bench.owner().await;
    let run = accepted(&bench, &owner).await;
    let journal = bench.store.journal();
    let epoch = journal.claim(&run).await.unwrap().epoch;
    let database = bench.store.journal_database().write();
    database
        .execute_unprepared("PRAGMA max_page_count = 1")
        .await
        .unwrap();
    // Each is small enough to stand in its row.
    let many = || {
        let one = |_| EventKind::RunAccepted {
            input: json!("x".repeat(50_000)),
        };
        (0..20).map(one).collect::<Vec<_>>()
    };
    let full = journal.append(batch(&run, epoch, 2, many())).await;
    assert!(matches!(full, Err(JournalError::Full)), "{full:?}");
    assert_eq!(journal.events(&run, 0, 10).await.unwrap().len(), 1);
    database
        .execute_unprepared("PRAGMA max_page_count = 100000")
        .await
        .unwrap();
    journal.append(batch(&run, epoch, 2, many())).await.unwrap();
    assert_eq!(journal.events(&run, 0, 50).await.unwrap().len(), 21);
}
