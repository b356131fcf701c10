//! Steps that are not executed in a test run: a pinned output stands in for them, or what they would have been given.

use super::{Plan, PlanStep};
use patchbay_model::{
    Json, JsonMap,
    spec::{OperationSpec, StepKind},
};
use serde::{Deserialize, Serialize};

/// What stands in for a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StandIn {
    /// This output, in every iteration.
    Output(Json),
    /// Its resolved inputs, as its output.
    Inputs,
}

/// Whether the inputs say that only a question is asked: a raw request with a method that changes nothing.
pub(super) fn asks_only(inputs: &JsonMap, spec: &OperationSpec) -> bool {
    let method = inputs.get("method").and_then(Json::as_str);
    let has_method = spec.kind == StepKind::Call && !spec.irreversible;
    has_method && method.is_some_and(|method| matches!(method, "GET" | "HEAD" | "OPTIONS"))
}

impl Plan {
    /// Steps with a pinned output give that instead of being executed. Only steps that call something and loops can
    /// be stood in for: the others decide the way of the run.
    #[must_use]
    pub fn with_pins(mut self, pins: &JsonMap) -> Self {
        if pins.is_empty() {
            return self;
        }
        each(&mut self.steps, &mut |step| {
            let can = step.kind.is_call() || step.kind.has_body();
            if let Some(pin) = pins.get(&step.name).filter(|_| can) {
                step.stand_in = Some(StandIn::Output(pin.clone()));
            }
        });
        self
    }

    /// Steps that would change something are not executed; what they would have been given is their output.
    #[must_use]
    pub fn dry(mut self) -> Self {
        each(&mut self.steps, &mut |step| {
            if step.kind.is_call() && !step.reads && step.stand_in.is_none() {
                step.stand_in = Some(StandIn::Inputs);
            }
        });
        self
    }

    /// Whether any step is not executed.
    pub fn has_stand_ins(&self) -> bool {
        fn any(steps: &[PlanStep]) -> bool {
            steps.iter().any(|step| {
                step.stand_in.is_some()
                    || any(&step.body)
                    || any(&step.on_error_steps)
                    || step.branches.values().any(|steps| any(steps))
            })
        }
        any(&self.steps)
    }
}

fn each(steps: &mut [PlanStep], visit: &mut dyn FnMut(&mut PlanStep)) {
    for step in steps {
        visit(step);
        each(&mut step.body, visit);
        each(&mut step.on_error_steps, visit);
        for branch in step.branches.values_mut() {
            each(branch, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        plan::compile,
        testing::{Bench, catalog, workflow},
    };
    use patchbay_model::{Json, event::EventKind};
    use serde_json::json;

    fn path(path: &str) -> Json {
        json!({ "$path": path })
    }

    fn outputs(bench: &Bench) -> Vec<(String, Json)> {
        let found = bench.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepSucceeded { step, output, .. } => Some((step.clone(), output.clone())),
            _ => None,
        });
        found.collect()
    }

    #[test]
    fn a_pinned_output_stands_in_for_the_call_and_later_steps_see_it() {
        let steps = json!([
            { "name": "a" },
            { "name": "b", "inputs": { "x": path("$.steps.a.n") } },
        ]);
        let plan = compile(&workflow(steps).unwrap(), &catalog()).unwrap();
        let pins = json!({ "a": { "n": 7 }, "gone": 1 });
        let mut bench = Bench::new(plan.with_pins(pins.as_object().unwrap()));
        let calls = bench
            .run(Json::Null, |call| Ok(call.inputs.clone()))
            .unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(
            outputs(&bench),
            [
                ("a".to_owned(), json!({ "n": 7 })),
                ("b".to_owned(), json!({ "x": 7 }))
            ]
        );
    }

    #[test]
    fn a_pinned_loop_does_not_run_its_body() {
        let steps = json!([
            { "name": "l", "inputs": { "list": path("$.steps.trigger.none") }, "body": [{ "name": "b" }] },
            { "name": "c", "inputs": { "n": path("$.steps.l.count") } },
        ]);
        let plan = compile(&workflow(steps).unwrap(), &catalog()).unwrap();
        let pins = json!({ "l": { "count": 3 } });
        let mut bench = Bench::new(plan.with_pins(pins.as_object().unwrap()));
        let calls = bench
            .run(Json::Null, |call| Ok(call.inputs.clone()))
            .unwrap();
        assert_eq!(
            calls
                .iter()
                .map(|call| call.step.as_str())
                .collect::<Vec<_>>(),
            ["c"]
        );
        assert_eq!(calls[0].inputs, json!({ "n": 3 }));
    }

    #[test]
    fn a_dry_run_calls_what_reads_and_shows_what_the_others_would_have_sent() {
        let steps = json!([
            { "name": "read", "operation": "read" },
            { "name": "ask", "operation": "write", "inputs": { "method": "GET" } },
            { "name": "l", "inputs": { "list": [1, 2] }, "body": [
                { "name": "write", "operation": "write", "inputs": { "x": path("$.steps.l.value") } }] },
            { "name": "send", "operation": "send", "inputs": { "method": "GET" } },
        ]);
        let plan = compile(&workflow(steps).unwrap(), &catalog())
            .unwrap()
            .dry();
        assert!(plan.has_stand_ins());
        let mut bench = Bench::new(plan);
        let calls = bench.run(Json::Null, |_| Ok(json!({}))).unwrap();
        assert_eq!(
            calls
                .iter()
                .map(|call| call.step.as_str())
                .collect::<Vec<_>>(),
            ["read", "ask"]
        );
        let written: Vec<Json> = outputs(&bench)
            .into_iter()
            .filter(|(step, _)| step == "write")
            .map(|(_, output)| output)
            .collect();
        assert_eq!(written, [json!({ "x": 1 }), json!({ "x": 2 })]);
    }
}
