//! Finding a step's place in a state: down the tree of the plan, through loops that run and branches that were taken.

use super::{Active, Ended, Frame, Known, Lane, Layer, State, View};
use crate::plan::{Plan, PlanStep, Turn};
use patchbay_model::spec::StepKind;

/// A scope with a lane of its own, and the way on from there to a step.
pub(super) struct Place<'s, 'p> {
    pub(super) known: &'s mut Known,
    lane: &'s mut Lane,
    /// Of the iteration around it; that of the top level means nothing.
    pub(super) ended: &'s mut Option<Ended>,
    pub(super) failed: &'s mut bool,
    steps: &'p [PlanStep],
    way: &'p [Turn],
}

/// The same, to be looked at only, with all that can be seen from there.
pub(super) struct Outlook<'s, 'p> {
    pub(super) view: View<'s>,
    /// The top level or the iteration around it.
    pub(super) frame: &'s Frame,
    lane: &'s Lane,
    steps: &'p [PlanStep],
    way: &'p [Turn],
}

impl<'s, 'p> Place<'s, 'p> {
    /// The place of a step in one iteration.
    pub(super) fn find(
        state: &'s mut State,
        plan: &'p Plan,
        name: &str,
        iteration: &[u64],
    ) -> Result<Self, String> {
        let mut place = Self::of_frame(&mut state.root, plan.steps(), way(plan, name)?);
        let mut indices = iteration.iter();
        while let Some(end) = scope_end(place.steps, place.way) {
            let (turns, rest) = place.way.split_at(end + 1);
            let (lane, step) = follow_mut(place.lane, place.steps, turns)?;
            place = match (turns.last(), &mut lane.active) {
                (Some(Turn::Body(_)), Some(Active::Loop(running))) => {
                    let index = indices.next().ok_or("its iteration is not named")?;
                    let frame = running.open.get_mut(index);
                    let frame = frame.ok_or_else(|| format!("item {index} has not begun"))?;
                    Self::of_frame(frame, &step.body, rest)
                }
                (Some(Turn::Branch(_, branch)), Some(Active::Parallel(running))) => {
                    let strand = running.strands.get_mut(*branch);
                    let strand = strand.ok_or("its branch has not begun")?;
                    Self {
                        known: &mut strand.known,
                        lane: &mut strand.lane,
                        ended: place.ended,
                        failed: place.failed,
                        steps: branch_of(step, *branch),
                        way: rest,
                    }
                }
                _ => return Err(format!("`{}` has not begun", step.name)),
            };
        }
        if indices.next().is_some() {
            return Err(format!("`{name}` stands in fewer loops"));
        }
        Ok(place)
    }

    fn of_frame(frame: &'s mut Frame, steps: &'p [PlanStep], way: &'p [Turn]) -> Self {
        Self {
            known: &mut frame.known,
            lane: &mut frame.lane,
            ended: &mut frame.ended,
            failed: &mut frame.failed,
            steps,
            way,
        }
    }

    /// The lane of the step, which is the next one in it.
    pub(super) fn lane(&mut self) -> Result<(&mut Lane, &'p PlanStep), String> {
        follow_mut(self.lane, self.steps, self.way)
    }

    /// The step is over; so is every branch that ends with it, and the step that carries that.
    pub(super) fn advance(&mut self) -> Result<(), String> {
        let (lane, step) = follow_mut(self.lane, self.steps, self.way)?;
        lane.active = None;
        lane.next += 1;
        release(self.known, step);
        self.close_branches();
        Ok(())
    }

    /// Ends the steps whose branch has come to its end.
    pub(super) fn close_branches(&mut self) {
        close(self.lane, self.steps, &mut |step| release(self.known, step));
    }
}

impl<'s, 'p> Outlook<'s, 'p> {
    /// What can be seen from the place of a step in one iteration.
    pub(super) fn find(
        state: &'s State,
        plan: &'p Plan,
        name: &str,
        iteration: &[u64],
    ) -> Result<Self, String>
    where
        'p: 's,
    {
        let mut at = Self {
            view: state.view(plan),
            frame: &state.root,
            lane: &state.root.lane,
            steps: plan.steps(),
            way: way(plan, name)?,
        };
        let mut indices = iteration.iter();
        while let Some(end) = scope_end(at.steps, at.way) {
            let (turns, rest) = at.way.split_at(end + 1);
            let (lane, step) = follow(at.lane, at.steps, turns)?;
            match (turns.last(), &lane.active) {
                (Some(Turn::Body(_)), Some(Active::Loop(running))) => {
                    let index = indices.next().ok_or("its iteration is not named")?;
                    let frame = running.open.get(index);
                    let frame = frame.ok_or_else(|| format!("item {index} has not begun"))?;
                    at.view.push(running.layer(step, *index, frame));
                    (at.frame, at.lane) = (frame, &frame.lane);
                    at.steps = &step.body;
                }
                (Some(Turn::Branch(_, branch)), Some(Active::Parallel(running))) => {
                    let strand = running.strands.get(*branch);
                    let strand = strand.ok_or("its branch has not begun")?;
                    at.view.push(Layer::of_strand(&strand.known));
                    at.lane = &strand.lane;
                    at.steps = branch_of(step, *branch);
                }
                _ => return Err(format!("`{}` has not begun", step.name)),
            }
            at.way = rest;
        }
        if indices.next().is_some() {
            return Err(format!("`{name}` stands in fewer loops"));
        }
        Ok(at)
    }

