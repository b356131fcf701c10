//! `/api/v1/authentications` and `/environments`: credentials and where they belong; no answer ever holds a secret.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use patchbay_api::{
    ProblemDetails,
    authentications::{
        Attempt, AttemptStatus, Authentication, AuthenticationState, Authorization, Authorize,
        ChangeAuthentication, Credential as GivenCredential, EnvironmentRef, NewAuthentication,
        Ownership, UsedBy,
    },
};
use patchbay_model::{
    id::{AuthenticationId, EnvironmentId},
    spec::MethodKind,
};
use patchbay_store::{
    Role, Scope, attempts, audit,
    authentications::{self, Connected},
    environments, workflows,
};
use patchbay_vault::{Credential, Sealed, Secret};
use std::collections::HashMap;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    authorisation,
    credentials::context,
    error::{Problem, Result},
    extract::{BrowserSession, Builder, Json, Member},
    state::App,
    time::{rfc3339, rfc3339_option},
};

/// The routes of this file.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(authorize))
        .routes(routes!(attempt))
        .routes(routes!(get, change, delete))
        .routes(routes!(used_by))
}

/// Lists what the asker may use: the organisation's, and their own personal ones.
#[utoipa::path(get, path = "/authentications", tag = "authentications", responses((status = 200, body = [Authentication])))]
async fn list(State(app): State<App>, member: Member) -> Result<Answer<Vec<Authentication>>> {
    let titles = titles(&app, &member.scope).await?;
    let found = authentications::list(app.store(), &member.scope, None).await?;
    Ok(Answer(
        found
            .into_iter()
            .map(|one| shown(one, &member.scope, &titles))
            .collect(),
    ))
}

/// One authentication.
#[utoipa::path(get, path = "/authentications/{id}", tag = "authentications", params(("id" = String, Path)),
    responses((status = 200, body = Authentication), (status = 404, body = ProblemDetails)))]
async fn get(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Authentication>> {
    let found = authentications::get(app.store(), &member.scope, &id.into()).await?;
    Ok(Answer(shown(
        found,
        &member.scope,
        &titles(&app, &member.scope).await?,
    )))
}

/// Makes an authentication from a credential that the caller has.
#[utoipa::path(post, path = "/authentications", tag = "authentications", request_body = NewAuthentication,
    responses((status = 201, body = Authentication), (status = "4XX", body = ProblemDetails)))]
async fn create(
    State(app): State<App>,
    builder: Builder,
    Json(request): Json<NewAuthentication>,
) -> Result<Response> {
    let scope = &builder.scope;
    let name = request.name.trim();
    if name.is_empty() {
        return Err(
            Problem::unprocessable("missing_name", "Give the authentication a name")
                .field("/name", "is empty"),
        );
    }
    if app.catalog().service(&request.service).is_none() {
        return Err(
            Problem::unprocessable("unknown_service", "There is no such service").field(
                "/service",
                format!("no connector uses a service called {}", request.service),
            ),
        );
    }
    let environment = match &request.environment.id {
        Some(id) => Some(environments::get(app.store(), scope, id).await?),
        None => None,
    };
    if environment
        .as_ref()
        .is_some_and(|found| found.service != request.service)
    {
        return Err(Problem::unprocessable(
            "wrong_service",
            "This environment is for another service",
        ));
    }
    let base_url = match (&environment, request.environment.base_url.as_deref()) {
        (None, Some(url)) => Some(checked_base_url(&app, url)?),
        _ => None,
    };
    let (method, credential) = given(&app, request.credential, environment.as_ref()).await?;
    let id = authentications::fresh_id(app.store())?;
    let granted = match credential.tokens() {
        Some(tokens) if !tokens.scopes.is_empty() => tokens.scopes.clone(),
        _ => request.scopes.clone(),
    };
    let expires_at = credential.tokens().and_then(|tokens| tokens.expires_at);
    let sealed = credential
        .seal(app.vault(), &context(&id))
        .map_err(Problem::internal)?;
    let new = authentications::NewAuthentication {
        id,
        ownership: store_ownership(request.owner),
        name: name.to_owned(),
        service: request.service,
        environment: environment.map(|found| found.id),
        base_url,
        method,
        requested_scopes: request.scopes,
        connected: Connected {
            credential: sealed.into_text().into(),
            granted_scopes: granted,
            expires_at,
            account: None,
        },
    };
    let made = authentications::create(app.store(), scope, new).await?;
    audit::record(app.store(), scope, "authentication.created", &made.name).await?;
    let shown = shown(made, scope, &titles(&app, scope).await?);
    Ok((StatusCode::CREATED, Answer(shown)).into_response())
}

