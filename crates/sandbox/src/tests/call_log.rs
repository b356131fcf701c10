//! The call log of an extension: window, filters, pages, views, refusals.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::client::{Bench, access, address};

const LOG: &str = "/restapi/v1.0/account/~/extension/~/call-log";

fn ana(bench: &Bench) -> String {
    access(&bench.ringcentral("ana", &["ReadCallLog", "ReadCallRecording", "ReadAccounts"]))
}

fn list(bench: &Bench, token: &str, query: &[(&str, &str)]) -> Value {
    bench.get(&address(LOG, query), token).fine()
}

fn records(answer: &Value) -> &Vec<Value> {
    answer["records"].as_array().unwrap()
}

#[test]
fn the_default_window_is_the_last_day_and_a_hundred_a_page() {
    let bench = Bench::new();
    let answer = list(&bench, &ana(&bench), &[]);
    assert_eq!(records(&answer).len(), 100);
    assert_eq!(answer["paging"]["totalElements"], 250);
    assert_eq!(answer["paging"]["totalPages"], 3);
    assert_eq!(answer["paging"]["pageStart"], 0);
    assert_eq!(answer["paging"]["pageEnd"], 99);
    assert!(answer["navigation"]["previousPage"].is_null());
    let starts: Vec<&str> = records(&answer)
        .iter()
        .map(|record| record["startTime"].as_str().unwrap())
        .collect();
    assert!(starts.is_sorted_by(|one, other| one >= other));
    assert!(
        starts
            .iter()
            .all(|start| *start >= "2026-03-03T12:00:00.000Z")
    );
}

#[test]
fn following_next_page_gives_every_record_once() {
    let bench = Bench::new();
    let token = ana(&bench);
    let mut seen = HashSet::new();
    let mut path = address(LOG, &[("perPage", "60"), ("direction", "Inbound")]);
    let mut pages = 0;
    loop {
        let answer = bench.get(&path, &token).fine();
        pages += 1;
        for record in records(&answer) {
            assert_eq!(record["direction"], "Inbound");
            assert!(seen.insert(record["id"].as_str().unwrap().to_owned()));
        }
        assert_eq!(answer["paging"]["page"], pages);
        // A call that comes in meanwhile does not shift the pages.
        bench.clock.advance(30);
        bench.post("/_sandbox/calls", "", json!({ "direction": "Inbound" }));
        match answer["navigation"]["nextPage"]["uri"].as_str() {
            Some(uri) => {
                path = uri
                    .strip_prefix("http://127.0.0.1:4610")
                    .unwrap()
                    .to_owned()
            }
            None => break,
        }
    }
    let first = list(&bench, &token, &[("direction", "Inbound")]);
    assert!(pages >= 3);
    assert_eq!(
        seen.len() as u64,
        first["paging"]["totalElements"].as_u64().unwrap() - pages
    );
}

#[test]
fn page_sizes_are_clamped_and_max_is_a_thousand() {
    let bench = Bench::new();
    let token = ana(&bench);
    for (asked, given, count) in [("5", 5, 5), ("max", 1_000, 250), ("4000", 1_000, 250)] {
        let answer = list(&bench, &token, &[("perPage", asked)]);
        assert_eq!(answer["paging"]["perPage"], given, "{asked}");
        assert_eq!(records(&answer).len(), count, "{asked}");
    }
    let beyond = list(&bench, &token, &[("page", "9")]);
    assert!(records(&beyond).is_empty());
    assert!(beyond["navigation"]["nextPage"].is_null());
}

