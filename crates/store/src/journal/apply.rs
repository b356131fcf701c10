//! What each command does inside the writer's transaction. A refused one leaves no trace in it.

use super::{
    intake::{self, Intake},
    rows::columns,
    wave::{Wave, Written, signed, statement_size},
};
use crate::{
    StoreError, StoreResult,
    blobs::Spilled,
    entity::{events, frontiers, plans, run_blobs, runs},
    text::{from_json, to_json},
};
use patchbay_engine::port::{Batch, Claim, JournalError, NewRun};
use patchbay_model::{
    event::{Event, EventKind},
    id::RunId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict, Query, Value},
};
use std::collections::HashMap;

/// What became of a command.
pub(super) enum Applied {
    Done,
    Claimed(Box<Claim>),
    Refused(JournalError),
}

/// The commands of one transaction. What can be written together is collected and written at its end.
pub(super) struct Group<'a> {
    transaction: &'a DatabaseTransaction,
    wave: Wave<'a>,
    outcomes: HashMap<usize, Applied>,
    rows: Vec<[Value; 8]>,
    accepted: Vec<(usize, &'a NewRun)>,
    /// The large values of a command's events, by its index.
    spilled: HashMap<usize, &'a Spilled>,
    /// Run number, hash and bytes of large values.
    blobs: Vec<(i64, String, i64)>,
    /// By run number; a later checkpoint takes the place of an earlier one.
    frontiers: HashMap<i64, (i64, String)>,
}

impl<'a> Group<'a> {
    pub(super) fn new(transaction: &'a DatabaseTransaction) -> Self {
        Self {
            transaction,
            wave: Wave::default(),
            outcomes: HashMap::new(),
            rows: Vec::new(),
            accepted: Vec::new(),
            spilled: HashMap::new(),
            blobs: Vec::new(),
            frontiers: HashMap::new(),
        }
    }

    /// Says which values of a command stand in files.
    pub(super) fn spilled(&mut self, index: usize, spilled: &'a Spilled) {
        if !spilled.is_empty() {
            self.spilled.insert(index, spilled);
        }
    }

    /// Takes a run in; all new runs are written together at the end, when nothing else can be about them.
    pub(super) fn accept(&mut self, index: usize, run: &'a NewRun) {
        self.accepted.push((index, run));
    }

    /// The runs taken in, their plans unless equal ones are there, and their first events.
    async fn write_accepted(&mut self) -> StoreResult<()> {
        let accepted = std::mem::take(&mut self.accepted);
        let Intake { admitted, refused } = intake::admit(self.transaction, accepted).await?;
        for (index, error) in refused {
            self.outcomes.insert(index, Applied::Refused(error));
        }
        let numbers = intake::write(self.transaction, &admitted).await?;
        for (index, run) in admitted {
            let no = numbers
                .get(run.id.as_str())
                .ok_or_else(|| StoreError::failed("the new run has no number"))?;
            let kind = EventKind::RunAccepted {
                input: run.input.clone(),
            };
            self.push(
                index,
                *no,
                &Event {
                    ord: 1,
                    at: run.accepted_at,
                    kind,
                },
            )?;
            self.outcomes.insert(index, Applied::Done);
        }
        Ok(())
    }

