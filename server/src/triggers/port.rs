//! What a connector's trigger does at its service: register, renew, remove, and make runs of what is delivered.
//!
//! An adapter is found by the name of its connector ([`super::adapters::find`]). The rest (when it is called, what is
//! remembered, retries, the status that people see) is the same for all of them.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use patchbay_engine::port::BoxFuture;
use patchbay_model::{
    Json, JsonMap,
    id::{AuthenticationId, OrganisationId, PersonId, WorkflowId},
};

use crate::state::App;

/// A trigger that a service calls.
pub(crate) trait ServiceTrigger: Send + Sync + 'static {
    /// Asks the service to call `at.delivery_url`. Deliveries may arrive before this returns: [`Self::receive`] then
    /// gets no registration. `previous` is what an earlier registration left, if it was not removed.
    fn register<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        previous: Option<Json>,
    ) -> BoxFuture<'a, Result<Registered, Refusal>>;

    /// Called at `renew_at`, and after a start of the server when that has passed. An adapter that finds that the
    /// service has dropped the registration makes a new one.
    fn renew<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        registration: Json,
    ) -> BoxFuture<'a, Result<Registered, Refusal>>;

    /// Ends the registration; one that is gone already is fine.
    fn remove<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        registration: Json,
    ) -> BoxFuture<'a, Result<(), Refusal>>;

    /// Checks a delivery, says what to answer and which runs it starts. Must not wait for anything.
    fn receive(&self, at: &Place, registration: Option<&Json>, delivery: &Delivery) -> Receipt;
}

/// Which trigger of which workflow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub workflow: WorkflowId,
    pub organisation: OrganisationId,
    /// Who enabled it: calls are made on their behalf.
    pub person: Option<PersonId>,
    /// The published one.
    pub revision: i64,
    pub connector: String,
    pub operation: String,
    pub auth: Option<AuthenticationId>,
    /// Paths to `$.config` are resolved.
    pub inputs: JsonMap,
    /// Where the service delivers to.
    pub delivery_url: String,
}

/// A registration at a service. No `Debug`: it may hold a secret.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Registered {
    /// Whatever the adapter needs later: ids, a verification token. It is stored sealed and shown to nobody.
    pub registration: Json,
    /// When [`ServiceTrigger::renew`] is called, in unix milliseconds.
    pub renew_at: Option<i64>,
}

/// Why the service did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// A sentence for people: what is wrong and what to do.
    pub message: String,
    /// Whether trying again later may help; then it is tried with growing pauses.
    pub temporary: bool,
}

/// A request to the delivery address.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub method: Method,
    pub headers: HeaderMap,
    /// As in the address, without the question mark.
    pub query: String,
    pub body: Bytes,
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Receipt {
    /// Sent when all runs are durable.
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The runs to start.
    pub runs: Vec<Input>,
    /// Why it was turned away, for the trigger's status.
    pub trouble: Option<String>,
    /// Ask [`ServiceTrigger::renew`] soon: the service says that something is wrong with the registration.
    pub renew: bool,
}

/// One run to start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    /// A second delivery with the same id starts no second run.
    pub delivery: Option<String>,
    /// The trigger's output.
    pub output: Json,
}

impl Receipt {
    /// An answer without a run.
    pub(crate) fn answer(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            runs: Vec::new(),
            trouble: None,
            renew: false,
        }
    }

    /// 200 and these runs.
    pub(crate) fn accept(runs: Vec<Input>) -> Self {
        Self {
            runs,
            ..Self::answer(StatusCode::OK)
        }
    }

    /// Turned away, with the reason for the trigger's status.
    pub(crate) fn refuse(status: StatusCode, why: impl Into<String>) -> Self {
        Self {
            trouble: Some(why.into()),
            ..Self::answer(status)
        }
    }
}
