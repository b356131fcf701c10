//! The worker behind error triggers: a failed run of one workflow starts those that look after it.

use patchbay_engine::schedule::instant;
use patchbay_model::{
    Json,
    event::{EventKind, RunStatus},
    id::{RunId, WorkflowId},
};
use patchbay_store::{
    System,
    triggers::{self, FailedRun, TriggerKind, TriggerState},
    workflows,
};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

use super::{
    live::{self, Live, What},
    start::{Start, start},
};
use crate::{error::Result, state::App};

/// Failures that nobody was there to see are looked for so far back, in milliseconds: a day.
const LOOK_BACK: i64 = 24 * 60 * 60 * 1000;
/// How many of them in one go.
const BATCH: u64 = 500;

/// Looks after failed runs, for ever.
pub(super) async fn run(app: App) {
    let mut updates = app.runner().updates();
    let mut watchers = watchers_or_none(&app).await;
    // What failed while the server was on its way down. A second delivery of the same failure is no second run.
    catch_up(&app, &watchers).await;
    loop {
        tokio::select! {
            () = app.triggers().failures_changed.notified() => watchers = watchers_or_none(&app).await,
            update = updates.recv() => match update {
                Ok(_) if watchers.is_empty() => {}
                Ok(update) => {
                    let failed = update.events.iter().any(|event| matches!(&event.kind,
                        EventKind::RunFinished { status: RunStatus::Failed, .. }));
                    if failed {
                        told(&app, &watchers, 0, Some(&update.run)).await;
                    }
                }
                Err(RecvError::Lagged(_)) => catch_up(&app, &watchers).await,
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn catch_up(app: &App, watchers: &[Arc<Live>]) {
    if !watchers.is_empty() {
        told(app, watchers, app.store().now() - LOOK_BACK, None).await;
    }
}

async fn told(app: &App, watchers: &[Arc<Live>], since: i64, run: Option<&RunId>) {
    if let Err(problem) = tell(app, watchers, since, run).await {
        tracing::error!(
            cause = problem.cause,
            "a failure could not be passed on: {}",
            problem.details.title
        );
    }
}

async fn tell(app: &App, watchers: &[Arc<Live>], since: i64, run: Option<&RunId>) -> Result<()> {
    let system = System::for_sign_in_and_workers();
    for failed in triggers::failed(app.store(), &system, since, run, BATCH).await? {
        // A workflow that looks after others looks after none of its kind: nothing goes round in circles.
        if failed.run.cause == TriggerKind::Failure.as_str() {
            continue;
        }
        for watcher in watchers {
            if looks_after(watcher, &failed) {
                let enabled =
                    triggers::for_worker(app.store(), &system, &watcher.place.workflow).await?;
                let since = enabled.map_or(i64::MAX, |row| row.enabled_at);
                if failed.run.finished_at.is_some_and(|at| at >= since) {
                    start(app, watcher, event(app, &failed).await?).await?;
                }
            }
        }
    }
    Ok(())
}

fn looks_after(watcher: &Live, failed: &FailedRun) -> bool {
    let What::Failure(wanted) = &watcher.what else {
        return false;
    };
    watcher.place.organisation == failed.organisation
        && watcher.place.workflow != failed.run.workflow
        && (wanted.is_empty() || wanted.contains(&failed.run.workflow))
}

async fn event(app: &App, failed: &FailedRun) -> Result<Start> {
    let run = &failed.run;
    let error = run.error.as_ref();
    let instant = |at: Option<i64>| at.map(instant);
    let input = json!({
        "workflow": { "id": run.workflow, "name": name(app, &run.workflow).await? },
        "run": {
            "id": run.id,
            "cause": run.cause,
            "revision": run.revision,
            "started_at": instant(run.started_at),
            "finished_at": instant(run.finished_at),
            "url": format!("{}/runs/{}", app.public_url(), run.id),
        },
        "error": {
            "step": error.and_then(|error| error.step.clone()),
            "code": error.map(|error| error.error.code.clone()),
            "message": error.map(|error| error.error.message.clone()),
        },
    });
    Ok(Start {
        input,
        delivery: Some(format!("failed:{}", run.id)),
        ..Start::default()
    })
}

async fn name(app: &App, workflow: &WorkflowId) -> Result<Json> {
    let system = System::for_sign_in_and_workers();
    let found = workflows::published_by_id(app.store(), &system, workflow).await?;
    Ok(found.map_or(Json::Null, |(_, document)| document.name.into()))
}

async fn watchers_or_none(app: &App) -> Vec<Arc<Live>> {
    watchers(app).await.unwrap_or_else(|problem| {
        tracing::error!(
            cause = problem.cause,
            "error triggers could not be read: {}",
            problem.details.title
        );
        Vec::new()
    })
}

async fn watchers(app: &App) -> Result<Vec<Arc<Live>>> {
    let system = System::for_sign_in_and_workers();
    let mut found = Vec::new();
    for row in triggers::listed(app.store(), &system).await? {
        if row.kind != TriggerKind::Failure || row.state == TriggerState::Off {
            continue;
        }
        match live::by_workflow(app, &row.workflow).await {
            Ok(live) => found.extend(live),
            Err(problem) => {
                let why = problem.details.title;
                triggers::save_trouble(app.store(), &system, &row.workflow, &why, true).await?;
            }
        }
    }
    Ok(found)
}
