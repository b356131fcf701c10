//! Subscriptions: who wants to be told of which events at which address, and for how long.

use axum::http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::oauth::Service;
use crate::oauth::grants::{after, seconds_left};
use crate::oauth::permissions;
use crate::people::Person;
use crate::random;
use crate::ringcentral::events::{Event, Filter};
use crate::ringcentral::params::written;
use crate::ringcentral::rate_limit::Group;
use crate::ringcentral::{Answer, Call, errors, webhooks};
use crate::state::State;
use crate::wire::{Reply, Request};

/// Most subscriptions of one person and app.
const MOST: usize = 30;

/// Seconds that a subscription lives when nothing is said.
const USUAL_LIFE: i64 = 604_800;

/// Seconds that a webhook's subscription may live: ten years.
const LONGEST_LIFE: i64 = 315_360_000;

/// Deliveries that fail one after the other until a subscription is blacklisted.
const FAILURES: u32 = 3;

/// The permission without which nobody may ask for webhooks.
pub(crate) const PERMISSION: &str = "SubscriptionWebhook";

/// What answers a request.
type Run = fn(&mut State, &Call<'_>) -> Answer;

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) person: Person,
    pub(crate) client_id: String,
    /// Empty, or `webinar` for those of the webinar service.
    pub(crate) endpoint: String,
    /// As answers spell them.
    pub(crate) filters: Vec<String>,
    pub(crate) disabled: Vec<Disabled>,
    pub(crate) address: String,
    pub(crate) verification_token: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// Seconds of a whole life, for renewals.
    pub(crate) life: i64,
    /// Since when and why nothing is delivered any more.
    pub(crate) blacklisted: Option<(Timestamp, String)>,
    /// Deliveries that failed since the last good one.
    pub(crate) failures: u32,
}

/// A filter that is not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Disabled {
    filter: String,
    reason: String,
    message: String,
}

/// What is done to subscriptions, by method and the rest of the path.
pub(crate) fn operation(method: &Method, rest: &[&str]) -> Option<(Group, Run)> {
    let (get, post) = (*method == Method::GET, *method == Method::POST);
    let (put, delete) = (*method == Method::PUT, *method == Method::DELETE);
    let found: (Group, Run) = match rest {
        [] if post => (Group::Medium, create),
        [] if get => (Group::Light, list),
        [_] if get => (Group::Light, read),
        [_] if put => (Group::Medium, update),
        [_] if delete => (Group::Medium, delete_one),
        [_, "renew"] if post => (Group::Light, renew),
        _ => return None,
    };
    Some(found)
}

/// The delivery address that has to be tried before a request is answered: that of somebody who may make
/// subscriptions and makes or changes one.
pub(crate) fn address_to_try(state: &mut State, request: &Request) -> Option<String> {
    let writes = request.method == Method::POST || request.method == Method::PUT;
    if !writes || !request.path.starts_with(base(request)) {
        return None;
    }
    let caller = state
        .grants
        .identify(Service::RingCentral, request.bearer()?, request.now)
        .ok()?;
    if !permissions::covers(&caller.scopes, PERMISSION) {
        return None;
    }
    let body = request.json().ok()?;
    let mode = &body["deliveryMode"];
    (mode["transportType"] == "WebHook")
        .then(|| mode["address"].as_str().map(str::to_owned))
        .flatten()
}

/// `createSubscription`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let order = Order::of(call)?;
    let person = call.identity.person;
    let held = state
        .subscriptions
        .iter()
        .filter(|one| one.is_of(call) && one.expires_at > call.request.now)
        .count();
    if held >= MOST {
        return Err(errors::coded(
            403,
            "SUB-505",
            "Subscriptions limit exceeded",
        ));
    }
    order.check_address(call)?;
    let now = call.request.now;
    let subscription = Subscription {
        id: random::token("", 16),
        person,
        client_id: call.identity.client_id.clone(),
        endpoint: endpoint(call.request).to_owned(),
        filters: order.filters,
        disabled: order.disabled,
        address: order.address.unwrap_or_default(),
        verification_token: order.verification_token,
        created_at: now,
        expires_at: after(now, order.life),
        life: order.life,
        blacklisted: None,
        failures: 0,
    };
    let reply = Reply::ok(&subscription.render(call.request));
    state.subscriptions.push(subscription);
    Ok(reply)
}

