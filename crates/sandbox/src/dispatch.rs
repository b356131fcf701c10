//! From a request to its answer: which part of the sandbox it belongs to, what is logged, and the
//! faults that tests have ordered.

use axum::http::Method;

use crate::oauth::{self, Service, authorize};
use crate::people::Person;
use crate::request_log::RequestLogEntry;
use crate::state::State;
use crate::wire::{Reply, Request};
use crate::{control, google, pages, ringcentral};

/// Whether the path belongs to a stood-in service's API, as opposed to pages for people.
pub(crate) fn is_service(path: &str) -> bool {
    path == "/token"
        || path == "/revoke"
        || path == "/restapi"
        || path.starts_with("/v4/")
        || path.starts_with("/drive/v3/")
        || ringcentral::is_elsewhere(path)
        || (path.starts_with("/restapi/") && !is_sign_in(path))
}

fn is_sign_in(path: &str) -> bool {
    path.starts_with("/o/oauth2/")
        || matches!(
            path,
            "/restapi/oauth/authorize" | "/restapi/oauth/sign-in" | "/restapi/oauth/consent"
        )
}

/// Answers one request.
pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    if !is_service(&request.path) {
        return for_people(state, request);
    }
    let owner = request.bearer().and_then(|token| state.grants.owner(token));
    let reply = match state.faults.take(&request.path) {
        Some(fault) => {
            if fault.applied {
                service(state, request);
            }
            fault.reply()
        }
        None => service(state, request),
    };
    record(state, request, owner, &reply);
    reply
}

fn service(state: &mut State, request: &Request) -> Reply {
    let post = request.method == Method::POST;
    match request.path.as_str() {
        "/restapi/oauth/token" if post => oauth::ringcentral::token(state, request),
        "/restapi/oauth/revoke" if post => oauth::ringcentral::revoke(state, request),
        "/token" if post => oauth::google::token(state, request),
        "/revoke" if post => oauth::google::revoke(state, request),
        "/restapi/oauth/token" | "/restapi/oauth/revoke" | "/token" | "/revoke" => {
            Reply::empty(405).header("allow", "POST")
        }
        path if path.starts_with("/restapi") || ringcentral::is_elsewhere(path) => {
            ringcentral::answer(state, request)
        }
        _ => google::answer(state, request),
    }
}

fn record(state: &mut State, request: &Request, owner: Option<Person>, reply: &Reply) {
    let owner = owner.map(|person| person.key().to_owned());
    let text = |name: &str| request.header(name).map(str::to_owned);
    tracing::debug!(
        method = %request.method,
        path = %request.path,
        status = reply.status,
        owner = owner.as_deref().unwrap_or("-"),
        "sandbox answered"
    );
    state.log.push(RequestLogEntry {
        at: request.now,
        method: request.method.to_string(),
        path: request.path.clone(),
        query: request.query_text.clone(),
        status: reply.status,
        owner,
        idempotency_key: text("idempotency-key").or_else(|| text("x-idempotency-key")),
        user_agent: text("user-agent"),
    });
}

fn for_people(state: &mut State, request: &Request) -> Reply {
    let segments = request.segments();
    let pieces: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["_sandbox", rest @ ..] = pieces.as_slice() {
        return control::answer(state, request, rest);
    }
    let post = request.method == Method::POST;
    let page = match pieces.as_slice() {
        ["restapi", "oauth", "authorize"] => {
            Some(authorize::start(state, request, Service::RingCentral))
        }
        ["restapi", "oauth", "sign-in"] if post => {
            Some(authorize::signed_in(state, request, Service::RingCentral))
        }
        ["restapi", "oauth", "consent"] if post => {
            Some(authorize::decided(state, request, Service::RingCentral))
        }
        ["o", "oauth2", "v2", "auth"] => Some(authorize::start(state, request, Service::Google)),
        ["o", "oauth2", "v2", "sign-in"] if post => {
            Some(authorize::signed_in(state, request, Service::Google))
        }
        ["o", "oauth2", "v2", "consent"] if post => {
            Some(authorize::decided(state, request, Service::Google))
        }
        ["events"] if post => Some(pages::events::act(state, request)),
        _ if request.method != Method::GET && request.method != Method::HEAD => None,
        [""] => Some(pages::start::reply(state, request)),
        ["calls"] => Some(pages::calls::reply(state, request)),
        ["events"] => Some(pages::events::reply(state, request)),
        ["sheets", id] | ["spreadsheets", "d", id, ..] => pages::sheet::reply(state, request, id),
        ["favicon.ico"] => pages::assets::reply("mark.svg"),
        _ => None,
    };
    page.unwrap_or_else(|| Reply::html(404, pages::start::not_found()))
}
