//! What happens in a run, as the journal records it: a run's state is the fold of these.

use crate::{Json, id::RunId};
use serde::{Deserialize, Serialize};

/// One entry of a run's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Position in the run's journal, from 1 without gaps.
    pub ord: u64,
    /// When, in unix milliseconds.
    pub at: i64,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The indices of the enclosing loops, outermost first; empty outside loops.
pub type Iteration = Vec<u64>;

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// The run was accepted: from here on it ends, whatever happens to the process.
    RunAccepted {
        /// The trigger's output.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        input: Json,
    },
    /// A process began to work on it (again); `epoch` grows with each one.
    RunStarted { epoch: u64 },
    /// An attempt at a step begins. Journalled before the call leaves.
    StepStarted {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        /// From 1.
        attempt: u32,
        /// The values of its inputs, resolved and redacted.
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        input: Json,
    },
    /// The step is done.
    StepSucceeded {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        output: Json,
        /// Milliseconds since the attempt began.
        duration_ms: u64,
    },
    /// An attempt failed; `retry_at` (unix milliseconds) says when the next one begins, none that it is over.
    StepFailed {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        attempt: u32,
        error: StepError,
        duration_ms: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_at: Option<i64>,
    },
    /// A step waits: nothing of it happens before `until` (unix milliseconds).
    StepWaiting {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        until: i64,
    },
    /// A step answered whoever waits for the run; the first answer counts.
    RunReplied {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        reply: Json,
    },
    /// A step behind an early end, such as a break. Steps of a branch that was not taken leave no trace.
    StepSkipped {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
    },
    /// A loop begins; its length when it is known.
    LoopStarted {
        step: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u64>,
    },
    /// One item of a loop is done.
    ItemFinished {
        /// The loop.
        step: String,
        /// Where the loop itself stands.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        iteration: Iteration,
        /// Which item, from 0.
        index: u64,
        /// Whether a step inside it failed.
        failed: bool,
        /// Whether the loop ends with it because its conditions hold.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        last: bool,
    },
    /// Somebody asked for the run to end.
    CancelRequested,
    /// The run is over.
    RunFinished {
        status: RunStatus,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<RunError>,
    },
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Accepted, not begun.
    Queued,
    /// Working.
    Running,
    /// Nothing to do until a time or an event.
    Waiting,
    Succeeded,
    Failed,
    Cancelled,
}

impl RunStatus {
    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Where a step stands, in one iteration or over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    Running,
    /// Between two attempts, or until a service's rate limit lets go.
    Waiting,
    Succeeded,
    Failed,
    Skipped,
    Cancelled,
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepError {
    /// Stable, for programs: `missing_value`, `invalid_input`, `http_status`, `unauthenticated`, `rate_limited`, …
    pub code: String,
    /// For people: what is wrong, where, and what to do.
    pub message: String,
    /// JSON pointer of the input field, below `inputs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The path that gave no value, as the person typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// HTTP status of the service's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whether another attempt may help.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retryable: bool,
    /// How long the service asks to wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Whether the operation may have taken effect all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outcome_unknown: bool,
    /// What the service said, shortened and redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub detail: Option<Json>,
}

/// Why a run failed: the step that failed and its error; no step for a limit or a lost plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunError {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Iteration,
    #[serde(flatten)]
    pub error: StepError,
}

/// What watchers of a run are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunUpdate {
    pub run: RunId,
    pub events: Vec<Event>,
}
