//! Calls to the addresses of subscriptions: the handshake while one is made, and the deliveries.
//!
//! Only addresses of this computer are called; nothing leaves it.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Response};
use jiff::Timestamp;
use patchbay_kit::{Http, HttpOptions};
use serde::Serialize;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::random;
use crate::ringcentral::events::Event;
use crate::ringcentral::params::written;
use crate::state::State;

/// How long an address may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The largest answer to a handshake, headers and body together.
const LARGEST_ANSWER: usize = 1_024;

/// Deliveries that are remembered.
const KEPT: usize = 500;

const VALIDATION: HeaderName = HeaderName::from_static("validation-token");
const VERIFICATION: HeaderName = HeaderName::from_static("verification-token");

/// One notification on its way to one subscription, and how that ended.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Delivery {
    pub(crate) uuid: String,
    pub(crate) subscription_id: String,
    /// The kind's key, `telephony.extension`.
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    pub(crate) address: String,
    /// The notification, whole.
    pub(crate) body: Value,
    /// Of the answer; none before it came, or when none came.
    pub(crate) status: Option<u16>,
    /// Why it counts as failed.
    pub(crate) problem: Option<String>,
    #[serde(skip)]
    verification_token: Option<String>,
}

/// Deliveries that are sent one after the other, after a wait.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) wait: Duration,
    pub(crate) deliveries: Vec<Delivery>,
}

/// What was delivered, and what is to be delivered as soon as the state is free.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    known: VecDeque<Delivery>,
    waiting: Vec<Batch>,
}

impl Deliveries {
    /// The newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Delivery> {
        self.known.iter().rev()
    }

    pub(crate) fn send(&mut self, batch: Batch) {
        for delivery in &batch.deliveries {
            if self.known.len() == KEPT {
                self.known.pop_front();
            }
            self.known.push_back(delivery.clone());
        }
        self.waiting.push(batch);
    }

    /// What is to be sent now.
    pub(crate) fn take(&mut self) -> Vec<Batch> {
        std::mem::take(&mut self.waiting)
    }

    fn ended(&mut self, sent: &Delivery) {
        // A duplicate has the same identifiers; the one that is still open is meant.
        let open = self.known.iter_mut().find(|one| {
            one.uuid == sent.uuid
                && one.subscription_id == sent.subscription_id
                && one.status.is_none()
                && one.problem.is_none()
        });
        if let Some(open) = open {
            open.status = sent.status;
            open.problem.clone_from(&sent.problem);
        }
    }
}

/// The notifications of an event, one for each subscription that has a filter for it.
pub(crate) fn notifications(state: &State, event: &Event, now: Timestamp) -> Vec<Delivery> {
    state
        .subscriptions
        .iter()
        .filter_map(|subscription| {
            let filter = subscription.filter_of(event, now)?;
            let uuid = random::uuid();
            let body = json!({
                "uuid": uuid,
                "event": filter,
                "timestamp": written(now),
                "subscriptionId": subscription.id,
                "ownerId": subscription.person.extension_id(),
                "body": event.body,
            });
            Some(Delivery {
                uuid,
                subscription_id: subscription.id.clone(),
                kind: event.kind.key.clone(),
                at: now,
                address: subscription.address.clone(),
                body,
                status: None,
                problem: None,
                verification_token: subscription.verification_token.clone(),
            })
        })
        .collect()
}

impl Delivery {
    /// The same notification once more, as if it had not been sent yet.
    pub(crate) fn again(&self, now: Timestamp) -> Self {
        Self {
            at: now,
            status: None,
            problem: None,
            ..self.clone()
        }
    }

    /// The same, with another token than the one that was agreed on.
    pub(crate) fn with_token(self, token: &str) -> Self {
        Self {
            verification_token: Some(token.to_owned()),
            ..self
        }
    }

