//! The control interface: what a test in another process can see and do. JSON throughout.
//!
//! | request | does |
//! |---|---|
//! | `GET /_sandbox/call-log?extension=101` | all records of an extension (id or number), or of the company |
//! | `POST /_sandbox/calls` | adds calls: one object or a list, see `NewCall` |
//! | `GET /_sandbox/messages?extension=101` | the message store |
//! | `GET /_sandbox/sheets` | `[{id, name, owner, sheets}]` |
//! | `GET /_sandbox/sheets/{id}` | `{id, name, sheets: [{title, rows, values}]}`, values unformatted |
//! | `GET /_sandbox/requests`, `DELETE` | what the services were asked |
//! | `POST /_sandbox/faults`, `DELETE` | orders a fault (see [`crate::Fault`]); takes all back |
//! | `POST /_sandbox/delay` | `{"milliseconds": 5}` |
//! | `POST /_sandbox/limits`, `DELETE` | sets [`crate::RateLimits`]; forgets what was counted |
//! | `POST /_sandbox/tokens/expire`, `…/revoke` | as the methods of [`crate::Sandbox`] |
//! | `POST /_sandbox/events` | fires events at webhooks: `{event, extension, parameters, body, count, duplicates, delay_milliseconds, reversed, wrong_token}` |
//! | `POST /_sandbox/events/replay` | sends one again: `{uuid}`, or the newest; with the same manners |
//! | `GET /_sandbox/deliveries` | what was sent to webhooks, newest first |
//! | `GET /_sandbox/subscriptions`, `POST …/{id}`, `DELETE …/{id}` | lists, spoils (`{status, expires_in}`), loses; `all` is every one |
//! | `POST /_sandbox/reset` | everything as at the start |

pub(crate) mod events;

use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::google::{render_sheet, show_sheet};
use crate::oauth::grants::after;
use crate::pages::assets;
use crate::random::Random;
use crate::ringcentral::calls::{blank, inside, inside_with_number};
use crate::ringcentral::extensions::{Extension, by_id_or_number};
use crate::ringcentral::record::{CallRecord, Party, View};
use crate::state::State;
use crate::wire::{Reply, Request};

/// A call to be added. Everything but the extension may be left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCall {
    /// Id or number of the extension whose log it goes into.
    #[serde(default = "first_extension")]
    extension: String,
    /// `Inbound` or `Outbound`.
    #[serde(default = "inbound")]
    direction: String,
    /// `Voice` or `Fax`.
    #[serde(default = "voice")]
    r#type: String,
    result: Option<String>,
    /// Seconds.
    #[serde(default)]
    duration: u32,
    /// How many seconds ago it began.
    #[serde(default = "just_now")]
    seconds_ago: i64,
    from: Option<Party>,
    to: Option<Party>,
    /// How many such calls.
    #[serde(default = "once")]
    count: u32,
}

fn first_extension() -> String {
    "101".to_owned()
}

fn inbound() -> String {
    "Inbound".to_owned()
}

fn voice() -> String {
    "Voice".to_owned()
}

fn just_now() -> i64 {
    20
}

fn once() -> u32 {
    1
}

