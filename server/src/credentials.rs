//! Access to a service for one call: the living credential of an authentication, and where it may be sent.

use http::StatusCode;
use patchbay_kit::{Catalog, Credential as KitCredential, CredentialKind, Http, OAuthSpec, Target};
use patchbay_model::{
    event::StepError,
    id::AuthenticationId,
    spec::{Catalog as _, OperationSpec},
};
use patchbay_store::{RunScope, Scope, Store, StoreError, System, authentications, environments};
use patchbay_vault::{
    BoxFuture, Credential, Sealed, Secret, Vault,
    oauth::{AuthStyle, Client, OauthError, TokenSet},
    tokens::{Renew, Stored, TokenError, TokenStore},
};
use std::{sync::Arc, time::Duration};

use crate::{
    error::{Problem, Result},
    state::App,
};

/// What a call is made with.
#[derive(Clone, Default)]
pub(crate) struct Access {
    pub credential: Option<KitCredential>,
    pub target: Target,
}

/// On whose behalf a credential is asked for.
pub(crate) enum Asker<'a> {
    Person(&'a Scope),
    Run(&'a RunScope),
}

/// The context under which an authentication's credential is sealed.
pub(crate) fn context(id: &AuthenticationId) -> String {
    format!("authentication:{id}")
}

/// Makes a call to a service with an authentication, a second time with a fresh token when the first one is refused.
///
/// # Errors
/// What the call gives, or why there is no credential for it.
pub(crate) async fn call<T, Answer>(
    app: &App,
    asker: Asker<'_>,
    connector: &str,
    auth: Option<&AuthenticationId>,
    call: impl Fn(Access) -> Answer + Send,
) -> std::result::Result<T, StepError>
where
    Answer: Future<Output = std::result::Result<T, StepError>> + Send,
{
    let Some(id) = auth else {
        return call(Access::default()).await;
    };
    let target = target(app, &asker, connector, id).await?;
    let living = app
        .keeper()
        .credential(id.as_str())
        .await
        .map_err(unauthenticated)?;
    app.note_use(id).await;
    let access = Access {
        credential: for_kit(id, &living),
        target,
    };
    match call(access.clone()).await {
        Err(error) if error.code == "unauthenticated" => {
            let Some(refused) = living.access_token().filter(|_| living.tokens().is_some()) else {
                return Err(error);
            };
            let fresh = app
                .keeper()
                .force_refresh(id.as_str(), refused)
                .await
                .map_err(unauthenticated)?;
            call(Access {
                credential: for_kit(id, &fresh),
                ..access
            })
            .await
        }
        outcome => outcome,
    }
}

/// The same for a person who waits for the answer; errors become problems.
///
/// # Errors
/// See [`call`]; a missing authentication is told before anything is sent.
pub(crate) async fn with_access<T, Answer>(
    app: &App,
    scope: &Scope,
    connector: &str,
    operation: &OperationSpec,
    auth: Option<&AuthenticationId>,
    ask: impl Fn(Access) -> Answer + Send,
) -> Result<T>
where
    Answer: Future<Output = std::result::Result<T, StepError>> + Send,
{
    if operation.needs_authentication && auth.is_none() {
        return Err(Problem::unprocessable(
            "missing_authentication",
            "Choose an authentication first",
        ));
    }
    call(app, Asker::Person(scope), connector, auth, ask)
        .await
        .map_err(service_problem)
}

/// A service's refusal as an answer of our API.
pub(crate) fn service_problem(error: StepError) -> Problem {
    let status = match error.code.as_str() {
        "unauthenticated" | "missing_authentication" | "invalid_input" | "missing_scope" => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        "rate_limited" => StatusCode::TOO_MANY_REQUESTS,
        "timeout" => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    let mut problem = Problem::new(status, &error.code, "The service did not answer as hoped")
        .detail(error.message.clone());
    if let Some(field) = error.field {
        problem = problem.field(field, error.message);
    }
    match error.retry_after_ms {
        Some(wait) => problem.retry_after(wait.div_ceil(1000)),
        None => problem,
    }
}

async fn target(
    app: &App,
    asker: &Asker<'_>,
    connector: &str,
    id: &AuthenticationId,
) -> std::result::Result<Target, StepError> {
    let found = match asker {
        Asker::Person(scope) => authentications::credential(app.store(), scope, id).await,
        Asker::Run(scope) => authentications::credential_for_run(app.store(), scope, id).await,
    };
    let found = found.map_err(|error| match error {
        StoreError::NotFound(_) => step_error(
            "missing_authentication",
            "The authentication of this step does not exist any more, or it belongs to somebody else. Choose another one.",
        ),
        other => step_error("internal", &other.to_string()),
    })?;
    let service = app
        .catalog()
        .connector(connector)
        .and_then(|spec| spec.service.as_ref());
    if service.is_some_and(|service| service.name != found.authentication.service) {
        return Err(step_error(
            "wrong_service",
            &format!(
                "This authentication is for {}, not for the service of this step. Choose another one.",
                found.authentication.service
            ),
        ));
    }
    let authentication = found.authentication;
    let base_url = match authentication.environment {
        // Its OAuth app and its address belong together.
        Some(environment) => {
            let scope = RunScope {
                organisation: found.organisation,
                person: None,
            };
            let environment = environments::for_run(app.store(), &scope, &environment).await;
            environment
                .map_err(|error| step_error("internal", &error.to_string()))?
                .base_url
        }
        None => authentication.base_url,
    };
    Ok(Target { base_url })
}

fn for_kit(id: &AuthenticationId, credential: &Credential) -> Option<KitCredential> {
    let (kind, secret) = match credential {
        Credential::Basic { username, password } => (
            CredentialKind::Basic,
            Secret::new(format!("{username}:{}", password.expose())),
        ),
        other => (CredentialKind::Bearer, other.access_token()?.clone()),
    };
    Some(KitCredential {
        key: id.to_string(),
        kind,
        secret,
    })
}

fn unauthenticated(error: TokenError) -> StepError {
    let (code, retryable) = match &error {
        TokenError::NotFound => ("missing_authentication", false),
        TokenError::Service(oauth) if oauth.is_transient() => ("service_unavailable", true),
        TokenError::Store(_) => ("internal", true),
        _ => ("unauthenticated", false),
    };
    StepError {
        retryable,
        ..step_error(code, &sentence(&error.to_string()))
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let text: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

fn step_error(code: &str, message: &str) -> StepError {
    StepError {
        code: code.to_owned(),
        message: message.to_owned(),
        ..StepError::default()
    }
}

/// The OAuth app of an environment, ready to ask for tokens.
pub(crate) fn oauth_client(
    spec: OAuthSpec,
    client_id: String,
    client_secret: Option<Secret>,
    redirect_uri: String,
) -> Client {
    Client {
        authorize_url: spec.authorize_url,
        token_url: spec.token_url,
        revoke_url: spec.revoke_url,
        client_id,
        client_secret,
        redirect_uri,
        auth_style: match spec.client_auth {
            patchbay_kit::ClientAuth::Basic => AuthStyle::Basic,
            patchbay_kit::ClientAuth::Body => AuthStyle::Body,
        },
        authorize_params: spec.extra.into_iter().collect(),
    }
}

/// The store as the keeper of tokens sees it: opens and seals on the way.
pub(crate) struct SealedTokens {
    pub store: Store,
    pub vault: Arc<Vault>,
}

impl TokenStore for SealedTokens {
    fn load<'a>(
        &'a self,
        id: &'a str,
    ) -> BoxFuture<'a, std::result::Result<Option<Stored>, String>> {
        Box::pin(async move {
            let id = AuthenticationId::from(id);
            let system = System::for_sign_in_and_workers();
            match authentications::credential_for_worker(&self.store, &system, &id).await {
                Ok(Some(found)) => {
                    let sealed = Sealed::from_text(found.credential.0);
                    let credential = Credential::open(&self.vault, &sealed, &context(&id))
                        .map_err(|error| error.to_string())?;
                    let needs_reconnect =
                        found.authentication.state == authentications::State::NeedsReconnect;
                    Ok(Some(Stored {
                        credential,
                        version: found.version,
                        needs_reconnect,
                    }))
                }
                Ok(None) => Ok(None),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn save<'a>(
        &'a self,
        id: &'a str,
        version: u64,
        credential: &'a Credential,
    ) -> BoxFuture<'a, std::result::Result<bool, String>> {
        Box::pin(async move {
            let id = AuthenticationId::from(id);
            let sealed = credential
                .seal(&self.vault, &context(&id))
                .map_err(|error| error.to_string())?;
            let expires_at = credential.tokens().and_then(|tokens| tokens.expires_at);
            let system = System::for_sign_in_and_workers();
            authentications::save_credential(
                &self.store,
                &system,
                &id,
                version,
                sealed.into_text().into(),
                expires_at,
            )
            .await
            .map_err(|error| error.to_string())
        })
    }

    fn needs_reconnect<'a>(
        &'a self,
        id: &'a str,
        reason: &'a str,
    ) -> BoxFuture<'a, std::result::Result<(), String>> {
        Box::pin(async move {
            let system = System::for_sign_in_and_workers();
            authentications::needs_reconnect(
                &self.store,
                &system,
                &AuthenticationId::from(id),
                reason,
            )
            .await
            .map_err(|error| error.to_string())
        })
    }
}

/// Asks services for new tokens.
pub(crate) struct Renewal {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub catalog: Arc<Catalog>,
    pub http: Arc<Http>,
    pub redirect_uri: String,
}

impl Renew for Renewal {
    fn renew<'a>(
        &'a self,
        id: &'a str,
        credential: &'a Credential,
    ) -> BoxFuture<'a, std::result::Result<TokenSet, OauthError>> {
        Box::pin(async move {
            let client = self.client(id).await?;
            match credential {
                Credential::Oauth2(tokens) => {
                    let refresh = tokens.refresh.as_ref().ok_or(OauthError::NoRefreshToken)?;
                    client
                        .refresh(&*self.http, refresh, crate::time::now())
                        .await
                }
                Credential::Jwt { assertion, .. } => {
                    client
                        .jwt_bearer(&*self.http, assertion, crate::time::now())
                        .await
                }
                Credential::Token { .. } | Credential::Basic { .. } => Err(OauthError::Setup(
                    "this authentication has no tokens to renew".to_owned(),
                )),
            }
        })
    }
}

