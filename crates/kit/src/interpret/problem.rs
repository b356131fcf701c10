//! From a service's refusal to an error that says what to do.

use super::Context;
use crate::{
    http::Response,
    manifest::{
        connector::{ErrorRule, Meaning},
        send::Send,
    },
    text::{sentence, shortened},
};
use jiff::{Timestamp, fmt::rfc2822};
use patchbay_model::{Json, event::StepError};
use tokio::time::Duration;

/// When the service names no time and the manifest neither.
const USUAL_PENALTY: Duration = Duration::from_secs(30);
/// No wait is believed beyond this.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// How much of an answer an error carries.
const DETAIL: usize = 2000;

/// What a service said, as far as the manifest knows where to look.
struct Said {
    code: Option<String>,
    message: Option<String>,
    parameter: Option<String>,
    permission: Option<String>,
    body: Json,
}

impl Said {
    fn read(context: Context<'_>, response: &Response) -> Self {
        let errors = &context.plan.manifest.errors;
        let body: Json = serde_json::from_slice(&response.body).unwrap_or(Json::Null);
        let first = |pointers: &[String]| {
            let found = pointers.iter().filter_map(|pointer| body.pointer(pointer));
            found
                .filter(|value| !value.is_null())
                .map(super::request::plain)
                .find(|text| !text.is_empty())
        };
        Self {
            code: first(&errors.code),
            message: first(&errors.message),
            parameter: first(&errors.parameter),
            permission: first(&errors.permission),
            body,
        }
    }

    fn fits(&self, rule: &ErrorRule, status: u16) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        let message = self.message.as_deref().unwrap_or_default();
        rule.status.is_none_or(|wanted| wanted == status)
            && (rule.code.is_empty() || rule.code.iter().any(|wanted| wanted == code))
            && rule
                .contains
                .as_deref()
                .is_none_or(|part| message.contains(part))
    }

    fn fill(&self, text: &str) -> String {
        let message = self
            .message
            .as_deref()
            .map(|text| shortened(text, 300))
            .unwrap_or_default();
        let or = |text: &Option<String>, instead: &str| {
            text.clone().unwrap_or_else(|| instead.to_owned())
        };
        let filled = text
            .replace("{code}", &or(&self.code, "no code"))
            .replace("{parameter}", &or(&self.parameter, "a parameter"))
            .replace("{permission}", &or(&self.permission, "a permission"))
            .replace("{message}", &message);
        sentence(&filled)
    }
}

/// The error that an unsuccessful answer means.
pub(super) fn of_answer(context: Context<'_>, response: &Response, repeatable: bool) -> StepError {
    let service = context.service_title();
    let said = Said::read(context, response);
    let status = response.status;
    if let Some(wait) = asked_to_wait(context, response) {
        let mut error = rate_limited(&service, wait);
        error.status = Some(status);
        return with_advice(context, error);
    }
    let rule = context
        .plan
        .manifest
        .errors
        .rule
        .iter()
        .find(|rule| said.fits(rule, status));
    let (code, message) = match rule {
        Some(rule) => (rule.meaning.code(), said.fill(&rule.message)),
        None => usual(&service, status, &said, &response.content_type()),
    };
    let unavailable = code == Meaning::ServiceUnavailable.code();
    StepError {
        code: code.to_owned(),
        message,
        field: rule
            .and_then(|rule| rule.field.clone())
            // A rule is for all operations, and not all of them have the input.
            .filter(|name| context.spec.inputs.properties.contains_key(name))
            .or_else(|| sender(context, &said))
            .map(|name| format!("/{name}")),
        status: Some(status),
        // 503 is the one answer that says that nothing was done.
        retryable: unavailable && (repeatable || status == 503),
        retry_after_ms: if unavailable {
            retry_after(response).map(millis)
        } else {
            None
        },
        outcome_unknown: unavailable && !repeatable && status != 503,
        detail: detail(context, response, said.body),
        ..StepError::default()
    }
}

