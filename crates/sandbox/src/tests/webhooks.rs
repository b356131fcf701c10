//! Subscriptions, the handshake, and notifications that reach a real address.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State as Shared};
use axum::http::{Request, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower::ServiceExt as _;

use super::client::{Bench, Got, access};
use crate::Sandbox;
use crate::ringcentral::events::{Filter, KINDS};

const SUBSCRIPTIONS: &str = "/restapi/v1.0/subscription";
const CALLS: &str = "/restapi/v1.0/account/~/extension/~/telephony/sessions";

/// How an address behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manners {
    Good,
    /// Forgets to send the token back.
    Forgetful,
    /// Answers 500 to everything but the handshake.
    Failing,
}

/// What an address was sent: its verification token and its body.
type Told = (String, Value);

/// An address that people can subscribe with.
struct Address {
    url: String,
    told: UnboundedReceiver<Told>,
}

async fn receive(
    Shared((manners, told)): Shared<(Manners, UnboundedSender<Told>)>,
    request: HttpRequest,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    if let Some(token) = header("validation-token") {
        let answer = Response::builder().header("content-type", "application/json");
        let answer = match manners {
            Manners::Forgetful => answer,
            _ => answer.header("validation-token", token),
        };
        return answer.body(Body::empty()).unwrap();
    }
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let token = header("verification-token").unwrap_or_default();
    told.send((token, serde_json::from_slice(&body).unwrap()))
        .unwrap();
    let status = if manners == Manners::Failing {
        500
    } else {
        200
    };
    Response::builder()
        .status(status)
        .body(Body::empty())
        .unwrap()
}

async fn address(manners: Manners) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/key", listener.local_addr().unwrap());
    let (sender, told) = unbounded_channel();
    let router = Router::new()
        .fallback(receive)
        .with_state((manners, sender));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Address { url, told }
}

async fn send(sandbox: &Sandbox, method: &str, path: &str, token: &str, body: Value) -> Got {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:4610")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        })
        .unwrap();
    let response = sandbox.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Got {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

fn order(address: &str, filters: &[&str]) -> Value {
    json!({
        "eventFilters": filters,
        "deliveryMode": { "transportType": "WebHook", "address": address, "verificationToken": "ours" },
        "expiresIn": 86_400,
    })
}

/// Somebody signed in with these permissions besides that for webhooks.
fn signed_in(scopes: &[&str]) -> (Bench, String) {
    let bench = Bench::new();
    let mut all = vec!["SubscriptionWebhook"];
    all.extend_from_slice(scopes);
    let token = access(&bench.ringcentral("ana", &all));
    (bench, token)
}

fn in_a_runtime(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

fn code(got: &Got) -> String {
    got.json()["errors"][0]["errorCode"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_subscriber_is_told_of_what_its_filters_ask_for_and_of_nothing_else() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let mut address = address(Manners::Good).await;
        let filter = format!("{CALLS}?direction=Inbound&statusCode=Answered");
        let made = send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[&filter]),
        )
        .await;
        let made = made.fine();
        assert_eq!(made["status"], "Active");
        assert_eq!(made["expiresIn"], 86_400);
        let resolved = made["eventFilters"][0].as_str().unwrap();
        assert!(!resolved.contains('~'), "{resolved}");
        for (parameters, told) in [
            (
                json!({ "direction": "Inbound", "statusCode": "Answered" }),
                1,
            ),
            (
                json!({ "direction": "Outbound", "statusCode": "Answered" }),
                0,
            ),
            (
                json!({ "direction": "Inbound", "statusCode": "Disconnected" }),
                0,
            ),
        ] {
            let event = json!({ "event": "telephony.extension", "parameters": parameters });
            let fired = send(sandbox, "POST", "/_sandbox/events", "", event).await;
            assert_eq!(fired.status, 202, "{}", fired.text());
            assert_eq!(fired.json()["deliveries"].as_array().unwrap().len(), told);
        }
        let other = json!({ "event": "telephony.extension", "extension": "102" });
        let fired = send(sandbox, "POST", "/_sandbox/events", "", other).await;
        assert_eq!(fired.json()["deliveries"], json!([]));
        let (token, notification) = address.told.recv().await.unwrap();
        assert_eq!(token, "ours");
        assert_eq!(notification["event"], resolved);
        assert_eq!(notification["subscriptionId"], made["id"]);
        assert_eq!(
            notification["body"]["parties"][0]["status"]["code"],
            "Answered"
        );
    });
}

