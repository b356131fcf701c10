//! New runs: which of them may begin, the rows they become, and what the success of one means to its workflow.

use super::wave::{signed, statement_size};
use crate::{
    StoreResult,
    entity::{deliveries, firings, last_runs, plans, runs, triggers},
    text::to_json,
};
use patchbay_engine::port::{FIRST_EPOCH, Firing, JournalError, NewRun};
use patchbay_model::event::RunStatus;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, OnConflict, Query, Value},
};
use std::collections::{HashMap, HashSet};

/// What the success of a run means to its workflow, as it stands in a column.
pub(crate) mod origin {
    /// Nothing: a test, a replay.
    pub(crate) const NONE: i16 = 0;
    /// It is the workflow's last run.
    pub(crate) const COUNTS: i16 = 1;
    /// It also moves the polling window.
    pub(crate) const MOVES_WINDOW: i16 = 2;
}

/// New runs by their places among the commands.
pub(super) struct Intake<'a> {
    pub(super) admitted: Vec<(usize, &'a NewRun)>,
    pub(super) refused: Vec<(usize, JournalError)>,
}

/// Writes down deliveries and firings; what is there already is refused.
pub(super) async fn admit<'a>(
    transaction: &DatabaseTransaction,
    runs: Vec<(usize, &'a NewRun)>,
) -> StoreResult<Intake<'a>> {
    let mut intake = Intake {
        admitted: Vec::with_capacity(runs.len()),
        refused: Vec::new(),
    };
    let delivered: Vec<(&NewRun, &str)> = runs
        .iter()
        .filter_map(|(_, run)| Some((*run, run.origin.delivery.as_deref()?)))
        .collect();
    let fresh = deliver(transaction, &delivered).await?;
    for (index, run) in runs {
        let known = match (&run.origin.delivery, &run.origin.firing) {
            (Some(delivery), _) if !fresh.contains(run.id.as_str()) => {
                earlier_delivery(transaction, run, delivery).await?
            }
            (_, Some(firing)) => fire(transaction, run, firing).await?,
            _ => None,
        };
        match known {
            None => intake.admitted.push((index, run)),
            Some(earlier) => {
                let refusal = JournalError::Duplicate(earlier.into());
                intake.refused.push((index, refusal));
            }
        }
    }
    Ok(intake)
}

/// The runs whose deliveries were not there yet.
async fn deliver(
    transaction: &DatabaseTransaction,
    delivered: &[(&NewRun, &str)],
) -> StoreResult<HashSet<String>> {
    let mut fresh = HashSet::new();
    let mut left = delivered;
    while !left.is_empty() {
        let (now, later) = left.split_at(statement_size(left.len()));
        left = later;
        let mut insert = Query::insert();
        insert
            .into_table(deliveries::Entity)
            .columns([
                deliveries::Column::WorkflowId,
                deliveries::Column::DeliveryId,
                deliveries::Column::RunId,
                deliveries::Column::At,
            ])
            .on_conflict(
                OnConflict::columns([
                    deliveries::Column::WorkflowId,
                    deliveries::Column::DeliveryId,
                ])
                .do_nothing()
                .to_owned(),
            )
            .returning_col(deliveries::Column::RunId);
        for (run, delivery) in now {
            insert.values_panic([
                run.workflow.as_str().into(),
                (*delivery).into(),
                run.id.as_str().into(),
                run.accepted_at.into(),
            ]);
        }
        for row in transaction.query_all(&insert).await? {
            fresh.insert(row.try_get("", "run_id")?);
        }
    }
    Ok(fresh)
}

async fn earlier_delivery(
    transaction: &DatabaseTransaction,
    run: &NewRun,
    delivery: &str,
) -> StoreResult<Option<String>> {
    let row = deliveries::Entity::find_by_id((run.workflow.to_string(), delivery.to_owned()))
        .one(transaction)
        .await?;
    // The same command may be written again, alone, after the group that it was in failed.
    Ok(row
        .map(|row| row.run_id)
        .filter(|earlier| earlier != run.id.as_str()))
}

/// Claims a nominal time and moves the schedule on; gives the run that has it already.
async fn fire(
    transaction: &DatabaseTransaction,
    run: &NewRun,
    firing: &Firing,
) -> StoreResult<Option<String>> {
    let key = (run.workflow.to_string(), firing.nominal);
    let earlier = firings::Entity::find_by_id(key).one(transaction).await?;
    let next = Query::update()
        .table(triggers::Entity)
        .value(triggers::Column::NextAt, firing.next)
        .and_where(triggers::Column::WorkflowId.eq(run.workflow.as_str()))
        .and_where(triggers::Column::NextAt.lte(firing.nominal))
        .to_owned();
    transaction.execute(&next).await?;
    if let Some(earlier) = earlier {
        return Ok(Some(earlier.run_id));
    }
    let insert = Query::insert()
        .into_table(firings::Entity)
        .columns([
            firings::Column::WorkflowId,
            firings::Column::Nominal,
            firings::Column::RunId,
            firings::Column::Until,
        ])
        .values_panic([
            run.workflow.as_str().into(),
            firing.nominal.into(),
            run.id.as_str().into(),
            firing.until.into(),
        ])
        .to_owned();
    transaction.execute(&insert).await?;
    let mark = Query::update()
        .table(triggers::Entity)
        .value(triggers::Column::LastFiredAt, run.accepted_at)
        .value(triggers::Column::LastRunId, run.id.as_str())
        .and_where(triggers::Column::WorkflowId.eq(run.workflow.as_str()))
        .to_owned();
    transaction.execute(&mark).await?;
    Ok(None)
}

