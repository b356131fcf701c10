//! What each event does to a state.

use super::{
    Active, Ended, Frame, Held, Lane, Layer, Loop, State, View,
    source::{self, Opening},
    view::Current,
};
use crate::{
    limits::LIMIT_EXCEEDED,
    plan::{Kept, Plan, PlanStep},
};
use patchbay_model::{
    Json,
    document::OnError,
    event::{Event, EventKind, RunError, StepError},
};

/// An event that does not fit the plan or the events before it: the journal is damaged, or belongs to another plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {ord} does not fit the run's plan: {message}")]
pub struct Mismatch {
    /// Which event.
    pub ord: u64,
    /// Why.
    pub message: String,
}

/// Where a step stands in the tree of scopes.
struct Spot<'s, 'p> {
    frame: &'s mut Frame,
    /// The list that the frame goes through.
    steps: &'p [PlanStep],
}

impl State {
    /// Folds one event in.
    pub fn apply(&mut self, plan: &Plan, event: &Event) -> Result<(), Mismatch> {
        let expected = self.ord + 1;
        if event.ord != expected {
            return Err(Mismatch {
                ord: event.ord,
                message: format!("event {expected} was to come next"),
            });
        }
        self.fold(plan, event).map_err(|message| Mismatch {
            ord: event.ord,
            message,
        })?;
        self.ord = event.ord;
        Ok(())
    }

    /// Whether exactly this attempt is in flight.
    pub(crate) fn is_attempting(
        &self,
        plan: &Plan,
        name: &str,
        iteration: &[u64],
        attempt: u32,
    ) -> bool {
        let mut at = Descent::top(self, plan);
        if iteration
            .iter()
            .try_for_each(|index| at.enter(*index))
            .is_err()
        {
            return false;
        }
        let (lane, step) = innermost_ref(&at.frame.lane, at.steps);
        let expected = step.is_some_and(|step| step.name == name);
        expected
            && matches!(lane.active, Some(Active::Attempt { attempt: current, .. }) if current == attempt)
    }

    fn fold(&mut self, plan: &Plan, event: &Event) -> Result<(), String> {
        match &event.kind {
            EventKind::RunAccepted { input } => {
                if plan.trigger_kept() == Kept::Scope {
                    self.hold_trigger(input, event.ord);
                }
            }
            EventKind::RunStarted { .. } => {
                self.started_at.get_or_insert(event.at);
                self.root.lane.interrupt();
            }
            EventKind::StepStarted {
                step,
                iteration,
                attempt,
                ..
            } => {
                let started = Active::Attempt {
                    attempt: *attempt,
                    started_at: event.at,
                };
                let mut spot = self.spot(plan, iteration)?;
                spot.lane(step)?.0.active = Some(started);
            }
            EventKind::StepSucceeded {
                step,
                iteration,
                output,
                ..
            } => {
                self.steps_done += 1;
                let mut spot = self.spot(plan, iteration)?;
                let (_, done) = spot.lane(step)?;
                if done.kept == Kept::Scope {
                    let held = Held::new(event.ord, output.clone());
                    spot.frame.known.outputs.insert(step.clone(), held);
                }
                spot.advance();
            }
            EventKind::StepFailed {
                step,
                iteration,
                attempt,
                error,
                retry_at,
                ..
            } => match retry_at {
                Some(until) => {
                    let waiting = Active::Waiting {
                        attempt: *attempt,
                        until: *until,
                    };
                    self.spot(plan, iteration)?.lane(step)?.0.active = Some(waiting);
                }
                None => {
                    self.steps_done += 1;
                    self.fail(plan, event.ord, step, iteration, error)?;
                }
            },
            EventKind::StepWaiting { .. } | EventKind::RunReplied { .. } => {}
            EventKind::StepSkipped { step, iteration } => {
                let mut spot = self.spot(plan, iteration)?;
                spot.lane(step)?;
                spot.advance();
            }
            EventKind::LoopStarted {
                step,
                iteration,
                total,
            } => self.begin_loop(plan, event, step, iteration, *total)?,
            EventKind::ItemFinished {
                step,
                iteration,
                index,
                failed,
                ..
            } => {
                self.end_item(plan, step, iteration, *index, *failed)?;
            }
            EventKind::CancelRequested => self.cancelling = true,
            EventKind::RunFinished { status, error } => {
                self.outcome = Some((*status, error.clone()));
                self.finished_at = Some(event.at);
                self.root = Frame::default();
            }
        }
        Ok(())
    }

