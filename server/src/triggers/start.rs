//! Starting a run of a live trigger.

use patchbay_engine::{
    port::{Firing, JournalError, Origin},
    runner::{AcceptError, NewRunRequest},
};
use patchbay_model::{Json, id::RunId};
use patchbay_store::{RunScope, runs, triggers};
use std::sync::Arc;

use super::live::Live;
use crate::{debugging::refused, error::Problem, state::App};

/// A run that a trigger starts.
#[derive(Debug, Default)]
pub(crate) struct Start {
    pub(crate) input: Json,
    pub(crate) delivery: Option<String>,
    pub(crate) firing: Option<Firing>,
}

/// A run that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Started {
    pub(crate) run: RunId,
    /// Another delivery, or another process, has started it before.
    pub(crate) again: bool,
}

/// Starts a run, or finds the one that the same delivery or firing has started already.
///
/// # Errors
/// When nothing could be made durable.
pub(crate) async fn start(app: &App, live: &Live, start: Start) -> Result<Started, Problem> {
    let scope = RunScope {
        organisation: live.place.organisation.clone(),
        person: live.place.person.clone(),
    };
    let last_run_at = if live.reads_last_run {
        triggers::last_run_at(app.store(), &scope, &live.place.workflow).await?
    } else {
        None
    };
    let accepted = app
        .runner()
        .accept(NewRunRequest {
            id: Some(runs::fresh_id(app.store())?),
            organisation: scope.organisation,
            workflow: live.place.workflow.clone(),
            revision: live.place.revision,
            cause: live.kind().as_str().to_owned(),
            person: scope.person,
            plan: Arc::clone(&live.plan),
            input: start.input,
            origin: Origin {
                counts: true,
                last_run_at,
                delivery: start.delivery,
                firing: start.firing,
            },
        })
        .await;
    match accepted {
        Ok(run) => Ok(Started { run, again: false }),
        Err(AcceptError::Journal(JournalError::Duplicate(run))) => Ok(Started { run, again: true }),
        Err(error) => Err(refused(error)),
    }
}
