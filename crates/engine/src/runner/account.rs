//! How a run stands and what it answered, for whoever waits for it.

use super::Runner;
use crate::port::{Journal, JournalError};
use patchbay_model::{
    Json,
    event::{EventKind, RunError, RunStatus},
    id::RunId,
    progress::Progress,
};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Events read at a time.
const PAGE: usize = 1000;

/// How long a run is left alone that nobody in this process works on.
const PAUSE: Duration = Duration::from_secs(1);

/// How a run stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub status: RunStatus,
    /// Why it failed.
    pub error: Option<RunError>,
    /// What its first step said that answers whoever waits for it.
    pub reply: Option<Json>,
}

impl Runner {
    /// How a run stands, as far as it is journalled; also of runs that ended long ago.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn account(&self, run: &RunId) -> Result<Account, JournalError> {
        let journal = &*self.inner.journal;
        let progress = match self.progress(run) {
            Some(progress) => progress,
            None => folded(journal, run).await?,
        };
        let reply = match progress.replied {
            Some(ord) => reply(journal, run, ord).await?,
            None => None,
        };
        Ok(Account {
            status: progress.status,
            error: progress.error,
            reply,
        })
    }

    /// Waits until the run has ended, or until a step of it has answered.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn answered(&self, run: &RunId) -> Result<Account, JournalError> {
        loop {
            // Watched from before the look, so that nothing falls between the two.
            let watching = self.watch(run);
            let account = self.account(run).await?;
            if account.status.is_final() || account.reply.is_some() {
                return Ok(account);
            }
            let Some(mut updates) = watching else {
                self.inner.clock.sleep(PAUSE).await;
                continue;
            };
            loop {
                match updates.recv().await {
                    Ok(update) if !update.events.iter().any(|event| tells(&event.kind)) => {}
                    Err(RecvError::Closed) => {
                        self.inner.clock.sleep(PAUSE).await;
                        break;
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                }
            }
        }
    }
}

fn tells(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::RunReplied { .. } | EventKind::RunFinished { .. }
    )
}

async fn folded(journal: &dyn Journal, run: &RunId) -> Result<Progress, JournalError> {
    let mut progress = Progress::default();
    loop {
        let events = journal.events(run, progress.ord, PAGE).await?;
        events.iter().for_each(|event| progress.apply(event));
        if events.len() < PAGE {
            break;
        }
    }
    if progress.ord == 0 {
        return Err(JournalError::NotFound(run.clone()));
    }
    Ok(progress)
}

async fn reply(journal: &dyn Journal, run: &RunId, ord: u64) -> Result<Option<Json>, JournalError> {
    let events = journal.events(run, ord.saturating_sub(1), 1).await?;
    Ok(events.into_iter().find_map(|event| match event.kind {
        EventKind::RunReplied { reply, .. } => Some(reply),
        _ => None,
    }))
}
