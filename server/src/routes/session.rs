//! `/api/v1/session`, `/setup`, `/invitations/{token}`: getting in.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use patchbay_api::people::{
    AcceptInvitation, Invitation, Organisation, Person, Session, Setup, SignIn,
};
use patchbay_model::id::{OrganisationId, PersonId};
use patchbay_store::{
    SignedIn, StoreError, System, audit, invitations, organisations, people, sessions,
};
use std::time::Instant;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::people::{invitation, role};
use crate::{
    cookies,
    error::{Problem, Result},
    extract::{Json, Peer, mint_token, signed_in, token_hash},
    passwords,
    state::App,
    time,
};

/// How long a session lives without being used, in seconds.
const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session, sign_in, sign_out))
        .routes(routes!(set_up))
        .routes(routes!(look_up))
        .routes(routes!(accept))
}

/// Who is asking; also tells whether the first account has still to be made.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = Session)))]
async fn session(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Answer<Session>> {
    let signed_in = signed_in(&app, &headers).await?;
    Ok(Answer(describe(&app, peer, signed_in.as_ref()).await?))
}

/// Signs in; the answer sets the session's cookie.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = Session), (status = 401, body = patchbay_api::ProblemDetails), (status = 429, body = patchbay_api::ProblemDetails)))]
async fn sign_in(
    State(app): State<App>,
    peer: Peer,
    Json(request): Json<SignIn>,
) -> Result<Response> {
    let now = Instant::now();
    if let Some(seconds) = app
        .sign_in_attempts()
        .pause(peer.address, &request.email, now)
    {
        let problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            "Too many attempts to sign in",
        );
        return Err(problem
            .detail("Wait a few minutes, then try again.")
            .retry_after(seconds));
    }
    let system = System::for_sign_in_and_workers();
    let account = people::by_email(app.store(), &system, &request.email).await?;
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let fits = passwords::verify(request.password, hash).await;
    let home = account.filter(|_| fits).and_then(|account| {
        let organisation = account
            .memberships
            .first()
            .map(|(organisation, _)| organisation.clone())?;
        Some((organisation, account.person.id))
    });
    let Some((organisation, person)) = home else {
        app.sign_in_attempts()
            .failed(peer.address, &request.email, now);
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "This address and password do not fit",
        )
        .detail("Check both and try again. Whoever owns the organisation can invite you anew."));
    };
    app.sign_in_attempts()
        .succeeded(peer.address, &request.email);
    open_session(&app, peer, organisation, person).await
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = cookies::find(&headers, cookies::SESSION) {
        sessions::end(
            app.store(),
            &System::for_sign_in_and_workers(),
            &token_hash(token),
        )
        .await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookies::clear_session(app.is_https()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Makes the organisation and its owner, once, and signs the owner in.
#[utoipa::path(post, path = "/setup", tag = "session", request_body = Setup,
    responses((status = 200, body = Session), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn set_up(
    State(app): State<App>,
    peer: Peer,
    Json(request): Json<Setup>,
) -> Result<Response> {
    let system = System::for_sign_in_and_workers();
    if people::any(app.store(), &system).await? {
        return Err(already_set_up());
    }
    let code = request.setup_code.as_deref().unwrap_or_default();
    if !peer.local && !app.setup().fits(code) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "setup_code",
            "The setup code is missing or wrong",
        )
        .detail("The server printed it when it started; ask whoever started it.")
        .field("/setup_code", "is not the code that the server printed"));
    }
    check_person(&request.name, &request.email)?;
    passwords::check_strength(&request.password)?;
    let organisation = request.organisation.trim();
    if organisation.is_empty() {
        return Err(
            Problem::unprocessable("missing_name", "Name the organisation")
                .field("/organisation", "is empty"),
        );
    }
    let founding = organisations::Founding {
        organisation: organisation.to_owned(),
        name: request.name.trim().to_owned(),
        email: request.email.trim().to_owned(),
        password_hash: passwords::hash(request.password).await?,
    };
    let (organisation, person) = organisations::found(app.store(), &system, founding)
        .await
        .map_err(|error| match error {
            StoreError::Exists(_) => already_set_up(),
            other => other.into(),
        })?;
    open_session(&app, peer, organisation, person).await
}

