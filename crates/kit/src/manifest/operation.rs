//! `operations/*.toml` and `triggers/*.toml`: one operation each, named by its file.

use super::{example::Example, field::Field, paging::Paging, trigger::Subscription};
use indexmap::IndexMap;
use patchbay_model::{Json, spec::StepKind};
use serde::{Deserialize, Deserializer, de::Error};

/// One operation or trigger. Exactly one of `request`, `control`, `built_in`, `hook` and (for a trigger) `starts`
/// says how it is done.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operation {
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// The heading under which lists show it.
    pub group: String,
    /// The service's own name of it.
    pub operation_id: Option<String>,
    pub keywords: Vec<String>,
    /// What the authentication must have been granted.
    pub scopes: Vec<String>,
    /// What the role of the person behind the authentication must allow, where the service has such a gate.
    pub user_permission: Option<String>,
    /// Default: yes, if the connector has a service.
    pub needs_authentication: Option<bool>,

    /// `GET /restapi/v1.0/account/{accountId}`; the parts in braces are filled by inputs with `send = "path:…"`.
    pub request: Option<RequestLine>,
    /// One of the connector's `[hosts]`; none: `base_url`.
    pub host: Option<String>,
    /// Fixed query parameters.
    pub query: IndexMap<String, String>,
    /// Fixed headers.
    pub headers: IndexMap<String, String>,
    /// Fixed parts of the body, under the inputs' values.
    pub fixed_body: Option<Json>,
    pub body: BodyKind,
    /// A step kind of the engine: `loop_list`, `boolean`, `parallel`, …; all of them in `patchbay_model::spec::StepKind`.
    pub control: Option<StepKind>,
    /// Something that the kit itself does.
    pub built_in: Option<BuiltIn>,
    /// The connector's `hooks.rs` does it.
    pub hook: bool,
    /// Of a trigger: what starts runs.
    pub starts: Option<Starts>,

    /// The service's group for rate limits.
    pub rate_limit: Option<String>,
    /// Whether doing it twice is the same as once; default: GET, HEAD, PUT and DELETE are, the rest is not.
    pub repeatable: Option<bool>,
    /// Whether it changes nothing anywhere; default: GET and HEAD, and what a connector without a service works out.
    pub reads: Option<bool>,
    /// Reaches a person or moves money.
    pub irreversible: bool,
    pub deprecated: bool,
    /// Not offered in the palette.
    pub hidden: bool,

    /// In the order of the form.
    pub input: Vec<Field>,
    pub output: Option<Field>,
    pub response: Response,
    pub paging: Option<Paging>,
    /// Of a trigger that a service calls: what can be listened to.
    pub subscription: Option<Box<Subscription>>,
    /// For the reference, and as tests.
    pub example: Vec<Example>,
}

/// A method and a path with `{holes}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    pub method: http::Method,
    /// Starts with `/`.
    pub path: String,
}

impl RequestLine {
    /// Reads `GET /path/{hole}`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (method, path) = text
            .split_once(' ')
            .ok_or_else(|| format!("`{text}` is no request; write \"GET /path/{{input}}\""))?;
        let method = match method {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" => {
                http::Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?
            }
            other => {
                return Err(format!(
                    "`{other}` is no method; write GET, HEAD, POST, PUT, PATCH or DELETE"
                ));
            }
        };
        let path = path.trim();
        if !path.starts_with('/') || path.contains('?') || path.contains('#') {
            return Err(format!(
                "`{path}` must be a path that starts with `/` and has no query; use [query] or inputs"
            ));
        }
        Ok(Self {
            method,
            path: path.to_owned(),
        })
    }

    /// The names in braces, in order.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }
}

impl<'de> Deserialize<'de> for RequestLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`: files, fields, and objects as parts of JSON.
    Multipart,
}

/// What the kit does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltIn {
    /// A request to the connector's own hosts with its authentication:
    /// inputs `method`, `path`, `query`, `headers`, `body`.
    RawRequest,
    /// A request to any address, without authentication:
    /// inputs `method`, `url`, `headers`, `query`, `body`, `expected_status`, `timeout`.
    HttpRequest,
    /// A GraphQL query to any address: inputs `url`, `query`, `variables`, `operation_name`, `headers`, `errors`,
    /// and those of an authentication.
    GraphqlRequest,
}

/// What starts runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// A person or a program.
    Manual,
    /// The clock.
    Schedule,
    /// A request to the workflow's own address.
    Webhook,
    /// An event for which the service is asked to call.
    Subscription,
    /// The failure of another workflow.
    Failure,
    /// A step of another workflow.
    Call,
}

/// How the answer is read.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Response {
    /// JSON pointer of what becomes the output; none: the whole answer.
    pub output: Option<String>,
    /// The statuses that mean success; empty: every 2xx.
    pub ok: Vec<u16>,
    pub body: AnswerKind,
}

/// What an answer's body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    #[default]
    Json,
    /// Becomes a string.
    Text,
    /// Becomes `{content_type, name, size, base64}`.
    Binary,
    /// Becomes `null`, whatever it is.
    None,
}
