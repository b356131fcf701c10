//! Following a run: snapshots of its progress, several times a second at most.

use futures::{Stream, stream};
use patchbay_model::{id::RunId, progress::Progress};
use patchbay_store::{Scope, runs};
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{error::Result, state::App};
use patchbay_model::event::RunUpdate;

/// The shortest time between two snapshots.
const PACE: Duration = Duration::from_millis(80);
/// How often is looked even when nothing is heard: another process may work on the run.
const LOOK: Duration = Duration::from_secs(2);

/// How far a run is now.
///
/// # Errors
/// When the asker may not see it.
pub(crate) async fn progress(app: &App, scope: &Scope, run: &RunId) -> Result<Progress> {
    // Whether the asker may see it is the store's to say, also for a run at work.
    runs::get(app.store(), scope, run).await?;
    if let Some(progress) = app.runner().progress(run) {
        return Ok(progress);
    }
    Ok(runs::progress(app.store(), scope, run).await?)
}

struct Following {
    app: App,
    scope: Scope,
    run: RunId,
    updates: Option<Receiver<RunUpdate>>,
    seen: Option<u64>,
    ended: bool,
}

/// Snapshots until the run has ended; the last one is final.
pub(crate) fn stream(app: App, scope: Scope, run: RunId) -> impl Stream<Item = Progress> + Send {
    let updates = app.runner().watch(&run);
    let following = Following {
        app,
        scope,
        run,
        updates,
        seen: None,
        ended: false,
    };
    stream::unfold(following, |mut following| async move {
        let progress = following.next().await?;
        Some((progress, following))
    })
}

impl Following {
    async fn next(&mut self) -> Option<Progress> {
        if self.ended {
            return None;
        }
        loop {
            if self.seen.is_some() {
                self.wait().await;
            }
            let progress = progress(&self.app, &self.scope, &self.run).await.ok()?;
            if self.seen == Some(progress.ord) && !progress.status.is_final() {
                continue;
            }
            self.seen = Some(progress.ord);
            self.ended = progress.status.is_final();
            return Some(progress);
        }
    }

    /// Until something happened, and then a moment for more of it.
    async fn wait(&mut self) {
        let Some(updates) = &mut self.updates else {
            return tokio::time::sleep(LOOK / 4).await;
        };
        loop {
            match tokio::time::timeout(LOOK, updates.recv()).await {
                Ok(Ok(update)) if update.run != self.run => {}
                Ok(Ok(_) | Err(RecvError::Lagged(_))) => {
                    tokio::time::sleep(PACE).await;
                    while updates.try_recv().is_ok() {}
                    return;
                }
                Ok(Err(RecvError::Closed)) => {
                    self.updates = None;
                    return;
                }
                Err(_) => return,
            }
        }
    }
}
