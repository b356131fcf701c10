//! Part of a plan as a plan of its own: one step alone, everything up to a step, everything from a step on.
//!
//! What steps outside the part gave is handed in and pinned with it, so that the decision knows nothing of parts.

use super::{Kept, Plan, PlanStep, Turn, given::Given};
use crate::{
    input::Reads,
    state::{Known, View, opening},
};
use patchbay_model::{
    Json, JsonMap,
    document::{OnError, TRIGGER},
    event::Iteration,
    scope::Item,
    spec::StepKind,
    suggest::closest,
};
use std::collections::BTreeSet;

/// Which part of a workflow runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// This step with all inside it, for one item of each loop around it (outermost first; what is not given is the
    /// first item).
    Only { step: String, iteration: Iteration },
    /// Everything up to this step and with it; loops around it go over all their items, up to this step in each.
    Until { step: String },
    /// This step and all that comes after it. Not in a loop's body.
    From { step: String },
}

/// A part that may still lack data.
#[derive(Debug, Clone)]
pub struct Cut {
    plan: Plan,
    needs: Vec<Needed>,
    /// The loops around the one step that runs, outermost first, with the item of each.
    items: Vec<(PlanStep, u64)>,
    config: Json,
}

/// A step outside the part whose output is read inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    pub step: String,
    /// In which iteration it gave the output.
    pub iteration: Iteration,
    /// Its error is what is needed, not its output.
    pub error: bool,
    /// It stands in a branch that need not have been taken.
    pub optional: bool,
}

/// Why a part cannot run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// There is no such step.
    #[error("there is no step `{step}`{}", .suggestion.as_ref().map(|word| format!("; did you mean `{word}`?")).unwrap_or_default())]
    Unknown {
        /// As it was asked for.
        step: String,
        /// A step with a similar name.
        suggestion: Option<String>,
    },
    /// The step cannot be run like this; the sentence says what can be done instead.
    #[error("{0}")]
    Unfit(String),
}

impl Part {
    /// The step that it is about.
    pub fn step(&self) -> &str {
        match self {
            Self::Only { step, .. } | Self::Until { step } | Self::From { step } => step,
        }
    }
}

impl Plan {
    /// Cuts a part out. [`Cut::give`] makes a plan of it.
    pub fn part(&self, part: &Part) -> Result<Cut, PartError> {
        let name = part.step();
        let Some(way) = self.way(name) else {
            return Err(self.unknown(name));
        };
        let mut items = Vec::new();
        let steps = match part {
            Part::Only { iteration, .. } => {
                let Some(step) = self.step(name) else {
                    return Err(self.unknown(name));
                };
                let loops = self.loops_around(name);
                if iteration.len() > loops.len() {
                    return Err(PartError::Unfit(format!(
                        "`{name}` stands in {} loops, and {} items are chosen. Choose one item for each loop at most.",
                        loops.len(),
                        iteration.len()
                    )));
                }
                for (depth, around) in loops.into_iter().enumerate() {
                    let around = self.step(around).cloned();
                    items.extend(
                        around.map(|step| (step, iteration.get(depth).copied().unwrap_or(0))),
                    );
                }
                let mut step = step.clone();
                if matches!(step.on_error, OnError::NextItem | OnError::BreakLoop) {
                    step.on_error = OnError::Stop;
                }
                vec![step]
            }
            Part::Until { .. } => until(&self.steps, way)?,
            Part::From { .. } => from(&self.steps, way)?,
        };
        if !matches!(part, Part::Until { .. }) {
            stays_inside(&steps, 0)?;
        }
        let plan = Self::new(
            self.config.clone(),
            steps.into_iter().map(unlinked).collect(),
        );
        let needs = match part {
            Part::Until { .. } => Vec::new(),
            Part::Only { .. } | Part::From { .. } => self.needs(way, &plan, &items),
        };
        Ok(Cut {
            config: self.config().clone(),
            plan,
            needs,
            items,
        })
    }

    fn unknown(&self, name: &str) -> PartError {
        if name == TRIGGER {
            return PartError::Unfit(
                "The trigger only starts runs; run the workflow, or one of its steps.".to_owned(),
            );
        }
        PartError::Unknown {
            step: name.to_owned(),
            suggestion: closest(name, self.linked.ways.keys().map(String::as_str))
                .map(str::to_owned),
        }
    }

