//! Every change to a workflow as a value with its inverse: undo, redo, paste and autosave are lists of these.

mod apply;
mod branch;
mod conflict;
mod input;
mod paste;

use crate::{
    Json,
    document::{OnError, OnInterrupt, Place, Retry, Step, Trigger},
    id::AuthenticationId,
};
use serde::{Deserialize, Serialize};

pub use apply::apply;
pub use conflict::conflicts;
pub use paste::paste;

/// One change. `step` may be `trigger` wherever the change makes sense for the trigger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "edit", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Changes the workflow's name.
    Rename { name: String },
    /// Changes the workflow's description.
    Describe { description: String },
    /// Sets or (without a value) removes a constant.
    SetConfig {
        key: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
        value: Option<Json>,
    },
    /// Replaces the trigger.
    SetTrigger { trigger: Trigger },
    /// Puts a step (with everything inside it) at a place; names must be free.
    AddStep {
        at: Place,
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        step: Box<Step>,
    },
    /// Takes a step out, with everything inside it.
    RemoveStep { step: String },
    /// Moves a step; `to` is counted in the tree without the step.
    MoveStep { step: String, to: Place },
    /// Changes a step's title.
    SetTitle { step: String, title: String },
    /// Changes which operation a step stands for; inputs are replaced, title and name stay.
    SetOperation {
        step: String,
        connector: String,
        operation: String,
        #[cfg_attr(feature = "openapi", schema(value_type = Object))]
        inputs: crate::JsonMap,
    },
    /// Chooses or (with none) clears the authentication.
    SetAuth {
        step: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        auth: Option<AuthenticationId>,
    },
    /// Sets or (without a value) removes the value at a JSON pointer below `inputs` (`/row/Direction`).
    /// Missing objects on the way are made.
    SetInput {
        step: String,
        field: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
        value: Option<Json>,
    },
    /// Replaces error handling, retry, timeout, interruption rule and notes.
    SetSettings { step: String, settings: Settings },
    /// Gives a step another branch, with these steps in it; names must be free. Without a position it is the last.
    AddBranch {
        step: String,
        branch: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        steps: Vec<Step>,
    },
    /// Takes a branch away, with everything inside it.
    RemoveBranch { step: String, branch: String },
    /// Gives a branch another name; its steps and its position stay.
    RenameBranch {
        step: String,
        branch: String,
        to: String,
    },
    /// Sets or removes an entry of `view`.
    SetView {
        key: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
        value: Option<Json>,
    },
    /// Several changes that stand or fall together.
    Batch {
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        edits: Vec<Edit>,
    },
}

/// What the Settings tab of a step holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    pub on_error: OnError,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_interrupt: Option<OnInterrupt>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Steps of the error branch; kept when `on_error` is `branch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub on_error_steps: Option<Vec<Step>>,
}

impl Settings {
    /// The settings of a step.
    pub fn of(step: &Step) -> Self {
        Self {
            on_error: step.on_error,
            retry: step.retry.clone(),
            timeout: step.timeout,
            on_interrupt: step.on_interrupt,
            notes: step.notes.clone(),
            on_error_steps: step.on_error_steps.clone(),
        }
    }

    fn put(self, step: &mut Step) {
        let Self {
            on_error,
            retry,
            timeout,
            on_interrupt,
            notes,
            on_error_steps,
        } = self;
        step.on_error = on_error;
        step.retry = retry;
        step.timeout = timeout;
        step.on_interrupt = on_interrupt;
        step.notes = notes;
        step.on_error_steps = on_error_steps;
    }
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The step is not (or no longer) there.
    #[error("there is no step `{0}`")]
    NoStep(String),
    /// A place that does not exist.
    #[error("there is no such place: {0}")]
    NoPlace(String),
    /// A step of that name is there already.
    #[error("a step named `{0}` is there already; names may stand only once")]
    NameTaken(String),
    /// A branch of that name is there already.
    #[error("`{step}` has a branch `{branch}` already")]
    BranchTaken {
        /// The step.
        step: String,
        /// The branch.
        branch: String,
    },
    /// A name that no branch can have.
    #[error("a branch needs a name")]
    BadBranch,
    /// A name that no step can have.
    #[error("`{0}` cannot be the name of a step")]
    BadName(String),
    /// The trigger cannot be moved, removed or given settings.
    #[error("this cannot be done with the trigger")]
    NotForTrigger,
    /// A step cannot be moved into one of its own lists.
    #[error("`{0}` cannot be moved inside itself")]
    InsideItself(String),
    /// Too many levels.
    #[error(
        "steps may stand at most {} deep inside one another",
        crate::document::MAX_NESTING
    )]
    TooDeep,
    /// A pointer that leads nowhere.
    #[error("`{field}` cannot be set: {reason}")]
    BadField {
        /// The pointer.
        field: String,
        /// Why.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
