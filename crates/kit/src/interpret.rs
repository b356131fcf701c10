//! Carries out operations: checks inputs, makes requests, reads answers.

mod address;
mod anywhere;
mod ask;
mod builtin;
mod cache;
mod call;
mod gate;
mod inputs;
mod multipart;
mod options;
mod page;
mod problem;
mod request;
mod response;
mod shape;
mod trigger;

pub use ask::Ask;
pub use call::Call;
pub use inputs::{invalid, kind_name, pointer_to, shown};
pub use options::Choice;
pub use trigger::{Steps, Wanted};

use crate::{
    catalog::{Catalog, ConnectorPlan},
    credential::Credential,
    http::Transport,
    manifest::operation::Operation,
    suggest::did_you_mean,
};
use cache::Cache;
use gate::Gate;
use patchbay_model::{
    Json,
    event::StepError,
    spec::{Catalog as Lookup, OperationSpec},
};
use std::sync::Arc;

/// Carries out the operations of the installed connectors. One per process: it holds the rate-limit gates and the
/// short memory behind drop-downs.
pub struct Kit {
    catalog: Arc<Catalog>,
    transport: Arc<dyn Transport>,
    gate: Gate,
    cache: Cache,
}

/// One operation to carry out once.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    pub connector: String,
    pub operation: String,
    /// An object of plain values, without paths.
    pub inputs: Json,
    pub credential: Option<Credential>,
    pub target: Target,
    /// The same for every attempt; sent where the service knows such a thing.
    pub idempotency_key: Option<String>,
}

/// Which deployment of the service is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The environment's base URL; every address of the connector then moves to its origin, and the credential is
    /// sent to that origin alone.
    pub base_url: Option<String>,
}

/// A question about a field or a form: whose data, and what is filled in so far.
#[derive(Debug, Clone)]
pub struct Question {
    pub connector: String,
    pub operation: String,
    /// What is filled in so far; it may be incomplete.
    pub inputs: Json,
    pub credential: Option<Credential>,
    pub target: Target,
}

/// What every part of one invocation needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    kit: &'a Kit,
    plan: &'a ConnectorPlan,
    spec: &'a OperationSpec,
    operation: &'a Operation,
    connector: &'a str,
    credential: Option<&'a Credential>,
    target: &'a Target,
    idempotency_key: Option<&'a str>,
}

impl Kit {
    /// Over a transport, which is [`crate::http::Http`] outside of tests.
    pub fn new(catalog: Arc<Catalog>, transport: Arc<dyn Transport>) -> Self {
        Self {
            catalog,
            transport,
            gate: Gate::default(),
            cache: Cache::default(),
        }
    }

    /// The installed connectors.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Carries out an operation once and gives its output.
    ///
    /// Errors say what is wrong, where, and what to do. Codes: `unknown_operation`, `missing_authentication`,
    /// `missing_value`, `invalid_input`, `unauthenticated` (refresh the token and try once more), `missing_scope`,
    /// `forbidden`, `not_found`, `rate_limited` (with `retry_after_ms`), `service_unavailable`,
    /// `service_unreachable`, `timeout`, `connection_broken`, `private_network`, `invalid_address`,
    /// `foreign_host`, `bad_answer`, `answer_too_large`, `http_status`.
    pub async fn invoke(&self, invocation: Invocation) -> Result<Json, StepError> {
        let Invocation {
            connector,
            operation,
            inputs,
            credential,
            target,
            idempotency_key,
        } = invocation;
        let context = self.context(&connector, &operation, credential.as_ref(), &target)?;
        if context.spec.needs_authentication && credential.is_none() {
            return Err(StepError {
                code: "missing_authentication".to_owned(),
                message: format!(
                    "\"{}\" needs an authentication. Choose one in the Authenticate tab.",
                    context.spec.title
                ),
                ..StepError::default()
            });
        }
        let mut inputs = inputs::checked(&context.spec.inputs, inputs)?;
        address::shorten(&context.operation.input, &mut inputs);
        let context = Context {
            idempotency_key: idempotency_key.as_deref(),
            ..context
        };
        context.run(inputs).await
    }

    fn context<'a>(
        &'a self,
        connector: &'a str,
        operation: &str,
        credential: Option<&'a Credential>,
        target: &'a Target,
    ) -> Result<Context<'a>, StepError> {
        let unknown = |message: String| StepError {
            code: "unknown_operation".to_owned(),
            message,
            ..StepError::default()
        };
        let Some(plan) = self.catalog.plan(connector) else {
            let hint = did_you_mean(connector, self.catalog.names());
            return Err(unknown(format!(
                "There is no connector \"{connector}\".{hint}"
            )));
        };
        let Some(found) = plan.operation(operation) else {
            let hint = did_you_mean(operation, plan.names());
            return Err(unknown(format!(
                "Connector \"{connector}\" has no operation \"{operation}\".{hint}"
            )));
        };
        Ok(Context {
            kit: self,
            plan,
            spec: &found.spec,
            operation: &found.manifest,
            connector,
            credential,
            target,
            idempotency_key: None,
        })
    }
}

impl Context<'_> {
    async fn run(self, inputs: patchbay_model::JsonMap) -> Result<Json, StepError> {
        if let Some(request) = &self.operation.request {
            return page::run(self, request, inputs).await;
        }
        if let Some(built_in) = self.operation.built_in {
            return builtin::run(self, built_in, inputs).await;
        }
        if self.operation.hook
            && let Some(hooks) = &self.plan.hooks
            && let Some(result) = hooks.run(Call::new(self, inputs)).await
        {
            return result;
        }
        Err(StepError {
            code: "unknown_operation".to_owned(),
            message: format!(
                "\"{}\" is not carried out by its connector.",
                self.spec.title
            ),
            ..StepError::default()
        })
    }

    /// The service's name as people know it.
    fn service_title(self) -> String {
        let title = self
            .plan
            .manifest
            .service
            .as_ref()
            .map(|service| service.title.clone());
        title.unwrap_or_else(|| self.plan.manifest.title.clone())
    }
}

#[cfg(test)]
mod tests;
