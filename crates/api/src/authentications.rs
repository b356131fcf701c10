//! Authentications, the sign-in pop-up, environments (and their OAuth apps).

use patchbay_model::{
    id::{AuthenticationId, EnvironmentId},
    spec::MethodKind,
};
use serde::{Deserialize, Serialize};

/// Who may use an authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// Only the person who made it sees it and uses it.
    #[default]
    Personal,
    /// Members use it by role; nobody reads the secret.
    Organisational,
}

/// Whether it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationState {
    Connected,
    /// The service no longer accepts it; a person has to sign in again.
    NeedsReconnect,
}

/// An authentication; never its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Authentication {
    pub id: AuthenticationId,
    pub name: String,
    /// `ringcentral`, `google`.
    pub service: String,
    pub owner: Ownership,
    /// The person who made it.
    pub owner_name: String,
    /// Whether the asker may rename, reconnect and delete it.
    pub manageable: bool,
    pub method: MethodKind,
    pub environment: EnvironmentRef,
    /// What the service granted.
    pub scopes: Vec<String>,
    pub state: AuthenticationState,
    /// As whom it acts, when the service says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

/// Which deployment of the service it belongs to. Either a record, or (own credential only) an inline base URL.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct EnvironmentRef {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EnvironmentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

/// `POST /api/v1/authentications`: with a credential it is made at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAuthentication {
    pub name: String,
    pub service: String,
    #[serde(default)]
    pub owner: Ownership,
    #[serde(default)]
    pub environment: EnvironmentRef,
    #[serde(default)]
    pub scopes: Vec<String>,
    pub credential: Credential,
}

/// A credential on its way in; it never comes out again.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Credential {
    Token { access_token: String },
    Basic { username: String, password: String },
    Jwt { assertion: String },
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[credential]")
    }
}

/// `POST /api/v1/authentications/authorize`: begins a sign-in at the service.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Authorize {
    pub name: String,
    pub service: String,
    #[serde(default)]
    pub owner: Ownership,
    pub environment_id: EnvironmentId,
    pub scopes: Vec<String>,
    /// Renews this one instead of making a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconnect: Option<AuthenticationId>,
    /// Where the same tab goes afterwards, when no pop-up could be opened: a path on this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
}

/// Where to send the person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Authorization {
    /// Ask `GET /api/v1/authentications/attempts/{attempt}` for the outcome.
    pub attempt: String,
    pub url: String,
}

/// How a sign-in at the service went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    pub status: AttemptStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<Authentication>,
    /// A sentence for the person, unless it is pending.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Scopes that were asked for and not granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_scopes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptStatus {
    Pending,
    Connected,
    /// The person said no at the service.
    Refused,
    /// Anything else; `message` says what.
    Failed,
    /// Nobody came back in time.
    Expired,
}

/// `PATCH /api/v1/authentications/{id}`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeAuthentication {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Takes the place of the old one; of the same type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
}

/// A workflow that uses an authentication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsedBy {
    pub id: String,
    pub name: String,
    pub enabled: bool,
}

/// An environment: a deployment of a service and the OAuth app that Patchbay uses there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Environment {
    pub id: EnvironmentId,
    pub service: String,
    pub title: String,
    /// None: the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    pub client_id: String,
    /// Whether a secret is stored.
    pub has_client_secret: bool,
    /// The demo sandbox: made by the server, not to be edited.
    pub demo: bool,
}

/// `POST /api/v1/environments` and `PUT /api/v1/environments/{id}`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewEnvironment {
    pub service: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    pub client_id: String,
    /// Left out on a change: the stored one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
}

impl std::fmt::Debug for NewEnvironment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewEnvironment")
            .field("service", &self.service)
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}
