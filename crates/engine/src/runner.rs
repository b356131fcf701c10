//! Carries decisions out: accepts runs, works on them in the background, journals every step, takes over
//! after a restart.

mod account;
mod calls;
mod desk;
mod live;
mod load;
mod pinned;
mod queue;
mod time;

use crate::{
    limits::Limits,
    plan::Plan,
    port::{Clock, Invoke, Journal, JournalError, NewRun, Origin},
    state::Facts,
};
use live::{Fresh, Live, Registry};
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunStatus, RunUpdate},
    id::{OrganisationId, PersonId, RunId, WorkflowId},
    progress::Progress,
};
use pinned::PinnedPlans;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Semaphore, broadcast, mpsc};
use tokio_util::sync::CancellationToken;

pub use account::Account;
pub use time::SystemClock;

/// How the runner works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Runs worked on at a time; the others wait in the order in which they were accepted.
    /// A run that only waits for a time does not count.
    pub max_concurrent_runs: usize,
    /// Runs that may wait for their turn; beyond, no run is accepted.
    pub max_queued_runs: usize,
    pub limits: Limits,
    /// Events between two checkpoints of a run.
    pub checkpoint_every: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_concurrent_runs: 64,
            max_queued_runs: 1_000_000,
            limits: Limits::default(),
            checkpoint_every: 1000,
        }
    }
}

/// A run somebody wants.
#[derive(Debug, Clone)]
pub struct NewRunRequest {
    /// Made from the time of acceptance if there is none.
    pub id: Option<RunId>,
    pub organisation: OrganisationId,
    pub workflow: WorkflowId,
    pub revision: i64,
    /// What started it: `manual`, `api`, `replay`, …
    pub cause: String,
    pub person: Option<PersonId>,
    pub plan: Arc<Plan>,
    /// The trigger's output.
    pub input: Json,
    pub origin: Origin,
}

/// Why a run was not accepted; nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The server is on its way down.
    #[error("the server is shutting down; try again in a moment")]
    ShuttingDown,
    /// The input is larger than one step may give.
    #[error("the input has more than {0} bytes, which is the most a run may begin with")]
    TooLarge(u64),
    /// Too many runs wait for their turn.
    #[error(
        "{0} runs are waiting for their turn, which is the most; try again when some of them have ended"
    )]
    QueueFull(usize),
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Works on runs. Cheap to clone; all clones are the same runner.
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
}

/// What everything that works on runs shares.
struct Inner {
    journal: Arc<dyn Journal>,
    invoke: Arc<dyn Invoke>,
    clock: Arc<dyn Clock>,
    options: Options,
    registry: Registry,
    pinned: PinnedPlans,
    queue: mpsc::UnboundedSender<Arc<Live>>,
    permits: Arc<Semaphore>,
    updates: broadcast::Sender<RunUpdate>,
    /// No new work: runs come to rest at their next step.
    draining: CancellationToken,
    /// No work at all: calls in flight are dropped.
    stopped: CancellationToken,
}

/// Batches that a slow watcher may lag behind before it has to read the journal.
const WATCHED_BATCHES: usize = 1024;

