//! What each event does to a state.

use super::{
    Active, Ended, Frame, Held, Lane, Loop, Parallel, State, Strand, View,
    place::{Outlook, Place},
    source::{self, Opening},
};
use crate::{
    clip::size_within,
    input::NoValue,
    limits::LIMIT_EXCEEDED,
    plan::{Kept, Plan, PlanStep},
    retry::was_refused,
};
use patchbay_model::{
    Json,
    document::OnError,
    event::{Event, EventKind, RunError, StepError},
    spec::StepKind,
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
        let lane = Outlook::find(self, plan, name, iteration).and_then(|at| at.lane());
        lane.is_ok_and(|(lane, _)| {
            matches!(lane.active, Some(Active::Attempt { attempt: current, .. }) if current == attempt)
        })
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
                let mut place = Place::find(self, plan, step, iteration)?;
                let (lane, begun) = place.lane()?;
                let refused = lane.active.as_ref().map_or(0, Active::refused);
                lane.active = Some(begin(begun, *attempt, event.at, refused));
            }
            EventKind::StepSucceeded {
                step,
                iteration,
                output,
                ..
            } => {
                self.steps_done += 1;
                self.succeed(plan, event.ord, step, iteration, output)?;
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
                    let mut place = Place::find(self, plan, step, iteration)?;
                    let (lane, _) = place.lane()?;
                    let before = lane.active.as_ref().map_or(0, Active::refused);
                    lane.active = Some(Active::Waiting {
                        attempt: *attempt,
                        until: *until,
                        since: 0,
                        refused: before + u32::from(was_refused(error)),
                    });
                }
                None => {
                    self.steps_done += 1;
                    self.fail(plan, event.ord, step, iteration, error)?;
                }
            },
            EventKind::StepWaiting {
                step,
                iteration,
                until,
            } => {
                let mut place = Place::find(self, plan, step, iteration)?;
                let (lane, _) = place.lane()?;
                let (attempt, since) = match lane.active {
                    Some(Active::Attempt {
                        attempt,
                        started_at,
                        ..
                    }) => (attempt, started_at),
                    _ => (1, event.at),
                };
                lane.active = Some(Active::Waiting {
                    attempt,
                    until: *until,
                    since,
                    refused: 0,
                });
            }
            EventKind::RunReplied { .. } => {}
            EventKind::StepSkipped { step, iteration } => {
                Place::find(self, plan, step, iteration)?.advance()?;
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
                last,
            } => {
                self.end_item(plan, step, iteration, *index, [*failed, *last])?;
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

    fn succeed(
        &mut self,
        plan: &Plan,
        ord: u64,
        name: &str,
        iteration: &[u64],
        output: &Json,
    ) -> Result<(), String> {
        let mut place = Place::find(self, plan, name, iteration)?;
        let (lane, step) = place.lane()?;
        let running = match &mut lane.active {
            Some(Active::Parallel(running)) => std::mem::take(&mut running.strands),
            _ => Vec::new(),
        };
        if let Some(branch) = taken(step, output) {
            let lane = Box::default();
            place.lane()?.0.active = Some(Active::Branch { branch, lane });
            if step.kept == Kept::Scope {
                let held = Held::new(ord, output.clone());
                place.known.outputs.insert(name.to_owned(), held);
            }
            // A branch without steps is over at once.
            place.close_branches();
            return Ok(());
        }
        for strand in running {
            place.known.outputs.extend(strand.known.outputs);
            place.known.errors.extend(strand.known.errors);
        }
        if step.kept == Kept::Scope {
            let held = Held::new(ord, output.clone());
            place.known.outputs.insert(name.to_owned(), held);
        }
        place.advance()?;
        match step.kind {
            StepKind::Break => self.leave(plan, step, iteration, Ended::BreakLoop)?,
            StepKind::Continue => self.leave(plan, step, iteration, Ended::NextItem)?,
            StepKind::Terminate if self.failure.is_none() => self.terminated = true,
            _ => {}
        }
        Ok(())
    }

    /// Ends the iterations around a step, up to that of the loop which it leaves.
    fn leave(
        &mut self,
        plan: &Plan,
        step: &PlanStep,
        iteration: &[u64],
        ended: Ended,
    ) -> Result<(), String> {
        let outermost = iteration.len().saturating_sub(step.leaves);
        let loops = plan.loops_around(&step.name);
        for depth in outermost..iteration.len() {
            let ended = if depth == outermost {
                ended
            } else {
                Ended::BreakLoop
            };
            let (Some(inside), Some(around)) = (iteration.get(..depth), loops.get(depth)) else {
                return Err(format!("`{}` stands in fewer loops", step.name));
            };
            let mut place = Place::find(self, plan, around, inside)?;
            let index = iteration.get(depth).copied().unwrap_or_default();
            if let Some(Active::Loop(running)) = &mut place.lane()?.0.active
                && let Some(frame) = running.open.get_mut(&index)
            {
                frame.ended = Some(frame.ended.map_or(ended, |before| before.max(ended)));
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
        let mut place = Place::find(self, plan, name, iteration)?;
        let (lane, step) = place.lane()?;
        let on_error = match step.on_error {
            _ if error.code == LIMIT_EXCEEDED || step.kind == StepKind::Fail => OnError::Stop,
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
                if !self.terminated {
                    self.failure.get_or_insert(failure);
                }
                return Ok(());
            }
            OnError::Branch => lane.active = Some(Active::OnError(Box::default())),
            OnError::Continue => place.fail_item(None),
            OnError::NextItem => place.fail_item(Some(Ended::NextItem)),
            OnError::BreakLoop => place.fail_item(Some(Ended::BreakLoop)),
        }
        let error = serde_json::to_value(error).unwrap_or_default();
        place
            .known
            .errors
            .insert(name.to_owned(), Held::new(ord, error));
        if on_error != OnError::Branch {
            place.advance()?;
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
        let at = Outlook::find(self, plan, name, iteration)?;
        let (_, step) = at.lane()?;
        let Opening {
            source,
            concurrency,
        } = source::opening(step, &at.view).map_err(|error| error.message)?;
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
            met: false,
            succeeded: 0,
            failed: 0,
            open: Default::default(),
            results: collects.then(Vec::new),
            collected_bytes: 0,
            source,
        };
        started.open_more();
        let mut place = Place::find(self, plan, name, iteration)?;
        place.lane()?.0.active = Some(Active::Loop(Box::new(started)));
        Ok(())
    }

    fn end_item(
        &mut self,
        plan: &Plan,
        name: &str,
        iteration: &[u64],
        index: u64,
        [failed, last]: [bool; 2],
    ) -> Result<(), String> {
        let collected = self.collect(plan, name, iteration, index, failed)?;
        let mut place = Place::find(self, plan, name, iteration)?;
        let Some(Active::Loop(running)) = &mut place.lane()?.0.active else {
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
            running.collected_bytes += size_within(&value, u64::MAX).unwrap_or(0);
            let place = usize::try_from(index).unwrap_or(usize::MAX);
            if results.len() <= place {
                results.resize(place.saturating_add(1), Json::Null);
            }
            results[place] = value;
        }
        running.broken |= last || frame.ended == Some(Ended::BreakLoop);
        running.met |= last;
        running.open_more();
        Ok(())
    }

    /// What the loop collects from an iteration that is over; none if it collects nothing.
    fn collect(
        &self,
        plan: &Plan,
        name: &str,
        iteration: &[u64],
        index: u64,
        failed: bool,
    ) -> Result<Option<Json>, String> {
        let at = Outlook::find(self, plan, name, iteration)?;
        let (_, step) = at.lane()?;
        let inside = at.inside(index)?;
        let collected = collected(step, failed, inside.frame.ended, &inside.view);
        collected.map_err(|error| error.message().to_owned())
    }
}

/// What a loop collects from an iteration: null from one that failed, and from one that a step left before there
/// was anything; none if it collects nothing.
pub(crate) fn collected(
    step: &PlanStep,
    failed: bool,
    ended: Option<Ended>,
    view: &View<'_>,
) -> Result<Option<Json>, NoValue> {
    let Some(value) = step.value("collect") else {
        return Ok(None);
    };
    if failed {
        return Ok(Some(Json::Null));
    }
    match value.resolve(view) {
        Err(error) if ended.is_none() => Err(error),
        collected => Ok(Some(collected.unwrap_or_default())),
    }
}

/// What a step does once it has begun.
fn begin(step: &PlanStep, attempt: u32, started_at: i64, refused: u32) -> Active {
    if step.kind == StepKind::Parallel {
        let strands = step.branches.iter().map(|_| Strand::default()).collect();
        Active::Parallel(Box::new(Parallel {
            started_at,
            strands,
        }))
    } else {
        Active::Attempt {
            attempt,
            started_at,
            refused,
        }
    }
}

impl Active {
    /// How many attempts a rate limit has turned away.
    pub(crate) fn refused(&self) -> u32 {
        match self {
            Self::Attempt { refused, .. }
            | Self::Interrupted { refused, .. }
            | Self::Waiting { refused, .. } => *refused,
            _ => 0,
        }
    }
}

/// The branch that a step takes, by what it gave.
fn taken(step: &PlanStep, output: &Json) -> Option<usize> {
    if !matches!(step.kind, StepKind::Boolean | StepKind::Branch) {
        return None;
    }
    step.branches.get_index_of(output.get("branch")?.as_str()?)
}

impl Place<'_, '_> {
    fn fail_item(&mut self, ended: Option<Ended>) {
        *self.failed = true;
        *self.ended = self.ended.or(ended);
    }
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
            Some(Active::Attempt {
                attempt, refused, ..
            }) => {
                self.active = Some(Active::Interrupted {
                    attempt: *attempt,
                    refused: *refused,
                })
            }
            Some(Active::Loop(running)) => running
                .open
                .values_mut()
                .for_each(|frame| frame.lane.interrupt()),
            Some(Active::OnError(lane) | Active::Branch { lane, .. }) => lane.interrupt(),
            Some(Active::Parallel(running)) => running
                .strands
                .iter_mut()
                .for_each(|strand| strand.lane.interrupt()),
            Some(Active::Interrupted { .. } | Active::Waiting { .. }) | None => {}
        }
    }
}
