//! Which outputs a later step can still read, so that a run keeps nothing else in memory.

use super::{Kept, Linked, Plan, PlanStep, Turn};
use crate::input::Reads;
use patchbay_model::{Json, document::TRIGGER, spec::StepKind};
use std::collections::HashMap;

impl Plan {
    /// Works out everything that is not pinned.
    pub(super) fn link(&mut self) {
        let mut trigger = vec![TRIGGER.to_owned()];
        let all = reads_of(&self.steps);
        link_list(&mut self.steps, &Reads::default(), &mut trigger, &all);
        let read = all.any(TRIGGER);
        let mut ways = HashMap::new();
        find_ways(&self.steps, &mut Vec::new(), &mut ways);
        self.linked = Linked {
            ways,
            config: Json::Object(self.config.clone()),
            trigger: if read { Kept::Scope } else { Kept::Never },
            nesting: nesting(&self.steps),
        };
    }
}

/// Links the steps of one list; `at_end` is what is read when the list is over (a loop's `collect`), and
/// `given` names what was there before its first step and ends with the scope that the list begins.
fn link_list(steps: &mut [PlanStep], at_end: &Reads, given: &mut Vec<String>, all: &Reads) {
    for step in steps.iter_mut() {
        let mut after_item = Reads::default();
        let read_after_item = step.values.iter().filter(|(field, _)| {
            field == "collect" || (field == "conditions" && step.kind == StepKind::LoopUntil)
        });
        read_after_item.for_each(|(_, value)| after_item.add(value));
        link_list(&mut step.body, &after_item, &mut Vec::new(), all);
        link_branch(&mut step.on_error_steps, at_end, all);
        for branch in step.branches.values_mut() {
            link_branch(branch, at_end, all);
        }
    }
    let reads: Vec<Reads> = steps.iter().map(subtree).collect();
    let names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
    let last_reader = |name: &str| reads.iter().rposition(|reads| reads.any(name));
    for (position, name) in names.iter().enumerate() {
        // The steps of its branches see what a branching step gave.
        let seen_inside = matches!(steps[position].kind, StepKind::Boolean | StepKind::Branch);
        let first = position + usize::from(!seen_inside);
        let reader = last_reader(name).filter(|reader| *reader >= first);
        let kept_to_end = at_end.any(name);
        steps[position].kept = if kept_to_end || reader.is_some() {
            Kept::Scope
        } else {
            Kept::Never
        };
        if let Some(reader) = reader.filter(|_| !kept_to_end) {
            steps[reader].releases.push(name.clone());
        }
    }
    for name in given.drain(..) {
        if let Some(reader) = last_reader(&name).filter(|_| !at_end.any(&name)) {
            steps[reader].releases.push(name);
        }
    }
}

/// Steps of a branch share the scope of the step that carries it, and whoever runs after it may read them:
/// what anybody reads is kept until that scope ends.
fn link_branch(steps: &mut [PlanStep], at_end: &Reads, all: &Reads) {
    link_list(steps, at_end, &mut Vec::new(), all);
    for step in steps {
        step.kept = if all.any(&step.name) {
            Kept::Scope
        } else {
            Kept::Never
        };
        step.releases.clear();
    }
}

fn subtree(step: &PlanStep) -> Reads {
    let mut reads = Reads::default();
    add_reads(step, &mut reads);
    reads
}

fn reads_of(steps: &[PlanStep]) -> Reads {
    let mut reads = Reads::default();
    steps.iter().for_each(|step| add_reads(step, &mut reads));
    reads
}

pub(super) fn add_reads(step: &PlanStep, reads: &mut Reads) {
    step.values.iter().for_each(|(_, value)| reads.add(value));
    step.body
        .iter()
        .chain(step.branches.values().flatten())
        .chain(&step.on_error_steps)
        .for_each(|inner| add_reads(inner, reads));
}

fn nesting(steps: &[PlanStep]) -> usize {
    let inner = |step: &PlanStep| {
        let branches = step.branches.values().map(|branch| nesting(branch)).max();
        nesting(&step.body)
            .max(nesting(&step.on_error_steps))
            .max(branches.unwrap_or(0))
    };
    steps.iter().map(|step| 1 + inner(step)).max().unwrap_or(0)
}

fn find_ways(steps: &[PlanStep], at: &mut Vec<Turn>, ways: &mut HashMap<String, Vec<Turn>>) {
    for (position, step) in steps.iter().enumerate() {
        at.push(Turn::Here(position));
        ways.insert(step.name.clone(), at.clone());
        at.pop();
        let branches = step.branches.values().enumerate();
        let branches = branches.map(|(branch, steps)| (Turn::Branch(position, branch), steps));
        let lanes = [
            (Turn::Body(position), &step.body),
            (Turn::OnError(position), &step.on_error_steps),
        ];
        for (turn, inner) in lanes.into_iter().chain(branches) {
            at.push(turn);
            find_ways(inner, at, ways);
            at.pop();
        }
    }
}
