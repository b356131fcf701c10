//! The message store as changes: everything at first, then only what has come since.

use serde_json::Value;

use crate::oauth::grants::after;
use crate::ringcentral::messages::Message;
use crate::ringcentral::params::{instant, many_of};
use crate::ringcentral::sync::{self, Sync, Useless};
use crate::ringcentral::{Answer, Call, errors};
use crate::state::State;
use crate::wire::Reply;

/// `syncMessages`.
pub(crate) fn sync(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    let request = call.request;
    let kind = format!("messages-of-{}", call.extension.id);
    let known = state.messages.len();
    let asked = sync::asked(call, &kind, known, refuse)?;
    let kinds = many_of(
        request,
        "messageType",
        &["Fax", "SMS", "VoiceMail", "Pager"],
    )?;
    let directions = many_of(request, "direction", &["Inbound", "Outbound"])?;
    let from = instant(request, "dateFrom")?.unwrap_or_else(|| after(request.now, -86_400));
    let any = |wanted: &[&str], value: &str| wanted.is_empty() || wanted.contains(&value);
    let (skipped, most) = match &asked {
        Sync::Full(most) => (0, *most),
        Sync::Since(seen) => (*seen, sync::MOST),
    };
    let full = matches!(asked, Sync::Full(_));
    let mut found: Vec<&Message> = state
        .messages
        .iter()
        .skip(skipped)
        .filter(|message| message.extension_id == call.extension.id)
        .filter(|message| any(&kinds, &message.kind) && any(&directions, &message.direction))
        .filter(|message| !full || message.at >= from)
        .collect();
    found.sort_by_key(|message| std::cmp::Reverse((message.at, message.id)));
    found.truncate(most);
    let records: Vec<Value> = found
        .iter()
        .map(|message| message.render(&request.origin))
        .collect();
    Ok(sync::answer(request, &asked, &kind, known, &records))
}

fn refuse(why: Useless) -> Reply {
    let message = match why {
        Useless::Unreadable => "Parameter [syncToken] is invalid",
        Useless::Expired => "Parameter [syncToken] has expired",
        Useless::TooFarBehind => "Too many changes since [syncToken]; a full sync is needed",
    };
    errors::coded(400, "MSG-333", message)
}