#[test]
fn an_address_that_fails_the_handshake_makes_no_subscription() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let forgetful = address(Manners::Forgetful).await;
        for (address, words) in [
            (forgetful.url.as_str(), "Validation-Token"),
            ("http://127.0.0.1:9/hooks/nobody", "not reachable"),
            ("https://example.com/hooks/key", "cannot be called"),
        ] {
            let got = send(
                sandbox,
                "POST",
                SUBSCRIPTIONS,
                &token,
                order(address, &[CALLS]),
            )
            .await;
            assert_eq!((got.status, code(&got)), (400, "SUB-525".to_owned()));
            assert!(got.text().contains(words), "{}", got.text());
        }
        let list = send(sandbox, "GET", SUBSCRIPTIONS, &token, Value::Null).await;
        assert_eq!(list.fine()["records"], json!([]));
    });
}

#[test]
fn filters_without_permission_are_disabled_and_unknown_ones_refused() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let address = address(Manners::Good).await;
        let messages = "/restapi/v1.0/account/~/extension/~/message-store";
        let made = send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[CALLS, messages]),
        )
        .await;
        let made = made.fine();
        assert_eq!(made["eventFilters"].as_array().unwrap().len(), 1);
        let disabled = &made["disabledFilters"][0];
        assert!(
            disabled["filter"]
                .as_str()
                .unwrap()
                .ends_with("/message-store")
        );
        assert!(
            disabled["message"]
                .as_str()
                .unwrap()
                .contains("[ReadMessages]")
        );
        for wrong in [
            "/restapi/v1.0/nothing",
            &format!("{CALLS}?direction=Sideways"),
        ] {
            let got = send(
                sandbox,
                "POST",
                SUBSCRIPTIONS,
                &token,
                order(&address.url, &[wrong]),
            )
            .await;
            assert_eq!(
                (got.status, code(&got)),
                (400, "SUB-508".to_owned()),
                "{wrong}"
            );
        }
    });
    let bare = access(&bench.ringcentral("ben", &["CallControl"]));
    let got = bench.post(SUBSCRIPTIONS, &bare, order("http://127.0.0.1:9/", &[CALLS]));
    assert_eq!((got.status, code(&got)), (403, "CMN-401".to_owned()));
    assert_eq!(got.json()["permissionName"], "SubscriptionWebhook");
}

#[test]
fn three_failures_blacklist_a_subscription_and_time_ends_it() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let mut address = address(Manners::Failing).await;
        let made = send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[CALLS]),
        )
        .await;
        let one = format!("{SUBSCRIPTIONS}/{}", made.fine()["id"].as_str().unwrap());
        let event = json!({ "event": "telephony.extension", "count": 4 });
        send(sandbox, "POST", "/_sandbox/events", "", event).await;
        for _ in 0..4 {
            address.told.recv().await.unwrap();
        }
        let read = send(sandbox, "GET", &one, &token, Value::Null).await.fine();
        assert_eq!(read["status"], "Blacklisted");
        assert!(
            read["blacklistedData"]["reason"]
                .as_str()
                .unwrap()
                .contains("500")
        );
        let event = json!({ "event": "telephony.extension" });
        let fired = send(sandbox, "POST", "/_sandbox/events", "", event).await;
        assert_eq!(fired.json()["deliveries"], json!([]));

        bench.clock.advance(86_000);
        let renewed = send(
            sandbox,
            "POST",
            &format!("{one}/renew"),
            &token,
            Value::Null,
        )
        .await;
        // The access token is an hour old as well.
        assert_eq!(renewed.status, 401);
    });
    let token = access(&bench.ringcentral("ana", &["SubscriptionWebhook", "CallControl"]));
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let all = send(sandbox, "GET", SUBSCRIPTIONS, &token, Value::Null)
            .await
            .fine();
        let one = format!(
            "{SUBSCRIPTIONS}/{}",
            all["records"][0]["id"].as_str().unwrap()
        );
        let renewed = send(
            sandbox,
            "POST",
            &format!("{one}/renew"),
            &token,
            Value::Null,
        )
        .await;
        assert_eq!(renewed.fine()["expiresIn"], 86_400);
        send(
            sandbox,
            "POST",
            "/_sandbox/subscriptions/all",
            "",
            json!({ "expires_in": 0 }),
        )
        .await;
        let gone = send(sandbox, "GET", &one, &token, Value::Null).await;
        assert_eq!((gone.status, code(&gone)), (404, "SUB-507".to_owned()));
    });
}

