//! Random workflows come to the same calls and outputs as in a plain interpreter that walks the document.

use super::{Bench, error};
use crate::{decide::settle, plan::compile, testing::catalog};
use patchbay_model::{
    Json, JsonMap,
    document::{OnError, Step, Workflow},
    event::{EventKind, RunStatus, StepError},
    scope::JsonScope,
    value::Value,
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fails {
    Never,
    Always,
    /// In iterations whose indices add up to an odd number.
    WhenOdd,
}

/// A step without a name.
#[derive(Debug, Clone)]
enum Node {
    Call {
        fails: Fails,
        on_error: OnError,
        branch: Vec<Node>,
        reads: usize,
    },
    Loop {
        items: u64,
        on_error: OnError,
        branch: Vec<Node>,
        body: Vec<Node>,
        reads: usize,
        collect: bool,
    },
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let fails = || prop_oneof![4 => Just(Fails::Never), 1 => Just(Fails::Always), 1 => Just(Fails::WhenOdd)];
    let on_error = || {
        prop_oneof![
            1 => Just(OnError::Stop), 2 => Just(OnError::Continue), 2 => Just(OnError::NextItem),
            1 => Just(OnError::BreakLoop), 2 => Just(OnError::Branch),
        ]
    };
    let leaf = (fails(), on_error(), 0..20_usize).prop_map(|(fails, on_error, reads)| Node::Call {
        fails,
        on_error,
        branch: Vec::new(),
        reads,
    });
    let node = leaf.prop_recursive(4, 16, 3, move |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..3);
        let branching = (fails(), on_error(), list(), 0..20_usize).prop_map(
            |(fails, on_error, branch, reads)| Node::Call {
                fails,
                on_error,
                branch,
                reads,
            },
        );
        let looping = (
            0..4_u64,
            on_error(),
            list(),
            list(),
            0..20_usize,
            any::<bool>(),
        )
            .prop_map(
                |(items, on_error, branch, body, reads, collect)| Node::Loop {
                    items,
                    on_error,
                    branch,
                    body,
                    reads,
                    collect,
                },
            );
        prop_oneof![branching, looping]
    });
    prop::collection::vec(node, 0..5)
}

/// Gives names in the order of the document, and lets every step read some step or error by its name.
struct Writer {
    fails: BTreeMap<String, Fails>,
    concurrency: u64,
}

impl Writer {
    fn steps(&mut self, nodes: &[Node], in_loop: bool) -> Json {
        nodes.iter().map(|node| self.step(node, in_loop)).collect()
    }

    fn step(&mut self, node: &Node, in_loop: bool) -> Json {
        let name = format!("s{}", self.fails.len());
        self.fails.insert(name.clone(), Fails::Never);
        let (on_error, branch, reads) = match node {
            Node::Call {
                on_error,
                branch,
                reads,
                ..
            }
            | Node::Loop {
                on_error,
                branch,
                reads,
                ..
            } => (*on_error, branch, *reads),
        };
        let leaves = matches!(on_error, OnError::NextItem | OnError::BreakLoop);
        let on_error = if leaves && !in_loop {
            OnError::Continue
        } else {
            on_error
        };
        let mut step = match node {
            Node::Call { fails, .. } => {
                self.fails.insert(name.clone(), *fails);
                json!({ "inputs": {
                    "read": { "$path": format!("$.steps.s{reads}"), "$default": "nothing" },
                    "item": { "$path": format!("$.steps.s{reads}.value"), "$default": null },
                    "error": { "$path": format!("$.errors.s{reads}.code"), "$default": "none" },
                } })
            }
            Node::Loop {
                items,
                body,
                collect,
                ..
            } => {
                let list: Vec<u64> = (10..10 + items).collect();
                let body = self.steps(body, true);
                let mut inputs = json!({ "concurrency": self.concurrency,
                    "list": { "$path": format!("$.steps.s{reads}.results"), "$default": list } });
                if *collect {
                    inputs["collect"] =
                        json!({ "$path": format!("$.steps.s{reads}.count"), "$default": "none" });
                }
                json!({ "inputs": inputs, "body": body })
            }
        };
        step["name"] = json!(name);
        step["on_error"] = serde_json::to_value(on_error).unwrap();
        if on_error == OnError::Branch {
            step["on_error_steps"] = self.steps(branch, in_loop);
        }
        step
    }
}

