//! Names, bodies and settings of steps.

use super::Check;
use crate::{
    document::{Lane, MAX_NAME, MAX_NESTING, OnError, Step, TRIGGER, Visit, sound_name},
    spec::OperationSpec,
};
use std::collections::HashSet;

impl<'a> Check<'a> {
    pub(super) fn name(&mut self, step: &'a Step, names: &mut HashSet<&'a str>) {
        if step.name == TRIGGER {
            let message = "A step cannot be named `trigger`: that name belongs to the trigger.";
            self.report.error("bad_name", &step.name, None, message);
        } else if !sound_name(&step.name) {
            let message = format!(
                "`{}` cannot be the name of a step: it must begin with a letter and have only letters, digits, `-` and `_`, at most {MAX_NAME} of them.",
                crate::words::cut(&step.name, 40)
            );
            self.report.error("bad_name", &step.name, None, message);
        }
        if !names.insert(&step.name) {
            let message = format!(
                "Another step is named `{}` too; each name may stand only once.",
                step.name
            );
            let fresh = self
                .reach
                .workflow()
                .fresh_name(crate::document::stem(&step.name));
            self.report
                .error("duplicate_name", &step.name, None, message)
                .suggestion = Some(fresh);
        }
    }

    /// Whether it has a body if and only if it needs one.
    pub(super) fn shape(&mut self, visit: &Visit<'a>, spec: Option<&OperationSpec>) {
        let step = visit.step;
        let name = step.name.as_str();
        if visit.depth == MAX_NESTING {
            let message = format!("Steps may stand at most {MAX_NESTING} deep inside one another.");
            self.report.error("too_deep", name, None, message);
        }
        let Some(spec) = spec else { return };
        match &step.body {
            None if spec.kind.has_body() => {
                self.report.error(
                    "body_missing",
                    name,
                    None,
                    "A loop needs a body: the steps that it repeats.",
                );
            }
            Some(body) if spec.kind.has_body() && body.is_empty() => {
                self.report.warning(
                    "empty_loop",
                    name,
                    None,
                    "This loop repeats nothing; add a step inside it.",
                );
            }
            Some(_) if !spec.kind.has_body() => {
                let message = format!(
                    "{} is no loop, so no steps can stand inside it.",
                    spec.title
                );
                self.report.error("body_not_allowed", name, None, message);
            }
            _ => {}
        }
        self.branches(step, spec);
    }

    pub(super) fn settings(&mut self, visit: &Visit<'a>) {
        let step = visit.step;
        let name = step.name.as_str();
        let leaves_loop = matches!(step.on_error, OnError::NextItem | OnError::BreakLoop);
        if leaves_loop && !self.stands_in_a_loop(visit) {
            let message = "The error handling speaks of a loop, and this step is in none; choose to stop or to continue.";
            self.report.error("not_in_a_loop", name, None, message);
        }
        if step.on_error == OnError::Branch
            && step.on_error_steps.as_ref().is_none_or(Vec::is_empty)
        {
            let message = "The error branch is empty, so a failure is ignored; add a step to it.";
            self.report
                .warning("empty_error_branch", name, None, message);
        }
        if let Some(retry) = &step.retry {
            let delays = [retry.first_delay, retry.max_delay];
            if retry.attempts == 0
                || delays
                    .iter()
                    .any(|delay| !delay.is_finite() || *delay < 0.0)
            {
                let message =
                    "A retry needs at least one attempt, and delays that are not negative.";
                self.report.error("bad_retry", name, None, message);
            }
        }
        if step
            .timeout
            .is_some_and(|seconds| !seconds.is_finite() || seconds <= 0.0)
        {
            self.report.error(
                "bad_timeout",
                name,
                None,
                "The timeout must be more than 0 seconds.",
            );
        }
    }

    /// Whether a step stands in the body of a loop, at whatever depth.
    fn stands_in_a_loop(&self, visit: &Visit<'a>) -> bool {
        if visit.lane() == Some(Lane::Body) {
            return true;
        }
        let Some(parent) = visit.parent else {
            return false;
        };
        self.reach.is_inside_loop(&parent.name)
    }
}
