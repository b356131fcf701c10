//! The journal of runs: [`patchbay_engine::port::Journal`] on SQL, with one writer that groups commits.

mod apply;
mod intake;
mod rows;
mod solo;
mod wave;
mod writer;

pub(crate) use rows::{iteration_text, parse_iteration, phase};

use crate::{
    StoreError,
    blobs::{self, Spilled, Values},
    database::Database,
    entity::{events, runs},
};
use patchbay_engine::port::{Batch, BoxFuture, Claim, Journal, JournalError, NewRun};
use patchbay_model::{event::Event, id::RunId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::{mpsc, oneshot};
use writer::{Command, Writer};

/// How many commands may wait for the writer before callers wait to hand theirs over.
const QUEUE: usize = 4096;

/// The durable record of runs.
#[derive(Debug)]
pub struct SqlJournal {
    database: Database,
    commands: mpsc::Sender<Command>,
    counter: writer::Counter,
}

impl SqlJournal {
    /// Starts the writer on the current runtime.
    pub(crate) fn new(database: Database) -> Self {
        let (commands, receiver) = mpsc::channel(QUEUE);
        let counter = writer::Counter::default();
        tokio::spawn(Writer::new(database.clone(), receiver, counter.clone()).run());
        Self {
            database,
            commands,
            counter,
        }
    }

    /// Transactions committed since the start: many runs share each one.
    pub fn transactions(&self) -> u64 {
        self.counter.get()
    }

    /// Waits until everything handed over is written, and takes nothing more.
    pub(crate) async fn finish(&self) {
        let (reply, done) = oneshot::channel();
        if self.commands.send(Command::Finish(reply)).await.is_ok() {
            // An error means that the writer has ended already.
            let _ = done.await;
        }
    }

    /// Large values are in their files before the rows that name them are written.
    async fn spill(&self, events: &[Event]) -> Result<Spilled, JournalError> {
        blobs::spill(self.database.blobs(), events)
            .await
            .map_err(|error| refused(&error))
    }

    async fn hand_over<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, JournalError>>) -> Command,
    ) -> Result<T, JournalError> {
        let (reply, answer) = oneshot::channel();
        self.commands
            .send(command(reply))
            .await
            .map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

fn closed() -> JournalError {
    JournalError::Failed("it is closed".to_owned())
}

impl Journal for SqlJournal {
    fn accept<'a>(&'a self, run: &'a NewRun) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let spilled = blobs::spill_input(self.database.blobs(), &run.input)
                .await
                .map_err(|error| refused(&error))?;
            self.hand_over(|reply| Command::Accept(Box::new(run.clone()), spilled, reply))
                .await
        })
    }

    fn claim<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Claim, JournalError>> {
        Box::pin(self.hand_over(|reply| Command::Claim(run.clone(), reply)))
    }

    fn append<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let spilled = self.spill(&batch.events).await?;
            self.hand_over(|reply| Command::Append(Box::new(batch), spilled, reply))
                .await
        })
    }

    fn events<'a>(
        &'a self,
        run: &'a RunId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Event>, JournalError>> {
        Box::pin(async move {
            let row = runs::Entity::find()
                .filter(runs::Column::Id.eq(run.as_str()))
                .one(self.database.read())
                .await
                .map_err(refusal)?;
            let no = row.ok_or_else(|| JournalError::NotFound(run.clone()))?.no;
            events_after(&self.database, no, after, limit, Values::All)
                .await
                .map_err(|error| refused(&error))
        })
    }

    fn unfinished<'a>(&'a self) -> BoxFuture<'a, Result<Vec<RunId>, JournalError>> {
        Box::pin(async move {
            let ids = runs::Entity::find()
                .filter(runs::Column::FinishedAt.is_null())
                .order_by_asc(runs::Column::Id)
                .select_only()
                .column(runs::Column::Id)
                .into_tuple::<String>()
                .all(self.database.read())
                .await
                .map_err(refusal)?;
            Ok(ids.into_iter().map(RunId::from).collect())
        })
    }
}

/// Events of a run with `ord > after`, in order.
pub(crate) async fn events_after(
    database: &Database,
    run_no: i64,
    after: u64,
    limit: usize,
    values: Values,
) -> Result<Vec<Event>, StoreError> {
    let rows = events::Entity::find()
        .filter(events::Column::RunNo.eq(run_no))
        .filter(events::Column::Ord.gt(i64::try_from(after).unwrap_or(i64::MAX)))
        .order_by_asc(events::Column::Ord)
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .all(database.read())
        .await?;
    blobs::fill(database.blobs(), &rows, values).await
}

/// The engine's view of a store error.
fn refused(error: &StoreError) -> JournalError {
    match error {
        StoreError::Full => JournalError::Full,
        other => JournalError::Failed(match other.detail() {
            Some(detail) => format!("{other}: {detail}"),
            None => other.to_string(),
        }),
    }
}

fn refusal(error: sea_orm::DbErr) -> JournalError {
    refused(&error.into())
}
