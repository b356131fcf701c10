//! The control interface and the pages for people.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use super::client::{Bench, access};

#[test]
fn the_request_log_tells_who_asked_what_with_which_key() {
    let bench = Bench::new();
    let token = access(&bench.ringcentral("ben", &["ReadAccounts"]));
    bench.sandbox.clear_requests();
    bench.send(
        Request::builder()
            .uri("/restapi/v1.0/account/~/extension/~?x=1")
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", "run-1")
            .body(Body::empty())
            .unwrap(),
    );
    bench.get("/", "");
    let log = bench.sandbox.requests();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].method, "GET");
    assert_eq!(log[0].path, "/restapi/v1.0/account/~/extension/~");
    assert_eq!((log[0].query.as_str(), log[0].status), ("x=1", 200));
    assert_eq!(log[0].owner.as_deref(), Some("ben"));
    assert_eq!(log[0].idempotency_key.as_deref(), Some("run-1"));
    let over_http = bench.get("/_sandbox/requests", "").fine();
    assert_eq!(over_http[0]["idempotency_key"], "run-1");
}

#[test]
fn other_processes_can_look_inside_break_and_reset() {
    let bench = Bench::new();
    let sheets = bench.get("/_sandbox/sheets", "").fine();
    let id = sheets[0]["id"].as_str().unwrap();
    let sheet = bench.get(&format!("/_sandbox/sheets/{id}"), "").fine();
    assert_eq!(
        sheet["sheets"][0]["values"],
        json!([["Direction", "fromPhone", "toPhone"]])
    );
    let log = bench.get("/_sandbox/call-log?extension=101", "").fine();
    assert_eq!(log["records"].as_array().unwrap().len(), 375);

    let token = access(&bench.ringcentral("ana", &["ReadAccounts"]));
    let me = "/restapi/v1.0/account/~/extension/~";
    let order = bench.post("/_sandbox/faults", "", json!({ "status": 500, "count": 1 }));
    assert_eq!(order.status, 200);
    assert_eq!(bench.get(me, &token).status, 500);
    assert_eq!(bench.get(me, &token).status, 200);
    bench.post("/_sandbox/tokens/expire", "", json!({}));
    assert_eq!(bench.get(me, &token).status, 401);
    bench.post("/_sandbox/calls", "", json!({}));
    bench.post("/_sandbox/reset", "", json!({}));
    let log = bench.get("/_sandbox/call-log?extension=101", "").fine();
    assert_eq!(log["records"].as_array().unwrap().len(), 375);
}

#[test]
fn wrong_orders_say_what_is_wrong() {
    let bench = Bench::new();
    for (path, body, hint) in [
        ("/_sandbox/faults", json!({ "stauts": 500 }), "stauts"),
        (
            "/_sandbox/calls",
            json!({ "extension": "999" }),
            "no extension 999",
        ),
        (
            "/_sandbox/calls",
            json!({ "direction": "Up" }),
            "Inbound or Outbound",
        ),
        ("/_sandbox/delay", json!({}), "milliseconds"),
    ] {
        let got = bench.post(path, "", body);
        assert!((400..500).contains(&got.status), "{path}");
        assert!(got.text().contains(hint), "{path}: {}", got.text());
    }
}

#[test]
fn another_site_cannot_steer_the_sandbox() {
    let bench = Bench::new();
    let got = bench.send(
        Request::builder()
            .method("POST")
            .uri("/_sandbox/reset")
            .header("host", "127.0.0.1:4610")
            .header("origin", "https://evil.example")
            .body(Body::empty())
            .unwrap(),
    );
    assert_eq!(got.status, 403);
}

#[test]
fn the_pages_lead_to_the_sheets_and_the_calls() {
    let bench = Bench::new();
    let id = bench.sandbox.spreadsheet_of("ana", "Jon's Data").unwrap();
    let start = bench.get("/", "");
    assert_eq!(start.status, 200);
    assert!(start.text().contains(&format!("href=\"/sheets/{id}\"")));
    assert!(start.text().contains("Jon&#39;s Data"));
    for path in [
        format!("/sheets/{id}"),
        format!("/sheets/{id}?gid=77215904"),
        format!("/spreadsheets/d/{id}/edit"),
        "/calls".to_owned(),
        "/calls?extension=102".to_owned(),
        "/_sandbox/assets/style.css".to_owned(),
        "/_sandbox/assets/sheet.js".to_owned(),
    ] {
        assert_eq!(bench.get(&path, "").status, 200, "{path}");
    }
    assert_eq!(bench.get("/sheets/nope", "").status, 404);
    assert_eq!(bench.get("/elsewhere", "").status, 404);
}
