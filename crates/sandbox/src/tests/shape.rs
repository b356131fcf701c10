//! Every record of the call log has the shape that the service publishes for it.

use serde_json::Value;

use super::client::{Bench, access};

/// The members a record may have, with their JSON type; from the published description.
const MEMBERS: &[(&str, &str)] = &[
    ("uri", "string"),
    ("id", "string"),
    ("sessionId", "string"),
    ("startTime", "instant"),
    ("duration", "integer"),
    ("durationMs", "integer"),
    ("type", "string"),
    ("internalType", "string"),
    ("direction", "string"),
    ("action", "string"),
    ("result", "string"),
    ("reason", "string"),
    ("reasonDescription", "string"),
    ("to", "party"),
    ("from", "party"),
    ("transport", "string"),
    ("extension", "extension"),
    ("telephonySessionId", "string"),
    ("partyId", "string"),
    ("recording", "recording"),
    ("message", "message"),
    ("billing", "object"),
    ("deleted", "boolean"),
    ("lastModifiedTime", "instant"),
    ("legs", "legs"),
    ("legType", "string"),
    ("master", "boolean"),
];

const REQUIRED: [&str; 7] = [
    "action",
    "direction",
    "id",
    "sessionId",
    "startTime",
    "type",
    "uri",
];
const LEG_REQUIRED: [&str; 5] = ["action", "direction", "legType", "startTime", "type"];

/// Enumerated members with the published values that the sandbox may use.
const WORDS: &[(&str, &[&str])] = &[
    ("type", &["Voice", "Fax"]),
    ("direction", &["Inbound", "Outbound"]),
    ("transport", &["PSTN", "VoIP"]),
    (
        "internalType",
        &["Local", "LongDistance", "International", "Sip"],
    ),
    (
        "action",
        &[
            "Phone Call",
            "VoIP Call",
            "RingOut Web",
            "Incoming Fax",
            "Outgoing Fax",
        ],
    ),
    (
        "result",
        &[
            "Accepted",
            "Call connected",
            "Missed",
            "Voicemail",
            "Blocked",
            "Busy",
            "No Answer",
            "Hang Up",
            "Received",
            "Sent",
            "Fax Not Sent",
        ],
    ),
    ("reason", &["Line Busy", "Number Blocked", "Fax Not Sent"]),
    (
        "legType",
        &[
            "Accept",
            "PstnToSip",
            "SipToPstnUnmetered",
            "ExtensionToExtension",
            "FaxSent",
        ],
    ),
];

fn check(record: &Value, required: &[&str]) {
    let members = record.as_object().unwrap();
    for name in required {
        assert!(members.contains_key(*name), "{name} is missing in {record}");
    }
    for (name, value) in members {
        let (_, kind) = MEMBERS
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("{name} is not a published member"));
        let right = match *kind {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "instant" => value.as_str().is_some_and(|text| {
                text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
            }),
            "party" => value
                .as_object()
                .unwrap()
                .iter()
                .all(|(name, value)| match name.as_str() {
                    "phoneNumber" | "extensionNumber" | "extensionId" | "name" | "location" => {
                        value.is_string()
                    }
                    "device" => value["id"].is_string() && value["uri"].is_string(),
                    _ => false,
                }),
            "extension" => value["id"].is_i64() && value["uri"].is_string(),
            "recording" => ["id", "uri", "type", "contentUri"]
                .iter()
                .all(|name| value[*name].is_string()),
            "message" => ["id", "uri", "type"]
                .iter()
                .all(|name| value[*name].is_string()),
            "legs" => {
                for leg in value.as_array().unwrap() {
                    check(leg, &LEG_REQUIRED);
                }
                true
            }
            _ => value.is_object(),
        };
        assert!(right, "{name} is not a {kind}: {value}");
        if let Some((_, words)) = WORDS.iter().find(|(known, _)| known == name) {
            assert!(words.contains(&value.as_str().unwrap()), "{name}: {value}");
        }
    }
}

#[test]
fn records_have_the_published_shape_in_both_views() {
    let bench = Bench::new();
    let token = access(&bench.ringcentral("ana", &["ReadCallLog"]));
    for view in ["Simple", "Detailed"] {
        let answer = bench
            .get(
                &format!("/restapi/v1.0/account/~/call-log?perPage=max&dateFrom=2026-02-20T00:00:00Z&view={view}"),
                &token,
            )
            .fine();
        let records = answer["records"].as_array().unwrap();
        assert!(records.len() > 400, "{}", records.len());
        for record in records {
            check(record, &REQUIRED);
        }
    }
}
