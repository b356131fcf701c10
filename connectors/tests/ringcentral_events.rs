//! The events that a RingCentral trigger can listen to: their filters, scopes and bodies, against a table of facts.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of these tests end them when something is wrong"
)]

use patchbay_kit::{
    Catalog, Kit, Question, Target,
    hooks::BoxFuture,
    http::{Request, Response, Transport, problem::HttpError},
    model::Json,
};
use serde_json::json;
use std::sync::Arc;

/// Name, filter with every parameter given, scopes, and the keys of the body.
const FACTS: [(&str, &str, &str, &str); 40] = [
    (
        "inbound_sms",
        "/restapi/v1.0/account/~/extension/~/message-store/instant?type=SMS",
        "ReadMessages",
        "attachments availability conversation conversationId creationTime direction from id lastModifiedTime messageStatus ownerId priority readStatus subject to type",
    ),
    (
        "mailbox_changed",
        "/restapi/v1.0/account/~/extension/~/message-store?type=SMS&direction=Inbound",
        "ReadMessages",
        "changes extensionId lastUpdated ownerId",
    ),
    (
        "voicemail_received",
        "/restapi/v1.0/account/~/extension/~/voicemail",
        "ReadMessages",
        "attachments availability creationTime direction from id lastModifiedTime messageStatus priority readStatus subject to type vmTranscriptionStatus",
    ),
    (
        "fax_received",
        "/restapi/v1.0/account/~/extension/~/fax?direction=Inbound",
        "ReadMessages",
        "attachments availability conversationId creationTime direction faxPageCount faxResolution from id lastModifiedTime messageStatus priority readStatus subject to type",
    ),
    (
        "thread_entries_changed",
        "/restapi/v1.0/account/~/message-threads/entries/sync",
        "SMS",
        "lastModifiedTime",
    ),
    (
        "threads_changed",
        "/restapi/v1.0/account/~/message-threads/sync",
        "SMS",
        "lastModifiedTime",
    ),
    (
        "sms_batches_changed",
        "/restapi/v1.0/account/~/a2p-sms/batches?from=%2B16505550112",
        "ReadAccounts",
        "batchSize creationTime from id lastModifiedTime processedCount status",
    ),
    (
        "sms_batch_changed",
        "/restapi/v1.0/account/~/a2p-sms/batches/b1",
        "ReadAccounts",
        "batchSize creationTime from id lastModifiedTime processedCount status",
    ),
    (
        "sms_batch_message_changed",
        "/restapi/v1.0/account/~/a2p-sms/messages?direction=Inbound&batchId=b1&from=%2B16505550112&to=%2B12125550131",
        "ReadAccounts",
        "batchId cost creationTime direction errorCode from id lastModifiedTime messageStatus segmentCount text to",
    ),
    (
        "sms_opt_out",
        "/restapi/v1.0/account/~/a2p-sms/opt-outs?direction=Inbound&batchId=b1&from=%2B16505550112&to=%2B12125550131",
        "ReadAccounts",
        "active from to",
    ),
    (
        "call_in_account",
        "/restapi/v1.0/account/~/telephony/sessions?direction=Inbound&missedCall=true&phoneNumber=%2B16505550112&sipData=true&statusCode=Answered&withRecordings=true",
        "CallControl",
        "eventTime origin parties sequence serverId sessionId telephonySessionId",
    ),
    (
        "call_on_extension",
        "/restapi/v1.0/account/~/extension/~/telephony/sessions?direction=Inbound&missedCall=true&phoneNumber=%2B16505550112&sipData=true&statusCode=Answered&withRecordings=true",
        "CallControl",
        "eventTime origin parties sequence serverId sessionId telephonySessionId",
    ),
    (
        "presence_in_account",
        "/restapi/v1.0/account/~/presence",
        "ReadAccounts ReadPresence",
        "acceptCallQueueCalls allowSeeMyPresence dndStatus dndStatusPersonal extensionId meetingStatus ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus userStatus",
    ),
    (
        "presence_of_extension",
        "/restapi/v1.0/account/~/extension/~/presence?detailedTelephonyState=true&sipData=true",
        "ReadPresence",
        "acceptCallQueueCalls aggregatedTelephonyStatus allowSeeMyPresence cxTelephonyStatus dndStatus dndStatusPersonal extensionId ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus userStatus",
    ),
    (
        "presence_of_monitored_lines",
        "/restapi/v1.0/account/~/extension/~/presence/line/presence?detailedTelephonyState=true&sipData=true",
        "ReadPresence",
        "acceptCallQueueCalls aggregatedTelephonyStatus allowSeeMyPresence cxTelephonyStatus dndStatus dndStatusPersonal extensionId ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus userStatus",
    ),
    (
        "presence_of_favourites",
        "/restapi/v1.0/account/~/extension/~/favorite/presence?detailedTelephonyState=true&sipData=true",
        "ReadPresence",
        "acceptCallQueueCalls aggregatedTelephonyStatus allowSeeMyPresence cxTelephonyStatus dndStatus dndStatusPersonal extensionId ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus userStatus",
    ),
    (
        "presence_with_calls",
        "/restapi/v1.0/account/~/extension/~/presence?detailedTelephonyState=true",
        "ReadPresence",
        "acceptCallQueueCalls activeCalls allowSeeMyPresence appearances dndStatus dndStatusPersonal extensionId meetingStatus ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus totalActiveCalls userStatus",
    ),
    (
        "presence_with_calls_and_sip",
        "/restapi/v1.0/account/~/extension/~/presence?detailedTelephonyState=true&sipData=true",
        "ReadPresence",
        "acceptCallQueueCalls activeCalls allowSeeMyPresence appearances dndStatus dndStatusPersonal extensionId meetingStatus ownerId pickUpCallsOnHold presenceStatus ringOnMonitoredCall sequence telephonyStatus totalActiveCalls userStatus",
    ),
    (
        "monitored_lines_changed",
        "/restapi/v1.0/account/~/extension/~/presence/line",
        "ReadPresence",
        "extension sequence",
    ),
    (
        "do_not_disturb_changed",
        "/restapi/v1.0/account/~/extension/~/presence/dnd",
        "ReadAccounts",
        "dndStatus extensionId",
    ),
    (
        "queue_member_changed",
        "/restapi/v1.0/account/~/call-queues/g1/presence",
        "ReadPresence",
        "records",
    ),
    (
        "extensions_changed",
        "/restapi/v1.0/account/~/extension",
        "ReadAccounts",
        "eventType extensionId ownerId",
    ),
    (
        "extension_changed",
        "/restapi/v1.0/account/~/extension/~",
        "ReadAccounts",
        "eventType extensionId hints ownerId",
    ),
    (
        "favourites_changed",
        "/restapi/v1.0/account/~/extension/~/favorite",
        "ReadContacts",
        "extensionId ownerId",
    ),
    (
        "grants_changed",
        "/restapi/v1.0/account/~/extension/~/grant",
        "ReadAccounts",
        "extensionId ownerId",
    ),
    (
        "directory_changed",
        "/restapi/v1.0/account/~/directory/entries",
        "ReadAccounts",
        "account department email eventType extensionNumber firstName id lastName name phoneNumbers profileImage site status type",
    ),
    (
        "emergency_address_changed",
        "/restapi/v1.0/account/~/device/d1/emergency-address",
        "ReadAccounts",
        "deviceId extensionId",
    ),
    (
        "contact_centre_number_changed",
        "/restapi/v1.0/account/~/phone-number?usageType=ContactCenterNumber",
        "ReadAccounts",
        "eventType phoneNumberInfo",
    ),
    (
        "chat_changed",
        "/team-messaging/v1/chats",
        "TeamMessaging",
        "creationTime description eventType id isPublic lastModifiedTime members name status type",
    ),
    (
        "post_changed",
        "/team-messaging/v1/posts",
        "TeamMessaging",
        "activity addedPersonsIds attachments creationTime creatorId eventType groupId iconEmoji iconUri id lastModifiedTime mentions removedPersonsIds text title type",
    ),
    (
        "insights_of_call",
        "/ai/ringsense/v1/public/accounts/~/domains/pbx/insights",
        "RingSense",
        "callDirection creationTime domain insights lastModifiedTime ownerExtensionId recordingDurationMs recordingStartTime sourceRecordId sourceSessionId speakerInfo title",
    ),
    (
        "insights_of_meeting",
        "/ai/ringsense/v1/public/accounts/~/domains/rcv/insights",
        "RingSense",
        "callDirection creationTime domain insights lastModifiedTime ownerExtensionId recordingDurationMs recordingStartTime sourceRecordId sourceSessionId speakerInfo title",
    ),
    (
        "insights_of_contact_centre",
        "/ai/ringsense/v1/public/accounts/~/domains/rcx/insights",
        "RingSense",
        "callDirection creationTime domain insights lastModifiedTime ownerExtensionId recordingDurationMs recordingStartTime sourceRecordId sourceSessionId speakerInfo title",
    ),
    (
        "insights_of_teams_call",
        "/ai/ringsense/v1/public/accounts/~/domains/ms-teams/insights",
        "RingSense",
        "callDirection creationTime domain insights lastModifiedTime ownerExtensionId recordingDurationMs recordingStartTime sourceRecordId sourceSessionId speakerInfo title",
    ),
    (
        "insights_of_nice_call",
        "/ai/ringsense/v1/public/accounts/~/domains/nice-incontact/insights",
        "RingSense",
        "callDirection creationTime domain insights lastModifiedTime ownerExtensionId recordingDurationMs recordingStartTime sourceRecordId sourceSessionId speakerInfo title",
    ),
    (
        "webinar_changed",
        "/webinar/configuration/v1/company/sessions?hostUserId=h1&webinarId=w1",
        "ReadWebinars",
        "",
    ),
    (
        "webinar_state_changed",
        "/webinar/runtime/v1/company/sessions/state?hostUserId=h1&webinarId=w1",
        "ReadWebinars",
        "",
    ),
    (
        "webinar_registration_changed",
        "/webinar/registration/v1/company/sessions/state?hostUserId=h1&webinarId=w1",
        "ReadWebinars",
        "",
    ),
    (
        "webinar_registrant_changed",
        "/webinar/registration/v1/company/sessions/registrants?hostUserId=h1&webinarId=w1",
        "ReadWebinars",
        "",
    ),
    (
        "subscription_expires",
        "/restapi/v1.0/subscription/~?threshold=259200&interval=43200",
        "",
        "expiresIn",
    ),
];

