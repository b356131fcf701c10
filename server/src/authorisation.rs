//! Signing in at a service: an attempt is begun for one browser session and finished once, by the same session.

use patchbay_api::authentications::{Authorization, Authorize, Ownership};
use patchbay_model::{
    Json,
    id::{AuthenticationId, EnvironmentId},
    spec::MethodKind,
};
use patchbay_store::{
    Scope, StoreError, System,
    attempts::{self, NewAttempt, Outcome, Status, Taken},
    authentications::{self, Connected, NewAuthentication},
    environments,
};
use patchbay_vault::{
    Credential, Sealed, Secret, fresh,
    oauth::{Client, OauthError, TokenSet},
};
use serde::{Deserialize, Serialize};

use crate::{
    credentials::{context, oauth_client, open_client_secret},
    error::{Problem, Result},
    state::App,
    time,
};

/// How long a person may take at the service.
const PATIENCE_MS: i64 = 10 * 60 * 1000;

/// What an attempt will make.
#[derive(Debug, Serialize, Deserialize)]
struct Intent {
    name: String,
    service: String,
    owner: Ownership,
    environment: EnvironmentId,
    scopes: Vec<String>,
    reconnect: Option<AuthenticationId>,
    return_to: Option<String>,
}

/// What a service sent back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// What the pop-up tells.
#[derive(Debug, Default)]
pub(crate) struct Finished {
    pub connected: bool,
    pub message: String,
    pub attempt: Option<String>,
    /// Where the same tab goes, when there was no pop-up.
    pub return_to: Option<String>,
}

/// Begins an attempt; the person is then sent to the address given.
///
/// # Errors
/// For an unknown environment, a service without OAuth, or a name that is missing.
pub(crate) async fn begin(
    app: &App,
    scope: &Scope,
    session: &str,
    request: Authorize,
) -> Result<Authorization> {
    let name = request.name.trim().to_owned();
    if name.is_empty() {
        return Err(
            Problem::unprocessable("missing_name", "Give the authentication a name")
                .field("/name", "is empty"),
        );
    }
    if let Some(id) = &request.reconnect {
        let existing = authentications::get(app.store(), scope, id).await?;
        if existing.service != request.service {
            return Err(Problem::unprocessable(
                "wrong_service",
                "This authentication is for another service",
            ));
        }
    }
    let environment = environments::get(app.store(), scope, &request.environment_id).await?;
    if environment.service != request.service {
        return Err(Problem::unprocessable(
            "wrong_service",
            "This environment is for another service",
        ));
    }
    let client = client_of(app, &environment)?;
    let begun = client.authorize(&request.scopes).map_err(|error| {
        Problem::unprocessable("oauth_setup", "The sign-in could not be prepared")
            .detail(error.to_string())
    })?;
    let intent = Intent {
        name,
        service: request.service,
        owner: request.owner,
        environment: request.environment_id,
        scopes: request.scopes,
        reconnect: request.reconnect,
        return_to: request.return_to.filter(|path| is_own_path(path)),
    };
    let state_hash = fresh::digest(begun.state.expose());
    let verifier = app
        .vault()
        .seal(
            begun.verifier.expose().as_bytes(),
            &verifier_context(&state_hash),
        )
        .map_err(Problem::internal)?;
    let attempt = attempts::create(
        app.store(),
        scope,
        NewAttempt {
            state_hash,
            session_hash: session.to_owned(),
            verifier: verifier.into_text().into(),
            request: serde_json::to_value(&intent).map_err(Problem::internal)?,
            expires_at: time::now() + PATIENCE_MS,
        },
    )
    .await?;
    Ok(Authorization {
        attempt,
        url: begun.url,
    })
}

