//! Triggers at work: when they fire next, their polling windows, their registrations at services, caught samples.

mod samples;
mod work;

pub use samples::{Sample, forget_sample, sample, save_sample};
pub use work::{
    due, earliest, for_worker, listed, postpone, save_registration, save_trouble, skip, well,
};

use crate::{
    RunScope, Scope, SealedText, Store, StoreError, StoreResult, System,
    entity::{deliveries, firings, last_runs, runs, triggers},
    runs::Run,
    text::words,
};
use patchbay_model::{
    event::RunStatus,
    id::{OrganisationId, RunId, WorkflowId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

/// Deliveries and firings are remembered for so long, in milliseconds: a week.
const REMEMBERED: i64 = 7 * 24 * 60 * 60 * 1000;

words! {
    /// What starts the runs.
    TriggerKind("kind of trigger") {
        /// A person or a program.
        Manual = "manual",
        /// The clock.
        Schedule = "schedule",
        /// A request to the workflow's own address.
        Webhook = "webhook",
        /// A service that was asked to call.
        Service = "service",
        /// The failure of another workflow.
        Failure = "failure",
        /// A step of another workflow.
        Call = "call",
    }
}

words! {
    /// How a trigger is.
    TriggerState("state of a trigger") {
        /// It is being registered at its service.
        Registering = "registering",
        /// It starts runs.
        Active = "active",
        /// It should start runs and cannot.
        Failing = "failing",
        /// It is not to start runs.
        Off = "off",
    }
}

/// A trigger at work.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    pub workflow: WorkflowId,
    pub organisation: OrganisationId,
    pub kind: TriggerKind,
    pub state: TriggerState,
    /// The one that runs execute.
    pub revision: i64,
    /// When it fires next, or its registration is to be renewed.
    pub next_at: Option<i64>,
    /// Where the next polling window begins, once a run has moved it.
    pub since: Option<i64>,
    pub enabled_at: i64,
    pub last_fired_at: Option<i64>,
    pub last_run: Option<RunId>,
    pub error: Option<String>,
    pub error_at: Option<i64>,
    pub registration: Option<SealedText>,
}

/// A trigger that begins to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    pub kind: TriggerKind,
    pub state: TriggerState,
    pub revision: i64,
    pub next_at: Option<i64>,
    /// Now, or what counts as now: intervals are counted from it.
    pub at: i64,
}