/// Begins a sign-in at a service; the person is then sent to the answer's address.
#[utoipa::path(post, path = "/authentications/authorize", tag = "authentications", request_body = Authorize,
    responses((status = 200, body = Authorization), (status = "4XX", body = ProblemDetails)))]
async fn authorize(
    State(app): State<App>,
    builder: Builder,
    session: BrowserSession,
    Json(request): Json<Authorize>,
) -> Result<Answer<Authorization>> {
    Ok(Answer(
        authorisation::begin(&app, &builder.scope, &session.0, request).await?,
    ))
}

/// How a sign-in goes.
#[utoipa::path(get, path = "/authentications/attempts/{id}", tag = "authentications", params(("id" = String, Path)),
    responses((status = 200, body = Attempt), (status = 404, body = ProblemDetails)))]
async fn attempt(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Attempt>> {
    let found = attempts::get(app.store(), &member.scope, &id).await?;
    let authentication = match &found.authentication {
        Some(id) => {
            let made = authentications::get(app.store(), &member.scope, id).await?;
            Some(shown(
                made,
                &member.scope,
                &titles(&app, &member.scope).await?,
            ))
        }
        None => None,
    };
    Ok(Answer(Attempt {
        status: match found.status {
            attempts::Status::Pending => AttemptStatus::Pending,
            attempts::Status::Connected => AttemptStatus::Connected,
            attempts::Status::Refused => AttemptStatus::Refused,
            attempts::Status::Failed => AttemptStatus::Failed,
            attempts::Status::Expired => AttemptStatus::Expired,
        },
        authentication,
        message: found.message,
        missing_scopes: found.missing_scopes,
    }))
}

/// Renames an authentication, or gives it another credential in place of one that no longer works.
#[utoipa::path(patch, path = "/authentications/{id}", tag = "authentications", params(("id" = String, Path)),
    request_body = ChangeAuthentication,
    responses((status = 200, body = Authentication), (status = "4XX", body = ProblemDetails)))]
async fn change(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
    Json(request): Json<ChangeAuthentication>,
) -> Result<Answer<Authentication>> {
    let id = AuthenticationId::from(id);
    let changed = match request.name.as_deref().map(str::trim) {
        Some("") => {
            return Err(
                Problem::unprocessable("missing_name", "Give the authentication a name")
                    .field("/name", "is empty"),
            );
        }
        Some(name) => authentications::rename(app.store(), &builder.scope, &id, name).await?,
        None => authentications::get(app.store(), &builder.scope, &id).await?,
    };
    let changed = match request.credential {
        Some(credential) => renew(&app, &builder.scope, changed, credential).await?,
        None => changed,
    };
    Ok(Answer(shown(
        changed,
        &builder.scope,
        &titles(&app, &builder.scope).await?,
    )))
}

