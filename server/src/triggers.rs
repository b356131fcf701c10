//! Triggers at work: which workflow starts when the clock, a caller, a service or a failure says so.
//!
//! ```text
//! port        what a connector's trigger does at its service          adapters   which connectors have one
//! live        a published workflow, ready to start runs, in memory    lifecycle  enable, disable, delete
//! clock       the worker of schedules and their polling windows       renewals   the worker of registrations
//! failures    the worker that looks after failed runs                 webhook    checks of deliveries
//! input       what a run by hand begins with                          status     what people see of a trigger
//! ```

pub(crate) mod adapters;
mod clock;
mod failures;
pub(crate) mod input;
pub(crate) mod lifecycle;
pub(crate) mod listen;
pub(crate) mod live;
pub(crate) mod port;
mod renewals;
pub(crate) mod resolve;
mod service;
pub(crate) mod start;
pub(crate) mod status;
pub(crate) mod webhook;

pub(crate) use renewals::context as registration_context;

use patchbay_model::id::WorkflowId;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::{sync::Notify, task::JoinHandle};

use crate::state::App;
use listen::Listening;
use live::Live;

/// What is known of triggers in memory. The truth is in the store; this is filled as it is asked for.
#[derive(Default)]
pub(crate) struct Triggers {
    live: RwLock<Table>,
    pub(crate) listening: Listening,
    /// Schedules or registrations have changed.
    pub(crate) clock_changed: Notify,
    pub(crate) renewals_changed: Notify,
    pub(crate) failures_changed: Notify,
}

#[derive(Default)]
struct Table {
    by_workflow: HashMap<WorkflowId, Arc<Live>>,
    by_key: HashMap<String, Arc<Live>>,
}

impl Triggers {
    pub(crate) fn by_key(&self, key: &str) -> Option<Arc<Live>> {
        self.read(|table| table.by_key.get(key).cloned())
    }

    pub(crate) fn by_workflow(&self, workflow: &WorkflowId) -> Option<Arc<Live>> {
        self.read(|table| table.by_workflow.get(workflow).cloned())
    }

    /// Takes the place of what was there of that workflow.
    pub(crate) fn put(&self, live: Arc<Live>) {
        self.write(|table| {
            table.remove(&live.place.workflow);
            if let Some(key) = &live.key {
                table.by_key.insert(key.clone(), Arc::clone(&live));
            }
            table.by_workflow.insert(live.place.workflow.clone(), live);
        });
    }

    pub(crate) fn remove(&self, workflow: &WorkflowId) -> Option<Arc<Live>> {
        self.write(|table| table.remove(workflow))
    }

    fn read<T>(&self, look: impl FnOnce(&Table) -> T) -> T {
        look(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Table) -> T) -> T {
        change(&mut self.live.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Table {
    fn remove(&mut self, workflow: &WorkflowId) -> Option<Arc<Live>> {
        let live = self.by_workflow.remove(workflow)?;
        if let Some(key) = &live.key {
            self.by_key.remove(key);
        }
        Some(live)
    }
}

/// Starts the workers; they end with the server.
pub(crate) fn work(app: &App) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(clock::run(app.clone())),
        tokio::spawn(renewals::run(app.clone())),
        tokio::spawn(failures::run(app.clone())),
    ]
}