impl Renewal {
    async fn client(&self, id: &str) -> std::result::Result<Client, OauthError> {
        let setup = |error: &dyn std::fmt::Display| OauthError::Setup(error.to_string());
        let system = System::for_sign_in_and_workers();
        let found = authentications::credential_for_worker(
            &self.store,
            &system,
            &AuthenticationId::from(id),
        )
        .await
        .map_err(|error| setup(&error))?
        .ok_or_else(|| setup(&"the authentication is gone"))?;
        let environment = found
            .authentication
            .environment
            .ok_or_else(|| setup(&"its environment is gone"))?;
        let environment = environments::for_worker(&self.store, &system, &environment)
            .await
            .map_err(|error| setup(&error))?;
        let spec = self
            .catalog
            .oauth(&environment.service, environment.base_url.as_deref())
            .ok_or_else(|| setup(&"this service has no OAuth sign-in"))?;
        let secret =
            open_client_secret(&self.vault, &environment).map_err(|error| setup(&error))?;
        Ok(oauth_client(
            spec,
            environment.client_id,
            secret,
            self.redirect_uri.clone(),
        ))
    }
}

/// The client secret of an environment, if it has one.
///
/// # Errors
/// When it was sealed under a key that is not here.
pub(crate) fn open_client_secret(
    vault: &Vault,
    environment: &environments::Environment,
) -> std::result::Result<Option<Secret>, String> {
    let Some(sealed) = &environment.client_secret else {
        return Ok(None);
    };
    let sealed = Sealed::from_text(sealed.0.clone());
    let plain = vault
        .open(&sealed, &secret_context(environment.id.as_str()))
        .map_err(|error| error.to_string())?;
    Ok(Some(Secret::new(
        String::from_utf8_lossy(&plain).into_owned(),
    )))
}

/// The context under which an environment's client secret is sealed.
pub(crate) fn secret_context(environment: &str) -> String {
    format!("environment:{environment}")
}

/// The keeper's clock: the system's.
pub(crate) struct SystemClock;

impl patchbay_vault::tokens::Clock for SystemClock {
    fn now(&self) -> i64 {
        crate::time::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
