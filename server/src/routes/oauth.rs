//! `/oauth/…`: where the sign-in pop-up starts and where services send people back to.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::{authorisation, cookies, security::content_security_policy, state::App};

/// What a service sends along.
#[derive(Debug, Deserialize)]
pub(super) struct Callback {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    error_description: Option<String>,
}

/// `GET /oauth/callback`: finishes the attempt that the state names, and tells the page that waits for it.
pub(super) async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<Callback>,
) -> Response {
    let session = cookies::find(&headers, cookies::SESSION).unwrap_or_default();
    let answer = authorisation::Answer {
        code: query.code,
        state: query.state,
        error: query.error,
        error_description: query.error_description,
    };
    let outcome = authorisation::finish(&app, session, answer).await;
    match outcome.return_to {
        // The page that the person comes back to asks how it went, and says so.
        Some(path) => {
            let sign = if path.contains('?') { '&' } else { '?' };
            let attempt = outcome.attempt.unwrap_or_default();
            Redirect::to(&format!("{path}{sign}sign_in={attempt}")).into_response()
        }
        None => page(
            &app,
            if outcome.connected {
                "Connected"
            } else {
                "Not connected"
            },
            &outcome.message,
            outcome.attempt.as_deref(),
        ),
    }
}

/// `GET /oauth/starting`: what the pop-up shows until the service's page is known.
pub(super) async fn starting(State(app): State<App>) -> Response {
    page(&app, "One moment", "Opening the sign-in page…", None)
}

/// A small page of the pop-up; `oauth.js` passes the attempt on to the page that waits, then closes the window.
fn page(app: &App, title: &str, message: &str, attempt: Option<&str>) -> Response {
    let css = app.site().url("patchbay.css");
    let script = app.site().url("oauth.js");
    let attempt = attempt
        .map(|id| format!(" data-attempt=\"{}\"", escape(id)))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Patchbay</title>\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body class=\"oauth-page\"{attempt}><main class=\"oauth-note\">\
         <h1>{title}</h1><p>{}</p><p class=\"muted\">You can close this window.</p></main>\
         <script src=\"{script}\" defer></script></body></html>",
        escape(message)
    );
    let mut response = (StatusCode::OK, Html(html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy("none")) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_become_markup() {
        assert_eq!(escape("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
