//! Workflows: list, draft, edits, revisions, publishing, templates, evaluating a path.

use crate::triggers::TriggerStatus;
use patchbay_model::{
    Json, document::Workflow, edit::Edit, event::RunStatus, id::WorkflowId, problem::Problem,
};
use serde::{Deserialize, Serialize};

/// A workflow in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkflowSummary {
    pub id: WorkflowId,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    pub enabled: bool,
    /// The latest saved revision.
    pub revision: i64,
    /// The revision that triggers run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_revision: Option<i64>,
    /// Connectors in order of first use, the trigger's first.
    pub connectors: Vec<String>,
    pub updated_at: String,
    pub updated_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastRun {
    pub id: String,
    pub status: RunStatus,
    pub at: String,
}

/// `GET /api/v1/workflows/{id}`; `ETag` is the revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkflowDetail {
    pub id: WorkflowId,
    pub revision: i64,
    pub enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_revision: Option<i64>,
    /// Whether the draft differs from what is published.
    #[serde(default)]
    pub edited_since: bool,
    /// Once enabled with a webhook trigger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// How its trigger is; none while it was never enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerStatus>,
    pub document: Workflow,
    pub problems: Vec<Problem>,
    pub updated_at: String,
    pub updated_by: String,
}

/// The answer to `POST /workflows`, `PUT /workflows/{id}`, `POST …/edits`, `POST …/restore`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Saved {
    pub id: WorkflowId,
    pub revision: i64,
    /// Empty for a sound document.
    pub problems: Vec<Problem>,
    /// After a merge: the document as it is now, when it is not simply base + edits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Workflow>,
}

/// `POST /api/v1/workflows/{id}/edits`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edits {
    pub base_revision: i64,
    pub edits: Vec<Edit>,
}

/// One saved revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    pub revision: i64,
    pub at: String,
    pub by: String,
    /// Whether triggers run it now.
    pub published: bool,
    pub steps: usize,
    pub problems: usize,
}

/// The answer to `POST …/enable` and `POST …/disable`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publication {
    pub enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_revision: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerStatus>,
    /// What could not be done, such as telling a service that does not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// A ready-made workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    pub name: String,
    pub title: String,
    pub summary: String,
    pub connectors: Vec<String>,
    pub document: Workflow,
}

/// `GET /api/v1/workflows/{id}/samples`: what steps gave last, for the connector-snake and live chips.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Samples {
    /// Where they come from; none: it never ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Output by step name (`trigger` included), long lists cut to their first items; a loop's own entry is its
    /// first iteration (`value`, `index`, …).
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub steps: patchbay_model::JsonMap,
    /// The steps whose sample is a pinned one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<String>,
}

/// `POST /api/v1/evaluate`: exactly one of `path` and `text`; the scope as JSON, or a run and a step of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evaluate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// `{"steps": {…}, "config": {…}, "env": {…}, "errors": {…}}`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub scope: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Which iteration of the enclosing loops; the first one when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iteration: Vec<u64>,
}

/// What it came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evaluated {
    /// Whether there is a value; missing is not null.
    pub found: bool,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub value: Json,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}
