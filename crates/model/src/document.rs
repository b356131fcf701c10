//! The workflow document, format `patchbay.workflow/1`: one trigger and a tree of steps.

mod names;
mod read;
mod walk;

use crate::{Json, JsonMap, id::AuthenticationId};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use names::{MAX_NAME, sound_name};
pub(crate) use names::{fresh_name, stem};
pub use read::{DocumentError, MAX_DEPTH, MAX_NESTING, from_str, parse};
pub use walk::Visit;

/// The name under which the trigger is addressed wherever a step name is expected.
pub const TRIGGER: &str = "trigger";

/// The version of the document; every version ever written stays readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Format {
    /// The first version.
    #[default]
    #[serde(rename = "patchbay.workflow/1")]
    V1,
}

/// A workflow as people save it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Which version of the format this is.
    pub format: Format,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// What it is for, in a sentence or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Constants, read as `$.config.<key>`.
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub config: JsonMap,
    /// Seconds after which a run counts as failed, waits included; none: as long as the server allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    /// What starts a run.
    pub trigger: Trigger,
    /// What a run does, in order.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub steps: Vec<Step>,
    /// What a person added to the picture (notes, collapsed groups); means nothing to a run.
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub view: JsonMap,
}

/// The step named `trigger`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// What people call it; empty means the operation's own title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The connector's name.
    pub connector: String,
    /// The trigger operation's name.
    pub operation: String,
    /// The authentication it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthenticationId>,
    /// Values by field name.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub inputs: JsonMap,
}

impl Default for Trigger {
    fn default() -> Self {
        Self {
            title: String::new(),
            connector: "manual".to_owned(),
            operation: "trigger".to_owned(),
            auth: None,
            inputs: JsonMap::new(),
        }
    }
}

/// One operation of one connector, at its place in the tree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Fixed for life and unique in the workflow (`ringcentral-1`); paths use it.
    pub name: String,
    /// What people call it; free to change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The connector's name.
    pub connector: String,
    /// The operation's name.
    pub operation: String,
    /// The authentication it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthenticationId>,
    /// Values by field name; see [`crate::value`] for `$path`, `$text` and `$literal`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub inputs: JsonMap,
    /// The steps of each iteration; loops only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub body: Option<Vec<Step>>,
    /// The steps of each branch by name; branching steps only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(no_recursion, value_type = Option<Object>))]
    pub branches: Option<IndexMap<String, Vec<Step>>>,
    /// What happens when the step fails for good.
    #[serde(default, skip_serializing_if = "OnError::is_default")]
    pub on_error: OnError,
    /// The steps that run when it failed and `on_error` is `branch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub on_error_steps: Option<Vec<Step>>,
    /// How often and how soon it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Seconds after which one attempt counts as failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    /// What happens when the server dies while the step is in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_interrupt: Option<OnInterrupt>,
    /// A person's remark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// What happens when a step fails for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The run fails.
    #[default]
    Stop,
    /// The flow goes on below the step.
    Continue,
    /// The innermost loop goes on with its next item.
    NextItem,
    /// The innermost loop ends.
    BreakLoop,
    /// `on_error_steps` run, with the error at `$.errors.<step>`; then the flow goes on.
    Branch,
}

impl OnError {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How a failed attempt is repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Attempts in all, the first included; at least 1.
    pub attempts: u32,
    /// How the pause grows.
    #[serde(default)]
    pub backoff: Backoff,
    /// Seconds before the second attempt.
    #[serde(default = "Retry::default_first_delay")]
    pub first_delay: f64,
    /// The longest pause in seconds.
    #[serde(default = "Retry::default_max_delay")]
    pub max_delay: f64,
}

impl Retry {
    fn default_first_delay() -> f64 {
        2.0
    }

    fn default_max_delay() -> f64 {
        60.0
    }
}

/// How the pause between attempts grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Backoff {
    /// Doubles each time.
    #[default]
    Exponential,
    /// Stays the same.
    Fixed,
}

/// What happens to a step that was in flight when the server died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnInterrupt {
    /// It is executed again with the same idempotency key: at least once.
    Retry,
    /// It is not: at most once, *outcome unknown*.
    Fail,
}

/// A place in the tree where a step can stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The step in whose list it stands; none for the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Which of the parent's lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<Lane>,
    /// Position in that list.
    pub index: usize,
}

/// One of the lists of steps that a step can carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// `body` of a loop.
    Body,
    /// A named entry of `branches`.
    Branch(String),
    /// `on_error_steps`.
    OnError,
}

/// A value of an input as it stands in the document: literal JSON with `$path`, `$text`, `$literal` at any depth.
pub type InputJson = Json;

#[cfg(test)]
mod tests;
