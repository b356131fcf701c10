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
    /// Loops and branches inside one another.
    pub max_nesting: usize,
    /// Bytes of JSON that a run may hold on to for later steps.
    pub max_held_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_steps: 50_000_000,
            max_output_bytes: 100 * 1024 * 1024,
            max_duration: Duration::from_secs(366 * 24 * 60 * 60),
            max_nesting: 60,
            max_held_bytes: 512 * 1024 * 1024,
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
        if state.held_bytes() > self.max_held_bytes {
            return Some(exceeded(format!(
                "The run holds more than {} bytes for later steps, which is all that one run may hold. Read fewer records at a time, or collect less in its loops.",
                self.max_held_bytes
            )));
        }
        if self
            .deadline(plan, state)
            .is_some_and(|deadline| now >= deadline)
        {
            let own = plan
                .timeout_ms()
                .filter(|own| u128::from(*own) < self.max_duration.as_millis());
            return Some(match own {
                Some(own) => StepError {
                    code: "timeout".to_owned(),
                    message: format!(
                        "The run has taken {} seconds, which is as long as its workflow allows.",
                        own.div_ceil(1000)
                    ),
                    ..StepError::default()
                },
                None => exceeded(format!(
                    "The run has taken {} seconds, which is as long as one run may take.",
                    self.max_duration.as_secs()
                )),
            });
        }
        None
    }

    /// When the run has to be over, in unix milliseconds.
    pub fn deadline(&self, plan: &Plan, state: &State) -> Option<i64> {
        let longest = u64::try_from(self.max_duration.as_millis()).unwrap_or(u64::MAX);
        let longest = plan.timeout_ms().map_or(longest, |own| own.min(longest));
        state.started_at()?.checked_add_unsigned(longest)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decide::settle,
        plan::compile,
        testing::{Bench, catalog, workflow},
    };
    use serde_json::json;

    fn code(limits: &Limits, bench: &Bench, now: i64) -> Option<String> {
        let breach = limits.breach(&bench.plan, &bench.state, now);
        breach.map(|error| error.code)
    }

    #[test]
    fn a_workflow_may_allow_its_runs_less_time_than_the_server_and_never_more() {
        let limits = Limits {
            max_duration: Duration::from_secs(100),
            ..Limits::default()
        };
        let cases = [
            (None, 100, LIMIT_EXCEEDED),
            (Some(2.5), 2, "timeout"),
            (Some(1e6), 100, LIMIT_EXCEEDED),
        ];
        for (timeout, seconds, expected) in cases {
            let mut workflow = workflow(json!([{ "name": "a" }])).unwrap();
            workflow.timeout = timeout;
            let mut bench = Bench::new(compile(&workflow, &catalog()).unwrap());
            bench.start(Json::Null).unwrap();
            let before = bench.now + seconds * 1000 - 1;
            assert_eq!(code(&limits, &bench, before), None, "{timeout:?}");
            let found = code(&limits, &bench, before + 1001);
            assert_eq!(found.as_deref(), Some(expected), "{timeout:?}");
        }
    }

    #[test]
    fn what_a_run_holds_is_measured_and_given_back() {
        let limits = Limits {
            max_held_bytes: 1000,
            ..Limits::default()
        };
        let steps = json!([
            { "name": "a" },
            { "name": "b", "inputs": { "a": { "$path": "$.steps.a" } } },
            { "name": "c" },
        ]);
        let mut bench = Bench::of(steps).unwrap();
        let mut commands = bench.start(Json::Null).unwrap();
        let mut held = Vec::new();
        for _ in 0..3 {
            let (calls, _) = bench.carry_out(commands).unwrap();
            held.push(code(&limits, &bench, bench.now).is_some());
            let output = Ok(json!("x".repeat(2000)));
            let kind = settle(&bench.plan, &bench.limits, &calls[0], output, 0, 0);
            commands = bench.apply(kind).unwrap();
        }
        // While `b` runs, what `a` gave is held; nobody reads what the others gave.
        assert_eq!(held, [false, true, false]);
    }
}
