//! Where a run stands: the fold of its events over its plan.
//!
//! A state holds what later steps can still read and nothing else: when an iteration of a loop ends, all
//! that its steps gave is dropped.

mod fold;
mod frontier;
mod hydrate;
mod source;
mod view;

use crate::plan::Plan;
use patchbay_model::{
    Json,
    document::TRIGGER,
    event::{RunError, RunStatus},
    id::{OrganisationId, PersonId, RunId, WorkflowId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

pub use fold::Mismatch;
pub use hydrate::HydrateError;
pub(crate) use source::{Source, opening};
pub(crate) use view::{Layer, View};

/// What a run is told about itself; it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub run: RunId,
    pub organisation: OrganisationId,
    pub workflow: WorkflowId,
    pub revision: i64,
    pub person: Option<PersonId>,
}

/// Where a run stands.
///
/// Serialises as a frontier: small outputs stand in it, large ones are named by the event that brought them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The last event folded in.
    ord: u64,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    outcome: Option<(RunStatus, Option<RunError>)>,
    cancelling: bool,
    /// The run fails with this as soon as the calls in flight have ended.
    failure: Option<RunError>,
    steps_done: u64,
    pub(crate) root: Frame,
    #[serde(skip)]
    env: Json,
    #[serde(skip)]
    run: Option<RunId>,
}

/// One scope: the top level of a run, or one iteration of a loop.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Frame {
    pub(crate) known: Known,
    pub(crate) lane: Lane,
    /// The remaining steps are skipped.
    pub(crate) ended: Option<Ended>,
    /// A step failed for good and no error branch dealt with it.
    pub(crate) failed: bool,
}

/// What the steps of a scope gave.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) outputs: BTreeMap<String, Held>,
    pub(crate) errors: BTreeMap<String, Held>,
}

/// A value together with the event that brought it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    pub(crate) ord: u64,
    pub(crate) value: Arc<Json>,
    /// Not read back yet.
    pub(crate) absent: bool,
}

/// How an iteration came to an early end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ended {
    NextItem,
    BreakLoop,
}

/// A place in a list of steps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Lane {
    /// The step that runs or is to run next.
    pub(crate) next: usize,
    /// What that step is doing.
    pub(crate) active: Option<Active>,
}

/// What a step is doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Active {
    /// An attempt is in flight.
    Attempt {
        attempt: u32,
        started_at: i64,
    },
    /// The process died while an attempt was in flight.
    Interrupted {
        attempt: u32,
    },
    /// Until the next attempt.
    Waiting {
        attempt: u32,
        until: i64,
    },
    Loop(Box<Loop>),
    /// The step failed; its error branch runs.
    OnError(Box<Lane>),
}

/// A loop between its first and its last item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Loop {
    /// What it goes over; worked out again from the plan when a frontier is read.
    #[serde(skip)]
    pub(crate) source: Source,
    pub(crate) started_at: i64,
    pub(crate) concurrency: u64,
    pub(crate) total: u64,
    /// The first item that has not begun.
    pub(crate) next: u64,
    pub(crate) broken: bool,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    /// The iterations that have begun and not ended.
    pub(crate) open: BTreeMap<u64, Frame>,
    /// What was collected, by item; none if nothing is.
    pub(crate) results: Option<Vec<Json>>,
}

impl State {
    /// The state before the first event.
    pub fn new(facts: &Facts) -> Self {
        Self {
            ord: 0,
            started_at: None,
            finished_at: None,
            outcome: None,
            cancelling: false,
            failure: None,
            steps_done: 0,
            root: Frame::default(),
            env: env(facts),
            run: Some(facts.run.clone()),
        }
    }

    /// The last event folded in; 0 before the first.
    pub fn ord(&self) -> u64 {
        self.ord
    }

    /// When a process first began to work on the run.
    pub fn started_at(&self) -> Option<i64> {
        self.started_at
    }

    /// When the run ended.
    pub fn finished_at(&self) -> Option<i64> {
        self.finished_at
    }

    /// Steps that ended, every iteration counted.
    pub fn steps_done(&self) -> u64 {
        self.steps_done
    }

