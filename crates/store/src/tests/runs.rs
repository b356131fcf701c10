//! Looking at runs: the list and its pages, steps joined from events, sample data, forgetting.

use super::bench::{Bench, START};
use super::journal::{accepted, batch, new_run};
use super::on_every_backend;
use crate::{
    Scope, StoreError,
    runs::{self, Retention, RunFilter, StepFilter},
};
use patchbay_engine::port::Journal;
use patchbay_model::{
    event::{EventKind, RunStatus, StepError, StepStatus},
    id::{RunId, WorkflowId},
};
use serde_json::{Value, json};

fn started(step: &str, iteration: &[u64], attempt: u32) -> EventKind {
    EventKind::StepStarted {
        step: step.to_owned(),
        iteration: iteration.to_vec(),
        attempt,
        input: json!({ "n": attempt }),
    }
}

fn succeeded(step: &str, iteration: &[u64], output: Value) -> EventKind {
    EventKind::StepSucceeded {
        step: step.to_owned(),
        iteration: iteration.to_vec(),
        output,
        duration_ms: 7,
    }
}

fn failed(step: &str, iteration: &[u64], attempt: u32, retry_at: Option<i64>) -> EventKind {
    let error = StepError {
        code: "http_status".to_owned(),
        message: "no".to_owned(),
        ..StepError::default()
    };
    EventKind::StepFailed {
        step: step.to_owned(),
        iteration: iteration.to_vec(),
        attempt,
        error,
        duration_ms: 9,
        retry_at,
    }
}

fn finished(status: RunStatus) -> EventKind {
    EventKind::RunFinished {
        status,
        error: None,
    }
}

async fn run_of(bench: &Bench, scope: &Scope, workflow: &str, kinds: Vec<EventKind>) -> RunId {
    let run = new_run(bench, scope, &workflow.into());
    let journal = bench.store.journal();
    journal.accept(&run).await.unwrap();
    let epoch = journal.claim(&run.id).await.unwrap().epoch;
    journal
        .append(batch(&run.id, epoch, 2, kinds))
        .await
        .unwrap();
    run.id
}

/// A step, then a loop over three items: done, being retried, in flight.
fn story() -> Vec<EventKind> {
    vec![
        EventKind::RunStarted { epoch: 1 },
        started("list", &[], 1),
        succeeded("list", &[], json!([1, 2, 3])),
        started("loop-1", &[], 1),
        EventKind::LoopStarted {
            step: "loop-1".to_owned(),
            iteration: vec![],
            total: Some(3),
        },
        started("row", &[0], 1),
        succeeded("row", &[0], json!("first")),
        EventKind::ItemFinished {
            step: "loop-1".to_owned(),
            iteration: vec![],
            index: 0,
            failed: false,
            last: false,
        },
        started("row", &[1], 1),
        failed("row", &[1], 1, Some(START + 9999)),
        started("row", &[2], 1),
        EventKind::StepSkipped {
            step: "after".to_owned(),
            iteration: vec![2],
        },
    ]
}

fn all() -> StepFilter {
    StepFilter::default()
}

