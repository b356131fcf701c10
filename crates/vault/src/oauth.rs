//! OAuth 2 over a sender that is handed in: authorization code with PKCE S256, refresh, revocation, JWT bearer.
//!
//! The only file that names the `oauth2` crate; an answer's meaning is decided in [`answer`].

mod answer;

use crate::{BoxFuture, fresh, secret::Secret};
use answer::{Facts, Seen, failure};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, ErrorResponseType, ExtraTokenFields,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    RevocationUrl, Scope, StandardErrorResponse, StandardRevocableToken, StandardTokenResponse,
    TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use std::{sync::Mutex, time::Duration};

/// Sends one request to a token endpoint and reads the whole answer. It must not follow redirects.
pub trait TokenTransport: Send + Sync {
    /// The error says in a sentence why no answer came: no route, no name, no time.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, String>>;
}

/// An OAuth app at a service.
#[derive(Debug, Clone)]
pub struct Client {
    pub authorize_url: String,
    pub token_url: String,
    pub revoke_url: Option<String>,
    pub client_id: String,
    /// None for a public client.
    pub client_secret: Option<Secret>,
    /// Exactly as registered with the service.
    pub redirect_uri: String,
    pub auth_style: AuthStyle,
    /// Extra parameters of the authorize address, such as `access_type=offline`.
    pub authorize_params: Vec<(String, String)>,
}

/// How a client shows who it is to the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthStyle {
    /// HTTP Basic (RingCentral).
    #[default]
    Basic,
    /// `client_id` and `client_secret` in the form (Google).
    Body,
}

/// A sign-in that has begun.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Where to send the person.
    pub url: String,
    /// Comes back with the code; store its digest, bound to the browser session, to be used once.
    pub state: Secret,
    /// Needed for the exchange; store it sealed.
    pub verifier: Secret,
}

/// Tokens as a service gave them.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenSet {
    pub access: Secret,
    pub refresh: Option<Secret>,
    /// When they were asked for, in unix milliseconds.
    pub issued_at: i64,
    /// Unix milliseconds; none when the service did not say.
    pub expires_at: Option<i64>,
    /// What was granted, which may be less than what was asked for; empty when the service did not say.
    pub scopes: Vec<String>,
    /// Whatever else was in the answer and is no token, such as `owner_id`.
    pub facts: serde_json::Map<String, serde_json::Value>,
}

/// Why there are no tokens, as sentences for the person who waits for them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// The sign-in or the refresh token is no longer good: somebody has to sign in again.
    #[error(
        "the service no longer accepts this sign-in ({description}); connect the account again"
    )]
    InvalidGrant { description: String },
    /// The OAuth app itself was refused.
    #[error(
        "the service does not accept this OAuth app ({description}); check the client id and secret of the environment"
    )]
    InvalidClient { description: String },
    /// Any other refusal in OAuth's own words.
    #[error("the service refused: {code}{}", described(.description))]
    Refused { code: String, description: String },
    /// It asks to wait.
    #[error("the service is busy and asks to wait")]
    Busy { retry_after_ms: Option<u64> },
    /// It failed on its side.
    #[error("the service answered with status {status}; it may be down, try again later")]
    Down { status: u16 },
    /// No answer came.
    #[error("the service could not be reached: {reason}")]
    Unreachable { reason: String },
    /// An answer that is not OAuth: an HTML page, a proxy's error, a redirect.
    #[error(
        "the service answered with something that is not an OAuth answer (status {status}, {what}); check its address"
    )]
    NotOauth { status: u16, what: String },
    /// The answer holds no refresh token and none is stored.
    #[error(
        "the service gave no refresh token, so the connection would end within the hour; allow offline access for the OAuth app"
    )]
    NoRefreshToken,
    /// An address of the client is not one.
    #[error("the OAuth app is not set up: {0}")]
    Setup(String),
}

impl OauthError {
    /// Whether the same request may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. }
                | Self::Down { .. }
                | Self::Unreachable { .. }
                | Self::NotOauth { .. }
        )
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidGrant { .. } => "invalid_grant",
            Self::InvalidClient { .. } => "invalid_client",
            Self::Refused { .. } => "refused",
            Self::Busy { .. } => "busy",
            Self::Down { .. } => "down",
            Self::Unreachable { .. } => "unreachable",
            Self::NotOauth { .. } => "not_oauth",
            Self::NoRefreshToken => "no_refresh_token",
            Self::Setup(_) => "setup",
        }
    }
}

fn described(description: &str) -> String {
    if description.is_empty() {
        String::new()
    } else {
        format!(" ({description})")
    }
}

type Tokens = StandardTokenResponse<Facts, BasicTokenType>;
type Inner = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointSet,
>;

impl Client {
    /// Begins a sign-in for `scopes`.
    pub fn authorize(&self, scopes: &[String]) -> Result<Authorization, OauthError> {
        let state = fresh::token("").map_err(|error| OauthError::Setup(error.to_string()))?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let inner = self.inner()?;
        let mut request = inner
            .authorize_url(|| CsrfToken::new(state.expose().to_owned()))
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        for (name, value) in &self.authorize_params {
            request = request.add_extra_param(name, value);
        }
        let (url, _) = request.url();
        Ok(Authorization {
            url: url.into(),
            state,
            verifier: Secret::new(verifier.into_secret()),
        })
    }

