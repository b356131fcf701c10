//! How a body is written, and how an answer's is read.

use super::text;
use crate::{
    http::{Request, Response},
    interpret::{
        inputs::{invalid, kind_name},
        multipart,
        request::{plain, set_body},
        response,
    },
    manifest::operation::BodyKind,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use patchbay_model::{Json, JsonMap, event::StepError};

/// Writes the body as `body_as` says; without it, it stays as it is. A content type among the headers counts more.
pub(super) fn write(request: &mut Request, inputs: &JsonMap) -> Result<(), StepError> {
    let null = Json::Null;
    let body = inputs.get("body").unwrap_or(&null);
    let way = text(inputs, "body_as");
    let own_kind = inputs
        .get("headers")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("content-type") && !value.is_null());
    let before = request.headers.get(CONTENT_TYPE).cloned();
    let must = |wanted: &str| {
        let message = format!(
            "The body must be {wanted} for this way of sending it, and is {}.",
            kind_name(body)
        );
        Err(invalid("/body", message))
    };
    match (way, body) {
        ("none", _) => {
            request.body = Bytes::new();
            request.headers.remove(CONTENT_TYPE);
            return Ok(());
        }
        (_, Json::Null) => return Ok(()),
        ("json", body) => set_body(request, BodyKind::Json, body),
        ("form", Json::Object(_)) => set_body(request, BodyKind::Form, body),
        // The boundary stands in the content type, so that no other one will do.
        ("multipart", Json::Object(_)) => return multipart::set_body(request, body),
        ("form" | "multipart", _) => return must("an object"),
        ("raw", body) => {
            request.body = Bytes::from(plain(body));
            kind(request, "text/plain; charset=utf-8");
        }
        ("file", file) => {
            let Some(base64) = file.get("base64").and_then(Json::as_str) else {
                return must("a file");
            };
            let bytes = STANDARD.decode(base64.trim());
            let bytes = bytes.map_err(|error| {
                invalid(
                    "/body/base64",
                    format!("The file is not written in Base64: {error}."),
                )
            })?;
            request.body = Bytes::from(bytes);
            let named = file.get("content_type").and_then(Json::as_str);
            kind(request, named.unwrap_or("application/octet-stream"));
        }
        _ => return Ok(()),
    }
    if !text(inputs, "content_type").is_empty() {
        kind(request, text(inputs, "content_type"));
    }
    if own_kind && let Some(before) = before {
        request.headers.insert(CONTENT_TYPE, before);
    }
    Ok(())
}

fn kind(request: &mut Request, kind: &str) {
    if let Ok(kind) = HeaderValue::from_str(kind) {
        request.headers.insert(CONTENT_TYPE, kind);
    }
}

/// The answer's body as `answer_as` says.
pub(super) fn read(response: &Response, inputs: &JsonMap) -> Result<Json, StepError> {
    let bytes = &response.body;
    match text(inputs, "answer_as") {
        "file" => Ok(response::binary(response)),
        "text" => Ok(Json::String(String::from_utf8_lossy(bytes).into_owned())),
        "json" if bytes.is_empty() => Ok(Json::Null),
        "json" => serde_json::from_slice(bytes).map_err(|error| StepError {
            code: "bad_answer".to_owned(),
            message: format!(
                "{} answered with something that is not JSON: {error}.",
                response.url.host_str().unwrap_or_default()
            ),
            status: Some(response.status),
            detail: Some(Json::String(crate::text::shortened(
                &String::from_utf8_lossy(bytes),
                2000,
            ))),
            ..StepError::default()
        }),
        _ => Ok(crate::interpret::builtin::body(response)),
    }
}
