//! The one place where an error becomes an HTTP answer: problem+json with a stable code, a sentence, and no secret.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use patchbay_api::{ProblemDetails, error::FieldError};

/// What handlers return.
pub(crate) type Result<T, E = Problem> = std::result::Result<T, E>;

/// A refused request. `details` goes to the client; `cause` only into the log.
#[derive(Debug)]
pub(crate) struct Problem {
    pub details: ProblemDetails,
    pub cause: Option<String>,
}

impl Problem {
    /// A problem with this status, stable code and title.
    pub(crate) fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        let details = ProblemDetails {
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.into(),
            ..ProblemDetails::default()
        };
        Self {
            details,
            cause: None,
        }
    }

    /// The request itself is wrong.
    pub(crate) fn bad_request(code: &str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, title)
    }

    /// The request is well-formed but what it asks for does not make sense.
    pub(crate) fn unprocessable(code: &str, title: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
    }

    /// There is no such thing, or the asker may not know of it.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no such {what}"),
        )
        .detail("It may have been deleted, or it belongs to somebody else.")
    }

    /// Nobody is signed in.
    pub(crate) fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", "You are not signed in")
            .detail("Your session has ended, or the API token is not valid. Sign in and try again; nothing was lost.")
    }

    /// The asker's role does not allow it.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "You may not do this").detail(detail)
    }

    /// Something on our side broke; the cause is logged, not told.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server")
            .detail("It has been written to the server's log. Try again; if it stays, tell whoever runs this server.")
            .because(cause)
    }

    /// Where it is wrong and what to do.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.detail = detail.into();
        self
    }

    /// Adds one finding.
    pub(crate) fn field(mut self, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        self.details.errors.push(FieldError {
            pointer: pointer.into(),
            message: message.into(),
        });
        self
    }

    /// Seconds after which it makes sense to try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.details.retry_after = Some(seconds);
        self
    }

    /// Keeps the cause for the log.
    pub(crate) fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.details.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = self.details.code.as_str();
        let cause = self.cause.as_deref().unwrap_or_default();
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), code, cause, "request failed");
        } else {
            tracing::debug!(status = status.as_u16(), code, cause, "request refused");
        }
        let body = serde_json::to_vec(&self.details).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.details.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<patchbay_store::StoreError> for Problem {
    fn from(error: patchbay_store::StoreError) -> Self {
        use patchbay_store::StoreError as E;
        match error {
            E::NotFound(what) => Self::not_found(what),
            E::Conflict { current } => {
                let mut problem = Self::new(
                    StatusCode::CONFLICT,
                    "revision_conflict",
                    "This was changed meanwhile",
                )
                .detail(format!(
                    "The current revision is {current}. Fetch it, and make your change again."
                ));
                problem.details.current_revision = Some(current);
                problem
            }
            E::Exists(why) => Self::new(StatusCode::CONFLICT, "exists", why),
            E::InUse(why) => Self::new(StatusCode::CONFLICT, "in_use", why),
            E::Forbidden(why) => Self::forbidden(why),
            E::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                "The server's disk is full",
            )
            .detail("Nothing was saved. Free some space on the server, then try again."),
            E::Unavailable { detail } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "database_unavailable",
                "The database does not answer",
            )
            .detail("Nothing was lost. Try again in a moment.")
            .retry_after(2)
            .because(detail),
            other => {
                let cause = other
                    .detail()
                    .map_or_else(|| other.to_string(), |detail| format!("{other}: {detail}"));
                Self::internal(cause)
            }
        }
    }
}
