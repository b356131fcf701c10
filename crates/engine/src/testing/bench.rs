//! A run without a journal, a clock or tokio: events in, commands out.

use crate::{
    decide::{Command, Invocation, decide, settle},
    limits::Limits,
    plan::{Plan, compile},
    state::{Facts, Mismatch, State},
};
use patchbay_model::{
    Json,
    event::{Event, EventKind, StepError},
    id::{OrganisationId, RunId, WorkflowId},
    problem::Problem,
};
use std::sync::Arc;

/// A run on the bench.
pub struct Bench {
    pub plan: Arc<Plan>,
    pub state: State,
    /// Everything applied so far.
    pub events: Vec<Event>,
    /// Unix milliseconds.
    pub now: i64,
    pub limits: Limits,
}

impl Bench {
    /// A bench for a plan; nothing has happened yet.
    pub fn new(plan: Plan) -> Self {
        let state = State::new(&Self::facts());
        Self {
            plan: Arc::new(plan),
            state,
            events: Vec::new(),
            now: 1_000,
            limits: Limits::default(),
        }
    }

    /// A bench for these steps over [`super::catalog`].
    pub fn of(steps: Json) -> Result<Self, Vec<Problem>> {
        let workflow = super::workflow(steps).map_err(|error| vec![unreadable(&error)])?;
        compile(&workflow, &super::catalog()).map(Self::new)
    }

    /// Who runs on the bench: `run_1`.
    pub fn facts() -> Facts {
        Facts {
            run: RunId::new("run_1"),
            organisation: OrganisationId::new("org_1"),
            workflow: WorkflowId::new("wf_1"),
            revision: 1,
            person: None,
            last_run_at: None,
        }
    }

    /// Accepts and starts the run; gives the first commands.
    pub fn start(&mut self, input: Json) -> Result<Vec<Command>, Mismatch> {
        self.record(EventKind::RunAccepted { input })?;
        self.apply(EventKind::RunStarted { epoch: 1 })
    }

    /// Folds an event in and says what is to be done then.
    pub fn apply(&mut self, kind: EventKind) -> Result<Vec<Command>, Mismatch> {
        self.record(kind)?;
        Ok(decide(&self.plan, &self.state, self.now))
    }

    /// Carries commands out until nothing is left but calls and waits; gives the calls that left,
    /// and the earliest time at which there is more to do.
    pub fn carry_out(
        &mut self,
        commands: Vec<Command>,
    ) -> Result<(Vec<Invocation>, Option<i64>), Mismatch> {
        let mut calls = Vec::new();
        let mut commands = commands;
        loop {
            let mut wake: Option<i64> = None;
            let mut moved = false;
            for command in std::mem::take(&mut commands) {
                for kind in command.events(self.now) {
                    self.record(kind)?;
                    moved = true;
                }
                match command {
                    Command::Invoke(call) => calls.push(*call),
                    Command::Wait { until, .. } => {
                        wake = Some(wake.map_or(until, |earliest| earliest.min(until)))
                    }
                    _ => {}
                }
            }
            if !moved {
                return Ok((calls, wake));
            }
            commands = decide(&self.plan, &self.state, self.now);
        }
    }

    /// Runs to the end: every call is answered by `answer`, pauses pass at once. Gives the calls in order.
    pub fn run(
        &mut self,
        input: Json,
        mut answer: impl FnMut(&Invocation) -> Result<Json, StepError>,
    ) -> Result<Vec<Invocation>, Mismatch> {
        let mut commands = self.start(input)?;
        let mut made = Vec::new();
        loop {
            let (calls, wake) = self.carry_out(commands)?;
            if calls.is_empty() && wake.is_none() {
                return Ok(made);
            }
            if calls.is_empty() {
                self.now = wake.unwrap_or(self.now);
            }
            for call in calls {
                let result = answer(&call);
                let kind = settle(&self.plan, &self.limits, &call, result, self.now, self.now);
                self.record(kind)?;
                made.push(call);
            }
            commands = decide(&self.plan, &self.state, self.now);
        }
    }

    fn record(&mut self, kind: EventKind) -> Result<(), Mismatch> {
        let event = Event {
            ord: self.state.ord() + 1,
            at: self.now,
            kind,
        };
        self.state.apply(&self.plan, &event)?;
        self.events.push(event);
        Ok(())
    }
}

fn unreadable(error: &serde_json::Error) -> Problem {
    Problem {
        severity: patchbay_model::problem::Severity::Error,
        code: "unreadable".to_owned(),
        step: None,
        field: None,
        message: error.to_string(),
        suggestion: None,
    }
}
