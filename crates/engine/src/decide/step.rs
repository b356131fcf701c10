//! How each kind of step begins, and how a loop ends.

use super::{Command, Invocation};
use crate::{
    clip::{clipped, clipped_copy},
    plan::PlanStep,
    redact::redact,
    state::{Loop, State, View, opening},
};
use patchbay_model::{
    Json, JsonMap,
    event::{Iteration, StepError},
};
use serde_json::json;

/// A call leaves, unless its inputs have no values.
pub(super) fn call(
    state: &State,
    step: &PlanStep,
    iteration: Iteration,
    attempt: u32,
    view: &View<'_>,
) -> Command {
    let mut inputs = JsonMap::with_capacity(step.values.len());
    for (field, value) in &step.values {
        match value.resolve(view) {
            Ok(json) => {
                inputs.insert(field.clone(), json);
            }
            Err(error) => {
                let input = Some(journalled(step, Json::Object(inputs)));
                let error = error.in_field(field);
                return Command::Fail {
                    step: step.name.clone(),
                    iteration,
                    attempt,
                    input,
                    error,
                };
            }
        }
    }
    let inputs = Json::Object(inputs);
    Command::Invoke(Box::new(Invocation {
        idempotency_key: state.idempotency_key(&step.name, &iteration),
        step: step.name.clone(),
        iteration,
        attempt,
        connector: step.connector.clone(),
        operation: step.operation.clone(),
        auth: step.auth.clone(),
        journalled: journalled(step, inputs.clone()),
        inputs,
        timeout_ms: step.timeout_ms,
    }))
}

/// A loop begins, unless it has nothing that it could go over.
pub(super) fn begin_loop(
    step: &PlanStep,
    iteration: Iteration,
    attempt: u32,
    view: &View<'_>,
) -> Command {
    let name = step.name.clone();
    match opening(step, view) {
        Ok(opening) => {
            let field = if opening.source.get().is_object() {
                "object"
            } else {
                "list"
            };
            let mut input = json!({ field: clipped_copy(opening.source.get()) });
            if opening.concurrency > 1 {
                input["concurrency"] = opening.concurrency.into();
            }
            Command::StartLoop {
                step: name,
                iteration,
                attempt,
                input,
                total: opening.source.len(),
            }
        }
        Err(error) => Command::Fail {
            step: name,
            iteration,
            attempt,
            input: Some(json!({})),
            error,
        },
    }
}

/// A loop fails because what it is to collect has no value.
pub(super) fn fail_loop(step: &PlanStep, iteration: Iteration, error: StepError) -> Command {
    Command::Fail {
        step: step.name.clone(),
        iteration,
        attempt: 1,
        input: None,
        error,
    }
}

/// What a loop offers once it is over.
pub(super) fn loop_output(running: &Loop) -> Json {
    let mut output = json!({
        "count": running.succeeded + running.failed,
        "succeeded": running.succeeded,
        "failed": running.failed,
    });
    if let Some(results) = &running.results {
        output["results"] = Json::Array(results.clone());
    }
    output
}

fn journalled(step: &PlanStep, mut inputs: Json) -> Json {
    redact(&mut inputs, &step.secret_inputs);
    clipped(inputs)
}
