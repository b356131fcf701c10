//! The client's transport while rendering: the router itself, with the asker's cookie.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request},
};
use http::{HeaderValue, header};
use patchbay_api::transport::{Answer, Request as ApiRequest, Response, Transport, TransportError};
use std::net::SocketAddr;
use tower::ServiceExt;

/// An answer larger than this does not belong into a page.
const LARGEST: usize = 32 * 1024 * 1024;

/// Calls the API without leaving the process.
pub(crate) struct RouterTransport {
    router: Router,
    cookies: Vec<HeaderValue>,
    forwarded: bool,
    peer: Option<SocketAddr>,
}

impl RouterTransport {
    /// Asks as whoever sent `request`.
    pub(crate) fn on_behalf_of(router: Router, request: &Request) -> Self {
        Self {
            router,
            cookies: request
                .headers()
                .get_all(header::COOKIE)
                .iter()
                .cloned()
                .collect(),
            forwarded: crate::extract::is_forwarded(request.headers()),
            peer: request
                .extensions()
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0),
        }
    }
}

impl Transport for RouterTransport {
    fn send(&self, request: ApiRequest) -> Answer<'_> {
        let router = self.router.clone();
        Box::pin(async move {
            let fail = |error: &dyn std::fmt::Display| TransportError(error.to_string());
            let mut call = Request::builder()
                .method(request.method)
                .uri(&request.path)
                .header("sec-fetch-site", "same-origin");
            for (name, value) in &request.headers {
                call = call.header(*name, value);
            }
            for cookie in &self.cookies {
                call = call.header(header::COOKIE, cookie);
            }
            if self.forwarded {
                call = call.header("x-forwarded-for", "unknown");
            }
            if request.body.is_some() {
                call = call.header(header::CONTENT_TYPE, "application/json");
            }
            let mut call = call
                .body(request.body.map_or_else(Body::empty, Body::from))
                .map_err(|error| fail(&error))?;
            if let Some(peer) = self.peer {
                call.extensions_mut().insert(ConnectInfo(peer));
            }
            let answer = match router.oneshot(call).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body(), LARGEST)
                .await
                .map_err(|error| fail(&error))?
                .to_vec();
            Ok(Response { status, body })
        })
    }
}
