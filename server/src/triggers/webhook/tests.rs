//! Who may call, what becomes of a request, and where its id is found.

use super::*;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use patchbay_vault::Secret;

fn delivery(headers: &[(&str, &str)], query: &str, body: &[u8]) -> Delivery {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    Delivery {
        method: Method::POST,
        headers: map,
        query: query.to_owned(),
        body: Bytes::copy_from_slice(body),
    }
}

fn rules(inputs: Json) -> Rules {
    let auth = AuthenticationId::from("auth_1".to_owned());
    Rules::read(inputs.as_object().unwrap(), Some(&auth)).unwrap()
}

fn token(text: &str) -> Credential {
    Credential::Token {
        access_token: Secret::new(text),
    }
}

/// RFC 4231, test cases 1, 2 and 6.
#[test]
fn signatures_are_those_of_the_standard() {
    let hex = |bytes: [u8; 32]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let cases: [(&[u8], &[u8], &str); 3] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ];
    for (key, message, expected) in cases {
        assert_eq!(hex(hmac_sha256(key, message)), expected);
    }
}

#[test]
fn only_callers_who_show_what_is_asked_get_in() {
    let basic = Credential::Basic {
        username: "ann".to_owned(),
        password: Secret::new("p:w"),
    };
    let signed = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let body = b"what do ya want for nothing?";
    let hmac = json!({ "check": "hmac", "signature_prefix": "sha256=" });
    let header = json!({ "check": "token" });
    let cases = [
        (json!({}), token("t"), delivery(&[], "", b""), true),
        (
            header.clone(),
            token("t"),
            delivery(&[("x-webhook-token", "t")], "", b""),
            true,
        ),
        (
            header.clone(),
            token("t"),
            delivery(&[("x-webhook-token", "tt")], "", b""),
            false,
        ),
        (
            header.clone(),
            token("t"),
            delivery(&[], "token=t", b""),
            false,
        ),
        (
            json!({ "check": "token", "token_name": "Authorization" }),
            token("t"),
            delivery(&[("authorization", "Bearer t")], "", b""),
            true,
        ),
        (
            json!({ "check": "token", "token_in": "query", "token_name": "key" }),
            token("a b"),
            delivery(&[], "x=1&key=a%20b", b""),
            true,
        ),
        (
            json!({ "check": "token", "token_in": "query", "token_name": "key" }),
            token("a b"),
            delivery(&[], "key=ab", b""),
            false,
        ),
        (
            hmac.clone(),
            token("Jefe"),
            delivery(
                &[("x-signature-256", &format!("sha256={signed}"))],
                "",
                body,
            ),
            true,
        ),
        (
            hmac.clone(),
            token("Jefe"),
            delivery(
                &[(
                    "x-signature-256",
                    &format!("sha256={}", signed.to_uppercase()),
                )],
                "",
                body,
            ),
            true,
        ),
        (
            hmac.clone(),
            token("Jefe"),
            delivery(&[("x-signature-256", signed)], "", body),
            false,
        ),
        (
            hmac.clone(),
            token("Jefe"),
            delivery(
                &[("x-signature-256", &format!("sha256={signed}"))],
                "",
                b"something else",
            ),
            false,
        ),
        (
            hmac.clone(),
            token("Jefe"),
            delivery(&[("x-signature-256", "sha256=zz")], "", body),
            false,
        ),
        (
            hmac,
            token("other"),
            delivery(
                &[("x-signature-256", &format!("sha256={signed}"))],
                "",
                body,
            ),
            false,
        ),
        (
            json!({ "check": "hmac", "signature_header": "X-Sig", "signature_encoding": "base64" }),
            token("Jefe"),
            delivery(
                &[("x-sig", "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=")],
                "",
                body,
            ),
            true,
        ),
        (
            json!({ "check": "basic" }),
            basic.clone(),
            delivery(&[("authorization", "Basic YW5uOnA6dw==")], "", b""),
            true,
        ),
        (
            json!({ "check": "basic" }),
            basic.clone(),
            delivery(&[("authorization", "Basic YW5uOnB3")], "", b""),
            false,
        ),
        (
            json!({ "check": "basic" }),
            token("t"),
            delivery(&[("authorization", "Basic YW5uOnA6dw==")], "", b""),
            false,
        ),
    ];
    for (inputs, credential, delivery, welcome) in cases {
        let judged = rules(inputs.clone()).judge(&credential, &delivery);
        assert_eq!(judged.is_ok(), welcome, "{inputs} {delivery:?}");
        if let Err(problem) = judged {
            assert_eq!(problem.details.status, 401);
        }
    }
}