fn write(nodes: &[Node], concurrency: u64) -> (Workflow, BTreeMap<String, Fails>) {
    let mut writer = Writer {
        fails: BTreeMap::new(),
        concurrency,
    };
    let steps = writer.steps(nodes, false);
    (crate::testing::workflow(steps).unwrap(), writer.fails)
}

fn answer(
    fails: &BTreeMap<String, Fails>,
    step: &str,
    iteration: &[u64],
    inputs: &Json,
) -> Result<Json, StepError> {
    let fail = match fails[step] {
        Fails::Never => false,
        Fails::Always => true,
        Fails::WhenOdd => iteration.iter().sum::<u64>() % 2 == 1,
    };
    if fail {
        Err(error("boom", false))
    } else {
        Ok(inputs.clone())
    }
}

/// A call as both sides see it: step, iteration, inputs.
type Made = (String, Vec<u64>, Json);

/// Walks the document, as one would explain it to a person.
struct Interpreter<'a> {
    fails: &'a BTreeMap<String, Fails>,
    /// What is known, one layer for each loop around.
    layers: Vec<(JsonMap, JsonMap)>,
    iteration: Vec<u64>,
    made: Vec<Made>,
    outputs: BTreeMap<String, Json>,
}

/// How a list of steps was left.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Left {
    AtItsEnd,
    ByNextItem,
    ByBreak,
    ByStop,
}

impl Interpreter<'_> {
    fn scope(&self) -> JsonScope {
        let mut scope = json!({ "steps": {}, "errors": {} });
        for (steps, errors) in &self.layers {
            for (name, value) in steps {
                scope["steps"][name] = value.clone();
            }
            for (name, value) in errors {
                scope["errors"][name] = value.clone();
            }
        }
        JsonScope(scope)
    }

    fn value(&self, json: &Json) -> Json {
        Value::parse(json).unwrap().resolve(&self.scope()).unwrap()
    }

    /// Gives how the list was left, and whether an item that it belongs to has failed.
    fn list(&mut self, steps: &[Step], failed: &mut bool) -> Left {
        for step in steps {
            let Err(error) = self.step(step) else {
                continue;
            };
            let Some(code) = error else {
                return Left::ByStop;
            };
            let layer = self.layers.last_mut().unwrap();
            layer.1.insert(step.name.clone(), json!({ "code": code }));
            match step.on_error {
                OnError::Stop => return Left::ByStop,
                OnError::Continue => *failed = true,
                OnError::NextItem | OnError::BreakLoop => {
                    *failed = true;
                    let next = step.on_error == OnError::NextItem;
                    return if next {
                        Left::ByNextItem
                    } else {
                        Left::ByBreak
                    };
                }
                OnError::Branch => {
                    let branch = step.on_error_steps.as_deref().unwrap_or_default();
                    *failed |= branch.is_empty();
                    match self.list(branch, failed) {
                        Left::AtItsEnd => {}
                        other => return other,
                    }
                }
            }
        }
        Left::AtItsEnd
    }

    /// Fails with a code, or with none when the run stops inside.
    fn step(&mut self, step: &Step) -> Result<(), Option<&'static str>> {
        let output = match &step.body {
            Some(body) => self.repeat(step, body)?,
            None => {
                let inputs: JsonMap = step
                    .inputs
                    .iter()
                    .map(|(name, value)| (name.clone(), self.value(value)))
                    .collect();
                let inputs = Json::Object(inputs);
                self.made
                    .push((step.name.clone(), self.iteration.clone(), inputs.clone()));
                answer(self.fails, &step.name, &self.iteration, &inputs)
                    .map_err(|_| Some("boom"))?
            }
        };
        self.outputs.insert(
            format!("{}:{:?}", step.name, self.iteration),
            output.clone(),
        );
        self.layers
            .last_mut()
            .unwrap()
            .0
            .insert(step.name.clone(), output);
        Ok(())
    }

    fn repeat(&mut self, step: &Step, body: &[Step]) -> Result<Json, Option<&'static str>> {
        let list = self.value(&step.inputs["list"]);
        let Some(items) = list.as_array() else {
            return Err(Some("invalid_input"));
        };
        let (mut succeeded, mut failures, mut results) = (0, 0, Vec::new());
        for (index, item) in items.iter().enumerate() {
            let last = index + 1 == items.len();
            let own = json!({ "value": item, "index": index, "is_first": index == 0, "is_last": last, "count": items.len() });
            self.layers.push((
                JsonMap::from_iter([(step.name.clone(), own)]),
                JsonMap::new(),
            ));
            self.iteration.push(index as u64);
            let mut failed = false;
            let left = self.list(body, &mut failed);
            let collected = step.inputs.get("collect").map(|value| self.value(value));
            self.iteration.pop();
            self.layers.pop();
            if left == Left::ByStop {
                return Err(None);
            }
            results.extend(collected.map(|value| if failed { Json::Null } else { value }));
            *(if failed {
                &mut failures
            } else {
                &mut succeeded
            }) += 1;
            if left == Left::ByBreak {
                break;
            }
        }
        let mut output =
            json!({ "count": succeeded + failures, "succeeded": succeeded, "failed": failures });
        if step.inputs.contains_key("collect") {
            output["results"] = Json::Array(results);
        }
        Ok(output)
    }
}