    /// Changes the code that came back for tokens. `now` is unix milliseconds.
    pub async fn exchange(
        &self,
        http: &dyn TokenTransport,
        code: &Secret,
        verifier: &Secret,
        now: i64,
    ) -> Result<TokenSet, OauthError> {
        let sender = Sender::new(http);
        let answer = self
            .inner()?
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()))
            .request_async(&sender)
            .await;
        answer
            .map(|tokens| token_set(&tokens, now))
            .map_err(|error| failure(error, &sender.seen))
    }

    /// New tokens for a refresh token. The old refresh token is kept when the answer has none.
    pub async fn refresh(
        &self,
        http: &dyn TokenTransport,
        refresh: &Secret,
        now: i64,
    ) -> Result<TokenSet, OauthError> {
        let sender = Sender::new(http);
        let token = RefreshToken::new(refresh.expose().to_owned());
        let answer = self
            .inner()?
            .exchange_refresh_token(&token)
            .request_async(&sender)
            .await;
        let mut tokens = answer
            .map(|tokens| token_set(&tokens, now))
            .map_err(|error| failure(error, &sender.seen))?;
        tokens.refresh.get_or_insert_with(|| refresh.clone());
        Ok(tokens)
    }

    /// Tokens for an assertion that the person got from the service (RingCentral's JWT flow).
    pub async fn jwt_bearer(
        &self,
        http: &dyn TokenTransport,
        assertion: &Secret,
        now: i64,
    ) -> Result<TokenSet, OauthError> {
        let sender = Sender {
            assertion: Some(assertion),
            ..Sender::new(http)
        };
        let answer = self
            .inner()?
            .exchange_client_credentials()
            .request_async(&sender)
            .await;
        answer
            .map(|tokens| token_set(&tokens, now))
            .map_err(|error| failure(error, &sender.seen))
    }

    /// Ends the session at the service. Callers go on when it fails: the local copy is deleted all the same.
    pub async fn revoke(
        &self,
        http: &dyn TokenTransport,
        tokens: &TokenSet,
    ) -> Result<(), OauthError> {
        if self.revoke_url.is_none() {
            return Ok(());
        }
        let sender = Sender::new(http);
        let token: StandardRevocableToken = match &tokens.refresh {
            Some(refresh) => RefreshToken::new(refresh.expose().to_owned()).into(),
            None => AccessToken::new(tokens.access.expose().to_owned()).into(),
        };
        let inner = self.inner()?;
        let request = inner
            .revoke_token(token)
            .map_err(|error| OauthError::Setup(error.to_string()))?;
        request
            .request_async(&sender)
            .await
            .map_err(|error| failure(error, &sender.seen))
    }

    fn inner(&self) -> Result<Inner, OauthError> {
        let setup = |what: &str, url: &str| {
            OauthError::Setup(format!("its {what} address `{url}` is not an address"))
        };
        let mut inner = oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_auth_uri(
                AuthUrl::new(self.authorize_url.clone())
                    .map_err(|_| setup("authorize", &self.authorize_url))?,
            )
            .set_token_uri(
                TokenUrl::new(self.token_url.clone())
                    .map_err(|_| setup("token", &self.token_url))?,
            )
            .set_redirect_uri(
                RedirectUrl::new(self.redirect_uri.clone())
                    .map_err(|_| setup("redirect", &self.redirect_uri))?,
            )
            .set_auth_type(match self.auth_style {
                AuthStyle::Basic => AuthType::BasicAuth,
                AuthStyle::Body => AuthType::RequestBody,
            });
        if let Some(secret) = &self.client_secret {
            inner = inner.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        let revoke = self
            .revoke_url
            .clone()
            .map(|url| RevocationUrl::new(url.clone()).map_err(|_| setup("revoke", &url)))
            .transpose()?;
        Ok(inner.set_revocation_url_option(revoke))
    }
}

/// No answer came; the crate wants an error type of its own.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unsent(String);

/// The transport as the crate wants it; remembers what the answer looked like.
struct Sender<'a> {
    http: &'a dyn TokenTransport,
    seen: Mutex<Seen>,
    /// Sent in place of the crate's own grant type, with this assertion.
    assertion: Option<&'a Secret>,
}

impl<'a> Sender<'a> {
    fn new(http: &'a dyn TokenTransport) -> Self {
        Self {
            http,
            seen: Mutex::default(),
            assertion: None,
        }
    }

    fn prepared(&self, mut request: http::Request<Vec<u8>>) -> http::Request<Vec<u8>> {
        // The crate has no such grant; its client credentials request differs in two form fields.
        if let Some(assertion) = self.assertion {
            let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body())
                .into_owned()
                .filter(|(name, _)| name != "grant_type")
                .collect();
            *request.body_mut() = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
                .append_pair("assertion", assertion.expose())
                .extend_pairs(form)
                .finish()
                .into_bytes();
        }
        request
    }
}

impl<'c> AsyncHttpClient<'c> for Sender<'_> {
    type Error = Unsent;
    type Future = BoxFuture<'c, Result<http::Response<Vec<u8>>, Unsent>>;

    fn call(&'c self, request: http::Request<Vec<u8>>) -> Self::Future {
        Box::pin(async move {
            let response = self
                .http
                .send(self.prepared(request))
                .await
                .map_err(Unsent)?;
            if let Ok(mut seen) = self.seen.lock() {
                *seen = Seen::of(&response);
            }
            Ok(response)
        })
    }
}

fn token_set(answer: &Tokens, now: i64) -> TokenSet {
    let life = answer
        .expires_in()
        .as_ref()
        .map(Duration::as_millis)
        .and_then(|life| i64::try_from(life).ok());
    TokenSet {
        access: Secret::new(answer.access_token().secret().as_str()),
        refresh: answer
            .refresh_token()
            .map(|token| Secret::new(token.secret().as_str())),
        issued_at: now,
        expires_at: life.map(|life| now.saturating_add(life)),
        scopes: answer
            .scopes()
            .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect())
            .unwrap_or_default(),
        facts: answer.extra_fields().to_map(),
    }
}

#[cfg(test)]
mod tests;
