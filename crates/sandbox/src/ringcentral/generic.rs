//! All operations that nothing is played out for: a request is checked against the description of the service, and
//! answered with values that fit it.
//!
//! Nothing is kept: what was created is echoed in the answer, and lists hold the same entries whenever they are asked.

mod check;
mod facts;
mod value;

use axum::http::Method;
use serde_json::{Value, json};

use crate::oauth::grants::Identity;
use crate::oauth::permissions;
use crate::ringcentral::rate_limit::Group;
use crate::ringcentral::{ACCOUNT_ID, Answer, errors, extensions, wav};
use crate::wire::{Reply, Request};
pub(super) use facts::Found;

/// The operation that a request means; none if the service has no such path.
pub(super) fn find(method: &Method, pieces: &[&str]) -> Option<Found> {
    facts::facts().find(method.as_str(), pieces)
}

impl Found {
    /// What it is counted under.
    pub(crate) fn group(&self) -> Option<Group> {
        Some(match self.text("x-throttling-group")? {
            "Light" => Group::Light,
            "Heavy" => Group::Heavy,
            "Auth" => Group::Auth,
            "Medium" => Group::Medium,
            _ => return None,
        })
    }

    /// Whether it is answered without a token.
    pub(crate) fn is_open(&self) -> bool {
        self.operation["security"]
            .as_array()
            .is_some_and(Vec::is_empty)
    }
}

/// Answers a request that has a good token.
pub(super) fn answer(request: &Request, identity: &Identity, found: &Found) -> Answer {
    if let Some(permission) = found.text("x-app-permission")
        && !permissions::covers(&identity.scopes, permission)
    {
        return Err(errors::app_permission_missing(permission));
    }
    if let Some(account) = found.filled("accountId")
        && !matches!(account, "~" | ACCOUNT_ID)
    {
        return Err(errors::not_found("accountId"));
    }
    let own = identity.person.extension_id();
    let extension = found
        .filled("extensionId")
        .filter(|id| *id != "~")
        .unwrap_or(own);
    if extensions::by_id(extension).is_none() {
        return Err(errors::not_found("extensionId"));
    }
    if extension != own && !identity.person.is_admin() {
        return Err(errors::other_extension());
    }
    check::parameters(request, found)?;
    let sent = check::body(request, found)?;
    Ok(reply(request, found, extension, &sent))
}

/// The answer without checks: for operations that need no token.
pub(super) fn open(request: &Request, found: &Found) -> Reply {
    reply(request, found, "", &Value::Null)
}

fn reply(request: &Request, found: &Found, extension: &str, sent: &Value) -> Reply {
    let Some((status, kind, schema)) = found.answer() else {
        return Reply::empty(found.status());
    };
    if kind.starts_with("audio/") {
        return Reply::new(status, "audio/x-wav", wav::tone());
    }
    if kind.starts_with("image/") {
        return Reply::new(status, "image/png", DOT);
    }
    if kind.starts_with("text/") {
        return Reply::new(status, "text/csv; charset=utf-8", "id,name\n1,Example\n");
    }
    let maker = value::Maker {
        origin: &request.origin,
        path: &request.path,
        now: request.now,
        extension,
        account: ACCOUNT_ID,
    };
    let ids = found
        .last_id()
        .map(|ids| ids.split(',').collect::<Vec<_>>())
        .unwrap_or_default();
    if ids.len() > 1
        && let Some(several) = found.several()
    {
        let entries = ids.iter().map(|id| {
            json!({ "resourceId": id, "status": 200, "body": maker.answer(schema, Some(id), sent) })
        });
        let entries: Vec<Value> = entries.collect();
        return Reply::new(207, several, Value::from(entries).to_string());
    }
    Reply::json(status, &maker.answer(schema, ids.first().copied(), sent))
}

/// A picture of one pixel.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_fits_its_description() {
        let maker = value::Maker {
            origin: "http://127.0.0.1",
            path: "/restapi/v1.0/things",
            now: "2026-03-02T12:00:00Z".parse().unwrap(),
            extension: "101",
            account: ACCOUNT_ID,
        };
        let mut answered = 0;
        for (path, item) in facts::facts().paths() {
            let filled = path.replace(['{', '}'], "");
            let pieces: Vec<&str> = filled.split('/').skip(1).collect();
            for method in item.as_object().unwrap().keys() {
                let found = facts::facts().find(&method.to_uppercase(), &pieces);
                let found = found.unwrap_or_else(|| panic!("{method} {path} is not found"));
                let Some((status, kind, schema)) = found.answer() else {
                    assert!((200..400).contains(&found.status()), "{method} {path}");
                    continue;
                };
                assert!((200..300).contains(&status));
                if kind.contains("json") {
                    let value = maker.answer(schema, None, &Value::Null);
                    let fits = check::value_fits(&value, schema, "body", 0);
                    assert!(fits.is_ok(), "{method} {path}: {value}");
                    answered += 1;
                }
            }
        }
        assert!(answered > 400);
    }
}
