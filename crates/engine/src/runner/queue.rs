//! Who works on which run, and when: in the order of acceptance, a limited number at a time.

use super::{
    Inner,
    desk::{Desk, Exit},
    live::{Live, Turn},
    load,
};
use crate::port::JournalError;
use futures::FutureExt;
use patchbay_model::event::StepError;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// How long a run rests whose journal cannot be written.
const REST: Duration = Duration::from_secs(30);

/// Starts accepted runs one after the other until the runner shuts down.
pub(super) async fn dispatch(inner: Arc<Inner>, mut accepted: mpsc::UnboundedReceiver<Arc<Live>>) {
    loop {
        let next = tokio::select! {
            biased;
            () = inner.draining.cancelled() => return,
            next = accepted.recv() => next,
        };
        let Some(live) = next else { return };
        let permit = tokio::select! {
            biased;
            () = inner.draining.cancelled() => return,
            permit = Arc::clone(&inner.permits).acquire_owned() => permit.ok(),
        };
        start(&inner, &live, permit);
    }
}

/// Starts a run out of turn if it still waits in the queue, so that it can be cancelled at once.
pub(super) fn start_now(inner: &Arc<Inner>, live: &Arc<Live>) {
    start(inner, live, None);
}

fn start(inner: &Arc<Inner>, live: &Arc<Live>, permit: Option<OwnedSemaphorePermit>) {
    let Some(turn) = live.take_turn() else { return };
    inner.registry.begin();
    let (inner, live) = (Arc::clone(inner), Arc::clone(live));
    tokio::spawn(async move {
        let exit = AssertUnwindSafe(work(&inner, &live, turn, permit))
            .catch_unwind()
            .await;
        leave(
            &inner,
            &live,
            exit.unwrap_or_else(|_| Exit::Broken(defect())),
        )
        .await;
        inner.registry.rest();
    });
}

async fn work(
    inner: &Arc<Inner>,
    live: &Arc<Live>,
    turn: Turn,
    permit: Option<OwnedSemaphorePermit>,
) -> Exit {
    match load::load(inner, live, turn.fresh).await {
        Ok(loaded) => Desk::new(inner, live, loaded, permit).run().await,
        Err(exit) => exit,
    }
}

async fn leave(inner: &Arc<Inner>, live: &Arc<Live>, exit: Exit) {
    match exit {
        Exit::Finished => inner.registry.finish(live),
        Exit::Drained | Exit::Lost => inner.registry.forget(live),
        Exit::Broken(error) => {
            tracing::error!(run = %live.run, error = %error.message, "the run cannot go on");
            match load::bury(inner, live, error).await {
                Ok(()) => inner.registry.finish(live),
                Err(error) if is_gone(&error) => inner.registry.forget(live),
                Err(error) => rest(inner, live, &error.to_string()),
            }
        }
        Exit::Stuck(reason) => rest(inner, live, &reason),
    }
}

fn is_gone(error: &JournalError) -> bool {
    matches!(error, JournalError::Fenced(_) | JournalError::NotFound(_))
}

/// The journal is not well: the run is left alone for a while, then read from the journal again.
fn rest(inner: &Arc<Inner>, live: &Arc<Live>, reason: &str) {
    tracing::error!(run = %live.run, reason, "the run rests because its journal cannot be used");
    let (inner, live) = (Arc::clone(inner), Arc::clone(live));
    tokio::spawn(async move {
        tokio::select! {
            () = inner.draining.cancelled() => inner.registry.forget(&live),
            () = inner.clock.sleep(REST) => {
                live.give_turn();
                let _ = inner.queue.send(live);
            }
        }
    });
}

fn defect() -> StepError {
    StepError {
        code: "internal_error".to_owned(),
        message: "Patchbay failed while it worked on this run; the server's log says more."
            .to_owned(),
        ..StepError::default()
    }
}
