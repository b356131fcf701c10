//! What is to be done, and what doing it adds to the journal.

use patchbay_model::{
    Json,
    event::{EventKind, Iteration, RunError, RunStatus, StepError},
    id::AuthenticationId,
};

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Journal the start of an attempt, then let the call leave.
    Invoke(Box<Invocation>),
    /// A step fails for good without a call.
    Fail {
        step: String,
        iteration: Iteration,
        attempt: u32,
        /// What is journalled as its inputs; none when the attempt has been journalled before.
        input: Option<Json>,
        error: StepError,
    },
    /// A loop begins.
    StartLoop {
        step: String,
        iteration: Iteration,
        attempt: u32,
        input: Json,
        /// None for one that ends only when a step leaves it or its conditions hold.
        total: Option<u64>,
    },
    /// An iteration is over; the next item begins.
    FinishItem {
        step: String,
        iteration: Iteration,
        index: u64,
        failed: bool,
        /// The loop ends with it.
        last: bool,
    },
    /// A step that the engine itself carries out is done as soon as it begins.
    Complete {
        step: String,
        iteration: Iteration,
        attempt: u32,
        input: Json,
        output: Json,
        /// What whoever waits for the run is told.
        reply: Option<Json>,
    },
    /// A step begins that the engine itself carries out, and goes on for a while.
    Begin {
        step: String,
        iteration: Iteration,
        attempt: u32,
        input: Json,
        /// It does nothing but wait, until then (unix milliseconds).
        until: Option<i64>,
    },
    /// A step that went on for a while is over.
    End {
        step: String,
        iteration: Iteration,
        started_at: i64,
        output: Json,
    },
    /// A step is passed over.
    Skip { step: String, iteration: Iteration },
    /// Nothing to do here before `until` (unix milliseconds).
    Wait {
        step: String,
        iteration: Iteration,
        until: i64,
    },
    /// The run is over.
    Finish {
        status: RunStatus,
        error: Option<RunError>,
    },
}

/// An attempt at a step: what a call needs, apart from what all calls of a run share.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    pub step: String,
    pub iteration: Iteration,
    /// From 1.
    pub attempt: u32,
    /// How many attempts before it a rate limit turned away.
    pub refused: u32,
    /// Whether it is another workflow that is called.
    pub of_workflow: bool,
    pub connector: String,
    pub operation: String,
    pub auth: Option<AuthenticationId>,
    /// Resolved.
    pub inputs: Json,
    /// The inputs as they are journalled: secrets taken out, and cut when they are large.
    pub journalled: Json,
    /// The same for every attempt.
    pub idempotency_key: String,
    /// Milliseconds after which the attempt counts as failed.
    pub timeout_ms: u64,
}

impl Command {
    /// The events that carrying it out adds to the journal, in order.
    pub fn events(&self, now: i64) -> Vec<EventKind> {
        match self.clone() {
            Self::Invoke(call) => {
                let Invocation {
                    step,
                    iteration,
                    attempt,
                    journalled,
                    ..
                } = *call;
                vec![EventKind::StepStarted {
                    step,
                    iteration,
                    attempt,
                    input: journalled,
                }]
            }
            Self::Fail {
                step,
                iteration,
                attempt,
                input,
                error,
            } => {
                let started = input.map(|input| EventKind::StepStarted {
                    step: step.clone(),
                    iteration: iteration.clone(),
                    attempt,
                    input,
                });
                let failed = EventKind::StepFailed {
                    step,
                    iteration,
                    attempt,
                    error,
                    duration_ms: 0,
                    retry_at: None,
                };
                started.into_iter().chain([failed]).collect()
            }
            Self::StartLoop {
                step,
                iteration,
                attempt,
                input,
                total,
            } => {
                let started = EventKind::StepStarted {
                    step: step.clone(),
                    iteration: iteration.clone(),
                    attempt,
                    input,
                };
                vec![
                    started,
                    EventKind::LoopStarted {
                        step,
                        iteration,
                        total,
                    },
                ]
            }
            Self::FinishItem {
                step,
                iteration,
                index,
                failed,
                last,
            } => {
                vec![EventKind::ItemFinished {
                    step,
                    iteration,
                    index,
                    failed,
                    last,
                }]
            }
            Self::Complete {
                step,
                iteration,
                attempt,
                input,
                output,
                reply,
            } => {
                let started = EventKind::StepStarted {
                    step: step.clone(),
                    iteration: iteration.clone(),
                    attempt,
                    input,
                };
                let replied = reply.map(|reply| EventKind::RunReplied {
                    step: step.clone(),
                    iteration: iteration.clone(),
                    reply,
                });
                let succeeded = EventKind::StepSucceeded {
                    step,
                    iteration,
                    output,
                    duration_ms: 0,
                };
                let replied = replied.into_iter();
                [started]
                    .into_iter()
                    .chain(replied)
                    .chain([succeeded])
                    .collect()
            }
            Self::Begin {
                step,
                iteration,
                attempt,
                input,
                until,
            } => {
                let waiting = until.map(|until| EventKind::StepWaiting {
                    step: step.clone(),
                    iteration: iteration.clone(),
                    until,
                });
                let started = EventKind::StepStarted {
                    step,
                    iteration,
                    attempt,
                    input,
                };
                [started].into_iter().chain(waiting).collect()
            }
            Self::End {
                step,
                iteration,
                started_at,
                output,
            } => {
                let duration_ms = elapsed(started_at, now);
                vec![EventKind::StepSucceeded {
                    step,
                    iteration,
                    output,
                    duration_ms,
                }]
            }
            Self::Skip { step, iteration } => vec![EventKind::StepSkipped { step, iteration }],
            Self::Wait { .. } => Vec::new(),
            Self::Finish { status, error } => vec![EventKind::RunFinished { status, error }],
        }
    }
}

/// Milliseconds between two instants; 0 when the clock was set back.
pub(super) fn elapsed(from: i64, to: i64) -> u64 {
    u64::try_from(to.saturating_sub(from)).unwrap_or(0)
}
