//! Subscriptions to events: made, looked after and ended, and what arrives through them.

mod receive;
mod standing;

pub(crate) use receive::receive;

use http::Method;
use patchbay_kit::{
    Ask, Call, Wanted,
    model::{Json, event::StepError},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use standing::{Standing, standing};

/// How long a subscription lives unless it is renewed, in seconds: thirty days.
const LIFE: i64 = 30 * 86_400;

/// A subscription is renewed when less than this is left of it, in seconds.
const RENEWED_BEFORE: i64 = 10 * 86_400;

/// How often a subscription is looked after, in seconds. RingCentral does not say when it stops delivering.
const LOOKED_AFTER: i64 = 15 * 60;

/// One subscription at RingCentral. Webinar events have a service of their own, so a trigger may hold two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    id: String,
    #[serde(default)]
    endpoint: String,
}

/// What a trigger holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    #[serde(default)]
    subscriptions: Vec<Held>,
}

impl State {
    fn of(call: &Call<'_>) -> Self {
        let state = call.input("state").cloned();
        state
            .and_then(|state| serde_json::from_value(state).ok())
            .unwrap_or_default()
    }

    fn answer(&self) -> Json {
        json!({ "state": self, "again_in": LOOKED_AFTER })
    }
}

/// The path of a service's subscriptions, and of one of them.
fn path<'a>(endpoint: &str, id: Option<&'a str>) -> Vec<&'a str> {
    let base: &[&str] = match endpoint {
        "webinar" => &["webinar", "notifications", "v1", "subscriptions"],
        _ => &["restapi", "v1.0", "subscription"],
    };
    base.iter().copied().chain(id).collect()
}

/// What a trigger listens to, one list for each service.
fn wanted(call: &Call<'_>) -> Result<Vec<(String, Vec<Wanted>)>, StepError> {
    let all: Vec<Wanted> = call
        .input("filters")
        .cloned()
        .and_then(|filters| serde_json::from_value(filters).ok())
        .unwrap_or_default();
    let mut services: Vec<(String, Vec<Wanted>)> = Vec::new();
    for one in all {
        match services.iter_mut().find(|(name, _)| *name == one.endpoint) {
            Some((_, list)) => list.push(one),
            None => services.push((one.endpoint.clone(), vec![one])),
        }
    }
    if services.is_empty() {
        return Err(call.invalid("/filters", "Choose at least one event."));
    }
    Ok(services)
}

/// Makes the subscriptions, or changes those that are there already.
pub(crate) async fn begin(call: &Call<'_>) -> Result<Json, StepError> {
    let wanted = wanted(call)?;
    let before = State::of(call);
    let mut made = State::default();
    for (endpoint, events) in &wanted {
        let held = before
            .subscriptions
            .iter()
            .find(|held| held.endpoint == *endpoint);
        match subscribe(call, endpoint, events, held).await {
            Ok(held) => made.subscriptions.push(held),
            Err(error) => {
                // Half a trigger would be worse than none.
                for held in &made.subscriptions {
                    let _ = delete(call, held).await;
                }
                return Err(error);
            }
        }
    }
    for held in &before.subscriptions {
        if !made.subscriptions.contains(held) {
            // What is left over would deliver twice; if it cannot be ended now, its token is refused.
            let _ = delete(call, held).await;
        }
    }
    Ok(made.answer())
}

/// Sees to it that everything is delivered for a while longer.
pub(crate) async fn keep(call: &Call<'_>) -> Result<Json, StepError> {
    let mut state = State::of(call);
    let mut kept = State::default();
    for (endpoint, events) in wanted(call)? {
        let at = state
            .subscriptions
            .iter()
            .position(|held| held.endpoint == endpoint);
        let held = at.map(|at| state.subscriptions.swap_remove(at));
        let standing = match &held {
            Some(held) => standing(call.ask(one(Method::GET, held)).await)?,
            None => Standing::Gone,
        };
        kept.subscriptions.push(match (standing, held) {
            (Standing::Good { seconds }, Some(held)) if seconds > RENEWED_BEFORE => held,
            (Standing::Good { .. }, Some(held)) => renew(call, held, &endpoint, &events).await?,
            (_, held) => {
                // A blacklisted one never delivers again; a new one at the same address does.
                if let Some(held) = held {
                    let _ = delete(call, &held).await;
                }
                subscribe(call, &endpoint, &events, None).await?
            }
        });
    }
    Ok(kept.answer())
}