on_every_backend! {
    async fn the_list_is_newest_first_and_goes_on_where_it_stopped(bench: &Bench) {
        let owner = bench.owner().await;
        let mut made = Vec::new();
        for number in 0..5 {
            let status = if number == 3 { RunStatus::Failed } else { RunStatus::Succeeded };
            made.push(run_of(bench, &owner, &format!("wf_{}", number % 2), vec![finished(status)]).await);
        }
        made.reverse();
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = runs::list(&bench.store, &owner, &RunFilter::default(), cursor.as_deref(), 2).await.unwrap();
            seen.extend(page.items.into_iter().map(|run| run.id));
            let Some(next) = page.next else { break };
            cursor = Some(next);
        }
        assert_eq!(seen, made);
        let count = |workflow: Option<&str>, status| {
            let filter = RunFilter { workflow: workflow.map(WorkflowId::from), status };
            let (store, owner) = (bench.store.clone(), owner.clone());
            async move { runs::list(&store, &owner, &filter, None, 50).await.unwrap().items.len() }
        };
        assert_eq!(count(Some("wf_1"), None).await, 2);
        assert_eq!(count(None, Some(RunStatus::Failed)).await, 1);
        assert_eq!(count(Some("wf_0"), Some(RunStatus::Failed)).await, 0);
        let latest = runs::latest_by_workflow(&bench.store, &owner, &["wf_0".into(), "wf_1".into(), "wf_2".into()]).await.unwrap();
        assert_eq!(latest.len(), 2);
        assert_eq!((&latest[&"wf_0".into()].id, &latest[&"wf_1".into()].id), (&made[0], &made[1]));
    }

    async fn steps_are_joined_from_their_events(bench: &Bench) {
        let owner = bench.owner().await;
        let run = run_of(bench, &owner, "wf_1", story()).await;
        let page = runs::steps(&bench.store, &owner, &run, &all(), 0, 50).await.unwrap();
        let seen: Vec<_> = page.items.iter().map(|row| (row.step.as_str(), row.iteration.clone(), row.status)).collect();
        assert_eq!(seen, [
            ("trigger", vec![], StepStatus::Succeeded),
            ("list", vec![], StepStatus::Succeeded),
            ("loop-1", vec![], StepStatus::Running),
            ("row", vec![0], StepStatus::Succeeded),
            ("row", vec![1], StepStatus::Waiting),
            ("row", vec![2], StepStatus::Running),
            ("after", vec![2], StepStatus::Skipped),
        ]);
        assert_eq!(page.total, 7);
        let list = &page.items[1];
        assert_eq!((list.input.clone(), list.output.clone()), (Some(json!({ "n": 1 })), Some(json!([1, 2, 3]))));
        assert_eq!((list.started_at, list.finished_at, list.duration_ms), (Some(START + 3), Some(START + 4), Some(7)));
        let waiting = &page.items[4];
        assert_eq!((waiting.attempt, waiting.error.is_some(), waiting.finished_at), (1, true, None));
    }

    async fn steps_can_be_narrowed_and_paged(bench: &Bench) {
        let owner = bench.owner().await;
        let mut kinds = story();
        kinds.extend([started("inner", &[2, 0], 1), started("inner", &[20, 1], 1)]);
        let run = run_of(bench, &owner, "wf_1", kinds).await;
        let find = |filter: StepFilter, offset, limit| {
            let (store, owner, run) = (bench.store.clone(), owner.clone(), run.clone());
            async move {
                let page = runs::steps(&store, &owner, &run, &filter, offset, limit).await.unwrap();
                let names: Vec<String> =
                    page.items.iter().map(|row| format!("{}{:?}", row.step, row.iteration)).collect();
                (names.join(" "), page.total)
            }
        };
        let of = |step: &str| StepFilter { step: Some(step.to_owned()), ..all() };
        let at = |iteration: &[u64]| StepFilter { iteration: iteration.to_vec(), ..all() };
        let with = |status| StepFilter { status: Some(status), ..all() };
        assert_eq!(find(of("trigger"), 0, 2).await, ("trigger[]".to_owned(), 1));
        assert_eq!(find(all(), 0, 2).await, ("trigger[] list[]".to_owned(), 9));
        assert_eq!(find(all(), 1, 2).await, ("list[] loop-1[]".to_owned(), 9));
        assert_eq!(find(of("row"), 0, 2).await, ("row[0] row[1]".to_owned(), 3));
        assert_eq!(find(of("row"), 2, 2).await, ("row[2]".to_owned(), 3));
        assert_eq!(find(at(&[2]), 0, 9).await, ("row[2] after[2] inner[2, 0]".to_owned(), 3));
        assert_eq!(find(at(&[2, 0]), 0, 9).await, ("inner[2, 0]".to_owned(), 1));
        assert_eq!(find(with(StepStatus::Succeeded), 0, 9).await, ("trigger[] list[] row[0]".to_owned(), 3));
        assert_eq!(find(with(StepStatus::Skipped), 0, 9).await, ("after[2]".to_owned(), 1));
        assert_eq!(find(with(StepStatus::Failed), 0, 9).await, (String::new(), 0));
        assert_eq!(find(with(StepStatus::Running), 0, 9).await.1, 5);
        let both = StepFilter { status: Some(StepStatus::Succeeded), ..of("row") };
        assert_eq!(find(both, 0, 9).await, ("row[0]".to_owned(), 1));
    }

    async fn a_step_that_was_tried_again_counts_its_attempts(bench: &Bench) {
        let owner = bench.owner().await;
        let run = run_of(bench, &owner, "wf_1", vec![
            started("a", &[], 1), failed("a", &[], 1, Some(START)), started("a", &[], 2), succeeded("a", &[], json!(1)),
            started("b", &[], 1), failed("b", &[], 1, Some(START)), started("b", &[], 2), failed("b", &[], 2, None),
        ]).await;
        let rows = runs::steps(&bench.store, &owner, &run, &all(), 1, 9).await.unwrap().items;
        assert_eq!((rows[0].status, rows[0].attempt, rows[0].error.is_none()), (StepStatus::Succeeded, 2, true));
        assert_eq!((rows[1].status, rows[1].attempt, rows[1].error.is_some()), (StepStatus::Failed, 2, true));
    }

    async fn nothing_is_in_flight_in_a_run_that_has_ended(bench: &Bench) {
        let owner = bench.owner().await;
        for (end, becomes) in [(RunStatus::Cancelled, StepStatus::Cancelled), (RunStatus::Failed, StepStatus::Failed)] {
            let run = run_of(bench, &owner, "wf_1", vec![started("a", &[], 1), finished(end)]).await;
            let rows = runs::steps(&bench.store, &owner, &run, &all(), 1, 9).await.unwrap().items;
            assert_eq!(rows[0].status, becomes);
            for (status, count) in [(becomes, 1), (StepStatus::Running, 0)] {
                let filter = StepFilter { status: Some(status), ..all() };
                assert_eq!(runs::steps(&bench.store, &owner, &run, &filter, 0, 9).await.unwrap().total, count);
            }
        }
    }

    async fn progress_is_the_fold_of_the_events(bench: &Bench) {
        let owner = bench.owner().await;
        let run = run_of(bench, &owner, "wf_1", story()).await;
        let progress = runs::progress(&bench.store, &owner, &run).await.unwrap();
        let loop_1 = &progress.steps["loop-1"];
        assert_eq!((loop_1.items_done, loop_1.items_total), (Some(1), Some(3)));
        assert_eq!((progress.ord, progress.steps["row"].succeeded), (13, 1));
        let events = runs::events(&bench.store, &owner, &run, 11, 10).await.unwrap();
        assert_eq!(events.iter().map(|event| event.ord).collect::<Vec<_>>(), [12, 13]);
    }

    async fn samples_are_the_last_success_of_each_step(bench: &Bench) {
        let owner = bench.owner().await;
        let old = vec![
            started("list", &[], 1), succeeded("list", &[], json!("old")),
            started("row", &[0], 1), succeeded("row", &[0], json!("old row 0")),
            started("row", &[1], 1), succeeded("row", &[1], json!("old row 1")),
        ];
        run_of(bench, &owner, "wf_1", old).await;
        let new = vec![started("list", &[], 1), succeeded("list", &[], json!("new")), started("row", &[0], 1)];
        let newest = run_of(bench, &owner, "wf_1", new).await;
        run_of(bench, &owner, "wf_2", vec![started("list", &[], 1), succeeded("list", &[], json!("elsewhere"))]).await;
        let steps = ["trigger", "list", "row", "never"].map(str::to_owned);
        let latest = runs::latest_outputs(&bench.store, &owner, &"wf_1".into(), &steps).await.unwrap();
        assert_eq!(latest.run, Some(newest));
        assert_eq!(latest.outputs["trigger"], json!({ "hello": 1 }));
        assert_eq!(latest.outputs["list"], json!("new"));
        assert_eq!(latest.outputs["row"], json!("old row 0"));
        assert_eq!(latest.inputs["row"], json!({ "n": 1 }));
        assert!(!latest.outputs.contains_key("never"));
        let none = runs::latest_outputs(&bench.store, &owner, &"wf_9".into(), &steps).await.unwrap();
        assert_eq!((none.run, none.outputs.len()), (None, 0));
    }

    async fn pruning_keeps_the_newest_and_what_has_not_ended(bench: &Bench) {
        let owner = bench.owner().await;
        let waiting = accepted(bench, &owner).await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(run_of(bench, &owner, "wf_1", vec![finished(RunStatus::Succeeded)]).await);
        }
        let other = run_of(bench, &owner, "wf_2", vec![finished(RunStatus::Succeeded)]).await;
        assert_eq!(runs::prune(&bench.store, &bench.system, &Retention { per_workflow: Some(2), ..Retention::default() }).await.unwrap(), 3);
        let left = runs::list(&bench.store, &owner, &RunFilter::default(), None, 50).await.unwrap().items;
        let left: Vec<RunId> = left.into_iter().map(|run| run.id).collect();
        assert_eq!(left, [other, made[4].clone(), made[3].clone(), waiting.clone()]);
        assert!(bench.store.journal().claim(&waiting).await.is_ok(), "its plan was deleted");
    }

    async fn a_run_that_has_not_ended_is_not_deleted(bench: &Bench) {
        let owner = bench.owner().await;
        let waiting = accepted(bench, &owner).await;
        let ended = run_of(bench, &owner, "wf_1", vec![finished(RunStatus::Succeeded)]).await;
        assert!(matches!(runs::delete(&bench.store, &owner, &waiting).await, Err(StoreError::InUse(_))));
        runs::delete(&bench.store, &owner, &ended).await.unwrap();
        assert!(matches!(runs::get(&bench.store, &owner, &ended).await, Err(StoreError::NotFound(_))));
    }
}
