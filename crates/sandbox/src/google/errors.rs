//! Google's error bodies: `{"error": {code, message, status, details}}`; Drive adds `errors`.

use serde_json::{Value, json};

use crate::google::quota::Reached;
use crate::wire::{Reply, Request};

fn error(code: u16, status: &str, message: &str, details: Option<Value>) -> Reply {
    let mut error = json!({ "code": code, "message": message, "status": status });
    if let Some(details) = details {
        error["details"] = json!([details]);
    }
    Reply::json(code, &json!({ "error": error }))
}

/// Drive's errors have a list with a reason as well.
fn drive_error(
    code: u16,
    status: &str,
    reason: &str,
    message: &str,
    details: Option<Value>,
) -> Reply {
    let mut error = json!({
        "code": code,
        "message": message,
        "errors": [{ "message": message, "domain": "global", "reason": reason }],
        "status": status,
    });
    if let Some(details) = details {
        error["details"] = json!([details]);
    }
    Reply::json(code, &json!({ "error": error }))
}

fn error_info(reason: &str, metadata: Value) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    })
}

fn service(drive: bool) -> &'static str {
    if drive {
        "drive.googleapis.com"
    } else {
        "sheets.googleapis.com"
    }
}

/// A request without a token.
pub(crate) fn no_token(drive: bool) -> Reply {
    error(
        401,
        "UNAUTHENTICATED",
        "Request is missing required authentication credential. Expected OAuth 2 access token, \
         login cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
        Some(error_info(
            "CREDENTIALS_MISSING",
            json!({ "service": service(drive) }),
        )),
    )
}

/// A token that is unknown, revoked or too old.
pub(crate) fn bad_token(drive: bool) -> Reply {
    error(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
        Some(error_info(
            "ACCESS_TOKEN_EXPIRED",
            json!({ "service": service(drive) }),
        )),
    )
    .header(
        "www-authenticate",
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
    )
}

/// A token without a scope that the method needs.
pub(crate) fn scope_missing(drive: bool) -> Reply {
    let message = "Request had insufficient authentication scopes.";
    let details = Some(error_info(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        json!({ "service": service(drive) }),
    ));
    if drive {
        drive_error(
            403,
            "PERMISSION_DENIED",
            "insufficientPermissions",
            message,
            details,
        )
    } else {
        error(403, "PERMISSION_DENIED", message, details)
    }
}

/// Somebody else's spreadsheet.
pub(crate) fn forbidden() -> Reply {
    error(
        403,
        "PERMISSION_DENIED",
        "The caller does not have permission",
        None,
    )
}

/// No spreadsheet has this id.
pub(crate) fn not_found() -> Reply {
    error(404, "NOT_FOUND", "Requested entity was not found.", None)
}

/// No file has this id, as Drive says it.
pub(crate) fn file_not_found(id: &str) -> Reply {
    drive_error(
        404,
        "NOT_FOUND",
        "notFound",
        &format!("File not found: {id}."),
        None,
    )
}

/// Something in the request is wrong.
pub(crate) fn invalid(message: &str) -> Reply {
    error(400, "INVALID_ARGUMENT", message, None)
}

/// A part of the request that does not fit its message type; `field` is its place.
pub(crate) fn bad_field(field: &str, message: &str) -> Reply {
    error(
        400,
        "INVALID_ARGUMENT",
        message,
        Some(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{ "field": field, "description": message }],
        })),
    )
}

/// Something in a Drive request is wrong.
pub(crate) fn drive_invalid(message: &str) -> Reply {
    drive_error(400, "INVALID_ARGUMENT", "invalid", message, None)
}

/// More requests in a minute than the quota has.
pub(crate) fn quota_exceeded(
    write: bool,
    reached: Reached,
    (person, project): (u32, u32),
) -> Reply {
    let kind = if write { "Write" } else { "Read" };
    let (whose, name, limit) = match reached {
        Reached::Person => (" per user", "PerUser", person),
        Reached::Project => ("", "PerProject", project),
    };
    error(
        429,
        "RESOURCE_EXHAUSTED",
        &format!(
            "Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per \
             minute{whose}' of service 'sheets.googleapis.com' for consumer \
             'project_number:100000000001'."
        ),
        Some(error_info(
            "RATE_LIMIT_EXCEEDED",
            json!({
                "service": "sheets.googleapis.com",
                "quota_limit": format!("{kind}RequestsPerMinute{name}"),
                "quota_limit_value": limit.to_string(),
                "quota_location": "global",
                "consumer": "projects/100000000001",
            }),
        )),
    )
}

/// A path that is no method: Google answers with a page, not with JSON.
pub(crate) fn no_such_url(request: &Request) -> Reply {
    let path: String = request
        .path
        .chars()
        .filter(|letter| !matches!(letter, '<' | '>' | '&' | '"' | '\''))
        .collect();
    Reply::html(
        404,
        format!(
            "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Error 404 (Not Found)!!1</title>\
             <p><b>404.</b> That’s an error.<p>The requested URL <code>{path}</code> was not found \
             on this server. That’s all we know.</html>"
        ),
    )
}
