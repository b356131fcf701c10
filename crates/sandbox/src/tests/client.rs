//! A client for the tests: sends requests into the router and clicks through the sign-in pages.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use crate::{Config, ManualClock, RateLimits, Sandbox};

/// The redirect address the tests register implicitly.
pub(super) const CALLBACK: &str = "http://127.0.0.1:4600/oauth/callback";

/// Verifier and S256 challenge of RFC 7636's example.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A sandbox whose clock stands at noon of a fixed day.
pub(super) struct Bench {
    pub(super) sandbox: Sandbox,
    pub(super) clock: Arc<ManualClock>,
}

/// What came back.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Got {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The JSON of an answer that must be a success.
    pub(super) fn fine(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(|config| config.rate_limits = RateLimits::unlimited())
    }

    pub(super) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-04T12:00:00Z".parse().unwrap()));
        let mut config = Config {
            clock: Arc::clone(&clock) as Arc<dyn crate::Clock>,
            ..Config::default()
        };
        change(&mut config);
        Self {
            sandbox: Sandbox::new(config),
            clock,
        }
    }

    pub(super) fn send(&self, request: Request<Body>) -> Got {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = self.sandbox.router().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            Got {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
            }
        })
    }

    pub(super) fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Got {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:4610");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap())
    }

    pub(super) fn get(&self, path: &str, token: &str) -> Got {
        self.call("GET", path, token, None)
    }

    pub(super) fn post(&self, path: &str, token: &str, body: Value) -> Got {
        self.call("POST", path, token, Some(body))
    }

    pub(super) fn form(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(
            Request::builder()
                .method("POST")
                .uri(path)
                .header("host", "127.0.0.1:4610")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap(),
        )
    }

    /// A token request with the client's own id and secret.
    pub(super) fn token(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut all = vec![
            ("client_id", "patchbay-demo"),
            ("client_secret", "patchbay-demo-secret"),
        ];
        all.extend_from_slice(fields);
        self.form(path, &all)
    }

    /// Clicks through both pages and gives what the app is sent back with.
    pub(super) fn sign_in(&self, authorize: &str, person: &str, scopes: &[&str]) -> Back {
        let page = self.get(authorize, "");
        assert_eq!(page.status, 200, "{}", page.text());
        let service = if authorize.starts_with("/restapi") {
            "/restapi/oauth"
        } else {
            "/o/oauth2/v2"
        };
        let handle = hidden(&page.text());
        let consent = self.form(
            &format!("{service}/sign-in"),
            &[("request", &handle), ("person", person)],
        );
        if consent.status == 302 {
            return Back::of(&consent);
        }
        assert_eq!(consent.status, 200, "{}", consent.text());
        let mut fields = vec![("request", handle.as_str())];
        if scopes == ["refuse"] {
            fields.push(("decision", "refuse"));
        } else {
            fields.push(("decision", "allow"));
            fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
        }
        Back::of(&self.form(&format!("{service}/consent"), &fields))
    }

    /// A RingCentral token answer for a person with these permissions.
    pub(super) fn ringcentral(&self, person: &str, scopes: &[&str]) -> Value {
        let back = self.sign_in(&ringcentral_authorize(&scopes.join(" ")), person, scopes);
        self.token(
            "/restapi/oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", &back.get("code")),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
        )
        .fine()
    }

    /// A Google token answer for a person with these scopes, given without their prefix.
    pub(super) fn google(&self, person: &str, scopes: &[&str]) -> Value {
        let scopes: Vec<String> = scopes
            .iter()
            .map(|scope| format!("https://www.googleapis.com/auth/{scope}"))
            .collect();
        let ticked: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let back = self.sign_in(&google_authorize(&scopes.join(" "), ""), person, &ticked);
        self.token(
            "/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", &back.get("code")),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
        )
        .fine()
    }
}

/// The query of the address the browser was sent back to.
pub(super) struct Back(Vec<(String, String)>);

impl Back {
    fn of(got: &Got) -> Self {
        assert_eq!(got.status, 302, "{}", got.text());
        let url = Url::parse(got.header("location")).unwrap();
        assert_eq!(url.path(), "/oauth/callback");
        Self(url.query_pairs().into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> String {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }
}

/// The handle of a sign-in page.
pub(super) fn hidden(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"request\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub(super) fn ringcentral_authorize(scopes: &str) -> String {
    address(
        "/restapi/oauth/authorize",
        &[
            ("response_type", "code"),
            ("client_id", "patchbay-demo"),
            ("redirect_uri", CALLBACK),
            ("state", "s t&1"),
            ("scope", scopes),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ],
    )
}

pub(super) fn google_authorize(scopes: &str, prompt: &str) -> String {
    address(
        "/o/oauth2/v2/auth",
        &[
            ("response_type", "code"),
            ("client_id", "patchbay-demo"),
            ("redirect_uri", CALLBACK),
            ("state", "xyz"),
            ("access_type", "offline"),
            ("prompt", prompt),
            ("scope", scopes),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ],
    )
}

/// A path with a query.
pub(super) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("{path}?{query}")
}

/// `access_token` of a token answer.
pub(super) fn access(token: &Value) -> String {
    token["access_token"].as_str().unwrap().to_owned()
}
