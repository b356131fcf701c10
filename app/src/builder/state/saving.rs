//! Autosave: edits are sent a moment after the last one, one request at a time, until the server has them all.

use super::BuilderState;
use crate::{
    browser,
    builder::{history::History, outbox::Kept, storage, tab},
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::{ClientError, workflows::Saved};
use patchbay_model::{document::Workflow, edit};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long after the last edit it is sent, in milliseconds.
const DEBOUNCE: u64 = 600;

/// Whether what is on the screen is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    Saved,
    Saving,
    /// Edits wait to be sent.
    Unsaved,
    /// They could not be sent, are kept, and will be sent again; the text says why.
    Offline(String),
    /// They cannot be sent as they are: the person has to choose. The text says why.
    Conflict(String),
}

impl SaveState {
    /// One word for tests and style sheets.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Saving => "saving",
            Self::Unsaved => "unsaved",
            Self::Offline(_) => "offline",
            Self::Conflict(_) => "conflict",
        }
    }
}

/// The history as it is kept across a reload.
#[derive(Serialize, Deserialize)]
struct KeptHistory {
    /// The revision it leads to; with another one its changes would be taken back from the wrong document.
    revision: i64,
    history: History,
}

enum Sent {
    Nothing,
    Saved,
    Failed,
}

impl BuilderState {
    /// Sends what waits once nothing more has come for a moment.
    pub(super) fn save_soon(&self) {
        self.keep();
        if matches!(
            self.save_state.get_untracked(),
            SaveState::Saved | SaveState::Saving
        ) {
            self.save_state.set(SaveState::Unsaved);
        }
        let state = *self;
        let edits = self.edits_made.try_update_value(|edits| {
            *edits += 1;
            *edits
        });
        set_timeout(
            move || {
                if state.edits_made.try_get_value() == edits && edits.is_some() {
                    state.save();
                }
            },
            Duration::from_millis(DEBOUNCE),
        );
    }

    /// Sends what waits now.
    pub fn save(&self) {
        let state = *self;
        spawn_local(async move { while let Sent::Saved = state.send_next().await {} });
    }

    /// Sends what waits and tells whether the server then has everything.
    pub async fn saved(&self) -> bool {
        loop {
            match self
                .outbox
                .try_with_untracked(|outbox| (outbox.is_empty(), outbox.is_sending()))
            {
                Some((true, _)) => return true,
                Some((_, true)) => browser::pause(40).await,
                Some((false, false)) => {
                    if matches!(self.send_next().await, Sent::Failed | Sent::Nothing) {
                        return self
                            .outbox
                            .try_with_untracked(|outbox| outbox.is_empty())
                            .unwrap_or(false);
                    }
                }
                None => return false,
            }
        }
    }

    /// Sends what waits when the page is left; what does not arrive is still kept in the browser.
    pub(in crate::builder) fn save_on_leaving(&self) {
        let Some(Some(edits)) = self.outbox.try_update(|outbox| outbox.take()) else {
            return;
        };
        let (client, id, tab) = (self.client(), self.workflow_id(), self.tab.get_value());
        spawn_local(async move {
            if client.edit_workflow(&id, &edits).await.is_ok() {
                storage::store::<Kept>(&pending_key(&id, &tab), None);
            }
        });
    }

    /// The person chose what is on the screen: it replaces what the server has.
    pub fn keep_mine(&self) {
        let state = *self;
        self.save_state.set(SaveState::Saving);
        spawn_local(async move {
            let (client, id) = (state.client(), state.workflow_id());
            let document = state.workflow.get_untracked();
            let saved = match client.workflow(&id).await {
                Ok(theirs) => client.save_workflow(&id, theirs.revision, &document).await,
                Err(error) => Err(error),
            };
            if state.outbox.try_get_untracked().is_none() {
                return;
            }
            match saved {
                Ok(saved) => {
                    state.outbox.update(|outbox| outbox.reset(saved.revision));
                    state.accept(saved);
                }
                Err(error) => state.save_state.set(SaveState::Conflict(error.to_string())),
            }
        });
    }

    /// The person chose what the server has: it replaces what is on the screen.
    pub fn take_theirs(&self) {
        let state = *self;
        spawn_local(async move {
            match state.client().workflow(&state.workflow_id()).await {
                Ok(detail) => state.replace(detail),
                Err(error) => state.save_state.set(SaveState::Conflict(error.to_string())),
            }
        });
    }

    async fn send_next(&self) -> Sent {
        if matches!(
            self.save_state.try_get_untracked(),
            None | Some(SaveState::Conflict(_))
        ) {
            return Sent::Nothing;
        }
        let Some(Some(edits)) = self.outbox.try_update(|outbox| outbox.take()) else {
            return Sent::Nothing;
        };
        self.save_state.set(SaveState::Saving);
        let answer = self
            .client()
            .edit_workflow(&self.workflow_id(), &edits)
            .await;
        if self.outbox.try_get_untracked().is_none() {
            return Sent::Nothing;
        }
        match answer {
            Ok(saved) => {
                self.outbox.update(|outbox| outbox.saved(saved.revision));
                self.accept(saved);
                Sent::Saved
            }
            Err(error) => {
                self.retry(&error);
                Sent::Failed
            }
        }
    }

