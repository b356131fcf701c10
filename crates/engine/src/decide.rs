//! What to do next: a function of plan, state and time, without a clock or any I/O of its own.

mod command;
mod flow;
mod outcome;
mod step;

use crate::{
    plan::{Plan, PlanStep},
    retry::Counted,
    state::{Active, Frame, Lane, Layer, Loop, Parallel, State, View, branch_of, collected},
};
use patchbay_model::{
    document::OnInterrupt,
    event::{Iteration, RunStatus},
    spec::StepKind,
};

pub use command::{Command, Invocation};
pub use outcome::{settle, time_out};

/// What is to be done now. Whoever carries a command out folds its events into the state and asks again;
/// when nothing but [`Command::Wait`] comes back, there is nothing to do before a call ends or the time comes.
///
/// `now` is in unix milliseconds; the same arguments always give the same commands.
pub fn decide(plan: &Plan, state: &State, now: i64) -> Vec<Command> {
    if state.outcome().is_some() || state.started_at().is_none() {
        return Vec::new();
    }
    if state.is_cancelling() {
        return vec![Command::Finish {
            status: RunStatus::Cancelled,
            error: None,
        }];
    }
    if let Some(error) = state.failure() {
        let finish = Command::Finish {
            status: RunStatus::Failed,
            error: Some(error.clone()),
        };
        return if state.in_flight() {
            Vec::new()
        } else {
            vec![finish]
        };
    }
    if state.is_terminated() && state.in_flight() {
        return Vec::new();
    }
    if state.is_terminated() || state.root.is_over(plan.steps()) {
        return vec![Command::Finish {
            status: RunStatus::Succeeded,
            error: None,
        }];
    }
    let mut walk = Walk {
        state,
        now,
        iteration: Vec::new(),
        commands: Vec::new(),
    };
    walk.frame(&state.root, plan.steps(), &mut state.view(plan));
    walk.commands
}

/// A step that has not been tried.
const FIRST: Counted = Counted {
    attempt: 1,
    refused: 0,
};

/// One look at every place of a run where something can happen.
struct Walk<'a> {
    state: &'a State,
    now: i64,
    iteration: Iteration,
    commands: Vec<Command>,
}

impl<'a> Walk<'a> {
    fn frame(&mut self, frame: &'a Frame, steps: &'a [PlanStep], view: &mut View<'a>) {
        self.lane(&frame.lane, steps, frame.ended.is_some(), view);
    }

    fn lane(&mut self, lane: &'a Lane, steps: &'a [PlanStep], ended: bool, view: &mut View<'a>) {
        let Some(step) = steps.get(lane.next) else {
            return;
        };
        match &lane.active {
            None if ended => {
                let step = step.name.clone();
                self.commands.push(Command::Skip {
                    step,
                    iteration: self.iteration.clone(),
                });
            }
            None => self.begin(step, FIRST, view),
            Some(Active::Attempt { .. }) => {}
            Some(active @ Active::Interrupted { attempt, .. }) => {
                let next = Counted {
                    attempt: attempt + 1,
                    refused: active.refused(),
                };
                self.resume(step, next, view);
            }
            Some(Active::Waiting {
                attempt,
                until,
                since,
                refused,
            }) if *until <= self.now => match step.kind {
                StepKind::Delay => {
                    let iteration = self.iteration.clone();
                    self.commands
                        .push(flow::end_delay(step, iteration, *since, *until));
                }
                _ => {
                    let next = Counted {
                        attempt: attempt + 1,
                        refused: *refused,
                    };
                    self.begin(step, next, view);
                }
            },
            Some(Active::Waiting { until, .. }) => {
                let (step, iteration) = (step.name.clone(), self.iteration.clone());
                self.commands.push(Command::Wait {
                    step,
                    iteration,
                    until: *until,
                });
            }
            Some(Active::OnError(inner)) => self.lane(inner, &step.on_error_steps, ended, view),
            Some(Active::Branch { branch, lane }) => {
                self.lane(lane, branch_of(step, *branch), ended, view)
            }
            Some(Active::Parallel(running)) => self.strands(step, running, ended, view),
            Some(Active::Loop(running)) => self.items(step, running, view),
        }
    }

