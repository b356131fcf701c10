//! Looking at runs: the list, one of them, its steps, its events, and what steps gave last.

mod again;
mod latest;
mod retention;
mod steps;

pub use again::{input, plan};
pub use latest::{DRY_RUN, LatestOutputs, latest_by_workflow, latest_outputs};
pub use retention::{Retention, delete, prune};
pub use steps::{StepFilter, StepPage, StepRow, steps};

use crate::{
    Page, Scope, Store, StoreError, StoreResult,
    blobs::Values,
    entity::runs,
    journal::events_after,
    text::{from_json, from_word},
};
use patchbay_model::{
    event::{Event, RunError, RunStatus},
    id::{PersonId, RunId, WorkflowId},
    progress::Progress,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Events folded at a time.
const FOLD: usize = 1000;

/// A run's header.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub id: RunId,
    pub workflow: WorkflowId,
    pub revision: i64,
    pub cause: String,
    pub person: Option<PersonId>,
    pub status: RunStatus,
    pub accepted_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub steps_done: u64,
    pub error: Option<RunError>,
    /// The ord of its last event.
    pub last_ord: u64,
}

/// What the list can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    pub workflow: Option<WorkflowId>,
    pub status: Option<RunStatus>,
}

/// An id for a run that is about to be accepted.
pub fn fresh_id(store: &Store) -> StoreResult<RunId> {
    Ok(store.fresh_id(RunId::PREFIX)?.into())
}

/// Newest first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    filter: &RunFilter,
    cursor: Option<&str>,
    limit: u64,
) -> StoreResult<Page<Run>> {
    let mut query =
        runs::Entity::find().filter(runs::Column::OrganisationId.eq(scope.organisation.as_str()));
    if let Some(workflow) = &filter.workflow {
        query = query.filter(runs::Column::WorkflowId.eq(workflow.as_str()));
    }
    if let Some(status) = filter.status {
        query = query.filter(runs::Column::Status.eq(status.as_str()));
    }
    if let Some(cursor) = cursor {
        query = query.filter(runs::Column::Id.lt(cursor));
    }
    let rows = query
        .order_by_desc(runs::Column::Id)
        .limit(limit.saturating_add(1))
        .all(store.journal_database().read())
        .await?;
    let runs = rows
        .into_iter()
        .map(Run::try_from)
        .collect::<StoreResult<Vec<_>>>()?;
    Ok(Page::cut(runs, limit, |run| run.id.to_string()))
}

pub async fn get(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<Run> {
    find(store, scope, id).await?.try_into()
}

/// Events with `ord > after`, in order.
pub async fn events(
    store: &Store,
    scope: &Scope,
    id: &RunId,
    after: u64,
    limit: usize,
) -> StoreResult<Vec<Event>> {
    let run = find(store, scope, id).await?;
    events_after(store.journal_database(), run.no, after, limit, Values::All).await
}

/// The fold of all events, for a watcher who comes late.
pub async fn progress(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<Progress> {
    let run = find(store, scope, id).await?;
    let mut progress = Progress::default();
    loop {
        let events = events_after(
            store.journal_database(),
            run.no,
            progress.ord,
            FOLD,
            Values::Within(0),
        )
        .await?;
        events.iter().for_each(|event| progress.apply(event));
        if events.len() < FOLD {
            return Ok(progress);
        }
    }
}

/// The one way in which this module reaches a run: by id, in the asker's organisation.
async fn find(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<runs::Model> {
    runs::Entity::find()
        .filter(runs::Column::Id.eq(id.as_str()))
        .filter(runs::Column::OrganisationId.eq(scope.organisation.as_str()))
        .one(store.journal_database().read())
        .await?
        .ok_or(StoreError::NotFound("run"))
}

impl TryFrom<runs::Model> for Run {
    type Error = StoreError;

    fn try_from(row: runs::Model) -> StoreResult<Self> {
        Ok(Self {
            id: row.id.into(),
            workflow: row.workflow_id.into(),
            revision: row.revision,
            cause: row.cause,
            person: row.person_id.map(Into::into),
            status: from_word("status", &row.status)?,
            accepted_at: row.accepted_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            steps_done: u64::try_from(row.steps_done).unwrap_or(0),
            error: row
                .error
                .map(|error| from_json("error", &error))
                .transpose()?,
            last_ord: u64::try_from(row.last_ord).unwrap_or(0),
        })
    }
}
