//! A request and a reply as plain values, so that everything behind the router is ordinary,
//! synchronous code.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// One request with everything an answer may depend on.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// As it came, still percent-encoded.
    pub(crate) path: String,
    pub(crate) query_text: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// `http://host:port` as the caller addressed us; every link we hand out starts with it.
    pub(crate) origin: String,
    pub(crate) now: Timestamp,
    /// How a delivery address that the request names answered, if it was tried.
    pub(crate) handshake: Option<Result<(), String>>,
}

impl Request {
    pub(crate) fn new(parts: &axum::http::request::Parts, body: Bytes, now: Timestamp) -> Self {
        let host = parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .or_else(|| parts.uri.authority().map(|authority| authority.as_str()))
            .unwrap_or("127.0.0.1");
        let query_text = parts.uri.query().unwrap_or_default().to_owned();
        Self {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: pairs(query_text.as_bytes()),
            query_text,
            headers: parts.headers.clone(),
            body,
            origin: format!("http://{host}"),
            now,
            handshake: None,
        }
    }

    /// The path cut at its slashes, each piece decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path
            .split('/')
            .skip(1)
            .map(|piece| percent_decode_str(piece).decode_utf8_lossy().into_owned())
            .collect()
    }

    /// The first value of a query parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// Every value of a repeated query parameter.
    pub(crate) fn params(&self, name: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body read as a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// The body read as JSON; the error says where it went wrong.
    pub(crate) fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.body).map_err(|error| error.to_string())
    }

    /// The access token of `Authorization: Bearer …`, or of the query as both services still allow.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let sent = self.header("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        sent.or_else(|| self.param("access_token"))
    }

    /// Client id and secret of `Authorization: Basic …`.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let (scheme, encoded) = self.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some((plain(id), plain(secret)))
    }
}

/// The first value under `name`.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

/// `application/x-www-form-urlencoded` text as pairs in order.
pub(crate) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

/// Pairs as `application/x-www-form-urlencoded` text.
pub(crate) fn encode(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(
            status,
            "application/json; charset=UTF-8",
            value.to_string().into_bytes(),
        )
    }

    pub(crate) fn ok(value: &Value) -> Self {
        Self::json(200, value)
    }

    pub(crate) fn html(status: u16, page: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", page.into_bytes())
            .header(
                "content-security-policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                 img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
            )
            .header("cache-control", "no-store")
            .header("referrer-policy", "no-referrer")
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            headers: vec![
                ("location", to.to_owned()),
                ("cache-control", "no-store".to_owned()),
            ],
            body: Vec::new(),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            // A header we cannot write is one we were asked to echo; leaving it out is the safe end.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response
                    .headers_mut()
                    .append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