    /// Raises the epoch and gives what the new owner needs to go on.
    pub(super) async fn claim(&mut self, id: &RunId) -> StoreResult<Applied> {
        if self.wave.contains(id) {
            self.flush().await?;
        }
        // A checkpoint taken in just before is the one to give.
        self.write_frontiers().await?;
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
            last_run_at: run.last_run_at,
            frontier,
        })))
    }

    /// Takes a batch in; it is applied together with those of other runs, before anything else happens to this run.
    pub(super) async fn append(&mut self, index: usize, batch: &'a Batch) -> StoreResult<()> {
        if self.wave.contains(&batch.run) {
            self.flush().await?;
        }
        self.wave.push(index, batch);
        Ok(())
    }

    /// Sets the headers of the batches taken in, where the epoch is still the writer's and no event is missing.
    async fn flush(&mut self) -> StoreResult<()> {
        let wave = std::mem::take(&mut self.wave);
        let written = wave.update(self.transaction).await?;
        let succeeded: Vec<i64> = wave
            .succeeded()
            .filter_map(|run| written.get(run.as_str()))
            .filter(|written| written.origin > 0)
            .map(|written| written.no)
            .collect();
        intake::succeeded(self.transaction, &succeeded).await?;
        for (index, batch) in wave.into_batches() {
            let Some(Written { no, .. }) = written.get(batch.run.as_str()) else {
                let refusal = self
                    .refusal(&batch.run, batch.epoch, batch.events.first())
                    .await?;
                self.outcomes.insert(index, Applied::Refused(refusal));
                continue;
            };
            for event in &batch.events {
                self.push(index, *no, event)?;
            }
            if let (Some(state), Some(last)) = (&batch.frontier, batch.events.last()) {
                self.frontiers
                    .insert(*no, (signed(last.ord), to_json(state)?));
            }
            self.outcomes.insert(index, Applied::Done);
        }
        Ok(())
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

    fn push(&mut self, index: usize, run_no: i64, event: &Event) -> StoreResult<()> {
        let spill = self
            .spilled
            .get(&index)
            .and_then(|spilled| spilled.get(&event.ord));
        let payload = match spill {
            Some(spill) => {
                self.blobs.push((run_no, spill.hash.clone(), spill.bytes));
                spill.payload.clone()
            }
            None => to_json(&event.kind)?,
        };
        let [ord, kind, phase, step, iteration, at, payload] = columns(event, payload);
        self.rows.push([
            run_no.into(),
            ord,
            kind,
            phase,
            step,
            iteration,
            at,
            payload,
        ]);
        Ok(())
    }

    /// Writes what was taken in, and says what became of each append by its index.
    pub(super) async fn finish(mut self) -> StoreResult<HashMap<usize, Applied>> {
        self.write_accepted().await?;
        self.flush().await?;
        self.write_frontiers().await?;
        self.write_blobs().await?;
        let mut rows = self.rows.into_iter();
        while !rows.as_slice().is_empty() {
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
            let size = statement_size(rows.len());
            for row in rows.by_ref().take(size) {
                insert.values_panic(row.map(Expr::value));
            }
            self.transaction.execute(&insert).await?;
        }
        Ok(self.outcomes)
    }

    async fn write_blobs(&mut self) -> StoreResult<()> {
        for (no, hash, bytes) in std::mem::take(&mut self.blobs) {
            let mut insert = Query::insert();
            insert
                .into_table(run_blobs::Entity)
                .columns([
                    run_blobs::Column::RunNo,
                    run_blobs::Column::Hash,
                    run_blobs::Column::Bytes,
                ])
                .values_panic([no.into(), hash.into(), bytes.into()])
                .on_conflict(
                    OnConflict::columns([run_blobs::Column::RunNo, run_blobs::Column::Hash])
                        .do_nothing()
                        .to_owned(),
                );
            self.transaction.execute(&insert).await?;
        }
        Ok(())
    }

    async fn write_frontiers(&mut self) -> StoreResult<()> {
        let frontiers = std::mem::take(&mut self.frontiers);
        let mut rows = frontiers.into_iter().collect::<Vec<_>>().into_iter();
        while !rows.as_slice().is_empty() {
            let mut upsert = Query::insert();
            upsert
                .into_table(frontiers::Entity)
                .columns([
                    frontiers::Column::RunNo,
                    frontiers::Column::Ord,
                    frontiers::Column::State,
                ])
                .on_conflict(
                    OnConflict::column(frontiers::Column::RunNo)
                        .update_columns([frontiers::Column::Ord, frontiers::Column::State])
                        .to_owned(),
                );
            let size = statement_size(rows.len());
            for (no, (ord, state)) in rows.by_ref().take(size) {
                upsert.values_panic([no.into(), ord.into(), state.into()]);
            }
            self.transaction.execute(&upsert).await?;
        }
        Ok(())
    }
}
