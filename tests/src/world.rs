//! The outside world as a story sees it: the sandbox's control interface, never the services' own.

use anyhow::{Context, Result, bail};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// The sandbox that `--demo` started.
pub struct World {
    url: String,
    http: Client,
}

impl World {
    pub(crate) fn new(url: String) -> Self {
        crate::crypto();
        Self {
            url,
            http: Client::new(),
        }
    }

    /// Where the services and the pages for people are, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All call records of an extension, such as `101`, newest first.
    pub async fn call_log(&self, extension: &str) -> Result<Vec<Value>> {
        let answer = self
            .ask(
                Method::GET,
                &format!("call-log?extension={extension}"),
                None,
            )
            .await?;
        list(answer, "records")
    }

    /// Adds calls: one object or a list; what is left out is made up.
    pub async fn add_calls(&self, calls: Value) -> Result<Value> {
        self.ask(Method::POST, "calls", Some(calls)).await
    }

    /// All spreadsheets: `{id, name, owner, sheets}`.
    pub async fn spreadsheets(&self) -> Result<Vec<Value>> {
        let answer = self.ask(Method::GET, "sheets", None).await?;
        list(answer, "sheets")
    }

    /// The cells of a worksheet, row by row, the header first.
    pub async fn rows(&self, spreadsheet: &str, worksheet: &str) -> Result<Vec<Vec<Value>>> {
        let files = self.spreadsheets().await?;
        let file = files
            .iter()
            .find(|file| file["id"] == spreadsheet || file["name"] == spreadsheet)
            .with_context(|| format!("there is no spreadsheet {spreadsheet}"))?;
        let id = file["id"].as_str().unwrap_or_default();
        let file = self.ask(Method::GET, &format!("sheets/{id}"), None).await?;
        let sheet = file["sheets"]
            .as_array()
            .and_then(|sheets| sheets.iter().find(|sheet| sheet["title"] == worksheet))
            .with_context(|| format!("{spreadsheet} has no worksheet {worksheet}"))?;
        Ok(serde_json::from_value(sheet["values"].clone())?)
    }

    /// What the services were asked so far.
    pub async fn requests(&self) -> Result<Vec<Value>> {
        let answer = self.ask(Method::GET, "requests", None).await?;
        list(answer, "requests")
    }

    /// Lets the next requests go wrong, such as `{"count": 1, "status": 503}`.
    pub async fn fault(&self, fault: Value) -> Result<()> {
        self.ask(Method::POST, "faults", Some(fault))
            .await
            .map(|_| ())
    }

    /// Makes each answer of the services take this long.
    pub async fn slow_down(&self, milliseconds: u64) -> Result<()> {
        let body = json!({ "milliseconds": milliseconds });
        self.ask(Method::POST, "delay", Some(body))
            .await
            .map(|_| ())
    }

    /// Lets all access tokens run out; refresh tokens stay good.
    pub async fn expire_access_tokens(&self) -> Result<()> {
        self.ask(Method::POST, "tokens/expire", Some(json!({})))
            .await
            .map(|_| ())
    }

    /// Takes back everything that was granted.
    pub async fn revoke_all(&self) -> Result<()> {
        self.ask(Method::POST, "tokens/revoke", Some(json!({})))
            .await
            .map(|_| ())
    }

    /// Makes something happen at RingCentral, such as `{"event": "sms.instant"}`, and tells its subscribers.
    pub async fn fire(&self, event: Value) -> Result<Value> {
        self.ask(Method::POST, "events", Some(event)).await
    }

    /// Who has subscribed to RingCentral's events.
    pub async fn subscriptions(&self) -> Result<Vec<Value>> {
        let answer = self.ask(Method::GET, "subscriptions", None).await?;
        list(answer, "subscriptions")
    }

    /// Changes all subscriptions behind their owners' backs: `{"status": "Blacklisted"}`, `{"expires_in": 60}`.
    pub async fn spoil(&self, change: Value) -> Result<()> {
        self.ask(Method::POST, "subscriptions/all", Some(change))
            .await
            .map(|_| ())
    }

    /// What was told to subscribers, the newest first.
    pub async fn deliveries(&self) -> Result<Vec<Value>> {
        let answer = self.ask(Method::GET, "deliveries", None).await?;
        list(answer, "deliveries")
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let mut request = self
            .http
            .request(method, format!("{}/_sandbox/{path}", self.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("the sandbox does not answer {path}"))?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            bail!("the sandbox answers {path} with {status}: {text}");
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{path}: {text}"))
    }
}

/// The list itself, or the only list under this key.
fn list(answer: Value, key: &str) -> Result<Vec<Value>> {
    let found = match &answer {
        Value::Array(items) => Some(items.clone()),
        Value::Object(fields) => fields.get(key).and_then(Value::as_array).cloned(),
        _ => None,
    };
    found.with_context(|| format!("no list of {key} in {answer}"))
}
