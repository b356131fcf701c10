//! A GraphQL query to any address: its data, or the errors that the service tells.

use super::{authenticate, text};
use crate::{
    http::Request,
    interpret::{
        Context,
        builtin::expected,
        inputs::invalid,
        request::{plain, set_body},
    },
    manifest::operation::BodyKind,
};
use patchbay_model::{Json, JsonMap, event::StepError};
use serde_json::json;
use std::time::Duration;

/// Sends the query. A query that only reads may be repeated, a mutation may not.
pub(in crate::interpret) async fn run(
    context: Context<'_>,
    mut request: Request,
    inputs: &JsonMap,
) -> Result<Json, StepError> {
    let context = Context {
        credential: None,
        ..context
    };
    let query = text(inputs, "query");
    let variables = inputs
        .get("variables")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let mut body = json!({ "query": query, "variables": variables });
    if let Some(name) = inputs.get("operation_name").filter(|name| !name.is_null()) {
        body["operationName"] = name.clone();
    }
    set_body(&mut request, BodyKind::Json, &body);
    authenticate(&mut request, inputs)?;
    request.timeout = inputs
        .get("timeout")
        .and_then(Json::as_f64)
        .map(Duration::from_secs_f64);
    let repeatable = !query.contains("mutation");
    let response = context.send(request, repeatable).await?;
    let answer: Option<Json> = serde_json::from_slice(&response.body).ok();
    // Some services tell errors of a query under a status of 400.
    let Some(answer) =
        answer.filter(|answer| answer.get("data").is_some() || answer.get("errors").is_some())
    else {
        expected(&response, inputs, repeatable)?;
        let host = response.url.host_str().unwrap_or_default();
        return Err(StepError {
            code: "bad_answer".to_owned(),
            message: format!(
                "{host} did not answer as a GraphQL service does. Is the address right?"
            ),
            status: Some(response.status),
            ..StepError::default()
        });
    };
    let errors = answer.get("errors").and_then(Json::as_array);
    let errors = errors.filter(|errors| !errors.is_empty());
    let partial = text(inputs, "errors") == "accept";
    if let Some(errors) = errors
        && !partial
    {
        return Err(StepError {
            detail: Some(Json::Array(errors.clone())),
            status: Some(response.status),
            ..invalid("/query", told(errors))
        });
    }
    Ok(json!({
        "data": answer.get("data"),
        "errors": errors.cloned().unwrap_or_default(),
    }))
}

/// What the first error says, where, and how many more there are.
fn told(errors: &[Json]) -> String {
    let first = errors.first().unwrap_or(&Json::Null);
    let message = first.get("message").map(plain).unwrap_or_default();
    let message = message.trim_end_matches('.');
    let line = first.pointer("/locations/0/line").and_then(Json::as_u64);
    let place = line
        .map(|line| format!(" (line {line})"))
        .unwrap_or_default();
    let more = match errors.len() {
        0 | 1 => String::new(),
        count => format!(" There are {} more errors.", count - 1),
    };
    format!("The service did not carry out the query: {message}{place}.{more}")
}
