//! One call record, and how it is written in an answer.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::ringcentral::ACCOUNT_ID;
use crate::ringcentral::params::written;

/// A call as the log of one extension shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CallRecord {
    pub(crate) id: String,
    pub(crate) session_id: String,
    pub(crate) telephony_session_id: String,
    /// The extension whose log this is in.
    pub(crate) extension_id: String,
    pub(crate) start: Timestamp,
    pub(crate) duration_ms: i64,
    /// `Voice` or `Fax`.
    pub(crate) kind: String,
    /// `Inbound` or `Outbound`.
    pub(crate) direction: String,
    pub(crate) action: String,
    pub(crate) result: String,
    /// A reason and its description.
    pub(crate) reason: Option<(String, String)>,
    /// `PSTN` or `VoIP`.
    pub(crate) transport: String,
    pub(crate) internal_type: Option<String>,
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) recording: Option<Recording>,
    /// The type of the message that the call left, and its id.
    pub(crate) message: Option<(String, u64)>,
    pub(crate) deleted: bool,
    /// Came in after the start, so it is kept over a restart.
    pub(crate) added: bool,
}

/// One end of a call. An internal party has no phone number, a withheld one has nothing but a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Party {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extension_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extension_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_id: Option<String>,
}

/// The recording of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recording {
    pub(crate) id: String,
    /// `Automatic` or `OnDemand`.
    pub(crate) kind: String,
}

/// How much of a record is shown, and from whose point of view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View<'a> {
    pub(crate) origin: &'a str,
    pub(crate) detailed: bool,
    /// Links lead to the company's log instead of the extension's.
    pub(crate) company: bool,
}

impl CallRecord {
    pub(crate) fn is_blocked(&self) -> bool {
        self.result == "Blocked"
    }

    /// The record as JSON, in the field order of the real service.
    pub(crate) fn render(&self, view: View<'_>) -> Value {
        let account = format!("{}/restapi/v1.0/account/{ACCOUNT_ID}", view.origin);
        let extension = format!("{account}/extension/{}", self.extension_id);
        let log = if view.company { &account } else { &extension };
        let level = if view.detailed { "Detailed" } else { "Simple" };
        let mut record = Map::new();
        let mut put = |name: &str, value: Value| {
            record.insert(name.to_owned(), value);
        };
        put(
            "uri",
            format!("{log}/call-log/{}?view={level}", self.id).into(),
        );
        put("id", self.id.as_str().into());
        put("sessionId", self.session_id.as_str().into());
        put("startTime", written(self.start).into());
        put("duration", (self.duration_ms / 1_000).into());
        put("durationMs", self.duration_ms.into());
        put("type", self.kind.as_str().into());
        if let Some(internal_type) = &self.internal_type {
            put("internalType", internal_type.as_str().into());
        }
        put("direction", self.direction.as_str().into());
        put("action", self.action.as_str().into());
        put("result", self.result.as_str().into());
        if let Some((reason, description)) = &self.reason {
            put("reason", reason.as_str().into());
            put("reasonDescription", description.as_str().into());
        }
        put("to", self.to.render(&extension));
        put("from", self.from.render(&extension));
        put("transport", self.transport.as_str().into());
        let owner: i64 = self.extension_id.parse().unwrap_or_default();
        put("extension", json!({ "uri": extension, "id": owner }));
        put(
            "telephonySessionId",
            self.telephony_session_id.as_str().into(),
        );
        put(
            "partyId",
            format!("p-{}-1", self.telephony_session_id.trim_start_matches("s-")).into(),
        );
        if let Some(recording) = &self.recording {
            put("recording", recording.render(&account));
        }
        if let Some((kind, id)) = &self.message {
            put(
                "message",
                json!({
                    "uri": format!("{extension}/message-store/{id}"),
                    "id": id.to_string(),
                    "type": kind,
                }),
            );
        }
        put(
            "billing",
            json!({ "costIncluded": 0.0, "costPurchased": 0.0 }),
        );
        if self.deleted {
            put("deleted", true.into());
        }
        if view.detailed {
            put("lastModifiedTime", written(self.ended()).into());
            put("legs", self.legs(&account, &extension));
        }
        Value::Object(record)
    }

    fn ended(&self) -> Timestamp {
        self.start
            .saturating_add(SignedDuration::from_millis(self.duration_ms))
            .unwrap_or(self.start)
    }

    /// The parts of the call: where it came in or went out, and who took it.
    fn legs(&self, account: &str, extension: &str) -> Value {
        let leg_type = match (self.kind.as_str(), self.direction.as_str()) {
            ("Fax", "Outbound") => "FaxSent",
            (_, "Outbound") if self.to.phone_number.is_some() => "SipToPstnUnmetered",
            _ if self.from.phone_number.is_none() && self.from.extension_id.is_some() => {
                "ExtensionToExtension"
            }
            _ => "Accept",
        };
        let owner: i64 = self.extension_id.parse().unwrap_or_default();
        let mut leg = json!({
            "startTime": written(self.start),
            "duration": self.duration_ms / 1_000,
            "durationMs": self.duration_ms,
            "type": self.kind,
            "direction": self.direction,
            "action": self.action,
            "result": self.result,
            "to": self.to.render(extension),
            "from": self.from.render(extension),
            "transport": self.transport,
            "extension": { "uri": extension, "id": owner },
            "telephonySessionId": self.telephony_session_id,
            "legType": leg_type,
            "master": true,
        });
        if let Some(recording) = &self.recording {
            leg["recording"] = recording.render(account);
        }
        let mut legs = vec![leg.clone()];
        if self.direction == "Inbound" && self.kind == "Voice" && !self.is_blocked() {
            leg["legType"] = "PstnToSip".into();
            leg["master"] = false.into();
            if let Some(leg) = leg.as_object_mut() {
                leg.shift_remove("recording");
            }
            legs.push(leg);
        }
        legs.into()
    }
}

impl Party {
    fn render(&self, extension_uri: &str) -> Value {
        let mut party = Map::new();
        let texts = [
            ("phoneNumber", &self.phone_number),
            ("extensionNumber", &self.extension_number),
            ("extensionId", &self.extension_id),
            ("name", &self.name),
            ("location", &self.location),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                party.insert(name.to_owned(), text.as_str().into());
            }
        }
        if let Some(id) = &self.device_id {
            let account = extension_uri
                .rsplit_once("/extension/")
                .map_or(extension_uri, |(account, _)| account);
            party.insert(
                "device".to_owned(),
                json!({ "uri": format!("{account}/device/{id}"), "id": id }),
            );
        }
        Value::Object(party)
    }
}

impl Recording {
    fn render(&self, account: &str) -> Value {
        let uri = format!("{account}/recording/{}", self.id);
        json!({
            "uri": uri,
            "id": self.id,
            "type": self.kind,
            "contentUri": format!("{uri}/content"),
        })
    }
}
