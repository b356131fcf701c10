//! The message store of an extension: what it holds at the start, and how it is listed and read.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::oauth::grants::after;
use crate::random::Random;
use crate::ringcentral::calls::inside_with_number;
use crate::ringcentral::extensions::{EXTENSIONS, links};
use crate::ringcentral::paging::Page;
use crate::ringcentral::params::{digits, instant, many_of, written};
use crate::ringcentral::record::{CallRecord, Party};
use crate::ringcentral::{ACCOUNT_ID, Answer, Call, errors};
use crate::state::State;
use crate::wire::Reply;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) extension_id: String,
    pub(crate) conversation_id: i64,
    pub(crate) at: Timestamp,
    /// `SMS`, `Fax` or `VoiceMail`.
    pub(crate) kind: String,
    pub(crate) direction: String,
    pub(crate) from: Party,
    pub(crate) to: Vec<Party>,
    pub(crate) subject: String,
    pub(crate) read: bool,
    /// `Sent`, `Delivered` or `Received`.
    pub(crate) status: String,
}

const TEXTS: &[&str] = &[
    "Is the delivery still on for Thursday?",
    "Thanks, got it!",
    "Running ten minutes late, sorry.",
    "Could you call me back about the invoice?",
    "The new keys are at the front desk.",
];

/// A few text messages for everybody, and the voicemails and faxes that the calls have left.
pub(crate) fn generate(seed: u64, calls: &[CallRecord], now: Timestamp) -> Vec<Message> {
    let mut random = Random::new(seed ^ 0x4d65_7373_6167_6573);
    let mut messages: Vec<Message> = calls.iter().filter_map(left_by).collect();
    let callers: Vec<&Party> = calls
        .iter()
        .filter(|call| call.direction == "Inbound" && call.from.location.is_some())
        .map(|call| &call.from)
        .collect();
    for extension in EXTENSIONS
        .iter()
        .filter(|extension| extension.kind == "User")
    {
        for index in 0..12 {
            if callers.is_empty() || extension.phone.is_empty() {
                continue;
            }
            let other = (*random.pick(&callers)).clone();
            let own = inside_with_number(extension);
            let outbound = random.chance(40);
            let (from, to) = if outbound { (own, other) } else { (other, own) };
            let ago = i64::try_from(600 + random.below(2 * 86_400)).unwrap_or_default();
            messages.push(Message {
                id: i64::try_from(1_500_000_000 + random.below(400_000_000)).unwrap_or_default(),
                extension_id: extension.id.to_owned(),
                conversation_id: 7_000_000_000 + index,
                at: after(now, -ago),
                kind: "SMS".to_owned(),
                direction: if outbound { "Outbound" } else { "Inbound" }.to_owned(),
                from,
                to: vec![to],
                subject: (*random.pick(TEXTS)).to_owned(),
                read: outbound || random.chance(60),
                status: if outbound { "Delivered" } else { "Received" }.to_owned(),
            });
        }
    }
    messages
}

fn left_by(call: &CallRecord) -> Option<Message> {
    let (kind, id) = call.message.as_ref()?;
    let outbound = call.direction == "Outbound";
    Some(Message {
        id: i64::try_from(*id).unwrap_or_default(),
        extension_id: call.extension_id.clone(),
        conversation_id: i64::try_from(*id).unwrap_or_default(),
        at: call
            .start
            .saturating_add(SignedDuration::from_millis(call.duration_ms))
            .unwrap_or(call.start),
        kind: kind.clone(),
        direction: call.direction.clone(),
        from: call.from.clone(),
        to: vec![call.to.clone()],
        subject: if kind == "Fax" {
            "Fax message".to_owned()
        } else {
            format!(
                "Voice message from {}",
                call.from.name.as_deref().unwrap_or("an unknown caller")
            )
        },
        read: outbound,
        status: if outbound { "Sent" } else { "Received" }.to_owned(),
    })
}

