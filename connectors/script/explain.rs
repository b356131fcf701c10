//! What went wrong in a script, where, and what to do.

use super::boxed::Limits;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{StepErrorExt as _, failed},
};
use serde_json::json;

/// The name of the script in positions.
pub(super) const FILE: &str = "script.js";

/// How the engine says that something is too large.
const MEMORY: [&str; 4] = [
    "out of memory",
    "invalid string length",
    "string too long",
    "invalid array buffer length",
];

/// Why a script did not come to an end.
pub(super) enum Cause<'a> {
    /// It threw something.
    Thrown { message: String, stack: String },
    /// It ran out of time.
    Late,
    /// Its result cannot be handed on, because…
    Result(&'a str),
}

/// The step's error.
pub(super) fn error(cause: Cause<'_>, limits: &Limits) -> StepError {
    let (code, message, place) = match cause {
        Cause::Late => (
            "script_timeout",
            format!(
                "The script was stopped after {} seconds. Does a loop never end? Timeout allows it more time.",
                limits.time.as_secs_f64()
            ),
            None,
        ),
        Cause::Result(reason) => (
            "script_result",
            format!("The script's result cannot be handed on: {reason}."),
            None,
        ),
        Cause::Thrown { message, .. } if MEMORY.iter().any(|part| message.contains(part)) => (
            "script_memory",
            format!(
                "The script needs more than its {} MiB of memory. Give it less data, or do less at once.",
                limits.memory >> 20
            ),
            None,
        ),
        Cause::Thrown { message, stack } => {
            let place = place(&stack);
            let message = shortened(message.trim_end_matches('.'));
            let text = match place {
                Some((line, column)) => {
                    format!("The script fails in line {line}, column {column}: {message}.")
                }
                None => format!("The script fails: {message}."),
            };
            ("script_error", text, place)
        }
    };
    let detail = place.map(|(line, column)| json!({ "line": line, "column": column }));
    StepError {
        detail,
        ..failed(code, message).at("/code")
    }
}

/// What the script wrote before it failed is worth seeing.
pub(super) fn with_console(error: StepError, lines: Vec<Json>) -> StepError {
    if lines.is_empty() {
        return error;
    }
    let mut detail = error.detail.clone().unwrap_or_else(|| json!({}));
    detail["console"] = Json::Array(lines);
    StepError {
        detail: Some(detail),
        ..error
    }
}

/// The first place in the script that a stack names; the code begins in the engine's second line.
fn place(stack: &str) -> Option<(u64, u64)> {
    let found = stack.split(FILE).skip(1).find_map(|rest| {
        let mut numbers = rest
            .strip_prefix(':')?
            .split(|char: char| !char.is_ascii_digit());
        let line: u64 = numbers.next()?.parse().ok()?;
        let column: u64 = numbers.next()?.parse().ok()?;
        Some((line, column))
    })?;
    Some((found.0.saturating_sub(1).max(1), found.1))
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(500) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}
