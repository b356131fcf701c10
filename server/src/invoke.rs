//! The engine's hands: looks an operation up, gets its credential, lets the kit carry it out.

use patchbay_engine::port::{BoxFuture, Call, Invoke};
use patchbay_kit::Invocation;
use patchbay_model::{Json, event::StepError};
use patchbay_store::RunScope;
use std::sync::{Arc, OnceLock};

use crate::{
    credentials::{self, Asker},
    state::App,
};

/// Filled with the app once that exists: the app owns the runner, which owns this.
#[derive(Clone, Default)]
pub(crate) struct Hands(Arc<OnceLock<App>>);

impl Hands {
    /// From here on calls can be made.
    pub(crate) fn give(&self, app: App) {
        // One app per process: a second one is the same.
        let _ = self.0.set(app);
    }
}

impl Invoke for Hands {
    fn invoke<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            let app = self.0.get().ok_or_else(|| StepError {
                code: "internal".to_owned(),
                message: "The server is still starting.".to_owned(),
                retryable: true,
                ..StepError::default()
            })?;
            let scope = RunScope {
                organisation: call.organisation.clone(),
                person: call.person.clone(),
            };
            credentials::call(
                app,
                Asker::Run(&scope),
                &call.connector,
                call.auth.as_ref(),
                |access| {
                    app.kit().invoke(Invocation {
                        connector: call.connector.clone(),
                        operation: call.operation.clone(),
                        inputs: call.inputs.clone(),
                        credential: access.credential,
                        target: access.target,
                        idempotency_key: Some(call.idempotency_key.clone()),
                    })
                },
            )
            .await
        })
    }

    fn call_workflow<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            let app = self.0.get().ok_or_else(|| StepError {
                code: "internal".to_owned(),
                message: "The server is still starting.".to_owned(),
                retryable: true,
                ..StepError::default()
            })?;
            crate::called::call(app, call).await
        })
    }
}
