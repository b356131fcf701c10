//! A transport that answers from a recording and notes what differs from it.

use super::MADE_UP_TOKEN;
use crate::{
    hooks::BoxFuture,
    http::{Request, Response, Transport, problem::HttpError},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use patchbay_model::Json;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// One request that must come, and what the service answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub method: String,
    /// As it is spelt, query included.
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON, or a text for other bodies.
    #[serde(default)]
    pub body: Option<Json>,
    #[serde(default)]
    pub answer: Answer,
}

/// What the service answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    /// A text is sent as it is, everything else as JSON; none: an empty body.
    pub body: Option<Json>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            headers: BTreeMap::new(),
            body: None,
        }
    }
}

/// Answers from a recording, in order.
pub struct Replay {
    authenticated: bool,
    state: Mutex<State>,
}

struct State {
    turns: VecDeque<Turn>,
    wrong: Vec<String>,
}

impl Replay {
    /// A recording; `authenticated`: whether the made-up token must be sent.
    pub fn new(turns: Vec<Turn>, authenticated: bool) -> Self {
        Self {
            authenticated,
            state: Mutex::new(State {
                turns: turns.into(),
                wrong: Vec::new(),
            }),
        }
    }

    /// What differed from the recording, including requests that did not come.
    pub fn finish(&self) -> Vec<String> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<String> = state
            .turns
            .drain(..)
            .map(|turn| format!("{} {} was not requested", turn.method, turn.url))
            .collect();
        let mut wrong = std::mem::take(&mut state.wrong);
        wrong.extend(missing);
        wrong
    }

    fn answer(&self, request: &Request) -> Result<Response, HttpError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = format!("{} {}", request.method, request.url);
        let Some(turn) = state.turns.pop_front() else {
            state
                .wrong
                .push(format!("{sent} was requested and is not recorded"));
            return Err(HttpError::BadAddress(format!("{sent} is not recorded")));
        };
        let mut wrong = Vec::new();
        let wanted = format!("{} {}", turn.method, turn.url);
        if sent != wanted {
            wrong.push(format!(
                "the request is\n  {sent}\nand should be\n  {wanted}"
            ));
        }
        for (name, value) in &turn.headers {
            let found = request
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok());
            if found != Some(value) {
                wrong.push(format!(
                    "header {name} is {found:?} and should be {value:?}"
                ));
            }
        }
        let bearer = format!("Bearer {MADE_UP_TOKEN}");
        let token = request
            .headers
            .get(AUTHORIZATION)
            .is_some_and(|value| value.as_bytes() == bearer.as_bytes());
        if token != self.authenticated {
            wrong.push(format!(
                "the token is sent: {token}; it should be: {}",
                self.authenticated
            ));
        }
        let body = body_of(&request.body);
        if body != turn.body {
            wrong.push(format!(
                "the body is\n  {}\nand should be\n  {}",
                shown(&body),
                shown(&turn.body)
            ));
        }
        state.wrong.extend(wrong);
        Ok(response(request, &turn.answer))
    }
}

fn body_of(body: &Bytes) -> Option<Json> {
    if body.is_empty() {
        return None;
    }
    let text = || Json::String(String::from_utf8_lossy(body).into_owned());
    Some(serde_json::from_slice(body).unwrap_or_else(|_| text()))
}

fn shown(body: &Option<Json>) -> String {
    body.as_ref()
        .map_or_else(|| "(none)".to_owned(), Json::to_string)
}

fn response(request: &Request, answer: &Answer) -> Response {
    let mut headers = HeaderMap::new();
    let (kind, body) = match &answer.body {
        None => (None, Bytes::new()),
        Some(Json::String(text)) => (Some("text/html"), Bytes::from(text.clone())),
        Some(body) => (Some("application/json"), Bytes::from(body.to_string())),
    };
    if let Some(kind) = kind {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    Response {
        status: answer.status,
        headers,
        body,
        url: request.url.clone(),
    }
}

impl Transport for Replay {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        Box::pin(async move { self.answer(&request) })
    }

    fn may_be_plain(&self, _: &url::Url) -> bool {
        true
    }
}
