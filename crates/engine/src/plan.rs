//! A workflow made ready to run: everything a run needs, pinned when it is accepted.

mod compile;
mod given;
mod link;
mod part;
mod stand_in;

use crate::{input::Input, redact::Track};
use indexmap::IndexMap;
use patchbay_model::{
    Json, JsonMap,
    condition::Conditions,
    document::{Backoff, OnError, OnInterrupt},
    id::AuthenticationId,
    spec::StepKind,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fmt::Write as _};

pub use compile::compile;
pub use part::{Cut, Needed, Part, PartError};
pub(crate) use stand_in::StandIn;

/// The version of a plan as it is journalled; every version ever written stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Format {
    /// The first version.
    #[default]
    #[serde(rename = "patchbay.plan/1")]
    V1,
}

/// The steps of a workflow with all that the engine has to know about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    format: Format,
    /// `$.config`
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    config: JsonMap,
    /// Runs around this one, each started by a step of the one before; 0 for a run that a trigger started.
    #[serde(default, skip_serializing_if = "is_zero")]
    depth: usize,
    /// Milliseconds after which the run counts as failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u64>,
    pub(crate) steps: Vec<PlanStep>,
    /// What steps gave that are not part of it.
    #[serde(default, skip_serializing_if = "given::Given::is_empty")]
    given: given::Given,
    #[serde(skip)]
    linked: Linked,
}

/// What is worked out anew whenever a plan is read.
#[derive(Debug, Clone, PartialEq, Default)]
struct Linked {
    /// The same as `config`, as one value.
    config: Json,
    /// Whether any step reads the trigger's output, and up to where.
    trigger: Kept,
    nesting: usize,
    /// The way to each step by its name.
    ways: HashMap<String, Vec<Turn>>,
}

/// One turn on the way down the tree of steps: a position in the current list, and the list below it to enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Here(usize),
    Body(usize),
    /// The step's position, and that of the branch among its branches.
    Branch(usize, usize),
    OnError(usize),
}

/// One step, with every default filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanStep {
    pub name: String,
    pub kind: StepKind,
    pub connector: String,
    pub operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthenticationId>,
    /// As in the document.
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    pub inputs: JsonMap,
    /// The steps of each iteration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<PlanStep>,
    /// The steps of each branch, by its name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub branches: IndexMap<String, Vec<PlanStep>>,
    /// Of a break or continue: which loop around it is meant, counted from the innermost, which is 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub leaves: usize,
    #[serde(default)]
    pub on_error: OnError,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_error_steps: Vec<PlanStep>,
    /// Whether executing it twice is the same as once.
    #[serde(default)]
    pub repeatable: bool,
    /// What happens to an attempt of which nobody knows how it ended.
    pub on_interrupt: OnInterrupt,
    pub retry: Retrying,
    /// Milliseconds after which one attempt counts as failed.
    pub timeout_ms: u64,
    /// It is not executed; this stands in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stand_in: Option<StandIn>,
    /// Whether executing it changes nothing anywhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reads: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) secret_inputs: Vec<Track>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) secret_outputs: Vec<Track>,
    /// The inputs, compiled.
    #[serde(skip)]
    pub(crate) values: Vec<(String, Input)>,
    /// Of a step that decides by conditions, or a loop that ends by them.
    #[serde(skip)]
    pub(crate) conditions: Option<Conditions>,
    /// How long its output has to be kept.
    #[serde(skip)]
    pub(crate) kept: Kept,
    /// Outputs of its own list that nobody reads once this step is over.
    #[serde(skip)]
    pub(crate) releases: Vec<String>,
}

/// How a failed attempt is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrying {
    /// Attempts in all, the first included.
    pub attempts: u32,
    pub backoff: Backoff,
    pub first_delay_ms: u64,
    pub max_delay_ms: u64,
    /// Only when a rate limit turned the attempt away, so that certainly nothing has happened.
    #[serde(default)]
    pub only_refused: bool,
}

/// How long an output has to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kept {
    /// Nobody reads it.
    #[default]
    Never,
    /// Until a later step of the same list releases it, or the list's scope ends.
    Scope,
}

