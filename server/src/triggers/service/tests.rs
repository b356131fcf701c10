//! What becomes of a service's calls, with RingCentral's own rules.

use super::*;
use http::{HeaderMap, Method};
use patchbay_model::JsonMap;

fn place() -> Place {
    Place {
        workflow: "wf_1".into(),
        organisation: "org_1".into(),
        person: None,
        revision: 1,
        connector: "ringcentral".to_owned(),
        operation: "webhook".to_owned(),
        auth: None,
        inputs: JsonMap::new(),
        delivery_url: "http://127.0.0.1:4600/hooks/k".to_owned(),
    }
}

fn registration() -> Json {
    json!({
        "token": "ours",
        "wanted": [{
            "event": "inbound_sms",
            "title": "Text message received",
            "filter": "/restapi/v1.0/account/~/extension/~/message-store/instant?type=SMS",
        }],
        "state": { "subscriptions": [{ "id": "s-1" }] },
    })
}

fn delivery(headers: &[(&'static str, &'static str)], body: &str) -> Delivery {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_static(value));
    }
    Delivery {
        method: Method::POST,
        headers: map,
        query: String::new(),
        body: body.to_owned().into(),
    }
}

#[test]
fn the_handshake_is_answered_while_the_registration_is_still_being_made() {
    let receipt = Subscribed.receive(
        &place(),
        None,
        &delivery(&[("validation-token", "abc")], ""),
    );
    assert_eq!(receipt.status, StatusCode::OK);
    assert_eq!(receipt.headers["validation-token"], "abc");
    assert_eq!(receipt.headers[header::CONTENT_TYPE], "application/json");
    assert!(receipt.runs.is_empty() && receipt.trouble.is_none());
}

#[test]
fn an_event_with_the_agreed_token_starts_one_run_under_its_own_id() {
    let event = json!({
        "uuid": "u-1",
        "event": "/restapi/v1.0/account/1/extension/2/message-store/instant?type=SMS",
        "timestamp": "2026-03-04T12:00:00Z",
        "subscriptionId": "s-1",
        "ownerId": "2",
        "body": { "subject": "Hello" },
    });
    let good = delivery(&[("verification-token", "ours")], &event.to_string());
    let receipt = Subscribed.receive(&place(), Some(&registration()), &good);
    assert_eq!(receipt.status, StatusCode::OK);
    assert_eq!(receipt.runs.len(), 1);
    assert_eq!(receipt.runs[0].delivery.as_deref(), Some("u-1"));
    assert_eq!(receipt.runs[0].output["event"], "inbound_sms");
    assert_eq!(receipt.runs[0].output["body"]["subject"], "Hello");
}

#[test]
fn what_does_not_come_from_the_service_is_turned_away_with_a_reason() {
    for (headers, registration, body, status) in [
        (
            vec![("verification-token", "theirs")],
            Some(registration()),
            "{}",
            StatusCode::UNAUTHORIZED,
        ),
        (vec![], Some(registration()), "{}", StatusCode::UNAUTHORIZED),
        (
            vec![("verification-token", "ours")],
            None,
            "{\"uuid\":1}",
            StatusCode::UNAUTHORIZED,
        ),
        (
            vec![("verification-token", "ours")],
            Some(registration()),
            "nonsense",
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let receipt =
            Subscribed.receive(&place(), registration.as_ref(), &delivery(&headers, body));
        assert_eq!(receipt.status, status, "{headers:?} {body}");
        assert!(receipt.runs.is_empty());
        assert!(receipt.trouble.is_some(), "{headers:?} {body}");
    }
}
