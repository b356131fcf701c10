//! From a workflow and the catalogue to a plan, or to the problems that keep it from running.

use super::{Plan, PlanStep, Retrying};
use crate::{input::Input, redact};
use indexmap::IndexMap;
use patchbay_model::{
    Json, JsonMap,
    condition::{ConditionError, Conditions},
    document::{Backoff, OnError, OnInterrupt, Retry, Step, TRIGGER, Workflow},
    problem::{Problem, Severity},
    spec::{Branching, Catalog, OperationSpec, StepKind},
    suggest::closest,
};
use std::collections::BTreeSet;

/// Steps inside one another that a plan can hold.
const DEEPEST: usize = 60;

/// How long one attempt may take when nobody says otherwise.
const DEFAULT_TIMEOUT_MS: u64 = 10 * 60 * 1000;

/// Attempts when nobody says otherwise.
const DEFAULT_ATTEMPTS: u32 = 3;

/// Makes a workflow ready to run. Only what keeps it from running is a problem here; `check` says more.
pub fn compile(workflow: &Workflow, catalog: &dyn Catalog) -> Result<Plan, Vec<Problem>> {
    let mut compiler = Compiler {
        catalog,
        names: BTreeSet::from([TRIGGER.to_owned()]),
        problems: Vec::new(),
    };
    let steps = compiler.list(&workflow.steps, &Place::default());
    if compiler.problems.is_empty() {
        let timeout = workflow.timeout.map(|seconds| millis(seconds).max(1));
        Ok(Plan::new(workflow.config.clone(), steps).within(timeout))
    } else {
        Err(compiler.problems)
    }
}

struct Compiler<'a> {
    catalog: &'a dyn Catalog,
    names: BTreeSet<String>,
    problems: Vec<Problem>,
}

/// Where a list of steps stands.
#[derive(Clone, Default)]
struct Place<'a> {
    /// The loops around it, outermost first.
    loops: Vec<&'a str>,
    /// Steps around it.
    depth: usize,
}

impl<'a> Place<'a> {
    fn body_of(&self, step: &'a str) -> Self {
        let mut inner = self.inner();
        inner.loops.push(step);
        inner
    }

    fn inner(&self) -> Self {
        Self {
            loops: self.loops.clone(),
            depth: self.depth + 1,
        }
    }
}