    /// What the part, and the lists of the loops around it, read of the steps before it.
    fn needs(&self, way: &[Turn], part: &Self, items: &[(PlanStep, u64)]) -> Vec<Needed> {
        let mut reads = Reads::default();
        part.steps
            .iter()
            .for_each(|step| super::link::add_reads(step, &mut reads));
        for (around, _) in items {
            let own = around
                .values
                .iter()
                .filter(|(field, _)| field == "list" || field == "object");
            own.for_each(|(_, value)| reads.add(value));
        }
        let mut seen = Seen::default();
        let mut steps = self.steps.as_slice();
        let mut iteration = Iteration::new();
        let mut errors = Vec::new();
        let mut chosen = items.iter().map(|(_, index)| *index);
        for turn in way {
            let (Turn::Here(position)
            | Turn::Body(position)
            | Turn::Branch(position, _)
            | Turn::OnError(position)) = *turn;
            for before in steps.iter().take(position) {
                seen.add(before, &iteration, false);
            }
            let Some(step) = steps.get(position) else {
                break;
            };
            steps = match *turn {
                Turn::Here(_) => break,
                Turn::Body(_) => {
                    iteration.push(chosen.next().unwrap_or(0));
                    &step.body
                }
                Turn::Branch(_, branch) => {
                    seen.one(step, &iteration, true);
                    step.branches
                        .get_index(branch)
                        .map_or(&[], |(_, steps)| steps.as_slice())
                }
                Turn::OnError(_) => {
                    errors.push(Needed {
                        step: step.name.clone(),
                        iteration: iteration.clone(),
                        error: true,
                        optional: false,
                    });
                    &step.on_error_steps
                }
            };
        }
        let own: BTreeSet<&str> = part.linked.ways.keys().map(String::as_str).collect();
        let read = seen
            .steps
            .into_iter()
            .filter(|needed| reads.any(&needed.step) && !own.contains(needed.step.as_str()));
        read.chain(errors).collect()
    }
}

/// The steps before a place that it can see.
#[derive(Default)]
struct Seen {
    steps: Vec<Needed>,
}

impl Seen {
    fn add(&mut self, step: &PlanStep, iteration: &Iteration, optional: bool) {
        self.one(step, iteration, optional);
        let branches = step.branches.values().flatten();
        for inner in branches.chain(&step.on_error_steps) {
            self.add(inner, iteration, true);
        }
    }

    fn one(&mut self, step: &PlanStep, iteration: &Iteration, optional: bool) {
        self.steps.push(Needed {
            step: step.name.clone(),
            iteration: iteration.clone(),
            error: false,
            // Of a step whose errors are dealt with, there may be none.
            optional: optional || step.on_error != OnError::Stop,
        });
    }
}

impl Cut {
    /// Whether a step is in the part.
    pub fn holds(&self, step: &str) -> bool {
        self.plan.way(step).is_some()
    }

    /// What has to be handed in. Steps whose output nobody finds are left out of what is given.
    pub fn needs(&self) -> &[Needed] {
        &self.needs
    }

    /// The part with all it reads. `input` is what the run is started with.
    pub fn give(self, input: &Json, outputs: JsonMap, errors: JsonMap) -> Result<Plan, PartError> {
        let mut given = Given::new(outputs, errors);
        let nothing = Json::Object(JsonMap::new());
        for (step, index) in &self.items {
            let mut seen = given.clone();
            seen.put(TRIGGER, input.clone());
            let item = item_of(step, *index, &self.config, &nothing, seen.known())?;
            given.put(&step.name, item);
        }
        let mut plan = self.plan;
        plan.given = given;
        Ok(plan)
    }
}

/// What the body of a loop sees of it, in one iteration.
fn item_of(
    step: &PlanStep,
    index: u64,
    config: &Json,
    env: &Json,
    known: &Known,
) -> Result<Json, PartError> {
    let name = &step.name;
    let view = View::new(config, env, crate::state::Layer { known, item: None });
    let opening = opening(step, &view).map_err(|error| {
        PartError::Unfit(format!(
            "What the loop `{name}` goes over is not known: {} Run the workflow up to it first.",
            error.message
        ))
    })?;
    let source = opening.source;
    if source.is_endless() {
        let item = Item {
            value: None,
            key: None,
            index,
            count: None,
        };
        return Ok(item.to_json());
    }
    let Some((key, value)) = source.item(index) else {
        return Err(PartError::Unfit(match source.len() {
            0 => format!(
                "The loop `{name}` has nothing to go over, so there is no item to run the step with."
            ),
            len => format!(
                "The loop `{name}` goes over {len} items; choose one from 0 to {}.",
                len - 1
            ),
        }));
    };
    let item = Item {
        value: Some(value),
        key,
        index,
        count: Some(source.len()),
    };
    Ok(item.to_json())
}

