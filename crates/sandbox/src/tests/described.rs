//! Operations that nothing is played out for: answered from their description, and refused like the others.

use serde_json::{Value, json};

use super::client::{Bench, access};

const ACCOUNT: &str = "/restapi/v1.0/account/~";

fn token(bench: &Bench, person: &str, scopes: &[&str]) -> String {
    access(&bench.ringcentral(person, scopes))
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["errorCode"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn a_list_has_entries_and_no_further_page() {
    let bench = Bench::new();
    let token = token(&bench, "ana", &["ReadAccounts", "TeamMessaging"]);
    let queues = bench.get(&format!("{ACCOUNT}/call-queues?perPage=10"), &token);
    assert_eq!(queues.header("x-rate-limit-group"), "medium");
    let queues = queues.fine();
    assert_eq!(queues["records"].as_array().map(Vec::len), Some(3));
    assert_eq!(queues["navigation"]["nextPage"], Value::Null);
    let chats = bench.get("/team-messaging/v1/chats", &token).fine();
    assert_eq!(chats["records"].as_array().map(Vec::len), Some(3));
    let again = bench.get("/team-messaging/v1/chats", &token).fine();
    assert_eq!(chats, again);
}

#[test]
fn what_was_asked_for_and_sent_comes_back() {
    let bench = Bench::new();
    let token = token(&bench, "ana", &["ReadAccounts", "TeamMessaging"]);
    let queue = bench
        .get(&format!("{ACCOUNT}/call-queues/4711"), &token)
        .fine();
    assert_eq!(queue["id"], "4711");
    let post = bench.post(
        "/team-messaging/v1/chats/12/posts",
        &token,
        json!({"text": "Hello"}),
    );
    assert!((200..300).contains(&post.status), "{}", post.text());
    assert_eq!(post.json()["text"], "Hello");
}

#[test]
fn what_the_service_refuses_is_refused() {
    let bench = Bench::new();
    let token = token(&bench, "ana", &["ReadAccounts", "TeamMessaging"]);
    let chats = "/team-messaging/v1/chats";
    for (method, path, body, status, code_wanted, parameter) in [
        (
            "GET",
            format!("{chats}?type=Odd"),
            None,
            400,
            "CMN-101",
            json!("type"),
        ),
        (
            "GET",
            format!("{chats}?recordCount=many"),
            None,
            400,
            "CMN-101",
            json!("recordCount"),
        ),
        (
            "GET",
            format!("{chats}?recordCount=100000"),
            None,
            400,
            "CMN-101",
            json!("recordCount"),
        ),
        (
            "POST",
            format!("{chats}/12/posts"),
            Some(json!({"text": 5})),
            400,
            "CMN-101",
            json!("text"),
        ),
        (
            "POST",
            "/team-messaging/v1/teams".to_owned(),
            Some(json!({"public": true})),
            400,
            "CMN-101",
            json!("name"),
        ),
        (
            "POST",
            format!("{chats}/12/posts"),
            None,
            400,
            "CMN-100",
            Value::Null,
        ),
        (
            "GET",
            "/restapi/v1.0/account/1/call-queues".to_owned(),
            None,
            404,
            "CMN-102",
            json!("accountId"),
        ),
        (
            "GET",
            format!("{ACCOUNT}/nothing-here"),
            None,
            404,
            "CMN-102",
            Value::Null,
        ),
        (
            "GET",
            format!("{ACCOUNT}/extension/~/presence"),
            None,
            403,
            "CMN-401",
            Value::Null,
        ),
    ] {
        let got = bench.call(method, &path, &token, body);
        let answer = got.json();
        assert_eq!(
            (got.status, code(&answer)),
            (status, code_wanted),
            "{method} {path}: {answer}"
        );
        assert_eq!(
            answer["errors"][0]["parameterName"], parameter,
            "{method} {path}"
        );
    }
    assert_eq!(bench.get(chats, "").status, 401);
}

#[test]
fn a_sound_is_a_sound() {
    let bench = Bench::new();
    let token = token(&bench, "ana", &["ReadAccounts"]);
    let got = bench.get(&format!("{ACCOUNT}/ivr-prompts/7/content"), &token);
    assert_eq!(
        (got.status, got.header("content-type")),
        (200, "audio/x-wav")
    );
    assert!(got.body.starts_with(b"RIFF"));
}