    fn accept(&self, saved: Saved) {
        if let Some(document) = saved.document {
            self.merge(document);
        }
        self.revision.set(saved.revision);
        let everything = self.outbox.with_untracked(|outbox| outbox.is_empty());
        if everything {
            self.problems.set(saved.problems);
        }
        self.save_state.set(if everything {
            SaveState::Saved
        } else {
            SaveState::Unsaved
        });
        self.publication.update(|publication| {
            publication.edited_since = publication
                .published_revision
                .is_some_and(|published| published != saved.revision);
        });
        self.keep();
    }

    /// Takes over a document that somebody else changed too, with the edits that still wait on top.
    fn merge(&self, mut document: Workflow) {
        let mut lost = 0_usize;
        self.outbox.update(|outbox| {
            outbox.retain_waiting(|waiting| {
                let fits = edit::apply(&mut document, waiting).is_ok();
                lost += usize::from(!fits);
                fits
            });
        });
        self.workflow.set(document);
        // The inverses were worked out for another document.
        self.history.update(History::clear);
        if lost > 0 {
            self.say("Somebody else changed this workflow too. A change of yours no longer fits and was left out.");
        }
    }

    fn retry(&self, error: &ClientError) {
        let pause = self
            .outbox
            .try_update(|outbox| outbox.failed())
            .unwrap_or(1_000);
        self.keep();
        let passing = matches!(error.status(), 0 | 401 | 403 | 408 | 425 | 429 | 500..);
        if !passing {
            let message = match error.code() {
                "revision_conflict" => {
                    "This workflow was changed elsewhere in the meantime.".to_owned()
                }
                _ => format!("The server did not take the last changes: {error}"),
            };
            self.save_state.set(SaveState::Conflict(message));
            return;
        }
        let message = match error.status() {
            401 => "You are signed out. Sign in again in another tab; your changes are kept here."
                .to_owned(),
            _ => error.to_string(),
        };
        self.save_state.set(SaveState::Offline(message));
        let state = *self;
        set_timeout(
            move || state.save(),
            Duration::from_millis(u64::from(pause)),
        );
    }

    /// Keeps in the browser what the server does not have, and what can be undone.
    pub(super) fn keep(&self) {
        let (id, tab) = (self.workflow_id(), self.tab.get_value());
        self.outbox.with_untracked(|outbox| {
            storage::store(&pending_key(&id, &tab), outbox.keep().as_ref())
        });
        let kept = KeptHistory {
            revision: self.revision.get_untracked(),
            history: self.history.get_untracked(),
        };
        storage::store(&history_key(&id, &tab), Some(&kept));
    }

    /// Finds out which tab this is, and what tabs that are no more have left behind of this workflow.
    pub(super) async fn inherit(&self) -> Vec<Kept> {
        let mine = tab::name().await;
        let id = self.workflow_id();
        let mut left = Vec::new();
        for key in storage::keys(&pending_key(&id, "")) {
            let other = key.rsplit('.').next().unwrap_or_default();
            if other != mine && tab::is_gone(other).await {
                left.extend(storage::stored::<Kept>(&key));
                storage::store::<Kept>(&key, None);
            }
        }
        for key in storage::keys(&history_key(&id, "")) {
            let other = key.rsplit('.').next().unwrap_or_default();
            if other != mine && tab::is_gone(other).await {
                storage::store::<KeptHistory>(&key, None);
            }
        }
        // The page may be gone by now.
        let _ = self.tab.try_set_value(mine);
        left
    }

    /// Brings back, after a reload, edits that the server may not have, also those that lost tabs have `left`. Those
    /// that no longer fit have arrived already.
    pub(super) fn bring_back(&self, document: &mut Workflow, revision: i64, left: Vec<Kept>) {
        let (id, tab) = (self.workflow_id(), self.tab.get_value());
        self.outbox.update(|outbox| outbox.reset(revision));
        let history = storage::stored::<KeptHistory>(&history_key(&id, &tab));
        let mut pending = left;
        pending.extend(storage::stored::<Kept>(&pending_key(&id, &tab)));
        let based_on_it = pending.iter().all(|kept| kept.base == revision);
        for edit in pending.into_iter().flat_map(|kept| kept.edits) {
            if edit::apply(document, &edit).is_ok() {
                self.outbox.update(|outbox| outbox.push(edit));
            }
        }
        if let Some(kept) = history.filter(|kept| kept.revision == revision && based_on_it) {
            self.history.set(kept.history);
        }
    }
}

fn pending_key(workflow: &str, tab: &str) -> String {
    format!("patchbay.pending.{workflow}.{tab}")
}

fn history_key(workflow: &str, tab: &str) -> String {
    format!("patchbay.history.{workflow}.{tab}")
}