#[test]
fn notifications_can_be_doubled_disordered_and_sent_again() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let mut address = address(Manners::Good).await;
        send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[CALLS]),
        )
        .await
        .fine();
        let event = json!({ "event": "telephony.extension", "count": 2, "duplicates": 1, "reversed": true });
        send(sandbox, "POST", "/_sandbox/events", "", event).await;
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(address.told.recv().await.unwrap().1);
        }
        let sequences: Vec<i64> = told
            .iter()
            .map(|one| one["body"]["sequence"].as_i64().unwrap())
            .collect();
        assert_eq!(sequences, [2, 2, 1, 1]);
        let again = json!({ "uuid": told[0]["uuid"], "wrong_token": true });
        send(sandbox, "POST", "/_sandbox/events/replay", "", again).await;
        let (token, notification) = address.told.recv().await.unwrap();
        assert_eq!(notification, told[0]);
        assert_ne!(token, "ours");
    });
}

#[test]
fn there_are_no_more_than_thirty_subscriptions() {
    let (bench, token) = signed_in(&["CallControl"]);
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let address = address(Manners::Good).await;
        for _ in 0..30 {
            send(
                sandbox,
                "POST",
                SUBSCRIPTIONS,
                &token,
                order(&address.url, &[CALLS]),
            )
            .await
            .fine();
        }
        let got = send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[CALLS]),
        )
        .await;
        assert_eq!((got.status, code(&got)), (403, "SUB-505".to_owned()));
        let all = send(sandbox, "GET", SUBSCRIPTIONS, &token, Value::Null)
            .await
            .fine();
        let first = all["records"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("{SUBSCRIPTIONS}/{first}");
        assert_eq!(
            send(sandbox, "DELETE", &path, &token, Value::Null)
                .await
                .status,
            204
        );
        assert_eq!(
            send(sandbox, "DELETE", &path, &token, Value::Null)
                .await
                .status,
            404
        );
        send(
            sandbox,
            "POST",
            SUBSCRIPTIONS,
            &token,
            order(&address.url, &[CALLS]),
        )
        .await
        .fine();
    });
}

/// Every kind is subscribed to with its own filter, fired, and told of once.
#[test]
fn every_kind_of_event_reaches_a_subscriber_of_it() {
    assert_eq!(KINDS.len(), 40);
    let bench = Bench::new();
    let scopes = [
        "SubscriptionWebhook",
        "Accounts",
        "EditMessages",
        "SMS",
        "CallControl",
        "EditPresence",
        "Contacts",
        "TeamMessaging",
        "RingSense",
        "ReadWebinars",
    ];
    let token = access(&bench.ringcentral("ana", &scopes));
    in_a_runtime(async {
        let sandbox = &bench.sandbox;
        let mut address = address(Manners::Good).await;
        for kind in KINDS.iter() {
            let event = json!({ "event": kind.key });
            send(
                sandbox,
                "DELETE",
                "/_sandbox/subscriptions/all",
                "",
                Value::Null,
            )
            .await;
            let filter = kind.example_filter();
            assert_eq!(
                Filter::parse(&filter, "62264101008")
                    .kind()
                    .map(|found| &found.key),
                Some(&kind.key)
            );
            let path = match kind.endpoint.as_str() {
                "webinar" => "/webinar/notifications/v1/subscriptions",
                _ => SUBSCRIPTIONS,
            };
            let made = send(
                sandbox,
                "POST",
                path,
                &token,
                order(&address.url, &[&filter]),
            )
            .await
            .fine();
            assert!(made["disabledFilters"].is_null(), "{made}");
            let fired = send(sandbox, "POST", "/_sandbox/events", "", event).await;
            assert_eq!(
                fired.json()["deliveries"].as_array().unwrap().len(),
                1,
                "{}",
                kind.key
            );
            let (_, notification) = address.told.recv().await.unwrap();
            let text = notification["body"].to_string();
            assert!(!text.contains('{') || !text.contains(":number}"), "{text}");
            assert!(
                !notification["body"].as_object().unwrap().is_empty(),
                "{}",
                kind.key
            );
        }
    });
}