    /// Writes down how it ended.
    pub(crate) fn note(&self, state: &mut State, now: Timestamp) {
        state.deliveries.ended(self);
        let subscription = state
            .subscriptions
            .iter_mut()
            .find(|one| one.id == self.subscription_id);
        if let Some(subscription) = subscription {
            subscription.delivered(self.problem.as_deref(), now);
            state.dirty = true;
        }
    }
}

/// What calls the addresses.
#[derive(Debug, Default)]
pub(crate) struct Caller(OnceLock<Option<Wire>>);

/// The HTTP client, which shows nothing of itself.
struct Wire(Http);

impl Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Caller {
    /// Asks an address whether it wants to be called: a fresh token has to come back.
    pub(crate) async fn handshake(&self, address: &str) -> Result<(), String> {
        let token = random::token("", 24);
        let request = Builder::new()
            .method("POST")
            .uri(address)
            .header(VALIDATION, &token)
            .header(CONTENT_TYPE, "application/json");
        let response = self.call(address, request, String::new()).await?;
        let status = response.status();
        if status != 200 {
            return Err(format!(
                "WebHook responds with incorrect HTTP status. HTTP status is {}",
                status.as_u16()
            ));
        }
        let header = |name: &HeaderName| {
            let value = response.headers().get(name)?;
            value.to_str().ok()
        };
        if header(&VALIDATION) != Some(token.as_str()) {
            return Err(
                "WebHook response does not contain the [Validation-Token] header that was sent"
                    .to_owned(),
            );
        }
        if !header(&CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")) {
            return Err("WebHook response must have the content type application/json".to_owned());
        }
        let size = size(response.headers()) + response.body().len();
        if size > LARGEST_ANSWER {
            return Err(format!(
                "WebHook response is too large: {size} bytes, at most {LARGEST_ANSWER} are allowed"
            ));
        }
        Ok(())
    }

    /// Sends a notification and says in it how that ended.
    pub(crate) async fn deliver(&self, mut delivery: Delivery) -> Delivery {
        let mut request = Builder::new()
            .method("POST")
            .uri(delivery.address.as_str())
            .header(CONTENT_TYPE, "application/json; charset=UTF-8");
        if let Some(token) = &delivery.verification_token {
            request = request.header(VERIFICATION, token);
        }
        let body = delivery.body.to_string();
        match self.call(&delivery.address, request, body).await {
            Ok(response) => {
                let status = response.status();
                delivery.status = Some(status.as_u16());
                delivery.problem = (!status.is_success())
                    .then(|| format!("Delivery address answered with status {}", status.as_u16()));
            }
            Err(problem) => delivery.problem = Some(problem),
        }
        delivery
    }

    async fn call(
        &self,
        address: &str,
        request: Builder,
        body: String,
    ) -> Result<Response<Vec<u8>>, String> {
        let here = Url::parse(address).is_ok_and(|url| is_here(&url));
        let Some(http) = self.http().filter(|_| here) else {
            return Err(not_tried(address));
        };
        let request = request
            .body(body.into_bytes())
            .map_err(|_| not_tried(address))?;
        match tokio::time::timeout(PATIENCE, http.send_raw(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(format!("WebHook is not reachable: {error}")),
            Err(_) => Err("WebHook did not answer within 3000 ms".to_owned()),
        }
    }

    /// Set up at the first call, since most sandboxes never make one.
    fn http(&self) -> Option<&Http> {
        let made = self.0.get_or_init(|| {
            let options = HttpOptions {
                allow_private_network: true,
                user_agent: "RingCentral-Webhook/8.3".to_owned(),
                ..HttpOptions::default()
            };
            Http::new(options)
                .inspect_err(|error| tracing::warn!(%error, "webhooks cannot be delivered"))
                .ok()
                .map(Wire)
        });
        made.as_ref().map(|wire| &wire.0)
    }
}

/// The refusal for an address that could not be tried.
pub(crate) fn not_tried(address: &str) -> String {
    format!("WebHook address [{address}] cannot be called from this sandbox")
}

fn size(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// Whether an address leads to this computer.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
