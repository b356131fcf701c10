//! Signing in: the browser pages, the codes and the tokens of both services.

pub(crate) mod authorize;
pub(crate) mod google;
pub(crate) mod google_scopes;
pub(crate) mod grants;
pub(crate) mod permissions;
mod pkce;
pub(crate) mod ringcentral;

use serde::{Deserialize, Serialize};

/// Which of the two stood-in services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Service {
    RingCentral,
    Google,
}

impl Service {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RingCentral => "RingCentral",
            Self::Google => "Google",
        }
    }

    /// Where the sign-in form is sent.
    pub(crate) fn sign_in_path(self) -> &'static str {
        match self {
            Self::RingCentral => "/restapi/oauth/sign-in",
            Self::Google => "/o/oauth2/v2/sign-in",
        }
    }

    /// Where the consent form is sent.
    pub(crate) fn consent_path(self) -> &'static str {
        match self {
            Self::RingCentral => "/restapi/oauth/consent",
            Self::Google => "/o/oauth2/v2/consent",
        }
    }
}
