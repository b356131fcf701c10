//! Runs: start, list, follow, look into, cancel.

use patchbay_model::{
    Json,
    event::{Iteration, RunError, RunStatus, StepError, StepStatus},
    id::{RunId, WorkflowId},
};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/workflows/{id}/runs`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct StartRun {
    /// Becomes the trigger's output.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub input: Json,
    /// Runs only this part of the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<crate::debug::RunPart>,
    /// The run whose data the part is given; none: the latest runs that have what it reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_of: Option<RunId>,
    /// Only operations that change nothing are executed; what the others would have been given is their output.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry: bool,
    /// Whether pinned outputs stand in for their steps; default: in parts and dry runs only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pins: Option<bool>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    pub id: RunId,
    pub workflow_id: WorkflowId,
    #[serde(default)]
    pub workflow_name: String,
    pub revision: i64,
    /// What started it: `manual`, `test` (pinned outputs stood in for steps), `part`, `dry_run`, `replay`, `retry`, …
    #[serde(default)]
    pub cause: String,
    pub status: RunStatus,
    pub accepted_at: String,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub finished_at: Option<String>,
    pub steps_done: u64,
    #[serde(default)]
    pub error: Option<RunError>,
}

/// One execution of a step in one iteration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepRun {
    pub step: String,
    /// Indices of the enclosing loops, outermost first.
    #[serde(default)]
    pub iteration: Iteration,
    pub status: StepStatus,
    /// Attempts so far.
    pub attempt: u32,
    #[serde(default)]
    pub started_at: Option<String>,
    #[serde(default)]
    pub finished_at: Option<String>,
    #[serde(default)]
    pub duration_ms: Option<u64>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub input: Option<Json>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub output: Option<Json>,
    #[serde(default)]
    pub error: Option<StepError>,
}

/// What `GET /api/v1/runs/{id}/steps` can be narrowed by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
pub struct StepQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Leading loop indices, joined by dots: `3` or `3.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iteration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StepStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// What `GET /api/v1/runs` can be narrowed by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[serde(default)]
pub struct RunQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RunStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}
