//! Triggers: one run per delivery and per nominal time, windows that only success moves, and who may see what.

use super::bench::{Bench, START};
use super::journal::{batch, new_run};
use super::on_every_backend;
use crate::{
    Scope, System,
    triggers::{self, Start, TriggerKind, TriggerState},
};
use patchbay_engine::port::{Firing, Journal, JournalError, NewRun, Origin};
use patchbay_model::{
    event::{EventKind, RunStatus},
    id::{RunId, WorkflowId},
};

fn system() -> System {
    System::for_sign_in_and_workers()
}

fn workflow() -> WorkflowId {
    "wf_1".into()
}

fn delivered(bench: &Bench, scope: &Scope, id: &str) -> NewRun {
    NewRun {
        origin: Origin {
            counts: true,
            delivery: Some(id.to_owned()),
            ..Origin::default()
        },
        ..new_run(bench, scope, &workflow())
    }
}

fn fired(bench: &Bench, scope: &Scope, nominal: i64) -> NewRun {
    NewRun {
        origin: Origin {
            counts: true,
            firing: Some(Firing {
                nominal,
                next: Some(nominal + 1000),
                until: Some(nominal),
            }),
            ..Origin::default()
        },
        ..new_run(bench, scope, &workflow())
    }
}

async fn scheduled(bench: &Bench, scope: &Scope, next_at: i64) {
    let start = Start {
        kind: TriggerKind::Schedule,
        state: TriggerState::Active,
        revision: 3,
        next_at: Some(next_at),
        at: START,
    };
    triggers::start(&bench.store, scope, &workflow(), &start)
        .await
        .unwrap();
}

/// Claims the run and ends it.
async fn end(bench: &Bench, run: &RunId, status: RunStatus) {
    let journal = bench.store.journal();
    let epoch = journal.claim(run).await.unwrap().epoch;
    let kind = EventKind::RunFinished {
        status,
        error: None,
    };
    journal
        .append(batch(run, epoch, 2, vec![kind]))
        .await
        .unwrap();
}

async fn since(bench: &Bench, scope: &Scope) -> Option<i64> {
    let row = triggers::get(&bench.store, scope, &workflow())
        .await
        .unwrap();
    row.unwrap().since
}