/// Puts a credential that the caller has in the place of the old one, which has to be of the same type.
async fn renew(
    app: &App,
    scope: &Scope,
    old: authentications::Authentication,
    credential: GivenCredential,
) -> Result<authentications::Authentication> {
    let environment = match &old.environment {
        Some(id) => Some(environments::get(app.store(), scope, id).await?),
        None => None,
    };
    let (method, credential) = given(app, credential, environment.as_ref()).await?;
    if method != old.method {
        return Err(Problem::unprocessable(
            "wrong_credential",
            "This authentication works with another type of credential",
        )
        .field("/credential/type", "make a new authentication for it"));
    }
    let granted = match credential.tokens() {
        Some(tokens) if !tokens.scopes.is_empty() => tokens.scopes.clone(),
        _ => old.granted_scopes.clone(),
    };
    let connected = Connected {
        expires_at: credential.tokens().and_then(|tokens| tokens.expires_at),
        credential: credential
            .seal(app.vault(), &context(&old.id))
            .map_err(Problem::internal)?
            .into_text()
            .into(),
        granted_scopes: granted,
        account: old.account.clone(),
    };
    let renewed = authentications::reconnect(
        app.store(),
        scope,
        &old.id,
        &old.requested_scopes,
        connected,
    )
    .await?;
    app.keeper().forget(old.id.as_str()).await;
    audit::record(
        app.store(),
        scope,
        "authentication.reconnected",
        &renewed.name,
    )
    .await?;
    Ok(renewed)
}

/// Deletes an authentication and tells the service that its tokens are no longer wanted.
#[utoipa::path(delete, path = "/authentications/{id}", tag = "authentications", params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDetails)))]
async fn delete(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = AuthenticationId::from(id);
    let deleted = authentications::delete(app.store(), &builder.scope, &id).await?;
    app.keeper().forget(id.as_str()).await;
    audit::record(
        app.store(),
        &builder.scope,
        "authentication.deleted",
        &deleted.authentication.name,
    )
    .await?;
    let app = app.clone();
    // The service may be slow or down; the authentication is gone here in any case.
    tokio::spawn(async move {
        if let Err(why) = revoke(&app, &id, deleted).await {
            tracing::info!(authentication = %id, why, "the service was not told about the deleted authentication");
        }
    });
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which workflows use an authentication.
#[utoipa::path(get, path = "/authentications/{id}/used-by", tag = "authentications", params(("id" = String, Path)),
    responses((status = 200, body = [UsedBy]), (status = 404, body = ProblemDetails)))]
