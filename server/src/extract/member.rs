//! Who asks: authorisation as argument types. A handler without one of these has no scope and reaches no data.

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use patchbay_store::{Role, Scope, SignedIn, System, api_tokens, sessions};
use patchbay_vault::fresh;

use crate::{cookies, error::Problem, state::App};

/// Anybody who is signed in, by cookie or by API token.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub scope: Scope,
}

/// A member who may change workflows and start runs.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    pub scope: Scope,
}

/// A member who may manage people and environments.
#[derive(Debug, Clone)]
pub(crate) struct Admin {
    pub scope: Scope,
}

/// The hash of a session's token: for what only a browser can do.
#[derive(Debug, Clone)]
pub(crate) struct BrowserSession(pub String);

/// A fresh random token with its hash; only the hash is stored.
///
/// # Errors
/// When the machine has no randomness.
pub(crate) fn mint_token(prefix: &str) -> Result<(String, String), Problem> {
    let token = fresh::token(prefix).map_err(Problem::internal)?;
    let hash = token_hash(token.expose());
    Ok((token.expose().to_owned(), hash))
}

/// What is stored in place of a token.
pub(crate) fn token_hash(token: &str) -> String {
    fresh::digest(token)
}

/// Whoever shows a valid API token or session cookie.
///
/// # Errors
/// When the store cannot be asked.
pub(crate) async fn signed_in(app: &App, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let system = System::for_sign_in_and_workers();
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let Some(token) = value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
        else {
            return Ok(None);
        };
        return Ok(api_tokens::open(app.store(), &system, &token_hash(token.trim())).await?);
    }
    let Some(token) = cookies::find(headers, cookies::SESSION).filter(|token| !token.is_empty())
    else {
        return Ok(None);
    };
    Ok(sessions::open(app.store(), &system, &token_hash(token)).await?)
}

impl FromRequestParts<App> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let found = signed_in(app, &parts.headers)
            .await?
            .ok_or_else(Problem::signed_out)?;
        Ok(Self { scope: found.scope })
    }
}

impl FromRequestParts<App> for Builder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let scope = Member::from_request_parts(parts, app).await?.scope;
        if scope.role >= Role::Builder {
            return Ok(Self { scope });
        }
        Err(Problem::forbidden(
            "Your role only lets you look. Ask an administrator for the builder role.",
        ))
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let scope = Member::from_request_parts(parts, app).await?.scope;
        if scope.role >= Role::Admin {
            return Ok(Self { scope });
        }
        Err(Problem::forbidden(
            "Only administrators can do this. Ask the owner of your organisation.",
        ))
    }
}

impl FromRequestParts<App> for BrowserSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let cookie =
            cookies::find(&parts.headers, cookies::SESSION).filter(|token| !token.is_empty());
        cookie.map(|token| Self(token_hash(token))).ok_or_else(|| {
            Problem::bad_request("browser_needed", "Signing in at a service takes a browser")
                .detail("Programs create an authentication with a credential instead.")
        })
    }
}