    fn fail(
        &mut self,
        plan: &Plan,
        ord: u64,
        name: &str,
        iteration: &[u64],
        error: &StepError,
    ) -> Result<(), String> {
        let mut spot = self.spot(plan, iteration)?;
        let (lane, step) = spot.lane(name)?;
        let on_error = match step.on_error {
            _ if error.code == LIMIT_EXCEEDED => OnError::Stop,
            OnError::NextItem | OnError::BreakLoop if iteration.is_empty() => OnError::Stop,
            OnError::Branch if step.on_error_steps.is_empty() => OnError::Continue,
            chosen => chosen,
        };
        match on_error {
            OnError::Stop => {
                lane.active = None;
                let failure = RunError {
                    step: Some(name.to_owned()),
                    iteration: iteration.to_vec(),
                    error: error.clone(),
                };
                self.failure.get_or_insert(failure);
                return Ok(());
            }
            OnError::Branch => lane.active = Some(Active::OnError(Box::default())),
            OnError::Continue => spot.fail_item(None),
            OnError::NextItem => spot.fail_item(Some(Ended::NextItem)),
            OnError::BreakLoop => spot.fail_item(Some(Ended::BreakLoop)),
        }
        let error = serde_json::to_value(error).unwrap_or_default();
        spot.frame
            .known
            .errors
            .insert(name.to_owned(), Held::new(ord, error));
        if on_error != OnError::Branch {
            spot.advance();
        }
        Ok(())
    }

    fn begin_loop(
        &mut self,
        plan: &Plan,
        event: &Event,
        name: &str,
        iteration: &[u64],
        total: Option<u64>,
    ) -> Result<(), String> {
        let (view, step) = self.place(plan, iteration, name)?;
        let Opening {
            source,
            concurrency,
        } = source::opening(step, &view).map_err(|error| error.message)?;
        if total.is_some_and(|total| total != source.len()) {
            return Err(format!("the loop `{name}` has another number of items"));
        }
        let collects = step.value("collect").is_some();
        let mut started = Loop {
            started_at: event.at,
            concurrency,
            total: source.len(),
            next: 0,
            broken: false,
            succeeded: 0,
            failed: 0,
            open: Default::default(),
            results: collects.then(Vec::new),
            source,
        };
        started.open_more();
        self.spot(plan, iteration)?.lane(name)?.0.active = Some(Active::Loop(Box::new(started)));
        Ok(())
    }

    fn end_item(
        &mut self,
        plan: &Plan,
        name: &str,
        iteration: &[u64],
        index: u64,
        failed: bool,
    ) -> Result<(), String> {
        let mut inner = iteration.to_vec();
        inner.push(index);
        let collected = self.collect(plan, &inner, name, failed)?;
        let mut spot = self.spot(plan, iteration)?;
        let Some(Active::Loop(running)) = &mut spot.lane(name)?.0.active else {
            return Err(format!("the loop `{name}` has not begun"));
        };
        let Some(frame) = running.open.remove(&index) else {
            return Err(format!("item {index} of the loop `{name}` has not begun"));
        };
        if failed {
            running.failed += 1;
        } else {
            running.succeeded += 1;
        }
        if let (Some(results), Some(value)) = (&mut running.results, collected) {
            let place = usize::try_from(index).unwrap_or(usize::MAX);
            if results.len() <= place {
                results.resize(place.saturating_add(1), Json::Null);
            }
            results[place] = value;
        }
        running.broken |= frame.ended == Some(Ended::BreakLoop);
        running.open_more();
        Ok(())
    }

    /// What the loop collects from an iteration that is over: null from one that failed, none if it collects nothing.
    fn collect(
        &self,
        plan: &Plan,
        inner: &[u64],
        name: &str,
        failed: bool,
    ) -> Result<Option<Json>, String> {
        let (view, step) = self.inside(plan, inner)?;
        let step = step
            .filter(|step| step.name == name)
            .ok_or_else(|| format!("`{name}` is no running loop"))?;
        let Some(value) = step.value("collect") else {
            return Ok(None);
        };
        if failed {
            return Ok(Some(Json::Null));
        }
        value
            .resolve(&view)
            .map(Some)
            .map_err(|error| error.message().to_owned())
    }

    /// The scope of the iteration, and the step of that name that is next in it.
    fn place<'a>(
        &'a self,
        plan: &'a Plan,
        iteration: &[u64],
        name: &str,
    ) -> Result<(View<'a>, &'a PlanStep), String> {
        let mut at = Descent::top(self, plan);
        iteration.iter().try_for_each(|index| at.enter(*index))?;
        let (_, step) = innermost_ref(&at.frame.lane, at.steps);
        match step.filter(|step| step.name == name) {
            Some(step) => Ok((at.view, step)),
            None => Err(format!("the step `{name}` is not the next one")),
        }
    }

    /// The scope of the iteration, and the loop whose iteration it is.
    fn inside<'a>(
        &'a self,
        plan: &'a Plan,
        iteration: &[u64],
    ) -> Result<(View<'a>, Option<&'a PlanStep>), String> {
        let mut at = Descent::top(self, plan);
        iteration.iter().try_for_each(|index| at.enter(*index))?;
        Ok((at.view, at.entered))
    }

    fn spot<'s, 'p>(
        &'s mut self,
        plan: &'p Plan,
        iteration: &[u64],
    ) -> Result<Spot<'s, 'p>, String> {
        let mut frame = &mut self.root;
        let mut steps = plan.steps();
        for index in iteration {
            let (lane, step) = innermost(&mut frame.lane, steps);
            let (Some(Active::Loop(running)), Some(step)) = (&mut lane.active, step) else {
                return Err("it stands in a loop that has not begun".to_owned());
            };
            frame = running
                .open
                .get_mut(index)
                .ok_or_else(|| format!("item {index} has not begun"))?;
            steps = &step.body;
        }
        Ok(Spot { frame, steps })
    }
}