#[test]
fn a_check_without_a_credential_is_refused_before_it_is_enabled() {
    for check in ["token", "hmac", "basic"] {
        let inputs = json!({ "check": check });
        let problem = Rules::read(inputs.as_object().unwrap(), None).unwrap_err();
        let places: Vec<&str> = problem
            .details
            .errors
            .iter()
            .map(|error| error.pointer.as_str())
            .collect();
        assert_eq!(places, ["/trigger/inputs/check", "/trigger/auth"]);
    }
}

#[test]
fn a_body_is_what_its_type_says_and_nothing_is_lost_when_it_is_not() {
    let json_type = [("content-type", "application/json; charset=utf-8")];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [u8], Json);
    let cases: [Case<'_>; 7] = [
        (&json_type, b"{\"a\": [1]}", json!({ "a": [1] })),
        (&json_type, b"{\"a\": ", json!("{\"a\": ")),
        (&[], b"{\"a\": 1}", json!("{\"a\": 1}")),
        (
            &form,
            b"a=1&b=x+y&a=2",
            json!({ "a": ["1", "2"], "b": "x y" }),
        ),
        (&[], b"", Json::Null),
        (&json_type, b"", Json::Null),
        (&[], b"\xff\xfe", json!({ "base64": "//4=" })),
    ];
    for (headers, body, expected) in cases {
        assert_eq!(
            output(&delivery(headers, "", body))["body"],
            expected,
            "{headers:?} {body:?}"
        );
    }
}

#[test]
fn credentials_of_the_caller_stay_outside() {
    let headers = [
        ("authorization", "Bearer secret"),
        ("cookie", "a=secret"),
        ("x-a", "1"),
        ("x-a", "2"),
    ];
    let found = output(&delivery(&headers, "q=1&q=2&r=3", b""));
    assert_eq!(found["headers"], json!({ "x-a": "1, 2" }));
    assert_eq!(found["query"], json!({ "q": ["1", "2"], "r": "3" }));
}

#[test]
fn a_delivery_is_known_by_the_id_at_the_path() {
    let of = |path: &str, headers: &[(&str, &str)], body: &[u8]| {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        rules(json!({ "delivery_id": path })).delivery_id(&output(&delivery(&all, "id=q", body)))
    };
    assert_eq!(
        of("$.headers.x-delivery-id", &[("X-Delivery-Id", "d1")], b"").as_deref(),
        Some("d1")
    );
    assert_eq!(
        of("X-Delivery-Id", &[("X-Delivery-Id", "d1")], b"").as_deref(),
        Some("d1")
    );
    assert_eq!(
        of("$.body.id", &[], b"{\"id\": \"b1\"}").as_deref(),
        Some("b1")
    );
    assert_eq!(of("$.query.id", &[], b"").as_deref(), Some("q"));
    assert_eq!(
        of("$.body.id", &[], b"{\"id\": 7}"),
        of("$.body.id", &[], b"{\"id\":7}")
    );
    assert_ne!(
        of("$.body.id", &[], b"{\"id\": 7}"),
        of("$.body.id", &[], b"{\"id\": 8}")
    );
    assert_eq!(of("$.body.id", &[], b"{}"), None);
    assert_eq!(of("", &[], b"{\"id\": 1}"), None);
}
