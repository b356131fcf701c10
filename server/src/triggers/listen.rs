//! "Listen for a sample": for some minutes the address of a draft is open, and what comes first is kept as the sample.

use patchbay_model::{document::Workflow, id::WorkflowId};
use patchbay_store::{Scope, System, triggers, workflows};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    live,
    port::Delivery,
    resolve,
    webhook::{self, Rules},
};
use crate::{
    error::{Problem, Result},
    state::App,
};
use patchbay_kit::Starts;

/// How long an address stays open, in milliseconds.
const OPEN: i64 = 5 * 60 * 1000;

/// The addresses that are open.
#[derive(Default)]
pub(crate) struct Listening {
    by_key: Mutex<HashMap<String, Ear>>,
}

/// Somebody who listens.
#[derive(Clone)]
struct Ear {
    workflow: WorkflowId,
    rules: Rules,
    until: i64,
}

impl Listening {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Ear>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until when the address of a workflow is open, if it is.
    pub(crate) fn until(&self, workflow: &WorkflowId, now: i64) -> Option<i64> {
        let ears = self.lock();
        let ear = ears.values().find(|ear| ear.workflow == *workflow)?;
        (ear.until > now).then_some(ear.until)
    }
}

/// An address that is open.
pub(crate) struct Opened {
    pub(crate) url: String,
    pub(crate) until: i64,
}

/// Opens the address of a draft.
///
/// # Errors
/// When its trigger is not called from outside, or makes no sense.
pub(crate) async fn open(app: &App, scope: &Scope, id: &WorkflowId) -> Result<Opened> {
    let found = workflows::get(app.store(), scope, id).await?;
    let rules = rules(app, &found.document)?;
    let key = workflows::webhook_key(app.store(), scope, id).await?;
    let until = app.store().now() + OPEN;
    let url = live::address(app, &key);
    let ear = Ear {
        workflow: id.clone(),
        rules,
        until,
    };
    let mut ears = app.triggers().listening.lock();
    ears.retain(|_, ear| ear.until > app.store().now());
    ears.insert(key, ear);
    Ok(Opened { url, until })
}

/// Closes it.
///
/// # Errors
/// When the asker may not see the workflow.
pub(crate) async fn close(app: &App, scope: &Scope, id: &WorkflowId) -> Result<()> {
    workflows::get(app.store(), scope, id).await?;
    let mut ears = app.triggers().listening.lock();
    ears.retain(|_, ear| ear.workflow != *id);
    Ok(())
}

/// Whether somebody listens at a key; then what was delivered is kept. The first one that may call is enough.
///
/// # Errors
/// When the caller may not, or the sample cannot be stored.
pub(crate) async fn hear(app: &App, key: &str, delivery: &Delivery) -> Result<bool> {
    let ear = {
        let ears = app.triggers().listening.lock();
        ears.get(key).cloned()
    };
    let Some(ear) = ear.filter(|ear| ear.until > app.store().now()) else {
        return Ok(false);
    };
    ear.rules.admit(app, delivery).await?;
    let system = System::for_sign_in_and_workers();
    let output = webhook::output(delivery);
    triggers::save_sample(app.store(), &system, &ear.workflow, &output).await?;
    app.triggers().listening.lock().remove(key);
    Ok(true)
}

fn rules(app: &App, document: &Workflow) -> Result<Rules> {
    let trigger = &document.trigger;
    if app.catalog().starts(&trigger.connector, &trigger.operation) != Some(Starts::Webhook) {
        return Err(Problem::unprocessable(
            "not_called",
            "This trigger has no address to listen at",
        )
        .detail("Only a webhook trigger can catch a sample."));
    }
    Rules::read(&resolve::inputs(app, document)?, trigger.auth.as_ref())
}
