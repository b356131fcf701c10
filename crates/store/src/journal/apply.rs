//! What each command does inside the writer's transaction. A refused one leaves no trace in it.

use super::rows::{iteration_text, keys};
use crate::{
    StoreError, StoreResult,
    entity::{events, frontiers, plans, runs},
    text::{from_json, to_json},
};
use patchbay_engine::port::{Batch, Claim, JournalError, NewRun};
use patchbay_model::{
    event::{Event, EventKind, RunStatus},
    id::RunId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query, Value},
};

/// Rows per statement: few sizes, so that the prepared ones are found again.
const SIZES: [usize; 3] = [64, 8, 1];

/// What became of a command.
pub(super) enum Applied {
    Done,
    Claimed(Box<Claim>),
    Refused(JournalError),
}

/// The commands of one transaction; their events are written together at its end.
pub(super) struct Group<'a> {
    transaction: &'a DatabaseTransaction,
    rows: Vec<[Value; 8]>,
}

impl<'a> Group<'a> {
    pub(super) fn new(transaction: &'a DatabaseTransaction) -> Self {
        Self {
            transaction,
            rows: Vec::new(),
        }
    }

    /// The run, its plan unless an equal one is there, and its first event.
    pub(super) async fn accept(&mut self, run: &NewRun) -> StoreResult<Applied> {
        let plan = Query::insert()
            .into_table(plans::Entity)
            .columns([plans::Column::Hash, plans::Column::Plan])
            .values_panic([run.plan_hash.as_str().into(), to_json(&run.plan)?.into()])
            .on_conflict(
                OnConflict::column(plans::Column::Hash)
                    .do_nothing()
                    .to_owned(),
            )
            .to_owned();
        self.transaction.execute(&plan).await?;
        let insert = Query::insert()
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
            ])
            .values_panic([
                run.id.as_str().into(),
                run.organisation.as_str().into(),
                run.workflow.as_str().into(),
                run.revision.into(),
                run.cause.as_str().into(),
                run.person.as_ref().map(|person| person.to_string()).into(),
                run.plan_hash.as_str().into(),
                0_i64.into(),
                RunStatus::Queued.as_str().into(),
                run.accepted_at.into(),
                0_i64.into(),
                1_i64.into(),
            ])
            .returning_col(runs::Column::No)
            .to_owned();
        let row = self.transaction.query_one(&insert).await?;
        let no: i64 = row
            .ok_or_else(|| StoreError::failed("the new run has no number"))?
            .try_get("", "no")?;
        let kind = EventKind::RunAccepted {
            input: run.input.clone(),
        };
        self.push(
            no,
            &Event {
                ord: 1,
                at: run.accepted_at,
                kind,
            },
        )?;
        Ok(Applied::Done)
    }

    /// Raises the epoch and gives what the new owner needs to go on.
    pub(super) async fn claim(&mut self, id: &RunId) -> StoreResult<Applied> {
        let raise = Query::update()
            .table(runs::Entity)
            .value(runs::Column::Epoch, Expr::col(runs::Column::Epoch).add(1))
            .and_where(runs::Column::Id.eq(id.as_str()))
            .returning_col(runs::Column::No)
            .to_owned();
        if self.transaction.query_one(&raise).await?.is_none() {
            return Ok(Applied::Refused(JournalError::NotFound(id.clone())));
        }
        let gone = || StoreError::corrupt("run", format!("{id} has lost its row or its plan"));
        let run = runs::Entity::find()
            .filter(runs::Column::Id.eq(id.as_str()))
            .one(self.transaction)
            .await?
            .ok_or_else(gone)?;
        let plan = plans::Entity::find_by_id(run.plan_hash)
            .one(self.transaction)
            .await?
            .ok_or_else(gone)?;
        let frontier = frontiers::Entity::find_by_id(run.no)
            .one(self.transaction)
            .await?;
        let frontier = frontier
            .map(|row| {
                Ok::<_, StoreError>((
                    u64::try_from(row.ord).unwrap_or(0),
                    from_json("checkpoint", &row.state)?,
                ))
            })
            .transpose()?;
        Ok(Applied::Claimed(Box::new(Claim {
            run: id.clone(),
            organisation: run.organisation_id.into(),
            workflow: run.workflow_id.into(),
            revision: run.revision,
            person: run.person_id.map(Into::into),
            epoch: u64::try_from(run.epoch).unwrap_or(0),
            plan: from_json("plan", &plan.plan)?,
            frontier,
        })))
    }

    /// Sets the header if the epoch is still the writer's and no event is missing, and takes the events in.
    pub(super) async fn append(&mut self, batch: &Batch) -> StoreResult<Applied> {
        let Batch {
            run,
            epoch,
            events,
            header,
            frontier,
        } = batch;
        if let Some(pair) = events
            .windows(2)
            .find(|pair| pair[1].ord != pair[0].ord + 1)
        {
            let gap = format!(
                "event {} of {run} is followed by {}",
                pair[0].ord, pair[1].ord
            );
            return Ok(Applied::Refused(JournalError::Failed(gap)));
        }
        let last = events.last();
        // The list of unfinished runs goes by this column.
        let finished_at = header.finished_at.or_else(|| {
            last.filter(|_| header.status.is_final())
                .map(|event| event.at)
        });
        let error = header.error.as_ref().map(to_json).transpose()?;
        let mut update = Query::update();
        update
            .table(runs::Entity)
            .value(runs::Column::Status, header.status.as_str())
            .value(runs::Column::StartedAt, header.started_at)
            .value(runs::Column::FinishedAt, finished_at)
            .value(
                runs::Column::StepsDone,
                i64::try_from(header.steps_done).unwrap_or(i64::MAX),
            )
            .value(runs::Column::Error, error)
            .and_where(runs::Column::Id.eq(run.as_str()))
            .and_where(runs::Column::Epoch.eq(i64::try_from(*epoch).unwrap_or(i64::MAX)))
            .returning_col(runs::Column::No);
        if let (Some(first), Some(last)) = (events.first(), last) {
            let before = i64::try_from(first.ord)
                .unwrap_or(i64::MAX)
                .saturating_sub(1);
            update
                .value(
                    runs::Column::LastOrd,
                    i64::try_from(last.ord).unwrap_or(i64::MAX),
                )
                .and_where(runs::Column::LastOrd.eq(before));
        }
        let Some(row) = self.transaction.query_one(&update).await? else {
            return self
                .refusal(run, *epoch, events.first())
                .await
                .map(Applied::Refused);
        };
        let no: i64 = row.try_get("", "no")?;
        for event in events {
            self.push(no, event)?;
        }
        if let (Some(state), Some(last)) = (frontier, last) {
            let upsert = Query::insert()
                .into_table(frontiers::Entity)
                .columns([
                    frontiers::Column::RunNo,
                    frontiers::Column::Ord,
                    frontiers::Column::State,
                ])
                .values_panic([
                    no.into(),
                    i64::try_from(last.ord).unwrap_or(i64::MAX).into(),
                    to_json(state)?.into(),
                ])
                .on_conflict(
                    OnConflict::column(frontiers::Column::RunNo)
                        .update_columns([frontiers::Column::Ord, frontiers::Column::State])
                        .to_owned(),
                )
                .to_owned();
            self.transaction.execute(&upsert).await?;
        }
        Ok(Applied::Done)
    }

    /// Why no row was updated.
    async fn refusal(
        &self,
        id: &RunId,
        epoch: u64,
        first: Option<&Event>,
    ) -> StoreResult<JournalError> {
        let run = runs::Entity::find()
            .filter(runs::Column::Id.eq(id.as_str()))
            .one(self.transaction)
            .await?;
        Ok(match run {
            None => JournalError::NotFound(id.clone()),
            Some(run) if u64::try_from(run.epoch) != Ok(epoch) => JournalError::Fenced(id.clone()),
            Some(run) => {
                let first = first.map_or(0, |event| event.ord);
                JournalError::Failed(format!(
                    "{id} has {} events; the next one cannot be number {first}",
                    run.last_ord
                ))
            }
        })
    }

    fn push(&mut self, run_no: i64, event: &Event) -> StoreResult<()> {
        let keys = keys(&event.kind);
        self.rows.push([
            run_no.into(),
            i64::try_from(event.ord).unwrap_or(i64::MAX).into(),
            keys.kind.into(),
            keys.phase.into(),
            keys.step.into(),
            iteration_text(keys.iteration).into(),
            event.at.into(),
            to_json(&event.kind)?.into(),
        ]);
        Ok(())
    }

    /// Writes the events of all commands.
    pub(super) async fn write_events(self) -> StoreResult<()> {
        let mut rows = self.rows.into_iter();
        while !rows.as_slice().is_empty() {
            let size = SIZES
                .into_iter()
                .find(|size| *size <= rows.len())
                .unwrap_or(1);
            let mut insert = Query::insert();
            insert.into_table(events::Entity).columns([
                events::Column::RunNo,
                events::Column::Ord,
                events::Column::Kind,
                events::Column::Phase,
                events::Column::Step,
                events::Column::Iteration,
                events::Column::At,
                events::Column::Payload,
            ]);
            for row in rows.by_ref().take(size) {
                insert.values_panic(row.map(Expr::value));
            }
            self.transaction.execute(&insert).await?;
        }
        Ok(())
    }
}
