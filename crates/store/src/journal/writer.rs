//! The one writer: takes whatever is queued and commits it together, so that many runs share one flush to disk.

use super::{
    apply::{Applied, Group},
    refused, solo,
};
use crate::{StoreError, StoreResult, blobs::Spilled, database::Database};
use patchbay_engine::port::{Batch, Claim, JournalError, NewRun};
use patchbay_model::id::RunId;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::{mpsc, oneshot};

/// The most commands in one transaction.
const GROUP: usize = 256;

/// Groups between two looks at how large the write-ahead log has become.
const GROUPS_PER_LOOK: u64 = 64;

type Reply<T> = oneshot::Sender<Result<T, JournalError>>;

/// What the journal is asked to write.
pub(super) enum Command {
    Accept(Box<NewRun>, Spilled, Reply<()>),
    Claim(RunId, Reply<Claim>),
    Append(Box<Batch>, Spilled, Reply<()>),
    /// Ends the writer when everything before it is written.
    Finish(oneshot::Sender<()>),
}

/// Counts transactions.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter(Arc<AtomicU64>);

impl Counter {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(super) struct Writer {
    database: Database,
    commands: mpsc::Receiver<Command>,
    counter: Counter,
}

impl Writer {
    pub(super) fn new(
        database: Database,
        commands: mpsc::Receiver<Command>,
        counter: Counter,
    ) -> Self {
        Self {
            database,
            commands,
            counter,
        }
    }

    pub(super) async fn run(mut self) {
        let mut queued = Vec::with_capacity(GROUP);
        let mut finished = Vec::new();
        let mut groups = 0_u64;
        while self.commands.recv_many(&mut queued, GROUP).await > 0 {
            let mut group = Vec::with_capacity(queued.len());
            for command in queued.drain(..) {
                match command {
                    Command::Finish(reply) => {
                        finished.push(reply);
                        // What is queued already is still handed out; nothing new gets in.
                        self.commands.close();
                    }
                    command => group.push(command),
                }
            }
            self.write(group).await;
            groups += 1;
            if groups.is_multiple_of(GROUPS_PER_LOOK)
                && let Err(error) = self.database.cap_log().await
            {
                tracing::warn!(error = %error, "the write-ahead log could not be started over");
            }
        }
        for reply in finished {
            let _ = reply.send(());
        }
    }

    async fn write(&self, group: Vec<Command>) {
        if group.is_empty() {
            return;
        }
        match self.commit(&group).await {
            Ok(applied) => group
                .into_iter()
                .zip(applied)
                .for_each(|(command, applied)| answer(command, applied)),
            // One that cannot be written must not keep the others from it.
            Err(error)
                if group.len() > 1
                    && !matches!(error, StoreError::Full | StoreError::Unavailable { .. }) =>
            {
                for command in group {
                    let applied = self
                        .commit(std::slice::from_ref(&command))
                        .await
                        .map(|mut applied| applied.pop());
                    match applied {
                        Ok(Some(applied)) => answer(command, applied),
                        Ok(None) => answer(command, Applied::Refused(super::closed())),
                        Err(error) => answer(command, Applied::Refused(refused(&error))),
                    }
                }
            }
            Err(error) => {
                tracing::error!(error = %error, detail = error.detail(), "the journal could not be written");
                group
                    .into_iter()
                    .for_each(|command| answer(command, Applied::Refused(refused(&error))));
            }
        }
    }

    /// All of them in one transaction, with what became of each.
    async fn commit(&self, commands: &[Command]) -> StoreResult<Vec<Applied>> {
        if let [Command::Append(batch, spilled, _)] = commands
            && spilled.is_empty()
            && solo::write(&self.database, batch).await?
        {
            self.counter.0.fetch_add(1, Ordering::Relaxed);
            return Ok(vec![Applied::Done]);
        }
        let transaction = self.database.begin().await?;
        let mut group = Group::new(&transaction);
        let mut applied = Vec::with_capacity(commands.len());
        for (index, command) in commands.iter().enumerate() {
            applied.push(match command {
                Command::Accept(run, spilled, _) => {
                    group.spilled(index, spilled);
                    group.accept(index, run);
                    Applied::Done
                }
                Command::Claim(run, _) => group.claim(run).await?,
                Command::Append(batch, spilled, _) => {
                    group.spilled(index, spilled);
                    group.append(index, batch).await?;
                    Applied::Done
                }
                Command::Finish(_) => Applied::Done,
            });
        }
        for (index, outcome) in group.finish().await? {
            if let Some(place) = applied.get_mut(index) {
                *place = outcome;
            }
        }
        transaction.commit().await?;
        self.counter.0.fetch_add(1, Ordering::Relaxed);
        Ok(applied)
    }
}

/// Tells the caller; one who has gone away does not want to know.
fn answer(command: Command, applied: Applied) {
    match (command, applied) {
        (Command::Accept(_, _, reply) | Command::Append(_, _, reply), applied) => {
            let _ = reply.send(match applied {
                Applied::Refused(error) => Err(error),
                Applied::Done | Applied::Claimed(_) => Ok(()),
            });
        }
        (Command::Claim(_, reply), applied) => {
            let _ = reply.send(match applied {
                Applied::Claimed(claim) => Ok(*claim),
                Applied::Refused(error) => Err(error),
                Applied::Done => Err(super::closed()),
            });
        }
        (Command::Finish(reply), _) => {
            let _ = reply.send(());
        }
    }
}
