//! Requests to the outside world: the only file that knows the HTTP library.
//!
//! Every request, and every redirect it meets, is checked against private networks, both as written and as the name
//! resolves. Redirects are followed here, so that a secret never travels to another origin.

pub mod private;
pub mod problem;

use crate::hooks::BoxFuture;
use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION,
        TRANSFER_ENCODING,
    },
};
use problem::{HttpError, MAX_REDIRECTS};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// How requests are made.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Whether addresses of private networks may be called.
    pub allow_private_network: bool,
    /// Origins that may be called although they are private: `http://127.0.0.1:4610`, the demo's sandbox.
    pub allowed_origins: Vec<String>,
    /// `Patchbay/0.1.0`.
    pub user_agent: String,
    pub connect_timeout: Duration,
    /// From sending a request to the end of its answer.
    pub timeout: Duration,
    /// The largest answer, in bytes, after decompression.
    pub max_answer: usize,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            allow_private_network: false,
            allowed_origins: Vec::new(),
            user_agent: concat!("Patchbay/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            max_answer: 64 * 1024 * 1024,
        }
    }
}

/// A request as plain data.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    /// A value that is marked sensitive is dropped on a redirect to another origin.
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Instead of the usual one.
    pub timeout: Option<Duration>,
    /// Whether a redirect is the answer, instead of being followed.
    pub stays: bool,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: None,
            stays: false,
        }
    }
}

/// An answer as plain data.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Where it came from, after redirects.
    pub url: Url,
}

impl Response {
    /// A header's text, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type without parameters, in lower case; empty if there is none.
    pub fn content_type(&self) -> String {
        let text = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase()
    }
}

/// Sends requests; the tests replay recorded answers instead.
pub trait Transport: Send + Sync + 'static {
    /// Sends one request, following redirects.
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, HttpError>>;

    /// Whether a secret may go to this address without encryption, because an administrator allowed its network.
    fn may_be_plain(&self, url: &Url) -> bool {
        let _ = url;
        false
    }
}

/// The real transport. Cheap to clone; connections are shared and kept open.
#[derive(Clone)]
pub struct Http {
    options: Arc<HttpOptions>,
    allowed: Arc<[url::Origin]>,
    /// Resolves names to public addresses only.
    guarded: reqwest::Client,
    /// For what is allowed although it is private.
    open: reqwest::Client,
}

/// Why requests cannot be made at all.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// Not an address.
    #[error("`{0}` is not the origin of a service; write for example http://127.0.0.1:4610")]
    Origin(String),
    /// The library refuses.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl Http {
    /// Sets up connections, once for a whole process.
    pub fn new(options: HttpOptions) -> Result<Self, SetUpError> {
        // Fails when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let origin = |text: &String| {
            Url::parse(text)
                .map(|url| url.origin())
                .map_err(|_| SetUpError::Origin(text.clone()))
        };
        let allowed = options
            .allowed_origins
            .iter()
            .map(origin)
            .collect::<Result<Vec<_>, _>>()?;
        // Reading the machine's root certificates takes its time, so it is done no oftener than needed.
        let encrypted = options.allow_private_network
            || options
                .allowed_origins
                .iter()
                .any(|origin| origin.starts_with("https"));
        let (guarded, open) = if options.allow_private_network {
            let open = client(&options, false, true)?;
            (open.clone(), open)
        } else {
            (
                client(&options, true, true)?,
                client(&options, false, encrypted)?,
            )
        };
        Ok(Self {
            options: Arc::new(options),
            allowed: allowed.into(),
            guarded,
            open,
        })
    }

    /// Sends one request as it is, without following redirects; for the exchange of tokens.
    pub async fn send_raw(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, HttpError> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let url = Url::parse(&url)
            .map_err(|error| HttpError::BadAddress(format!("`{url}` is no address: {error}")))?;
        let request = Request {
            method: parts.method,
            url,
            headers: parts.headers,
            body: body.into(),
            timeout: None,
            stays: true,
        };
        let response = self.hop(&request).await?;
        let mut answer = http::Response::new(response.body.to_vec());
        *answer.status_mut() = http::StatusCode::from_u16(response.status).map_err(|error| {
            HttpError::BadAddress(format!("the answer has no valid status: {error}"))
        })?;
        *answer.headers_mut() = response.headers;
        Ok(answer)
    }

    /// Whether requests to this address may be made, as far as the address itself tells.
    pub fn check(&self, url: &Url) -> Result<(), HttpError> {
        self.client_for(url).map(|_| ())
    }

    fn is_allowed_private(&self, url: &Url) -> bool {
        self.options.allow_private_network || self.allowed.contains(&url.origin())
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, HttpError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(HttpError::BadAddress(format!(
                "`{url}` must begin with https:// or http://"
            )));
        }
        if self.is_allowed_private(url) {
            return Ok(&self.open);
        }
        let address = match url.host() {
            None => return Err(HttpError::BadAddress(format!("`{url}` names no host"))),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                if name == "localhost" || name.ends_with(".localhost") {
                    return Err(HttpError::PrivateNetwork(name.to_owned()));
                }
                return Ok(&self.guarded);
            }
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        if private::is_private(address) {
            return Err(HttpError::PrivateNetwork(address.to_string()));
        }
        Ok(&self.guarded)
    }

    /// One request, without following a redirect.
    async fn hop(&self, request: &Request) -> Result<Response, HttpError> {
        let host = request.url.host_str().unwrap_or_default();
        let timeout = request.timeout.unwrap_or(self.options.timeout);
        let client = self.client_for(&request.url)?;
        let sent = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .timeout(timeout)
            .body(request.body.clone())
            .send()
            .await;
        let mut answer = sent.map_err(|error| explain(host, timeout, &error))?;
        let mut body =
            BytesMut::with_capacity(answer.content_length().unwrap_or(0).min(1 << 20) as usize);
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| explain(host, timeout, &error))?
        {
            if body.len() + chunk.len() > self.options.max_answer {
                let megabytes = self.options.max_answer / (1024 * 1024);
                return Err(HttpError::TooLarge {
                    host: host.to_owned(),
                    megabytes,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status: answer.status().as_u16(),
            url: request.url.clone(),
            headers: std::mem::take(answer.headers_mut()),
            body: body.freeze(),
        })
    }
}

