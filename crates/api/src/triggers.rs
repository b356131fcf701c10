//! Triggers at work: how one is, when it fires, and catching a sample of what it gets.

use patchbay_model::{Json, JsonMap, event::RunStatus, id::RunId};
use serde::{Deserialize, Serialize};

/// How the trigger of a workflow is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TriggerStatus {
    /// `manual`, `schedule`, `webhook`, `service`, `failure`, `call`; empty while it was never enabled.
    pub kind: String,
    /// `registering`, `active`, `failing`, `off`.
    pub state: String,
    /// What went wrong last, if it has not gone well since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_at: Option<String>,
    /// When it fires next, or its registration is renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
    /// Of a schedule: the next ten firings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Firing>,
    /// Where the next polling window begins, once a run has moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fired_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run_id: Option<String>,
    /// The runs that it started last, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<Started>,
    /// Its address, while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Until when the next call is kept as a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listening_until: Option<String>,
    /// When the sample was caught.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_at: Option<String>,
}

/// A run that a trigger started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Started {
    pub run_id: RunId,
    pub at: String,
    pub status: RunStatus,
}

/// One firing of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Firing {
    /// In UTC.
    pub at: String,
    /// As the clock of the schedule's zone shows it, with its offset.
    pub local: String,
}

/// `POST /api/v1/schedules/preview`: a trigger as it is typed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PreviewSchedule {
    /// `interval`, `daily`, `weekly`, `cron`.
    pub operation: String,
    /// As they stand in the document; paths may lead to `$.config`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub inputs: JsonMap,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config: JsonMap,
}

/// The next firings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchedulePreview {
    pub firings: Vec<Firing>,
}

/// The answer to `POST …/trigger/listen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Listening {
    /// Where a sample can be sent to.
    pub url: String,
    pub until: String,
}

/// What was caught.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TriggerSample {
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub output: Json,
    pub at: String,
}