/// What a status means when no rule of the manifest fits.
fn usual(service: &str, status: u16, said: &Said, content_type: &str) -> (&'static str, String) {
    let text = match (&said.message, &said.code) {
        (Some(message), Some(code)) => {
            format!("{} ({code})", shortened(message.trim_end_matches('.'), 300))
        }
        (Some(message), None) => shortened(message, 300),
        (None, Some(code)) => code.clone(),
        (None, None) if content_type.contains("html") => {
            "it answered with a web page instead of data".to_owned()
        }
        (None, None) => "it gave no reason".to_owned(),
    };
    let (meaning, opening) = match status {
        401 => (
            Meaning::Unauthenticated,
            format!("{service} does not accept the authentication any more; reconnect it"),
        ),
        403 => (
            Meaning::Forbidden,
            format!("{service} does not allow this to the connected account"),
        ),
        404 | 410 => (Meaning::NotFound, format!("{service} has no such thing")),
        400 | 422 => (
            Meaning::InvalidInput,
            format!("{service} did not accept the request"),
        ),
        408 | 500..=599 => (
            Meaning::ServiceUnavailable,
            format!("{service} has a problem at the moment (status {status})"),
        ),
        _ => {
            return (
                "http_status",
                sentence(&format!("{service} answered with status {status}: {text}")),
            );
        }
    };
    (meaning.code(), sentence(&format!("{opening}: {text}")))
}

/// The input that sends the parameter which the service names.
fn sender(context: Context<'_>, said: &Said) -> Option<String> {
    let parameter = said.parameter.as_deref()?;
    let name = parameter.rsplit(['.', '/']).next().unwrap_or(parameter);
    let field = context.operation.input.iter().find(|field| {
        let sent = field.send.as_ref().and_then(Send::service_name);
        sent == Some(parameter) || sent == Some(name) || field.name.as_deref() == Some(name)
    })?;
    field.name.clone()
}

/// How long the service says to be silent; none if this is no such answer.
pub(super) fn asked_to_wait(context: Context<'_>, response: &Response) -> Option<Duration> {
    if response.status < 400 {
        return None;
    }
    let limits = &context.plan.manifest.limits;
    let limited = response.status == 429
        || (!limits.codes.is_empty()
            && Said::read(context, response)
                .code
                .is_some_and(|code| limits.codes.contains(&code)));
    if !limited {
        return None;
    }
    let penalty = limits
        .penalty_seconds
        .map_or(USUAL_PENALTY, Duration::from_secs);
    Some(retry_after(response).unwrap_or(penalty).min(LONGEST_WAIT))
}

/// Whether the limit that was reached belongs to the OAuth app, so that it holds for everybody who uses it.
pub(super) fn is_shared(context: Context<'_>, response: &Response) -> bool {
    let part = context.plan.manifest.limits.shared_when.as_deref();
    let said = Said::read(context, response).message;
    part.zip(said)
        .is_some_and(|(part, said)| said.contains(part))
}

/// The error with what people can do so that it happens less.
pub(super) fn with_advice(context: Context<'_>, mut error: StepError) -> StepError {
    if let Some(advice) = &context.plan.manifest.limits.advice
        && error.code == Meaning::RateLimited.code()
    {
        error.message = format!("{} {advice}", error.message);
    }
    error
}

/// The error while a service says to wait.
pub(super) fn rate_limited(service: &str, wait: Duration) -> StepError {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    StepError {
        code: Meaning::RateLimited.code().to_owned(),
        message: format!(
            "{service} accepts no more requests of this kind for now. It can go on in {seconds} s."
        ),
        retryable: true,
        retry_after_ms: Some(millis(wait)),
        ..StepError::default()
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

/// `Retry-After`: seconds, or an instant.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (0.0..1e9)
            .contains(&seconds)
            .then(|| Duration::from_secs_f64(seconds).min(LONGEST_WAIT));
    }
    let instant: Timestamp = rfc2822::parse(text).ok()?.timestamp();
    let left = instant
        .as_millisecond()
        .saturating_sub(Timestamp::now().as_millisecond());
    Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)).min(LONGEST_WAIT))
}

/// What the service said, shortened; nothing if the secret stands in it.
fn detail(context: Context<'_>, response: &Response, body: Json) -> Option<Json> {
    let text = String::from_utf8_lossy(&response.body);
    if text.is_empty()
        || context
            .credential
            .is_some_and(|credential| text.contains(credential.secret.expose()))
    {
        return None;
    }
    if body.is_null() || text.len() > DETAIL {
        return Some(Json::String(shortened(&text, DETAIL)));
    }
    Some(body)
}

/// The answer cannot be read.
pub(super) fn unreadable(context: Context<'_>, response: &Response, reason: &str) -> StepError {
    let service = context.service_title();
    let page = response.content_type().contains("html")
        || response.body.trim_ascii_start().starts_with(b"<");
    let message = if page {
        format!(
            "{service} answered with a web page instead of data. Is the base URL of the environment right?"
        )
    } else {
        format!("{service} answered with something that is not JSON: {reason}.")
    };
    StepError {
        code: "bad_answer".to_owned(),
        message,
        status: Some(response.status),
        detail: detail(context, response, Json::Null),
        ..StepError::default()
    }
}