/// Begins, or begins again with another revision. What it did before is remembered: its window, its last firing.
pub async fn start(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
    start: &Start,
) -> StoreResult<()> {
    let row = triggers::ActiveModel {
        workflow_id: Set(workflow.to_string()),
        organisation_id: Set(scope.organisation.to_string()),
        kind: Set(start.kind.as_str().to_owned()),
        state: Set(start.state.as_str().to_owned()),
        revision: Set(start.revision),
        next_at: Set(start.next_at),
        since: Set(None),
        enabled_at: Set(start.at),
        last_fired_at: Set(None),
        last_run_id: Set(None),
        error: Set(None),
        error_at: Set(None),
        registration: Set(None),
    };
    triggers::Entity::insert(row)
        .on_conflict(
            OnConflict::column(triggers::Column::WorkflowId)
                .update_columns([
                    triggers::Column::Kind,
                    triggers::Column::State,
                    triggers::Column::Revision,
                    triggers::Column::NextAt,
                    triggers::Column::EnabledAt,
                    triggers::Column::Error,
                    triggers::Column::ErrorAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(store.journal_database().write())
        .await?;
    Ok(())
}

/// Stops it. Where its polling window stands is kept for the next time.
pub async fn stop(store: &Store, scope: &Scope, workflow: &WorkflowId) -> StoreResult<()> {
    triggers::Entity::update_many()
        .set(triggers::ActiveModel {
            state: Set(TriggerState::Off.as_str().to_owned()),
            next_at: Set(None),
            registration: Set(None),
            ..Default::default()
        })
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .filter(triggers::Column::OrganisationId.eq(scope.organisation.as_str()))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}

/// The trigger of a workflow, if it was ever enabled.
pub async fn get(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
) -> StoreResult<Option<Trigger>> {
    let row = triggers::Entity::find_by_id(workflow.as_str())
        .filter(triggers::Column::OrganisationId.eq(scope.organisation.as_str()))
        .one(store.journal_database().read())
        .await?;
    row.map(Trigger::try_from).transpose()
}

/// When the last successful run that counts began.
pub async fn last_run_at(
    store: &Store,
    scope: &RunScope,
    workflow: &WorkflowId,
) -> StoreResult<Option<i64>> {
    let database = store.journal_database().read();
    // The table itself knows no organisations.
    let own = runs::Entity::find()
        .filter(runs::Column::WorkflowId.eq(workflow.as_str()))
        .filter(runs::Column::OrganisationId.eq(scope.organisation.as_str()))
        .select_only()
        .column(runs::Column::No)
        .into_tuple::<i64>()
        .one(database)
        .await?;
    if own.is_none() {
        return Ok(None);
    }
    let row = last_runs::Entity::find_by_id(workflow.as_str())
        .one(database)
        .await?;
    Ok(row.map(|row| row.at))
}

/// Whether a run has not ended.
pub async fn is_open(store: &Store, _: &System, run: &RunId) -> StoreResult<bool> {
    let row = runs::Entity::find()
        .filter(runs::Column::Id.eq(run.as_str()))
        .filter(runs::Column::FinishedAt.is_null())
        .select_only()
        .column(runs::Column::No)
        .into_tuple::<i64>()
        .one(store.journal_database().read())
        .await?;
    Ok(row.is_some())
}

/// A run that ended with an error, for triggers that look after others.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedRun {
    pub organisation: OrganisationId,
    pub run: Run,
}

/// Runs that count and failed since an instant, oldest first; only that one if a run is given.
pub async fn failed(
    store: &Store,
    _: &System,
    since: i64,
    run: Option<&RunId>,
    limit: u64,
) -> StoreResult<Vec<FailedRun>> {
    let mut query = runs::Entity::find()
        .filter(runs::Column::Status.eq(RunStatus::Failed.as_str()))
        .filter(runs::Column::Origin.gt(0))
        .filter(runs::Column::FinishedAt.gte(since));
    if let Some(run) = run {
        query = query.filter(runs::Column::Id.eq(run.as_str()));
    }
    let rows = query
        .order_by_asc(runs::Column::Id)
        .limit(limit)
        .all(store.journal_database().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(FailedRun {
                organisation: row.organisation_id.clone().into(),
                run: row.try_into()?,
            })
        })
        .collect()
}

/// Forgets deliveries and firings that nobody repeats any more. Says how many.
pub async fn sweep(store: &Store, _: &System) -> StoreResult<u64> {
    let database = store.journal_database().write();
    let before = store.now() - REMEMBERED;
    let deliveries = deliveries::Entity::delete_many()
        .filter(deliveries::Column::At.lt(before))
        .exec(database)
        .await?;
    // A polling window is moved at the end of the run, which may last as long as a run may.
    let firings = firings::Entity::delete_many()
        .filter(firings::Column::Nominal.lt(before - REMEMBERED))
        .exec(database)
        .await?;
    Ok(deliveries.rows_affected + firings.rows_affected)
}

impl TryFrom<triggers::Model> for Trigger {
    type Error = StoreError;

    fn try_from(row: triggers::Model) -> StoreResult<Self> {
        Ok(Self {
            workflow: row.workflow_id.into(),
            organisation: row.organisation_id.into(),
            kind: TriggerKind::parse(&row.kind)?,
            state: TriggerState::parse(&row.state)?,
            revision: row.revision,
            next_at: row.next_at,
            since: row.since,
            enabled_at: row.enabled_at,
            last_fired_at: row.last_fired_at,
            last_run: row.last_run_id.map(Into::into),
            error: row.error,
            error_at: row.error_at,
            registration: row.registration.map(SealedText),
        })
    }
}

/// Rows in the order in which they are due.
async fn rows(store: &Store, filter: sea_orm::Condition, limit: u64) -> StoreResult<Vec<Trigger>> {
    let rows = triggers::Entity::find()
        .filter(filter)
        .order_by_asc(triggers::Column::NextAt)
        .order_by_asc(triggers::Column::WorkflowId)
        .limit(limit)
        .all(store.journal_database().read())
        .await?;
    rows.into_iter().map(Trigger::try_from).collect()
}