    /// The lane of the step, which is the next one in it.
    pub(super) fn lane(&self) -> Result<(&'s Lane, &'p PlanStep), String> {
        follow(self.lane, self.steps, self.way)
    }

    /// What can be seen from inside an iteration of the loop that the step is, and that iteration.
    pub(super) fn inside(mut self, index: u64) -> Result<Self, String>
    where
        'p: 's,
    {
        let (lane, step) = self.lane()?;
        let Some(Active::Loop(running)) = &lane.active else {
            return Err(format!("the loop `{}` has not begun", step.name));
        };
        let frame = running.open.get(&index);
        let frame = frame
            .ok_or_else(|| format!("item {index} of the loop `{}` has not begun", step.name))?;
        self.view.push(running.layer(step, index, frame));
        self.frame = frame;
        Ok(self)
    }
}

fn way<'p>(plan: &'p Plan, name: &str) -> Result<&'p [Turn], String> {
    plan.way(name)
        .ok_or_else(|| format!("there is no step `{name}`"))
}

/// Which turn leads into another scope: into a loop's body, or a branch that runs beside others.
fn scope_end(steps: &[PlanStep], way: &[Turn]) -> Option<usize> {
    let mut steps = steps;
    for (place, turn) in way.iter().enumerate() {
        steps = match *turn {
            Turn::Here(_) => return None,
            Turn::Body(_) => return Some(place),
            Turn::OnError(position) => &steps.get(position)?.on_error_steps,
            Turn::Branch(position, branch) => {
                let step = steps.get(position)?;
                if step.kind == StepKind::Parallel {
                    return Some(place);
                }
                branch_of(step, branch)
            }
        };
    }
    None
}

/// Follows turns inside one scope; gives the lane and the step of the last one.
fn follow_mut<'s, 'p>(
    lane: &'s mut Lane,
    steps: &'p [PlanStep],
    turns: &[Turn],
) -> Result<(&'s mut Lane, &'p PlanStep), String> {
    let (mut lane, mut steps) = (lane, steps);
    let Some((last, before)) = turns.split_last() else {
        return Err("no step is named".to_owned());
    };
    for turn in before {
        let step = due(lane, steps, *turn)?;
        (lane, steps) = match (turn, &mut lane.active) {
            (Turn::OnError(_), Some(Active::OnError(inner))) => {
                (&mut **inner, step.on_error_steps.as_slice())
            }
            (
                Turn::Branch(_, branch),
                Some(Active::Branch {
                    branch: taken,
                    lane,
                }),
            ) if branch == taken => (&mut **lane, branch_of(step, *branch)),
            _ => return Err(format!("that branch of `{}` has not begun", step.name)),
        };
    }
    let step = due(lane, steps, *last)?;
    Ok((lane, step))
}

fn follow<'s, 'p>(
    lane: &'s Lane,
    steps: &'p [PlanStep],
    turns: &[Turn],
) -> Result<(&'s Lane, &'p PlanStep), String> {
    let (mut lane, mut steps) = (lane, steps);
    let Some((last, before)) = turns.split_last() else {
        return Err("no step is named".to_owned());
    };
    for turn in before {
        let step = due(lane, steps, *turn)?;
        (lane, steps) = match (turn, &lane.active) {
            (Turn::OnError(_), Some(Active::OnError(inner))) => {
                (&**inner, step.on_error_steps.as_slice())
            }
            (
                Turn::Branch(_, branch),
                Some(Active::Branch {
                    branch: taken,
                    lane,
                }),
            ) if branch == taken => (&**lane, branch_of(step, *branch)),
            _ => return Err(format!("that branch of `{}` has not begun", step.name)),
        };
    }
    let step = due(lane, steps, *last)?;
    Ok((lane, step))
}

/// The step that a turn names, which must be the next one of the lane.
fn due<'p>(lane: &Lane, steps: &'p [PlanStep], turn: Turn) -> Result<&'p PlanStep, String> {
    let (Turn::Here(position)
    | Turn::Body(position)
    | Turn::OnError(position)
    | Turn::Branch(position, _)) = turn;
    match (steps.get(position), steps.get(lane.next)) {
        (Some(step), _) if position == lane.next => Ok(step),
        (Some(step), Some(next)) => Err(format!(
            "`{}` is named where `{}` is the next step",
            step.name, next.name
        )),
        _ => Err("a step is named where none is left".to_owned()),
    }
}

/// The steps of the branch at that position.
pub(crate) fn branch_of(step: &PlanStep, branch: usize) -> &[PlanStep] {
    step.branches
        .get_index(branch)
        .map_or(&[], |(_, steps)| steps.as_slice())
}

/// Ends the steps of a lane whose branch is over, from the innermost outwards; tells each of them.
fn close(lane: &mut Lane, steps: &[PlanStep], ended: &mut dyn FnMut(&PlanStep)) {
    let Some(step) = steps.get(lane.next) else {
        return;
    };
    let (inner, inner_steps) = match &mut lane.active {
        Some(Active::OnError(inner)) => (inner, step.on_error_steps.as_slice()),
        Some(Active::Branch { branch, lane }) => (lane, branch_of(step, *branch)),
        _ => return,
    };
    close(inner, inner_steps, ended);
    if inner.next >= inner_steps.len() {
        lane.active = None;
        lane.next += 1;
        ended(step);
    }
}

fn release(known: &mut Known, step: &PlanStep) {
    for name in &step.releases {
        known.outputs.remove(name);
    }
}
