//! Rate limits of RingCentral, quotas of Google, and the faults a test orders.

use serde_json::json;

use super::client::{Bench, access};
use crate::{Fault, GoogleQuota, RateLimits};

const LOG: &str = "/restapi/v1.0/account/~/extension/~/call-log?perPage=1";
const ME: &str = "/restapi/v1.0/account/~/extension/~";

#[test]
fn answers_say_where_the_caller_stands() {
    let bench = Bench::with(|_| {});
    let token = access(&bench.ringcentral("ana", &["ReadCallLog", "ReadAccounts"]));
    for left in (0..10).rev() {
        let got = bench.get(LOG, &token);
        assert_eq!(got.status, 200);
        assert_eq!(got.header("x-rate-limit-group"), "heavy");
        assert_eq!(got.header("x-rate-limit-limit"), "10");
        assert_eq!(got.header("x-rate-limit-remaining"), left.to_string());
        assert_eq!(got.header("x-rate-limit-window"), "60");
    }
    let me = bench.get(ME, &token);
    assert_eq!((me.status, me.header("x-rate-limit-group")), (200, "light"));
}

#[test]
fn every_request_in_the_penalty_restarts_it() {
    let bench = Bench::with(|config| config.rate_limits.heavy = 2);
    let token = access(&bench.ringcentral("ana", &["ReadCallLog"]));
    assert_eq!(bench.get(LOG, &token).status, 200);
    assert_eq!(bench.get(LOG, &token).status, 200);
    for _ in 0..3 {
        let limited = bench.get(LOG, &token);
        assert_eq!(limited.status, 429);
        assert_eq!(limited.header("retry-after"), "60");
        assert_eq!(limited.json()["errors"][0]["errorCode"], "CMN-301");
        bench.clock.advance(59);
    }
    bench.clock.advance(1);
    assert_eq!(bench.get(LOG, &token).status, 200);
}

#[test]
fn people_are_limited_apart() {
    let bench = Bench::with(|config| config.rate_limits.heavy = 1);
    let ana = access(&bench.ringcentral("ana", &["ReadCallLog"]));
    let ben = access(&bench.ringcentral("ben", &["ReadCallLog"]));
    assert_eq!(bench.get(LOG, &ana).status, 200);
    assert_eq!(bench.get(LOG, &ana).status, 429);
    assert_eq!(bench.get(LOG, &ben).status, 200);
}

#[test]
fn google_counts_reads_and_writes_apart_when_it_counts() {
    let bench = Bench::with(|config| {
        config.rate_limits = RateLimits {
            google: Some(GoogleQuota {
                read: 2,
                write: 1,
                ..GoogleQuota::default()
            }),
            ..RateLimits::unlimited()
        };
    });
    let token = access(&bench.google("ana", &["spreadsheets"]));
    let id = bench
        .sandbox
        .spreadsheet_of("ana", "Call records 2026")
        .unwrap();
    let read = format!("/v4/spreadsheets/{id}/values/Calls!A1:C1");
    let write = format!("/v4/spreadsheets/{id}/values/Calls!A1:append?valueInputOption=RAW");
    let row = json!({ "values": [["Inbound"]] });
    assert_eq!(bench.post(&write, &token, row.clone()).status, 200);
    let limited = bench.post(&write, &token, row.clone());
    assert_eq!(limited.status, 429);
    let error = &limited.json()["error"];
    assert_eq!(error["status"], "RESOURCE_EXHAUSTED");
    assert_eq!(error["details"][0]["reason"], "RATE_LIMIT_EXCEEDED");
    assert_eq!(
        error["details"][0]["metadata"]["quota_limit"],
        "WriteRequestsPerMinutePerUser"
    );
    assert_eq!(bench.get(&read, &token).status, 200);
    assert_eq!(bench.get(&read, &token).status, 200);
    assert_eq!(bench.get(&read, &token).status, 429);
    bench.clock.advance(60);
    assert_eq!(bench.post(&write, &token, row).status, 200);
}

#[test]
fn an_ordered_fault_hits_so_many_requests_and_takes_no_effect() {
    let bench = Bench::new();
    let token = access(&bench.ringcentral("ana", &["ReadAccounts"]));
    bench
        .sandbox
        .fail_next(2, 502, "<html>down</html>", "text/html");
    for _ in 0..2 {
        let got = bench.get(ME, &token);
        assert_eq!((got.status, got.header("content-type")), (502, "text/html"));
        assert_eq!(got.text(), "<html>down</html>");
    }
    assert_eq!(bench.get(ME, &token).status, 200);
}

#[test]
fn a_lost_answer_has_taken_effect() {
    let bench = Bench::new();
    let token = access(&bench.google("ana", &["spreadsheets"]));
    let id = bench
        .sandbox
        .spreadsheet_of("ana", "Call records 2026")
        .unwrap();
    bench.sandbox.fault(Fault {
        status: 504,
        path: "/v4/".to_owned(),
        applied: true,
        retry_after: Some(7),
        ..Fault::default()
    });
    let write = format!("/v4/spreadsheets/{id}/values/Calls!A1:append?valueInputOption=RAW");
    let lost = bench.post(&write, &token, json!({ "values": [["Inbound"]] }));
    assert_eq!((lost.status, lost.header("retry-after")), (504, "7"));
    assert_eq!(bench.sandbox.sheet_values(&id, "Calls").unwrap().len(), 2);
}
