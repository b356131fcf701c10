//! The runs that this process works on or has just ended.

use crate::{plan::Plan, state::Facts};
use patchbay_model::{
    event::{Event, RunStatus, RunUpdate},
    id::RunId,
    progress::Progress,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

/// Ended runs whose progress is still at hand, for whoever asks a moment too late.
const REMEMBERED: usize = 1024;

/// Batches that a slow watcher of one run may lag behind.
const WATCHED_BATCHES: usize = 256;

/// A run that waits for its turn or is worked on.
pub(super) struct Live {
    pub(super) run: RunId,
    pub(super) cancel: CancellationToken,
    /// Made for the first watcher: most runs have none, and its room is larger than all else here.
    updates: OnceLock<broadcast::Sender<RunUpdate>>,
    turn: Mutex<Option<Turn>>,
    progress: Mutex<Progress>,
    /// Some once nobody works on the run any more, with its status if it ended.
    ended: watch::Sender<Option<Option<RunStatus>>>,
}

/// The right to work on a run; taken once.
pub(super) struct Turn {
    /// What is at hand of a run that was accepted just now; otherwise all is read from the journal.
    pub(super) fresh: Option<Fresh>,
}

/// A run that nobody has worked on yet.
pub(super) struct Fresh {
    pub(super) facts: Facts,
    pub(super) plan: Arc<Plan>,
    pub(super) accepted: Event,
}

impl Live {
    pub(super) fn new(run: RunId, fresh: Option<Fresh>) -> Arc<Self> {
        Arc::new(Self {
            run,
            cancel: CancellationToken::new(),
            updates: OnceLock::new(),
            turn: Mutex::new(Some(Turn { fresh })),
            progress: Mutex::default(),
            ended: watch::channel(None).0,
        })
    }

    /// The right to work on the run, unless somebody has it.
    pub(super) fn take_turn(&self) -> Option<Turn> {
        lock(&self.turn).take()
    }

    /// Gives the right back: the run is to be read from the journal again.
    pub(super) fn give_turn(&self) {
        *lock(&self.turn) = Some(Turn { fresh: None });
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<RunUpdate> {
        let updates = || broadcast::channel(WATCHED_BATCHES).0;
        self.updates.get_or_init(updates).subscribe()
    }

    pub(super) fn is_watched(&self) -> bool {
        let watchers = self.updates.get().map(broadcast::Sender::receiver_count);
        watchers.is_some_and(|count| count > 0)
    }

    /// Tells whoever watches this run.
    pub(super) fn tell(&self, update: &RunUpdate) {
        if let Some(updates) = self.updates.get() {
            let _ = updates.send(update.clone());
        }
    }

    pub(super) fn progress(&self) -> Progress {
        lock(&self.progress).clone()
    }

    pub(super) fn set_progress(&self, progress: Progress) {
        *lock(&self.progress) = progress;
    }

    pub(super) fn fold(&self, events: &[Event]) {
        let mut progress = lock(&self.progress);
        events.iter().for_each(|event| progress.apply(event));
    }

    /// The status in which the run ended; none if this process gave it up.
    pub(super) async fn ended(&self) -> Option<RunStatus> {
        let mut ended = self.ended.subscribe();
        let status = ended.wait_for(Option::is_some).await;
        status.ok().and_then(|status| status.flatten())
    }

    fn end(&self, status: Option<RunStatus>) {
        self.ended.send_replace(Some(status));
    }
}

/// All of them.
pub(super) struct Registry {
    table: Mutex<Table>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Table {
    live: HashMap<RunId, Arc<Live>>,
    finished: HashMap<RunId, Progress>,
    order: VecDeque<RunId>,
    /// Runs that somebody works on.
    working: usize,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            table: Mutex::default(),
            count: watch::channel(0).0,
        }
    }
}

impl Registry {
    pub(super) fn add(&self, live: &Arc<Live>) {
        lock(&self.table)
            .live
            .insert(live.run.clone(), Arc::clone(live));
    }

    pub(super) fn get(&self, run: &RunId) -> Option<Arc<Live>> {
        lock(&self.table).live.get(run).cloned()
    }

    pub(super) fn finished(&self, run: &RunId) -> Option<Progress> {
        lock(&self.table).finished.get(run).cloned()
    }

    /// Runs that wait for their turn.
    pub(super) fn queued(&self) -> usize {
        let table = lock(&self.table);
        table.live.len().saturating_sub(table.working)
    }

    /// Somebody begins to work on a run.
    pub(super) fn begin(&self) {
        let mut table = lock(&self.table);
        table.working += 1;
        self.count.send_replace(table.working);
    }

    /// Nobody works on it any more, for now.
    pub(super) fn rest(&self) {
        let mut table = lock(&self.table);
        table.working = table.working.saturating_sub(1);
        self.count.send_replace(table.working);
    }

    /// The run has ended.
    pub(super) fn finish(&self, live: &Live) {
        let mut table = lock(&self.table);
        table.live.remove(&live.run);
        table.finished.insert(live.run.clone(), live.progress());
        table.order.push_back(live.run.clone());
        if table.order.len() > REMEMBERED
            && let Some(oldest) = table.order.pop_front()
        {
            table.finished.remove(&oldest);
        }
        drop(table);
        live.end(Some(live.progress().status));
    }

    /// The run is no longer this process's business.
    pub(super) fn forget(&self, live: &Live) {
        lock(&self.table).live.remove(&live.run);
        live.end(None);
    }

    /// Completes when nobody works on any run.
    pub(super) async fn idle(&self) {
        let mut count = self.count.subscribe();
        // The sender lives as long as `self`.
        let _ = count.wait_for(|working| *working == 0).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
