//! What steps gave that are not part of a plan: it is pinned with the plan, and paths see it below everything else.

use super::Plan;
use crate::state::{Held, Known};
use patchbay_model::{Json, JsonMap};
use serde::{Deserialize, Serialize};

/// Outputs and errors by step name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub(super) struct Given {
    known: Known,
}

/// As it is pinned.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    outputs: JsonMap,
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    errors: JsonMap,
}

impl Given {
    pub(super) fn new(outputs: JsonMap, errors: JsonMap) -> Self {
        let held = |map: JsonMap| {
            map.into_iter()
                .map(|(name, value)| (name, Held::new(0, value)))
                .collect()
        };
        let known = Known {
            outputs: held(outputs),
            errors: held(errors),
        };
        Self { known }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.outputs.is_empty() && self.known.errors.is_empty()
    }

    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    pub(super) fn put(&mut self, step: &str, output: Json) {
        self.known
            .outputs
            .insert(step.to_owned(), Held::new(0, output));
    }
}

impl From<Written> for Given {
    fn from(Written { outputs, errors }: Written) -> Self {
        Self::new(outputs, errors)
    }
}

impl From<Given> for Written {
    fn from(given: Given) -> Self {
        let plain = |held: std::collections::BTreeMap<String, Held>| {
            held.into_iter()
                .map(|(name, held)| (name, (*held.value).clone()))
                .collect()
        };
        Self {
            outputs: plain(given.known.outputs),
            errors: plain(given.known.errors),
        }
    }
}

impl Plan {
    /// What lies below the run's own outputs; none for a whole workflow.
    pub(crate) fn given(&self) -> Option<&Known> {
        (!self.given.is_empty()).then(|| self.given.known())
    }
}