/// The way down from the top level into one iteration, with the scope on the way.
struct Descent<'a> {
    view: View<'a>,
    frame: &'a Frame,
    steps: &'a [PlanStep],
    entered: Option<&'a PlanStep>,
}

impl<'a> Descent<'a> {
    fn top(state: &'a State, plan: &'a Plan) -> Self {
        Self {
            view: state.view(plan),
            frame: &state.root,
            steps: plan.steps(),
            entered: None,
        }
    }

    fn enter(&mut self, index: u64) -> Result<(), String> {
        let (lane, step) = innermost_ref(&self.frame.lane, self.steps);
        let (Some(Active::Loop(running)), Some(step)) = (&lane.active, step) else {
            return Err("it stands in a loop that has not begun".to_owned());
        };
        self.frame = running
            .open
            .get(&index)
            .ok_or_else(|| format!("item {index} has not begun"))?;
        self.steps = &step.body;
        self.entered = Some(step);
        let item = Some(Current {
            step: &step.name,
            source: &running.source,
            index,
        });
        self.view.push(Layer {
            known: &self.frame.known,
            item,
        });
        Ok(())
    }
}

/// The lane of the innermost error branch that runs, and its next step.
fn innermost<'s, 'p>(
    lane: &'s mut Lane,
    steps: &'p [PlanStep],
) -> (&'s mut Lane, Option<&'p PlanStep>) {
    let step = steps.get(lane.next);
    // Looked at twice because a borrow in the guard of a match would outlive it.
    let branch = if matches!(lane.active, Some(Active::OnError(_))) {
        step
    } else {
        None
    };
    match (branch, lane) {
        (
            Some(failed),
            Lane {
                active: Some(Active::OnError(inner)),
                ..
            },
        ) => innermost(inner, &failed.on_error_steps),
        (_, lane) => (lane, step),
    }
}

fn innermost_ref<'s, 'p>(
    lane: &'s Lane,
    steps: &'p [PlanStep],
) -> (&'s Lane, Option<&'p PlanStep>) {
    let step = steps.get(lane.next);
    match (&lane.active, step) {
        (Some(Active::OnError(inner)), Some(step)) => innermost_ref(inner, &step.on_error_steps),
        _ => (lane, step),
    }
}

impl<'p> Spot<'_, 'p> {
    /// The lane whose next step has this name.
    fn lane(&mut self, name: &str) -> Result<(&mut Lane, &'p PlanStep), String> {
        let (lane, step) = innermost(&mut self.frame.lane, self.steps);
        match step {
            Some(step) if step.name == name => Ok((lane, step)),
            Some(step) => Err(format!(
                "`{name}` is named where `{}` is the next step",
                step.name
            )),
            None => Err(format!("`{name}` is named where no step is left")),
        }
    }

    /// The step is over; so is every error branch that ends with it.
    fn advance(&mut self) {
        let released = advance(&mut self.frame.lane, self.steps);
        for name in released.iter().flat_map(|step| &step.releases) {
            self.frame.known.outputs.remove(name);
        }
    }

    fn fail_item(&mut self, ended: Option<Ended>) {
        self.frame.failed = true;
        self.frame.ended = self.frame.ended.or(ended);
    }
}

/// Goes on behind the innermost step; gives the step of the outermost list that is over with it, if it is.
fn advance<'p>(lane: &mut Lane, steps: &'p [PlanStep]) -> Option<&'p PlanStep> {
    let step = steps.get(lane.next)?;
    if let Some(Active::OnError(inner)) = &mut lane.active {
        advance(inner, &step.on_error_steps);
        if inner.next < step.on_error_steps.len() {
            return None;
        }
    }
    lane.active = None;
    lane.next += 1;
    Some(step)
}

impl Loop {
    /// Begins as many items as may run at a time.
    fn open_more(&mut self) {
        let breaking = self.broken
            || self
                .open
                .values()
                .any(|frame| frame.ended == Some(Ended::BreakLoop));
        while !breaking && self.next < self.total && (self.open.len() as u64) < self.concurrency {
            self.open.insert(self.next, Frame::default());
            self.next += 1;
        }
    }
}

impl Lane {
    /// Whoever was working on the attempts in flight is gone.
    fn interrupt(&mut self) {
        match &mut self.active {
            Some(Active::Attempt { attempt, .. }) => {
                self.active = Some(Active::Interrupted { attempt: *attempt })
            }
            Some(Active::Loop(running)) => running
                .open
                .values_mut()
                .for_each(|frame| frame.lane.interrupt()),
            Some(Active::OnError(inner)) => inner.interrupt(),
            Some(Active::Interrupted { .. } | Active::Waiting { .. }) | None => {}
        }
    }
}
