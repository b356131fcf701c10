//! A request to any address, as a person fills in its form: body, authentication, redirects, pages.

mod body;
pub(super) mod graphql;
mod paging;

use super::{
    Context,
    builtin::{described, expected},
    inputs::{invalid, missing},
};
use crate::http::Request;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue, Method, header::AUTHORIZATION};
use patchbay_model::{Json, JsonMap, event::StepError};
use std::time::Duration;

/// Sends the request, page by page if the inputs say so; the output is `{status, headers, body}`.
pub(super) async fn run(
    context: Context<'_>,
    mut request: Request,
    inputs: &JsonMap,
) -> Result<Json, StepError> {
    let context = Context {
        credential: None,
        ..context
    };
    body::write(&mut request, inputs)?;
    authenticate(&mut request, inputs)?;
    request.timeout = inputs
        .get("timeout")
        .and_then(Json::as_f64)
        .map(Duration::from_secs_f64);
    request.stays = inputs.get("follow_redirects").and_then(Json::as_bool) == Some(false);
    let repeatable = !matches!(request.method, Method::POST | Method::PATCH);
    if let Some(paging) = paging::Paging::read(inputs)? {
        return paging::run(context, request, inputs, repeatable, paging).await;
    }
    let response = context.send(request, repeatable).await?;
    expected(&response, inputs, repeatable)?;
    let mut output = described(&response);
    output["body"] = body::read(&response, inputs)?;
    Ok(output)
}

/// The text of an input; empty if it has none.
fn text<'a>(inputs: &'a JsonMap, name: &str) -> &'a str {
    inputs.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Puts the secret into its header, marked so that it stays with this origin.
fn authenticate(request: &mut Request, inputs: &JsonMap) -> Result<(), StepError> {
    let needed = |name: &str, title: &str| match text(inputs, name) {
        "" => Err(missing(&format!("/{name}"), title)),
        value => Ok(value.to_owned()),
    };
    let (header, value, field) = match text(inputs, "authentication") {
        "basic" => {
            let user = needed("username", "User name")?;
            let both = format!("{user}:{}", text(inputs, "password"));
            let value = format!("Basic {}", STANDARD.encode(both));
            (AUTHORIZATION, value, "/username")
        }
        "bearer" => {
            let token = needed("token", "Token")?;
            (AUTHORIZATION, format!("Bearer {}", token.trim()), "/token")
        }
        "header" => {
            let name = needed("header_name", "Header name")?;
            let header = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| {
                invalid(
                    "/header_name",
                    format!("\"{name}\" cannot be the name of a header."),
                )
            })?;
            (header, needed("token", "Token")?, "/token")
        }
        _ => return Ok(()),
    };
    let mut value = HeaderValue::from_str(&value)
        .map_err(|_| invalid(field, "This holds characters that a header cannot have."))?;
    value.set_sensitive(true);
    request.headers.insert(header, value);
    Ok(())
}
