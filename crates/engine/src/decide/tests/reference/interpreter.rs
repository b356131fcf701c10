//! Walks a document, as one would explain it to a person.

use super::plans::{Failing, Fails};
use crate::decide::tests::error;
use patchbay_model::{
    Json, JsonMap,
    document::{OnError, Step, Workflow},
    event::StepError,
    scope::JsonScope,
    value::Value,
};
use serde_json::json;
use std::collections::BTreeMap;

/// A call as both sides see it: step, iteration, inputs.
pub(in crate::decide::tests) type Made = (String, Vec<u64>, Json);

/// What a call comes to.
pub(in crate::decide::tests) fn answer(
    fails: &Failing,
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

/// What a run of the workflow comes to.
pub(in crate::decide::tests) struct Expected {
    pub(in crate::decide::tests) made: Vec<Made>,
    /// By step and iteration; an instant in it counts as any other.
    pub(in crate::decide::tests) outputs: BTreeMap<String, Json>,
    pub(in crate::decide::tests) succeeds: bool,
}

pub(in crate::decide::tests) fn interpret(workflow: &Workflow, fails: &Failing) -> Expected {
    let mut interpreter = Interpreter {
        fails,
        layers: vec![Default::default()],
        iteration: Vec::new(),
        made: Vec::new(),
        outputs: BTreeMap::new(),
    };
    let left = interpreter.list(&workflow.steps, &mut false);
    Expected {
        made: interpreter.made,
        outputs: interpreter.outputs,
        succeeds: left != Left::Stop,
    }
}

struct Interpreter<'a> {
    fails: &'a Failing,
    /// What is known, one layer for each loop around and for each branch beside others.
    layers: Vec<(JsonMap, JsonMap)>,
    iteration: Vec<u64>,
    made: Vec<Made>,
    outputs: BTreeMap<String, Json>,
}

/// How a list of steps was left.
#[derive(Debug, Clone, PartialEq)]
enum Left {
    AtItsEnd,
    /// To the next item of a loop, the innermost one if none is named.
    NextItem(Option<String>),
    /// To below a loop.
    Break(Option<String>),
    /// The run ends here, and well.
    Terminate,
    Stop,
}

