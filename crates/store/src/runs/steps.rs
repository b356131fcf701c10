//! The steps of a run, one row per step and iteration, joined from the events that began and ended them.

use super::find;
use crate::{
    Scope, Store, StoreResult,
    blobs::{Values, fill},
    entity::events,
    journal::{events_after, iteration_text, parse_iteration, phase},
    text::from_word,
};
use patchbay_model::{
    Json,
    document::TRIGGER,
    event::{Event, EventKind, Iteration, RunStatus, StepError, StepStatus},
    id::RunId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement},
};
use std::collections::HashMap;

/// Bytes of large values that a page of steps carries; of the others it shows the beginning.
const LARGE_VALUES: u64 = 8 * 1024 * 1024;

/// What the steps can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepFilter {
    pub step: Option<String>,
    /// Leading loop indices; empty: all.
    pub iteration: Iteration,
    /// `running` and `waiting` both mean every step that is in flight.
    pub status: Option<StepStatus>,
}

/// One step in one iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRow {
    pub step: String,
    pub iteration: Iteration,
    pub status: StepStatus,
    /// Attempts so far.
    pub attempt: u32,
    /// When its first attempt began.
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// Of the last attempt that ended.
    pub duration_ms: Option<u64>,
    pub input: Option<Json>,
    pub output: Option<Json>,
    /// The last one; also of a step that is being tried again.
    pub error: Option<StepError>,
}

/// Part of the steps, in the order in which they began.
#[derive(Debug, Clone, PartialEq)]
pub struct StepPage {
    pub items: Vec<StepRow>,
    /// How many there are in all.
    pub total: u64,
}

pub async fn steps(
    store: &Store,
    scope: &Scope,
    id: &RunId,
    filter: &StepFilter,
    offset: u64,
    limit: u64,
) -> StoreResult<StepPage> {
    let run = find(store, scope, id).await?;
    let status: RunStatus = from_word("status", &run.status)?;
    let database = store.journal_database().read();
    // Whoever asks for one wants all of it.
    let values = if limit == 1 {
        Values::All
    } else {
        Values::Within(LARGE_VALUES)
    };
    let mut items = Vec::new();
    let leads = asks_for_trigger(filter);
    if leads && offset == 0 && limit > 0 {
        items.extend(trigger(store, run.no, values).await?);
    }
    let (offset, limit) = (
        offset.saturating_sub(u64::from(leads)),
        limit.saturating_sub(u64::try_from(items.len()).unwrap_or(0)),
    );
    let groups = groups(run.no, filter, status);
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("total"))
        .from_subquery(groups.clone(), Alias::new("steps"))
        .to_owned();
    let total: i64 = match database.query_one(&count).await? {
        Some(row) => row.try_get("", "total")?,
        None => 0,
    };
    let page = groups
        .clone()
        .order_by("first_ord", Order::Asc)
        .limit(limit)
        .offset(offset)
        .to_owned();
    let mut keys = Vec::new();
    for row in database.query_all(&page).await? {
        keys.push((
            row.try_get::<String>("", "step")?,
            row.try_get::<String>("", "iteration")?,
        ));
    }
    let mut rows = events_of(store, run.no, &keys, values).await?;
    items.extend(keys.into_iter().map(|(step, iteration)| {
        let events = rows
            .remove(&(step.clone(), iteration.clone()))
            .unwrap_or_default();
        fold(step, &iteration, &events, status)
    }));
    Ok(StepPage {
        items,
        total: u64::try_from(total).unwrap_or(0) + u64::from(leads),
    })
}

/// Whether the trigger, which comes before all steps, is among what is asked for.
fn asks_for_trigger(filter: &StepFilter) -> bool {
    let named = filter.step.as_deref().is_none_or(|step| step == TRIGGER);
    let ended = filter
        .status
        .is_none_or(|status| status == StepStatus::Succeeded);
    named && ended && filter.iteration.is_empty()
}

/// The row of the trigger: it gave what the run was started with.
async fn trigger(store: &Store, run_no: i64, values: Values) -> StoreResult<Option<StepRow>> {
    let first = events_after(store.journal_database(), run_no, 0, 1, values).await?;
    Ok(first.into_iter().find_map(|event| match event.kind {
        EventKind::RunAccepted { input } => Some(StepRow {
            step: TRIGGER.to_owned(),
            iteration: Iteration::new(),
            status: StepStatus::Succeeded,
            attempt: 1,
            started_at: Some(event.at),
            finished_at: Some(event.at),
            duration_ms: Some(0),
            input: None,
            output: Some(input),
            error: None,
        }),
        _ => None,
    }))
}

