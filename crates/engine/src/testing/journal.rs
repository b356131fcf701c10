//! A journal in memory, with the troubles of a real one.

use crate::port::{Batch, BoxFuture, Claim, FIRST_EPOCH, Header, Journal, JournalError, NewRun};
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunStatus},
    id::RunId,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// A journal in memory. Clones share the record, as processes share a disk.
#[derive(Clone)]
pub struct MemoryJournal {
    record: Arc<Mutex<BTreeMap<RunId, Record>>>,
    life: Arc<Life>,
}

/// What belongs to one process.
struct Life {
    /// Appends that still succeed; then the process is as good as dead.
    left: Mutex<Option<usize>>,
    refuse: Mutex<Vec<JournalError>>,
    dead: watch::Sender<bool>,
}

/// All that is kept of a run.
#[derive(Debug, Clone)]
struct Record {
    run: NewRun,
    epoch: u64,
    events: Vec<Event>,
    header: Header,
    frontier: Option<(u64, Json)>,
    batches: Vec<usize>,
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self {
            record: Arc::default(),
            life: Arc::new(Life::new(None)),
        }
    }
}

impl Life {
    fn new(left: Option<usize>) -> Self {
        Self {
            left: Mutex::new(left),
            refuse: Mutex::default(),
            dead: watch::channel(false).0,
        }
    }
}

impl MemoryJournal {
    /// The same record in the hands of another process.
    pub fn next_process(&self) -> Self {
        Self {
            record: Arc::clone(&self.record),
            life: Arc::new(Life::new(None)),
        }
    }

    /// The same record in the hands of a process that dies after `appends` more appends:
    /// the next one never comes back.
    pub fn dying_after(&self, appends: usize) -> Self {
        Self {
            record: Arc::clone(&self.record),
            life: Arc::new(Life::new(Some(appends))),
        }
    }

    /// Completes when the process has tried to append once too often.
    pub async fn died(&self) {
        let mut dead = self.life.dead.subscribe();
        let _ = dead.wait_for(|dead| *dead).await;
    }

    /// The next appends fail like this, the last one first.
    pub fn refuse(&self, errors: Vec<JournalError>) {
        *lock(&self.life.refuse) = errors;
    }

    /// All events of a run.
    pub fn all_events(&self, run: &RunId) -> Vec<Event> {
        lock(&self.record)
            .get(run)
            .map(|record| record.events.clone())
            .unwrap_or_default()
    }

    /// What the list of runs shows.
    pub fn header(&self, run: &RunId) -> Option<Header> {
        lock(&self.record)
            .get(run)
            .map(|record| record.header.clone())
    }

    /// How many events each append brought.
    pub fn batches(&self, run: &RunId) -> Vec<usize> {
        lock(&self.record)
            .get(run)
            .map(|record| record.batches.clone())
            .unwrap_or_default()
    }

    /// The last checkpoint.
    pub fn frontier(&self, run: &RunId) -> Option<(u64, Json)> {
        lock(&self.record)
            .get(run)
            .and_then(|record| record.frontier.clone())
    }

    /// Replaces the last checkpoint.
    pub fn set_frontier(&self, run: &RunId, ord: u64, frontier: Json) {
        if let Some(record) = lock(&self.record).get_mut(run) {
            record.frontier = Some((ord, frontier));
        }
    }

    /// Changes what is kept of a run, as damage would.
    pub fn damage(&self, run: &RunId, change: impl FnOnce(&mut Json, &mut Vec<Event>)) {
        if let Some(record) = lock(&self.record).get_mut(run) {
            change(&mut record.run.plan, &mut record.events);
        }
    }

    fn accept_now(&self, run: &NewRun) {
        let header = Header {
            status: RunStatus::Queued,
            started_at: None,
            finished_at: None,
            steps_done: 0,
            error: None,
        };
        let kind = EventKind::RunAccepted {
            input: run.input.clone(),
        };
        let record = Record {
            run: run.clone(),
            epoch: FIRST_EPOCH,
            events: vec![Event {
                ord: 1,
                at: run.accepted_at,
                kind,
            }],
            header,
            frontier: None,
            batches: Vec::new(),
        };
        lock(&self.record).insert(run.id.clone(), record);
    }

    fn append_now(&self, batch: Batch) -> Result<(), JournalError> {
        let mut table = lock(&self.record);
        let record = table
            .get_mut(&batch.run)
            .ok_or(JournalError::NotFound(batch.run.clone()))?;
        if record.epoch != batch.epoch {
            return Err(JournalError::Fenced(batch.run));
        }
        let last = record.events.len() as u64;
        if !batch
            .events
            .iter()
            .map(|event| event.ord)
            .eq(last + 1..=last + batch.events.len() as u64)
        {
            return Err(JournalError::Failed(
                "the events do not follow the last one".to_owned(),
            ));
        }
        record.batches.push(batch.events.len());
        record.events.extend(batch.events);
        record.header = batch.header;
        if let Some(frontier) = batch.frontier {
            record.frontier = Some((record.events.len() as u64, frontier));
        }
        Ok(())
    }

    /// Whether the process still lives; counts the append.
    fn lives(&self) -> bool {
        match &mut *lock(&self.life.left) {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}

impl Journal for MemoryJournal {
    fn accept<'a>(&'a self, run: &'a NewRun) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            self.accept_now(run);
            Ok(())
        })
    }

    fn claim<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Claim, JournalError>> {
        Box::pin(async move {
            let mut table = lock(&self.record);
            let record = table
                .get_mut(run)
                .ok_or_else(|| JournalError::NotFound(run.clone()))?;
            record.epoch += 1;
            Ok(Claim {
                run: run.clone(),
                organisation: record.run.organisation.clone(),
                workflow: record.run.workflow.clone(),
                revision: record.run.revision,
                person: record.run.person.clone(),
                epoch: record.epoch,
                plan: record.run.plan.clone(),
                last_run_at: record.run.origin.last_run_at,
                frontier: record.frontier.clone(),
            })
        })
    }

    fn append<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            if !self.lives() {
                self.life.dead.send_replace(true);
                return std::future::pending().await;
            }
            if let Some(error) = lock(&self.life.refuse).pop() {
                return Err(error);
            }
            self.append_now(batch)
        })
    }

    fn events<'a>(
        &'a self,
        run: &'a RunId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Event>, JournalError>> {
        Box::pin(async move {
            let table = lock(&self.record);
            let record = table
                .get(run)
                .ok_or_else(|| JournalError::NotFound(run.clone()))?;
            Ok(record
                .events
                .iter()
                .filter(|event| event.ord > after)
                .take(limit)
                .cloned()
                .collect())
        })
    }

    fn unfinished<'a>(&'a self) -> BoxFuture<'a, Result<Vec<RunId>, JournalError>> {
        Box::pin(async move {
            let table = lock(&self.record);
            let mut open: Vec<&Record> = table
                .values()
                .filter(|record| !record.header.status.is_final())
                .collect();
            open.sort_by_key(|record| record.run.accepted_at);
            Ok(open
                .into_iter()
                .map(|record| record.run.id.clone())
                .collect())
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
