//! Where a run stands: the fold of its events over its plan.
//!
//! A state holds what later steps can still read and nothing else: when an iteration of a loop ends, all
//! that its steps gave is dropped.

mod fold;
mod frontier;
mod hydrate;
mod place;
mod source;
mod view;

use crate::{clip::size_within, plan::Plan};
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
pub(crate) use fold::collected;
pub use hydrate::HydrateError;
pub(crate) use place::branch_of;
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
    /// When the last successful run of the workflow began, in unix milliseconds.
    pub last_run_at: Option<i64>,
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
    /// The run succeeds as soon as the calls in flight have ended: a step said that this is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    terminated: bool,
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
    /// Of JSON.
    pub(crate) bytes: u64,
    /// Not read back yet.
    pub(crate) absent: bool,
}

/// How an iteration came to an early end; the later one counts when there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
        /// How many attempts before it a rate limit turned away; they do not count.
        #[serde(default)]
        refused: u32,
    },
    /// The process died while an attempt was in flight.
    Interrupted {
        attempt: u32,
        #[serde(default)]
        refused: u32,
    },
    /// Until the next attempt.
    Waiting {
        attempt: u32,
        until: i64,
        /// When the step began, if it is one that does nothing but wait.
        #[serde(default)]
        since: i64,
        #[serde(default)]
        refused: u32,
    },
    Loop(Box<Loop>),
    /// One of its branches runs, given by its position among them.
    Branch {
        branch: usize,
        lane: Box<Lane>,
    },
    /// All of its branches run.
    Parallel(Box<Parallel>),
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
    /// Whether it ended because its conditions hold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) met: bool,
    pub(crate) succeeded: u64,
    pub(crate) failed: u64,
    /// The iterations that have begun and not ended.
    pub(crate) open: BTreeMap<u64, Frame>,
    /// What was collected, by item; none if nothing is.
    pub(crate) results: Option<Vec<Json>>,
    /// Of JSON.
    #[serde(default)]
    pub(crate) collected_bytes: u64,
}

/// A step whose branches run at the same time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parallel {
    pub(crate) started_at: i64,
    /// One for each branch. What the steps of one gave, the others do not see before all have ended.
    pub(crate) strands: Vec<Strand>,
}

/// A branch that runs beside others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Strand {
    pub(crate) known: Known,
    pub(crate) lane: Lane,
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
            terminated: false,
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
            Active::Loop(_) | Active::OnError(_) | Active::Branch { .. } | Active::Parallel(_) => {}
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

    /// Whether a step said that the run is to end as a success.
    pub(crate) fn is_terminated(&self) -> bool {
        self.terminated
    }

    /// How many values the state keeps: outputs, errors and collected results.
    /// A measure for tests of how much a run holds on to.
    pub fn retained(&self) -> usize {
        self.root.retained()
    }

    /// Bytes of JSON that it holds on to for later steps.
    pub(crate) fn held_bytes(&self) -> u64 {
        self.root.known.bytes() + self.root.lane.bytes()
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
        View::over(plan, &self.env, &self.root.known)
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
        self.known.retained() + self.lane.retained()
    }
}

impl Known {
    fn retained(&self) -> usize {
        self.outputs.len() + self.errors.len()
    }

    fn bytes(&self) -> u64 {
        let held = self.outputs.values().chain(self.errors.values());
        held.map(|held| held.bytes).sum()
    }
}

impl Lane {
    fn bytes(&self) -> u64 {
        match &self.active {
            Some(Active::Loop(running)) => {
                let open = running.open.values();
                let open = open.map(|frame| frame.known.bytes() + frame.lane.bytes());
                running.collected_bytes + open.sum::<u64>()
            }
            Some(Active::OnError(lane) | Active::Branch { lane, .. }) => lane.bytes(),
            Some(Active::Parallel(running)) => {
                let strands = running.strands.iter();
                strands
                    .map(|strand| strand.known.bytes() + strand.lane.bytes())
                    .sum()
            }
            Some(Active::Attempt { .. } | Active::Interrupted { .. } | Active::Waiting { .. })
            | None => 0,
        }
    }

    fn retained(&self) -> usize {
        match &self.active {
            Some(Active::Loop(running)) => {
                let collected = running.results.as_ref().map_or(0, Vec::len);
                collected + running.open.values().map(Frame::retained).sum::<usize>()
            }
            Some(Active::OnError(lane) | Active::Branch { lane, .. }) => lane.retained(),
            Some(Active::Parallel(running)) => {
                let strands = running.strands.iter();
                strands
                    .map(|strand| strand.known.retained() + strand.lane.retained())
                    .sum()
            }
            Some(Active::Attempt { .. } | Active::Interrupted { .. } | Active::Waiting { .. })
            | None => 0,
        }
    }

    /// Visits what every step of this lane, of its branches and of its open iterations is doing.
    fn each_active(&self, visit: &mut dyn FnMut(&Active)) {
        let Some(active) = &self.active else { return };
        visit(active);
        match active {
            Active::Loop(inner) => inner
                .open
                .values()
                .for_each(|frame| frame.lane.each_active(visit)),
            Active::OnError(lane) | Active::Branch { lane, .. } => lane.each_active(visit),
            Active::Parallel(running) => running
                .strands
                .iter()
                .for_each(|strand| strand.lane.each_active(visit)),
            Active::Attempt { .. } | Active::Interrupted { .. } | Active::Waiting { .. } => {}
        }
    }
}

impl Held {
    pub(crate) fn new(ord: u64, value: Json) -> Self {
        Self {
            ord,
            bytes: size_within(&value, u64::MAX).unwrap_or(u64::MAX),
            value: Arc::new(value),
            absent: false,
        }
    }
}

/// `$.env`: what a run knows about itself.
fn env(facts: &Facts) -> Json {
    let mut env = json!({
        "run_id": facts.run,
        "workflow_id": facts.workflow,
        "organisation_id": facts.organisation,
        "revision": facts.revision,
    });
    // Without one it is missing and not null, so that a default can take its place.
    if let (Some(at), Some(env)) = (facts.last_run_at, env.as_object_mut()) {
        env.insert(
            "last_run_at".to_owned(),
            crate::schedule::instant(at).into(),
        );
    }
    env
}

#[cfg(test)]
mod tests;
