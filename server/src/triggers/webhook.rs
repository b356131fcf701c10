//! A request to a workflow's own address: whether the caller may, what becomes the trigger's output, and its id.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{StatusCode, header};
use patchbay_model::{
    Json, JsonMap,
    id::AuthenticationId,
    path::{Found, Path},
    scope::JsonScope,
};
use patchbay_vault::Credential;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::Duration;
use subtle::ConstantTimeEq;

use super::port::Delivery;
use crate::{
    error::{Problem, Result},
    state::App,
};

/// What a webhook trigger asks of its callers and gives them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rules {
    check: Check,
    auth: Option<AuthenticationId>,
    /// A path below the output.
    delivery_id: Option<Path>,
    /// How long callers wait for the run; none: they do not.
    pub(crate) wait: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Check {
    Nothing,
    TokenInHeader(String),
    TokenInQuery(String),
    Signature {
        header: String,
        prefix: String,
        base64: bool,
    },
    Basic,
}

impl Rules {
    /// Reads the trigger's inputs.
    ///
    /// # Errors
    /// With the input that is wrong.
    pub(crate) fn read(inputs: &JsonMap, auth: Option<&AuthenticationId>) -> Result<Self> {
        let text = |name: &str| {
            inputs
                .get(name)
                .and_then(Json::as_str)
                .map(str::trim)
                .unwrap_or_default()
        };
        let named = |name: &str, default: &str| match text(name) {
            "" => default.to_owned(),
            name => name.to_lowercase(),
        };
        let check = match text("check") {
            "" | "none" => Check::Nothing,
            "token" if text("token_in") == "query" => {
                Check::TokenInQuery(match text("token_name") {
                    "" => "token".to_owned(),
                    name => name.to_owned(),
                })
            }
            "token" => Check::TokenInHeader(named("token_name", "x-webhook-token")),
            "hmac" => Check::Signature {
                header: named("signature_header", "x-signature-256"),
                prefix: text("signature_prefix").to_owned(),
                base64: text("signature_encoding") == "base64",
            },
            "basic" => Check::Basic,
            other => {
                return Err(wrong(
                    "check",
                    format!("is \"{other}\"; choose none, token, hmac or basic"),
                ));
            }
        };
        if check != Check::Nothing && auth.is_none() {
            return Err(wrong("check", "needs an authentication that holds the token, the secret or the password; choose one under Authenticate")
                .field("/trigger/auth", "is needed for this check"));
        }
        let delivery_id = match text("delivery_id") {
            "" => None,
            text => {
                let path = match text.strip_prefix('$') {
                    Some(below) => format!("$.steps.trigger{below}"),
                    // The bare name of a header.
                    None => format!("$.steps.trigger.headers['{}']", text.to_lowercase()),
                };
                Some(Path::parse(&path).map_err(|_| {
                    wrong(
                        "delivery_id",
                        "is no path; write it like $.headers.x-delivery-id or $.body.id",
                    )
                })?)
            }
        };
        let seconds = inputs
            .get("respond_timeout")
            .and_then(Json::as_f64)
            .unwrap_or(30.0)
            .clamp(1.0, 300.0);
        Ok(Self {
            check,
            auth: auth.cloned(),
            delivery_id,
            wait: (text("respond") == "when_finished").then(|| Duration::from_secs_f64(seconds)),
        })
    }

    /// Whether the caller may start runs.
    ///
    /// # Errors
    /// 401 with what is missing, without a word about what would have been right.
    pub(crate) async fn admit(&self, app: &App, delivery: &Delivery) -> Result<()> {
        if self.check == Check::Nothing {
            return Ok(());
        }
        let id = self
            .auth
            .as_ref()
            .ok_or_else(|| refused("The webhook has no authentication any more."))?;
        let credential = app.keeper().credential(id.as_str()).await.map_err(|error| {
            refused("The webhook's authentication cannot be used; whoever owns the workflow has to choose another one.").because(error)
        })?;
        self.judge(&credential, delivery)
    }