/// Finishes the attempt that the answer's state names. Never fails: whatever went wrong is told to the person.
pub(crate) async fn finish(app: &App, session_cookie: &str, answer: Answer) -> Finished {
    let Some(state) = answer.state.as_deref().filter(|state| !state.is_empty()) else {
        return nothing("This page belongs to a sign-in at a service, but no sign-in is going on.");
    };
    let state_hash = fresh::digest(state);
    let system = System::for_sign_in_and_workers();
    let session_hash = crate::extract::token_hash(session_cookie);
    let taken = match attempts::take(app.store(), &system, &state_hash, &session_hash).await {
        Ok(taken) => taken,
        Err(error) => return nothing(&error.to_string()),
    };
    let Ok(intent) = serde_json::from_value::<Intent>(taken.request.clone()) else {
        return nothing("This sign-in was begun by another version of Patchbay. Begin it again.");
    };
    let outcome = match refused(&answer) {
        Some(outcome) => outcome,
        None => match connect(
            app,
            &taken,
            &intent,
            &state_hash,
            answer.code.as_deref().unwrap_or_default(),
        )
        .await
        {
            Ok(outcome) => outcome,
            Err(message) => failed(message),
        },
    };
    let (connected, message) = (outcome.status == Status::Connected, outcome.message.clone());
    if let Err(error) = attempts::finish(app.store(), &system, &taken.id, outcome).await {
        tracing::error!(%error, "the outcome of a sign-in could not be saved");
        return nothing("The sign-in could not be saved. Try again.");
    }
    Finished {
        connected,
        message,
        attempt: Some(taken.id),
        return_to: intent.return_to,
    }
}

fn nothing(message: &str) -> Finished {
    Finished {
        message: message.to_owned(),
        ..Finished::default()
    }
}

/// What the service said instead of giving a code.
fn refused(answer: &Answer) -> Option<Outcome> {
    match answer.error.as_deref() {
        Some("access_denied") => Some(Outcome {
            status: Status::Refused,
            ..failed(
                "You refused the permissions at the service, so nothing was connected.".to_owned(),
            )
        }),
        Some(error) => {
            let said = answer.error_description.as_deref().unwrap_or(error);
            Some(failed(format!("The service ended the sign-in: {said}")))
        }
        None if answer.code.as_deref().is_none_or(str::is_empty) => Some(failed(
            "The service sent no sign-in code. Try again.".to_owned(),
        )),
        None => None,
    }
}

fn failed(message: String) -> Outcome {
    Outcome {
        status: Status::Failed,
        message,
        missing_scopes: Vec::new(),
        authentication: None,
    }
}

/// Exchanges the code and saves the authentication.
async fn connect(
    app: &App,
    taken: &Taken,
    intent: &Intent,
    state_hash: &str,
    code: &str,
) -> Result<Outcome, String> {
    let environment = environments::get(app.store(), &taken.scope, &intent.environment)
        .await
        .map_err(|_| "The environment was deleted meanwhile. Choose another one.".to_owned())?;
    let client = client_of(app, &environment).map_err(|problem| problem.details.title)?;
    let sealed = Sealed::from_text(taken.verifier.0.clone());
    let verifier = app
        .vault()
        .open(&sealed, &verifier_context(state_hash))
        .map_err(|error| error.to_string())?;
    let verifier = Secret::new(String::from_utf8_lossy(&verifier).into_owned());
    let tokens = client
        .exchange(app.http(), &Secret::new(code), &verifier, time::now())
        .await
        .map_err(|error| explain(&error))?;
    let service = app
        .catalog()
        .service(&intent.service)
        .ok_or_else(|| "The connector of this service is not installed any more.".to_owned())?;
    let granted = if tokens.scopes.is_empty() {
        intent.scopes.clone()
    } else {
        tokens.scopes.clone()
    };
    let missing: Vec<String> = service
        .missing_scopes(&intent.scopes, &granted)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let account = account(app, &environment, intent, &tokens).await;
    let id = save(
        app,
        taken,
        intent,
        &environment.id,
        tokens,
        granted,
        account,
    )
    .await?;
    app.keeper().forget(id.as_str()).await;
    let message = if missing.is_empty() {
        format!("{} is connected.", intent.name)
    } else {
        format!(
            "{} is connected, but without {}.",
            intent.name,
            missing.join(", ")
        )
    };
    Ok(Outcome {
        status: Status::Connected,
        message,
        missing_scopes: missing,
        authentication: Some(id),
    })
}