/// Answers a request below `/_sandbox`.
pub(crate) fn answer(state: &mut State, request: &Request, rest: &[&str]) -> Reply {
    let method = &request.method;
    let (get, post, delete) = (
        *method == Method::GET,
        *method == Method::POST,
        *method == Method::DELETE,
    );
    // A page of another site must not steer the sandbox through a visitor's browser.
    if !get
        && request
            .header("origin")
            .is_some_and(|origin| origin != request.origin)
    {
        return problem(403, "this interface takes no requests from other sites");
    }
    match rest {
        ["assets", name] if get => {
            assets::reply(name).unwrap_or_else(|| problem(404, "no such asset"))
        }
        ["call-log"] if get => call_log(state, request),
        ["calls"] if post => add_calls_reply(state, request),
        ["messages"] if get => messages(state, request),
        ["sheets"] if get => sheets(state),
        ["sheets", id] if get => sheet(state, request, id),
        ["requests"] if get => Reply::ok(&json!(state.log.entries())),
        ["requests"] if delete => {
            state.log.clear();
            done()
        }
        ["faults"] if post => match serde_json::from_slice::<Fault>(&request.body) {
            Ok(fault) => {
                state.faults.add(fault);
                done()
            }
            Err(error) => problem(400, &format!("not a fault: {error}")),
        },
        ["faults"] if delete => {
            state.faults.clear();
            done()
        }
        ["delay"] if post => {
            let wanted = request.json().ok();
            match wanted.and_then(|body| body["milliseconds"].as_u64()) {
                Some(milliseconds) => {
                    state.delay = Duration::from_millis(milliseconds);
                    done()
                }
                None => problem(400, "send {\"milliseconds\": number}"),
            }
        }
        ["tokens", "expire"] if post => {
            state.grants.expire_access_tokens();
            done()
        }
        ["tokens", "revoke"] if post => {
            state.grants.revoke_all();
            done()
        }
        ["limits"] if post => match serde_json::from_slice(&request.body) {
            Ok(limits) => {
                state.rate_limits = limits;
                done()
            }
            Err(error) => problem(400, &format!("not rate limits: {error}")),
        },
        ["limits"] if delete => {
            state.limits.clear();
            state.quota.clear();
            done()
        }
        ["events"] if post => match request.json() {
            Ok(order) => sent(events::fire(state, order, &request.origin, request.now)),
            Err(error) => problem(400, &format!("not JSON: {error}")),
        },
        ["events", "replay"] if post => {
            let order = request.json().unwrap_or_default();
            sent(events::replay(state, &order, request.now))
        }
        ["deliveries"] if get => {
            let all: Vec<_> = state.deliveries.newest().collect();
            Reply::ok(&json!(all))
        }
        ["subscriptions"] if get => Reply::ok(&events::subscriptions(state, request.now)),
        ["subscriptions", id] if post => match events::spoil(state, request, id) {
            Ok(()) => done(),
            Err(text) => problem(400, &text),
        },
        ["subscriptions", id] if delete => {
            state
                .subscriptions
                .retain(|one| *id != "all" && one.id != *id);
            done()
        }
        ["reset"] if post => {
            state.reset(request.now);
            done()
        }
        _ => problem(404, "no such control; see GET / for the list"),
    }
}

fn done() -> Reply {
    Reply::ok(&json!({ "ok": true }))
}

/// The notifications that are on their way, or why there are none.
fn sent(outcome: Result<Vec<Value>, String>) -> Reply {
    match outcome {
        Ok(deliveries) => Reply::json(202, &json!({ "deliveries": deliveries })),
        Err(text) => problem(400, &text),
    }
}

fn problem(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({ "error": text }))
}

/// The extension of the query; `Ok(None)` when it names none.
fn asked(request: &Request) -> Result<Option<&'static Extension>, Reply> {
    match request.param("extension") {
        None => Ok(None),
        Some(text) => by_id_or_number(text)
            .map(Some)
            .ok_or_else(|| problem(404, &format!("no extension {text}"))),
    }
}

fn call_log(state: &State, request: &Request) -> Reply {
    let extension = match asked(request) {
        Ok(extension) => extension,
        Err(reply) => return reply,
    };
    let mut records: Vec<_> = state
        .calls
        .iter()
        .filter(|record| extension.is_none_or(|extension| record.extension_id == extension.id))
        .collect();
    records.sort_by(|one, other| other.start.cmp(&one.start).then(one.id.cmp(&other.id)));
    let view = View {
        origin: &request.origin,
        detailed: false,
        company: extension.is_none(),
    };
    let records: Vec<Value> = records.iter().map(|record| record.render(view)).collect();
    Reply::ok(&json!({ "records": records }))
}

fn messages(state: &State, request: &Request) -> Reply {
    let extension = match asked(request) {
        Ok(extension) => extension,
        Err(reply) => return reply,
    };
    let messages: Vec<Value> = state
        .messages
        .iter()
        .filter(|message| extension.is_none_or(|extension| message.extension_id == extension.id))
        .map(|message| message.render(&request.origin))
        .collect();
    Reply::ok(&json!({ "records": messages }))
}

fn sheets(state: &State) -> Reply {
    let files: Vec<Value> = state
        .files
        .values()
        .map(|file| {
            let titles: Vec<&str> = file
                .sheets
                .iter()
                .map(|sheet| sheet.title.as_str())
                .collect();
            json!({
                "id": file.id,
                "name": file.name,
                "owner": file.owner.key(),
                "sheets": titles,
            })
        })
        .collect();
    Reply::ok(&files.into())
}

