//! RingCentral's token, revocation and user-info endpoints.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::oauth::grants::{ACCESS_LIFE, Lives, Opening, Session, TokenProblem, seconds_left};
use crate::oauth::permissions::PERMISSIONS;
use crate::oauth::{Service, pkce};
use crate::people::Person;
use crate::ringcentral::errors;
use crate::ringcentral::rate_limit::Group;
use crate::state::State;
use crate::wire::{Reply, Request, first};

/// Why a token request is refused: status, OAuth error, RingCentral's code, text.
struct Refusal(u16, &'static str, &'static str, String);

impl Refusal {
    fn grant(code: &'static str, text: &str) -> Self {
        Self(400, "invalid_grant", code, text.to_owned())
    }

    fn reply(self) -> Reply {
        let Self(status, error, code, text) = self;
        Reply::json(
            status,
            &json!({
                "error": error,
                "error_description": text,
                "errors": [{ "errorCode": code, "message": text }],
            }),
        )
        .header("cache-control", "no-store")
    }
}

/// `POST /restapi/oauth/token`.
pub(crate) fn token(state: &mut State, request: &Request) -> Reply {
    let form = request.form();
    match grant(state, request, &form) {
        Ok(Ok(session)) => {
            Reply::ok(&token_info(state, &session, request.now)).header("cache-control", "no-store")
        }
        Ok(Err(limited)) => limited,
        Err(refusal) => refusal.reply(),
    }
}

/// `POST /restapi/oauth/revoke`: ends the whole session, whichever of its tokens is named.
pub(crate) fn revoke(state: &mut State, request: &Request) -> Reply {
    let form = request.form();
    if let Err(refusal) = client(state, request, &form) {
        return refusal.reply();
    }
    let token = first(&form, "token").or_else(|| request.param("token"));
    let session = token
        .and_then(|token| state.grants.session_of_any(Service::RingCentral, token))
        .map(|session| session.id.clone());
    match session {
        Some(id) => {
            state.grants.end(&id);
            Reply::empty(200)
        }
        None => Refusal(
            400,
            "invalid_request",
            "OAU-149",
            "The token is unknown or already revoked".to_owned(),
        )
        .reply(),
    }
}

type Limited = Result<Session, Reply>;

fn grant(
    state: &mut State,
    request: &Request,
    form: &[(String, String)],
) -> Result<Limited, Refusal> {
    let client_id = client(state, request, form)?;
    let lives = lives(form)?;
    match first(form, "grant_type") {
        Some("authorization_code") => by_code(state, request, form, &client_id, lives),
        Some("refresh_token") => by_refresh(state, request, form, &client_id, lives),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => {
            by_assertion(state, request, form, &client_id, lives)
        }
        Some(other) => Err(Refusal(
            400,
            "unsupported_grant_type",
            "OAU-112",
            format!("Grant type [{other}] is not supported"),
        )),
        None => Err(missing("grant_type")),
    }
}

fn by_code(
    state: &mut State,
    request: &Request,
    form: &[(String, String)],
    client_id: &str,
    lives: Lives,
) -> Result<Limited, Refusal> {
    let code = first(form, "code").ok_or_else(|| missing("code"))?;
    if let Some(person) = state.grants.peek_code(code).map(|code| code.person)
        && let Err(limited) = count(state, client_id, person, request.now)
    {
        return Ok(Err(limited));
    }
    let code = state
        .grants
        .take_code(Service::RingCentral, code)
        .ok_or_else(|| Refusal::grant("OAU-106", "Authorization code is invalid or used up"))?;
    if code.expires_at <= request.now {
        return Err(Refusal::grant("OAU-108", "Authorization code has expired"));
    }
    if code.pending.client_id != client_id {
        return Err(Refusal::grant(
            "OAU-110",
            "Authorization code was issued to another application",
        ));
    }
    if first(form, "redirect_uri") != Some(code.pending.redirect_uri.as_str()) {
        return Err(Refusal::grant("OAU-109", "Redirect URIs do not match"));
    }
    match (&code.pending.challenge, first(form, "code_verifier")) {
        (None, None) => {}
        (Some(challenge), Some(verifier)) if pkce::matches(challenge, verifier) => {}
        (Some(_), Some(_)) => {
            return Err(Refusal::grant(
                "OAU-106",
                "code_verifier does not match the code_challenge",
            ));
        }
        (Some(_), None) => return Err(missing("code_verifier")),
        (None, Some(_)) => {
            return Err(Refusal::grant(
                "OAU-106",
                "code_verifier came for a code that was asked for without code_challenge",
            ));
        }
    }
    Ok(Ok(open(
        state,
        client_id,
        code.person,
        code.scopes,
        lives,
        request.now,
    )))
}

