//! What the end of an attempt means: done, tried again later, or failed for good.

use super::{Command, Invocation, command::elapsed};
use crate::{
    limits::Limits,
    plan::{Plan, PlanStep},
    redact::redact,
    retry::{Counted, retry_at},
};
use patchbay_model::{
    Json,
    event::{EventKind, Iteration, StepError},
};

/// The event with which an attempt that began at `started_at` ends at `now` (both unix milliseconds).
pub fn settle(
    plan: &Plan,
    limits: &Limits,
    call: &Invocation,
    answer: Result<Json, StepError>,
    started_at: i64,
    now: i64,
) -> EventKind {
    let step = plan.step(&call.step);
    let duration_ms = elapsed(started_at, now);
    let (name, iteration) = (call.step.clone(), call.iteration.clone());
    match answer.and_then(|output| limits.output(output)) {
        Ok(mut output) => {
            redact(&mut output, step.map_or(&[], |step| &step.secret_outputs));
            EventKind::StepSucceeded {
                step: name,
                iteration,
                output,
                duration_ms,
            }
        }
        Err(error) => {
            let retry_at = step.and_then(|step| {
                retry_at(
                    &step.retry,
                    step.on_interrupt,
                    &error,
                    Counted {
                        attempt: call.attempt,
                        refused: call.refused,
                    },
                    &call.idempotency_key,
                    now,
                )
            });
            EventKind::StepFailed {
                step: name,
                iteration,
                attempt: call.attempt,
                error,
                duration_ms,
                retry_at,
            }
        }
    }
}

/// The error of an attempt that took too long.
pub fn time_out(plan: &Plan, call: &Invocation) -> StepError {
    let repeatable = plan.step(&call.step).is_some_and(|step| step.repeatable);
    let seconds = call.timeout_ms.div_ceil(1000);
    let doubt = if repeatable {
        ""
    } else {
        " It may have taken effect all the same."
    };
    StepError {
        code: "timeout".to_owned(),
        message: format!(
            "No answer came within {seconds} s.{doubt} Try again, or allow more time in the step's settings."
        ),
        retryable: true,
        outcome_unknown: !repeatable,
        ..StepError::default()
    }
}

/// A step that was in flight when the process died and must not be repeated.
pub(super) fn unknown(step: &PlanStep, iteration: Iteration, attempt: u32) -> Command {
    let error = StepError {
        code: "outcome_unknown".to_owned(),
        message: format!(
            "The server stopped while this step was being carried out, and `{}` must not happen twice. \
             Look in the service whether it took effect before you run it again.",
            step.operation
        ),
        outcome_unknown: true,
        ..StepError::default()
    };
    Command::Fail {
        step: step.name.clone(),
        iteration,
        attempt,
        input: None,
        error,
    }
}
