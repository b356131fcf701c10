//! Looks a workflow over and says everything that is wrong with it, in words that help to mend it.
//!
//! Checking never fails: a broken workflow can always be opened, saved and repaired.

mod authentication;
mod flow;
mod inputs;
mod paths;
mod report;
mod structure;

use crate::{
    JsonMap,
    document::{Step, TRIGGER, Workflow},
    id::AuthenticationId,
    problem::{Problem, Severity},
    reach::{Known, Reach},
    spec::{Catalog, OperationSpec},
};
use report::Report;

/// What is known beyond the workflow and the catalogue.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The authentications that the person may use; none: they are not known and not checked.
    pub authentications: Option<&'a [KnownAuthentication]>,
    /// Schemas worked out by the server, and outputs of past runs.
    pub known: Option<&'a Known>,
}

/// An authentication that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAuthentication {
    /// What steps refer to it by.
    pub id: AuthenticationId,
    /// What people call it.
    pub name: String,
    /// The service it is for.
    pub service: String,
    /// What it was granted; none: nobody knows (a pasted token).
    pub scopes: Option<Vec<String>>,
}

/// Everything that is wrong with the workflow, in its order: the trigger first, then step by step.
pub fn check(workflow: &Workflow, catalog: &dyn Catalog, context: &Context<'_>) -> Vec<Problem> {
    let nothing = Known::default();
    let mut check = Check {
        reach: Reach::new(workflow),
        catalog,
        known: context.known.unwrap_or(&nothing),
        authentications: context.authentications,
        report: Report::default(),
    };
    check.workflow();
    check.trigger();
    let mut names = std::collections::HashSet::new();
    for visit in workflow.all_steps() {
        check.step(&visit, &mut names);
    }
    check.report.problems
}

struct Check<'a> {
    reach: Reach<'a>,
    catalog: &'a dyn Catalog,
    known: &'a Known,
    authentications: Option<&'a [KnownAuthentication]>,
    report: Report,
}

/// What a step and the trigger have in common.
#[derive(Clone, Copy)]
struct Target<'a> {
    name: &'a str,
    connector: &'a str,
    operation: &'a str,
    auth: Option<&'a AuthenticationId>,
    inputs: &'a JsonMap,
}

impl<'a> Target<'a> {
    fn trigger(workflow: &'a Workflow) -> Self {
        let trigger = &workflow.trigger;
        Self {
            name: TRIGGER,
            connector: &trigger.connector,
            operation: &trigger.operation,
            auth: trigger.auth.as_ref(),
            inputs: &trigger.inputs,
        }
    }

    fn step(step: &'a Step) -> Self {
        Self {
            name: &step.name,
            connector: &step.connector,
            operation: &step.operation,
            auth: step.auth.as_ref(),
            inputs: &step.inputs,
        }
    }
}

impl<'a> Check<'a> {
    fn workflow(&mut self) {
        let timeout = self.reach.workflow().timeout;
        if timeout.is_some_and(|seconds| !seconds.is_finite() || seconds <= 0.0) {
            self.report.problems.push(Problem {
                severity: Severity::Error,
                code: "bad_timeout".to_owned(),
                step: None,
                field: Some("/timeout".to_owned()),
                message: "The workflow's timeout must be more than 0 seconds.".to_owned(),
                suggestion: None,
            });
        }
    }

    fn trigger(&mut self) {
        let target = Target::trigger(self.reach.workflow());
        let spec = self.operation(target, true);
        self.authentication(target, spec);
        self.inputs(target, spec);
    }

    fn step(
        &mut self,
        visit: &crate::document::Visit<'a>,
        names: &mut std::collections::HashSet<&'a str>,
    ) {
        let target = Target::step(visit.step);
        self.name(visit.step, names);
        let spec = self.operation(target, false);
        self.shape(visit, spec);
        self.settings(visit);
        self.authentication(target, spec);
        self.inputs(target, spec);
        self.flow(visit.step, spec);
    }

    /// The operation that it stands for; says so when there is none.
    fn operation(&mut self, target: Target<'a>, as_trigger: bool) -> Option<&'a OperationSpec> {
        let Some(connector) = self.catalog.connector(target.connector) else {
            let message = format!("There is no connector `{}` here.", target.connector);
            let near =
                crate::suggest::closest(target.connector, self.catalog.names()).map(str::to_owned);
            self.report
                .error("unknown_connector", target.name, None, message)
                .suggestion = near;
            return None;
        };
        let found = self.catalog.operation(target.connector, target.operation);
        if found.is_none() {
            let offered = if as_trigger {
                &connector.triggers
            } else {
                &connector.operations
            };
            let near = crate::suggest::closest(
                target.operation,
                offered.iter().map(|spec| spec.name.as_str()),
            );
            let what = if as_trigger { "trigger" } else { "operation" };
            let message = format!(
                "{} has no {what} `{}`; choose another one.",
                connector.title, target.operation
            );
            self.report
                .error("unknown_operation", target.name, None, message)
                .suggestion = near.map(str::to_owned);
        }
        let is_trigger = connector
            .triggers
            .iter()
            .any(|spec| spec.name == target.operation)
            || found.is_some_and(|spec| spec.kind == crate::spec::StepKind::Trigger);
        if found.is_some() && is_trigger != as_trigger {
            let (code, message) = if as_trigger {
                (
                    "not_a_trigger",
                    format!(
                        "`{}` cannot start a workflow; choose a trigger.",
                        target.operation
                    ),
                )
            } else {
                (
                    "trigger_in_steps",
                    "A trigger starts a workflow and cannot stand among its steps.".to_owned(),
                )
            };
            self.report.error(code, target.name, None, message);
        }
        found
    }
}

#[cfg(test)]
mod tests;