impl Compiler<'_> {
    fn list<'s>(&mut self, steps: &'s [Step], place: &Place<'s>) -> Vec<PlanStep> {
        steps
            .iter()
            .filter_map(|step| self.step(step, place))
            .collect()
    }

    fn step<'s>(&mut self, step: &'s Step, place: &Place<'s>) -> Option<PlanStep> {
        if place.depth >= DEEPEST {
            self.problem(
                step,
                "too_deep",
                None,
                format!("Steps stand more than {DEEPEST} levels inside one another."),
            );
            return None;
        }
        self.name(step);
        self.escape(step, place);
        let values = self.values(step);
        let body = self.list(
            step.body.as_deref().unwrap_or_default(),
            &place.body_of(&step.name),
        );
        let branches = step.branches.iter().flatten();
        let branches: IndexMap<String, Vec<PlanStep>> = branches
            .map(|(name, steps)| (name.clone(), self.list(steps, &place.inner())))
            .collect();
        let on_error_steps = match step.on_error {
            OnError::Branch => self.list(
                step.on_error_steps.as_deref().unwrap_or_default(),
                &place.inner(),
            ),
            _ => Vec::new(),
        };
        let spec = self.operation(step)?;
        self.shape(step, &spec, &body, &branches);
        let conditions = self.conditions(step, spec.kind);
        let leaves = self.leaves(step, spec.kind, place);
        Some(PlanStep {
            name: step.name.clone(),
            kind: spec.kind,
            connector: step.connector.clone(),
            operation: step.operation.clone(),
            auth: step.auth.clone(),
            inputs: step.inputs.clone(),
            body,
            branches,
            leaves,
            on_error: step.on_error,
            on_error_steps,
            repeatable: spec.repeatable,
            on_interrupt: step.on_interrupt.unwrap_or(default_on_interrupt(&spec)),
            retry: retrying(step.retry.as_ref(), &spec),
            timeout_ms: step
                .timeout
                .map_or(default_timeout_ms(spec.kind), millis)
                .max(1),
            stand_in: None,
            reads: spec.reads || super::stand_in::asks_only(&step.inputs, &spec),
            secret_inputs: redact::tracks(&spec.inputs),
            secret_outputs: redact::tracks(&spec.output),
            values,
            conditions,
            kept: super::Kept::default(),
            releases: Vec::new(),
        })
    }

    fn name(&mut self, step: &Step) {
        if step.name.is_empty() {
            self.problem(
                step,
                "missing_name",
                None,
                "A step needs a name.".to_owned(),
            );
        } else if !self.names.insert(step.name.clone()) {
            let message = format!(
                "There is more than one step named `{}`; rename one of them.",
                step.name
            );
            self.problem(step, "duplicate_step", None, message);
        }
    }

    fn shape(
        &mut self,
        step: &Step,
        spec: &OperationSpec,
        body: &[PlanStep],
        branches: &IndexMap<String, Vec<PlanStep>>,
    ) {
        if !spec.kind.has_body() && !body.is_empty() {
            self.problem(
                step,
                "no_body",
                None,
                format!("`{}` is no loop and cannot hold steps.", step.operation),
            );
        }
        let message = match spec.kind.branching() {
            Branching::None if !branches.is_empty() => {
                format!(
                    "`{}` does not branch and cannot have branches.",
                    step.operation
                )
            }
            Branching::TrueFalse => {
                let names = Branching::TrueFalse.first_names();
                match branches.keys().find(|name| !names.contains(&name.as_str())) {
                    Some(other) => {
                        format!("It can have the branches `true` and `false`, and has `{other}`.")
                    }
                    None => return,
                }
            }
            _ => return,
        };
        self.problem(step, "bad_branches", None, message);
    }

    fn conditions(&mut self, step: &Step, kind: StepKind) -> Option<Conditions> {
        match conditions(kind, &step.inputs) {
            Ok(conditions) => conditions,
            Err(error) => {
                self.problem(step, "invalid_value", Some(error.pointer), error.message);
                None
            }
        }
    }

    /// Which loop a break or continue means.
    fn leaves(&mut self, step: &Step, kind: StepKind, place: &Place<'_>) -> usize {
        if !matches!(kind, StepKind::Break | StepKind::Continue) {
            return 0;
        }
        let loops = place.loops.iter().rev().copied();
        let found = match step.inputs.get("loop") {
            None | Some(Json::Null) => loops.clone().next().map(|_| 0),
            Some(Json::String(name)) if name.is_empty() => loops.clone().next().map(|_| 0),
            Some(Json::String(name)) => loops.clone().position(|around| around == name),
            Some(_) => None,
        };
        match found {
            Some(position) => position + 1,
            None if place.loops.is_empty() => {
                let message = "It stands in no loop, so there is none to leave.".to_owned();
                self.problem(step, "not_in_loop", None, message);
                0
            }
            None => {
                let names: Vec<String> = loops.map(|name| format!("`{name}`")).collect();
                let message = format!(
                    "`loop` has to be the name of a loop around this step: {}.",
                    names.join(", ")
                );
                self.problem(step, "not_in_loop", Some("/loop".to_owned()), message);
                0
            }
        }
    }

    fn escape(&mut self, step: &Step, place: &Place<'_>) {
        let leaves_loop = matches!(step.on_error, OnError::NextItem | OnError::BreakLoop);
        if leaves_loop && place.loops.is_empty() {
            let message = "On error it goes on with a loop, but it stands in no loop; choose another behaviour.";
            self.problem(step, "not_in_loop", None, message.to_owned());
        }
    }

    fn values(&mut self, step: &Step) -> Vec<(String, Input)> {
        let mut values = Vec::with_capacity(step.inputs.len());
        for (field, json) in &step.inputs {
            match Input::parse(json) {
                Ok(value) => values.push((field.clone(), value)),
                Err(problem) => {
                    self.problem(
                        step,
                        "invalid_value",
                        Some(problem.below(field)),
                        problem.message,
                    );
                }
            }
        }
        values
    }

    fn operation(&mut self, step: &Step) -> Option<OperationSpec> {
        let Some(connector) = self.catalog.connector(&step.connector) else {
            let near = closest(&step.connector, self.catalog.names()).map(str::to_owned);
            self.unknown(
                step,
                "unknown_connector",
                format!("There is no connector `{}`", step.connector),
                near,
            );
            return None;
        };
        let Some(operation) = connector
            .operations
            .iter()
            .find(|operation| operation.name == step.operation)
        else {
            let names = connector
                .operations
                .iter()
                .map(|operation| operation.name.as_str());
            let near = closest(&step.operation, names).map(str::to_owned);
            let message = format!(
                "The connector `{}` has no operation `{}`",
                step.connector, step.operation
            );
            self.unknown(step, "unknown_operation", message, near);
            return None;
        };
        if operation.kind == StepKind::Trigger {
            let message = format!("`{}` starts runs; it cannot be a step.", step.operation);
            self.problem(step, "trigger_as_step", None, message);
            return None;
        }
        Some(operation.clone())
    }

    fn unknown(&mut self, step: &Step, code: &str, message: String, suggestion: Option<String>) {
        let hint = suggestion
            .as_ref()
            .map(|word| format!("; did you mean `{word}`?"))
            .unwrap_or(".".to_owned());
        self.problem(step, code, None, message + &hint);
        if let Some(problem) = self.problems.last_mut() {
            problem.suggestion = suggestion;
        }
    }

    fn problem(&mut self, step: &Step, code: &str, field: Option<String>, message: String) {
        self.problems.push(Problem {
            severity: Severity::Error,
            code: code.to_owned(),
            step: Some(step.name.clone()),
            field,
            message,
            suggestion: None,
        });
    }
}