/// `?view=shown` gives what people see instead of what programs read; with `&known=…`, the answer
/// is 204 while `modified` is still that.
fn sheet(state: &State, request: &Request, id: &str) -> Reply {
    let Some(file) = state.files.get(id) else {
        return problem(404, "no spreadsheet has this id");
    };
    let modified = format!("{}.{}", file.modified_at, file.changes);
    if request.param("known") == Some(modified.as_str()) {
        return Reply::empty(204);
    }
    let shown = request.param("view") == Some("shown");
    let sheets: Vec<Value> = file
        .sheets
        .iter()
        .map(|sheet| {
            let values = if shown {
                show_sheet(sheet)
            } else {
                render_sheet(file, &sheet.title).unwrap_or_default()
            };
            json!({
                "id": sheet.id,
                "title": sheet.title,
                "rows": values.len(),
                "values": values,
            })
        })
        .collect();
    Reply::ok(&json!({
        "id": file.id,
        "name": file.name,
        "modified": modified,
        "sheets": sheets,
    }))
    .header("cache-control", "no-store")
}

fn add_calls_reply(state: &mut State, request: &Request) -> Reply {
    let wanted = match request.json() {
        Ok(wanted) => wanted,
        Err(error) => return problem(400, &format!("not JSON: {error}")),
    };
    match add_calls(state, wanted, request.now) {
        Ok(ids) => Reply::json(201, &json!({ "ids": ids })),
        Err(text) => problem(400, &text),
    }
}

/// Adds one call or a list of calls; gives the ids of their records.
pub(crate) fn add_calls(
    state: &mut State,
    wanted: Value,
    now: Timestamp,
) -> Result<Vec<String>, String> {
    let wanted = match wanted {
        Value::Array(wanted) => Value::Array(wanted),
        one => Value::Array(vec![one]),
    };
    let wanted: Vec<NewCall> =
        serde_json::from_value(wanted).map_err(|error| format!("not a call: {error}"))?;
    let serial = u64::try_from(state.calls.len()).unwrap_or_default();
    let mut random = Random::new(state.config.seed ^ (serial << 20) ^ 0x6e65_7743_616c_6c73);
    let mut records = Vec::new();
    for call in wanted {
        let own = by_id_or_number(&call.extension)
            .ok_or_else(|| format!("no extension {}", call.extension))?;
        if !matches!(call.direction.as_str(), "Inbound" | "Outbound")
            || !matches!(call.r#type.as_str(), "Voice" | "Fax")
        {
            return Err("direction is Inbound or Outbound, type is Voice or Fax".to_owned());
        }
        for _ in 0..call.count {
            records.push(call.record(&mut random, own, now));
        }
    }
    let ids = records.iter().map(|record| record.id.clone()).collect();
    state.calls.extend(records);
    state.dirty = true;
    Ok(ids)
}

impl NewCall {
    fn record(&self, random: &mut Random, own: &Extension, now: Timestamp) -> CallRecord {
        let outbound = self.direction == "Outbound";
        let other = by_id_or_number("103").map(inside).unwrap_or_default();
        let mut record = blank(random, own, after(now, -self.seconds_ago));
        let (from, to) = if outbound {
            (inside_with_number(own), other)
        } else {
            (other, inside_with_number(own))
        };
        record.from = self.from.clone().unwrap_or(from);
        record.to = self.to.clone().unwrap_or(to);
        record.direction.clone_from(&self.direction);
        record.kind.clone_from(&self.r#type);
        record.duration_ms = i64::from(self.duration) * 1_000;
        record.added = true;
        let usual = match (self.r#type.as_str(), outbound) {
            ("Fax", true) => ("Outgoing Fax", "Sent"),
            ("Fax", false) => ("Incoming Fax", "Received"),
            (_, true) => ("VoIP Call", "Call connected"),
            (_, false) => ("Phone Call", "Accepted"),
        };
        usual.0.clone_into(&mut record.action);
        record.result = self.result.clone().unwrap_or_else(|| usual.1.to_owned());
        record
    }
}
