//! A call that a button starts: busy while it runs, a failure to show when it went wrong.

use crate::failure::Failure;
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::ClientError;
use std::future::Future;

/// One thing a person can start. Copy it freely.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// Whether it runs.
    pub busy: RwSignal<bool>,
    /// How it failed last time.
    pub failure: RwSignal<Option<Failure>>,
}

impl Default for Job {
    fn default() -> Self {
        Self::new()
    }
}

impl Job {
    /// Nothing runs yet.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }

    /// Runs a call unless one runs already; `done` gets what it brought, unless the page has gone by then.
    pub fn run<T: 'static>(
        self,
        call: impl Future<Output = Result<T, ClientError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let outcome = call.await;
            // The signal is gone together with the page that wanted to know.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(value) => done(value),
                Err(error) => self.failure.set(Some(error.into())),
            }
        });
    }
}