/// `listSubscriptions`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let records: Vec<Value> = state
        .subscriptions
        .iter()
        .filter(|one| one.is_of(call) && one.expires_at > call.request.now)
        .map(|one| one.render(call.request))
        .collect();
    Ok(Reply::ok(&json!({
        "uri": format!("{}{}", call.request.origin, base(call.request)),
        "records": records,
    })))
}

/// `readSubscription`.
fn read(state: &mut State, call: &Call<'_>) -> Answer {
    find(state, call).map(|one| Reply::ok(&one.render(call.request)))
}

/// `updateSubscription`: renews too.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let now = call.request.now;
    if call.request.body.is_empty() {
        return renew(state, call);
    }
    let order = Order::of(call)?;
    find(state, call)?;
    order.check_address(call)?;
    let one = find(state, call)?;
    one.filters = order.filters;
    one.disabled = order.disabled;
    if let Some(address) = order.address {
        one.address = address;
        one.verification_token = order.verification_token;
    }
    one.life = order.life;
    one.expires_at = after(now, order.life);
    Ok(Reply::ok(&one.render(call.request)))
}

/// `renewSubscription`.
fn renew(state: &mut State, call: &Call<'_>) -> Answer {
    let one = find(state, call)?;
    one.expires_at = after(call.request.now, one.life);
    Ok(Reply::ok(&one.render(call.request)))
}

/// `deleteSubscription`.
fn delete_one(state: &mut State, call: &Call<'_>) -> Answer {
    find(state, call)?;
    state
        .subscriptions
        .retain(|one| one.id != call.id || !one.is_of(call));
    Ok(Reply::empty(204))
}

fn find<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Subscription, Reply> {
    let found = state
        .subscriptions
        .iter_mut()
        .find(|one| one.id == call.id && one.is_of(call));
    match found {
        None => Err(errors::not_found("subscriptionId")),
        Some(one) if one.expires_at <= call.request.now => Err(errors::coded(
            404,
            "SUB-507",
            "Subscription has already expired",
        )),
        Some(one) => Ok(one),
    }
}

/// A checked body of a request that makes or changes a subscription.
struct Order {
    filters: Vec<String>,
    disabled: Vec<Disabled>,
    address: Option<String>,
    verification_token: Option<String>,
    life: i64,
}

impl Order {
    fn of(call: &Call<'_>) -> Result<Self, Reply> {
        let invalid = errors::invalid_because;
        let body = call.request.json().map_err(|problem| {
            invalid(
                "body",
                &format!("Request body is not valid JSON: {problem}"),
            )
        })?;
        let asked = body["eventFilters"]
            .as_array()
            .filter(|all| !all.is_empty());
        let asked =
            asked.ok_or_else(|| invalid("eventFilters", "Parameter [eventFilters] is required"))?;
        let own = call.identity.person.extension_id();
        let (mut filters, mut disabled) = (Vec::new(), Vec::new());
        for text in asked {
            let text = text.as_str().unwrap_or_default();
            let filter = Filter::parse(text, own);
            let kind = filter
                .kind()
                .filter(|kind| kind.endpoint == endpoint(call.request))
                .ok_or_else(|| {
                    errors::coded(400, "SUB-508", &format!("Event filter [{text}] is invalid"))
                })?;
            let missing = kind
                .permission
                .as_deref()
                .filter(|needed| !permissions::covers(&call.identity.scopes, needed));
            match missing {
                Some(needed) => disabled.push(Disabled {
                    filter: filter.text(),
                    reason: "InsufficientPermissions".to_owned(),
                    message: format!(
                        "In order to receive these events, application needs to have [{needed}] \
                         permission"
                    ),
                }),
                None => filters.push(filter.text()),
            }
        }
        let mode = &body["deliveryMode"];
        match mode["transportType"].as_str() {
            Some("WebHook") => {}
            None if *call.request.method.as_str() == *"PUT" => {}
            other => {
                return Err(invalid(
                    "transportType",
                    &format!(
                        "Parameter [transportType] value [{}] is not supported here; only \
                         [WebHook] is",
                        other.unwrap_or_default()
                    ),
                ));
            }
        }
        let address = mode["address"].as_str().map(str::to_owned);
        if address.is_none() && !mode.is_null() {
            return Err(invalid("address", "Parameter [address] is required"));
        }
        // Only the top-level member counts; one inside `deliveryMode` is passed over as by the real service.
        let life = match &body["expiresIn"] {
            Value::Null => USUAL_LIFE,
            given => given
                .as_i64()
                .filter(|seconds| (1..=LONGEST_LIFE).contains(seconds))
                .ok_or_else(|| errors::invalid("expiresIn", &given.to_string()))?,
        };
        Ok(Self {
            filters,
            disabled,
            address,
            verification_token: mode["verificationToken"].as_str().map(str::to_owned),
            life,
        })
    }

