//! Which outputs a later step can still read, so that a run keeps nothing else in memory.

use super::{Kept, Linked, Plan, PlanStep, Turn};
use crate::input::Reads;
use patchbay_model::{Json, document::TRIGGER};
use std::collections::HashMap;

impl Plan {
    /// Works out everything that is not pinned.
    pub(super) fn link(&mut self) {
        let mut trigger = vec![TRIGGER.to_owned()];
        link_list(&mut self.steps, &Reads::default(), &mut trigger);
        let read = reads_of(&self.steps).any(TRIGGER);
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
fn link_list(steps: &mut [PlanStep], at_end: &Reads, given: &mut Vec<String>) {
    for step in steps.iter_mut() {
        let collect = step.value("collect").map(Reads::of).unwrap_or_default();
        link_list(&mut step.body, &collect, &mut Vec::new());
        link_branch(&mut step.on_error_steps, at_end);
    }
    let reads: Vec<Reads> = steps.iter().map(subtree).collect();
    let names: Vec<String> = steps.iter().map(|step| step.name.clone()).collect();
    let last_reader = |name: &str| reads.iter().rposition(|reads| reads.any(name));
    for (position, name) in names.iter().enumerate() {
        let reader = last_reader(name).filter(|reader| *reader > position);
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

/// Steps of an error branch share the scope of the step that failed, and whoever runs after it may read them:
/// they are kept until that scope ends.
fn link_branch(steps: &mut [PlanStep], at_end: &Reads) {
    link_list(steps, at_end, &mut Vec::new());
    for step in steps {
        step.kept = Kept::Scope;
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

fn add_reads(step: &PlanStep, reads: &mut Reads) {
    step.values.iter().for_each(|(_, value)| reads.add(value));
    step.body
        .iter()
        .chain(&step.on_error_steps)
        .for_each(|inner| add_reads(inner, reads));
}

fn nesting(steps: &[PlanStep]) -> usize {
    let inner = |step: &PlanStep| nesting(&step.body).max(nesting(&step.on_error_steps));
    steps.iter().map(|step| 1 + inner(step)).max().unwrap_or(0)
}

fn find_ways(steps: &[PlanStep], at: &mut Vec<Turn>, ways: &mut HashMap<String, Vec<Turn>>) {
    for (position, step) in steps.iter().enumerate() {
        let lanes = [
            (Turn::Here(position), [].as_slice()),
            (Turn::Body(position), step.body.as_slice()),
            (Turn::OnError(position), step.on_error_steps.as_slice()),
        ];
        for (turn, inner) in lanes {
            at.push(turn);
            if turn == Turn::Here(position) {
                ways.insert(step.name.clone(), at.clone());
            }
            find_ways(inner, at, ways);
            at.pop();
        }
    }
}
