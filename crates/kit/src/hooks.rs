//! What a service needs that its manifest cannot say. Every method defaults to "nothing special".

use crate::{
    credential::Credential,
    http::Request,
    interpret::{Call, Wanted},
    secret::Secret,
};
use http::HeaderMap;
use patchbay_model::{Json, event::StepError};
use std::{future::Future, pin::Pin};

/// A boxed future, so that hooks can be trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A connector's `hooks.rs` implements this and offers it as `pub(crate) fn hooks() -> impl Hooks`.
pub trait Hooks: Send + Sync + 'static {
    /// Authenticates a request; by default in the way the credential's kind says.
    fn sign(&self, request: &mut Request, credential: &Credential) -> Result<(), StepError> {
        credential.apply(&mut request.headers)
    }

    /// Reads facts from a token answer, such as the signed-in account's id.
    fn connected(&self, token: &Json) -> Vec<Fact> {
        let _ = token;
        Vec::new()
    }

    /// Reads a call from the service: checks where it comes from, answers a handshake, says which events it brings.
    fn receive(&self, incoming: &Incoming, secret: Option<&Secret>) -> Result<Received, StepError> {
        let _ = secret;
        let output = serde_json::from_slice(&incoming.body).unwrap_or(Json::Null);
        Ok(Received {
            events: vec![Arrival { id: None, output }],
            ..Received::default()
        })
    }

    /// Does an operation that is marked `hook = true`. None: this connector does not know the operation.
    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        let _ = call;
        Box::pin(async { None })
    }
}

/// The hooks of a connector that needs none.
pub struct NoHooks;

impl Hooks for NoHooks {}

/// Something worth knowing about an authentication, shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `account_id`.
    pub name: String,
    pub value: String,
}

/// A call from a service.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    pub method: http::Method,
    pub headers: HeaderMap,
    pub query: Vec<(String, String)>,
    pub body: bytes::Bytes,
    /// What the service was asked to tell; empty while it is being asked.
    pub wanted: Vec<Wanted>,
}

/// What a call from a service means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Received {
    /// Each starts a run.
    pub events: Vec<Arrival>,
    /// Headers that the answer must have (a handshake).
    pub answer_headers: Vec<(String, String)>,
    /// The service says that it is about to stop calling.
    pub ends_soon: bool,
}

/// One event that a service has told of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrival {
    /// The same whenever the service tells of it again.
    pub id: Option<String>,
    /// What the trigger gives.
    pub output: Json,
}
