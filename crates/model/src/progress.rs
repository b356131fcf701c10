//! How far a run is, per step: the small fold of its events that the canvas shows.

use crate::event::{Event, EventKind, RunError, RunStatus, StepError, StepStatus};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A run as a watcher sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    pub status: RunStatus,
    /// The last event folded in.
    pub ord: u64,
    /// Steps finished, every iteration counted.
    pub steps_done: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<RunError>,
    /// The event with the run's answer to whoever waits for it ([`EventKind::RunReplied`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied: Option<u64>,
    /// By step name, in the order in which they first began.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub steps: IndexMap<String, StepProgress>,
}

/// One step, summed over its iterations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepProgress {
    pub status: StepStatus,
    /// Times it succeeded.
    pub succeeded: u64,
    /// Times it failed for good.
    pub failed: u64,
    /// Milliseconds of the last attempt that ended.
    pub duration_ms: u64,
    /// Items done, for a loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_done: Option<u64>,
    /// Items in all, for a loop whose length is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_total: Option<u64>,
    /// Items in which a step failed.
    #[serde(default)]
    pub items_failed: u64,
    /// When the next attempt begins, unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<i64>,
    /// The last error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<StepError>,
}

impl Default for StepProgress {
    fn default() -> Self {
        Self {
            status: StepStatus::Running,
            succeeded: 0,
            failed: 0,
            duration_ms: 0,
            items_done: None,
            items_total: None,
            items_failed: 0,
            retry_at: None,
            error: None,
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            status: RunStatus::Queued,
            ord: 0,
            steps_done: 0,
            error: None,
            replied: None,
            steps: IndexMap::new(),
        }
    }
}

impl Progress {
    /// Folds one event in. Events must come in order; one that was seen already changes nothing.
    pub fn apply(&mut self, event: &Event) {
        if event.ord <= self.ord {
            return;
        }
        self.ord = event.ord;
        match &event.kind {
            EventKind::RunAccepted { .. } | EventKind::CancelRequested => {}
            EventKind::RunStarted { .. } => self.status = RunStatus::Running,
            EventKind::StepStarted { step, .. } => {
                self.status = RunStatus::Running;
                let step = self.step(step);
                step.status = StepStatus::Running;
                step.retry_at = None;
            }
            EventKind::StepSucceeded {
                step, duration_ms, ..
            } => {
                self.steps_done += 1;
                let step = self.step(step);
                step.status = StepStatus::Succeeded;
                step.succeeded += 1;
                step.duration_ms = *duration_ms;
            }
            EventKind::StepFailed {
                step,
                error,
                duration_ms,
                retry_at,
                ..
            } => {
                if retry_at.is_some() {
                    self.status = RunStatus::Waiting;
                } else {
                    self.steps_done += 1;
                }
                let step = self.step(step);
                step.status = if retry_at.is_some() {
                    StepStatus::Waiting
                } else {
                    StepStatus::Failed
                };
                step.failed += u64::from(retry_at.is_none());
                step.duration_ms = *duration_ms;
                step.retry_at = *retry_at;
                step.error = Some(error.clone());
            }
            EventKind::StepWaiting { step, until, .. } => {
                self.status = RunStatus::Waiting;
                let step = self.step(step);
                step.status = StepStatus::Waiting;
                step.retry_at = Some(*until);
                step.error = None;
            }
            EventKind::RunReplied { .. } => {
                self.replied.get_or_insert(event.ord);
            }
            EventKind::StepSkipped { step, .. } => self.step(step).status = StepStatus::Skipped,
            EventKind::LoopStarted { step, total, .. } => {
                let step = self.step(step);
                step.status = StepStatus::Running;
                step.items_done = Some(0);
                step.items_total = *total;
                step.items_failed = 0;
            }
            EventKind::ItemFinished { step, failed, .. } => {
                let step = self.step(step);
                step.items_done = Some(step.items_done.unwrap_or(0) + 1);
                step.items_failed += u64::from(*failed);
            }
            EventKind::RunFinished { status, error } => {
                self.status = *status;
                self.error.clone_from(error);
                for step in self.steps.values_mut() {
                    if matches!(step.status, StepStatus::Running | StepStatus::Waiting) {
                        step.status = match status {
                            RunStatus::Failed => StepStatus::Failed,
                            _ => StepStatus::Cancelled,
                        };
                        step.retry_at = None;
                    }
                }
            }
        }
    }

    fn step(&mut self, name: &str) -> &mut StepProgress {
        self.steps.entry(name.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests;