/// A step that did not come to its end: the code of its error, or none when the run ends inside it.
enum Ended {
    Failed(&'static str),
    Run(Left),
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

    fn given(&mut self, step: &Step, output: Json) {
        let key = format!("{}:{:?}", step.name, self.iteration);
        self.outputs.insert(key, output.clone());
        let layer = self.layers.last_mut().unwrap();
        layer.0.insert(step.name.clone(), output);
    }

    /// Gives how the list was left; says whether an item that it belongs to has failed.
    fn list(&mut self, steps: &[Step], failed: &mut bool) -> Left {
        for step in steps {
            let left = match self.step(step, failed) {
                Ok(left) | Err(Ended::Run(left)) => left,
                Err(Ended::Failed(code)) => self.failure(step, code, failed),
            };
            if left != Left::AtItsEnd {
                return left;
            }
        }
        Left::AtItsEnd
    }

    fn failure(&mut self, step: &Step, code: &str, failed: &mut bool) -> Left {
        let layer = self.layers.last_mut().unwrap();
        layer.1.insert(step.name.clone(), json!({ "code": code }));
        match step.on_error {
            OnError::Stop => return Left::Stop,
            OnError::Branch => {
                let branch = step.on_error_steps.as_deref().unwrap_or_default();
                *failed |= branch.is_empty();
                return self.list(branch, failed);
            }
            OnError::Continue | OnError::NextItem | OnError::BreakLoop => *failed = true,
        }
        match step.on_error {
            OnError::NextItem => Left::NextItem(None),
            OnError::BreakLoop => Left::Break(None),
            _ => Left::AtItsEnd,
        }
    }

    fn step(&mut self, step: &Step, failed: &mut bool) -> Result<Left, Ended> {
        let named = || step.inputs["loop"].as_str().map(str::to_owned);
        match step.operation.as_str() {
            "loop_list" | "loop_forever" | "loop_until" => return self.repeat(step),
            "boolean" => {
                let condition = &step.inputs["conditions"][0];
                let holds = self.value(&condition["value_a"]) == condition["value_b"];
                let branch = if holds { "true" } else { "false" };
                self.given(step, json!({ "result": holds, "branch": branch }));
                return Ok(self.branch(step, branch, failed));
            }
            "branch" => {
                let value = self.value(&step.inputs["value"]);
                let named = step.branches.as_ref().unwrap();
                let wanted = value.to_string();
                let taken = [wanted.as_str(), "default"];
                let taken = taken
                    .into_iter()
                    .find(|name| named.contains_key(*name))
                    .map(str::to_owned);
                self.given(step, json!({ "branch": taken, "value": value }));
                return Ok(taken.map_or(Left::AtItsEnd, |taken| self.branch(step, &taken, failed)));
            }
            "parallel" => return Ok(self.side_by_side(step, failed)),
            "break" => {
                self.given(step, json!({}));
                return Ok(Left::Break(named()));
            }
            "continue" => {
                self.given(step, json!({}));
                return Ok(Left::NextItem(named()));
            }
            "terminate" => {
                self.given(step, json!({}));
                return Ok(Left::Terminate);
            }
            "fail" => return Err(Ended::Run(Left::Stop)),
            "delay" => self.given(step, json!({ "until": ANY_TIME })),
            "reply" => self.given(step, json!({})),
            _ => {
                let inputs = step.inputs.iter();
                let inputs: JsonMap = inputs
                    .map(|(name, value)| (name.clone(), self.value(value)))
                    .collect();
                let inputs = Json::Object(inputs);
                let call = (step.name.clone(), self.iteration.clone(), inputs.clone());
                self.made.push(call);
                let output = answer(self.fails, &step.name, &self.iteration, &inputs);
                self.given(step, output.map_err(|_| Ended::Failed("boom"))?);
            }
        }
        Ok(Left::AtItsEnd)
    }

    fn branch(&mut self, step: &Step, name: &str, failed: &mut bool) -> Left {
        let branches = step.branches.as_ref().unwrap();
        let steps = branches.get(name).map_or(&[][..], Vec::as_slice);
        self.list(steps, failed)
    }

    fn side_by_side(&mut self, step: &Step, failed: &mut bool) -> Left {
        let mut gave = Vec::new();
        for steps in step.branches.iter().flatten().map(|(_, steps)| steps) {
            self.layers.push(Default::default());
            // The workflows are written so that no branch ends early what others do.
            assert_eq!(self.list(steps, failed), Left::AtItsEnd);
            gave.extend(self.layers.pop());
        }
        let layer = self.layers.last_mut().unwrap();
        for (outputs, errors) in gave {
            layer.0.extend(outputs);
            layer.1.extend(errors);
        }
        self.given(step, json!({}));
        Left::AtItsEnd
    }

    fn repeat(&mut self, step: &Step) -> Result<Left, Ended> {
        let items = match step.operation.as_str() {
            "loop_list" => match self.value(&step.inputs["list"]) {
                Json::Array(items) => items.into_iter().map(Some).collect(),
                _ => return Err(Ended::Failed("invalid_input")),
            },
            _ => {
                let most = step.inputs["max_iterations"].as_u64().unwrap();
                (0..most).map(|_| None).collect::<Vec<_>>()
            }
        };
        let (mut succeeded, mut failures, mut results) = (0, 0, Vec::new());
        let mut met = false;
        let mut left_by = Left::AtItsEnd;
        let count = items.len();
        for (index, item) in items.into_iter().enumerate() {
            let own = match item {
                Some(item) => {
                    let last = index + 1 == count;
                    json!({ "value": item, "index": index, "is_first": index == 0, "is_last": last, "count": count })
                }
                None => json!({ "index": index, "is_first": index == 0 }),
            };
            let layer = JsonMap::from_iter([(step.name.clone(), own)]);
            self.layers.push((layer, JsonMap::new()));
            self.iteration.push(index as u64);
            let mut failed = false;
            let left = self.list(step.body.as_deref().unwrap_or_default(), &mut failed);
            let collected = step.inputs.get("collect").map(|value| self.value(value));
            self.iteration.pop();
            self.layers.pop();
            if matches!(left, Left::Stop | Left::Terminate) {
                return Err(Ended::Run(left));
            }
            results.extend(collected.map(|value| if failed { Json::Null } else { value }));
            *(if failed {
                &mut failures
            } else {
                &mut succeeded
            }) += 1;
            met = step.operation == "loop_until"
                && step.inputs["conditions"][0]["value_b"] == json!(index);
            let own =
                |named: &Option<String>| named.as_ref().is_none_or(|named| *named == step.name);
            match left {
                Left::NextItem(named) if own(&named) => {}
                Left::Break(named) if own(&named) => break,
                Left::AtItsEnd => {}
                outer => {
                    left_by = outer;
                    break;
                }
            }
            if met {
                break;
            }
        }
        let mut output =
            json!({ "count": succeeded + failures, "succeeded": succeeded, "failed": failures });
        if step.operation == "loop_until" {
            output["met"] = met.into();
        }
        if step.inputs.contains_key("collect") {
            output["results"] = Json::Array(results);
        }
        self.given(step, output);
        Ok(left_by)
    }
}

const ANY_TIME: &str = "at any time";

/// The same without the instants at which waits were over.
pub(in crate::decide::tests) fn timeless(json: Json) -> Json {
    match json {
        Json::Object(map) if map.len() == 1 && map.contains_key("until") => {
            json!({ "until": ANY_TIME })
        }
        Json::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, timeless(value)))
            .collect(),
        Json::Array(items) => items.into_iter().map(timeless).collect(),
        other => other,
    }
}
