//! Checking the document a moment after each change, without waiting for the server.

use super::BuilderState;
use leptos::prelude::*;
use patchbay_api::authentications::Authentication;
use patchbay_model::{
    check::{self, Context, KnownAuthentication},
    document::Workflow,
    reach::{Known, Shaped},
    spec::{Catalog, ConnectorSpec, MethodKind},
};
use std::{sync::Arc, time::Duration};

/// How long after the last change it is checked, in milliseconds.
const DEBOUNCE: u64 = 120;

impl BuilderState {
    /// Keeps `problems` up to date while the document changes.
    pub(in crate::builder) fn check_after_edits(&self) {
        let state = *self;
        let known = Memo::new(move |_| Facts(Arc::new(state.known())));
        Effect::new(move |_| {
            state.workflow.track();
            state.specs.track();
            state.authentications.track();
            known.track();
            let asked = state.checks_asked.try_update_value(|asked| {
                *asked += 1;
                *asked
            });
            set_timeout(
                move || {
                    if asked.is_some() && state.checks_asked.try_get_value() == asked {
                        state.check(&known.get_untracked().0);
                    }
                },
                Duration::from_millis(DEBOUNCE),
            );
        });
    }

    /// Schemas worked out by the service and what the steps gave last, for checks and the connector-snake. Tracked.
    pub fn known(&self) -> Known {
        let shaped = self.shapes.with(|shapes| {
            let shaped = shapes.iter().map(|(step, shape)| {
                let shape = Shaped {
                    inputs: Some(shape.inputs.clone()),
                    output: Some(shape.output.clone()),
                };
                (step.clone(), shape)
            });
            shaped.collect()
        });
        let samples = self.samples.with(|samples| {
            samples
                .steps
                .iter()
                .map(|(step, sample)| (step.clone(), sample.clone()))
                .collect()
        });
        Known { shaped, samples }
    }

    fn check(&self, known: &Known) {
        let authentications: Vec<KnownAuthentication> = self
            .authentications
            .with_untracked(|all| all.iter().map(known_authentication).collect());
        let problems = self.specs.with_untracked(|specs| {
            self.workflow.with_untracked(|workflow| {
                // With half a catalogue every step of the other half would look wrong; until then the server's word holds.
                is_complete(workflow, specs).then(|| {
                    let authentications = self
                        .authentications_known
                        .get_value()
                        .then_some(authentications.as_slice());
                    check::check(
                        workflow,
                        specs,
                        &Context {
                            authentications,
                            known: Some(known),
                        },
                    )
                })
            })
        });
        if let Some(problems) = problems
            && self.problems.with_untracked(|before| *before != problems)
        {
            self.problems.set(problems);
        }
    }
}

/// Facts that are new whenever they are made again: comparing them would cost more than a check.
#[derive(Clone)]
struct Facts(Arc<Known>);

impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

fn is_complete(workflow: &Workflow, specs: &Vec<ConnectorSpec>) -> bool {
    specs.connector(&workflow.trigger.connector).is_some()
        && workflow
            .all_steps()
            .all(|visit| specs.connector(&visit.step.connector).is_some())
}

fn known_authentication(authentication: &Authentication) -> KnownAuthentication {
    KnownAuthentication {
        id: authentication.id.clone(),
        name: authentication.name.clone(),
        service: authentication.service.clone(),
        // Nobody knows what a pasted token may do.
        scopes: (authentication.method == MethodKind::Oauth2)
            .then(|| authentication.scopes.clone()),
    }
}
