//! Looking into workflows by running parts of them, doing runs again, pinning samples, and what all that takes.

use patchbay_model::{Json, event::Iteration, id::RunId};
use serde::{Deserialize, Serialize};

/// Part of a workflow: exactly one of `only`, `until` and `from`, each the name of a step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RunPart {
    /// This step alone, with all inside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
    /// Everything up to this step and with it; loops around it go over all their items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// This step and all that comes after it; not one inside a loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// With `only`: which item of each loop around the step, outermost first, from 0; default: the first ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub iteration: Iteration,
}

/// `POST /api/v1/runs/{id}/replay`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Replay {
    /// Other data for the trigger's output; none: that of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub input: Option<Json>,
    pub revision: ReplayRevision,
}

/// What is executed in a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplayRevision {
    /// Exactly what the run executed.
    #[default]
    Same,
    /// The workflow as it is saved now.
    Current,
}

/// `POST /api/v1/runs/retry`: the runs named, or the newest failed ones of a workflow. Runs that have not failed are
/// passed over.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Retry {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<RunId>,
    /// Instead of `ids`: failed runs of this workflow, at most 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    pub revision: ReplayRevision,
}

/// What became of a bulk retry.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retried {
    pub started: Vec<StartedAgain>,
    pub refused: Vec<NotStarted>,
}

/// A run and the one that does it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartedAgain {
    pub of: RunId,
    pub id: RunId,
}

/// A run that was not done again, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotStarted {
    pub of: RunId,
    /// Stable, as in problem details.
    pub code: String,
    pub title: String,
}

/// `PUT /api/v1/workflows/{id}/pins/{step}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PinOutput {
    /// Stands in for the step's output in test runs and previews.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub output: Json,
}

/// A sample output pinned to a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pin {
    pub step: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub output: Json,
    /// When it was pinned last.
    pub at: String,
}

/// `GET /api/v1/storage`: the room that data takes, in bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Storage {
    /// People, workflows, authentications.
    pub main_bytes: u64,
    /// Runs and their events.
    pub journal_bytes: u64,
    /// Of that, room which deleted runs have left and new ones will take.
    pub reusable_bytes: u64,
    /// Outputs too large for the journal.
    pub blob_bytes: u64,
    pub blobs: u64,
    /// Runs that are kept.
    pub runs: u64,
    /// Room left on the disk of the data folder; none when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_bytes: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_bytes: Option<u64>,
    /// Days after which runs that have ended are deleted; none: not by age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u64>,
    /// Runs kept of each workflow; none: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_runs: Option<u64>,
    /// Bytes that runs may take in all before the oldest are deleted; none: no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_bytes: Option<u64>,
}
