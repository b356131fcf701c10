//! A service that answers one operation as it is described, and keeps what it was sent.

use crate::facts::{Operation, is_json};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use patchbay_kit::{
    hooks::BoxFuture,
    http::{Request, Response, Transport, problem::HttpError},
    model::{
        Json, JsonMap,
        schema::{Schema, Type},
    },
};
use serde_json::json;
use std::sync::Mutex;

pub(crate) struct Service {
    status: u16,
    kind: Option<String>,
    body: Bytes,
    method: String,
    host: String,
    token: bool,
    sent: Mutex<Vec<Request>>,
}

impl Service {
    pub(crate) fn new(operation: &Operation<'_>, said: Option<Json>) -> Self {
        let kind = operation
            .answer()
            .map(|(_, kind, _)| kind.replace('*', "mpeg"));
        let text = match &kind {
            Some(kind) if is_json(kind) => said.unwrap_or_default().to_string(),
            Some(_) => "some bytes".to_owned(),
            None => String::new(),
        };
        let server = operation.facts["servers"][0]["url"].as_str();
        Self {
            status: operation
                .answer()
                .map_or_else(|| operation.status(), |(status, ..)| status),
            kind,
            body: text.into(),
            method: operation.method.clone(),
            host: server
                .unwrap_or("https://platform.ringcentral.com")
                .to_owned(),
            token: operation.needs_a_token(),
            sent: Mutex::default(),
        }
    }

    /// How what was sent differs from what should be.
    pub(crate) fn differences(
        &self,
        path: &str,
        query: &mut [(String, String)],
        body: &JsonMap,
        kind: &str,
    ) -> Vec<String> {
        let sent = self.sent.lock().expect("nobody panicked");
        let [request] = sent.as_slice() else {
            return vec![format!("{} requests were sent instead of one", sent.len())];
        };
        let mut wrong = Vec::new();
        let mut same = |what: &str, found: String, wanted: String| {
            if found != wanted {
                wrong.push(format!("{what} is {found} and should be {wanted}"));
            }
        };
        same("method", request.method.to_string(), self.method.clone());
        let address = format!("{}{path}", self.host);
        let found = request.url.as_str().split('?').next().unwrap_or_default();
        same("address", found.to_owned(), address);
        let mut pairs: Vec<(String, String)> = request
            .url
            .query_pairs()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        pairs.sort();
        query.sort();
        // What was not asked for has a default of ours.
        pairs.retain(|pair| query.contains(pair) || query.iter().any(|(name, _)| *name == pair.0));
        same("query", format!("{pairs:?}"), format!("{query:?}"));
        let header = |name| {
            request
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let token = header(header::AUTHORIZATION) == "Bearer made-up-token";
        same("token", token.to_string(), self.token.to_string());
        if body.is_empty() {
            return wrong;
        }
        let wanted = match kind {
            "multipart" => "multipart/form-data; boundary=",
            "form" => "application/x-www-form-urlencoded",
            _ => "application/json",
        };
        let content = header(header::CONTENT_TYPE);
        same(
            "content type",
            content.starts_with(wanted).to_string(),
            "true".to_owned(),
        );
        let text = String::from_utf8_lossy(&request.body);
        match kind {
            "multipart" => {
                for (name, value) in body {
                    let part = format!("name=\"{name}\"");
                    let in_json = format!("\"{name}\":{value}");
                    let as_file = text.contains(&part);
                    same(
                        &format!("{name} in\n{text}"),
                        (as_file || text.contains(&in_json)).to_string(),
                        "true".to_owned(),
                    );
                }
            }
            "form" => {
                for name in body.keys() {
                    let there = text
                        .split('&')
                        .any(|pair| pair.starts_with(&format!("{name}=")));
                    same(name, there.to_string(), "true".to_owned());
                }
            }
            _ => {
                let found: Json = serde_json::from_slice(&request.body).unwrap_or_default();
                for (name, value) in body {
                    let found = if found.is_array() {
                        &found
                    } else {
                        &found[name]
                    };
                    same(name, found.to_string(), value.to_string());
                }
            }
        }
        wrong
    }
}

impl Transport for Service {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        let mut headers = HeaderMap::new();
        let kind = self
            .kind
            .as_deref()
            .and_then(|kind| HeaderValue::from_str(kind).ok());
        headers.extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
        let response = Response {
            status: self.status,
            headers,
            body: self.body.clone(),
            url: request.url.clone(),
        };
        self.sent.lock().expect("nobody panicked").push(request);
        Box::pin(async move { Ok(response) })
    }

    fn may_be_plain(&self, _: &url::Url) -> bool {
        false
    }
}

/// A value for an input of ours.
pub(crate) fn fitting(schema: &Schema) -> Json {
    match schema.kind {
        Some(Type::Array) => json!([schema.items.as_deref().map(fitting)]),
        _ => json!("+16505550100"),
    }
}

/// A place of `said` that the output does not have.
pub(crate) fn lost(said: &Json, output: &Json) -> Option<String> {
    match (said, output) {
        (Json::Object(said), Json::Object(output)) => said.iter().find_map(|(name, value)| {
            let Some(kept) = output.get(name) else {
                return Some(format!("/{name}"));
            };
            lost(value, kept).map(|place| format!("/{name}{place}"))
        }),
        (Json::Array(said), Json::Array(output)) if said.len() == output.len() => said
            .iter()
            .zip(output)
            .find_map(|(said, output)| lost(said, output)),
        (said, output) => (said != output).then(String::new),
    }
}