async fn used_by(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Vec<UsedBy>>> {
    let id = AuthenticationId::from(id);
    authentications::get(app.store(), &member.scope, &id).await?;
    let using = workflows::using_authentication(app.store(), &member.scope, &id).await?;
    let used = |one: workflows::UsedBy| UsedBy {
        id: one.id.to_string(),
        name: one.name,
        enabled: one.enabled,
    };
    Ok(Answer(using.into_iter().map(used).collect()))
}

/// A pasted credential as it will be kept; an assertion is exchanged at once, so that a wrong one is told now.
async fn given(
    app: &App,
    credential: GivenCredential,
    environment: Option<&environments::Environment>,
) -> Result<(MethodKind, Credential)> {
    let empty = |pointer: &str| {
        Problem::unprocessable("missing_credential", "The credential is empty")
            .field(pointer, "is empty")
    };
    match credential {
        GivenCredential::Token { access_token } if access_token.trim().is_empty() => {
            Err(empty("/credential/access_token"))
        }
        GivenCredential::Token { access_token } => Ok((
            MethodKind::Token,
            Credential::Token {
                access_token: Secret::new(access_token.trim()),
            },
        )),
        GivenCredential::Basic { username, password } => Ok((
            MethodKind::Basic,
            Credential::Basic {
                username,
                password: Secret::new(password),
            },
        )),
        GivenCredential::Jwt { assertion } if assertion.trim().is_empty() => {
            Err(empty("/credential/assertion"))
        }
        GivenCredential::Jwt { assertion } => {
            let environment = environment.ok_or_else(|| {
                Problem::unprocessable("missing_environment", "Choose an environment").detail(
                    "An assertion is exchanged for a token with the client id of an environment.",
                )
            })?;
            let assertion = Secret::new(assertion.trim());
            let tokens = authorisation::exchange_assertion(app, environment, &assertion).await?;
            Ok((
                MethodKind::Jwt,
                Credential::Jwt {
                    assertion,
                    tokens: Some(tokens),
                },
            ))
        }
    }
}

/// An inline base URL comes with the caller's own credential only; plain http and private addresses take a flag.
fn checked_base_url(app: &App, text: &str) -> Result<String> {
    let wrong = |why: &str| {
        Problem::unprocessable("bad_base_url", "This base URL cannot be used")
            .field("/environment/base_url", why)
    };
    let url = url::Url::parse(text)
        .map_err(|_| wrong("is not an address, such as https://platform.example.com"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("must begin with https://"));
    }
    app.http()
        .check(&url)
        .map_err(|error| wrong(&error.to_string()))?;
    if url.scheme() == "http" && !app.allow_private_network() && !app.is_demo_origin(&url) {
        return Err(wrong(
            "must begin with https://; plain http takes --allow-private-network",
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

async fn revoke(
    app: &App,
    id: &AuthenticationId,
    deleted: authentications::StoredCredential,
) -> std::result::Result<(), String> {
    let sealed = Sealed::from_text(deleted.credential.0);
    let credential =
        Credential::open(app.vault(), &sealed, &context(id)).map_err(|error| error.to_string())?;
    let Some(environment) = &deleted.authentication.environment else {
        return Ok(());
    };
    let Some(tokens) = credential.tokens() else {
        return Ok(());
    };
    let system = patchbay_store::System::for_sign_in_and_workers();
    let environment = environments::for_worker(app.store(), &system, environment)
        .await
        .map_err(|error| error.to_string())?;
    let client =
        authorisation::client_of(app, &environment).map_err(|problem| problem.details.title)?;
    client
        .revoke(app.http(), tokens)
        .await
        .map_err(|error| error.to_string())
}

/// The titles of the environments that the asker sees, with their base URLs.
async fn titles(
    app: &App,
    scope: &Scope,
) -> Result<HashMap<EnvironmentId, (String, Option<String>)>> {
    let found = environments::list(app.store(), scope, None).await?;
    Ok(found
        .into_iter()
        .map(|one| (one.id, (one.title, one.base_url)))
        .collect())
}

fn shown(
    found: authentications::Authentication,
    scope: &Scope,
    titles: &HashMap<EnvironmentId, (String, Option<String>)>,
) -> Authentication {
    let environment = found.environment.as_ref().and_then(|id| titles.get(id));
    let own = found.owner == scope.person;
    Authentication {
        owner: match found.ownership {
            authentications::Ownership::Personal => Ownership::Personal,
            authentications::Ownership::Organisational => Ownership::Organisational,
        },
        manageable: own || scope.role >= Role::Admin,
        environment: EnvironmentRef {
            id: found.environment.clone(),
            title: environment.map(|(title, _)| title.clone()),
            base_url: environment
                .and_then(|(_, url)| url.clone())
                .or(found.base_url),
        },
        id: found.id,
        name: found.name,
        service: found.service,
        owner_name: found.owner_name,
        method: found.method,
        scopes: found.granted_scopes,
        state: match found.state {
            authentications::State::Connected => AuthenticationState::Connected,
            authentications::State::NeedsReconnect => AuthenticationState::NeedsReconnect,
        },
        account: found.account,
        created_at: rfc3339(found.created_at),
        last_used_at: rfc3339_option(found.last_used_at),
    }
}

/// Ownership as the store spells it.
pub(crate) fn store_ownership(owner: Ownership) -> authentications::Ownership {
    match owner {
        Ownership::Personal => authentications::Ownership::Personal,
        Ownership::Organisational => authentications::Ownership::Organisational,
    }
}
