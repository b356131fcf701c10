//! The transport over real HTTP, with an API token.

use crate::transport::{Answer, Request, Response, Transport, TransportError};

/// Talks to a server at a base address.
pub struct HttpTransport {
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl HttpTransport {
    /// `base` is the server's address without a trailing slash: `http://127.0.0.1:4600`.
    ///
    /// # Errors
    /// When the TLS set-up of this machine cannot be used.
    pub fn new(base: &str, token: Option<String>) -> Result<Self, TransportError> {
        // Fails only when a provider is installed already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .build()
            .map_err(|error| TransportError(error.to_string()))?;
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            token,
            client,
        })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            let method = reqwest::Method::from_bytes(request.method.as_bytes())
                .map_err(|error| TransportError(error.to_string()))?;
            let mut call = self
                .client
                .request(method, format!("{}{}", self.base, request.path));
            if let Some(token) = &self.token {
                call = call.bearer_auth(token);
            } else {
                call = call.header("origin", &self.base);
            }
            for (name, value) in request.headers {
                call = call.header(name, value);
            }
            if let Some(body) = request.body {
                call = call.header("content-type", "application/json").body(body);
            }
            let answer = call
                .send()
                .await
                .map_err(|error| TransportError(error.to_string()))?;
            let status = answer.status().as_u16();
            let body = answer
                .bytes()
                .await
                .map_err(|error| TransportError(error.to_string()))?
                .to_vec();
            Ok(Response { status, body })
        })
    }
}