#[test]
fn every_filter_takes_some_and_only_what_it_says() {
    let bench = Bench::new();
    let token = ana(&bench);
    type Test = fn(&Value) -> bool;
    let cases: [(&[(&str, &str)], Test); 11] = [
        (&[("direction", "Outbound")], |record| {
            record["direction"] == "Outbound"
        }),
        (&[("type", "Fax")], |record| record["type"] == "Fax"),
        (&[("type", "Voice")], |record| record["type"] == "Voice"),
        (&[("transport", "VoIP")], |record| {
            record["transport"] == "VoIP"
        }),
        (&[("showBlocked", "false")], |record| {
            record["result"] != "Blocked"
        }),
        (&[("recordingType", "All")], |record| {
            record["recording"]["id"].is_string()
        }),
        (&[("withRecording", "true")], |record| {
            record["recording"]["id"].is_string()
        }),
        (&[("recordingType", "OnDemand")], |record| {
            record["recording"]["type"] == "OnDemand"
        }),
        (&[("phoneNumber", "14155550104")], |record| {
            record["from"]["phoneNumber"] == "+14155550104"
                || record["to"]["phoneNumber"] == "+14155550104"
        }),
        (&[("extensionNumber", "102")], |record| {
            record["from"]["extensionNumber"] == "102" || record["to"]["extensionNumber"] == "102"
        }),
        (
            &[
                ("dateFrom", "2026-03-04T10:00:00+02:00"),
                ("dateTo", "2026-03-04T10:30:00Z"),
            ],
            |record| {
                let start = record["startTime"].as_str().unwrap();
                ("2026-03-04T08:00:00.000Z".."2026-03-04T10:30:00.000Z").contains(&start)
            },
        ),
    ];
    for (query, test) in cases {
        let mut query = query.to_vec();
        query.push(("perPage", "max"));
        let answer = list(&bench, &token, &query);
        let found = records(&answer);
        assert!(
            !found.is_empty() && found.len() < 250,
            "{query:?}: {}",
            found.len()
        );
        assert!(found.iter().all(test), "{query:?}");
    }
}

#[test]
fn array_filters_repeat_their_key() {
    let bench = Bench::new();
    let token = ana(&bench);
    let both = list(
        &bench,
        &token,
        &[("direction", "Inbound"), ("direction", "Outbound")],
    );
    assert_eq!(both["paging"]["totalElements"], 250);
    let joined = bench.get(&address(LOG, &[("direction", "Inbound,Outbound")]), &token);
    assert_eq!(joined.status, 400);
    assert_eq!(joined.json()["errors"][0]["errorCode"], "CMN-101");
    assert_eq!(joined.json()["errors"][0]["parameterName"], "direction");
}

#[test]
fn bad_values_are_refused_by_name() {
    let bench = Bench::new();
    let token = ana(&bench);
    for (name, value) in [
        ("direction", "inbound"),
        ("type", "SMS"),
        ("transport", "Sip"),
        ("view", "Full"),
        ("recordingType", "None"),
        ("showBlocked", "yes"),
        ("withRecording", "1"),
        ("dateFrom", "2026-03-04"),
        ("dateFrom", "2026-03-04T10:00:00"),
        ("dateTo", "yesterday"),
        ("perPage", "0"),
        ("perPage", "ten"),
        ("page", "0"),
        ("phoneNumber", "+14155550104"),
        ("extensionNumber", "Ana"),
    ] {
        let got = bench.get(&address(LOG, &[(name, value)]), &token);
        assert_eq!(got.status, 400, "{name}={value}");
        assert_eq!(got.json()["parameterName"], name, "{name}={value}");
        assert_eq!(
            got.json()["errors"][0]["errorCode"],
            "CMN-101",
            "{name}={value}"
        );
    }
}

#[test]
fn filters_that_exclude_each_other_are_refused() {
    let bench = Bench::new();
    let token = ana(&bench);
    let session = records(&list(&bench, &token, &[]))[7]["sessionId"].clone();
    let session = session.as_str().unwrap();
    let found = list(
        &bench,
        &token,
        &[("sessionId", session), ("showBlocked", "true")],
    );
    assert_eq!(records(&found).len(), 1);
    let refused = bench.get(
        &address(LOG, &[("sessionId", session), ("direction", "Inbound")]),
        &token,
    );
    assert_eq!(
        (refused.status, &refused.json()["errorCode"]),
        (400, &json!("CLG-110"))
    );
    let both = [("phoneNumber", "14155550104"), ("extensionNumber", "102")];
    assert_eq!(bench.get(&address(LOG, &both), &token).status, 400);
}

#[test]
fn the_detailed_view_adds_legs() {
    let bench = Bench::new();
    let token = ana(&bench);
    let simple = list(&bench, &token, &[("perPage", "20")]);
    let detailed = list(&bench, &token, &[("perPage", "20"), ("view", "Detailed")]);
    for (simple, detailed) in records(&simple).iter().zip(records(&detailed)) {
        assert_eq!(simple["id"], detailed["id"]);
        assert!(simple["legs"].is_null() && simple["lastModifiedTime"].is_null());
        assert!(!detailed["legs"].as_array().unwrap().is_empty());
    }
}

