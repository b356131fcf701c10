//! What one run may use up before it is ended, so that the others stay well.

use crate::{clip::size_within, plan::Plan, state::State};
use patchbay_model::{Json, event::StepError};
use std::time::Duration;

/// The code of the error with which a run ends that went beyond a limit.
pub const LIMIT_EXCEEDED: &str = "limit_exceeded";

/// Limits per run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Steps that may end, every iteration counted.
    pub max_steps: u64,
    /// Bytes of JSON that one step may give.
    pub max_output_bytes: u64,
    /// From the first start to the end, waiting included.
    pub max_duration: Duration,
    /// Loops and error branches inside one another.
    pub max_nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_steps: 50_000_000,
            max_output_bytes: 100 * 1024 * 1024,
            max_duration: Duration::from_secs(7 * 24 * 60 * 60),
            max_nesting: 32,
        }
    }
}

impl Limits {
    /// Why the run has to end, if it has.
    pub fn breach(&self, plan: &Plan, state: &State, now: i64) -> Option<StepError> {
        if plan.nesting() > self.max_nesting {
            return Some(exceeded(format!(
                "The workflow nests {} levels deep; at most {} are allowed. Make it flatter.",
                plan.nesting(),
                self.max_nesting
            )));
        }
        if state.steps_done() > self.max_steps {
            return Some(exceeded(format!(
                "The run has done more than {} steps, which is all that one run may do. Split the work over several runs.",
                self.max_steps
            )));
        }
        if self.deadline(state).is_some_and(|deadline| now >= deadline) {
            return Some(exceeded(format!(
                "The run has taken {} seconds, which is as long as one run may take.",
                self.max_duration.as_secs()
            )));
        }
        None
    }

    /// When the run has to be over, in unix milliseconds.
    pub fn deadline(&self, state: &State) -> Option<i64> {
        let longest = i64::try_from(self.max_duration.as_millis()).ok()?;
        state.started_at()?.checked_add(longest)
    }

    /// The output, or the error of one that is too large.
    pub(crate) fn output(&self, output: Json) -> Result<Json, StepError> {
        match size_within(&output, self.max_output_bytes) {
            Some(_) => Ok(output),
            None => Err(exceeded(format!(
                "The step gave more than {} bytes, which is all that one step may give. Ask for fewer records at a time.",
                self.max_output_bytes
            ))),
        }
    }
}

fn exceeded(message: String) -> StepError {
    StepError {
        code: LIMIT_EXCEEDED.to_owned(),
        message,
        ..StepError::default()
    }
}