async fn save(
    app: &App,
    taken: &Taken,
    intent: &Intent,
    environment: &EnvironmentId,
    tokens: TokenSet,
    granted: Vec<String>,
    account: Option<String>,
) -> Result<AuthenticationId, String> {
    let id = match &intent.reconnect {
        Some(id) => id.clone(),
        None => authentications::fresh_id(app.store()).map_err(|error| error.to_string())?,
    };
    let expires_at = tokens.expires_at;
    let credential = Credential::Oauth2(tokens)
        .seal(app.vault(), &context(&id))
        .map_err(|error| error.to_string())?;
    let connected = Connected {
        credential: credential.into_text().into(),
        granted_scopes: granted,
        expires_at,
        account,
    };
    let saved = match &intent.reconnect {
        Some(_) => {
            authentications::reconnect(app.store(), &taken.scope, &id, &intent.scopes, connected)
                .await
                .map(|_| ())
        }
        None => {
            let new = NewAuthentication {
                id: id.clone(),
                ownership: crate::routes::authentications::store_ownership(intent.owner),
                name: intent.name.clone(),
                service: intent.service.clone(),
                environment: Some(environment.clone()),
                base_url: None,
                method: MethodKind::Oauth2,
                requested_scopes: intent.scopes.clone(),
                connected,
            };
            authentications::create(app.store(), &taken.scope, new)
                .await
                .map(|_| ())
        }
    };
    saved.map_err(|error| match error {
        StoreError::NotFound(_) => {
            "The authentication was deleted meanwhile. Make a new one.".to_owned()
        }
        other => other.to_string(),
    })?;
    Ok(id)
}

/// As whom it acts: the answer of the connector's check operation, if it has one and may be asked.
async fn account(
    app: &App,
    environment: &environments::Environment,
    intent: &Intent,
    tokens: &TokenSet,
) -> Option<String> {
    let (connector, operation) = app.catalog().check_operation(&intent.service)?;
    let answer = app
        .kit()
        .invoke(patchbay_kit::Invocation {
            connector: connector.to_owned(),
            operation: operation.to_owned(),
            inputs: Json::Object(patchbay_model::JsonMap::new()),
            credential: Some(patchbay_kit::Credential::bearer(
                "sign-in",
                tokens.access.clone(),
            )),
            target: patchbay_kit::Target {
                base_url: environment.base_url.clone(),
            },
            idempotency_key: None,
        })
        .await
        .ok()?;
    [
        "/name",
        "/user/displayName",
        "/displayName",
        "/user/emailAddress",
        "/contact/email",
        "/email",
    ]
    .iter()
    .find_map(|pointer| answer.pointer(pointer)?.as_str())
    .map(str::to_owned)
}

/// Exchanges a pasted assertion for tokens.
///
/// # Errors
/// What the service says against it.
pub(crate) async fn exchange_assertion(
    app: &App,
    environment: &environments::Environment,
    assertion: &Secret,
) -> Result<TokenSet> {
    let client = client_of(app, environment)?;
    client
        .jwt_bearer(app.http(), assertion, time::now())
        .await
        .map_err(|error| {
            Problem::unprocessable(
                "refused_credential",
                "The service does not accept this credential",
            )
            .detail(explain(&error))
            .field("/credential/assertion", "was refused by the service")
        })
}

/// The OAuth app of an environment.
///
/// # Errors
/// For a service without OAuth, or a secret that cannot be opened.
pub(crate) fn client_of(app: &App, environment: &environments::Environment) -> Result<Client> {
    let spec = app
        .catalog()
        .oauth(&environment.service, environment.base_url.as_deref())
        .ok_or_else(|| {
            Problem::unprocessable("no_oauth", "This service has no sign-in in a browser")
                .detail("Use one of its other ways to authenticate.")
        })?;
    let secret = open_client_secret(app.vault(), environment).map_err(Problem::internal)?;
    Ok(oauth_client(
        spec,
        environment.client_id.clone(),
        secret,
        app.redirect_uri(),
    ))
}

fn explain(error: &OauthError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let text: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    format!("{text}.")
}

fn verifier_context(state_hash: &str) -> String {
    format!("attempt:{state_hash}")
}

/// A path on this server, and not an address that only looks like one.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_only_sent_back_to_this_server() {
        for (path, own) in [
            ("/workflows/wf_1", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil", false),
        ] {
            assert_eq!(is_own_path(path), own, "{path}");
        }
    }

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        let said = |error: &str| Answer {
            error: Some(error.to_owned()),
            ..Answer::default()
        };
        assert!(
            refused(&said("access_denied"))
                .is_some_and(|outcome| outcome.status == Status::Refused)
        );
        assert!(
            refused(&said("server_error")).is_some_and(|outcome| outcome.status == Status::Failed)
        );
        assert!(
            refused(&Answer::default()).is_some_and(|outcome| outcome.status == Status::Failed)
        );
        let fine = Answer {
            code: Some("abc".to_owned()),
            ..Answer::default()
        };
        assert!(refused(&fine).is_none());
    }
}
