//! The call log as changes: everything at first, then only what has come since.

use serde_json::Value;

use crate::oauth::grants::after;
use crate::ringcentral::call_log::company_permission;
use crate::ringcentral::call_log_query::is_detailed;
use crate::ringcentral::params::{instant, one_of};
use crate::ringcentral::record::{CallRecord, View};
use crate::ringcentral::sync::{self, Sync, Useless};
use crate::ringcentral::{Answer, Call, errors};
use crate::state::State;
use crate::wire::Reply;

/// Seconds back that a full sync may begin.
const FURTHEST: i64 = 30 * 86_400;

/// `syncUserCallLog`.
pub(crate) fn user(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    sync(state, call, false)
}

/// `syncAccountCallLog`.
pub(crate) fn company(state: &mut State, call: &Call<'_>) -> Answer {
    company_permission(call)?;
    sync(state, call, true)
}

fn sync(state: &State, call: &Call<'_>, company: bool) -> Answer {
    let request = call.request;
    let kind = if company {
        "company-calls".to_owned()
    } else {
        format!("calls-of-{}", call.extension.id)
    };
    let known = state.calls.len();
    let asked = sync::asked(call, &kind, known, refuse)?;
    let missed_only = one_of(request, "statusGroup", &["Missed", "All"])? == Some("Missed");
    let earliest = after(request.now, -FURTHEST);
    let from = instant(request, "dateFrom")?.unwrap_or_else(|| after(request.now, -86_400));
    if from < earliest {
        return Err(errors::invalid_because(
            "dateFrom",
            "Parameter [dateFrom] must lie within the last 30 days",
        ));
    }
    let (skipped, most) = match &asked {
        Sync::Full(most) => (0, *most),
        Sync::Since(seen) => (*seen, sync::MOST),
    };
    let full = matches!(asked, Sync::Full(_));
    let mut records: Vec<&CallRecord> = state
        .calls
        .iter()
        .skip(skipped)
        .filter(|record| company || record.extension_id == call.extension.id)
        .filter(|record| !missed_only || record.result == "Missed")
        .filter(|record| !full || record.start >= from)
        .collect();
    records.sort_by(|one, other| other.start.cmp(&one.start).then(one.id.cmp(&other.id)));
    records.truncate(most);
    let view = View {
        origin: &request.origin,
        detailed: is_detailed(request)?,
        company,
    };
    let records: Vec<Value> = records.iter().map(|record| record.render(view)).collect();
    Ok(sync::answer(request, &asked, &kind, known, &records))
}

fn refuse(why: Useless) -> Reply {
    let (code, message) = match why {
        Useless::Unreadable => ("CLG-101", "Parameter [syncToken] is invalid"),
        Useless::Expired => ("CLG-102", "Parameter [syncToken] has expired"),
        Useless::TooFarBehind => (
            "CLG-104",
            "Too many changes since [syncToken]; a full sync is needed",
        ),
    };
    errors::coded(400, code, message)
}
