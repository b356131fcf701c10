//! How the steps begin and end that choose the way of a run: conditions, branches, breaks, waits, answers.

use super::{
    Command,
    step::{inputs, journalled, unready},
};
use crate::{
    plan::PlanStep,
    state::{Frame, Parallel, View},
};
use patchbay_model::{
    Json, JsonMap,
    condition::{self, Verdict},
    event::{Iteration, StepError},
    spec::{DEFAULT_BRANCH, StepKind},
};
use serde_json::json;

/// The longest that a step may wait, in milliseconds: a year.
const LONGEST_DELAY_MS: f64 = 365.0 * 24.0 * 60.0 * 60.0 * 1000.0;

/// A step that the engine itself carries out begins.
pub(super) fn begin(
    step: &PlanStep,
    iteration: Iteration,
    attempt: u32,
    now: i64,
    view: &View<'_>,
) -> Command {
    if step.kind == StepKind::Boolean {
        return boolean(step, iteration, attempt, view);
    }
    let input = match inputs(step, view) {
        Ok(input) => input,
        Err(unready_at) => {
            let (input, error) = *unready_at;
            return unready(step, iteration, attempt, input, error);
        }
    };
    let outcome = match step.kind {
        StepKind::Branch => branch(step, &input).map(Outcome::Gives),
        StepKind::Fail => Err(failure(&input)),
        StepKind::Delay => delay(&input, now).map(Outcome::Waits),
        StepKind::Parallel => Ok(Outcome::Runs),
        StepKind::Reply => Ok(Outcome::Replies),
        StepKind::Terminate => Ok(Outcome::Gives(said(&input))),
        _ => Ok(Outcome::Gives(json!({}))),
    };
    let (name, reply) = match &outcome {
        Ok(Outcome::Replies) => (step.name.clone(), Some(Json::Object(input.clone()))),
        _ => (step.name.clone(), None),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return unready(step, iteration, attempt, input, error),
    };
    let input = journalled(step, Json::Object(input));
    match outcome {
        Outcome::Gives(output) => Command::Complete {
            step: name,
            iteration,
            attempt,
            input,
            output,
            reply: None,
        },
        Outcome::Replies => Command::Complete {
            step: name,
            iteration,
            attempt,
            input,
            output: json!({}),
            reply,
        },
        Outcome::Waits(until) => Command::Begin {
            step: name,
            iteration,
            attempt,
            input,
            until: Some(until),
        },
        Outcome::Runs => Command::Begin {
            step: name,
            iteration,
            attempt,
            input,
            until: None,
        },
    }
}

/// What beginning a step comes to.
enum Outcome {
    /// It is done, with this output.
    Gives(Json),
    /// It is done, and its inputs are the answer of the run.
    Replies,
    /// It is done at this instant, in unix milliseconds.
    Waits(i64),
    /// Its branches run.
    Runs,
}

fn boolean(step: &PlanStep, iteration: Iteration, attempt: u32, view: &View<'_>) -> Command {
    let verdict = match &step.conditions {
        Some(conditions) => conditions.evaluate(view).map_err(StepError::from),
        None => Err(StepError {
            code: "invalid_input".to_owned(),
            message: "There is no condition; add one.".to_owned(),
            ..StepError::default()
        }),
    };
    match verdict {
        Ok(Verdict { holds, shown }) => {
            let branch = if holds { "true" } else { "false" };
            Command::Complete {
                step: step.name.clone(),
                iteration,
                attempt,
                input: journalled(step, shown),
                output: json!({ "result": holds, "branch": branch }),
                reply: None,
            }
        }
        Err(error) => unready(step, iteration, attempt, JsonMap::new(), error),
    }
}

/// The first rule that fits names the branch; without one, the value does, and then there is the default.
fn branch(step: &PlanStep, input: &JsonMap) -> Result<Json, StepError> {
    let names = || step.branches.keys().map(String::as_str);
    let value = input.get("value").unwrap_or(&Json::Null);
    let chosen = condition::choose(value, input.get("rules"), names())?;
    let chosen = chosen.or_else(|| names().find(|name| *name == DEFAULT_BRANCH));
    Ok(json!({ "branch": chosen, "value": value }))
}