/// Writes the runs and their plans; gives the runs' numbers by their ids.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    admitted: &[(usize, &NewRun)],
) -> StoreResult<HashMap<String, i64>> {
    let mut written = HashSet::new();
    for (_, run) in admitted {
        if written.insert(run.plan_hash.as_str()) {
            plan(transaction, run).await?;
        }
    }
    let mut numbers = HashMap::new();
    let mut left = admitted;
    while !left.is_empty() {
        let (now, later) = left.split_at(statement_size(left.len()));
        left = later;
        let mut insert = Query::insert();
        insert
            .into_table(runs::Entity)
            .columns([
                runs::Column::Id,
                runs::Column::OrganisationId,
                runs::Column::WorkflowId,
                runs::Column::Revision,
                runs::Column::Cause,
                runs::Column::PersonId,
                runs::Column::PlanHash,
                runs::Column::Epoch,
                runs::Column::Status,
                runs::Column::AcceptedAt,
                runs::Column::StepsDone,
                runs::Column::LastOrd,
                runs::Column::LastRunAt,
                runs::Column::Origin,
            ])
            .returning(Query::returning().columns([runs::Column::Id, runs::Column::No]));
        for (_, run) in now {
            insert.values_panic(row(run).map(Expr::value));
        }
        for row in transaction.query_all(&insert).await? {
            numbers.insert(row.try_get("", "id")?, row.try_get("", "no")?);
        }
    }
    Ok(numbers)
}

async fn plan(transaction: &DatabaseTransaction, run: &NewRun) -> StoreResult<()> {
    let insert = Query::insert()
        .into_table(plans::Entity)
        .columns([plans::Column::Hash, plans::Column::Plan])
        .values_panic([run.plan_hash.as_str().into(), to_json(&run.plan)?.into()])
        .on_conflict(
            OnConflict::column(plans::Column::Hash)
                .do_nothing()
                .to_owned(),
        )
        .to_owned();
    transaction.execute(&insert).await?;
    Ok(())
}

fn row(run: &NewRun) -> [Value; 14] {
    let window = run.origin.firing.as_ref().and_then(|firing| firing.until);
    let origin = match (run.origin.counts, window) {
        (false, _) => origin::NONE,
        (true, None) => origin::COUNTS,
        (true, Some(_)) => origin::MOVES_WINDOW,
    };
    [
        run.id.as_str().into(),
        run.organisation.as_str().into(),
        run.workflow.as_str().into(),
        run.revision.into(),
        run.cause.as_str().into(),
        run.person.as_ref().map(|person| person.to_string()).into(),
        run.plan_hash.as_str().into(),
        signed(FIRST_EPOCH).into(),
        RunStatus::Queued.as_str().into(),
        run.accepted_at.into(),
        0_i64.into(),
        1_i64.into(),
        run.origin.last_run_at.into(),
        origin.into(),
    ]
}

/// Runs that count have ended well: they are their workflows' last ones, and polling windows move on.
pub(super) async fn succeeded(transaction: &DatabaseTransaction, runs: &[i64]) -> StoreResult<()> {
    if runs.is_empty() {
        return Ok(());
    }
    let ended = runs::Entity::find()
        .filter(runs::Column::No.is_in(runs.iter().copied()))
        .all(transaction)
        .await?;
    let mut began: HashMap<&str, i64> = HashMap::new();
    for run in &ended {
        let at = run.started_at.unwrap_or(run.accepted_at);
        let latest = began.entry(run.workflow_id.as_str()).or_insert(at);
        *latest = Ord::max(at, *latest);
    }
    let mut marks = Query::insert();
    marks
        .into_table(last_runs::Entity)
        .columns([last_runs::Column::WorkflowId, last_runs::Column::At])
        .on_conflict(
            OnConflict::column(last_runs::Column::WorkflowId)
                .value(last_runs::Column::At, later())
                .to_owned(),
        );
    for (workflow, at) in began {
        marks.values_panic([workflow.into(), at.into()]);
    }
    transaction.execute(&marks).await?;
    for run in ended
        .iter()
        .filter(|run| run.origin == origin::MOVES_WINDOW)
    {
        move_window(transaction, run).await?;
    }
    Ok(())
}

/// The later one of what is there and what was to be inserted.
fn later() -> sea_orm::sea_query::SimpleExpr {
    let there = || Expr::col((last_runs::Entity, last_runs::Column::At));
    let given = || Expr::col(("excluded", last_runs::Column::At));
    Expr::case(given().gt(there()), given())
        .finally(there())
        .into()
}

async fn move_window(transaction: &DatabaseTransaction, run: &runs::Model) -> StoreResult<()> {
    let until = firings::Entity::find()
        .filter(firings::Column::WorkflowId.eq(run.workflow_id.as_str()))
        .filter(firings::Column::RunId.eq(run.id.as_str()))
        .select_only()
        .column(firings::Column::Until)
        .into_tuple::<Option<i64>>()
        .one(transaction)
        .await?
        .flatten();
    let Some(until) = until else { return Ok(()) };
    let since = Query::update()
        .table(triggers::Entity)
        .value(triggers::Column::Since, until)
        .and_where(triggers::Column::WorkflowId.eq(run.workflow_id.as_str()))
        .and_where(
            Func::coalesce([Expr::col(triggers::Column::Since), Expr::value(i64::MIN)])
                .to_owned()
                .lt(until),
        )
        .to_owned();
    transaction.execute(&since).await?;
    Ok(())
}