#[test]
fn the_week_holds_every_kind_of_call() {
    let bench = Bench::new();
    let answer = list(&bench, &ana(&bench), &[("perPage", "max")]);
    let found = records(&answer);
    let count = |test: fn(&Value) -> bool| found.iter().filter(|record| test(record)).count();
    let internal = count(|record| {
        record["from"]["phoneNumber"].is_null()
            && record["to"]["phoneNumber"].is_null()
            && record["from"]["extensionNumber"].is_string()
            && record["to"]["extensionId"].is_string()
    });
    assert!(internal >= 5);
    assert!(count(|record| record["result"] == "Blocked") >= 3);
    assert!(count(|record| record["result"] == "Missed") >= 5);
    assert!(count(|record| record["result"] == "Voicemail") >= 5);
    assert!(count(|record| record["type"] == "Fax") >= 3);
    let ids: HashSet<_> = found.iter().map(|record| record["id"].as_str()).collect();
    assert_eq!(ids.len(), found.len());
    let week = list(
        &bench,
        &ana(&bench),
        &[("dateFrom", "2026-02-25T12:00:00Z"), ("perPage", "max")],
    );
    assert_eq!(week["paging"]["totalElements"], 375);
}

#[test]
fn the_same_seed_gives_the_same_week() {
    let (one, other) = (Bench::new(), Bench::new());
    assert_eq!(
        one.sandbox.call_records("62264101008"),
        other.sandbox.call_records("62264101008")
    );
    let third = Bench::with(|config| config.seed = 7);
    assert_ne!(
        one.sandbox.call_records("62264101008"),
        third.sandbox.call_records("62264101008")
    );
}

#[test]
fn one_record_and_several_are_read_by_id() {
    let bench = Bench::new();
    let token = ana(&bench);
    let answer = list(&bench, &token, &[("perPage", "2")]);
    let (one, two) = (&records(&answer)[0], &records(&answer)[1]);
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let read = bench.get(&format!("{LOG}/{}", id(one)), &token).fine();
    assert_eq!(&read, one);
    let several = bench.get(&format!("{LOG}/{},{},nope", id(one), id(two)), &token);
    assert_eq!(several.status, 207);
    let parts = several.json();
    assert_eq!(&parts[1]["body"], two);
    assert_eq!(parts[2]["status"], 404);
    let unknown = bench.get(&format!("{LOG}/nope"), &token);
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["errors"][0]["errorCode"], "CMN-102");
}

#[test]
fn a_recording_is_a_sound_file_on_the_same_origin() {
    let bench = Bench::new();
    let token = ana(&bench);
    let answer = list(
        &bench,
        &token,
        &[("recordingType", "All"), ("perPage", "1")],
    );
    let uri = records(&answer)[0]["recording"]["contentUri"]
        .as_str()
        .unwrap();
    let path = uri.strip_prefix("http://127.0.0.1:4610").unwrap();
    let sound = bench.get(path, &token);
    assert_eq!(
        (sound.status, sound.header("content-type")),
        (200, "audio/wav")
    );
    assert_eq!(&sound.body[..4], b"RIFF");
    let told = u32::from_le_bytes(sound.body[4..8].try_into().unwrap());
    assert_eq!(told as usize + 8, sound.body.len());
    let about = bench
        .get(path.strip_suffix("/content").unwrap(), &token)
        .fine();
    assert_eq!(about["contentUri"], uri);
    assert_eq!(
        bench
            .get("/restapi/v1.0/account/~/recording/1", &token)
            .status,
        404
    );
}

#[test]
fn added_calls_are_in_the_log_at_once() {
    let bench = Bench::new();
    let added = bench.post(
        "/_sandbox/calls",
        "",
        json!({ "extension": "101", "from": { "phoneNumber": "+16505550199", "name": "New" }, "count": 3 }),
    );
    assert_eq!(added.status, 201);
    let answer = list(&bench, &ana(&bench), &[("phoneNumber", "16505550199")]);
    let ids: Vec<&Value> = records(&answer)
        .iter()
        .map(|record| &record["id"])
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(
        added.json()["ids"]
            .as_array()
            .unwrap()
            .iter()
            .all(|id| ids.contains(&id))
    );
}