/// One row per step and iteration, from the index alone.
fn groups(run_no: i64, filter: &StepFilter, run: RunStatus) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(events::Column::Step)
        .column(events::Column::Iteration)
        .expr_as(
            Expr::col(events::Column::Ord).min(),
            Alias::new("first_ord"),
        )
        .from(events::Entity)
        .and_where(events::Column::RunNo.eq(run_no))
        // Spelt out, because a bound value would keep SQLite from using the partial index.
        .and_where(Expr::cust("phase > 0"))
        .group_by_columns([events::Column::Step, events::Column::Iteration]);
    if let Some(step) = &filter.step {
        select.and_where(events::Column::Step.eq(step.as_str()));
    }
    if !filter.iteration.is_empty() {
        let prefix = iteration_text(&filter.iteration);
        let below = events::Column::Iteration.starts_with(format!("{prefix}."));
        select.and_where(events::Column::Iteration.eq(prefix).or(below));
    }
    if let Some(status) = filter.status {
        select.and_having(
            Expr::col(events::Column::Phase)
                .max()
                .is_in(phases(status, run)),
        );
    }
    select
}

/// Where steps with this status can stand.
fn phases(status: StepStatus, run: RunStatus) -> Vec<i16> {
    let in_flight = [phase::BEGUN, phase::RETRYING];
    match status {
        StepStatus::Succeeded => vec![phase::SUCCEEDED],
        StepStatus::Skipped => vec![phase::SKIPPED],
        StepStatus::Failed if run == RunStatus::Failed => {
            [&in_flight[..], &[phase::FAILED]].concat()
        }
        StepStatus::Failed => vec![phase::FAILED],
        StepStatus::Cancelled if run.is_final() && run != RunStatus::Failed => in_flight.to_vec(),
        StepStatus::Running | StepStatus::Waiting if !run.is_final() => in_flight.to_vec(),
        StepStatus::Cancelled | StepStatus::Running | StepStatus::Waiting => Vec::new(),
    }
}

type Key = (String, String);

/// One query per step: with alternatives over several steps, SQLite would read the whole run.
async fn events_of(
    store: &Store,
    run_no: i64,
    keys: &[Key],
    values: Values,
) -> StoreResult<HashMap<Key, Vec<Event>>> {
    let mut iterations: HashMap<&str, Vec<&str>> = HashMap::new();
    for (step, iteration) in keys {
        iterations.entry(step).or_default().push(iteration);
    }
    let mut found: HashMap<Key, Vec<Event>> = HashMap::new();
    for (step, iterations) in iterations {
        let mut rows = events::Entity::find()
            .filter(events::Column::RunNo.eq(run_no))
            .filter(Expr::cust("phase > 0"))
            .filter(events::Column::Step.eq(step))
            .filter(events::Column::Iteration.is_in(iterations))
            .all(store.journal_database().read())
            .await?;
        rows.sort_by_key(|row| row.ord);
        let events = fill(store.journal_database().blobs(), &rows, values).await?;
        for (row, event) in rows.into_iter().zip(events) {
            found
                .entry((step.to_owned(), row.iteration))
                .or_default()
                .push(event);
        }
    }
    Ok(found)
}

fn fold(step: String, iteration: &str, events: &[Event], run: RunStatus) -> StepRow {
    let mut row = StepRow {
        step,
        iteration: parse_iteration(iteration),
        status: StepStatus::Running,
        attempt: 0,
        started_at: None,
        finished_at: None,
        duration_ms: None,
        input: None,
        output: None,
        error: None,
    };
    for event in events {
        match &event.kind {
            EventKind::StepStarted { attempt, input, .. } => {
                row.status = StepStatus::Running;
                row.attempt = *attempt;
                row.started_at.get_or_insert(event.at);
                row.input = Some(input.clone());
            }
            EventKind::LoopStarted { .. } => {
                row.attempt = std::cmp::max(row.attempt, 1);
                row.started_at.get_or_insert(event.at);
            }
            EventKind::StepSucceeded {
                output,
                duration_ms,
                ..
            } => {
                row.status = StepStatus::Succeeded;
                row.attempt = std::cmp::max(row.attempt, 1);
                row.started_at
                    .get_or_insert_with(|| event.at.saturating_sub_unsigned(*duration_ms));
                row.finished_at = Some(event.at);
                row.duration_ms = Some(*duration_ms);
                row.output = Some(output.clone());
                row.error = None;
            }
            EventKind::StepFailed {
                attempt,
                error,
                duration_ms,
                retry_at,
                ..
            } => {
                row.attempt = *attempt;
                row.duration_ms = Some(*duration_ms);
                row.error = Some(error.clone());
                row.status = if retry_at.is_some() {
                    StepStatus::Waiting
                } else {
                    StepStatus::Failed
                };
                row.finished_at = retry_at.is_none().then_some(event.at);
            }
            EventKind::StepWaiting { .. } => row.status = StepStatus::Waiting,
            EventKind::StepSkipped { .. } => {
                row.status = StepStatus::Skipped;
                row.finished_at = Some(event.at);
            }
            _ => {}
        }
    }
    if run.is_final() && matches!(row.status, StepStatus::Running | StepStatus::Waiting) {
        row.status = if run == RunStatus::Failed {
            StepStatus::Failed
        } else {
            StepStatus::Cancelled
        };
    }
    row
}