fn by_refresh(
    state: &mut State,
    request: &Request,
    form: &[(String, String)],
    client_id: &str,
    lives: Lives,
) -> Result<Limited, Refusal> {
    let token = first(form, "refresh_token").ok_or_else(|| missing("refresh_token"))?;
    let unknown = || Refusal::grant("OAU-129", "Refresh token is invalid or used up");
    let session = state
        .grants
        .session_of_refresh(Service::RingCentral, token)
        .ok_or_else(unknown)?;
    if session.client_id != client_id {
        return Err(unknown());
    }
    let (id, person) = (session.id.clone(), session.person);
    if let Err(limited) = count(state, client_id, person, request.now) {
        return Ok(Err(limited));
    }
    state
        .grants
        .rotate(&id, token, lives, request.now)
        .map(Ok)
        .map_err(|problem| match problem {
            TokenProblem::Unknown => unknown(),
            TokenProblem::Expired => Refusal::grant("OAU-128", "Refresh token has expired"),
        })
}

fn by_assertion(
    state: &mut State,
    request: &Request,
    form: &[(String, String)],
    client_id: &str,
    lives: Lives,
) -> Result<Limited, Refusal> {
    let assertion = first(form, "assertion").ok_or_else(|| missing("assertion"))?;
    let person = assertion
        .strip_prefix("demo-jwt-")
        .and_then(Person::from_key)
        .ok_or_else(|| Refusal::grant("OAU-129", "JWT assertion is invalid or revoked"))?;
    if let Err(limited) = count(state, client_id, person, request.now) {
        return Ok(Err(limited));
    }
    let scopes = PERMISSIONS
        .iter()
        .map(|permission| permission.name.to_owned())
        .collect();
    Ok(Ok(open(
        state,
        client_id,
        person,
        scopes,
        lives,
        request.now,
    )))
}

fn open(
    state: &mut State,
    client_id: &str,
    person: Person,
    scopes: Vec<String>,
    lives: Lives,
    now: Timestamp,
) -> Session {
    let opening = Opening {
        service: Service::RingCentral,
        client_id: client_id.to_owned(),
        person,
        scopes,
        with_refresh: true,
        lives,
    };
    let session = state.grants.open(opening, now);
    let most = state.config.sessions_per_person;
    state.grants.keep_newest(client_id, person, most);
    session
}

/// Token requests belong to the group Auth.
fn count(state: &mut State, client_id: &str, person: Person, now: Timestamp) -> Result<(), Reply> {
    let limit = Group::Auth.limit(&state.rate_limits);
    state
        .limits
        .count(person, client_id, Group::Auth, limit, now)
        .map(|_| ())
        .map_err(|exceeded| errors::rate_exceeded(&exceeded))
}

fn client(state: &State, request: &Request, form: &[(String, String)]) -> Result<String, Refusal> {
    let invalid = |text: &str| Refusal(401, "invalid_client", "OAU-146", text.to_owned());
    let (id, secret) = match request.basic() {
        Some((id, secret)) => (id, Some(secret)),
        None => (
            first(form, "client_id")
                .ok_or_else(|| invalid("Client authentication is required"))?
                .to_owned(),
            first(form, "client_secret").map(str::to_owned),
        ),
    };
    if id != state.config.client_id {
        return Err(invalid("Invalid client: unknown client id"));
    }
    if secret.as_deref() != Some(state.config.client_secret.as_str()) {
        return Err(invalid("Invalid client: wrong client secret"));
    }
    Ok(id)
}

fn lives(form: &[(String, String)]) -> Result<Lives, Refusal> {
    let mut lives = Lives::default();
    if let Some(text) = first(form, "access_token_ttl") {
        lives.access = text
            .parse()
            .ok()
            .filter(|seconds| (600..=ACCESS_LIFE).contains(seconds))
            .ok_or_else(|| bad("access_token_ttl", "600 to 3600 seconds"))?;
    }
    if let Some(text) = first(form, "refresh_token_ttl") {
        lives.refresh = text
            .parse()
            .ok()
            .filter(|seconds| (1..=2_592_000).contains(seconds))
            .ok_or_else(|| bad("refresh_token_ttl", "1 to 2592000 seconds"))?;
    }
    Ok(lives)
}

fn bad(name: &str, wanted: &str) -> Refusal {
    Refusal(
        400,
        "invalid_request",
        "CMN-101",
        format!("Parameter [{name}] is invalid: expected {wanted}"),
    )
}

fn missing(name: &str) -> Refusal {
    Refusal(
        400,
        "invalid_request",
        "CMN-101",
        format!("Parameter [{name}] is missing"),
    )
}

fn token_info(state: &State, session: &Session, now: Timestamp) -> Value {
    json!({
        "access_token": session.access,
        "token_type": "bearer",
        "expires_in": state.grants.access_left(&session.access, now),
        "refresh_token": session.refresh,
        "refresh_token_expires_in": seconds_left(now, session.refresh_expires_at),
        "scope": session.scopes.join(" "),
        "owner_id": session.person.extension_id(),
        "endpoint_id": format!("ep-{}", session.id),
        "session_id": session.id,
    })
}
