//! Errors as they travel: `application/problem+json` (RFC 9457) with a stable code.

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ProblemDetails {
    /// HTTP status.
    pub status: u16,
    /// Stable, for programs: `not_found`, `signed_out`, `revision_conflict`, `malformed_document`, …
    pub code: String,
    /// For people: what is wrong, in a few words.
    pub title: String,
    /// For people: where it is wrong and what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Single findings, each with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The revision that is there now (`revision_conflict`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_revision: Option<i64>,
    /// Seconds after which it makes sense to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer into the request's body.
    pub pointer: String,
    pub message: String,
}

impl std::fmt::Display for ProblemDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        for error in &self.errors {
            write!(f, "\n  {}: {}", error.pointer, error.message)?;
        }
        Ok(())
    }
}
