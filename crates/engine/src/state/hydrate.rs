//! Brings a state back from its checkpoint: reads outputs back and finds again what loops go over.

use super::{
    Active, Facts, Frame, Held, Known, Lane, Layer, State, Strand, View, env, place::branch_of,
    source, view::Current,
};
use crate::plan::{Plan, PlanStep};
use patchbay_model::{
    Json,
    event::{Event, EventKind},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a checkpoint cannot be used; the events still can.
#[derive(Debug, thiserror::Error)]
pub enum HydrateError {
    /// It has another shape.
    #[error("the checkpoint cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// It does not fit the plan or the events.
    #[error("the checkpoint does not fit the run: {0}")]
    Unfit(String),
}

impl State {
    /// The state as a checkpoint.
    pub fn freeze(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Reads a checkpoint; [`State::hydrate`] has to follow.
    pub fn thaw(facts: &Facts, frontier: &Json) -> Result<Self, HydrateError> {
        let mut state = Self::deserialize(frontier)?;
        state.env = env(facts);
        state.run = Some(facts.run.clone());
        Ok(state)
    }

    /// The events whose values the checkpoint only names.
    pub fn outstanding(&self) -> Vec<u64> {
        let mut ords = Vec::new();
        self.root.outstanding(&mut ords);
        ords.sort_unstable();
        ords.dedup();
        ords
    }

    /// Puts those values in their places.
    pub fn hydrate(&mut self, plan: &Plan, events: &[Event]) -> Result<(), HydrateError> {
        let events: BTreeMap<u64, &Event> = events.iter().map(|event| (event.ord, event)).collect();
        self.root.fill(&events)?;
        let Frame { known, lane, .. } = &mut self.root;
        let mut view = View::over(plan, &self.env, known);
        reopen(lane, plan.steps(), &mut view)
    }
}

impl Frame {
    fn outstanding(&self, ords: &mut Vec<u64>) {
        self.known.outstanding(ords);
        self.lane.outstanding(ords);
    }

    fn fill(&mut self, events: &BTreeMap<u64, &Event>) -> Result<(), HydrateError> {
        self.known.fill(events)?;
        self.lane.fill(events)
    }
}

impl Known {
    fn outstanding(&self, ords: &mut Vec<u64>) {
        let held = self.outputs.values().chain(self.errors.values());
        ords.extend(held.filter(|held| held.absent).map(|held| held.ord));
    }

    fn fill(&mut self, events: &BTreeMap<u64, &Event>) -> Result<(), HydrateError> {
        let held = self.outputs.values_mut().chain(self.errors.values_mut());
        held.filter(|held| held.absent)
            .try_for_each(|held| held.fill(events))
    }
}

impl Lane {
    fn outstanding(&self, ords: &mut Vec<u64>) {
        match &self.active {
            Some(Active::Loop(running)) => running
                .open
                .values()
                .for_each(|frame| frame.outstanding(ords)),
            Some(Active::OnError(lane) | Active::Branch { lane, .. }) => lane.outstanding(ords),
            Some(Active::Parallel(running)) => {
                for strand in &running.strands {
                    strand.known.outstanding(ords);
                    strand.lane.outstanding(ords);
                }
            }
            _ => {}
        }
    }

    fn fill(&mut self, events: &BTreeMap<u64, &Event>) -> Result<(), HydrateError> {
        match &mut self.active {
            Some(Active::Loop(running)) => running
                .open
                .values_mut()
                .try_for_each(|frame| frame.fill(events)),
            Some(Active::OnError(lane) | Active::Branch { lane, .. }) => lane.fill(events),
            Some(Active::Parallel(running)) => running.strands.iter_mut().try_for_each(|strand| {
                strand.known.fill(events)?;
                strand.lane.fill(events)
            }),
            _ => Ok(()),
        }
    }
}

impl Held {
    fn fill(&mut self, events: &BTreeMap<u64, &Event>) -> Result<(), HydrateError> {
        let value = match events.get(&self.ord).map(|event| &event.kind) {
            Some(EventKind::RunAccepted { input }) => input.clone(),
            Some(EventKind::StepSucceeded { output, .. }) => output.clone(),
            Some(EventKind::StepFailed { error, .. }) => serde_json::to_value(error)?,
            _ => {
                return Err(HydrateError::Unfit(format!(
                    "event {} brings no value",
                    self.ord
                )));
            }
        };
        *self = Self::new(self.ord, value);
        Ok(())
    }
}

fn reopen<'a>(
    lane: &'a mut Lane,
    steps: &'a [PlanStep],
    view: &mut View<'a>,
) -> Result<(), HydrateError> {
    let Some(step) = steps.get(lane.next) else {
        return Ok(());
    };
    match &mut lane.active {
        Some(Active::OnError(inner)) => reopen(inner, &step.on_error_steps, view),
        Some(Active::Branch { branch, lane }) => reopen(lane, branch_of(step, *branch), view),
        Some(Active::Parallel(running)) => {
            for (branch, strand) in running.strands.iter_mut().enumerate() {
                let Strand { known, lane } = strand;
                view.push(Layer::of_strand(known));
                reopen(lane, branch_of(step, branch), view)?;
                view.pop();
            }
            Ok(())
        }
        Some(Active::Loop(running)) => {
            let opening =
                source::opening(step, view).map_err(|error| HydrateError::Unfit(error.message))?;
            if opening.source.len() != running.total {
                return Err(HydrateError::Unfit(format!(
                    "the loop `{}` has another number of items",
                    step.name
                )));
            }
            running.source = opening.source;
            let source = &running.source;
            for (index, frame) in &mut running.open {
                let Frame { known, lane, .. } = frame;
                let item = Some(Current {
                    step: &step.name,
                    source,
                    index: *index,
                });
                view.push(Layer { known, item });
                reopen(lane, &step.body, view)?;
                view.pop();
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
