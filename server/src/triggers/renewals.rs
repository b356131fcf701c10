//! The worker of registrations at services: renews them ahead of time, and tries again what failed for a while.

use patchbay_model::{Json, id::WorkflowId};
use patchbay_store::{
    SealedText, System,
    triggers::{self, TriggerKind},
};
use patchbay_vault::Sealed;
use std::time::Duration;

use super::{
    live::{self, Live, What},
    port::{Refusal, Registered},
};
use crate::{
    error::{Problem, Result},
    state::App,
};

/// Registrations looked at in one go.
const BATCH: u64 = 50;
const NAP: Duration = Duration::from_secs(60);
/// The pause after a registration could not be renewed, in milliseconds; it becomes longer each time, up to an hour.
const PAUSE: i64 = 30_000;
const LONGEST: i64 = 60 * 60 * 1000;

/// Renews what is due, for ever.
pub(super) async fn run(app: App) {
    loop {
        let next = match tick(&app).await {
            Ok(next) => next,
            Err(problem) => {
                tracing::error!(
                    cause = problem.cause,
                    "registrations could not be looked at: {}",
                    problem.details.title
                );
                None
            }
        };
        let pause = next.map_or(NAP, |next| {
            let left = u64::try_from(next - app.store().now()).unwrap_or(0);
            Duration::from_millis(left).clamp(Duration::from_millis(100), NAP)
        });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.triggers().renewals_changed.notified() => {}
        }
    }
}

async fn tick(app: &App) -> Result<Option<i64>> {
    let system = System::for_sign_in_and_workers();
    let now = app.store().now();
    let due = triggers::due(app.store(), &system, TriggerKind::Service, now, BATCH).await?;
    for row in due {
        match live::by_workflow(app, &row.workflow).await? {
            Some(live) => renew(app, &live, row.error_at).await?,
            None => triggers::postpone(app.store(), &system, &row.workflow, None).await?,
        }
    }
    Ok(triggers::earliest(app.store(), &system, TriggerKind::Service, now).await?)
}

async fn renew(app: &App, live: &Live, troubled_at: Option<i64>) -> Result<()> {
    let What::Service { adapter, .. } = &live.what else {
        return Ok(());
    };
    let renewed = match live.registration() {
        Some(registration) => adapter.renew(app, &live.place, registration).await,
        None => adapter.register(app, &live.place, None).await,
    };
    match renewed {
        Ok(registered) => keep(app, live, registered).await,
        Err(Refusal { message, temporary }) => {
            let system = System::for_sign_in_and_workers();
            let workflow = &live.place.workflow;
            let now = app.store().now();
            triggers::save_trouble(app.store(), &system, workflow, &message, true).await?;
            let pause = troubled_at.map_or(PAUSE, |at| (2 * (now - at)).clamp(PAUSE, LONGEST));
            let next = temporary.then_some(now + pause);
            triggers::postpone(app.store(), &system, workflow, next).await?;
            Ok(())
        }
    }
}

/// Remembers a registration: sealed in the store, open in memory.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn keep(app: &App, live: &Live, registered: Registered) -> Result<()> {
    let system = System::for_sign_in_and_workers();
    let workflow = &live.place.workflow;
    let plain = serde_json::to_vec(&registered.registration).map_err(Problem::internal)?;
    let sealed = app
        .vault()
        .seal(&plain, &context(workflow))
        .map_err(Problem::internal)?;
    let sealed = Some(SealedText(sealed.into_text()));
    triggers::save_registration(app.store(), &system, workflow, sealed, registered.renew_at)
        .await?;
    live.set_registration(Some(registered.registration));
    app.triggers().renewals_changed.notify_one();
    Ok(())
}

/// What an earlier registration left in the store.
///
/// # Errors
/// When the store cannot be asked. One that cannot be opened is taken as none.
pub(super) async fn stored(app: &App, workflow: &WorkflowId) -> Result<Option<Json>> {
    let system = System::for_sign_in_and_workers();
    let row = triggers::for_worker(app.store(), &system, workflow).await?;
    let Some(SealedText(text)) = row.and_then(|row| row.registration) else {
        return Ok(None);
    };
    let opened = app
        .vault()
        .open(&Sealed::from_text(text), &context(workflow));
    Ok(opened
        .ok()
        .and_then(|plain| serde_json::from_slice(&plain).ok()))
}

/// Under what a registration is sealed.
pub(crate) fn context(workflow: &WorkflowId) -> String {
    format!("registration:{workflow}")
}
