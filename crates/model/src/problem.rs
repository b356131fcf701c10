//! What is wrong with a workflow, said so that a person can mend it and a program can point at it.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A run would fail: it cannot be started.
    Error,
    /// A run may fail or do something unexpected.
    Warning,
}

/// One finding of [`crate::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    pub severity: Severity,
    /// Stable, for programs: `unknown_connector`, `missing_input`, `unknown_step`, `forward_path`, `type_clash`, …
    pub code: String,
    /// The step's name; `trigger` for the trigger; none for the workflow as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// JSON pointer below the step's `inputs` (`/row/Direction`); `auth` for the authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
    /// What was probably meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}