/// Why a pinned plan cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It has another shape.
    #[error("the pinned plan cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// It holds a value that this version does not understand.
    #[error(
        "the pinned plan holds a value that cannot be read, in step {step} at {field}: {message}"
    )]
    Value {
        /// The step's name.
        step: String,
        /// JSON pointer below `inputs`.
        field: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Plan {
    fn new(config: JsonMap, steps: Vec<PlanStep>) -> Self {
        let mut plan = Self {
            format: Format::V1,
            config,
            depth: 0,
            timeout_ms: None,
            steps,
            given: given::Given::default(),
            linked: Linked::default(),
        };
        plan.link();
        plan
    }

    /// The plan as it is pinned in the journal.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reads a pinned plan back.
    pub fn from_json(json: &Json) -> Result<Self, PlanError> {
        let mut plan = Self::deserialize(json)?;
        plan.steps.iter_mut().try_for_each(PlanStep::read_values)?;
        plan.link();
        Ok(plan)
    }

    /// SHA-256 of the pinned form, in hex: equal for equal plans.
    pub fn hash(&self) -> String {
        let text = serde_json::to_vec(self).unwrap_or_default();
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(&text) {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// The steps in order.
    pub fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    /// A step by its name, wherever it stands.
    pub fn step(&self, name: &str) -> Option<&PlanStep> {
        let mut steps = self.steps.as_slice();
        for turn in self.linked.ways.get(name)? {
            match *turn {
                Turn::Here(position) => return steps.get(position),
                Turn::Body(position) => steps = &steps.get(position)?.body,
                Turn::Branch(position, branch) => {
                    steps = steps.get(position)?.branches.get_index(branch)?.1;
                }
                Turn::OnError(position) => steps = &steps.get(position)?.on_error_steps,
            }
        }
        None
    }

    /// The plan of a run that a step of another one starts.
    #[must_use]
    pub fn at_depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    fn within(self, timeout_ms: Option<u64>) -> Self {
        Self { timeout_ms, ..self }
    }

    /// Milliseconds after which the run counts as failed, if the workflow says so.
    pub fn timeout_ms(&self) -> Option<u64> {
        self.timeout_ms
    }

    /// Runs around this one, each started by a step of the one before.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The way down the tree to a step.
    pub(crate) fn way(&self, name: &str) -> Option<&[Turn]> {
        self.linked.ways.get(name).map(Vec::as_slice)
    }

    /// The loops around a step, outermost first.
    pub(crate) fn loops_around(&self, name: &str) -> Vec<&str> {
        let mut loops = Vec::new();
        let mut steps = self.steps.as_slice();
        for turn in self.way(name).unwrap_or_default() {
            let (Turn::Here(position)
            | Turn::Body(position)
            | Turn::OnError(position)
            | Turn::Branch(position, _)) = *turn;
            let Some(step) = steps.get(position) else {
                break;
            };
            steps = match *turn {
                Turn::Here(_) => break,
                Turn::OnError(_) => &step.on_error_steps,
                Turn::Branch(_, branch) => step
                    .branches
                    .get_index(branch)
                    .map_or(&[], |(_, steps)| steps),
                Turn::Body(_) => {
                    loops.push(step.name.as_str());
                    &step.body
                }
            };
        }
        loops
    }

    /// How deep loops, branches and error branches stand inside one another; 1 for a flat plan.
    pub fn nesting(&self) -> usize {
        self.linked.nesting
    }

    /// `$.config`
    pub(crate) fn config(&self) -> &Json {
        &self.linked.config
    }

    /// How long the trigger's output has to be kept.
    pub(crate) fn trigger_kept(&self) -> Kept {
        self.linked.trigger
    }
}

impl PlanStep {
    /// The compiled value of an input, if it is given.
    pub(crate) fn value(&self, field: &str) -> Option<&Input> {
        self.values
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value)
    }

    fn read_values(&mut self) -> Result<(), PlanError> {
        for (field, json) in &self.inputs {
            let value = Input::parse(json).map_err(|problem| PlanError::Value {
                step: self.name.clone(),
                field: problem.below(field),
                message: problem.message,
            })?;
            self.values.push((field.clone(), value));
        }
        self.conditions =
            compile::conditions(self.kind, &self.inputs).map_err(|error| PlanError::Value {
                step: self.name.clone(),
                field: error.pointer,
                message: error.message,
            })?;
        self.body
            .iter_mut()
            .chain(self.branches.values_mut().flatten())
            .chain(&mut self.on_error_steps)
            .try_for_each(Self::read_values)
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests;
