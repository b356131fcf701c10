//! `connector.toml`: who it is, where it is, how people sign in, how it says that something went wrong.

use indexmap::IndexMap;
use serde::Deserialize;

/// A connector as its `connector.toml` describes it; the folder's name is its name.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connector {
    pub title: String,
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// `trigger`, `core`, `helper`, `service`.
    pub categories: Vec<Category>,
    /// `https://platform.ringcentral.com`; none for connectors that call no service of their own.
    pub base_url: Option<String>,
    /// Further hosts that operations name, which are also trusted with the token.
    pub hosts: IndexMap<String, String>,
    /// The operation behind "Test connection".
    pub check: Option<String>,
    /// The header in which the service takes a key that makes repeating a POST or PATCH harmless.
    pub idempotency_header: Option<String>,
    /// Headers of every request.
    pub headers: IndexMap<String, String>,
    pub service: Option<Service>,
    pub limits: Limits,
    pub errors: Errors,
}

/// The palette's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Trigger,
    Core,
    Helper,
    Service,
}

impl Category {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Core => "core",
            Self::Helper => "helper",
            Self::Service => "service",
        }
    }
}

/// The service and the ways to authenticate; at least one of them.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// `ringcentral`, `google`.
    pub name: String,
    pub title: String,
    /// Whether a person may enter a base URL.
    pub custom_base_url: bool,
    pub oauth2: Option<Oauth2>,
    pub jwt: Option<Method>,
    pub token: Option<Method>,
    pub basic: Option<Method>,
    pub scope: Vec<Scope>,
}

/// What the form says about a way to authenticate.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Method {
    pub title: String,
    pub help: String,
}

/// OAuth 2 authorization code with PKCE. Addresses are absolute, or paths below `base_url`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth2 {
    pub title: String,
    #[serde(default)]
    pub help: String,
    pub authorize: String,
    pub token: String,
    #[serde(default)]
    pub revoke: Option<String>,
    /// How the client authenticates at the token endpoint.
    #[serde(default)]
    pub client_auth: ClientAuth,
    /// Further parameters of the authorize address.
    #[serde(default)]
    pub extra: IndexMap<String, String>,
}

/// How an OAuth client authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// HTTP Basic with client id and secret.
    #[default]
    Basic,
    /// Client id and secret in the form.
    Body,
}

/// One scope.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    pub name: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub includes: Vec<String>,
    /// Wider scopes in whose place it will do, within limits that its description tells.
    #[serde(default)]
    pub instead_of: Vec<String>,
    #[serde(default)]
    pub on_request: bool,
    #[serde(default)]
    pub default: bool,
}

/// How the service limits the rate of requests.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The answer's header that names the group that was hit, if it differs from the operation's.
    pub group_header: Option<String>,
    /// How long to be silent after 429 without `Retry-After`, in seconds.
    pub penalty_seconds: Option<u64>,
    /// Statuses besides 429 that mean "too many requests" when the error's code is among `codes`.
    pub codes: Vec<String>,
    /// Part of the service's text when a limit is reached that all authentications share, because it belongs to the
    /// OAuth app and not to the person.
    pub shared_when: Option<String>,
    /// What people can do so that it happens less; stands behind the message.
    pub advice: Option<String>,
}

/// How the service says that something went wrong.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Errors {
    /// JSON pointer of a flag that is `false` when a request failed although the status says success.
    pub flag: Option<String>,
    /// JSON pointers of the error's code; the first that exists counts.
    pub code: Vec<String>,
    /// JSON pointers of its text.
    pub message: Vec<String>,
    /// JSON pointers of the name of the parameter that is wrong.
    pub parameter: Vec<String>,
    /// JSON pointers of the permission that is missing.
    pub permission: Vec<String>,
    /// What errors mean; the first rule that fits counts.
    pub rule: Vec<ErrorRule>,
}

/// What an error means. All of `status`, `code` and `contains` that are given must fit.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ErrorRule {
    pub status: Option<u16>,
    pub code: Vec<String>,
    /// Part of the service's text.
    pub contains: Option<String>,
    /// Our code, for programs.
    #[serde(rename = "as")]
    pub meaning: Meaning,
    /// For people. `{message}`, `{code}`, `{parameter}` and `{permission}` are what the service said.
    pub message: String,
    /// The input to mark; none: the one that sends `{parameter}`.
    pub field: Option<String>,
}

/// What can go wrong at a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// A value of an input is not accepted.
    #[default]
    InvalidInput,
    /// The token is not accepted.
    Unauthenticated,
    /// The authentication lacks a scope.
    MissingScope,
    /// The person behind it may not do this.
    Forbidden,
    NotFound,
    RateLimited,
    /// Temporary.
    ServiceUnavailable,
}

impl Meaning {
    /// The code of the step's error.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Unauthenticated => "unauthenticated",
            Self::MissingScope => "missing_scope",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::ServiceUnavailable => "service_unavailable",
        }
    }
}
