//! What outlives a restart when a state file is set.

use serde_json::json;

use super::client::{Bench, access};
use crate::RateLimits;

#[test]
fn tokens_rows_texts_and_added_calls_outlive_the_process() {
    let folder = std::env::temp_dir().join(format!("patchbay-sandbox-{}", std::process::id()));
    let file = folder.join("state.json");
    let start = || {
        Bench::with(|config| {
            config.rate_limits = RateLimits::unlimited();
            config.state_file = Some(file.clone());
        })
    };
    let before = start();
    let google = access(&before.google("ana", &["spreadsheets"]));
    let ringcentral = access(&before.ringcentral("ana", &["ReadCallLog", "SMS", "ReadMessages"]));
    let id = before
        .sandbox
        .spreadsheet_of("ana", "Call records 2026")
        .unwrap();
    let write = format!("/v4/spreadsheets/{id}/values/Calls!A1:append?valueInputOption=RAW");
    before
        .post(
            &write,
            &google,
            json!({ "values": [["Inbound", "+1", "+2"]] }),
        )
        .fine();
    let text = json!({
        "from": { "phoneNumber": "+16505550112" },
        "to": [{ "phoneNumber": "+14155550104" }],
        "text": "Kept",
    });
    let sms = "/restapi/v1.0/account/~/extension/~/sms";
    before.post(sms, &ringcentral, text.clone()).fine();
    before.post("/_sandbox/calls", "", json!({}));
    before.sandbox.save().unwrap();

    let after = start();
    after
        .post(
            &write,
            &google,
            json!({ "values": [["Outbound", "+3", "+4"]] }),
        )
        .fine();
    assert_eq!(
        after.sandbox.sheet_values(&id, "Calls").unwrap()[1..],
        [
            vec![json!("Inbound"), json!("+1"), json!("+2")],
            vec![json!("Outbound"), json!("+3"), json!("+4")]
        ]
    );
    after.post(sms, &ringcentral, text).fine();
    let kept: Vec<_> = after
        .sandbox
        .messages("62264101008")
        .into_iter()
        .filter(|message| message["subject"] == "Kept")
        .map(|message| message["id"].clone())
        .collect();
    assert_eq!(kept.len(), 2);
    assert_ne!(kept[0], kept[1]);
    assert_eq!(after.sandbox.call_records("62264101008").len(), 376);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_state_file_that_cannot_be_read_is_passed_over() {
    let file =
        std::env::temp_dir().join(format!("patchbay-sandbox-bad-{}.json", std::process::id()));
    std::fs::write(&file, "{\"format\":").unwrap();
    let bench = Bench::with(|config| config.state_file = Some(file.clone()));
    assert_eq!(bench.sandbox.call_records("62264101008").len(), 375);
    std::fs::remove_file(&file).unwrap();
}