struct Nobody;

impl Transport for Nobody {
    fn send<'a>(&'a self, request: Request) -> BoxFuture<'a, Result<Response, HttpError>> {
        Box::pin(async move { panic!("{} is asked", request.url) })
    }
}

fn kit() -> Kit {
    let catalog = Catalog::load(patchbay_connectors::sources()).expect("the connectors are sound");
    Kit::new(Arc::new(catalog), Arc::new(Nobody))
}

/// A value for each parameter that an event of this name takes.
fn filled(kit: &Kit, name: &str) -> Json {
    let spec = kit.catalog().find("ringcentral", "webhook").unwrap();
    let item = spec.inputs.properties["events"].items.as_ref().unwrap();
    let mut filled = json!({ "event": name });
    for (parameter, schema) in &item.properties {
        let Some(shown) = &schema.hints.shown_for else {
            continue;
        };
        if !shown.values.contains(&json!(name)) {
            continue;
        }
        filled[parameter] = match parameter.as_str() {
            "extension_id" => json!("~"),
            "group_id" => json!("g1"),
            "device_id" => json!("d1"),
            "batch_path" | "batch_id" => json!("b1"),
            "message_type" => json!("SMS"),
            "direction" => json!("Inbound"),
            "status_code" => json!("Answered"),
            "from" | "phone_number" => json!("+16505550112"),
            "to" => json!("+12125550131"),
            "host_user_id" => json!("h1"),
            "webinar_id" => json!("w1"),
            "threshold" => json!(259_200),
            "interval" => json!(43_200),
            _ => json!(true),
        };
    }
    filled
}

