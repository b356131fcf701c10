//! How each kind of step begins, and how a loop ends.

use super::{Command, Invocation};
use crate::{
    clip::{clipped, clipped_copy},
    plan::{PlanStep, StandIn},
    redact::redact,
    retry::Counted,
    state::{Loop, State, View, opening},
};
use patchbay_model::{
    Json, JsonMap,
    event::{Iteration, StepError},
    spec::StepKind,
};
use serde_json::json;

/// A call leaves, unless its inputs have no values.
pub(super) fn call(
    state: &State,
    step: &PlanStep,
    iteration: Iteration,
    Counted { attempt, refused }: Counted,
    view: &View<'_>,
) -> Command {
    let inputs = match inputs(step, view) {
        Ok(inputs) => Json::Object(inputs),
        Err(unready_at) => {
            let (input, error) = *unready_at;
            return unready(step, iteration, attempt, input, error);
        }
    };
    Command::Invoke(Box::new(Invocation {
        idempotency_key: state.idempotency_key(&step.name, &iteration),
        step: step.name.clone(),
        iteration,
        attempt,
        refused,
        of_workflow: step.kind == StepKind::CallWorkflow,
        connector: step.connector.clone(),
        operation: step.operation.clone(),
        auth: step.auth.clone(),
        journalled: journalled(step, inputs.clone()),
        inputs,
        timeout_ms: step.timeout_ms,
    }))
}

/// Something else stands in for the step: what was pinned, or what it would have been given.
pub(super) fn stand_in(
    step: &PlanStep,
    stand_in: &StandIn,
    iteration: Iteration,
    attempt: u32,
    view: &View<'_>,
) -> Command {
    let (input, output) = match stand_in {
        StandIn::Output(output) => (json!({}), output.clone()),
        StandIn::Inputs => match inputs(step, view) {
            Ok(inputs) => {
                let mut shown = Json::Object(inputs);
                redact(&mut shown, &step.secret_inputs);
                (clipped_copy(&shown), shown)
            }
            Err(unready_at) => {
                let (input, error) = *unready_at;
                return unready(step, iteration, attempt, input, error);
            }
        },
    };
    Command::Complete {
        step: step.name.clone(),
        iteration,
        attempt,
        input,
        output,
        reply: None,
    }
}

/// The values of all inputs, or those before the first one that has none, and what is wrong with that.
pub(super) fn inputs(
    step: &PlanStep,
    view: &View<'_>,
) -> Result<JsonMap, Box<(JsonMap, StepError)>> {
    let mut inputs = JsonMap::with_capacity(step.values.len());
    for (field, value) in &step.values {
        match value.resolve(view) {
            Ok(json) => {
                inputs.insert(field.clone(), json);
            }
            Err(error) => return Err(Box::new((inputs, error.in_field(field)))),
        }
    }
    Ok(inputs)
}

/// A step fails because of its inputs.
pub(super) fn unready(
    step: &PlanStep,
    iteration: Iteration,
    attempt: u32,
    input: JsonMap,
    error: StepError,
) -> Command {
    Command::Fail {
        step: step.name.clone(),
        iteration,
        attempt,
        input: Some(journalled(step, Json::Object(input))),
        error,
    }
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
            let endless = opening.source.is_endless();
            let mut input = match opening.source.get() {
                _ if endless => json!({}),
                object @ Json::Object(_) => json!({ "object": clipped_copy(object) }),
                list => json!({ "list": clipped_copy(list) }),
            };
            if opening.concurrency > 1 {
                input["concurrency"] = opening.concurrency.into();
            }
            Command::StartLoop {
                step: name,
                iteration,
                attempt,
                input,
                total: (!endless).then(|| opening.source.len()),
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
pub(super) fn loop_output(step: &PlanStep, running: &Loop) -> Json {
    let mut output = json!({
        "count": running.succeeded + running.failed,
        "succeeded": running.succeeded,
        "failed": running.failed,
    });
    if step.kind == StepKind::LoopUntil {
        output["met"] = running.met.into();
    }
    if let Some(results) = &running.results {
        output["results"] = Json::Array(results.clone());
    }
    output
}

pub(super) fn journalled(step: &PlanStep, mut inputs: Json) -> Json {
    redact(&mut inputs, &step.secret_inputs);
    clipped(inputs)
}
