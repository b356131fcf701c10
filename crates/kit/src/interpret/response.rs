//! From a successful answer to an output.

use super::{Context, problem};
use crate::{http::Response, manifest::operation::AnswerKind};
use base64::{Engine, engine::general_purpose::STANDARD};
use patchbay_model::{Json, event::StepError};
use serde_json::json;

/// The output of an operation.
pub(super) fn output(context: Context<'_>, response: &Response) -> Result<Json, StepError> {
    let rules = &context.operation.response;
    let whole = match rules.body {
        AnswerKind::Json => json(context, response)?,
        AnswerKind::Text => Json::String(String::from_utf8_lossy(&response.body).into_owned()),
        AnswerKind::Binary => binary(response),
        AnswerKind::None => Json::Null,
    };
    match &rules.output {
        None => Ok(whole),
        Some(pointer) => whole.pointer(pointer).cloned().ok_or_else(|| {
            problem::unreadable(
                context,
                response,
                &format!("there is nothing at {pointer} in its answer"),
            )
        }),
    }
}

/// The answer as JSON; an empty answer is `null`.
pub(super) fn json(context: Context<'_>, response: &Response) -> Result<Json, StepError> {
    if response.body.is_empty() {
        return Ok(Json::Null);
    }
    if let Some(several) = super::multipart::several(response) {
        return Ok(several);
    }
    serde_json::from_slice(&response.body)
        .map_err(|error| problem::unreadable(context, response, &error.to_string()))
}

/// Bytes as an output can carry them.
pub(super) fn binary(response: &Response) -> Json {
    let disposition = response.header("content-disposition").unwrap_or_default();
    let name = disposition
        .split(';')
        .find_map(|part| part.trim().strip_prefix("filename="));
    let mut output = json!({
        "content_type": response.content_type(),
        "size": response.body.len(),
        "base64": STANDARD.encode(&response.body),
    });
    if let Some(name) = name {
        output["name"] = Json::from(name.trim_matches('"'));
    }
    output
}
