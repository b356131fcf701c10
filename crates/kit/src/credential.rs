//! What a request is authenticated with.

use crate::secret::Secret;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use patchbay_model::event::StepError;

/// A secret, ready to be sent to its own service and nowhere else.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Whose it is, for rate limits and caches: the authentication's id. Never sent.
    pub key: String,
    pub kind: CredentialKind,
    pub secret: Secret,
}

/// How a secret is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialKind {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`; the secret is `user:password`.
    Basic,
    /// The secret alone in a header of this name.
    Header(String),
}

impl Credential {
    /// A bearer token.
    pub fn bearer(key: impl Into<String>, secret: Secret) -> Self {
        Self {
            key: key.into(),
            kind: CredentialKind::Bearer,
            secret,
        }
    }

    /// Puts the secret into a request's headers, marked so that it leaves on a redirect to another origin.
    pub fn apply(&self, headers: &mut HeaderMap) -> Result<(), StepError> {
        let (name, text) = match &self.kind {
            CredentialKind::Bearer => (AUTHORIZATION, format!("Bearer {}", self.secret.expose())),
            CredentialKind::Basic => (
                AUTHORIZATION,
                format!("Basic {}", STANDARD.encode(self.secret.expose())),
            ),
            CredentialKind::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
                (name, self.secret.expose().to_owned())
            }
        };
        let mut value = HeaderValue::from_str(&text).map_err(|_| unusable())?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Ok(())
    }
}

fn unusable() -> StepError {
    StepError {
        code: "unauthenticated".to_owned(),
        message:
            "The stored secret holds characters that cannot be sent. Reconnect the authentication."
                .to_owned(),
        ..StepError::default()
    }
}
