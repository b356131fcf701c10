//! Pages: rendered here first, with the same public API that the browser uses afterwards.

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::{expect_context, provide_context};
use patchbay_api::Client;
use std::sync::Arc;

use crate::{in_process::RouterTransport, security::content_security_policy, state::App};

/// Lets the screen's own tasks run on tokio. Must be called before the first page is rendered.
pub(crate) fn prepare() {
    // Fails only when it was called before.
    let _ = any_spawner::Executor::init_tokio();
}

/// Everything that is no API, hook or asset: the screen.
pub(crate) async fn page(State(app): State<App>, request: Request) -> Response {
    if app.site().is_empty() {
        let text = "Patchbay is running, but this build has no screen.\n\
                    Start it with `cargo xtask serve`, or build one with `cargo xtask dist`.\n";
        return (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            text,
        )
            .into_response();
    }
    // Browsers ask for it on pages that name no picture of their own.
    if request.uri().path() == "/favicon.ico" {
        return Redirect::temporary(&app.site().url("favicon.svg")).into_response();
    }
    let entry = patchbay_app::Entry::of(request.uri().path());
    let file = |entry: patchbay_app::Entry, ending: &str| {
        app.site().url(&format!("pkg/{}{ending}", entry.name()))
    };
    let prefetch = match entry {
        patchbay_app::Entry::Pages => {
            let builder = patchbay_app::Entry::Builder;
            vec![file(builder, ".js"), file(builder, "_bg.wasm")]
        }
        patchbay_app::Entry::Builder => Vec::new(),
    };
    let assets = patchbay_app::Assets {
        css: app.site().url("patchbay.css"),
        js: file(entry, ".js"),
        wasm: file(entry, "_bg.wasm"),
        prefetch,
        preload_fonts: vec![app.site().url("fonts/inter.woff2")],
    };
    let client = Client::new(Arc::new(RouterTransport::on_behalf_of(
        app.api_router(),
        &request,
    )));
    let theme = cookie(&request, "patchbay_theme")
        .filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    let render = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(patchbay_app::ThemeCookie(theme.clone()));
            patchbay_app::provide_client(client.clone());
            let nonce = leptos::nonce::use_nonce()
                .map(|nonce| nonce.to_string())
                .unwrap_or_default();
            let options = expect_context::<leptos_axum::ResponseOptions>();
            if let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce)) {
                options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            }
            let answer = options.clone();
            provide_context(patchbay_app::SetStatus(Arc::new(move |status| {
                if let Ok(status) = StatusCode::from_u16(status) {
                    answer.set_status(status);
                }
            })));
            options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        },
        move || patchbay_app::shell(assets.clone()),
    );
    render(without_body(request)).await
}

/// Rendering needs the address and the headers only.
fn without_body(request: Request) -> Request {
    let (parts, _) = request.into_parts();
    Request::from_parts(parts, Body::empty())
}

fn cookie(request: &Request, name: &str) -> Option<String> {
    crate::cookies::find(request.headers(), name).map(str::to_owned)
}
