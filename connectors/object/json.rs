//! JSON as text.

use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;

pub(super) fn parse(inputs: &Inputs) -> Result<Json, StepError> {
    let text = inputs.text("text").trim_start_matches('\u{feff}');
    let value = if inputs.flag("lines") {
        let lines = text.lines().enumerate();
        let filled = lines.filter(|(_, line)| !line.trim().is_empty());
        filled
            .map(|(index, line)| read(line, index))
            .collect::<Result<Json, _>>()?
    } else {
        read(text, 0)?
    };
    Ok(json!({ "result": value }))
}

fn read(text: &str, lines_before: usize) -> Result<Json, StepError> {
    serde_json::from_str(text).map_err(|error| {
        let line = error.line() + lines_before;
        let column = error.column();
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        invalid(
            "/text",
            format!("The text is no JSON: {reason}, in line {line}, column {column}."),
        )
    })
}

pub(super) fn write(inputs: &mut Inputs) -> Json {
    let mut value = inputs.take("value");
    if inputs.flag("sorted") {
        value.sort_all_objects();
    }
    json!({ "result": match inputs.flag("indented") {
        true => format!("{value:#}"),
        false => value.to_string(),
    }})
}
