//! What happened last: the latest run of each workflow, and what steps gave last, as sample data.

use super::Run;
use crate::{
    Scope, Store, StoreResult,
    blobs::{Values, fill},
    entity::{events, runs},
    journal::phase,
};
use patchbay_model::{
    JsonMap,
    document::TRIGGER,
    event::EventKind,
    id::{RunId, WorkflowId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// The cause of a run in which steps that change something were not executed.
pub const DRY_RUN: &str = "dry_run";

/// Bytes of large outputs that are read as samples; of the others there is the beginning.
const LARGE_VALUES: u64 = 32 * 1024 * 1024;

/// How many runs are looked through.
const RUNS: u64 = 10;

/// What steps gave last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LatestOutputs {
    /// The most recent run that something was taken from; none: there was none.
    pub run: Option<RunId>,
    /// Output by step name; of a step inside a loop, that of its first success in that run.
    pub outputs: JsonMap,
    /// Resolved inputs by step name, also of steps that never succeeded: a loop's list is there while it runs.
    pub inputs: JsonMap,
}

/// The latest output of each of `steps` in the most recent runs. `trigger` is what the run was started with.
pub async fn latest_outputs(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
    steps: &[String],
) -> StoreResult<LatestOutputs> {
    let recent = runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(runs::Column::WorkflowId.eq(workflow.as_str()))
        // What its steps gave is what they would have sent.
        .filter(runs::Column::Cause.ne(DRY_RUN))
        .order_by_desc(runs::Column::Id)
        .limit(RUNS)
        .all(store.journal_database().read())
        .await?;
    let mut latest = LatestOutputs::default();
    for run in recent {
        let missing = |known: &JsonMap| -> Vec<&str> {
            steps
                .iter()
                .map(String::as_str)
                .filter(|step| !known.contains_key(*step))
                .collect()
        };
        let (outputs, inputs) = (missing(&latest.outputs), missing(&latest.inputs));
        if outputs.is_empty() {
            break;
        }
        let mut ords = first_ords(store, run.no, phase::SUCCEEDED, &outputs).await?;
        ords.extend(first_ords(store, run.no, phase::BEGUN, &inputs).await?);
        if outputs.contains(&TRIGGER) {
            ords.push(1);
        }
        let rows = events::Entity::find()
            .filter(events::Column::RunNo.eq(run.no))
            .filter(events::Column::Ord.is_in(ords))
            .all(store.journal_database().read())
            .await?;
        let before = latest.outputs.len();
        let blobs = store.journal_database().blobs();
        for event in fill(blobs, &rows, Values::Within(LARGE_VALUES)).await? {
            match event.kind {
                EventKind::StepSucceeded { step, output, .. } => {
                    latest.outputs.insert(step, output);
                }
                EventKind::StepStarted { step, input, .. } => {
                    latest.inputs.insert(step, input);
                }
                EventKind::RunAccepted { input } if outputs.contains(&TRIGGER) => {
                    latest.outputs.insert(TRIGGER.to_owned(), input);
                }
                _ => {}
            }
        }
        if latest.run.is_none() && latest.outputs.len() > before {
            latest.run = Some(run.id.into());
        }
    }
    Ok(latest)
}

/// The event that first brought each step to a phase, in its first iteration. The order is that of the index, so
/// that the rest of a long loop is not read.
async fn first_ords(
    store: &Store,
    run_no: i64,
    phase: i16,
    steps: &[&str],
) -> StoreResult<Vec<i64>> {
    let mut ords = Vec::new();
    for step in steps {
        let first = events::Entity::find()
            .filter(events::Column::RunNo.eq(run_no))
            .filter(Expr::cust("phase > 0"))
            .filter(events::Column::Step.eq(*step))
            .filter(events::Column::Phase.eq(phase))
            .order_by_asc(events::Column::Iteration)
            .order_by_asc(events::Column::Ord)
            .limit(1)
            .select_only()
            .column(events::Column::Ord)
            .into_tuple::<i64>()
            .one(store.journal_database().read())
            .await?;
        ords.extend(first);
    }
    Ok(ords)
}

/// The latest run of each workflow that has one.
pub async fn latest_by_workflow(
    store: &Store,
    scope: &Scope,
    workflows: &[WorkflowId],
) -> StoreResult<HashMap<WorkflowId, Run>> {
    let database = store.journal_database().read();
    let latest = runs::Entity::find()
        .filter(runs::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(runs::Column::WorkflowId.is_in(workflows.iter().map(WorkflowId::as_str)))
        .select_only()
        .expr_as(Expr::col(runs::Column::Id).max(), "id")
        .group_by(runs::Column::WorkflowId)
        .into_tuple::<String>()
        .all(database)
        .await?;
    let rows = runs::Entity::find()
        .filter(runs::Column::Id.is_in(latest))
        .all(database)
        .await?;
    rows.into_iter()
        .map(|row| {
            let run = Run::try_from(row)?;
            Ok((run.workflow.clone(), run))
        })
        .collect()
}