    /// How the run ended, if it has.
    pub fn outcome(&self) -> Option<&(RunStatus, Option<RunError>)> {
        self.outcome.as_ref()
    }

    /// What the list of runs shows.
    pub fn status(&self) -> RunStatus {
        if let Some((status, _)) = &self.outcome {
            return *status;
        }
        if self.started_at.is_none() {
            return RunStatus::Queued;
        }
        let mut seen = Seen::default();
        self.root.lane.each_active(&mut |active| match active {
            Active::Waiting { .. } => seen.waiting = true,
            Active::Attempt { .. } | Active::Interrupted { .. } => seen.working = true,
            Active::Loop(_) | Active::OnError(_) => {}
        });
        if seen.waiting && !seen.working {
            RunStatus::Waiting
        } else {
            RunStatus::Running
        }
    }

    /// Whether somebody asked for the run to end.
    pub fn is_cancelling(&self) -> bool {
        self.cancelling
    }

    /// The error with which the run is about to fail.
    pub(crate) fn failure(&self) -> Option<&RunError> {
        self.failure.as_ref()
    }

    /// How many values the state keeps: outputs, errors and collected results.
    /// A measure for tests of how much a run holds on to.
    pub fn retained(&self) -> usize {
        self.root.retained()
    }

    /// Whether any attempt is in flight.
    pub(crate) fn in_flight(&self) -> bool {
        let mut found = false;
        self.root
            .lane
            .each_active(&mut |active| found |= matches!(active, Active::Attempt { .. }));
        found
    }

    /// The key that is the same for every attempt at a step in one iteration of this run.
    pub(crate) fn idempotency_key(&self, step: &str, iteration: &[u64]) -> String {
        let run = self.run.as_ref().map_or("", RunId::as_str);
        let indices: Vec<String> = iteration.iter().map(u64::to_string).collect();
        format!("{run}:{step}:{}", indices.join("."))
    }

    /// The scope of the top level.
    pub(crate) fn view<'a>(&'a self, plan: &'a Plan) -> View<'a> {
        View::new(
            plan.config(),
            &self.env,
            Layer {
                known: &self.root.known,
                item: None,
            },
        )
    }

    fn hold_trigger(&mut self, input: &Json, ord: u64) {
        self.root
            .known
            .outputs
            .insert(TRIGGER.to_owned(), Held::new(ord, input.clone()));
    }
}

#[derive(Default)]
struct Seen {
    working: bool,
    waiting: bool,
}

impl Frame {
    fn retained(&self) -> usize {
        let mut count = self.known.outputs.len() + self.known.errors.len();
        self.lane.each_loop(&mut |inner| {
            count += inner.results.as_ref().map_or(0, Vec::len);
            count += inner.open.values().map(Frame::retained).sum::<usize>();
        });
        count
    }
}

impl Lane {
    /// Visits what every step of this lane, of its error branches and of its open iterations is doing.
    fn each_active(&self, visit: &mut dyn FnMut(&Active)) {
        let Some(active) = &self.active else { return };
        visit(active);
        match active {
            Active::Loop(inner) => inner
                .open
                .values()
                .for_each(|frame| frame.lane.each_active(visit)),
            Active::OnError(lane) => lane.each_active(visit),
            Active::Attempt { .. } | Active::Interrupted { .. } | Active::Waiting { .. } => {}
        }
    }

    /// The loop that runs in this lane or one of its error branches, if any.
    fn each_loop(&self, visit: &mut dyn FnMut(&Loop)) {
        match &self.active {
            Some(Active::Loop(inner)) => visit(inner),
            Some(Active::OnError(lane)) => lane.each_loop(visit),
            _ => {}
        }
    }
}

impl Held {
    pub(crate) fn new(ord: u64, value: Json) -> Self {
        Self {
            ord,
            value: Arc::new(value),
            absent: false,
        }
    }
}

/// `$.env`: what a run knows about itself.
fn env(facts: &Facts) -> Json {
    json!({
        "run_id": facts.run,
        "workflow_id": facts.workflow,
        "organisation_id": facts.organisation,
        "revision": facts.revision,
    })
}

#[cfg(test)]
mod tests;
