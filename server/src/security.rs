//! Headers that every answer carries, and the check that a change comes from our own pages.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::{error::Problem, state::App};

/// The policy of a page whose scripts carry this nonce.
pub(crate) fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Adds the headers that protect people whatever the answer is.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin-allow-popups",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    response
}

/// Refuses a change that a browser sends on behalf of a foreign page.
///
/// A request with an API token is let through: a foreign page cannot have one.
pub(crate) async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let bearer = request.headers().contains_key(header::AUTHORIZATION);
    if safe || bearer || from_our_own_page(request.headers(), app.public_url()) {
        return next.run(request).await;
    }
    Problem::new(http::StatusCode::FORBIDDEN, "foreign_origin", "This change did not come from Patchbay's own page")
        .detail("Open Patchbay at its own address and try again. Programs use an API token instead of a cookie.")
        .into_response()
}

fn from_our_own_page(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let same_host = text("host").is_some_and(|host| {
                origin
                    .strip_prefix("http://")
                    .or_else(|| origin.strip_prefix("https://"))
                    == Some(host)
            });
            same_host || origin == public_url
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        from_our_own_page(&headers, "https://patchbay.example")
    }

    #[test]
    fn only_our_own_page_may_change_things() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], true),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://patchbay.example"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("origin", "http://127.0.0.1:4600"),
                    ("host", "127.0.0.1:4600"),
                ],
                true,
            ),
            (
                &[("origin", "https://patchbay.example"), ("host", "inner:80")],
                true,
            ),
            (
                &[
                    ("origin", "https://evil.example"),
                    ("host", "127.0.0.1:4600"),
                ],
                false,
            ),
            (&[("origin", "null"), ("host", "127.0.0.1:4600")], false),
            (&[("host", "127.0.0.1:4600")], false),
        ];
        for (pairs, allowed) in cases {
            let pairs: Vec<(&'static str, &'static str)> = pairs.to_vec();
            assert_eq!(check(&pairs), *allowed, "{pairs:?}");
        }
    }
}
