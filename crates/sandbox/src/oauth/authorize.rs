//! The steps a person clicks through: sign in as somebody, allow or refuse, go back to the app.

use jiff::Timestamp;
use url::Url;

use crate::config::Config;
use crate::oauth::grants::{CODE_LIFE, Pending};
use crate::oauth::permissions::PERMISSIONS;
use crate::oauth::{Service, google_scopes, permissions, pkce};
use crate::pages::{consent, refused, sign_in};
use crate::people::Person;
use crate::state::State;
use crate::wire::{Reply, Request, first};

/// What is wrong with an authorisation request, and who may be told.
enum Problem {
    /// The caller cannot be trusted with a redirect: the person gets a page.
    Page { code: &'static str, text: String },
    /// The app is told through its redirect address.
    Redirect {
        to: String,
        state: Option<String>,
        error: &'static str,
        text: &'static str,
    },
}

/// `GET` (or `POST`ed form) of the authorisation address.
pub(crate) fn start(state: &mut State, request: &Request, service: Service) -> Reply {
    let mut parameters = request.query.clone();
    parameters.extend(request.form());
    match check(&state.config, service, &parameters, request.now) {
        Ok(pending) => {
            let handle = state.grants.begin(pending.clone(), request.now);
            Reply::html(200, sign_in::page(&pending, &handle))
        }
        Err(Problem::Page { code, text }) => Reply::html(400, refused::page(service, code, &text)),
        Err(Problem::Redirect {
            to,
            state,
            error,
            text,
        }) => back_with_error(&to, state.as_deref(), error, text),
    }
}

/// The sign-in form came back: who is it?
pub(crate) fn signed_in(state: &mut State, request: &Request, service: Service) -> Reply {
    let form = request.form();
    let (Some(handle), Some(person)) = (
        first(&form, "request"),
        first(&form, "person").and_then(Person::from_key),
    ) else {
        return lost(service);
    };
    let Some(pending) = state.grants.pending(handle, request.now) else {
        return lost(service);
    };
    pending.person = Some(person);
    let pending = pending.clone();
    let allowed_before = service == Service::Google
        && !pending.force_consent
        && state
            .grants
            .consented(&pending.client_id, person)
            .is_some_and(|scopes| pending.scopes.iter().all(|scope| scopes.contains(scope)));
    if allowed_before {
        let scopes = pending.scopes.clone();
        return allow(state, request, handle, &pending, person, scopes);
    }
    Reply::html(200, consent::page(&pending, person, handle, None))
}

/// The consent form came back: allowed or refused?
pub(crate) fn decided(state: &mut State, request: &Request, service: Service) -> Reply {
    let form = request.form();
    let Some(handle) = first(&form, "request") else {
        return lost(service);
    };
    let Some((pending, person)) = state
        .grants
        .pending(handle, request.now)
        .and_then(|pending| pending.person.map(|person| (pending.clone(), person)))
    else {
        return lost(service);
    };
    match first(&form, "decision") {
        Some("allow") => {
            let ticked: Vec<&str> = form
                .iter()
                .filter(|(key, _)| key == "scope")
                .map(|(_, value)| value.as_str())
                .collect();
            let scopes: Vec<String> = pending
                .scopes
                .iter()
                .filter(|scope| ticked.contains(&scope.as_str()))
                .cloned()
                .collect();
            if scopes.is_empty() {
                let notice = "Tick at least one box to allow it, or press Refuse.";
                let page = consent::page(&pending, person, handle, Some(notice));
                return Reply::html(200, page);
            }
            allow(state, request, handle, &pending, person, scopes)
        }
        Some("refuse") => {
            state.grants.finish(handle);
            back_with_error(
                &pending.redirect_uri,
                pending.state.as_deref(),
                "access_denied",
                "The person refused the access.",
            )
        }
        _ => lost(service),
    }
}

fn allow(
    state: &mut State,
    request: &Request,
    handle: &str,
    pending: &Pending,
    person: Person,
    mut scopes: Vec<String>,
) -> Reply {
    state.grants.finish(handle);
    let mut with_refresh = true;
    if pending.service == Service::Google {
        let before = state
            .grants
            .consented(&pending.client_id, person)
            .map(<[String]>::to_vec);
        with_refresh = pending.offline && (before.is_none() || pending.force_consent);
        state.grants.consent(&pending.client_id, person, &scopes);
        if pending.include_granted {
            for scope in before.unwrap_or_default() {
                if !scopes.contains(&scope) {
                    scopes.push(scope);
                }
            }
        }
    }
    let granted = scopes.join(" ");
    let code = state
        .grants
        .issue_code(pending, person, scopes, with_refresh, request.now);
    let mut parameters = vec![("code", code)];
    if let Some(echo) = &pending.state {
        parameters.push(("state", echo.clone()));
    }
    match pending.service {
        Service::RingCentral => parameters.push(("expires_in", CODE_LIFE.to_string())),
        Service::Google => parameters.push(("scope", granted)),
    }
    back(&pending.redirect_uri, &parameters)
}

fn check(
    config: &Config,
    service: Service,
    parameters: &[(String, String)],
    now: Timestamp,
) -> Result<Pending, Problem> {
    let page = |code, text: &str| Problem::Page {
        code,
        text: text.to_owned(),
    };
    let client_id = first(parameters, "client_id")
        .ok_or_else(|| page("invalid_request", "The request names no client_id."))?;
    if client_id != config.client_id {
        return Err(page(
            "invalid_client",
            &format!("No app with the client id “{client_id}” is registered here."),
        ));
    }
    let redirect_uri = first(parameters, "redirect_uri")
        .or_else(|| config.redirect_uris.only())
        .ok_or_else(|| page("invalid_request", "The request names no redirect_uri."))?;
    if !config.redirect_uris.allows(redirect_uri) {
        return Err(page(
            "redirect_uri_mismatch",
            &format!(
                "The address “{redirect_uri}” is not registered for this app. It must match a \
                 registered redirect URI exactly."
            ),
        ));
    }
    let state = first(parameters, "state").map(str::to_owned);
    let tell = |error, text| Problem::Redirect {
        to: redirect_uri.to_owned(),
        state: state.clone(),
        error,
        text,
    };
    if first(parameters, "response_type") != Some("code") {
        return Err(tell(
            "unsupported_response_type",
            "response_type must be code.",
        ));
    }
    let challenge = first(parameters, "code_challenge").map(str::to_owned);
    match (&challenge, first(parameters, "code_challenge_method")) {
        (None, None) => {}
        (Some(challenge), Some("S256")) if pkce::is_well_formed(challenge) => {}
        (Some(_), Some("S256")) => {
            return Err(tell(
                "invalid_request",
                "code_challenge is not the URL-safe base64 of a SHA-256 digest (43 characters).",
            ));
        }
        (None, Some(_)) => {
            return Err(tell(
                "invalid_request",
                "code_challenge_method came without code_challenge.",
            ));
        }
        (Some(_), _) => {
            return Err(tell(
                "invalid_request",
                "code_challenge_method must be S256; plain (also the default when it is left \
                 out) is refused here.",
            ));
        }
    }
    let prompts: Vec<&str> = first(parameters, "prompt")
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    if prompts.contains(&"none") {
        return Err(tell(
            match service {
                Service::RingCentral => "login_required",
                Service::Google => "interaction_required",
            },
            "Nobody is signed in, and prompt=none forbids asking.",
        ));
    }
    let scopes = match service {
        Service::RingCentral => ringcentral_scopes(first(parameters, "scope")),
        Service::Google => google_scopes(first(parameters, "scope"))?,
    };
    Ok(Pending {
        service,
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        challenge,
        offline: first(parameters, "access_type") == Some("offline"),
        force_consent: prompts.contains(&"consent"),
        include_granted: first(parameters, "include_granted_scopes") == Some("true"),
        person: None,
        expires_at: now,
        state,
    })
}

/// RingCentral narrows the app's permissions by what is asked for; nothing asked for is everything.
fn ringcentral_scopes(asked: Option<&str>) -> Vec<String> {
    let asked: Vec<&str> = asked.unwrap_or_default().split_whitespace().collect();
    let known: Vec<String> = asked
        .iter()
        .filter(|name| permissions::permission(name).is_some())
        .map(|name| (*name).to_owned())
        .collect();
    if asked.is_empty() {
        PERMISSIONS
            .iter()
            .map(|permission| permission.name.to_owned())
            .collect()
    } else {
        known
    }
}

fn google_scopes(asked: Option<&str>) -> Result<Vec<String>, Problem> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked.unwrap_or_default().split_whitespace() {
        if google_scopes::words(scope).is_none() {
            return Err(Problem::Page {
                code: "invalid_scope",
                text: format!("“{scope}” is not a scope that exists here."),
            });
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() {
        return Err(Problem::Page {
            code: "invalid_request",
            text: "Missing required parameter: scope".to_owned(),
        });
    }
    Ok(scopes)
}

fn lost(service: Service) -> Reply {
    Reply::html(
        400,
        refused::page(
            service,
            "invalid_request",
            "This sign-in is over or took too long. Go back to the app and start it again.",
        ),
    )
}

fn back_with_error(to: &str, state: Option<&str>, error: &str, text: &str) -> Reply {
    let mut parameters = vec![
        ("error", error.to_owned()),
        ("error_description", text.to_owned()),
    ];
    if let Some(state) = state {
        parameters.push(("state", state.to_owned()));
    }
    back(to, &parameters)
}

fn back(to: &str, parameters: &[(&str, String)]) -> Reply {
    match Url::parse(to) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(parameters);
            Reply::redirect(url.as_str())
        }
        Err(error) => Reply::html(
            400,
            refused::page(
                Service::RingCentral,
                "invalid_request",
                &format!("The redirect address cannot be read: {error}."),
            ),
        ),
    }
}
