//! Steps that choose the way: their branches, their conditions, the loops that they leave, how long they wait.

use super::Check;
use crate::{
    Json,
    condition::Conditions,
    document::Step,
    spec::{Branching, OperationSpec, StepKind},
    suggest::closest,
};

impl<'a> Check<'a> {
    /// Whether it has the branches that it can have.
    pub(super) fn branches(&mut self, step: &'a Step, spec: &OperationSpec) {
        let name = step.name.as_str();
        let branching = spec.kind.branching();
        let Some(branches) = &step.branches else {
            if branching != Branching::None {
                let message = format!("{} needs branches; add one.", spec.title);
                self.report.error("branches_missing", name, None, message);
            }
            return;
        };
        if branching == Branching::None {
            let message = format!(
                "{} does not branch, so it cannot have branches.",
                spec.title
            );
            self.report
                .error("branches_not_allowed", name, None, message);
            return;
        }
        let known = branching.first_names();
        let wrong = |branch: &&String| match branching {
            Branching::TrueFalse => !known.contains(&branch.as_str()),
            _ => branch.trim().is_empty(),
        };
        for branch in branches.keys().filter(wrong) {
            let message = if branch.trim().is_empty() {
                "A branch needs a name.".to_owned()
            } else {
                format!(
                    "The branches of this step are `true` and `false`; `{branch}` is never taken."
                )
            };
            self.report.error("bad_branch", name, None, message);
        }
        if branches.values().all(Vec::is_empty) {
            let message = "There is nothing in any of its branches; add a step to one of them.";
            self.report.warning("empty_branches", name, None, message);
        }
    }

    /// What only steps of some kinds can have wrong.
    pub(super) fn flow(&mut self, step: &'a Step, spec: Option<&'a OperationSpec>) {
        match spec.map(|spec| spec.kind) {
            Some(StepKind::Boolean | StepKind::LoopUntil) => self.conditions(step),
            Some(StepKind::Branch) => self.rules(step),
            Some(StepKind::Break | StepKind::Continue) => self.left_loop(step),
            Some(StepKind::Delay) => self.delay(step),
            _ => {}
        }
    }

    fn conditions(&mut self, step: &'a Step) {
        let said = self.report.problems.iter().any(|problem| {
            let field = problem.field.as_deref().unwrap_or_default();
            problem.step.as_deref() == Some(&step.name)
                && (field.starts_with("/conditions") || field.starts_with("/match"))
        });
        if let Err(error) = Conditions::read(&step.inputs)
            && !said
        {
            self.report.error(
                "bad_condition",
                &step.name,
                Some(&error.pointer),
                error.message,
            );
        }
    }

    fn rules(&mut self, step: &'a Step) {
        let Some(Json::Array(rules)) = step.inputs.get("rules") else {
            return;
        };
        let names = || {
            step.branches
                .iter()
                .flatten()
                .map(|(name, _)| name.as_str())
        };
        for (index, rule) in rules.iter().enumerate() {
            let Some(branch) = rule.get("branch").and_then(Json::as_str) else {
                continue;
            };
            if names().all(|name| name != branch) {
                let field = format!("/rules/{index}/branch");
                let message = format!("There is no branch `{branch}`.");
                let near = closest(branch, names()).map(str::to_owned);
                self.report
                    .error("bad_branch", &step.name, Some(&field), message)
                    .suggestion = near;
            }
        }
    }

    fn left_loop(&mut self, step: &'a Step) {
        let around = self.reach.loops_around(&step.name);
        if around.is_empty() {
            let message = "This step leaves a loop, and it stands in none.";
            self.report
                .error("not_in_a_loop", &step.name, None, message);
            return;
        }
        let named = match step.inputs.get("loop") {
            None | Some(Json::Null) => return,
            Some(Json::String(name)) if name.is_empty() => return,
            Some(Json::String(name)) => name.as_str(),
            Some(_) => {
                let message = "The loop has to be named here; it cannot be a path.";
                self.report
                    .error("bad_value", &step.name, Some("/loop"), message);
                return;
            }
        };
        if !around.contains(&named) {
            let message = format!("`{named}` is no loop around this step.");
            let near = closest(named, around.iter().copied())
                .or(around.last().copied())
                .map(str::to_owned);
            self.report
                .error("not_in_a_loop", &step.name, Some("/loop"), message)
                .suggestion = near;
        }
    }

    fn delay(&mut self, step: &'a Step) {
        let given = |field: &str| {
            step.inputs.get(field).is_some_and(|value| {
                !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty())
            })
        };
        let (field, message) = match (given("duration"), given("until")) {
            (false, false) => ("/duration", "Say how long to wait, or until when."),
            (true, true) => (
                "/until",
                "Both a duration and a time are given; take one of them out.",
            ),
            _ => return,
        };
        self.report
            .error("bad_delay", &step.name, Some(field), message);
    }
}

#[cfg(test)]
mod tests;
