//! Fetching what the builder shows: the workflow first, the rest beside it.

use super::{BuilderState, Drawer, FocusField, Phase, PublicationState, SaveState};
use crate::browser;
use crate::builder::{history::History, offers, outbox::Kept, tree};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::{
    connectors::{ConnectorDetail, OperationDetail},
    workflows::WorkflowDetail,
};
use patchbay_model::{
    document::TRIGGER,
    spec::{Catalog, ConnectorSpec, OperationSpec},
};
use std::collections::HashSet;

impl BuilderState {
    /// Fetches everything. Safe to call again after a failure.
    pub fn load(&self) {
        let state = *self;
        self.phase.set(Phase::Loading);
        spawn_local(async move {
            let left = state.inherit().await;
            match state.client().workflow(&state.workflow_id()).await {
                Ok(detail) => state.open(detail, left),
                Err(error) => {
                    let _ = state.phase.try_set(Phase::Failed(error.to_string()));
                }
            }
        });
        spawn_local(async move {
            match state.client().connectors().await {
                Ok(connectors) => {
                    if state.connectors.try_set(connectors).is_none() {
                        state.load_offers();
                    }
                }
                Err(error) => {
                    state.try_say(format!("The connectors could not be fetched: {error}"))
                }
            }
        });
        self.refresh_authentications();
        self.refresh_samples();
        self.load_runs();
    }

    /// Fetches the authentications anew.
    pub fn refresh_authentications(&self) {
        let state = *self;
        spawn_local(async move {
            if let Ok(authentications) = state.client().authentications().await {
                let _ = state
                    .authentications_known
                    .try_update_value(|known| *known = true);
                let _ = state.authentications.try_set(authentications);
            }
        });
    }

    /// Fetches anew what the steps gave last.
    pub fn refresh_samples(&self) {
        let state = *self;
        spawn_local(async move {
            if let Ok(samples) = state.client().samples(&state.workflow_id()).await {
                let _ = state.samples.try_set(samples);
            }
        });
    }

    /// Fetches a connector with its operations and schemas unless that has been done.
    pub fn ensure_connector(&self, name: &str) {
        let known = self
            .specs
            .with_untracked(|specs| specs.connector(name).is_some());
        let asked = self
            .fetching
            .try_update_value(|fetching| !fetching.insert(name.to_owned()))
            .unwrap_or(true);
        if known || asked {
            return;
        }
        let (state, name) = (*self, name.to_owned());
        spawn_local(async move {
            match state.client().connector_expanded(&name).await {
                Ok(detail) => {
                    let _ = state.specs.try_update(|specs| specs.push(spec(detail)));
                }
                // A connector that is not installed is a problem of the document, and shown as one.
                Err(error) if error.status() == 404 => {}
                Err(error) => {
                    let _ = state
                        .fetching
                        .try_update_value(|fetching| fetching.remove(&name));
                    state.try_say(format!(
                        "The connector {name} could not be fetched: {error}"
                    ));
                }
            }
        });
    }

    /// Fetches what can be picked, of every connector once.
    pub fn load_offers(&self) {
        for name in self
            .connectors
            .with_untracked(|all| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>())
        {
            let asked = self
                .offered
                .try_update_value(|offered| !offered.insert(name.clone()))
                .unwrap_or(true);
            if asked {
                continue;
            }
            let state = *self;
            spawn_local(async move {
                match state.client().connector(&name).await {
                    Ok(detail) => {
                        let _ = state.offers.try_update(|all| {
                            all.extend(offers::offers(&detail));
                            all.sort_by(|one, other| {
                                (one.section, &one.connector_title)
                                    .cmp(&(other.section, &other.connector_title))
                            });
                        });
                    }
                    Err(_) => {
                        let _ = state
                            .offered
                            .try_update_value(|offered| offered.remove(&name));
                    }
                }
            });
        }
    }

    /// Replaces everything by what the server has, without what was not saved.
    pub fn replace(&self, detail: WorkflowDetail) {
        self.history.update(History::clear);
        self.outbox.update(|outbox| outbox.reset(detail.revision));
        self.revision.set(detail.revision);
        self.keep();
        self.open(detail, Vec::new());
    }

    fn open(&self, mut detail: WorkflowDetail, left: Vec<Kept>) {
        if self.phase.try_get_untracked().is_none() {
            return;
        }
        self.bring_back(&mut detail.document, detail.revision, left);
        self.publication.set(PublicationState {
            enabled: detail.enabled,
            published_revision: detail.published_revision,
            edited_since: detail.edited_since,
            webhook_url: detail.webhook_url,
            trigger: detail.trigger,
        });
        self.revision.set(detail.revision);
        let mut used = HashSet::from([detail.document.trigger.connector.clone()]);
        detail
            .document
            .all_steps()
            .map(|visit| visit.step)
            .for_each(|step| {
                used.insert(step.connector.clone());
            });
        if let Some(step) = browser::take_parameter("step") {
            self.selected.set(Some(step.clone()));
            self.focus_field.set(Some(FocusField {
                step,
                field: "auth".to_owned(),
            }));
        }
        if let Some(run) = browser::take_parameter("run") {
            self.drawer.set(Drawer {
                open: true,
                run: Some(run),
            });
        }
        let selected = self.selected.get_untracked();
        if selected.is_none_or(|name| tree::operation(&detail.document, &name).is_none()) {
            self.selected.set(Some(TRIGGER.to_owned()));
        }
        self.workflow.set(detail.document);
        self.problems.set(detail.problems);
        self.save_state.set(SaveState::Saved);
        self.phase.set(Phase::Ready);
        used.iter()
            .for_each(|connector| self.ensure_connector(connector));
        if !self.outbox.with_untracked(|outbox| outbox.is_empty()) {
            self.save_soon();
        }
    }

    fn try_say(&self, text: String) {
        if self.phase.try_get_untracked().is_some() {
            self.say(text);
        }
    }
}

fn spec(detail: ConnectorDetail) -> ConnectorSpec {
    let ConnectorDetail {
        name,
        title,
        version,
        categories,
        summary,
        icon,
        service,
        operations,
        triggers,
    } = detail;
    ConnectorSpec {
        name,
        title,
        version,
        summary,
        categories,
        icon,
        service,
        operations: operations.into_iter().map(operation).collect(),
        triggers: triggers.into_iter().map(operation).collect(),
    }
}

fn operation(detail: OperationDetail) -> OperationSpec {
    let OperationDetail {
        name,
        title,
        summary,
        group,
        operation_id,
        kind,
        scopes,
        repeatable,
        irreversible,
        deprecated,
        hidden,
        needs_authentication,
        keywords,
        inputs,
        output,
        examples,
    } = detail;
    OperationSpec {
        name,
        title,
        summary,
        group,
        operation_id,
        kind,
        scopes,
        needs_authentication,
        repeatable,
        reads: false,
        irreversible,
        deprecated,
        hidden,
        keywords,
        inputs: inputs.unwrap_or_default(),
        output: output.unwrap_or_default(),
        examples,
    }
}
