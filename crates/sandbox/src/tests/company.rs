//! The company's log, extensions, phone numbers, messages: who may see what, and sending a text.

use serde_json::{Value, json};

use super::client::{Bench, access, address};

const ACCOUNT: &str = "/restapi/v1.0/account/~";
const ALL: [&str; 5] = [
    "ReadCallLog",
    "ReadAccounts",
    "ReadMessages",
    "SMS",
    "ReadCallRecording",
];

fn token(bench: &Bench, person: &str) -> String {
    access(&bench.ringcentral(person, &ALL))
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["errorCode"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn requests_without_a_good_token_are_refused() {
    let bench = Bench::new();
    let none = bench.get(ACCOUNT, "");
    assert_eq!(
        (none.status, none.json()["errorCode"].as_str()),
        (401, Some("AGW-401"))
    );
    let bad = bench.get(ACCOUNT, "made-up");
    assert_eq!((bad.status, code(&bad.json())), (401, "OAU-149"));
    assert_eq!(bad.header("x-rate-limit-group"), "");
    let google = access(&bench.google("ana", &["spreadsheets"]));
    assert_eq!(bench.get(ACCOUNT, &google).status, 401);
    assert_eq!(bench.get("/restapi/v1.0", "").status, 200);
}

#[test]
fn the_company_log_needs_an_administrator() {
    let bench = Bench::new();
    let log = format!("{ACCOUNT}/call-log?perPage=max");
    let ana = bench.get(&log, &token(&bench, "ana")).fine();
    let owners: std::collections::HashSet<i64> = ana["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["extension"]["id"].as_i64().unwrap())
        .collect();
    assert!(owners.len() >= 4);
    let ben = bench.get(&log, &token(&bench, "ben"));
    assert_eq!((ben.status, code(&ben.json())), (403, "CMN-408"));
    assert_eq!(ben.json()["permissionName"], "FullCompanyCallLog");
}

#[test]
fn an_administrator_sees_other_extensions_and_others_do_not() {
    let bench = Bench::new();
    let log = |extension: &str| format!("{ACCOUNT}/extension/{extension}/call-log");
    let (ana, ben) = (token(&bench, "ana"), token(&bench, "ben"));
    assert_eq!(bench.get(&log("62264102008"), &ana).status, 200);
    let refused = bench.get(&log("62264101008"), &ben);
    assert_eq!((refused.status, code(&refused.json())), (403, "CMN-404"));
    let unknown = bench.get(&log("1"), &ana);
    assert_eq!((unknown.status, code(&unknown.json())), (404, "CMN-102"));
    assert_eq!(unknown.json()["parameterName"], "extensionId");
    let other = bench.get("/restapi/v1.0/account/1/call-log", &ana);
    assert_eq!(other.json()["parameterName"], "accountId");
}

#[test]
fn extensions_are_listed_filtered_and_paged() {
    let bench = Bench::new();
    let ana = token(&bench, "ana");
    let list = |query: &[(&str, &str)]| {
        let answer = bench
            .get(&address(&format!("{ACCOUNT}/extension"), query), &ana)
            .fine();
        answer["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["extensionNumber"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(list(&[]), ["101", "102", "103", "104", "200", "300"]);
    assert_eq!(
        list(&[("type", "User"), ("status", "Enabled")]),
        ["101", "102", "103"]
    );
    assert_eq!(list(&[("extensionNumber", "102")]), ["102"]);
    assert_eq!(list(&[("email", "desk@harbourpine.example")]), ["200"]);
    assert_eq!(list(&[("perPage", "4"), ("page", "2")]), ["200", "300"]);
    let bad = bench.get(&format!("{ACCOUNT}/extension?type=Robot"), &ana);
    assert_eq!(code(&bad.json()), "CMN-101");
    let account = bench.get(ACCOUNT, &ana).fine();
    assert_eq!(account["mainNumber"], "+16505550100");
}

#[test]
fn a_sent_text_is_in_the_message_store() {
    let bench = Bench::new();
    let ana = token(&bench, "ana");
    let numbers = bench
        .get(&format!("{ACCOUNT}/extension/~/phone-number"), &ana)
        .fine();
    let from = numbers["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(|number| {
            number["features"]
                .as_array()
                .unwrap()
                .contains(&json!("SmsSender"))
        })
        .unwrap()["phoneNumber"]
        .clone();
    let sent = bench
        .post(
            &format!("{ACCOUNT}/extension/~/sms"),
            &ana,
            json!({ "from": { "phoneNumber": from }, "to": [{ "phoneNumber": "+14155550104" }], "text": "Hello" }),
        )
        .fine();
    assert_eq!(sent["messageStatus"], "Sent");
    let list = bench
        .get(
            &format!("{ACCOUNT}/extension/~/message-store?messageType=SMS&direction=Outbound"),
            &ana,
        )
        .fine();
    assert_eq!(list["records"][0], sent);
    let read = bench
        .get(
            &format!("{ACCOUNT}/extension/~/message-store/{}", sent["id"]),
            &ana,
        )
        .fine();
    assert_eq!(read["subject"], "Hello");
}

#[test]
fn a_wrong_text_message_is_refused() {
    let bench = Bench::new();
    let ana = token(&bench, "ana");
    let from = json!({ "phoneNumber": "+16505550112" });
    let to = json!([{ "phoneNumber": "+14155550104" }]);
    for (body, status, parameter) in [
        (json!({ "to": to, "text": "x" }), 400, "from.phoneNumber"),
        (json!({ "from": from, "text": "x" }), 400, "to"),
        (json!({ "from": from, "to": [], "text": "x" }), 400, "to"),
        (json!({ "from": from, "to": to }), 400, "text"),
        (
            json!({ "from": from, "to": to, "text": "x".repeat(1_001) }),
            400,
            "text",
        ),
        (
            json!({ "from": from, "to": [{ "phoneNumber": "14155550104" }], "text": "x" }),
            400,
            "to.phoneNumber",
        ),
        (
            json!({ "from": { "phoneNumber": "+16505550113" }, "to": to, "text": "x" }),
            403,
            "",
        ),
    ] {
        let got = bench.post(&format!("{ACCOUNT}/extension/~/sms"), &ana, body.clone());
        assert_eq!(got.status, status, "{body}");
        assert_eq!(
            got.json()["parameterName"].as_str().unwrap_or_default(),
            parameter,
            "{body}"
        );
    }
    let store = bench
        .get(
            &format!("{ACCOUNT}/extension/~/message-store?direction=Outbound&dateFrom=2026-03-04T12:00:00Z"),
            &ana,
        )
        .fine();
    assert!(store["records"].as_array().unwrap().is_empty());
}

#[test]
fn voicemails_and_faxes_of_the_log_are_messages() {
    let bench = Bench::new();
    let ana = token(&bench, "ana");
    let log = bench
        .get(&format!("{ACCOUNT}/extension/~/call-log?perPage=max"), &ana)
        .fine();
    let left = log["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["message"]["type"] == "VoiceMail")
        .unwrap();
    let uri = left["message"]["uri"].as_str().unwrap();
    let path = uri.strip_prefix("http://127.0.0.1:4610").unwrap();
    assert_eq!(bench.get(path, &ana).fine()["type"], "VoiceMail");
}
