//! Somebody who calls the API as a program does, and sees statuses, headers and bodies as they are.

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The content type without its parameters.
    pub(crate) kind: String,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The body of a success.
    pub(crate) fn good(self) -> Result<Value> {
        ensure!(
            (200..300).contains(&self.status),
            "{}: {}",
            self.status,
            self.text
        );
        if self.text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&self.text).with_context(|| self.text.clone())
    }

    /// That it is a refusal as every refusal has to be: a problem with this status and code, and
    /// words for a person among which are these.
    pub(crate) fn refused(&self, status: u16, code: &str, words: &str) -> Result<()> {
        let body = self.json();
        let told = format!("{} {} {}", body["title"], body["detail"], body["errors"]);
        let right = self.status == status
            && self.kind == "application/problem+json"
            && body["status"] == status
            && body["code"] == code
            && body["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty())
            && told.contains(words);
        if !right {
            bail!(
                "expected {status} {code} with “{words}”, got {} {}: {}",
                self.status,
                self.kind,
                self.text
            );
        }
        Ok(())
    }
}

/// Who calls: with a cookie jar, as a browser, or with an API token.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) http: Client,
    base: String,
    token: Option<String>,
}

impl Caller {
    /// Somebody at a browser that nobody has signed in with yet.
    pub(crate) fn browser(base: &str) -> Result<Self> {
        patchbay_tests::crypto();
        Ok(Self {
            http: Client::builder()
                .cookie_store(true)
                .redirect(Policy::none())
                .build()?,
            base: base.to_owned(),
            token: None,
        })
    }

    /// A program with an API token.
    pub(crate) fn program(base: &str, token: &str) -> Result<Self> {
        Ok(Self {
            token: Some(token.to_owned()),
            ..Self::browser(base)?
        })
    }

    /// The first account, signed in.
    pub(crate) async fn owner(base: &str) -> Result<Self> {
        let caller = Self::browser(base)?;
        caller
            .post(
                "/setup",
                &json!({
                    "organisation": "Harbour Pine", "name": "Olive Owner",
                    "email": "olive@example.com", "password": OWNER_PASSWORD,
                }),
            )
            .await?
            .good()?;
        Ok(caller)
    }

    /// A request below `/api/v1`, as this caller sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request.header("origin", &self.base),
        }
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Reply> {
        let answer = request.send().await?;
        let headers = answer.headers().clone();
        let kind = headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        Ok(Reply {
            status: answer.status().as_u16(),
            kind: kind
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default()
                .to_owned(),
            text: answer.text().await?,
            headers,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Reply> {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(self.request(Method::PATCH, path).json(body))
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Reply> {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Replaces a draft that has this revision.
    pub(crate) async fn put(&self, path: &str, revision: i64, body: &Value) -> Result<Reply> {
        let request = self.request(Method::PUT, path);
        self.send(
            request
                .header("if-match", format!("\"{revision}\""))
                .json(body),
        )
        .await
    }

    /// Saves a new workflow and gives its id.
    pub(crate) async fn create_workflow(&self, document: &Value) -> Result<String> {
        let saved = self.post("/workflows", document).await?.good()?;
        Ok(saved["id"].as_str().context("no id")?.to_owned())
    }

    /// Starts a run, waits for its end, and gives it.
    pub(crate) async fn run(&self, workflow: &str) -> Result<Value> {
        let path = format!("/workflows/{workflow}/runs?wait=280");
        let reply = self.post(&path, &json!({ "input": null })).await?;
        ensure!(reply.status == 200, "{}: {}", reply.status, reply.text);
        reply.good()
    }
}

/// The password of the first account.
pub(crate) const OWNER_PASSWORD: &str = "correct horse battery";
