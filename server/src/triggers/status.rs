//! What people see of a workflow's trigger.

use patchbay_api::triggers::{Firing, Started, TriggerStatus};
use patchbay_engine::schedule::{SHOWN, Schedule};
use patchbay_model::{document::Workflow, id::WorkflowId};
use patchbay_store::{
    Scope,
    runs::{self, RunFilter},
    triggers::{self, TriggerKind, TriggerState},
    workflows::WorkflowSummary,
};

use super::{live, resolve};
use crate::{
    error::Result,
    state::App,
    time::{rfc3339, rfc3339_option},
};

/// How the trigger of a workflow is; none while it was never enabled and nothing was caught.
///
/// # Errors
/// When the store cannot be asked.
pub(crate) async fn of(
    app: &App,
    scope: &Scope,
    summary: &WorkflowSummary,
) -> Result<Option<TriggerStatus>> {
    let id = &summary.id;
    let row = triggers::get(app.store(), scope, id).await?;
    let sample = triggers::sample(app.store(), scope, id).await?;
    let now = app.store().now();
    let listening = app.triggers().listening.until(id, now);
    if row.is_none() && sample.is_none() && listening.is_none() {
        return Ok(None);
    }
    let mut status = TriggerStatus {
        state: TriggerState::Off.as_str().to_owned(),
        sample_at: sample.map(|sample| rfc3339(sample.at)),
        listening_until: rfc3339_option(listening),
        url: address(app, summary, listening.is_some()),
        ..TriggerStatus::default()
    };
    if let Some(row) = row {
        status.kind = row.kind.as_str().to_owned();
        status.state = row.state.as_str().to_owned();
        status.error = row.error;
        status.error_at = rfc3339_option(row.error_at);
        status.since = rfc3339_option(row.since);
        status.next_at = rfc3339_option(row.next_at);
        status.last_fired_at = rfc3339_option(row.last_fired_at);
        status.last_run_id = row.last_run.map(|run| run.to_string());
        status.recent = recent(app, scope, id, row.kind).await?;
        // A delivery writes nothing but its run, so that many can be taken at once.
        if let Some(newest) = status.recent.first() {
            status.last_fired_at = Some(newest.at.clone());
            status.last_run_id = Some(newest.run_id.to_string());
        }
        if row.kind == TriggerKind::Schedule && row.state != TriggerState::Off {
            status.upcoming = published(app, id).await?;
        }
    }
    Ok(Some(status))
}

/// The runs that a trigger of this kind started last.
async fn recent(
    app: &App,
    scope: &Scope,
    workflow: &WorkflowId,
    kind: TriggerKind,
) -> Result<Vec<Started>> {
    /// Runs by hand stand between them.
    const LOOKED_AT: u64 = 20;
    const SHOWN_AT_MOST: usize = 5;
    let filter = RunFilter {
        workflow: Some(workflow.clone()),
        status: None,
    };
    let newest = runs::list(app.store(), scope, &filter, None, LOOKED_AT).await?;
    let started = newest
        .items
        .into_iter()
        .filter(|run| run.cause == kind.as_str())
        .map(|run| Started {
            run_id: run.id,
            at: rfc3339(run.accepted_at),
            status: run.status,
        });
    Ok(started.take(SHOWN_AT_MOST).collect())
}

/// The address of a workflow's trigger, while it is open.
pub(crate) fn address(app: &App, summary: &WorkflowSummary, listening: bool) -> Option<String> {
    let key = summary.webhook_key.as_deref()?;
    let open = listening
        || summary.enabled
            && app
                .triggers()
                .by_workflow(&summary.id)
                .is_none_or(|live| live.key.is_some());
    open.then(|| live::address(app, key))
}

async fn published(app: &App, id: &WorkflowId) -> Result<Vec<Firing>> {
    let Ok(Some(live)) = live::by_workflow(app, id).await else {
        return Ok(Vec::new());
    };
    let live::What::Schedule(timing) = &live.what else {
        return Ok(Vec::new());
    };
    Ok(firings(&timing.schedule, app.store().now()))
}

/// The next firings of a draft's trigger.
///
/// # Errors
/// With the input that is wrong.
pub(crate) fn preview(app: &App, document: &Workflow) -> Result<Vec<Firing>> {
    let inputs = resolve::inputs(app, document)?;
    let now = app.store().now();
    let timing = live::timing(&document.trigger.operation, &inputs, document, now)?;
    Ok(firings(&timing.schedule, now))
}

fn firings(schedule: &Schedule, after: i64) -> Vec<Firing> {
    let upcoming = schedule.upcoming(after, SHOWN);
    upcoming
        .into_iter()
        .map(|at| Firing {
            at: rfc3339(at),
            local: schedule.local(at),
        })
        .collect()
}
