//! What an answer of a token endpoint means, good or bad.

use super::{
    ErrorResponseType, ExtraTokenFields, OauthError, RequestTokenError, StandardErrorResponse,
    Unsent,
};
use http::{Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Mutex};

/// The fields of a token answer that OAuth itself does not name.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Facts {
    #[serde(flatten)]
    fields: serde_json::Map<String, serde_json::Value>,
}

impl Facts {
    /// Everything that is no token (`id_token`, an old `assertion`, …).
    pub(super) fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
        let harmless = |name: &str| {
            !["token", "secret", "assertion"]
                .iter()
                .any(|word| name.contains(word))
                || name.ends_with("_expires_in")
        };
        self.fields
            .iter()
            .filter(|(name, _)| harmless(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[facts]")
    }
}

impl ExtraTokenFields for Facts {}

/// What the crate's errors no longer know about an answer.
#[derive(Debug, Default)]
pub(super) struct Seen {
    status: u16,
    content_type: String,
    retry_after_ms: Option<u64>,
}

impl Seen {
    pub(super) fn of(response: &Response<Vec<u8>>) -> Self {
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let seconds = header(header::RETRY_AFTER).and_then(|text| text.trim().parse::<u64>().ok());
        Self {
            status: response.status().as_u16(),
            content_type: header(header::CONTENT_TYPE).unwrap_or_default().to_owned(),
            retry_after_ms: seconds.map(|seconds| seconds.saturating_mul(1000)),
        }
    }

    fn what(&self) -> String {
        match self
            .content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
        {
            "" => "no content type".to_owned(),
            "text/html" => "an HTML page".to_owned(),
            "application/json" => "JSON without the fields of OAuth".to_owned(),
            other => other.chars().take(60).collect(),
        }
    }
}

/// What a failed request comes to. Nothing of the body is quoted but OAuth's own two fields.
pub(super) fn failure<T>(
    error: RequestTokenError<Unsent, StandardErrorResponse<T>>,
    seen: &Mutex<Seen>,
) -> OauthError
where
    T: ErrorResponseType + fmt::Display + 'static,
{
    if let RequestTokenError::Request(Unsent(reason)) = error {
        return OauthError::Unreachable { reason };
    }
    let seen = seen
        .lock()
        .map(|mut seen| std::mem::take(&mut *seen))
        .unwrap_or_default();
    match StatusCode::from_u16(seen.status) {
        Ok(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
            return OauthError::Busy {
                retry_after_ms: seen.retry_after_ms,
            };
        }
        Ok(status) if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            return OauthError::Down {
                status: seen.status,
            };
        }
        _ => {}
    }
    let RequestTokenError::ServerResponse(answer) = error else {
        return OauthError::NotOauth {
            status: seen.status,
            what: seen.what(),
        };
    };
    let code = answer.error().to_string();
    let description: String = answer
        .error_description()
        .map(String::as_str)
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect();
    let described = if description.is_empty() {
        code.clone()
    } else {
        description.clone()
    };
    match code.as_str() {
        "invalid_grant" => OauthError::InvalidGrant {
            description: described,
        },
        "invalid_client" | "unauthorized_client" => OauthError::InvalidClient {
            description: described,
        },
        _ => OauthError::Refused {
            code: code.chars().take(100).collect(),
            description,
        },
    }
}