/// Looks an invitation up by the token of its link.
#[utoipa::path(get, path = "/invitations/{token}", tag = "session", params(("token" = String, Path)),
    responses((status = 200, body = Invitation), (status = 404, body = patchbay_api::ProblemDetails)))]
async fn look_up(State(app): State<App>, Path(token): Path<String>) -> Result<Answer<Invitation>> {
    let found = invitations::find(
        app.store(),
        &System::for_sign_in_and_workers(),
        &token_hash(&token),
    )
    .await
    .map_err(used_up)?;
    Ok(Answer(invitation(found, None)))
}

/// Joins the organisation and signs in.
#[utoipa::path(post, path = "/invitations/{token}/accept", tag = "session", params(("token" = String, Path)),
    request_body = AcceptInvitation,
    responses((status = 200, body = Session), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn accept(
    State(app): State<App>,
    peer: Peer,
    Path(token): Path<String>,
    Json(request): Json<AcceptInvitation>,
) -> Result<Response> {
    check_person(&request.name, &request.email)?;
    passwords::check_strength(&request.password)?;
    let person = invitations::NewPerson {
        name: request.name.trim().to_owned(),
        email: request.email.trim().to_owned(),
        password_hash: passwords::hash(request.password).await?,
    };
    let system = System::for_sign_in_and_workers();
    let (organisation, person) =
        invitations::accept(app.store(), &system, &token_hash(&token), person)
            .await
            .map_err(used_up)?;
    open_session(&app, peer, organisation, person).await
}

async fn open_session(
    app: &App,
    peer: Peer,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Response> {
    let (token, hash) = mint_token("")?;
    let system = System::for_sign_in_and_workers();
    let session = sessions::NewSession {
        token_hash: hash.clone(),
        person,
        organisation,
        expires_at: time::now() + SESSION_SECONDS * 1000,
    };
    sessions::create(app.store(), &system, session).await?;
    let signed_in = sessions::open(app.store(), &system, &hash)
        .await?
        .ok_or_else(Problem::signed_out)?;
    audit::record(
        app.store(),
        &signed_in.scope,
        "session.opened",
        &signed_in.person.email,
    )
    .await?;
    let mut response = Answer(describe(app, peer, Some(&signed_in)).await?).into_response();
    if let Some(cookie) = cookies::set_session(&token, SESSION_SECONDS, app.is_https()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn describe(app: &App, peer: Peer, signed_in: Option<&SignedIn>) -> Result<Session> {
    let setup_needed = match signed_in {
        Some(_) => false,
        None => !people::any(app.store(), &System::for_sign_in_and_workers()).await?,
    };
    Ok(Session {
        setup_needed,
        setup_code_needed: setup_needed && !peer.local,
        person: signed_in.map(|signed_in| Person {
            id: signed_in.person.id.to_string(),
            name: signed_in.person.name.clone(),
            email: signed_in.person.email.clone(),
            role: role(signed_in.scope.role),
            last_seen_at: None,
        }),
        organisation: signed_in.map(|signed_in| Organisation {
            id: signed_in.organisation.id.to_string(),
            name: signed_in.organisation.name.clone(),
        }),
        demo_url: app.demo_url().map(str::to_owned),
        public_url: app.public_url().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

fn check_person(name: &str, email: &str) -> Result<()> {
    let email = email.trim();
    let plausible = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace)
    });
    let problem = Problem::unprocessable("malformed_person", "Something about you is missing");
    match (name.trim().is_empty(), plausible) {
        (false, true) => Ok(()),
        (true, true) => Err(problem.field("/name", "is empty")),
        (false, false) => Err(problem.field("/email", "is not an e-mail address")),
        (true, false) => Err(problem
            .field("/name", "is empty")
            .field("/email", "is not an e-mail address")),
    }
}

fn already_set_up() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "already_set_up",
        "This server has an owner already",
    )
    .detail("Sign in, or ask the owner for an invitation.")
}

fn used_up(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound(_) => Problem::new(
            StatusCode::NOT_FOUND,
            "invitation_over",
            "This invitation does not work any more",
        )
        .detail("It was used, withdrawn, or has expired. Ask for a new one."),
        other => other.into(),
    }
}