    fn judge(&self, credential: &Credential, delivery: &Delivery) -> Result<()> {
        let header = |name: &str| {
            delivery
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let secret = || {
            credential
                .access_token()
                .ok_or_else(|| refused("The webhook's authentication holds no token."))
        };
        match &self.check {
            Check::Nothing => Ok(()),
            Check::TokenInHeader(name) => {
                let given =
                    header(name).map(|value| value.strip_prefix("Bearer ").unwrap_or(value));
                equal(given.map(str::as_bytes), secret()?.expose().as_bytes())
                    .map_err(|why| refused(format!("The token in the header {name} is {why}.")))
            }
            Check::TokenInQuery(name) => {
                let given = url::form_urlencoded::parse(delivery.query.as_bytes())
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.into_owned());
                equal(
                    given.as_deref().map(str::as_bytes),
                    secret()?.expose().as_bytes(),
                )
                .map_err(|why| refused(format!("The token in the parameter {name} is {why}.")))
            }
            Check::Signature {
                header: name,
                prefix,
                base64,
            } => {
                let given = header(name)
                    .and_then(|value| decode(value.strip_prefix(prefix.as_str())?, *base64));
                let expected = hmac_sha256(secret()?.expose().as_bytes(), &delivery.body);
                equal(given.as_deref(), &expected)
                    .map_err(|why| refused(format!("The signature in the header {name} is {why}.")))
            }
            Check::Basic => {
                let Credential::Basic { username, password } = credential else {
                    return Err(refused(
                        "The webhook's authentication holds no user name and password.",
                    ));
                };
                let given = header(header::AUTHORIZATION.as_str())
                    .and_then(|value| value.strip_prefix("Basic "))
                    .and_then(|value| STANDARD.decode(value.trim()).ok());
                let expected = format!("{username}:{}", password.expose());
                equal(given.as_deref(), expected.as_bytes())
                    .map_err(|why| refused(format!("The user name and password are {why}.")))
            }
        }
    }

    /// The id of a delivery, if it carries one.
    pub(crate) fn delivery_id(&self, output: &Json) -> Option<String> {
        let path = self.delivery_id.as_ref()?;
        let scope = JsonScope(json!({ "steps": { "trigger": output } }));
        let found = match path.find(&scope).ok()? {
            Found::Value(value) => value.into_owned(),
            Found::Missing(_) => return None,
        };
        match found {
            Json::Null => None,
            Json::String(text) if text.is_empty() => None,
            Json::Array(items) if items.is_empty() => None,
            // Beyond that it is no id, and the index would suffer.
            Json::String(text) if text.len() <= 512 => Some(text),
            other => Some(patchbay_vault::fresh::digest(&other.to_string())),
        }
    }
}

/// `{method, headers, query, body}`.
pub(crate) fn output(delivery: &Delivery) -> Json {
    let mut headers = JsonMap::new();
    for name in delivery.headers.keys() {
        // They say how the caller signed in, which no step needs to know.
        if matches!(*name, header::AUTHORIZATION | header::COOKIE) {
            continue;
        }
        let values = delivery
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let joined = values.collect::<Vec<_>>().join(", ");
        headers.insert(name.as_str().to_owned(), Json::String(joined));
    }
    json!({
        "method": delivery.method.as_str(),
        "headers": headers,
        "query": pairs(delivery.query.as_bytes()),
        "body": body(delivery),
    })
}

fn body(delivery: &Delivery) -> Json {
    if delivery.body.is_empty() {
        return Json::Null;
    }
    let kind = delivery
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase()
        })
        .unwrap_or_default();
    if (kind.ends_with("/json") || kind.ends_with("+json"))
        && let Ok(value) = serde_json::from_slice(&delivery.body)
    {
        return value;
    }
    match std::str::from_utf8(&delivery.body) {
        Ok(text) if kind == "application/x-www-form-urlencoded" => pairs(text.as_bytes()),
        Ok(text) => Json::String(text.to_owned()),
        Err(_) => json!({ "base64": STANDARD.encode(&delivery.body) }),
    }
}

/// Parameters by name; one that is repeated is a list.
fn pairs(text: &[u8]) -> Json {
    let mut found = JsonMap::new();
    for (name, value) in url::form_urlencoded::parse(text) {
        let value = Json::String(value.into_owned());
        match found.get_mut(name.as_ref()) {
            None => {
                found.insert(name.into_owned(), value);
            }
            Some(Json::Array(items)) => items.push(value),
            Some(first) => *first = Json::Array(vec![first.take(), value]),
        }
    }
    Json::Object(found)
}

/// Compared in a time that does not tell how much of it was right.
fn equal(given: Option<&[u8]>, expected: &[u8]) -> Result<(), &'static str> {
    match given {
        None => Err("missing"),
        Some(given) if bool::from(given.ct_eq(expected)) => Ok(()),
        Some(_) => Err("wrong"),
    }
}

fn decode(text: &str, base64: bool) -> Option<Vec<u8>> {
    let text = text.trim();
    if base64 {
        return STANDARD.decode(text).ok();
    }
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

/// RFC 2104 over SHA-256.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0_u8; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

fn wrong(input: &str, why: impl Into<String>) -> Problem {
    let why = why.into();
    Problem::unprocessable("broken_webhook", "The webhook cannot be enabled yet")
        .field(format!("/trigger/inputs/{input}"), why)
}

fn refused(why: impl Into<String>) -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "webhook_refused",
        "This webhook takes no calls from you",
    )
    .detail(why)
}

#[cfg(test)]
mod tests;