    fn strands(
        &mut self,
        step: &'a PlanStep,
        running: &'a Parallel,
        ended: bool,
        view: &mut View<'a>,
    ) {
        let mut open = false;
        for (branch, strand) in running.strands.iter().enumerate() {
            let steps = branch_of(step, branch);
            if strand.lane.next < steps.len() {
                open = true;
                view.push(Layer::of_strand(&strand.known));
                self.lane(&strand.lane, steps, ended, view);
                view.pop();
            }
        }
        if !open {
            let iteration = self.iteration.clone();
            self.commands.push(flow::join(step, iteration, running));
        }
    }

    fn items(&mut self, step: &'a PlanStep, running: &'a Loop, view: &mut View<'a>) {
        if running.open.is_empty() {
            self.end_loop(step, running);
            return;
        }
        for (index, frame) in &running.open {
            view.push(running.layer(step, *index, frame));
            if frame.is_over(&step.body) {
                self.end_item(step, *index, frame, view);
            } else {
                self.iteration.push(*index);
                self.frame(frame, &step.body, view);
                self.iteration.pop();
            }
            view.pop();
        }
    }

    fn begin(&mut self, step: &PlanStep, counted: Counted, view: &View<'_>) {
        let iteration = self.iteration.clone();
        let attempt = counted.attempt;
        if let Some(stand_in) = &step.stand_in {
            self.commands
                .push(step::stand_in(step, stand_in, iteration, attempt, view));
            return;
        }
        let command = match step.kind {
            StepKind::Call | StepKind::CallWorkflow | StepKind::Trigger => {
                step::call(self.state, step, iteration, counted, view)
            }
            StepKind::LoopList
            | StepKind::LoopObject
            | StepKind::LoopForever
            | StepKind::LoopUntil => step::begin_loop(step, iteration, attempt, view),
            _ => flow::begin(step, iteration, attempt, self.now, view),
        };
        self.commands.push(command);
    }

    fn resume(&mut self, step: &PlanStep, next: Counted, view: &View<'_>) {
        let may_repeat = step.kind != StepKind::Call || step.on_interrupt == OnInterrupt::Retry;
        if may_repeat {
            self.begin(step, next, view);
        } else {
            let iteration = self.iteration.clone();
            self.commands
                .push(outcome::unknown(step, iteration, next.attempt - 1));
        }
    }

    fn end_item(&mut self, step: &PlanStep, index: u64, frame: &Frame, view: &View<'_>) {
        let iteration = self.iteration.clone();
        let collected = collected(step, frame.failed, frame.ended, view);
        let last = collected
            .map_err(|error| error.in_field("collect"))
            .and_then(|_| flow::is_last(step, frame, view));
        self.commands.push(match last {
            Err(error) => step::fail_loop(step, iteration, error),
            Ok(last) => Command::FinishItem {
                step: step.name.clone(),
                iteration,
                index,
                failed: frame.failed,
                last,
            },
        });
    }

    fn end_loop(&mut self, step: &PlanStep, running: &Loop) {
        self.commands.push(Command::End {
            step: step.name.clone(),
            iteration: self.iteration.clone(),
            started_at: running.started_at,
            output: step::loop_output(step, running),
        });
    }
}

impl Frame {
    fn is_over(&self, steps: &[PlanStep]) -> bool {
        self.lane.next >= steps.len()
    }
}

impl Loop {
    pub(crate) fn layer<'a>(
        &'a self,
        step: &'a PlanStep,
        index: u64,
        frame: &'a Frame,
    ) -> Layer<'a> {
        Layer::of_item(&frame.known, &step.name, &self.source, index)
    }
}

#[cfg(test)]
mod tests;
