//! The router: API, pages, assets, what services call.

pub(crate) mod authentications;
mod connectors;
mod debug;
mod environments;
mod evaluate;
mod health;
mod hooks;
mod oauth;
mod people;
mod runs;
mod session;
mod storage;
mod triggers;
mod workflows;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::{HeaderValue, Request, header};
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{error::Problem, extract::LARGEST_BODY, pages, security, site, state::App};

/// The description's own part; the paths come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
    title = "Patchbay",
    description = "Everything the screen can do. Send `Authorization: Bearer <token>`; errors are `application/problem+json`."
    ),
    // Schemas that refer to themselves are not collected on the way.
    components(schemas(patchbay_model::document::Step, patchbay_model::edit::Edit))
)]
struct Description;

/// Puts everything together. The API alone is also kept for rendering pages in process.
pub(crate) fn router(app: &App) -> Router {
    pages::prepare();
    let (api, mut description) = api();
    let api = api
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(
            app.clone(),
            security::same_origin,
        ))
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    description.paths.paths = description
        .paths
        .paths
        .into_iter()
        .map(|(path, item)| (format!("/api/v1{path}"), item))
        .collect();
    let json = serde_json::to_vec(&description).unwrap_or_default();
    let api: Router<App> = Router::new().nest("/api/v1", api);
    app.set_api_router(api.clone().with_state(app.clone()), json);
    api.route("/api/v1/openapi.json", get(openapi))
        .route("/healthz", get(health::health))
        .route("/hooks/{key}", any(hooks::receive))
        .route("/oauth/callback", get(oauth::callback))
        .route("/oauth/starting", get(oauth::starting))
        .route("/assets/{*path}", get(site::serve))
        .fallback(pages::page)
        .layer(middleware::from_fn(security::headers))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            // The query may hold codes and tokens of services; it is never logged.
            tracing::info_span!("request", method = %request.method(), path = request.uri().path())
        }))
        .with_state(app.clone())
}

fn api() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(session::router())
        .merge(people::router())
        .merge(workflows::router())
        .merge(runs::router())
        .merge(debug::router())
        .merge(storage::router())
        .merge(connectors::router())
        .merge(authentications::router())
        .merge(environments::router())
        .merge(evaluate::router())
        .merge(triggers::router())
        .split_for_parts()
}

async fn openapi(State(app): State<App>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], app.openapi().to_vec()).into_response()
}

async fn no_such_route() -> Problem {
    Problem::not_found("address")
        .detail("GET /api/v1/openapi.json lists every address of this API.")
}

async fn wrong_method() -> Problem {
    Problem::new(
        http::StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "This address does not take this method",
    )
    .detail("GET /api/v1/openapi.json lists every address with its methods.")
}
