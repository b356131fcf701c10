//! The public API as the measurements use it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// One caller with a token.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    token: String,
    http: reqwest::Client,
}

impl Client {
    pub(crate) fn new(base: &str, token: &str) -> Result<Self> {
        Ok(Self {
            base: base.to_owned(),
            token: token.to_owned(),
            http: reqwest::Client::builder().build()?,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.send(self.http.get(self.address(path))).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(self.http.post(self.address(path)).json(body))
            .await
    }

    /// Saves a workflow of these steps behind a manual trigger; gives its id.
    pub(crate) async fn workflow(&self, steps: Value) -> Result<String> {
        self.save(
            json!({ "connector": "manual", "operation": "trigger", "inputs": {} }),
            steps,
        )
        .await
    }

    /// Saves a workflow; gives its id.
    pub(crate) async fn save(&self, trigger: Value, steps: Value) -> Result<String> {
        let document = json!({
            "format": "patchbay.workflow/1", "name": "Bench", "trigger": trigger, "steps": steps,
        });
        let saved = self.post("/workflows", &document).await?;
        let problems = saved["problems"].as_array();
        let sound = problems.is_some_and(|all| all.iter().all(|one| one["severity"] != "error"));
        ensure!(sound, "{}", saved["problems"]);
        Ok(saved["id"].as_str().context("no id")?.to_owned())
    }

    /// Starts a run and gives its id.
    pub(crate) async fn start(&self, workflow: &str) -> Result<String> {
        let run = self
            .post(&format!("/workflows/{workflow}/runs"), &json!({}))
            .await?;
        Ok(run["id"].as_str().context("no id")?.to_owned())
    }

    /// Runs to success; gives the seconds between acceptance and the answer.
    pub(crate) async fn run(&self, workflow: &str) -> Result<f64> {
        let started = Instant::now();
        let id = self.start(workflow).await?;
        self.ended(&id).await?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Waits until the run has succeeded.
    pub(crate) async fn ended(&self, run: &str) -> Result<()> {
        loop {
            let now = self.get(&format!("/runs/{run}")).await?;
            match now["status"].as_str() {
                Some("succeeded") => return Ok(()),
                Some("queued" | "running" | "waiting") => {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                _ => anyhow::bail!("the run ended otherwise: {now}"),
            }
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value> {
        let answer = request.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or(Value::Null);
        ensure!(status.is_success(), "{status}: {body}");
        Ok(body)
    }
}
