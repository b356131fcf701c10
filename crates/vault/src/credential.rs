//! What an authentication holds, and the sealed form in which it is stored.

use crate::{
    oauth::TokenSet,
    seal::{SealError, Sealed, Vault},
    secret::Secret,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The secret part of an authentication. It has no `Serialize`: it leaves memory sealed or not at all.
#[derive(Debug, Clone, PartialEq)]
pub enum Credential {
    /// OAuth 2 tokens from a sign-in.
    Oauth2(TokenSet),
    /// A token that the person pasted.
    Token { access_token: Secret },
    /// User name and password.
    Basic { username: String, password: Secret },
    /// An assertion that the person pasted, and the tokens got for it.
    Jwt {
        assertion: Secret,
        tokens: Option<TokenSet>,
    },
}

impl Credential {
    /// Seals it for `context`, such as `authentication:auth_…`.
    pub fn seal(&self, vault: &Vault, context: &str) -> Result<Sealed, SealError> {
        let json = serde_json::to_vec(&Stored::from(self))
            .map(Zeroizing::new)
            .map_err(|_| SealError::Malformed)?;
        vault.seal(&json, context)
    }

    /// Opens what [`Credential::seal`] made for the same context.
    pub fn open(vault: &Vault, sealed: &Sealed, context: &str) -> Result<Self, SealError> {
        let json = vault.open(sealed, context)?;
        // The parser's message could quote the secret.
        let stored: Stored = serde_json::from_slice(&json).map_err(|_| SealError::Malformed)?;
        Ok(stored.into())
    }

    /// The tokens it has, if it is of a kind that has any.
    pub fn tokens(&self) -> Option<&TokenSet> {
        match self {
            Self::Oauth2(tokens) => Some(tokens),
            Self::Jwt { tokens, .. } => tokens.as_ref(),
            Self::Token { .. } | Self::Basic { .. } => None,
        }
    }

    /// The same credential with new tokens; kinds without tokens stay as they are.
    pub fn with_tokens(&self, tokens: TokenSet) -> Self {
        match self {
            Self::Oauth2(_) => Self::Oauth2(tokens),
            Self::Jwt { assertion, .. } => Self::Jwt {
                assertion: assertion.clone(),
                tokens: Some(tokens),
            },
            Self::Token { .. } | Self::Basic { .. } => self.clone(),
        }
    }

    /// What is sent as bearer, if it is of a kind that sends one.
    pub fn access_token(&self) -> Option<&Secret> {
        match self {
            Self::Token { access_token } => Some(access_token),
            _ => self.tokens().map(|tokens| &tokens.access),
        }
    }
}

/// The form that is sealed; it exists only between a credential and the cipher.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Stored {
    Oauth2 {
        tokens: StoredTokens,
    },
    Token {
        access_token: String,
    },
    Basic {
        username: String,
        password: String,
    },
    Jwt {
        assertion: String,
        tokens: Option<StoredTokens>,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredTokens {
    access: String,
    refresh: Option<String>,
    issued_at: i64,
    expires_at: Option<i64>,
    scopes: Vec<String>,
    facts: serde_json::Map<String, serde_json::Value>,
}

impl From<&Credential> for Stored {
    fn from(credential: &Credential) -> Self {
        match credential {
            Credential::Oauth2(tokens) => Self::Oauth2 {
                tokens: tokens.into(),
            },
            Credential::Token { access_token } => Self::Token {
                access_token: access_token.expose().to_owned(),
            },
            Credential::Basic { username, password } => Self::Basic {
                username: username.clone(),
                password: password.expose().to_owned(),
            },
            Credential::Jwt { assertion, tokens } => Self::Jwt {
                assertion: assertion.expose().to_owned(),
                tokens: tokens.as_ref().map(Into::into),
            },
        }
    }
}

impl From<Stored> for Credential {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Oauth2 { tokens } => Self::Oauth2(tokens.into()),
            Stored::Token { access_token } => Self::Token {
                access_token: access_token.into(),
            },
            Stored::Basic { username, password } => Self::Basic {
                username,
                password: password.into(),
            },
            Stored::Jwt { assertion, tokens } => Self::Jwt {
                assertion: assertion.into(),
                tokens: tokens.map(Into::into),
            },
        }
    }
}

impl From<&TokenSet> for StoredTokens {
    fn from(tokens: &TokenSet) -> Self {
        let TokenSet {
            access,
            refresh,
            issued_at,
            expires_at,
            scopes,
            facts,
        } = tokens;
        Self {
            access: access.expose().to_owned(),
            refresh: refresh.as_ref().map(|refresh| refresh.expose().to_owned()),
            issued_at: *issued_at,
            expires_at: *expires_at,
            scopes: scopes.clone(),
            facts: facts.clone(),
        }
    }
}

impl From<StoredTokens> for TokenSet {
    fn from(stored: StoredTokens) -> Self {
        let StoredTokens {
            access,
            refresh,
            issued_at,
            expires_at,
            scopes,
            facts,
        } = stored;
        Self {
            access: access.into(),
            refresh: refresh.map(Into::into),
            issued_at,
            expires_at,
            scopes,
            facts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeySource;

    fn credentials() -> Vec<Credential> {
        let tokens = TokenSet {
            access: "hunter2-access".into(),
            refresh: Some("hunter2-refresh".into()),
            issued_at: 1,
            expires_at: Some(2),
            scopes: vec!["ReadCallLog".to_owned()],
            facts: serde_json::Map::from_iter([("owner_id".to_owned(), "77".into())]),
        };
        vec![
            Credential::Oauth2(tokens.clone()),
            Credential::Token {
                access_token: "hunter2".into(),
            },
            Credential::Basic {
                username: "ann".to_owned(),
                password: "hunter2".into(),
            },
            Credential::Jwt {
                assertion: "hunter2".into(),
                tokens: Some(tokens),
            },
            Credential::Jwt {
                assertion: "hunter2".into(),
                tokens: None,
            },
        ]
    }

    #[test]
    fn every_kind_comes_back_as_it_was() {
        let vault = Vault::open_or_create(KeySource::Env("x".repeat(32))).unwrap();
        for credential in credentials() {
            let sealed = credential.seal(&vault, "authentication:auth_1").unwrap();
            assert_eq!(
                Credential::open(&vault, &sealed, "authentication:auth_1").unwrap(),
                credential
            );
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        for credential in credentials() {
            assert!(
                !format!("{credential:?}").contains("hunter2"),
                "{credential:?}"
            );
        }
    }
}
