//! The columns by which an event is found in its row.

use super::wave::signed;
use patchbay_model::event::{Event, EventKind};
use sea_orm::sea_query::Value;

/// What an event makes of its step; the highest of a step's events is where the step stands.
pub(crate) mod phase {
    pub(crate) const NONE: i16 = 0;
    pub(crate) const BEGUN: i16 = 1;
    pub(crate) const RETRYING: i16 = 2;
    pub(crate) const SUCCEEDED: i16 = 3;
    pub(crate) const FAILED: i16 = 4;
    pub(crate) const SKIPPED: i16 = 5;
}

/// The columns beside the payload by which events are found.
pub(super) struct Keys<'a> {
    pub(super) kind: &'static str,
    pub(super) phase: i16,
    pub(super) step: Option<&'a str>,
    pub(super) iteration: &'a [u64],
}

pub(super) fn keys(kind: &EventKind) -> Keys<'_> {
    let of_run = |kind| Keys {
        kind,
        phase: phase::NONE,
        step: None,
        iteration: &[],
    };
    match kind {
        EventKind::RunAccepted { .. } => of_run("run_accepted"),
        EventKind::RunStarted { .. } => of_run("run_started"),
        EventKind::StepStarted {
            step, iteration, ..
        } => Keys {
            kind: "step_started",
            phase: phase::BEGUN,
            step: Some(step),
            iteration,
        },
        EventKind::StepSucceeded {
            step, iteration, ..
        } => Keys {
            kind: "step_succeeded",
            phase: phase::SUCCEEDED,
            step: Some(step),
            iteration,
        },
        EventKind::StepFailed {
            step,
            iteration,
            retry_at,
            ..
        } => {
            let phase = if retry_at.is_some() {
                phase::RETRYING
            } else {
                phase::FAILED
            };
            Keys {
                kind: "step_failed",
                phase,
                step: Some(step),
                iteration,
            }
        }
        EventKind::StepWaiting {
            step, iteration, ..
        } => Keys {
            kind: "step_waiting",
            phase: phase::RETRYING,
            step: Some(step),
            iteration,
        },
        EventKind::RunReplied {
            step, iteration, ..
        } => Keys {
            kind: "run_replied",
            phase: phase::NONE,
            step: Some(step),
            iteration,
        },
        EventKind::StepSkipped { step, iteration } => Keys {
            kind: "step_skipped",
            phase: phase::SKIPPED,
            step: Some(step),
            iteration,
        },
        EventKind::LoopStarted {
            step, iteration, ..
        } => Keys {
            kind: "loop_started",
            phase: phase::BEGUN,
            step: Some(step),
            iteration,
        },
        EventKind::ItemFinished {
            step, iteration, ..
        } => Keys {
            kind: "item_finished",
            phase: phase::NONE,
            step: Some(step),
            iteration,
        },
        EventKind::CancelRequested => of_run("cancel_requested"),
        EventKind::RunFinished { .. } => of_run("run_finished"),
    }
}

/// The columns of an event behind its run's number, in the order of the table.
pub(super) fn columns(event: &Event, payload: String) -> [Value; 7] {
    let keys = keys(&event.kind);
    [
        signed(event.ord).into(),
        keys.kind.into(),
        keys.phase.into(),
        keys.step.into(),
        iteration_text(keys.iteration).into(),
        event.at.into(),
        payload.into(),
    ]
}

/// Loop indices joined by dots.
pub(crate) fn iteration_text(iteration: &[u64]) -> String {
    iteration
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

pub(crate) fn parse_iteration(text: &str) -> Vec<u64> {
    text.split('.')
        .filter_map(|index| index.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{iteration_text, parse_iteration};

    #[test]
    fn an_iteration_survives_its_column() {
        for iteration in [vec![], vec![0], vec![3, 0, 12]] {
            assert_eq!(parse_iteration(&iteration_text(&iteration)), iteration);
        }
    }
}