/// The conditions of a step that has some.
pub(super) fn conditions(
    kind: StepKind,
    inputs: &JsonMap,
) -> Result<Option<Conditions>, ConditionError> {
    match kind {
        StepKind::Boolean | StepKind::LoopUntil => Conditions::read(inputs).map(Some),
        _ => Ok(None),
    }
}

/// A run of another workflow may take as long as it is allowed to; it ends by itself.
fn default_timeout_ms(kind: StepKind) -> u64 {
    match kind {
        StepKind::CallWorkflow => millis(f64::MAX),
        _ => DEFAULT_TIMEOUT_MS,
    }
}

fn default_on_interrupt(spec: &OperationSpec) -> OnInterrupt {
    if spec.irreversible && !spec.repeatable {
        OnInterrupt::Fail
    } else {
        OnInterrupt::Retry
    }
}

fn retrying(retry: Option<&Retry>, spec: &OperationSpec) -> Retrying {
    match retry {
        Some(retry) => Retrying {
            attempts: retry.attempts.max(1),
            backoff: retry.backoff,
            first_delay_ms: millis(retry.first_delay),
            max_delay_ms: millis(retry.max_delay),
            only_refused: false,
        },
        None => Retrying {
            attempts: DEFAULT_ATTEMPTS,
            backoff: Backoff::Exponential,
            first_delay_ms: 2_000,
            max_delay_ms: 60_000,
            only_refused: !spec.repeatable,
        },
    }
}

/// Seconds as a person gives them, in milliseconds; at most a year.
fn millis(seconds: f64) -> u64 {
    const YEAR: f64 = 365.0 * 24.0 * 60.0 * 60.0;
    // A float turns into the nearest integer; nothing below zero or above a year is left here.
    if seconds.is_nan() {
        0
    } else {
        (seconds.clamp(0.0, YEAR) * 1000.0).round() as u64
    }
}
