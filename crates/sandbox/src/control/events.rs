//! Making RingCentral's events happen: the part of the control interface that fires, repeats, delays and disorders
//! them, and that spoils subscriptions.

use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ringcentral::events::{Event, KINDS, Kind, Occasion};
use crate::ringcentral::extensions::by_id_or_number;
use crate::ringcentral::webhooks::{self, Batch, Delivery};
use crate::state::State;
use crate::wire::Request;

/// The longest wait before a delivery.
const LONGEST_DELAY: u64 = 10 * 60 * 1_000;

/// The most notifications of one order.
const MOST: usize = 1_000;

/// Events to fire.
#[derive(Debug, Deserialize)]
struct Order {
    /// `telephony.extension`.
    event: String,
    /// Id or number of the extension that it is about.
    #[serde(default = "first_extension")]
    extension: String,
    /// `{"direction": "Inbound"}`.
    #[serde(default)]
    parameters: IndexMap<String, Value>,
    /// Instead of the example.
    body: Option<Value>,
    /// How many events.
    #[serde(default = "once")]
    count: usize,
    #[serde(flatten)]
    manner: Manner,
}

/// How notifications are sent.
#[derive(Debug, Default, Deserialize)]
struct Manner {
    /// How often each is sent again.
    #[serde(default)]
    duplicates: usize,
    #[serde(default)]
    delay_milliseconds: u64,
    /// The last one first.
    #[serde(default)]
    reversed: bool,
    /// With another verification token than the one that was agreed on.
    #[serde(default)]
    wrong_token: bool,
}

fn first_extension() -> String {
    "101".to_owned()
}

fn once() -> usize {
    1
}

/// Fires events; gives the notifications that are on their way.
pub(crate) fn fire(
    state: &mut State,
    order: Value,
    origin: &str,
    now: Timestamp,
) -> Result<Vec<Value>, String> {
    let order: Order =
        serde_json::from_value(order).map_err(|error| format!("not an event: {error}"))?;
    let kind = Kind::named(&order.event).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.key.as_str()).collect();
        format!("no event {}; there are {}", order.event, known.join(", "))
    })?;
    let extension = by_id_or_number(&order.extension)
        .ok_or_else(|| format!("no extension {}", order.extension))?;
    let parameters: IndexMap<String, String> = order
        .parameters
        .iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect();
    if let Some(unknown) = parameters
        .keys()
        .find(|name| !kind.parameters.contains_key(*name))
    {
        return Err(format!("{} has no parameter {unknown}", kind.key));
    }
    let mut notifications = Vec::new();
    for _ in 0..order.count.min(MOST) {
        state.events += 1;
        let occasion = Occasion {
            extension,
            parameters: &parameters,
            body: order.body.clone(),
            origin,
            now,
            serial: state.events,
        };
        let event = Event::new(kind, &occasion);
        notifications.extend(webhooks::notifications(state, &event, now));
    }
    Ok(order.manner.send(state, notifications))
}

impl Manner {
    fn send(self, state: &mut State, notifications: Vec<Delivery>) -> Vec<Value> {
        let mut deliveries: Vec<Delivery> = notifications
            .into_iter()
            .flat_map(|one| std::iter::repeat_n(one, self.duplicates.min(MOST) + 1))
            .take(MOST)
            .collect();
        if self.wrong_token {
            deliveries = deliveries
                .into_iter()
                .map(|one| one.with_token("not-the-token"))
                .collect();
        }
        if self.reversed {
            deliveries.reverse();
        }
        let told = deliveries
            .iter()
            .map(|one| json!({ "uuid": one.uuid, "subscription_id": one.subscription_id }))
            .collect();
        if !deliveries.is_empty() {
            state.deliveries.send(Batch {
                wait: Duration::from_millis(self.delay_milliseconds.min(LONGEST_DELAY)),
                deliveries,
            });
        }
        told
    }
}

/// Sends a notification that was sent before once more: `{"uuid": "…"}`, or the newest.
pub(crate) fn replay(
    state: &mut State,
    order: &Value,
    now: Timestamp,
) -> Result<Vec<Value>, String> {
    let uuid = order["uuid"].as_str();
    let manner = match order {
        Value::Null => Manner::default(),
        order => Manner::deserialize(order).map_err(|error| format!("not a replay: {error}"))?,
    };
    let found = state
        .deliveries
        .newest()
        .find(|one| uuid.is_none_or(|uuid| one.uuid == uuid))
        .map(|one| one.again(now));
    let found = found.ok_or("nothing was delivered under this uuid")?;
    Ok(manner.send(state, vec![found]))
}

/// Every subscription as it stands.
pub(crate) fn subscriptions(state: &State, now: Timestamp) -> Value {
    let all: Vec<Value> = state
        .subscriptions
        .iter()
        .map(|one| {
            json!({
                "id": one.id,
                "person": one.person.key(),
                "address": one.address,
                "filters": one.filters,
                "disabled": one.disabled,
                "status": if one.expires_at <= now { "Expired" } else { one.status() },
                "expires_at": one.expires_at,
                "failures": one.failures,
            })
        })
        .collect();
    all.into()
}

/// What a test can do to a subscription: `{"status": "Blacklisted"}`, `{"expires_in": seconds}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spoil {
    status: Option<String>,
    expires_in: Option<i64>,
}

/// Changes a subscription behind its owner's back; `all` means every one.
pub(crate) fn spoil(state: &mut State, request: &Request, id: &str) -> Result<(), String> {
    let spoil: Spoil = serde_json::from_slice(&request.body)
        .map_err(|error| format!("send status or expires_in: {error}"))?;
    let mut any = false;
    for one in &mut state.subscriptions {
        if id != "all" && one.id != id {
            continue;
        }
        any = true;
        match spoil.status.as_deref() {
            None => {}
            Some("Blacklisted") => {
                let reason = "Delivery address answered with status 503".to_owned();
                one.blacklisted = Some((request.now, reason));
            }
            Some("Active") => {
                one.blacklisted = None;
                one.failures = 0;
            }
            Some(other) => return Err(format!("no status {other}; Active or Blacklisted")),
        }
        if let Some(seconds) = spoil.expires_in {
            one.expires_at = crate::oauth::grants::after(request.now, seconds);
        }
    }
    if any {
        Ok(())
    } else {
        Err("no such subscription".to_owned())
    }
}
