//! Google's token and revocation endpoints.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::oauth::grants::{Lives, Opening, Session};
use crate::oauth::{Service, pkce};
use crate::state::State;
use crate::wire::{Reply, Request, first};

struct Refusal(u16, &'static str, String);

impl Refusal {
    fn grant(text: &str) -> Self {
        Self(400, "invalid_grant", text.to_owned())
    }

    fn reply(self) -> Reply {
        let Self(status, error, text) = self;
        Reply::json(
            status,
            &json!({ "error": error, "error_description": text }),
        )
        .header("cache-control", "no-store")
    }
}

/// `POST /token`.
pub(crate) fn token(state: &mut State, request: &Request) -> Reply {
    match grant(state, request) {
        Ok(answer) => Reply::ok(&answer).header("cache-control", "no-store"),
        Err(refusal) => refusal.reply(),
    }
}

/// `POST /revoke`: ends all that the person has allowed this client.
pub(crate) fn revoke(state: &mut State, request: &Request) -> Reply {
    let form = request.form();
    let token = first(&form, "token").or_else(|| request.param("token"));
    let found = token
        .and_then(|token| state.grants.session_of_any(Service::Google, token))
        .map(|session| (session.client_id.clone(), session.person));
    match found {
        Some((client_id, person)) => {
            state.grants.withdraw(&client_id, person);
            Reply::ok(&json!({}))
        }
        None => Refusal(400, "invalid_token", "Token expired or revoked".to_owned()).reply(),
    }
}

fn grant(state: &mut State, request: &Request) -> Result<Value, Refusal> {
    let form = request.form();
    let client_id = client(state, request, &form)?;
    match first(&form, "grant_type") {
        Some("authorization_code") => by_code(state, request.now, &form, &client_id),
        Some("refresh_token") => by_refresh(state, request.now, &form, &client_id),
        Some(other) => Err(Refusal(
            400,
            "unsupported_grant_type",
            format!("Invalid grant_type: {other}"),
        )),
        None => Err(missing("grant_type")),
    }
}

fn by_code(
    state: &mut State,
    now: Timestamp,
    form: &[(String, String)],
    client_id: &str,
) -> Result<Value, Refusal> {
    let code = first(form, "code").ok_or_else(|| missing("code"))?;
    let code = state
        .grants
        .take_code(Service::Google, code)
        .filter(|code| code.expires_at > now && code.pending.client_id == client_id)
        .ok_or_else(|| Refusal::grant("Bad Request"))?;
    if first(form, "redirect_uri") != Some(code.pending.redirect_uri.as_str()) {
        return Err(Refusal(
            400,
            "redirect_uri_mismatch",
            "Bad Request".to_owned(),
        ));
    }
    match (&code.pending.challenge, first(form, "code_verifier")) {
        (None, _) => {}
        (Some(_), None) => return Err(Refusal::grant("Missing code verifier.")),
        (Some(challenge), Some(verifier)) if pkce::matches(challenge, verifier) => {}
        (Some(_), Some(_)) => return Err(Refusal::grant("Invalid code verifier.")),
    }
    let opening = Opening {
        service: Service::Google,
        client_id: client_id.to_owned(),
        person: code.person,
        scopes: code.scopes,
        with_refresh: code.with_refresh,
        lives: Lives::default(),
    };
    let session = state.grants.open(opening, now);
    let mut answer = answer(state, &session, now);
    if let Some(refresh) = session.refresh {
        answer["refresh_token"] = refresh.into();
    }
    Ok(answer)
}

fn by_refresh(
    state: &mut State,
    now: Timestamp,
    form: &[(String, String)],
    client_id: &str,
) -> Result<Value, Refusal> {
    let token = first(form, "refresh_token").ok_or_else(|| missing("refresh_token"))?;
    let gone = || Refusal::grant("Token has been expired or revoked.");
    let id = state
        .grants
        .session_of_refresh(Service::Google, token)
        .filter(|session| session.client_id == client_id)
        .map(|session| session.id.clone())
        .ok_or_else(gone)?;
    let session = state.grants.renew(&id, now).ok_or_else(gone)?;
    Ok(answer(state, &session, now))
}

fn answer(state: &State, session: &Session, now: Timestamp) -> Value {
    json!({
        "access_token": session.access,
        "expires_in": state.grants.access_left(&session.access, now),
        "scope": session.scopes.join(" "),
        "token_type": "Bearer",
    })
}

fn client(state: &State, request: &Request, form: &[(String, String)]) -> Result<String, Refusal> {
    let (id, secret) = request.basic().map_or_else(
        || {
            (
                first(form, "client_id").map(str::to_owned),
                first(form, "client_secret").map(str::to_owned),
            )
        },
        |(id, secret)| (Some(id), Some(secret)),
    );
    let id = id.ok_or_else(|| {
        Refusal(
            400,
            "invalid_request",
            "Could not determine client ID from request.".to_owned(),
        )
    })?;
    if id != state.config.client_id {
        return Err(Refusal(
            401,
            "invalid_client",
            "The OAuth client was not found.".to_owned(),
        ));
    }
    match secret {
        Some(secret) if secret == state.config.client_secret => Ok(id),
        Some(_) => Err(Refusal(
            401,
            "invalid_client",
            "The provided client secret is invalid.".to_owned(),
        )),
        None => Err(Refusal(
            400,
            "invalid_request",
            "client_secret is missing.".to_owned(),
        )),
    }
}

fn missing(name: &str) -> Refusal {
    Refusal(
        400,
        "invalid_request",
        format!("Missing required parameter: {name}"),
    )
}