    /// Refuses an address that did not answer the handshake as it should.
    fn check_address(&self, call: &Call<'_>) -> Result<(), Reply> {
        let Some(address) = &self.address else {
            return Ok(());
        };
        match &call.request.handshake {
            Some(Ok(())) => Ok(()),
            Some(Err(problem)) => Err(errors::coded(400, "SUB-525", problem)),
            None => Err(errors::coded(400, "SUB-525", &webhooks::not_tried(address))),
        }
    }
}

/// The service whose path a request has: empty, or `webinar`.
fn endpoint(request: &Request) -> &'static str {
    if request.path.starts_with("/webinar/") {
        "webinar"
    } else {
        ""
    }
}

/// The path under which subscriptions of a request's service are.
fn base(request: &Request) -> &'static str {
    match endpoint(request) {
        "webinar" => "/webinar/notifications/v1/subscriptions",
        _ => "/restapi/v1.0/subscription",
    }
}

impl Subscription {
    fn is_of(&self, call: &Call<'_>) -> bool {
        self.person == call.identity.person
            && self.client_id == call.identity.client_id
            && self.endpoint == endpoint(call.request)
    }

    /// The filter that takes an event at this moment.
    pub(crate) fn filter_of(&self, event: &Event, now: Timestamp) -> Option<&str> {
        if self.blacklisted.is_some() || self.expires_at <= now {
            return None;
        }
        let own = self.person.extension_id();
        self.filters
            .iter()
            .find(|text| Filter::parse(text, own).takes(event))
            .map(String::as_str)
    }

    /// Takes down how a delivery ended; too many bad ends in a row and nothing more is sent.
    pub(crate) fn delivered(&mut self, problem: Option<&str>, now: Timestamp) {
        match problem {
            None => self.failures = 0,
            Some(problem) => {
                self.failures = self.failures.saturating_add(1);
                if self.failures >= FAILURES && self.blacklisted.is_none() {
                    self.blacklisted = Some((now, problem.to_owned()));
                }
            }
        }
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.blacklisted.is_some() {
            "Blacklisted"
        } else {
            "Active"
        }
    }

    fn render(&self, request: &Request) -> Value {
        let base = match self.endpoint.as_str() {
            "webinar" => "/webinar/notifications/v1/subscriptions",
            _ => "/restapi/v1.0/subscription",
        };
        let mut body = json!({
            "uri": format!("{}{base}/{}", request.origin, self.id),
            "id": self.id,
            "creationTime": written(self.created_at),
            "status": self.status(),
            "eventFilters": self.filters,
            "expirationTime": written(self.expires_at),
            "expiresIn": seconds_left(request.now, self.expires_at),
            "deliveryMode": {
                "transportType": "WebHook",
                "encryption": false,
                "address": self.address,
            },
        });
        if !self.disabled.is_empty() {
            body["disabledFilters"] = json!(self.disabled);
        }
        if let Some((at, reason)) = &self.blacklisted {
            body["blacklistedData"] = json!({ "blacklistedAt": written(*at), "reason": reason });
        }
        body
    }
}
