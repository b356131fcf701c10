//! `/api/v1/environments`: deployments of a service and the OAuth app that Patchbay uses there.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use patchbay_api::{
    ProblemDetails,
    authentications::{Environment, NewEnvironment},
};
use patchbay_model::id::EnvironmentId;
use patchbay_store::{SealedText, audit, environments};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    credentials::secret_context,
    error::{Problem, Result},
    extract::{Admin, Json, Member},
    state::App,
};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change, delete))
}

/// Lists the environments of the organisation.
#[utoipa::path(get, path = "/environments", tag = "authentications", responses((status = 200, body = [Environment])))]
async fn list(State(app): State<App>, member: Member) -> Result<Answer<Vec<Environment>>> {
    let found = environments::list(app.store(), &member.scope, None).await?;
    Ok(Answer(found.into_iter().map(shown).collect()))
}

/// Adds an environment with its OAuth app.
#[utoipa::path(post, path = "/environments", tag = "authentications", request_body = NewEnvironment,
    responses((status = 201, body = Environment), (status = "4XX", body = ProblemDetails)))]
async fn create(
    State(app): State<App>,
    admin: Admin,
    Json(request): Json<NewEnvironment>,
) -> Result<Response> {
    let id = environments::fresh_id(app.store())?;
    let new = checked(&app, &id, request)?;
    let made = environments::create(app.store(), &admin.scope, id, new).await?;
    audit::record(
        app.store(),
        &admin.scope,
        "environment.created",
        &made.title,
    )
    .await?;
    Ok((StatusCode::CREATED, Answer(shown(made))).into_response())
}

/// Changes an environment; a client secret that is left out stays.
#[utoipa::path(put, path = "/environments/{id}", tag = "authentications", params(("id" = String, Path)),
    request_body = NewEnvironment,
    responses((status = 200, body = Environment), (status = "4XX", body = ProblemDetails)))]
async fn change(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Json(request): Json<NewEnvironment>,
) -> Result<Answer<Environment>> {
    let id = EnvironmentId::from(id);
    let new = checked(&app, &id, request)?;
    let changed = environments::change(app.store(), &admin.scope, &id, new).await?;
    audit::record(
        app.store(),
        &admin.scope,
        "environment.changed",
        &changed.title,
    )
    .await?;
    Ok(Answer(shown(changed)))
}

/// Deletes an environment that no authentication stands on.
#[utoipa::path(delete, path = "/environments/{id}", tag = "authentications", params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDetails)))]
async fn delete(State(app): State<App>, admin: Admin, Path(id): Path<String>) -> Result<Response> {
    environments::delete(app.store(), &admin.scope, &EnvironmentId::from(id.as_str())).await?;
    audit::record(app.store(), &admin.scope, "environment.deleted", &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn checked(
    app: &App,
    id: &EnvironmentId,
    request: NewEnvironment,
) -> Result<environments::NewEnvironment> {
    let mut problem = Problem::unprocessable(
        "malformed_environment",
        "Something about the environment is missing",
    );
    if app.catalog().service(&request.service).is_none() {
        problem = problem.field("/service", "is not a service of an installed connector");
    }
    if request.title.trim().is_empty() {
        problem = problem.field("/title", "is empty");
    }
    if request.client_id.trim().is_empty() {
        problem = problem.field(
            "/client_id",
            "is empty; the service shows it on the page of your OAuth app",
        );
    }
    let base_url = request
        .base_url
        .map(|url| url.trim().trim_end_matches('/').to_owned())
        .filter(|url| !url.is_empty());
    if let Some(text) = &base_url {
        match url::Url::parse(text) {
            Ok(url)
                if url.scheme() == "https"
                    || app.allow_private_network()
                    || app.is_demo_origin(&url) =>
            {
                if let Err(error) = app.http().check(&url) {
                    problem = problem.field("/base_url", error.to_string());
                }
            }
            _ => {
                problem = problem.field("/base_url", "must be an address that begins with https://")
            }
        }
    }
    if !problem.details.errors.is_empty() {
        return Err(problem);
    }
    let client_secret = match request.client_secret.filter(|secret| !secret.is_empty()) {
        Some(secret) => {
            let sealed = app
                .vault()
                .seal(secret.as_bytes(), &secret_context(id.as_str()))
                .map_err(Problem::internal)?;
            Some(SealedText::from(sealed.into_text()))
        }
        None => None,
    };
    Ok(environments::NewEnvironment {
        service: request.service,
        title: request.title.trim().to_owned(),
        base_url,
        authorize_url: None,
        token_url: None,
        revoke_url: None,
        client_id: request.client_id.trim().to_owned(),
        client_secret,
        is_default: false,
    })
}

fn shown(found: environments::Environment) -> Environment {
    Environment {
        id: found.id,
        service: found.service,
        title: found.title,
        base_url: found.base_url,
        client_id: found.client_id,
        has_client_secret: found.client_secret.is_some(),
        demo: found.demo,
    }
}
