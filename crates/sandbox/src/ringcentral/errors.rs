//! RingCentral's error bodies: a list of `errors`, with the first one repeated at the top.

use serde_json::{Map, Value, json};

use crate::ringcentral::rate_limit::Exceeded;
use crate::wire::Reply;

/// An error whose top-level code may differ from the listed one.
fn error(
    status: u16,
    top_code: &str,
    code: &str,
    message: &str,
    extra: Option<(&str, &str)>,
) -> Reply {
    let mut listed = Map::new();
    listed.insert("errorCode".to_owned(), code.into());
    listed.insert("message".to_owned(), message.into());
    let mut body = Map::new();
    body.insert("errorCode".to_owned(), top_code.into());
    body.insert("message".to_owned(), message.into());
    if let Some((name, value)) = extra {
        listed.insert(name.to_owned(), value.into());
    }
    body.insert("errors".to_owned(), json!([listed]));
    if let Some((name, value)) = extra {
        body.insert(name.to_owned(), value.into());
    }
    Reply::json(status, &Value::Object(body))
}

/// No `Authorization` header.
pub(crate) fn no_token() -> Reply {
    error(
        401,
        "AGW-401",
        "AGW-401",
        "Authorization header is not specified",
        None,
    )
}

/// A token that is unknown, revoked or too old.
pub(crate) fn token_invalid(message: &str) -> Reply {
    error(401, "TokenInvalid", "OAU-149", message, None)
        .header("www-authenticate", "Bearer realm=\"RingCentral REST API\"")
}

/// The app (or the person's consent) lacks a permission.
pub(crate) fn app_permission_missing(permission: &str) -> Reply {
    error(
        403,
        "InsufficientPermissions",
        "CMN-401",
        &format!(
            "In order to call this API endpoint, application needs to have [{permission}] \
             permission"
        ),
        Some(("permissionName", permission)),
    )
}

/// The person's role lacks a permission.
pub(crate) fn user_permission_missing(permission: &str) -> Reply {
    error(
        403,
        "InsufficientPermissions",
        "CMN-408",
        &format!(
            "In order to call this API endpoint, user needs to have [{permission}] permission \
             for requested resource"
        ),
        Some(("permissionName", permission)),
    )
}

/// Somebody else's data, without the right to see it.
pub(crate) fn other_extension() -> Reply {
    error(
        403,
        "InsufficientPermissions",
        "CMN-404",
        "Access to the resource of another extension is not allowed",
        Some(("parameterName", "extensionId")),
    )
}

/// A parameter with a value that is not allowed.
pub(crate) fn invalid(parameter: &str, value: &str) -> Reply {
    invalid_because(
        parameter,
        &format!("Parameter [{parameter}] value [{value}] is invalid"),
    )
}

/// A parameter that is wrong for a reason worth a sentence.
pub(crate) fn invalid_because(parameter: &str, message: &str) -> Reply {
    error(
        400,
        "InvalidParameter",
        "CMN-101",
        message,
        Some(("parameterName", parameter)),
    )
}

/// Nothing has the identifier that a parameter gives.
pub(crate) fn not_found(parameter: &str) -> Reply {
    error(
        404,
        "CMN-102",
        "CMN-102",
        &format!("Resource for parameter [{parameter}] is not found"),
        Some(("parameterName", parameter)),
    )
}

/// A path (or a method on it) that does not exist here.
pub(crate) fn no_such_resource(path: &str) -> Reply {
    error(
        404,
        "CMN-102",
        "CMN-102",
        &format!("Resource [{path}] is not found"),
        None,
    )
}

/// Two filters that exclude each other.
pub(crate) fn session_with_filters() -> Reply {
    error(
        400,
        "CLG-110",
        "CLG-110",
        "Parameter [sessionId] is not allowed for usage along with other filtering parameters",
        Some(("parameterName", "sessionId")),
    )
}

/// An error with a code of its own, such as those of the message service.
pub(crate) fn coded(status: u16, code: &str, message: &str) -> Reply {
    error(status, code, code, message, None)
}

/// Too many requests; every further one starts the penalty anew.
pub(crate) fn rate_exceeded(exceeded: &Exceeded) -> Reply {
    exceeded
        .standing
        .stamp(error(
            429,
            "CMN-301",
            "CMN-301",
            "Request rate exceeded",
            None,
        ))
        .header("retry-after", exceeded.retry_after.to_string())
}
