//! Large values: out of the rows, back in them, kept as long as a run uses them; retention, room, copies, indices.

use super::bench::{Bench, MINUTE};
use super::journal::{accepted, batch, new_run};
use super::on_every_backend;
use crate::{
    Options, Place, Store, backup, blobs,
    runs::{self, Retention, StepFilter},
    storage,
};
use patchbay_engine::port::Journal;
use patchbay_model::{
    Json,
    event::{EventKind, RunStatus},
    id::RunId,
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::time::Duration;

fn succeeded(step: &str, iteration: &[u64], output: Json) -> EventKind {
    EventKind::StepSucceeded {
        step: step.to_owned(),
        iteration: iteration.to_vec(),
        output,
        duration_ms: 7,
    }
}

fn large(fill: &str) -> Json {
    json!({ "text": fill.repeat(100_000), "n": 1 })
}

async fn ended_run(bench: &Bench, kinds: Vec<EventKind>) -> RunId {
    let owner = bench.owner().await;
    let run = accepted(bench, &owner).await;
    let journal = bench.store.journal();
    let epoch = journal.claim(&run).await.unwrap().epoch;
    let end = EventKind::RunFinished {
        status: RunStatus::Succeeded,
        error: None,
    };
    let kinds = kinds.into_iter().chain([end]).collect();
    let mut last = batch(&run, epoch, 2, kinds);
    last.header.status = RunStatus::Succeeded;
    last.header.finished_at = Some(bench.store.now());
    journal.append(last).await.unwrap();
    run
}

async fn files(bench: &Bench) -> u64 {
    blobs::usage(&bench.store, &bench.system)
        .await
        .unwrap()
        .files
}

on_every_backend! {
    async fn a_large_output_comes_back_whole_and_is_kept_once(bench: &Bench) {
        let owner = bench.owner().await;
        let kinds = vec![
            succeeded("a", &[], large("x")), succeeded("b", &[], large("x")), succeeded("c", &[], large("y")), succeeded("d", &[], json!(1)),
        ];
        let run = ended_run(bench, kinds.clone()).await;
        let events = bench.store.journal().events(&run, 1, 10).await.unwrap();
        let read: Vec<EventKind> = events.into_iter().map(|event| event.kind).take(4).collect();
        assert!(read == kinds, "an output came back changed");
        assert_eq!(files(bench).await, 2);
        let filter = StepFilter { step: Some("c".to_owned()), ..StepFilter::default() };
        let row = runs::steps(&bench.store, &owner, &run, &filter, 0, 1).await.unwrap().items.remove(0);
        assert!(row.output == Some(large("y")) && row.duration_ms == Some(7));
    }

    async fn what_a_run_is_started_with_may_be_large_too(bench: &Bench) {
        let owner = bench.owner().await;
        let mut run = new_run(bench, &owner, &"wf_1".into());
        run.input = large("i");
        bench.store.journal().accept(&run).await.unwrap();
        assert!(runs::input(&bench.store, &owner, &run.id).await.unwrap() == run.input);
        assert_eq!(files(bench).await, 1);
    }

    async fn an_output_that_looks_like_a_handle_is_an_output(bench: &Bench) {
        let owner = bench.owner().await;
        let output = json!(format!("blob:{}:5 {{}}", "a".repeat(64)));
        let run = ended_run(bench, vec![succeeded("a", &[], output.clone())]).await;
        let rows = runs::steps(&bench.store, &owner, &run, &StepFilter::default(), 1, 5).await.unwrap().items;
        assert_eq!(rows[0].output, Some(output));
    }

    async fn values_that_no_run_uses_are_swept_and_others_stay(bench: &Bench) {
        let owner = bench.owner().await;
        let first = ended_run(bench, vec![succeeded("a", &[], large("x")), succeeded("b", &[], large("y"))]).await;
        let second = ended_run(bench, vec![succeeded("a", &[], large("x"))]).await;
        assert_eq!(blobs::sweep(&bench.store, &bench.system, Duration::ZERO).await.unwrap(), 0);
        runs::delete(&bench.store, &owner, &first).await.unwrap();
        assert_eq!(blobs::sweep(&bench.store, &bench.system, Duration::from_secs(3600)).await.unwrap(), 0);
        assert!(blobs::sweep(&bench.store, &bench.system, Duration::ZERO).await.unwrap() > 100_000);
        assert_eq!(files(bench).await, 1);
        assert!(bench.store.journal().events(&second, 1, 1).await.is_ok());
        runs::delete(&bench.store, &owner, &second).await.unwrap();
        blobs::sweep(&bench.store, &bench.system, Duration::ZERO).await.unwrap();
        assert_eq!(files(bench).await, 0);
    }

    async fn runs_are_kept_by_age_and_by_the_room_they_take(bench: &Bench) {
        let owner = bench.owner().await;
        let all = |store: Store| {
            let owner = owner.clone();
            async move { runs::list(&store, &owner, &runs::RunFilter::default(), None, 50).await.unwrap().items.len() }
        };
        for _ in 0..3 {
            ended_run(bench, vec![succeeded("a", &[], json!("x".repeat(50_000)))]).await;
            bench.advance(10 * MINUTE);
        }
        let unfinished = accepted(bench, &owner).await;
        let by_age = Retention { age: Some(25 * MINUTE), ..Retention::default() };
        assert_eq!(runs::prune(&bench.store, &bench.system, &by_age).await.unwrap(), 1);
        assert_eq!(all(bench.store.clone()).await, 3);
        let by_room = Retention { bytes: Some(1), ..Retention::default() };
        assert_eq!(runs::prune(&bench.store, &bench.system, &by_room).await.unwrap(), 2);
        assert_eq!(runs::get(&bench.store, &owner, &unfinished).await.unwrap().status, RunStatus::Queued);
    }

    async fn the_list_of_executions_is_read_from_the_index(bench: &Bench) {
        let owner = bench.owner().await;
        let run = ended_run(bench, (0..300).map(|index| succeeded("row", &[index], json!(index))).collect()).await;
        let filter = StepFilter { step: Some("row".to_owned()), iteration: vec![250], ..StepFilter::default() };
        let page = runs::steps(&bench.store, &owner, &run, &filter, 0, 5).await.unwrap();
        assert_eq!((page.total, page.items[0].output.clone()), (1, Some(json!(250))));
        let database = bench.store.journal_database();
        if database.is_sqlite() {
            let sql = "EXPLAIN QUERY PLAN SELECT step, iteration, MIN(ord) FROM events WHERE run_no = 1 AND phase > 0 \
                       AND step = 'row' GROUP BY step, iteration HAVING MAX(phase) IN (4)";
            let connection = database.read();
            let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(plan.iter().any(|line| line.contains("COVERING INDEX events_of_steps")), "{plan:?}");
        }
    }
}

#[tokio::test]
async fn the_room_of_deleted_runs_is_given_back() {
    let bench = Bench::sqlite().await;
    let small = || (0..40).map(|index| succeeded("a", &[index], json!("x".repeat(50_000))));
    ended_run(&bench, small().collect()).await;
    let before = storage::usage(&bench.store, &bench.system).await.unwrap();
    assert_eq!(before.runs, 1);
    let none = Retention {
        per_workflow: Some(0),
        ..Retention::default()
    };
    runs::prune(&bench.store, &bench.system, &none)
        .await
        .unwrap();
    let after = storage::usage(&bench.store, &bench.system).await.unwrap();
    assert!(
        after.journal + 1_500_000 < before.journal,
        "{before:?} {after:?}"
    );
    assert_eq!((after.runs, after.reusable), (0, 0));
}

#[tokio::test]
async fn a_copy_made_while_runs_are_written_opens_as_a_store_of_its_own() {
    let bench = Bench::sqlite().await;
    let owner = bench.owner().await;
    let run = ended_run(&bench, vec![succeeded("a", &[], large("x"))]).await;
    let folder = tempfile::tempdir().unwrap();
    let writing = async {
        for _ in 0..20 {
            accepted(&bench, &owner).await;
        }
    };
    let (copied, ()) = tokio::join!(
        backup::copy(&bench.store, &bench.system, folder.path()),
        writing
    );
    assert_eq!(copied.unwrap().blobs, 1);
    let copy = Store::open(Options::new(Place::Folder(folder.path().to_owned())))
        .await
        .unwrap();
    let events = copy.journal().events(&run, 1, 1).await.unwrap();
    assert!(events[0].kind == succeeded("a", &[], large("x")));
    assert_eq!(
        crate::organisations::first_owner(&copy, &bench.system)
            .await
            .unwrap()
            .unwrap()
            .1,
        owner.person
    );
}
