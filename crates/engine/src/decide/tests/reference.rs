//! Random workflows come to the same calls and outputs as in a plain interpreter that walks the document.

mod interpreter;
mod plans;

use super::Bench;
use crate::{decide::settle, plan::compile, testing::catalog};
use patchbay_model::{
    Json,
    document::Workflow,
    event::{EventKind, RunStatus},
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) use interpreter::{Made, answer, interpret, timeless};
pub(super) use plans::{Failing, ends_early, nodes, runs_side_by_side, write};

/// What steps gave, by step and iteration, without instants.
pub(super) fn outputs<'e>(
    events: impl IntoIterator<Item = &'e patchbay_model::event::Event>,
) -> BTreeMap<String, Json> {
    let output = |kind: &EventKind| match kind {
        EventKind::StepSucceeded {
            step,
            iteration,
            output,
            ..
        } => Some((format!("{step}:{iteration:?}"), timeless(output.clone()))),
        _ => None,
    };
    events
        .into_iter()
        .filter_map(|event| output(&event.kind))
        .collect()
}

fn bench(workflow: &Workflow) -> Bench {
    Bench::new(compile(workflow, &catalog()).unwrap())
}

/// Runs with the calls in flight answered in an order that `picks` decides.
fn run_out_of_order(bench: &mut Bench, fails: &Failing, picks: &[usize]) {
    let mut picks = picks.iter().cycle();
    let mut flying = Vec::new();
    let mut commands = bench.start(json!({})).unwrap();
    loop {
        let (calls, wake) = bench.carry_out(commands).unwrap();
        flying.extend(calls);
        if flying.is_empty() {
            let Some(wake) = wake else { return };
            bench.now = wake;
            commands = super::decide(&bench.plan, &bench.state, wake);
            continue;
        }
        let call = flying.remove(picks.next().copied().unwrap_or(0) % flying.len());
        let result = answer(fails, &call.step, &call.iteration, &call.inputs);
        commands = bench
            .apply(settle(&bench.plan, &bench.limits, &call, result, 0, 0))
            .unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 50_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_makes_the_calls_of_the_reference_in_the_same_order(nodes in nodes()) {
        let (workflow, fails) = write(&nodes, 1);
        let mut expected = interpret(&workflow, &fails);
        let mut bench = bench(&workflow);
        let calls = bench.run(json!({}), |call| answer(&fails, &call.step, &call.iteration, &call.inputs)).unwrap();
        let mut made: Vec<Made> = calls.into_iter().map(|call| (call.step, call.iteration, timeless(call.inputs))).collect();
        if runs_side_by_side(&nodes) {
            let by_place = |call: &Made| (call.0.clone(), call.1.clone());
            made.sort_by_key(by_place);
            expected.made.sort_by_key(by_place);
        }
        prop_assert_eq!(made, expected.made);
        prop_assert_eq!(outputs(&bench.events), expected.outputs);
        let status = if expected.succeeds { RunStatus::Succeeded } else { RunStatus::Failed };
        prop_assert_eq!(bench.state.status(), status);
    }

    #[test]
    fn the_order_in_which_calls_of_a_loop_end_does_not_show(nodes in nodes(), picks in prop::collection::vec(0..7_usize, 1..9)) {
        prop_assume!(!ends_early(&nodes));
        let (workflow, fails) = write(&nodes, 3);
        let mut in_order = bench(&workflow);
        run_out_of_order(&mut in_order, &fails, &[0]);
        let mut shuffled = bench(&workflow);
        run_out_of_order(&mut shuffled, &fails, &picks);
        prop_assert_eq!(outputs(&shuffled.events), outputs(&in_order.events));
        let (alone, _) = write(&nodes, 1);
        let mut one_by_one = bench(&alone);
        run_out_of_order(&mut one_by_one, &fails, &[0]);
        prop_assert_eq!(outputs(&one_by_one.events), outputs(&in_order.events));
    }
}
