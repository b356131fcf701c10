//! Waiting for what a run answers to whoever called.

use patchbay_engine::port::Journal;
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunError, RunStatus},
    id::RunId,
};
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::state::App;
use patchbay_model::event::RunUpdate;

/// Events read at a time.
const PAGE: usize = 500;

/// What a run said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// A reply step's inputs.
    Reply(Json),
    /// It ended without a reply.
    Ended(RunStatus, Option<RunError>),
}

/// Waits until the run replies or ends; none when that takes longer.
pub(crate) async fn wait(app: &App, run: &RunId, longest: Duration) -> Option<Said> {
    let mut updates = app.runner().watch(run);
    let listen = async {
        let mut after = 0;
        loop {
            // What was journalled before anybody listened, or while the listener lagged behind.
            if let Some(said) = read(app, run, &mut after).await {
                return said;
            }
            match &mut updates {
                Some(heard) => match hear(heard).await {
                    Heard::Said(said) => return *said,
                    Heard::Lagged => {}
                    Heard::Closed => updates = None,
                },
                // Nobody works on it here: another process may.
                None => tokio::time::sleep(Duration::from_millis(500)).await,
            }
        }
    };
    tokio::time::timeout(longest, listen).await.ok()
}

enum Heard {
    Said(Box<Said>),
    Lagged,
    Closed,
}

async fn hear(updates: &mut Receiver<RunUpdate>) -> Heard {
    loop {
        match updates.recv().await {
            Ok(update) => {
                if let Some(said) = update.events.into_iter().find_map(said) {
                    return Heard::Said(Box::new(said));
                }
            }
            Err(RecvError::Lagged(_)) => return Heard::Lagged,
            Err(RecvError::Closed) => return Heard::Closed,
        }
    }
}

async fn read(app: &App, run: &RunId, after: &mut u64) -> Option<Said> {
    let journal = app.store().journal();
    loop {
        let events = journal.events(run, *after, PAGE).await.ok()?;
        let count = events.len();
        *after = events.last().map_or(*after, |event| event.ord);
        if let Some(said) = events.into_iter().find_map(said) {
            return Some(said);
        }
        if count < PAGE {
            return None;
        }
    }
}

fn said(event: Event) -> Option<Said> {
    match event.kind {
        EventKind::RunReplied { reply, .. } => Some(Said::Reply(reply)),
        EventKind::RunFinished { status, error } => Some(Said::Ended(status, error)),
        _ => None,
    }
}