#[test]
fn every_event_has_the_filter_and_the_scopes_of_the_facts() {
    let kit = kit();
    for (name, filter, scopes, _) in FACTS {
        let inputs = json!({ "events": [filled(&kit, name)] });
        let wanted = kit.wanted("ringcentral", "webhook", &inputs).unwrap();
        assert_eq!(sorted(&wanted[0].filter), sorted(filter), "{name}");
        assert_eq!(wanted[0].scopes.join(" "), scopes, "{name}");
        let webinar = filter.starts_with("/webinar/");
        assert_eq!(wanted[0].endpoint, if webinar { "webinar" } else { "" });
    }
}

/// A filter with its parameters in the order of the alphabet.
fn sorted(filter: &str) -> (String, Vec<String>) {
    let (path, query) = filter.split_once('?').unwrap_or((filter, ""));
    let mut query: Vec<String> = query.split('&').map(str::to_owned).collect();
    query.sort();
    (path.to_owned(), query)
}

#[tokio::test]
async fn the_output_is_known_before_any_run_for_every_choice_of_events() {
    let kit = kit();
    let shape = |events: Json| {
        let question = Question {
            connector: "ringcentral".to_owned(),
            operation: "webhook".to_owned(),
            inputs: json!({ "events": events }),
            credential: None,
            target: Target::default(),
        };
        let kit = &kit;
        async move { kit.shape(&question).await.unwrap().output.properties["body"].clone() }
    };
    for (name, _, _, keys) in FACTS {
        let body = shape(json!([{ "event": name }])).await;
        let mut found: Vec<&str> = body.properties.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), keys, "{name}");
    }
    let both = shape(json!([{ "event": "inbound_sms" }, { "event": "call_on_extension" }])).await;
    assert_eq!(both.one_of.len(), 2);
    let same =
        shape(json!([{ "event": "call_in_account" }, { "event": "call_on_extension" }])).await;
    assert!(same.one_of.is_empty() && same.properties.contains_key("parties"));
}

#[test]
fn a_wrong_choice_is_told_with_its_place() {
    let kit = kit();
    for (events, field, words) in [
        (json!([]), "/events", "at least one"),
        (json!(null), "/events", "needs a value"),
        (
            json!([{ "event": "inbound_smss" }]),
            "/events/0/event",
            "inbound_sms",
        ),
        (
            json!([{ "event": "inbound_sms" }, { "event": "inbound_sms", "direction": "Inbound" }]),
            "/events/1/direction",
            "takes no direction",
        ),
        (
            json!([{ "event": "queue_member_changed" }]),
            "/events/0/group_id",
            "Call queue",
        ),
        (
            json!([{ "event": "call_on_extension", "status_code": "Sleeping" }]),
            "/events/0/status_code",
            "Sleeping",
        ),
    ] {
        let inputs = json!({ "events": events });
        let error = kit.wanted("ringcentral", "webhook", &inputs).unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
        assert!(error.message.contains(words), "{}", error.message);
    }
}