on_every_backend! {
    async fn a_delivery_starts_one_run_however_often_it_comes(bench: &Bench) {
        let owner = bench.owner().await;
        let journal = bench.store.journal();
        let runs: Vec<NewRun> = (0..50).map(|_| delivered(bench, &owner, "d1")).collect();
        // All at once, so that they share transactions.
        let accepted = futures_of(&journal, &runs).await;
        let first: Vec<&RunId> = runs.iter().zip(&accepted).filter(|(_, outcome)| outcome.is_ok()).map(|(run, _)| &run.id).collect();
        assert_eq!(first.len(), 1);
        for outcome in accepted.iter().filter(|outcome| outcome.is_err()) {
            assert!(matches!(outcome, Err(JournalError::Duplicate(run)) if run == first[0]), "{outcome:?}");
        }
        journal.accept(&delivered(bench, &owner, "d2")).await.unwrap();
        assert_eq!(journal.unfinished().await.unwrap().len(), 2);
    }

    async fn a_nominal_time_starts_one_run_and_moves_the_schedule_on(bench: &Bench) {
        let owner = bench.owner().await;
        scheduled(bench, &owner, START + 1000).await;
        let journal = bench.store.journal();
        let first = fired(bench, &owner, START + 1000);
        journal.accept(&first).await.unwrap();
        let again = journal.accept(&fired(bench, &owner, START + 1000)).await;
        assert!(matches!(&again, Err(JournalError::Duplicate(run)) if *run == first.id), "{again:?}");
        let row = triggers::get(&bench.store, &owner, &workflow()).await.unwrap().unwrap();
        assert_eq!((row.next_at, row.last_run), (Some(START + 2000), Some(first.id)));
    }

    async fn what_is_due_comes_in_the_order_of_its_time(bench: &Bench) {
        let owner = bench.owner().await;
        scheduled(bench, &owner, START + 1000).await;
        let due = async |now| triggers::due(&bench.store, &system(), TriggerKind::Schedule, now, 10).await;
        assert!(due(START).await.unwrap().is_empty());
        assert_eq!(due(START + 1000).await.unwrap().len(), 1);
        let earliest = triggers::earliest(&bench.store, &system(), TriggerKind::Schedule, START).await.unwrap();
        assert_eq!(earliest, Some(START + 1000));
        triggers::skip(&bench.store, &system(), &workflow(), START + 1000, Some(START + 5000)).await.unwrap();
        assert!(due(START + 1000).await.unwrap().is_empty());
        // Somebody else has moved it meanwhile.
        triggers::skip(&bench.store, &system(), &workflow(), START + 1000, None).await.unwrap();
        assert_eq!(due(START + 5000).await.unwrap().len(), 1);
        triggers::stop(&bench.store, &owner, &workflow()).await.unwrap();
        assert!(due(START + 5000).await.unwrap().is_empty());
    }

    async fn only_success_moves_the_window_and_never_back(bench: &Bench) {
        let owner = bench.owner().await;
        scheduled(bench, &owner, START + 1000).await;
        let journal = bench.store.journal();
        let runs: Vec<NewRun> = (1..=3).map(|number| fired(bench, &owner, START + number * 1000)).collect();
        for run in &runs {
            journal.accept(run).await.unwrap();
        }
        end(bench, &runs[0].id, RunStatus::Failed).await;
        assert_eq!(since(bench, &owner).await, None);
        end(bench, &runs[2].id, RunStatus::Succeeded).await;
        assert_eq!(since(bench, &owner).await, Some(START + 3000));
        end(bench, &runs[1].id, RunStatus::Succeeded).await;
        assert_eq!(since(bench, &owner).await, Some(START + 3000));
        // A revision that is published later goes on where this one stands.
        scheduled(bench, &owner, START + 9000).await;
        assert_eq!(since(bench, &owner).await, Some(START + 3000));
    }

    async fn only_runs_that_count_are_the_last_run(bench: &Bench) {
        let owner = bench.owner().await;
        let journal = bench.store.journal();
        let last = async || triggers::last_run_at(&bench.store, &owner.of_run(), &workflow()).await;
        assert_eq!(last().await.unwrap(), None);
        let test = new_run(bench, &owner, &workflow());
        journal.accept(&test).await.unwrap();
        end(bench, &test.id, RunStatus::Succeeded).await;
        assert_eq!(last().await.unwrap(), None);
        let failed = delivered(bench, &owner, "d1");
        journal.accept(&failed).await.unwrap();
        end(bench, &failed.id, RunStatus::Failed).await;
        assert_eq!(last().await.unwrap(), None);
        let live = delivered(bench, &owner, "d2");
        journal.accept(&live).await.unwrap();
        end(bench, &live.id, RunStatus::Succeeded).await;
        assert_eq!(last().await.unwrap(), Some(START));
        let failures = triggers::failed(&bench.store, &system(), 0, None, 10).await.unwrap();
        assert_eq!(failures.iter().map(|one| one.run.id.clone()).collect::<Vec<_>>(), [failed.id]);
    }

    async fn a_claim_brings_the_last_run_of_before(bench: &Bench) {
        let owner = bench.owner().await;
        let mut run = new_run(bench, &owner, &workflow());
        run.origin.last_run_at = Some(START - 5);
        bench.store.journal().accept(&run).await.unwrap();
        let claim = bench.store.journal().claim(&run.id).await.unwrap();
        assert_eq!(claim.last_run_at, Some(START - 5));
    }

    async fn trouble_is_kept_until_it_goes_well(bench: &Bench) {
        let owner = bench.owner().await;
        scheduled(bench, &owner, START).await;
        let get = async || triggers::for_worker(&bench.store, &system(), &workflow()).await;
        triggers::save_trouble(&bench.store, &system(), &workflow(), "no", true).await.unwrap();
        let row = get().await.unwrap().unwrap();
        assert_eq!((row.state, row.error.as_deref()), (TriggerState::Failing, Some("no")));
        triggers::save_registration(&bench.store, &system(), &workflow(), Some(crate::SealedText("sealed".to_owned())), Some(START + 7)).await.unwrap();
        let row = get().await.unwrap().unwrap();
        assert_eq!((row.state, row.error, row.next_at), (TriggerState::Active, None, Some(START + 7)));
        assert_eq!(row.registration, Some(crate::SealedText("sealed".to_owned())));
        triggers::stop(&bench.store, &owner, &workflow()).await.unwrap();
        triggers::save_trouble(&bench.store, &system(), &workflow(), "late", true).await.unwrap();
        let row = get().await.unwrap().unwrap();
        assert_eq!((row.state, row.error, row.registration), (TriggerState::Off, None, None));
    }
}

/// Hands all runs over at the same time.
async fn futures_of(
    journal: &std::sync::Arc<crate::SqlJournal>,
    runs: &[NewRun],
) -> Vec<Result<(), JournalError>> {
    let mut tasks = Vec::new();
    for run in runs {
        let (journal, run) = (std::sync::Arc::clone(journal), run.clone());
        tasks.push(tokio::spawn(async move { journal.accept(&run).await }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}