impl patchbay_vault::oauth::TokenTransport for Http {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, String>> {
        Box::pin(async move {
            self.send_raw(request)
                .await
                .map_err(|error| error.to_string())
        })
    }
}

impl Transport for Http {
    fn may_be_plain(&self, url: &Url) -> bool {
        self.is_allowed_private(url)
    }

    fn send<'a>(&'a self, mut request: Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        Box::pin(async move {
            for _ in 0..=MAX_REDIRECTS {
                let response = self.hop(&request).await?;
                if request.stays {
                    return Ok(response);
                }
                match redirected(&request, &response)? {
                    Some(next) => request = next,
                    None => return Ok(response),
                }
            }
            Err(HttpError::TooManyRedirects {
                host: request.url.host_str().unwrap_or_default().to_owned(),
            })
        })
    }
}

/// The request that a redirect asks for; none if the answer is no redirect.
///
/// 303 always becomes GET, 301 and 302 do so for POST, 307 and 308 keep method and body. Another origin gets neither
/// secrets nor cookies, and an https address never leads to an http one.
fn redirected(request: &Request, response: &Response) -> Result<Option<Request>, HttpError> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.header(LOCATION.as_str()) else {
        return Ok(None);
    };
    let url = request.url.join(location).map_err(|_| {
        HttpError::BadAddress(format!(
            "the service redirected to `{location}`, which is no address"
        ))
    })?;
    if request.url.scheme() == "https" && url.scheme() != "https" {
        return Err(HttpError::BadAddress(format!(
            "the service redirected to {url}, which is not encrypted"
        )));
    }
    let mut next = Request {
        url,
        ..request.clone()
    };
    let becomes_get = match response.status {
        303 => request.method != Method::HEAD,
        301 | 302 => request.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        next.method = Method::GET;
        next.body = Bytes::new();
        for name in [
            CONTENT_TYPE,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            TRANSFER_ENCODING,
        ] {
            next.headers.remove(name);
        }
    }
    if next.url.origin() != request.url.origin() {
        let secret: Vec<_> = next
            .headers
            .iter()
            .filter(|(_, value)| value.is_sensitive())
            .map(|(name, _)| name.clone())
            .collect();
        for name in secret.into_iter().chain([AUTHORIZATION, COOKIE]) {
            next.headers.remove(name);
        }
    }
    Ok(Some(next))
}

fn client(
    options: &HttpOptions,
    guarded: bool,
    certificates: bool,
) -> Result<reqwest::Client, SetUpError> {
    let agent = HeaderValue::from_str(&options.user_agent)
        .map_err(|error| SetUpError::Client(error.to_string()))?;
    let build = |certificates: bool| {
        let mut builder = reqwest::Client::builder()
            .user_agent(agent.clone())
            .connect_timeout(options.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(30))
            .no_proxy();
        if guarded {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        if !certificates {
            builder = builder.tls_certs_only([]);
        }
        builder.build()
    };
    if !certificates {
        return build(false).map_err(|error| SetUpError::Client(error.to_string()));
    }
    build(true).or_else(|error| {
        tracing::warn!(%error, "this machine has no root certificates, so https cannot work; install ca-certificates");
        build(false).map_err(|error| SetUpError::Client(error.to_string()))
    })
}

/// Resolves names like everybody, and leaves out private addresses.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| !private::is_private(address.ip()))
                .collect();
            if public.is_empty() && !found.is_empty() {
                return Err(
                    Box::new(HttpError::PrivateNetwork(name.as_str().to_owned()))
                        as Box<dyn Error + Send + Sync>,
                );
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn explain(host: &str, timeout: Duration, error: &reqwest::Error) -> HttpError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    let mut reason = error.to_string();
    while let Some(inner) = cause {
        if let Some(HttpError::PrivateNetwork(name)) = inner.downcast_ref::<HttpError>() {
            return HttpError::PrivateNetwork(name.clone());
        }
        reason = inner.to_string();
        cause = inner.source();
    }
    let host = host.to_owned();
    if error.is_connect() {
        let reason = if error.is_timeout() {
            "no connection in time".to_owned()
        } else {
            reason
        };
        HttpError::Unreachable { host, reason }
    } else if error.is_timeout() {
        HttpError::TooSlow {
            host,
            seconds: timeout.as_secs().max(1),
        }
    } else if error.is_builder() {
        HttpError::BadAddress(format!("the request cannot be sent: {reason}"))
    } else {
        HttpError::Broken { host, reason }
    }
}

#[cfg(test)]
mod tests;
