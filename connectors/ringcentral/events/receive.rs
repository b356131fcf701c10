//! What RingCentral sends to a webhook: the handshake, and events with the token that was agreed on.

use patchbay_kit::{
    Wanted,
    hooks::{Arrival, Incoming, Received},
    model::{Json, event::StepError},
    secret::Secret,
};
use serde_json::json;

/// The event by which RingCentral says that a subscription is about to end.
const REMINDER: &str = "/restapi/v1.0/subscription/~";

/// Checks a call and says which events it brings.
pub(crate) fn receive(incoming: &Incoming, secret: Option<&Secret>) -> Result<Received, StepError> {
    let header = |name: &str| incoming.headers.get(name)?.to_str().ok();
    let validation = header("validation-token");
    let sent = header("verification-token").or(validation);
    let known = match (secret, sent) {
        (Some(secret), Some(sent)) => same(secret.expose(), sent),
        _ => false,
    };
    if !known {
        // The handshake has a token that nobody has seen before, and nothing but that.
        if let Some(token) = validation.filter(|_| incoming.body.is_empty() || is_empty(incoming)) {
            return Ok(Received {
                answer_headers: vec![("validation-token".to_owned(), token.to_owned())],
                ..Received::default()
            });
        }
        return Err(StepError {
            code: "unauthenticated".to_owned(),
            message: match sent {
                Some(_) => "An event came with a wrong verification token and was turned away.",
                None => "An event came without a verification token and was turned away.",
            }
            .to_owned(),
            ..StepError::default()
        });
    }
    let told: Json = serde_json::from_slice(&incoming.body).map_err(|error| StepError {
        code: "bad_answer".to_owned(),
        message: format!("An event came that is no JSON: {error}."),
        ..StepError::default()
    })?;
    let filter = told["event"].as_str().unwrap_or_default();
    let event = event_of(filter, &incoming.wanted);
    let ends_soon = shape(filter).0 == REMINDER;
    if ends_soon && event.is_none() {
        return Ok(Received {
            ends_soon,
            ..Received::default()
        });
    }
    let id = told["uuid"].as_str().map(str::to_owned);
    let output = json!({
        "event": event.map_or("other", |event| event.event.as_str()),
        "filter": filter,
        "uuid": told["uuid"],
        "timestamp": told["timestamp"],
        "subscription_id": told["subscriptionId"],
        "owner_id": told["ownerId"],
        "body": told["body"],
    });
    Ok(Received {
        events: vec![Arrival { id, output }],
        ends_soon,
        ..Received::default()
    })
}

/// RingCentral sends `{}` in a handshake, other senders nothing.
fn is_empty(incoming: &Incoming) -> bool {
    serde_json::from_slice::<Json>(&incoming.body)
        .is_ok_and(|body| body.as_object().is_some_and(serde_json::Map::is_empty))
}

/// Compares in a time that tells nothing about where two texts differ.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let differing = one
        .iter()
        .zip(other)
        .fold(0_u8, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && differing == 0
}

/// The chosen event that a filter belongs to. RingCentral puts identifiers in place of `~`.
pub(super) fn event_of<'a>(filter: &str, wanted: &'a [Wanted]) -> Option<&'a Wanted> {
    let (path, mut query) = shape(filter);
    query.sort_unstable();
    let fits = |one: &&Wanted| same_path(shape(&one.filter).0, path);
    let exactly = |one: &&Wanted| {
        let mut own = shape(&one.filter).1;
        own.sort_unstable();
        own == query
    };
    wanted
        .iter()
        .filter(fits)
        .find(exactly)
        .or_else(|| wanted.iter().find(fits))
}

fn shape(filter: &str) -> (&str, Vec<&str>) {
    let (path, query) = filter.split_once('?').unwrap_or((filter, ""));
    let query = query.split('&').filter(|pair| !pair.is_empty());
    (path, query.collect())
}