impl Runner {
    /// A runner that waits for work. Must be called inside a tokio runtime.
    pub fn new(
        journal: Arc<dyn Journal>,
        invoke: Arc<dyn Invoke>,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Self {
        let (queue, accepted) = mpsc::unbounded_channel();
        let permits = Arc::new(Semaphore::new(options.max_concurrent_runs.max(1)));
        let inner = Arc::new(Inner {
            journal,
            invoke,
            clock,
            options,
            registry: Registry::default(),
            pinned: PinnedPlans::default(),
            queue,
            permits,
            updates: broadcast::channel(WATCHED_BATCHES).0,
            draining: CancellationToken::new(),
            stopped: CancellationToken::new(),
        });
        tokio::spawn(queue::dispatch(Arc::clone(&inner), accepted));
        Self { inner }
    }

    /// Accepts a run. Once this returns `Ok` the run is durable and comes to an end, whatever happens to the process.
    pub async fn accept(&self, request: NewRunRequest) -> Result<RunId, AcceptError> {
        let inner = &self.inner;
        if inner.draining.is_cancelled() {
            return Err(AcceptError::ShuttingDown);
        }
        let most = inner.options.limits.max_output_bytes;
        if crate::clip::size_within(&request.input, most).is_none() {
            return Err(AcceptError::TooLarge(most));
        }
        if inner.registry.queued() >= inner.options.max_queued_runs {
            return Err(AcceptError::QueueFull(inner.options.max_queued_runs));
        }
        let accepted_at = inner.clock.now();
        let NewRunRequest {
            id,
            organisation,
            workflow,
            revision,
            cause,
            person,
            plan,
            input,
            origin,
        } = request;
        let pinned = inner.pinned.of(&plan);
        let run = NewRun {
            id: id.unwrap_or_else(|| time::run_id(accepted_at)),
            organisation,
            workflow,
            revision,
            cause,
            person,
            plan: Json::clone(&pinned.json),
            plan_hash: pinned.hash.to_string(),
            input,
            accepted_at,
            origin,
        };
        inner.journal.accept(&run).await?;
        let facts = Facts {
            run: run.id.clone(),
            organisation: run.organisation,
            workflow: run.workflow,
            revision,
            person: run.person,
            last_run_at: run.origin.last_run_at,
        };
        let event = Event {
            ord: 1,
            at: accepted_at,
            kind: EventKind::RunAccepted { input: run.input },
        };
        let live = Live::new(
            run.id.clone(),
            Some(Fresh {
                facts,
                plan,
                accepted: event.clone(),
            }),
        );
        inner.registry.add(&live);
        inner.publish(&live, vec![event]);
        // The queue ends with the runner only; a run that misses it is recovered at the next start.
        let _ = inner.queue.send(live);
        Ok(run.id)
    }

    /// Takes over every run that was accepted and has not ended; to be called once, at start.
    /// Gives their number.
    pub async fn recover(&self) -> Result<usize, JournalError> {
        let unfinished = self.inner.journal.unfinished().await?;
        let mut count = 0;
        for run in unfinished {
            if self.inner.registry.get(&run).is_none() {
                let live = Live::new(run, None);
                self.inner.registry.add(&live);
                let _ = self.inner.queue.send(live);
                count += 1;
            }
        }
        Ok(count)
    }

    /// Ends a run, whatever it is doing; the call in flight is dropped. Gives the status in which it ended
    /// (which is another one if it ended by itself first), or none if this runner does not know the run.
    pub async fn cancel(&self, run: &RunId) -> Option<RunStatus> {
        if let Some(status) = self
            .inner
            .registry
            .finished(run)
            .map(|progress| progress.status)
        {
            return Some(status);
        }
        let live = self.inner.registry.get(run)?;
        live.cancel.cancel();
        queue::start_now(&self.inner, &live);
        live.ended().await.or_else(|| {
            self.inner
                .registry
                .finished(run)
                .map(|progress| progress.status)
        })
    }

    /// The journal of one run as it grows; none if it is not being worked on. A receiver that lags reads the
    /// missing events from the journal.
    pub fn watch(&self, run: &RunId) -> Option<broadcast::Receiver<RunUpdate>> {
        self.inner.registry.get(run).map(|live| live.subscribe())
    }

    /// The journals of all runs as they grow.
    pub fn updates(&self) -> broadcast::Receiver<RunUpdate> {
        self.inner.updates.subscribe()
    }

    /// How far a run is, as far as it is journalled; none if this runner has not worked on it lately.
    pub fn progress(&self, run: &RunId) -> Option<Progress> {
        match self.inner.registry.get(run) {
            Some(live) => Some(live.progress()),
            None => self.inner.registry.finished(run),
        }
    }

    /// Waits until the run has ended, or for `longest`; gives its status then, or none if this runner does not know it.
    pub async fn wait(&self, run: &RunId, longest: Duration) -> Option<RunStatus> {
        let Some(live) = self.inner.registry.get(run) else {
            return self
                .inner
                .registry
                .finished(run)
                .map(|progress| progress.status);
        };
        tokio::select! {
            biased;
            ended = live.ended() => ended,
            () = self.inner.clock.sleep(longest) => Some(live.progress().status),
        }
    }

    /// Takes no new work, lets calls in flight end for `grace`, and returns when nothing is worked on any more.
    /// Unfinished runs go on at the next start.
    pub async fn shutdown(&self, grace: Duration) {
        self.inner.draining.cancel();
        tokio::select! {
            biased;
            () = self.inner.registry.idle() => {}
            () = self.inner.clock.sleep(grace) => {}
        }
        self.inner.stopped.cancel();
        self.inner.registry.idle().await;
    }
}

impl Inner {
    /// Tells whoever watches. Only what is durable may be told.
    fn publish(&self, live: &Live, events: Vec<Event>) {
        live.fold(&events);
        if self.updates.receiver_count() > 0 || live.is_watched() {
            let update = RunUpdate {
                run: live.run.clone(),
                events,
            };
            live.tell(&update);
            let _ = self.updates.send(update);
        }
    }
}

#[cfg(test)]
mod tests;
