//! RingCentral's REST API: which path is which operation, and what every operation checks first.

mod accounts;
mod call_log;
mod call_log_query;
mod call_log_sync;
pub(crate) mod calls;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod extensions;
mod generic;
mod message_sync;
pub(crate) mod messages;
mod paging;
mod params;
mod phone_numbers;
pub(crate) mod rate_limit;
pub(crate) mod record;
mod recordings;
mod sms;
pub(crate) mod subscriptions;
mod sync;
mod wav;
pub(crate) mod webhooks;

use axum::http::Method;
use serde_json::json;

use crate::oauth::Service;
use crate::oauth::grants::{Identity, TokenProblem};
use crate::oauth::permissions;
use crate::ringcentral::extensions::Extension;
use crate::ringcentral::rate_limit::Group;
use crate::state::State;
use crate::wire::{Reply, Request};

/// The one account that exists.
pub(crate) const ACCOUNT_ID: &str = "809646016";

/// An operation's answer; `Err` is a refusal.
type Answer = Result<Reply, Reply>;

/// A request that passed the gates all operations share.
pub(crate) struct Call<'a> {
    request: &'a Request,
    identity: Identity,
    /// The extension of the path; the caller's own where the path names none.
    extension: &'static Extension,
    /// The last identifier of the path, empty where there is none.
    id: String,
}

/// One row of the routing table.
struct Operation {
    group: Group,
    permission: &'static str,
    run: fn(&mut State, &Call<'_>) -> Answer,
}

/// Whether a path belongs to the parts of the service that are not below `/restapi`.
pub(crate) fn is_elsewhere(path: &str) -> bool {
    const PARTS: [&str; 7] = [
        "/.well-known/",
        "/ai/",
        "/analytics/",
        "/rcvideo/",
        "/scim/",
        "/team-messaging/",
        "/webinar/",
    ];
    PARTS.iter().any(|part| path.starts_with(part))
}

/// Answers a request to the service, OAuth excepted.
pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    refused_or_answered(state, request).unwrap_or_else(|refusal| refusal)
}

fn refused_or_answered(state: &mut State, request: &Request) -> Answer {
    let segments = request.segments();
    let pieces: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["restapi"] | ["restapi", "v1.0"] = pieces.as_slice() {
        return Ok(version(request));
    }
    if let Some(found) = generic::find(&request.method, &pieces).filter(generic::Found::is_open) {
        return Ok(generic::open(request, &found));
    }
    let token = request.bearer().ok_or_else(errors::no_token)?;
    let identity = state
        .grants
        .identify(Service::RingCentral, token, request.now)
        .map_err(|problem| match problem {
            TokenProblem::Unknown => errors::token_invalid("Access token corrupted"),
            TokenProblem::Expired => errors::token_invalid("Access token expired"),
        })?;
    let Some((operation, target)) = route(&request.method, &pieces) else {
        return described(state, request, &identity, &pieces);
    };
    let limit = operation.group.limit(&state.rate_limits);
    let standing = state
        .limits
        .count(
            identity.person,
            &identity.client_id,
            operation.group,
            limit,
            request.now,
        )
        .map_err(|exceeded| errors::rate_exceeded(&exceeded))?;
    let answer = gated(state, request, identity, &operation, &target);
    answer
        .map(|reply| standing.stamp(reply))
        .map_err(|refusal| standing.stamp(refusal))
}

/// Answers an operation that nothing is played out for, from its description.
fn described(state: &mut State, request: &Request, identity: &Identity, pieces: &[&str]) -> Answer {
    let found = generic::find(&request.method, pieces)
        .ok_or_else(|| errors::no_such_resource(&request.path))?;
    let Some(group) = found.group() else {
        return generic::answer(request, identity, &found);
    };
    let limit = group.limit(&state.rate_limits);
    let standing = state
        .limits
        .count(
            identity.person,
            &identity.client_id,
            group,
            limit,
            request.now,
        )
        .map_err(|exceeded| errors::rate_exceeded(&exceeded))?;
    generic::answer(request, identity, &found)
        .map(|reply| standing.stamp(reply))
        .map_err(|refusal| standing.stamp(refusal))
}

fn gated(
    state: &mut State,
    request: &Request,
    identity: Identity,
    operation: &Operation,
    target: &Target<'_>,
) -> Answer {
    if !permissions::covers(&identity.scopes, operation.permission) {
        return Err(errors::app_permission_missing(operation.permission));
    }
    if !matches!(target.account, "~" | ACCOUNT_ID) {
        return Err(errors::not_found("accountId"));
    }
    let own = identity.person.extension_id();
    let wanted = match target.extension {
        Some("~") | None => own,
        Some(id) => id,
    };
    let extension = extensions::by_id(wanted).ok_or_else(|| errors::not_found("extensionId"))?;
    let call = Call {
        request,
        identity,
        extension,
        id: target.id.unwrap_or_default().to_owned(),
    };
    (operation.run)(state, &call)
}

