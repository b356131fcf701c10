//! The kit's own operations: a raw request to the connector's service, and a request to any address.

use super::{
    Context, anywhere,
    inputs::{invalid, missing},
    request::{plain, set_body},
    response,
};
use crate::{
    http::{Request, Response},
    manifest::operation::{BodyKind, BuiltIn},
};
use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use patchbay_model::{Json, JsonMap, event::StepError};
use serde_json::json;
use url::Url;

pub(super) async fn run(
    context: Context<'_>,
    built_in: BuiltIn,
    inputs: JsonMap,
) -> Result<Json, StepError> {
    let url = match built_in {
        BuiltIn::RawRequest => below_base(context, text(&inputs, "path"))?,
        BuiltIn::HttpRequest | BuiltIn::GraphqlRequest => any_address(text(&inputs, "url"))?,
    };
    if built_in == BuiltIn::GraphqlRequest {
        // Its query is no part of the address.
        let mut sent = JsonMap::new();
        sent.insert("method".to_owned(), Json::from("POST"));
        if let Some(headers) = inputs.get("headers") {
            sent.insert("headers".to_owned(), headers.clone());
        }
        let request = assemble(url, &sent)?;
        return anywhere::graphql::run(context, request, &inputs).await;
    }
    let mut request = assemble(url, &inputs)?;
    for (name, value) in &context.fixed_headers() {
        // Of any address nothing is presumed, not even that it speaks JSON.
        if built_in == BuiltIn::RawRequest && !request.headers.contains_key(name) {
            request.headers.insert(name.clone(), value.clone());
        }
    }
    let repeatable = !matches!(request.method, Method::POST | Method::PATCH);
    context.put_idempotency_key(&request.method, &mut request.headers);
    if built_in == BuiltIn::RawRequest {
        let response = context.exchange(request, repeatable).await?;
        return Ok(described(&response));
    }
    anywhere::run(context, request, &inputs).await
}

fn text<'a>(inputs: &'a JsonMap, name: &str) -> &'a str {
    inputs
        .get(name)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .trim()
}

/// An address of the service: a path below the base URL, or a whole address that an answer of the service holds.
fn below_base(context: Context<'_>, path: &str) -> Result<Url, StepError> {
    let base = context.base(context.operation.host.as_deref())?;
    let wrong = |reason: String| {
        invalid(
            "/path",
            format!("\"{path}\" cannot be asked for: {reason}."),
        )
    };
    if path.is_empty() {
        return Err(missing("/path", "Path"));
    }
    if !path.starts_with('/') && !path.contains("://") {
        return Err(wrong("it must begin with /".to_owned()));
    }
    let url = base.join(path).map_err(|error| wrong(error.to_string()))?;
    if super::request::is_own_host(context, &url) {
        return Ok(url);
    }
    Err(wrong(format!(
        "it leads to another host than those of {}",
        context.service_title()
    )))
}

fn any_address(text: &str) -> Result<Url, StepError> {
    let wrong = |reason: &str| {
        invalid(
            "/url",
            format!("\"{text}\" is no address that can be called: {reason}."),
        )
    };
    let url = Url::parse(text).map_err(|_| wrong("it must begin with https:// or http://"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(wrong("it must begin with https:// or http://"));
    }
    Ok(url)
}

fn assemble(mut url: Url, inputs: &JsonMap) -> Result<Request, StepError> {
    let pairs = inputs
        .get("query")
        .and_then(Json::as_object)
        .into_iter()
        .flatten();
    for (name, value) in pairs.filter(|(_, value)| !value.is_null()) {
        match value {
            Json::Array(items) => {
                for item in items {
                    url.query_pairs_mut().append_pair(name, &plain(item));
                }
            }
            value => {
                url.query_pairs_mut().append_pair(name, &plain(value));
            }
        }
    }
    let method =
        Method::from_bytes(text(inputs, "method").to_uppercase().as_bytes()).map_err(|_| {
            invalid(
                "/method",
                "This is no method of a request. Write for example GET.",
            )
        })?;
    let mut request = Request::new(method, url);
    match inputs.get("body") {
        None | Some(Json::Null) => {}
        Some(Json::String(text)) => {
            request.body = Bytes::from(text.clone());
            request.headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            );
        }
        Some(body) => set_body(&mut request, BodyKind::Json, body),
    }
    for (name, value) in inputs
        .get("headers")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        let wrong = |what: &str| {
            invalid(
                &super::inputs::pointer_to("/headers", name),
                format!("\"{name}\" {what}."),
            )
        };
        let header = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| wrong("cannot be the name of a header"))?;
        if header == HOST
            || header.as_str() == "content-length"
            || header.as_str() == "transfer-encoding"
        {
            return Err(wrong("is set by Patchbay itself; leave it out"));
        }
        if value.is_null() {
            continue;
        }
        let mut value = HeaderValue::from_str(&plain(value))
            .map_err(|_| wrong("holds characters that a header cannot have"))?;
        // A person's own secret must not travel to another origin either.
        value.set_sensitive(
            header == AUTHORIZATION
                || header.as_str().contains("key")
                || header.as_str().contains("token"),
        );
        request.headers.insert(header, value);
    }
    Ok(request)
}

pub(super) fn expected(
    response: &Response,
    inputs: &JsonMap,
    repeatable: bool,
) -> Result<(), StepError> {
    let status = response.status;
    let wanted = inputs
        .get("expected_status")
        .and_then(Json::as_array)
        .filter(|wanted| !wanted.is_empty());
    let fine = match wanted {
        Some(wanted) => wanted
            .iter()
            .any(|wanted| wanted.as_u64() == Some(u64::from(status))),
        None => (200..300).contains(&status),
    };
    if fine {
        return Ok(());
    }
    let host = response.url.host_str().unwrap_or_default();
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    let temporary = matches!(status, 408 | 429 | 500..=599);
    Err(StepError {
        code: "http_status".to_owned(),
        message: format!(
            "{host} answered with status {status} {reason}. If that is fine, add {status} to \"Expected status\"."
        ),
        status: Some(status),
        retryable: temporary && (repeatable || matches!(status, 429 | 503)),
        outcome_unknown: temporary && !repeatable && !matches!(status, 429 | 503),
        detail: Some(match body(response) {
            Json::String(text) => Json::String(crate::text::shortened(&text, 2000)),
            other if other.to_string().len() > 2000 => {
                Json::String(crate::text::shortened(&other.to_string(), 2000))
            }
            other => other,
        }),
        ..StepError::default()
    })
}

/// `{status, headers, body}`.
pub(super) fn described(response: &Response) -> Json {
    let mut headers = JsonMap::new();
    for name in response.headers.keys() {
        let values = response
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        headers.insert(
            name.as_str().to_owned(),
            Json::String(values.collect::<Vec<_>>().join(", ")),
        );
    }
    json!({ "status": response.status, "headers": headers, "body": body(response) })
}

/// JSON when the answer says so and is so, text when it is text, else `{content_type, base64}`.
pub(super) fn body(response: &Response) -> Json {
    if response.body.is_empty() {
        return Json::Null;
    }
    let kind = response.content_type();
    let says_json = kind.ends_with("/json") || kind.ends_with("+json");
    if says_json && let Ok(value) = serde_json::from_slice(&response.body) {
        return value;
    }
    match std::str::from_utf8(&response.body) {
        Ok(text) => Json::String(text.to_owned()),
        Err(_) => response::binary(response),
    }
}
