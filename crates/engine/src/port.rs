//! What the engine asks of the world: a journal, somebody who carries out operations, a clock.

use patchbay_model::{
    Json,
    event::{Event, RunError, RunStatus, StepError},
    id::{AuthenticationId, OrganisationId, PersonId, RunId, WorkflowId},
};
use std::{future::Future, pin::Pin, time::Duration};

/// A boxed future, so that the ports can be used as trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The epoch of a run that was accepted and never taken over.
pub const FIRST_EPOCH: u64 = 1;

/// The durable record of runs. A method that returns `Ok` has made its change durable.
pub trait Journal: Send + Sync + 'static {
    /// Accepts a run: the run, its pinned plan, its first event (`RunAccepted`, ord 1) and its origin in one
    /// transaction. It belongs to this process, with [`FIRST_EPOCH`], until somebody claims it.
    fn accept<'a>(&'a self, run: &'a NewRun) -> BoxFuture<'a, Result<(), JournalError>>;

    /// Takes a run over for this process: raises its epoch, so that an older owner can no longer append.
    fn claim<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Claim, JournalError>>;

    /// Appends events and sets the run's header in one transaction.
    /// Fails with [`JournalError::Fenced`] when `epoch` is not the run's current one.
    fn append<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<(), JournalError>>;

    /// Events of a run with `ord > after`, in order, at most `limit`.
    fn events<'a>(
        &'a self,
        run: &'a RunId,
        after: u64,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Event>, JournalError>>;

    /// Runs that were accepted and have not ended, oldest first.
    fn unfinished<'a>(&'a self) -> BoxFuture<'a, Result<Vec<RunId>, JournalError>>;
}

/// A run to accept.
#[derive(Debug, Clone)]
pub struct NewRun {
    pub id: RunId,
    pub organisation: OrganisationId,
    pub workflow: WorkflowId,
    /// The saved revision it executes.
    pub revision: i64,
    /// What started it: `manual`, `api`, `replay`, …
    pub cause: String,
    /// Who, if it was a person.
    pub person: Option<PersonId>,
    /// The pinned plan as [`crate::plan::Plan`] serialises, and its hash; equal plans are stored once.
    pub plan: Json,
    pub plan_hash: String,
    /// The trigger's output.
    pub input: Json,
    /// Unix milliseconds.
    pub accepted_at: i64,
    pub origin: Origin,
}

/// Where a run comes from, as far as it is made durable together with its acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Whether its success is the workflow's last run, and may move its polling window. Not for tests and replays.
    pub counts: bool,
    /// `$.env.last_run_at`: when the last successful run that counts began, in unix milliseconds.
    pub last_run_at: Option<i64>,
    /// The id under which it was delivered to the workflow's trigger: a second one is refused as
    /// [`JournalError::Duplicate`].
    pub delivery: Option<String>,
    /// The nominal time for which it runs: a second one is refused as [`JournalError::Duplicate`].
    pub firing: Option<Firing>,
}

/// One nominal time of a schedule. Instants are unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    pub nominal: i64,
    /// When the schedule fires after this, which is set in the same transaction.
    pub next: Option<i64>,
    /// Where the next polling window begins if this run succeeds.
    pub until: Option<i64>,
}

/// A run taken over.
#[derive(Debug, Clone)]
pub struct Claim {
    pub run: RunId,
    pub organisation: OrganisationId,
    pub workflow: WorkflowId,
    pub revision: i64,
    pub person: Option<PersonId>,
    /// Mine from here on.
    pub epoch: u64,
    pub plan: Json,
    /// As in [`Origin`].
    pub last_run_at: Option<i64>,
    /// The last checkpoint of the run's state, and the ord up to which it holds.
    pub frontier: Option<(u64, Json)>,
}

/// Events to append, with what they make of the run.
#[derive(Debug, Clone)]
pub struct Batch {
    pub run: RunId,
    pub epoch: u64,
    /// Consecutive ords, following the last one appended.
    pub events: Vec<Event>,
    pub header: Header,
    /// A checkpoint of the fold of all events up to the last of this batch.
    pub frontier: Option<Json>,
}

/// What the list of runs shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub status: RunStatus,
    /// Unix milliseconds.
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub steps_done: u64,
    pub error: Option<RunError>,
}

/// Why the journal refused.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Somebody else owns the run now.
    #[error("another process has taken over run {0}")]
    Fenced(RunId),
    /// There is no such run.
    #[error("there is no run {0}")]
    NotFound(RunId),
    /// The same delivery, or the same nominal time, has started a run before.
    #[error("this has started run {0} already")]
    Duplicate(RunId),
    /// The disk is full; nothing was lost, and a later attempt may succeed.
    #[error("the journal cannot be written because the disk is full; free some space")]
    Full,
    /// Anything else.
    #[error("the journal failed: {0}")]
    Failed(String),
}

/// Carries out one operation of one connector.
pub trait Invoke: Send + Sync + 'static {
    /// Executes it once. The future may be dropped when the run is cancelled or the attempt times out.
    fn invoke<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>>;

    /// Starts a run of another workflow, and waits for its answer if that is asked for. A second call with the same
    /// idempotency key finds the run of the first one. The future may be dropped; the run goes on.
    fn call_workflow<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            Err(StepError {
                code: "not_supported".to_owned(),
                message: format!("`{}` cannot call workflows here.", call.operation),
                ..StepError::default()
            })
        })
    }
}

/// One operation to execute.
#[derive(Debug, Clone)]
pub struct Call {
    pub organisation: OrganisationId,
    /// On whose behalf; decides which personal authentications may be used.
    pub person: Option<PersonId>,
    pub workflow: WorkflowId,
    pub run: RunId,
    pub connector: String,
    pub operation: String,
    pub auth: Option<AuthenticationId>,
    /// Resolved inputs: plain JSON without paths.
    pub inputs: Json,
    /// The same for every attempt at this step in this iteration of this run.
    pub idempotency_key: String,
    /// Runs around this one, each started by a step of the one before.
    pub depth: usize,
}

/// Time as the engine sees it.
pub trait Clock: Send + Sync + 'static {
    /// Unix milliseconds.
    fn now(&self) -> i64;
    /// Completes after `duration`.
    fn sleep<'a>(&'a self, duration: Duration) -> BoxFuture<'a, ()>;
}
