//! How requests reach the server: `fetch` in the browser, the router in process while rendering, HTTP elsewhere.

use std::{future::Future, pin::Pin};

/// One request to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// From `/api/v1` on, with the query.
    pub path: String,
    /// Beyond `content-type` and what the transport adds for signing in.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Option<Vec<u8>>,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

/// The server could not be reached, or broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// The future of an answer. In the browser it is `Send` because there is one thread only.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// Carries one request to the server.
pub trait Transport: Send + Sync {
    fn send(&self, request: Request) -> Answer<'_>;
}