#[test]
fn a_sync_gives_everything_once_and_then_what_is_new() {
    let bench = Bench::new();
    let token = access(&bench.ringcentral("ana", &["ReadCallLog", "ReadMessages", "SMS"]));
    let log = "/restapi/v1.0/account/~/extension/~/call-log-sync";
    let full = bench
        .get(&format!("{log}?syncType=FSync&recordCount=5"), &token)
        .fine();
    assert_eq!(full["records"].as_array().unwrap().len(), 5);
    assert_eq!(full["syncInfo"]["syncType"], "FSync");
    let next = |info: &Value| {
        format!(
            "{log}?syncType=ISync&syncToken={}",
            info["syncInfo"]["syncToken"].as_str().unwrap()
        )
    };
    let nothing = bench.get(&next(&full), &token).fine();
    assert_eq!(nothing["records"], json!([]));
    let ids = bench
        .sandbox
        .add_calls(json!([{}, { "direction": "Outbound" }]))
        .unwrap();
    let some = bench.get(&next(&nothing), &token).fine();
    let mut found: Vec<&str> = some["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    let mut added: Vec<&str> = ids.iter().map(String::as_str).collect();
    found.sort_unstable();
    added.sort_unstable();
    assert_eq!(found, added);
    bench.sandbox.add_calls(json!({ "count": 300 })).unwrap();
    let cases = [
        (next(&some), "CLG-104"),
        (
            format!("{log}?syncType=ISync&syncToken=nonsense"),
            "CLG-101",
        ),
        (format!("{log}?syncType=ISync"), "CMN-101"),
        (format!("{log}?recordCount=251"), "CMN-101"),
        (format!("{log}?dateFrom=2020-01-01T00:00:00Z"), "CMN-101"),
    ];
    for (path, expected) in cases {
        let got = bench.get(&path, &token);
        assert_eq!((got.status, code(&got).as_str()), (400, expected), "{path}");
    }

    let store = "/restapi/v1.0/account/~/extension/~/message-sync";
    let full = bench.get(store, &token).fine();
    let since = format!(
        "{store}?syncType=ISync&syncToken={}",
        full["syncInfo"]["syncToken"].as_str().unwrap()
    );
    let sms = json!({ "from": { "phoneNumber": "+16505550112" }, "to": [{ "phoneNumber": "+12125550131" }], "text": "Hello" });
    bench
        .post("/restapi/v1.0/account/~/extension/~/sms", &token, sms)
        .fine();
    let some = bench.get(&since, &token).fine();
    assert_eq!(some["records"].as_array().unwrap().len(), 1);
    assert_eq!(some["records"][0]["subject"], "Hello");
}

#[test]
fn the_page_of_events_fires_them_and_shows_what_came_of_it() {
    let bench = Bench::new();
    let page = bench.get("/events", "");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("referrer-policy"), "same-origin");
    for kind in KINDS.iter() {
        assert!(
            page.text().contains(&format!("value=\"{}\"", kind.key)),
            "{}",
            kind.key
        );
    }
    let fired = bench.form(
        "/events",
        &[("event", "sms.instant"), ("direction", "Inbound")],
    );
    assert_eq!(fired.status, 302, "{}", fired.text());
    assert!(
        fired.header("location").contains("Nobody"),
        "{}",
        fired.header("location")
    );
}