impl Call<'_> {
    /// Refuses a caller who is no administrator and asks about somebody else.
    fn own_or_admin(&self) -> Result<(), Reply> {
        let person = self.identity.person;
        if person.is_admin() || self.extension.id == person.extension_id() {
            Ok(())
        } else {
            Err(errors::other_extension())
        }
    }
}

/// The identifiers in a path.
struct Target<'a> {
    account: &'a str,
    extension: Option<&'a str>,
    id: Option<&'a str>,
}

fn route<'a>(method: &Method, pieces: &[&'a str]) -> Option<(Operation, Target<'a>)> {
    if let ["restapi", "v1.0", "subscription", rest @ ..]
    | ["webinar", "notifications", "v1", "subscriptions", rest @ ..] = pieces
    {
        let (group, run) = subscriptions::operation(method, rest)?;
        let operation = Operation {
            group,
            permission: subscriptions::PERMISSION,
            run,
        };
        let target = Target {
            account: "~",
            extension: None,
            id: rest.first().copied(),
        };
        return Some((operation, target));
    }
    let ["restapi", "v1.0", "account", account, rest @ ..] = pieces else {
        return None;
    };
    let on = |group, permission, run| Operation {
        group,
        permission,
        run,
    };
    let target = |extension, id| Target {
        account,
        extension,
        id,
    };
    let get = *method == Method::GET;
    let post = *method == Method::POST;
    Some(match rest {
        [] if get => (
            on(Group::Light, "ReadAccounts", accounts::read),
            target(None, None),
        ),
        ["extension"] if get => (
            on(Group::Medium, "ReadAccounts", extensions::list),
            target(None, None),
        ),
        ["extension", extension] if get => (
            on(Group::Light, "ReadAccounts", extensions::read),
            target(Some(extension), None),
        ),
        ["extension", extension, "phone-number"] if get => (
            on(Group::Light, "ReadAccounts", phone_numbers::list),
            target(Some(extension), None),
        ),
        ["extension", extension, "call-log"] if get => (
            on(Group::Heavy, "ReadCallLog", call_log::list_user),
            target(Some(extension), None),
        ),
        ["extension", extension, "call-log-sync"] if get => (
            on(Group::Heavy, "ReadCallLog", call_log_sync::user),
            target(Some(extension), None),
        ),
        ["call-log-sync"] if get => (
            on(Group::Heavy, "ReadCallLog", call_log_sync::company),
            target(None, None),
        ),
        ["extension", extension, "message-sync"] if get => (
            on(Group::Light, "ReadMessages", message_sync::sync),
            target(Some(extension), None),
        ),
        ["extension", extension, "call-log", id] if get => (
            on(Group::Heavy, "ReadCallLog", call_log::read_user),
            target(Some(extension), Some(id)),
        ),
        ["call-log"] if get => (
            on(Group::Heavy, "ReadCallLog", call_log::list_company),
            target(None, None),
        ),
        ["call-log", id] if get => (
            on(Group::Heavy, "ReadCallLog", call_log::read_company),
            target(None, Some(id)),
        ),
        ["extension", extension, "message-store"] if get => (
            on(Group::Light, "ReadMessages", messages::list),
            target(Some(extension), None),
        ),
        ["extension", extension, "message-store", id] if get => (
            on(Group::Light, "ReadMessages", messages::read),
            target(Some(extension), Some(id)),
        ),
        ["extension", extension, "sms"] if post => (
            on(Group::Medium, "SMS", sms::send),
            target(Some(extension), None),
        ),
        ["recording", id] if get => (
            on(Group::Heavy, "ReadCallRecording", recordings::read),
            target(None, Some(id)),
        ),
        ["recording", id, "content"] if get => (
            on(Group::Heavy, "ReadCallRecording", recordings::content),
            target(None, Some(id)),
        ),
        _ => return None,
    })
}

/// `GET /restapi`: answered without a token, as by the real service.
fn version(request: &Request) -> Reply {
    let uri = format!("{}/restapi/v1.0", request.origin);
    Reply::ok(&json!({
        "uri": format!("{}/restapi/", request.origin),
        "apiVersions": [{
            "uri": uri,
            "versionString": "1.0.55",
            "releaseDate": "2026-08-01T00:00:00.000Z",
            "uriString": "v1.0",
        }],
        "serverVersion": "sandbox",
        "serverRevision": env!("CARGO_PKG_VERSION"),
    }))
}
