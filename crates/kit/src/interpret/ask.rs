//! One request to the service, with everything that surrounds it: the gate, the credential, the check of hosts.

use super::{
    Context,
    gate::Queue,
    problem,
    request::{is_own_host, segment, set_body},
};
use crate::{
    hooks::{Hooks, NoHooks},
    http::{Request, Response},
    manifest::operation::BodyKind,
};
use http::Method;
use patchbay_model::{Json, event::StepError};
use tokio::time::Instant;

/// A request that a hook makes.
#[derive(Debug, Clone)]
pub struct Ask {
    pub(super) method: Method,
    pub(super) host: Option<&'static str>,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Option<Json>,
    pub(super) repeatable: bool,
    pub(super) group: Option<&'static str>,
}

impl Ask {
    /// A request to the connector's `base_url`; each part becomes one segment of the path, percent-encoded.
    pub fn new<'p>(method: Method, path: impl IntoIterator<Item = &'p str>) -> Self {
        let repeatable = matches!(
            method,
            Method::GET | Method::HEAD | Method::PUT | Method::DELETE
        );
        let path = path
            .into_iter()
            .map(|part| format!("/{}", segment(part)))
            .collect();
        Self {
            method,
            host: None,
            path,
            query: Vec::new(),
            body: None,
            repeatable,
            group: None,
        }
    }

    /// Doing it twice is the same as once, although its method does not say so.
    pub fn repeatable(self) -> Self {
        Self {
            repeatable: true,
            ..self
        }
    }

    /// Counted by the service in this rate-limit group instead of the operation's.
    pub fn group(self, group: &'static str) -> Self {
        Self {
            group: Some(group),
            ..self
        }
    }

    /// To one of the connector's `[hosts]` instead.
    pub fn host(self, host: &'static str) -> Self {
        Self {
            host: Some(host),
            ..self
        }
    }

    /// With a query parameter.
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// With a JSON body.
    pub fn body(self, body: Json) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }
}

impl Context<'_> {
    /// Makes a hook's request and reads its answer as JSON.
    pub(super) async fn ask(self, ask: Ask) -> Result<Json, StepError> {
        let mut url = self.base(ask.host)?;
        url.set_path(&ask.path);
        url.set_query(None);
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        let mut request = Request {
            headers: self.fixed_headers(),
            ..Request::new(ask.method, url)
        };
        if let Some(body) = &ask.body {
            set_body(&mut request, BodyKind::Json, body);
        }
        let group = ask.group.or(self.operation.rate_limit.as_deref());
        let response = self.send_in(request, ask.repeatable, group).await?;
        let response = self.successful(response, ask.repeatable)?;
        super::response::json(self, &response)
    }

    /// Sends a request with the credential and gives the answer if it means success.
    pub(super) async fn exchange(
        self,
        request: Request,
        repeatable: bool,
    ) -> Result<Response, StepError> {
        let response = self.send(request, repeatable).await?;
        self.successful(response, repeatable)
    }

    fn successful(self, response: Response, repeatable: bool) -> Result<Response, StepError> {
        let ok = &self.operation.response.ok;
        let success = if ok.is_empty() {
            (200..300).contains(&response.status)
        } else {
            ok.contains(&response.status)
        };
        if success && !self.is_flagged(&response) {
            Ok(response)
        } else {
            Err(problem::of_answer(self, &response, repeatable))
        }
    }

    /// Whether the answer says itself that it failed, where the service has a flag for that.
    fn is_flagged(self, response: &Response) -> bool {
        let Some(flag) = &self.plan.manifest.errors.flag else {
            return false;
        };
        let body: Option<Json> = serde_json::from_slice(&response.body).ok();
        body.and_then(|body| body.pointer(flag).and_then(Json::as_bool)) == Some(false)
    }

    /// Sends a request with the credential; closes the gate when the service says to wait.
    pub(super) async fn send(
        self,
        request: Request,
        repeatable: bool,
    ) -> Result<Response, StepError> {
        let group = self.operation.rate_limit.as_deref();
        self.send_in(request, repeatable, group).await
    }

    /// The same, counted in this rate-limit group.
    async fn send_in(
        self,
        mut request: Request,
        repeatable: bool,
        group: Option<&str>,
    ) -> Result<Response, StepError> {
        self.sign(&mut request)?;
        let queue = self.queue(group.unwrap_or_default());
        let service = self.service_title();
        let limits = &self.plan.manifest.limits;
        let shared = limits.shared_when.is_some().then(|| queue.shared());
        for queue in shared.iter().chain([&queue]) {
            let passed = self.kit.gate.pass(queue, &service).await;
            passed.map_err(|error| problem::with_advice(self, error))?;
        }
        let left_at = Instant::now();
        let sent = self.kit.transport.send(request).await;
        let response = sent
            .map_err(|error| error.into_step_error(repeatable))
            .map_err(|mut error| {
                error.message = format!("{service}: {}", error.message);
                error
            })?;
        if let Some(wait) = problem::asked_to_wait(self, &response) {
            let named = limits
                .group_header
                .as_deref()
                .and_then(|header| response.header(header))
                .map(str::to_lowercase);
            if let Some(group) = named
                && group != queue.group
            {
                self.kit.gate.close(self.queue(&group), wait);
            }
            if let Some(shared) = shared
                && problem::is_shared(self, &response)
            {
                self.kit.gate.close(shared, wait);
            }
            self.kit.gate.close(queue, wait);
        } else {
            for queue in shared.iter().chain([&queue]) {
                self.kit.gate.answered(queue, left_at);
            }
        }
        Ok(response)
    }

    fn sign(self, request: &mut Request) -> Result<(), StepError> {
        let Some(credential) = self.credential else {
            return Ok(());
        };
        let host = request.url.host_str().unwrap_or_default();
        if !is_own_host(self, &request.url) {
            return Err(StepError {
                code: "foreign_host".to_owned(),
                message: format!(
                    "{host} does not belong to {}, so the authentication is not sent there. Use the connector \
                     \"HTTP\" for requests to other places.",
                    self.service_title()
                ),
                ..StepError::default()
            });
        }
        if request.url.scheme() != "https" && !self.kit.transport.may_be_plain(&request.url) {
            return Err(StepError {
                code: "invalid_address".to_owned(),
                message: format!(
                    "http://{host} is not encrypted, so the authentication is not sent there. Use https:// in the base \
                     URL of the environment."
                ),
                ..StepError::default()
            });
        }
        let hooks: &dyn Hooks = match &self.plan.hooks {
            Some(hooks) => hooks.as_ref(),
            None => &NoHooks,
        };
        hooks.sign(request, credential)
    }

    fn queue(self, group: &str) -> Queue {
        Queue {
            connector: self.connector.to_owned(),
            credential: self
                .credential
                .map(|credential| credential.key.clone())
                .unwrap_or_default(),
            // Services spell their groups with and without capitals.
            group: group.to_lowercase(),
        }
    }
}
