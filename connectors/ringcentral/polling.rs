//! What is new in a call log or a mailbox: RingCentral's sync, from one look to the next.
//!
//! A sync token says where the last look has got to. When RingCentral no longer takes it, everything since a while
//! before the last look is fetched instead; the ids of the records tell what was there before.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use patchbay_kit::{
    Ask, Call,
    model::{Json, event::StepError},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Records of one look; RingCentral gives no more.
const MOST: usize = 250;

/// How far a full sync reaches back before the last look, in minutes: a call may be in the log that much later.
const OVERLAP: i64 = 30;

/// How far a full sync may reach back at all, in hours.
const FURTHEST: i64 = 30 * 24 - 1;

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Calls,
    Messages,
}

/// Where the last look has got to.
#[derive(Debug, Serialize, Deserialize)]
struct State {
    token: String,
    at: String,
    /// What is older than this was never meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    began: Option<String>,
}

/// The calls that have come into the log of an extension since the last look.
pub(crate) async fn calls(call: &Call<'_>) -> Result<Json, StepError> {
    look(call, What::Calls).await
}

/// The messages that have come into a mailbox since the last look.
pub(crate) async fn messages(call: &Call<'_>) -> Result<Json, StepError> {
    look(call, What::Messages).await
}

async fn look(call: &Call<'_>, what: What) -> Result<Json, StepError> {
    let state: Option<State> = call
        .input("state")
        .and_then(|state| serde_json::from_value(state.clone()).ok());
    let now = Timestamp::now();
    let mut began = state.as_ref().and_then(|state| state.began.clone());
    let answer = match &state {
        Some(state) => match call.ask(since(call, what, &state.token)).await {
            // Too old, too far behind or from another time: the token is of no use, the records are.
            Err(error) if error.status == Some(400) => {
                let last = state.at.parse().unwrap_or(now);
                let earliest = began.as_deref().and_then(|began| began.parse().ok());
                let from = before(last, OVERLAP).max(earliest.unwrap_or(Timestamp::MIN));
                call.ask(full(call, what, from, MOST)).await?
            }
            other => other?,
        },
        None => {
            let hours = call.count("look_back_hours").unwrap_or(0);
            let minutes = i64::try_from(hours).unwrap_or(FURTHEST).min(FURTHEST) * 60;
            // Without a look back, one record is fetched for the token alone.
            let most = if minutes == 0 { 1 } else { MOST };
            began = Some(before(now, minutes).to_string());
            let from = before(now, minutes.max(1));
            call.ask(full(call, what, from, most)).await?
        }
    };
    let fresh = state.is_some() || call.count("look_back_hours").unwrap_or(0) > 0;
    let records = answer["records"].as_array().filter(|_| fresh);
    let mut events: Vec<Json> = records
        .into_iter()
        .flatten()
        .filter(|record| is_over(record))
        .filter_map(|record| {
            let id = match &record["id"] {
                Json::String(id) => id.clone(),
                Json::Number(id) => id.to_string(),
                _ => return None,
            };
            Some(json!({ "id": id, "output": record }))
        })
        .collect();
    // RingCentral has the newest first; runs begin in the order of what has happened.
    events.reverse();
    let info = &answer["syncInfo"];
    let Some(token) = info["syncToken"].as_str() else {
        return Err(StepError {
            code: "bad_answer".to_owned(),
            message: "RingCentral's answer has no sync token.".to_owned(),
            ..StepError::default()
        });
    };
    let at = info["syncTime"]
        .as_str()
        .map_or_else(|| now.to_string(), str::to_owned);
    let minutes = call.count("minutes").unwrap_or(5).max(1);
    Ok(json!({
        "state": State { token: token.to_owned(), at, began },
        "again_in": minutes * 60,
        "events": events,
    }))
}

/// A call that still goes on comes again when it is over.
fn is_over(record: &Json) -> bool {
    record["finished"] != false && record["result"] != "In Progress"
}

fn before(instant: Timestamp, minutes: i64) -> Timestamp {
    instant
        .saturating_sub(SignedDuration::from_mins(minutes))
        .unwrap_or(instant)
}

fn since(call: &Call<'_>, what: What, token: &str) -> Ask {
    narrowed(call, what, true)
        .query("syncType", "ISync")
        .query("syncToken", token)
}

fn full(call: &Call<'_>, what: What, from: Timestamp, most: usize) -> Ask {
    narrowed(call, what, false)
        .query("syncType", "FSync")
        .query("recordCount", most.to_string())
        .query("dateFrom", from.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn narrowed(call: &Call<'_>, what: What, incremental: bool) -> Ask {
    let extension = match call.text("extension_id") {
        "" => "~",
        id => id,
    };
    let (last, group) = match what {
        What::Calls => ("call-log-sync", "heavy"),
        What::Messages => ("message-sync", "light"),
    };
    let path = [
        "restapi",
        "v1.0",
        "account",
        "~",
        "extension",
        extension,
        last,
    ];
    let mut ask = Ask::new(Method::GET, path).group(group);
    match what {
        What::Calls => {
            if call.flag("missed_only") {
                ask = ask.query("statusGroup", "Missed");
            }
            if call.flag("detailed") {
                ask = ask.query("view", "Detailed");
            }
        }
        // What narrows messages down belongs to the token.
        What::Messages if !incremental => {
            for (input, name) in [("message_type", "messageType"), ("direction", "direction")] {
                for value in call
                    .input(input)
                    .and_then(Json::as_array)
                    .into_iter()
                    .flatten()
                {
                    if let Some(value) = value.as_str() {
                        ask = ask.query(name, value);
                    }
                }
            }
        }
        What::Messages => {}
    }
    ask
}