/// Ends the subscriptions.
pub(crate) async fn end(call: &Call<'_>) -> Result<Json, StepError> {
    let held = State::of(call).subscriptions;
    for one in &held {
        delete(call, one).await?;
    }
    Ok(json!({ "ended": held.len() }))
}

fn one(method: Method, held: &Held) -> Ask {
    let group = if method == Method::GET {
        "light"
    } else {
        "medium"
    };
    Ask::new(method, path(&held.endpoint, Some(&held.id))).group(group)
}

/// One that is gone already counts as ended.
async fn delete(call: &Call<'_>, held: &Held) -> Result<(), StepError> {
    match call.ask(one(Method::DELETE, held)).await {
        Err(error) if error.code != "not_found" => Err(error),
        _ => Ok(()),
    }
}

async fn renew(
    call: &Call<'_>,
    held: Held,
    endpoint: &str,
    events: &[Wanted],
) -> Result<Held, StepError> {
    let mut path = path(endpoint, Some(&held.id));
    path.push("renew");
    let renewed = Ask::new(Method::POST, path).group("light").repeatable();
    match call.ask(renewed).await {
        Ok(_) => Ok(held),
        Err(error) if error.code == "not_found" => subscribe(call, endpoint, events, None).await,
        Err(error) => Err(error),
    }
}

/// Asks for deliveries; RingCentral calls the address before it answers.
async fn subscribe(
    call: &Call<'_>,
    endpoint: &str,
    events: &[Wanted],
    held: Option<&Held>,
) -> Result<Held, StepError> {
    let filters: Vec<&str> = events.iter().map(|event| event.filter.as_str()).collect();
    let body = json!({
        "eventFilters": filters,
        "deliveryMode": {
            "transportType": "WebHook",
            "address": call.text("address"),
            "verificationToken": call.text("token"),
        },
        // Beside the delivery mode: inside of it, it is passed over and the subscription ends after a week.
        "expiresIn": LIFE,
    });
    let changed = match held {
        Some(held) => changed(call, held, &body).await?,
        None => None,
    };
    let answer = match changed {
        Some(answer) => answer,
        None => {
            let create = Ask::new(Method::POST, path(endpoint, None)).group("medium");
            call.ask(create.body(body)).await?
        }
    };
    let Some(id) = answer["id"].as_str() else {
        return Err(StepError {
            code: "bad_answer".to_owned(),
            message: "RingCentral did not say under which id it has made the subscription."
                .to_owned(),
            ..StepError::default()
        });
    };
    let held = Held {
        id: id.to_owned(),
        endpoint: endpoint.to_owned(),
    };
    if let Some(error) = disabled(&answer, events) {
        let _ = delete(call, &held).await;
        return Err(error);
    }
    Ok(held)
}

/// The answer to a change of the subscription that is there; none when it has ended or never delivers again.
async fn changed(call: &Call<'_>, held: &Held, body: &Json) -> Result<Option<Json>, StepError> {
    let answer = call.ask(one(Method::PUT, held).body(body.clone())).await;
    match standing(answer.clone())? {
        Standing::Good { .. } => answer.map(Some),
        Standing::Blocked => {
            delete(call, held).await?;
            Ok(None)
        }
        Standing::Gone => Ok(None),
    }
}

/// Filters that RingCentral has accepted and will not serve: it says so in an answer that looks like a success.
fn disabled(answer: &Json, events: &[Wanted]) -> Option<StepError> {
    let refused = answer["disabledFilters"].as_array()?;
    let reasons: Vec<String> = refused
        .iter()
        .map(|one| {
            let filter = one["filter"].as_str().unwrap_or_default();
            let title = receive::event_of(filter, events)
                .map_or_else(|| filter.to_owned(), |event| event.title.clone());
            let reason = one["message"]
                .as_str()
                .or_else(|| one["reason"].as_str())
                .unwrap_or("no reason given");
            format!("\"{title}\": {}", reason.trim_end_matches('.'))
        })
        .collect();
    if reasons.is_empty() {
        return None;
    }
    Some(StepError {
        code: "missing_scope".to_owned(),
        message: format!(
            "RingCentral will not send some of the chosen events. {}. Reconnect the authentication with the scopes \
             that these events need, or take them out of the trigger.",
            reasons.join(". ")
        ),
        ..StepError::default()
    })
}