/// The list up to the place, everything behind it cut off.
fn until(steps: &[PlanStep], way: &[Turn]) -> Result<Vec<PlanStep>, PartError> {
    let Some((turn, rest)) = way.split_first() else {
        return Ok(steps.to_vec());
    };
    let (Turn::Here(position)
    | Turn::Body(position)
    | Turn::Branch(position, _)
    | Turn::OnError(position)) = *turn;
    let mut list: Vec<PlanStep> = steps.iter().take(position + 1).cloned().collect();
    let Some(last) = list.last_mut() else {
        return Ok(list);
    };
    match *turn {
        Turn::Here(_) => {}
        Turn::Body(_) => {
            if matches!(last.kind, StepKind::LoopForever | StepKind::LoopUntil) {
                return Err(PartError::Unfit(format!(
                    "`{}` ends by what its steps do, so it cannot be run up to one of them. Run up to `{}` itself, or run the step alone.",
                    last.name, last.name
                )));
            }
            last.body = until(&last.body, rest)?;
            // It may collect what the steps behind give.
            last.inputs.remove("collect");
            last.values.retain(|(field, _)| field != "collect");
        }
        Turn::Branch(_, chosen) => {
            for (position, branch) in last.branches.values_mut().enumerate() {
                *branch = if position == chosen {
                    until(branch, rest)?
                } else {
                    Vec::new()
                };
            }
        }
        Turn::OnError(_) => last.on_error_steps = until(&last.on_error_steps, rest)?,
    }
    Ok(list)
}

/// The place and all behind it; steps of a branch are followed by what comes after the branch.
fn from(steps: &[PlanStep], way: &[Turn]) -> Result<Vec<PlanStep>, PartError> {
    let Some((turn, rest)) = way.split_first() else {
        return Ok(steps.to_vec());
    };
    let (Turn::Here(position)
    | Turn::Body(position)
    | Turn::Branch(position, _)
    | Turn::OnError(position)) = *turn;
    let Some(step) = steps.get(position) else {
        return Ok(Vec::new());
    };
    let refuse = |what: &str| {
        Err(PartError::Unfit(format!(
            "The step stands in {what} `{name}`, so a run cannot begin with it. Run from `{name}` instead, or run the step alone.",
            name = step.name
        )))
    };
    match *turn {
        Turn::Here(_) => Ok(steps.iter().skip(position).cloned().collect()),
        Turn::Body(_) => refuse("the loop"),
        Turn::OnError(_) => refuse("the error branch of"),
        Turn::Branch(..) if step.kind == StepKind::Parallel => refuse("a branch of"),
        Turn::Branch(_, branch) => {
            let inside = step
                .branches
                .get_index(branch)
                .map_or(&[][..], |(_, steps)| steps);
            let mut list = from(inside, rest)?;
            list.extend(steps.iter().skip(position + 1).cloned());
            Ok(list)
        }
    }
}

/// Refuses steps that leave a loop which is not part of it.
fn stays_inside(steps: &[PlanStep], loops: usize) -> Result<(), PartError> {
    for step in steps {
        let leaves =
            matches!(step.kind, StepKind::Break | StepKind::Continue) && step.leaves > loops;
        let escapes = matches!(step.on_error, OnError::NextItem | OnError::BreakLoop) && loops == 0;
        if leaves || escapes {
            return Err(PartError::Unfit(format!(
                "`{}` leaves a loop that would not run. Run the loop instead.",
                step.name
            )));
        }
        stays_inside(&step.body, loops + 1)?;
        stays_inside(&step.on_error_steps, loops)?;
        for branch in step.branches.values() {
            stays_inside(branch, loops)?;
        }
    }
    Ok(())
}

/// Without what was worked out for another plan.
fn unlinked(mut step: PlanStep) -> PlanStep {
    step.kept = Kept::default();
    step.releases.clear();
    let again = |steps: Vec<PlanStep>| steps.into_iter().map(unlinked).collect();
    step.body = again(step.body);
    step.on_error_steps = again(step.on_error_steps);
    for branch in step.branches.values_mut() {
        *branch = again(std::mem::take(branch));
    }
    step
}

#[cfg(test)]
mod tests;