fn outputs(bench: &Bench) -> BTreeMap<String, Json> {
    let output = |kind: &EventKind| match kind {
        EventKind::StepSucceeded {
            step,
            iteration,
            output,
            ..
        } => Some((format!("{step}:{iteration:?}"), output.clone())),
        _ => None,
    };
    bench
        .events
        .iter()
        .filter_map(|event| output(&event.kind))
        .collect()
}

fn bench(workflow: &Workflow) -> Bench {
    Bench::new(compile(workflow, &catalog()).unwrap())
}

/// Runs with the calls in flight answered in an order that `picks` decides.
fn run_out_of_order(bench: &mut Bench, fails: &BTreeMap<String, Fails>, picks: &[usize]) {
    let mut picks = picks.iter().cycle();
    let mut flying = Vec::new();
    let mut commands = bench.start(json!({})).unwrap();
    loop {
        flying.extend(bench.carry_out(commands).unwrap().0);
        if flying.is_empty() {
            return;
        }
        let call = flying.remove(picks.next().copied().unwrap_or(0) % flying.len());
        let result = answer(fails, &call.step, &call.iteration, &call.inputs);
        commands = bench
            .apply(settle(&bench.plan, &bench.limits, &call, result, 0, 0))
            .unwrap();
    }
}

fn stops_or_breaks(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Call {
            fails,
            on_error,
            branch,
            ..
        } => {
            let leaves =
                matches!(on_error, OnError::Stop | OnError::BreakLoop) && *fails != Fails::Never;
            leaves || stops_or_breaks(branch)
        }
        Node::Loop {
            on_error,
            branch,
            body,
            ..
        } => {
            matches!(on_error, OnError::Stop | OnError::BreakLoop)
                || stops_or_breaks(branch)
                || stops_or_breaks(body)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_makes_the_calls_of_the_reference_in_the_same_order(nodes in nodes()) {
        let (workflow, fails) = write(&nodes, 1);
        let mut interpreter = Interpreter {
            fails: &fails,
            layers: vec![Default::default()],
            iteration: Vec::new(),
            made: Vec::new(),
            outputs: BTreeMap::new(),
        };
        let left = interpreter.list(&workflow.steps, &mut false);
        let mut bench = bench(&workflow);
        let calls = bench.run(json!({}), |call| answer(&fails, &call.step, &call.iteration, &call.inputs)).unwrap();
        let made: Vec<Made> = calls.into_iter().map(|call| (call.step, call.iteration, call.inputs)).collect();
        prop_assert_eq!(made, interpreter.made);
        prop_assert_eq!(outputs(&bench), interpreter.outputs);
        let expected = if left == Left::ByStop { RunStatus::Failed } else { RunStatus::Succeeded };
        prop_assert_eq!(bench.state.status(), expected);
    }

    #[test]
    fn the_order_in_which_calls_of_a_loop_end_does_not_show(nodes in nodes(), picks in prop::collection::vec(0..7_usize, 1..9)) {
        prop_assume!(!stops_or_breaks(&nodes));
        let (workflow, fails) = write(&nodes, 3);
        let mut in_order = bench(&workflow);
        run_out_of_order(&mut in_order, &fails, &[0]);
        let mut shuffled = bench(&workflow);
        run_out_of_order(&mut shuffled, &fails, &picks);
        prop_assert_eq!(outputs(&shuffled), outputs(&in_order));
        let (alone, _) = write(&nodes, 1);
        let mut one_by_one = bench(&alone);
        run_out_of_order(&mut one_by_one, &fails, &[0]);
        prop_assert_eq!(outputs(&one_by_one), outputs(&in_order));
    }
}
