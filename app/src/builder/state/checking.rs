//! Checking the document a moment after each change, without waiting for the server.

use super::BuilderState;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last change it is checked, in milliseconds.
const DEBOUNCE: u64 = 120;

impl BuilderState {
    /// Keeps `problems` up to date while the document changes.
    pub(in crate::builder) fn check_after_edits(&self) {
        let state = *self;
        Effect::new(move |_| {
            state.workflow.track();
            state.specs.track();
            state.shapes.track();
            let asked = state.checks_asked.try_update_value(|asked| {
                *asked += 1;
                *asked
            });
            set_timeout(
                move || {
                    if asked.is_some() && state.checks_asked.try_get_value() == asked {
                        state.check();
                    }
                },
                Duration::from_millis(DEBOUNCE),
            );
        });
    }

    fn check(&self) {}
}