fn same_path(ours: &str, theirs: &str) -> bool {
    let (mut ours, mut theirs) = (ours.split('/'), theirs.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some("~"), Some(_)) => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(event: &str, filter: &str) -> Wanted {
        Wanted {
            event: event.to_owned(),
            title: event.to_owned(),
            filter: filter.to_owned(),
            endpoint: String::new(),
            scopes: Vec::new(),
        }
    }

    fn incoming(headers: &[(&'static str, &str)], body: &str) -> Incoming {
        let mut incoming = Incoming {
            body: body.to_owned().into(),
            wanted: vec![
                wanted(
                    "ended",
                    "/restapi/v1.0/account/~/extension/~/telephony/sessions?statusCode=Disconnected",
                ),
                wanted(
                    "any",
                    "/restapi/v1.0/account/~/extension/~/telephony/sessions",
                ),
            ],
            ..Incoming::default()
        };
        for (name, value) in headers {
            incoming.headers.insert(*name, value.parse().unwrap());
        }
        incoming
    }

    fn notification(query: &str) -> String {
        json!({
            "uuid": "u-1",
            "event": format!("/restapi/v1.0/account/809/extension/62264/telephony/sessions{query}"),
            "timestamp": "2026-03-04T12:00:00Z",
            "subscriptionId": "s-1",
            "ownerId": "62264",
            "body": { "sequence": 1 },
        })
        .to_string()
    }

    #[test]
    fn a_handshake_is_answered_before_and_after_there_is_a_token() {
        let secret = Secret::new("ours".to_owned());
        for secret in [None, Some(&secret)] {
            for body in ["", "{}"] {
                let received =
                    receive(&incoming(&[("validation-token", "abc")], body), secret).unwrap();
                assert_eq!(
                    received.answer_headers,
                    [("validation-token".to_owned(), "abc".to_owned())]
                );
                assert!(received.events.is_empty());
            }
        }
    }

    #[test]
    fn an_event_is_taken_with_the_agreed_token_in_either_header_and_refused_otherwise() {
        let secret = Secret::new("ours".to_owned());
        let body = notification("");
        for (headers, taken) in [
            (vec![("verification-token", "ours")], true),
            (vec![("validation-token", "ours")], true),
            (vec![("verification-token", "theirs")], false),
            (vec![("validation-token", "theirs")], false),
            (vec![("verification-token", "our")], false),
            (vec![], false),
        ] {
            let received = receive(&incoming(&headers, &body), Some(&secret));
            assert_eq!(
                received.is_ok_and(|got| got.events.len() == 1),
                taken,
                "{headers:?}"
            );
            assert!(
                receive(&incoming(&headers, &body), None).is_err(),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn an_event_is_named_by_the_filter_that_fits_it_best() {
        let secret = Secret::new("ours".to_owned());
        for (query, event) in [
            ("", "any"),
            ("?statusCode=Disconnected", "ended"),
            ("?statusCode=Answered", "ended"),
        ] {
            let incoming = incoming(&[("verification-token", "ours")], &notification(query));
            let received = receive(&incoming, Some(&secret)).unwrap();
            assert_eq!(received.events[0].output["event"], event, "{query}");
            assert_eq!(received.events[0].id.as_deref(), Some("u-1"));
            assert_eq!(received.events[0].output["body"]["sequence"], 1);
        }
    }

    #[test]
    fn a_reminder_that_nobody_asked_to_see_only_says_that_the_end_is_near() {
        let secret = Secret::new("ours".to_owned());
        let body = json!({ "uuid": "u", "event": format!("{REMINDER}?threshold=60&interval=15"), "body": {} });
        let incoming = incoming(&[("verification-token", "ours")], &body.to_string());
        let received = receive(&incoming, Some(&secret)).unwrap();
        assert!(received.ends_soon && received.events.is_empty());
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let secret = Secret::new("ours".to_owned());
        let incoming = incoming(&[("verification-token", "ours")], "not json");
        assert_eq!(
            receive(&incoming, Some(&secret)).unwrap_err().code,
            "bad_answer"
        );
    }
}
