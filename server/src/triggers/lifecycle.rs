//! Enabling and disabling: publishing a revision, and telling the clock, the address or the service about it.

use patchbay_model::id::WorkflowId;
use patchbay_store::{
    Scope,
    triggers::{self, TriggerKind, TriggerState},
    workflows::{self, Enable, Publication, Published},
};
use std::sync::Arc;

use super::{
    live::{self, Live, Owner, What},
    port::Refusal,
    renewals,
};
use crate::{
    error::{Problem, Result},
    state::App,
};

/// What became of it.
pub(crate) struct Done {
    pub(crate) publication: Publication,
    /// What could not be done and does no harm here.
    pub(crate) warning: Option<String>,
}

/// Publishes the latest revision and sets its trigger to work.
///
/// # Errors
/// When the trigger makes no sense, or its service refuses: then the workflow is not enabled.
pub(crate) async fn enable(app: &App, scope: &Scope, id: &WorkflowId) -> Result<Done> {
    let found = workflows::get(app.store(), scope, id).await?;
    let published = |publication: &Publication| Published {
        id: id.clone(),
        organisation: scope.organisation.clone(),
        revision: found.summary.revision,
        webhook_key: publication.webhook_key.clone(),
        published_by: Some(scope.person.clone()),
    };
    // Everything that can be wrong is found before anything is changed.
    let rehearsal = Publication {
        enabled: true,
        published_revision: None,
        webhook_key: found.summary.webhook_key.clone(),
    };
    // Whole seconds, so that the firings of an interval are on whole seconds too.
    let now = app.store().now() / 1000 * 1000;
    let owner = Owner {
        published: published(&rehearsal),
        from: now,
    };
    let kind = live::ready(app, &found.document, owner)?.kind();
    let called = matches!(kind, TriggerKind::Webhook | TriggerKind::Service);
    let before = live::by_workflow(app, id).await.ok().flatten();
    let enable = Enable {
        revision: Some(found.summary.revision),
        webhook: called,
    };
    let publication = workflows::enable(app.store(), scope, id, enable).await?;
    let owner = Owner {
        published: published(&publication),
        from: now,
    };
    let live = Arc::new(live::ready(app, &found.document, owner)?);
    let next_at = match &live.what {
        What::Schedule(timing) => timing.schedule.next(now),
        _ => None,
    };
    let state = match &live.what {
        What::Service { .. } => TriggerState::Registering,
        _ => TriggerState::Active,
    };
    let start = triggers::Start {
        kind,
        state,
        revision: found.summary.revision,
        next_at,
        at: now,
    };
    triggers::start(app.store(), scope, id, &start).await?;
    let warning = replace(app, scope, before, &live).await?;
    wake(app);
    Ok(Done {
        publication,
        warning,
    })
}

/// Puts the new trigger in the place of the old one, at its service too.
async fn replace(
    app: &App,
    scope: &Scope,
    before: Option<Arc<Live>>,
    live: &Arc<Live>,
) -> Result<Option<String>> {
    let same_service = before.as_ref().is_some_and(|before| {
        before.place.connector == live.place.connector
            && matches!(
                (&before.what, &live.what),
                (What::Service { .. }, What::Service { .. })
            )
    });
    let mut warning = None;
    let previous = match before {
        Some(before) if same_service => before.registration(),
        Some(before) => {
            warning = remove(app, &before).await;
            None
        }
        None => None,
    };
    // Deliveries may come while the service still answers.
    app.triggers().put(Arc::clone(live));
    let What::Service { adapter, .. } = &live.what else {
        return Ok(warning);
    };
    match adapter.register(app, &live.place, previous).await {
        Ok(registered) => {
            renewals::keep(app, live, registered).await?;
            Ok(warning)
        }
        Err(Refusal { message, .. }) => {
            let id = &live.place.workflow;
            app.triggers().remove(id);
            workflows::disable(app.store(), scope, id).await?;
            triggers::stop(app.store(), scope, id).await?;
            Err(Problem::unprocessable(
                "trigger_refused",
                "The trigger could not be registered, so the workflow is not enabled",
            )
            .detail(message))
        }
    }
}

/// Stops a workflow's trigger; runs that are going on end as they would.
///
/// # Errors
/// When the asker may not, or the store cannot be written.
pub(crate) async fn disable(app: &App, scope: &Scope, id: &WorkflowId) -> Result<Done> {
    let before = live::by_workflow(app, id).await.ok().flatten();
    let publication = workflows::disable(app.store(), scope, id).await?;
    let warning = end(app, scope, id, before).await?;
    Ok(Done {
        publication,
        warning,
    })
}

/// Deletes a workflow, its trigger first.
///
/// # Errors
/// When the asker may not, or the store cannot be written.
pub(crate) async fn delete(app: &App, scope: &Scope, id: &WorkflowId) -> Result<()> {
    let before = live::by_workflow(app, id).await.ok().flatten();
    workflows::delete(app.store(), scope, id).await?;
    if let Some(warning) = end(app, scope, id, before).await? {
        tracing::warn!(workflow = %id, warning, "the trigger of a deleted workflow is still registered");
    }
    Ok(())
}

async fn end(
    app: &App,
    scope: &Scope,
    id: &WorkflowId,
    before: Option<Arc<Live>>,
) -> Result<Option<String>> {
    app.triggers().remove(id);
    triggers::stop(app.store(), scope, id).await?;
    let warning = match before {
        Some(before) => remove(app, &before).await,
        None => None,
    };
    wake(app);
    Ok(warning)
}

/// Ends a registration at its service; says why it could not.
async fn remove(app: &App, live: &Live) -> Option<String> {
    let What::Service { adapter, .. } = &live.what else {
        return None;
    };
    let registration = live.registration()?;
    let removed = adapter.remove(app, &live.place, registration).await;
    live.set_registration(None);
    let message = removed.err()?.message;
    Some(format!(
        "The service still has the registration and may go on calling; calls are turned away here. {message}"
    ))
}

fn wake(app: &App) {
    app.triggers().clock_changed.notify_one();
    app.triggers().failures_changed.notify_one();
    app.triggers().renewals_changed.notify_one();
}
