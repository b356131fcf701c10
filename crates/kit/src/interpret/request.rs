//! From an operation's inputs to a request.

use super::{Context, inputs::invalid};
use crate::{
    http::Request,
    manifest::{
        field::{ArrayStyle, Field},
        operation::{BodyKind, RequestLine},
        send::Send,
    },
};
use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use patchbay_model::{Json, JsonMap, event::StepError};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// What stands as it is in one segment of a path (RFC 3986, `pchar`).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// One segment of a path, percent-encoded.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

impl Context<'_> {
    /// The origin of this operation's requests: the environment's, or the connector's own.
    pub(super) fn base(self, host: Option<&str>) -> Result<Url, StepError> {
        let manifest = &self.plan.manifest;
        let own = match host {
            Some(host) => manifest.hosts.get(host),
            None => manifest.base_url.as_ref(),
        };
        let chosen = self.target.base_url.as_ref().or(own);
        let parsed = chosen
            .and_then(|text| Url::parse(text).ok())
            .filter(|url| url.has_host());
        parsed.ok_or_else(|| StepError {
            code: "invalid_address".to_owned(),
            message: format!(
                "\"{}\" is no address of a service. Correct the base URL of the environment.",
                chosen.map(String::as_str).unwrap_or_default()
            ),
            ..StepError::default()
        })
    }

    /// The request of an operation.
    pub(super) fn request(
        self,
        line: &RequestLine,
        inputs: &JsonMap,
    ) -> Result<Request, StepError> {
        let mut parts = Parts {
            path: line.path.clone(),
            query: Vec::new(),
            body: self.operation.fixed_body.clone(),
        };
        let mut url = self.base(self.operation.host.as_deref())?;
        let mut headers = self.fixed_headers();
        for (name, value) in &self.operation.query {
            parts.query.push((name.clone(), value.clone()));
        }
        for field in &self.operation.input {
            let Some(name) = field.name.as_deref() else {
                continue;
            };
            let (Some(value), Some(send)) = (inputs.get(name), &field.send) else {
                continue;
            };
            if let Send::Header(header) = send {
                let value = HeaderValue::from_str(&plain(value));
                let header = HeaderName::from_bytes(header.as_bytes());
                let (Ok(header), Ok(value)) = (header, value) else {
                    return Err(invalid(
                        &format!("/{name}"),
                        format!("\"{name}\" holds characters that a header cannot have."),
                    ));
                };
                headers.insert(header, value);
                continue;
            }
            parts.put(send, field, name, value)?;
        }
        url.set_path(&parts.path);
        url.set_query(None);
        if !parts.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&parts.query);
        }
        self.put_idempotency_key(&line.method, &mut headers);
        let mut request = Request {
            headers,
            ..Request::new(line.method.clone(), url)
        };
        if let Some(body) = parts.body {
            self.write_body(&mut request, &body)?;
        } else if matches!(line.method, Method::POST | Method::PUT | Method::PATCH)
            && self.sends_body()
        {
            self.write_body(&mut request, &Json::Object(JsonMap::new()))?;
        }
        Ok(request)
    }

    /// Unless somebody has given another one.
    pub(super) fn put_idempotency_key(self, method: &Method, headers: &mut http::HeaderMap) {
        let Some(header) = &self.plan.manifest.idempotency_header else {
            return;
        };
        let key = self
            .idempotency_key
            .and_then(|key| HeaderValue::from_str(key).ok());
        let name = HeaderName::from_bytes(header.as_bytes()).ok();
        let changes = matches!(*method, Method::POST | Method::PATCH);
        if let (true, Some(name), Some(key)) = (changes, name, key) {
            headers.entry(name).or_insert(key);
        }
    }

    fn write_body(self, request: &mut Request, body: &Json) -> Result<(), StepError> {
        match self.operation.body {
            BodyKind::Multipart => super::multipart::set_body(request, body),
            kind => {
                set_body(request, kind, body);
                Ok(())
            }
        }
    }

    pub(super) fn fixed_headers(self) -> http::HeaderMap {
        let mut headers = http::HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in self
            .plan
            .manifest
            .headers
            .iter()
            .chain(&self.operation.headers)
        {
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_str(value),
            ) {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn sends_body(self) -> bool {
        self.operation
            .input
            .iter()
            .any(|field| matches!(field.send, Some(Send::Body(_))))
    }
}

struct Parts {
    path: String,
    query: Vec<(String, String)>,
    body: Option<Json>,
}

impl Parts {
    fn put(
        &mut self,
        send: &Send,
        field: &Field,
        input: &str,
        value: &Json,
    ) -> Result<(), StepError> {
        match send {
            Send::Path(hole) => {
                let text = plain(value);
                if text.is_empty() || text == "." || text == ".." {
                    let message = format!(
                        "\"{}\" cannot be \"{text}\".",
                        field.title.as_deref().unwrap_or(input)
                    );
                    return Err(invalid(&format!("/{input}"), message));
                }
                self.path = self.path.replace(&format!("{{{hole}}}"), &segment(&text));
            }
            Send::Query(name) => match value {
                Json::Array(items) if field.array.unwrap_or_default() == ArrayStyle::Repeat => {
                    self.query
                        .extend(items.iter().map(|item| (name.clone(), plain(item))));
                }
                Json::Array(items) if items.is_empty() => {}
                value => self.query.push((name.clone(), plain(value))),
            },
            Send::Body(pointer) => {
                let value = renamed(value, field);
                put_at(self.body.get_or_insert(Json::Null), pointer, value);
            }
            Send::Header(_) | Send::None => {}
        }
        Ok(())
    }
}

/// A value as it stands in an address: lists with commas, objects as JSON.
pub(super) fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// The value with the parts of objects under the names that the service knows.
fn renamed(value: &Json, field: &Field) -> Json {
    match value {
        Json::Array(items) => match &field.items {
            Some(inner) => items
                .iter()
                .map(|item| wrapped(renamed(item, inner), inner))
                .collect(),
            None => value.clone(),
        },
        Json::Object(map) => {
            let rename = |(name, value): (&String, &Json)| match field.fields.get(name) {
                Some(part) => (
                    part.sent_as.clone().unwrap_or_else(|| name.clone()),
                    renamed(value, part),
                ),
                None => (name.clone(), value.clone()),
            };
            Json::Object(map.iter().map(rename).collect())
        }
        _ => value.clone(),
    }
}

fn wrapped(item: Json, field: &Field) -> Json {
    match &field.wrap {
        Some(key) => Json::Object([(key.clone(), item)].into_iter().collect()),
        None => item,
    }
}

/// Puts a value at a JSON pointer, making the objects on the way; an empty pointer replaces the whole.
fn put_at(mut place: &mut Json, pointer: &str, value: Json) {
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        let is_index = place.is_array() && key.parse::<usize>().is_ok();
        if !place.is_object() && !is_index {
            *place = if key == "0" {
                Json::Array(Vec::new())
            } else {
                Json::Object(JsonMap::new())
            };
        }
        place = match place {
            Json::Array(items) => {
                let index = key.parse::<usize>().unwrap_or(0).min(items.len());
                if index == items.len() {
                    items.push(Json::Null);
                }
                &mut items[index]
            }
            Json::Object(map) => map.entry(key).or_insert(Json::Null),
            _ => return,
        };
    }
    *place = value;
}

/// Writes a body and says what it is.
pub(super) fn set_body(request: &mut Request, kind: BodyKind, body: &Json) {
    match kind {
        // What has no files needs no parts.
        BodyKind::Json | BodyKind::Multipart => {
            request.body = Bytes::from(body.to_string());
            request
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        BodyKind::Form => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in body.as_object().into_iter().flatten() {
                match value {
                    Json::Array(items) => {
                        form.extend_pairs(items.iter().map(|item| (name, plain(item))))
                    }
                    value => form.append_pair(name, &plain(value)),
                };
            }
            request.body = Bytes::from(form.finish());
            request.headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
        }
    }
}

/// Whether the address belongs to the connector's service, so that its credential may be sent there.
pub(super) fn is_own_host(context: Context<'_>, url: &Url) -> bool {
    let own = |text: &String| Url::parse(text).is_ok_and(|base| base.origin() == url.origin());
    match &context.target.base_url {
        Some(base) => own(base),
        None => context
            .plan
            .manifest
            .base_url
            .iter()
            .chain(context.plan.manifest.hosts.values())
            .any(own),
    }
}