/// `listMessages`.
pub(crate) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    let request = call.request;
    let kinds = many_of(
        request,
        "messageType",
        &["Fax", "SMS", "VoiceMail", "Pager"],
    )?;
    let directions = many_of(request, "direction", &["Inbound", "Outbound"])?;
    let reads = many_of(request, "readStatus", &["Read", "Unread"])?;
    let availability = many_of(request, "availability", &["Alive", "Deleted", "Purged"])?;
    let phone = digits(request, "phoneNumber")?;
    let to = instant(request, "dateTo")?.unwrap_or(request.now);
    let from = instant(request, "dateFrom")?.unwrap_or_else(|| after(to, -86_400));
    let page = Page::of(request)?;
    let any = |wanted: &[&str], value: &str| wanted.is_empty() || wanted.contains(&value);
    let mut found: Vec<&Message> = state
        .messages
        .iter()
        .filter(|message| message.extension_id == call.extension.id)
        .filter(|message| message.at >= from && message.at <= to)
        .filter(|message| any(&kinds, &message.kind) && any(&directions, &message.direction))
        .filter(|message| any(&reads, message.read_status()) && any(&availability, "Alive"))
        .filter(|message| phone.as_ref().is_none_or(|phone| message.involves(phone)))
        .collect();
    found.sort_by(|one, other| other.at.cmp(&one.at).then(other.id.cmp(&one.id)));
    let path = format!(
        "{}/restapi/v1.0/account/{ACCOUNT_ID}/extension/{}/message-store",
        request.origin, call.extension.id
    );
    let mut query = links(request);
    query.retain(|(name, _)| name != "dateFrom" && name != "dateTo");
    query.push(("dateFrom".to_owned(), written(from)));
    query.push(("dateTo".to_owned(), written(to)));
    Ok(page.answer(&path, &query, &found, |message| {
        message.render(&request.origin)
    }))
}

/// `readMessage`.
pub(crate) fn read(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    let id: Option<i64> = call.id.parse().ok();
    state
        .messages
        .iter()
        .find(|message| Some(message.id) == id && message.extension_id == call.extension.id)
        .map(|message| Reply::ok(&message.render(&call.request.origin)))
        .ok_or_else(|| errors::not_found("messageId"))
}

impl Message {
    /// Sent by a caller of this sandbox, as opposed to made up at the start.
    pub(crate) fn was_sent_here(&self) -> bool {
        self.kind == "SMS" && self.status == "Sent"
    }

    fn read_status(&self) -> &'static str {
        if self.read { "Read" } else { "Unread" }
    }

    fn involves(&self, digits: &str) -> bool {
        std::iter::once(&self.from).chain(&self.to).any(|party| {
            party
                .phone_number
                .as_ref()
                .is_some_and(|number| number.trim_start_matches('+') == digits)
        })
    }

    pub(crate) fn render(&self, origin: &str) -> Value {
        let base = format!(
            "{origin}/restapi/v1.0/account/{ACCOUNT_ID}/extension/{}",
            self.extension_id
        );
        let uri = format!("{base}/message-store/{}", self.id);
        let (attachment, content_type) = match self.kind.as_str() {
            "VoiceMail" => ("AudioRecording", "audio/mpeg"),
            "Fax" => ("RenderedDocument", "application/pdf"),
            _ => ("Text", "text/plain"),
        };
        let to: Vec<Value> = self
            .to
            .iter()
            .map(|party| {
                let mut party = serde_json::to_value(party).unwrap_or_default();
                if self.kind == "SMS" {
                    party["messageStatus"] = self.status.as_str().into();
                }
                party
            })
            .collect();
        let mut message = json!({
            "uri": uri,
            "id": self.id,
            "extensionId": self.extension_id,
            "to": to,
            "from": self.from,
            "type": self.kind,
            "creationTime": written(self.at),
            "lastModifiedTime": written(self.at),
            "readStatus": self.read_status(),
            "priority": "Normal",
            "attachments": [{
                "id": self.id,
                "uri": format!("{uri}/content/{}", self.id),
                "type": attachment,
                "contentType": content_type,
            }],
            "direction": self.direction,
            "availability": "Alive",
            "subject": self.subject,
            "messageStatus": self.status,
            // Required by the published description of a single message.
            "vmSideRecipients": [],
        });
        if self.kind == "SMS" {
            message["conversationId"] = self.conversation_id.into();
            message["conversation"] = json!({
                "id": self.conversation_id.to_string(),
                "uri": format!("{base}/conversation/{}", self.conversation_id),
            });
            message["smsSendingAttemptsCount"] = 1.into();
        }
        message
    }
}
