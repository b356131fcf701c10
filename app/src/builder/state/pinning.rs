//! Pinned samples: what stands in for a step in test runs and previews.

use super::BuilderState;
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::debug::PinOutput;
use patchbay_model::Json;

impl BuilderState {
    /// Whether a sample is pinned to a step. Tracked.
    pub fn is_pinned(&self, step: &str) -> bool {
        self.samples
            .with(|samples| samples.pinned.iter().any(|pinned| pinned == step))
    }

    /// Pins a sample to a step, in place of the one before.
    pub fn pin(&self, step: String, output: Json) {
        let state = *self;
        spawn_local(async move {
            let pinned = state
                .client()
                .pin(&state.workflow_id(), &step, &PinOutput { output })
                .await;
            state.pins_changed(pinned.map(|_| ()), "pinned");
        });
    }

    /// Takes the sample of a step away.
    pub fn unpin(&self, step: String) {
        let state = *self;
        spawn_local(async move {
            let unpinned = state.client().unpin(&state.workflow_id(), &step).await;
            state.pins_changed(unpinned, "unpinned");
        });
    }

    fn pins_changed(&self, outcome: Result<(), patchbay_api::ClientError>, verb: &str) {
        if self.samples.try_get_untracked().is_none() {
            return;
        }
        match outcome {
            Ok(()) => self.refresh_samples(),
            Err(error) => self.say(format!("The sample was not {verb}: {error}")),
        }
    }
}