fn failure(input: &JsonMap) -> StepError {
    let message = match input.get("message") {
        Some(Json::String(text)) if !text.trim().is_empty() => text.clone(),
        Some(other) if !other.is_null() && !other.is_string() => other.to_string(),
        _ => "The workflow ended this run as failed.".to_owned(),
    };
    StepError {
        code: "failed_by_workflow".to_owned(),
        message,
        ..StepError::default()
    }
}

fn said(input: &JsonMap) -> Json {
    match input.get("message") {
        Some(message) if !message.is_null() => json!({ "message": message }),
        _ => json!({}),
    }
}

/// Until when a step waits, in unix milliseconds: `until` if it is given, else `duration` in `unit`s from now.
fn delay(input: &JsonMap, now: i64) -> Result<i64, StepError> {
    let given = |field: &str| {
        input.get(field).filter(|value| match value {
            Json::Null => false,
            Json::String(text) => !text.trim().is_empty(),
            _ => true,
        })
    };
    match (given("until"), given("duration")) {
        (Some(until), None) => instant(until),
        (None, Some(duration)) => {
            let millis = span(duration, given("unit"))?;
            Ok(now.saturating_add_unsigned(millis))
        }
        (Some(_), Some(_)) => Err(invalid(
            "until",
            "Both a duration and an instant are given; take one of them out.".to_owned(),
        )),
        (None, None) => Err(invalid(
            "duration",
            "Say how long to wait, or until when.".to_owned(),
        )),
    }
}

fn instant(until: &Json) -> Result<i64, StepError> {
    let parsed = until
        .as_str()
        .and_then(|text| text.trim().parse::<jiff::Timestamp>().ok());
    parsed.map(jiff::Timestamp::as_millisecond).ok_or_else(|| {
        let message = format!(
            "`until` is {until}; it must be a date and time with its zone, like `2026-12-31T18:00:00Z` or `2026-12-31T18:00:00+01:00`."
        );
        invalid("until", message)
    })
}

fn span(duration: &Json, unit: Option<&Json>) -> Result<u64, StepError> {
    let number = match duration {
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    let number = number.filter(|number: &f64| number.is_finite() && *number >= 0.0);
    let number = number.ok_or_else(|| {
        invalid(
            "duration",
            format!("`duration` is {duration}; it must be a number from 0 on."),
        )
    })?;
    let millis = match unit.map_or(Some("seconds"), Json::as_str) {
        Some("milliseconds") => number,
        Some("seconds") => number * 1000.0,
        Some("minutes") => number * 60_000.0,
        Some("hours") => number * 3_600_000.0,
        Some("days") => number * 86_400_000.0,
        _ => {
            let message = format!(
                "`unit` is {}; it must be milliseconds, seconds, minutes, hours or days.",
                unit.unwrap_or(&Json::Null)
            );
            return Err(invalid("unit", message));
        }
    };
    if millis > LONGEST_DELAY_MS {
        let message = "A step can wait for a year at most.".to_owned();
        return Err(invalid("duration", message));
    }
    // Not negative and small enough by the checks above.
    Ok(millis.round() as u64)
}

/// A step has waited long enough.
pub(super) fn end_delay(step: &PlanStep, iteration: Iteration, since: i64, until: i64) -> Command {
    let until = jiff::Timestamp::from_millisecond(until).map(|until| until.to_string());
    Command::End {
        step: step.name.clone(),
        iteration,
        started_at: since,
        output: json!({ "until": until.unwrap_or_default() }),
    }
}

/// All branches have come to their end.
pub(super) fn join(step: &PlanStep, iteration: Iteration, running: &Parallel) -> Command {
    Command::End {
        step: step.name.clone(),
        iteration,
        started_at: running.started_at,
        output: json!({}),
    }
}

/// Whether a loop ends with this iteration because its conditions hold.
///
/// Where the iteration failed, or a step left it, values that are not there are no error: the loop goes on.
pub(super) fn is_last(step: &PlanStep, frame: &Frame, view: &View<'_>) -> Result<bool, StepError> {
    let Some(conditions) = step
        .conditions
        .as_ref()
        .filter(|_| step.kind == StepKind::LoopUntil)
    else {
        return Ok(false);
    };
    match conditions.evaluate(view) {
        Ok(verdict) => Ok(verdict.holds),
        Err(error) if error.missing && (frame.failed || frame.ended.is_some()) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn invalid(field: &str, message: String) -> StepError {
    StepError {
        code: "invalid_input".to_owned(),
        message,
        field: Some(format!("/{field}")),
        ..StepError::default()
    }
}
