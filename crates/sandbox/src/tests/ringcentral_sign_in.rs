//! RingCentral's OAuth: the happy path, each refusal, rotation and its grace.

use serde_json::Value;

use super::client::{
    Bench, CALLBACK, CHALLENGE, VERIFIER, access, address, hidden, ringcentral_authorize,
};

const TOKEN: &str = "/restapi/oauth/token";
const ME: &str = "/restapi/v1.0/account/~/extension/~";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn code(bench: &Bench) -> String {
    bench
        .sign_in(
            &ringcentral_authorize("ReadAccounts"),
            "ana",
            &["ReadAccounts"],
        )
        .get("code")
}

fn exchange(code: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

#[test]
fn a_person_signs_in_and_the_token_speaks_for_them() {
    let bench = Bench::new();
    let back = bench.sign_in(
        &ringcentral_authorize("ReadAccounts ReadCallLog"),
        "ben",
        &["ReadAccounts", "ReadCallLog"],
    );
    assert_eq!(back.get("state"), "s t&1");
    assert_eq!(back.get("expires_in"), "60");
    let token = bench.token(TOKEN, &exchange(&back.get("code"))).fine();
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(token["refresh_token_expires_in"], 604_800);
    assert_eq!(token["scope"], "ReadAccounts ReadCallLog");
    assert_eq!(token["token_type"], "bearer");
    assert_eq!(token["owner_id"], "62264102008");
    let me = bench.get(ME, &access(&token)).fine();
    assert_eq!(me["name"], "Ben Okafor");
    assert_eq!(me["extensionNumber"], "102");
}

#[test]
fn pages_show_both_people_and_the_scopes_in_words() {
    let bench = Bench::new();
    let page = bench.get(&ringcentral_authorize("ReadCallLog"), "");
    assert!(page.text().contains("Ana Ruiz") && page.text().contains("Ben Okafor"));
    let consent = bench.form(
        "/restapi/oauth/sign-in",
        &[("request", &hidden(&page.text())), ("person", "ana")],
    );
    assert!(consent.text().contains("value=\"ReadCallLog\" checked"));
    assert!(consent.text().contains("value=\"refuse\""));
    assert!(!consent.header("content-security-policy").is_empty());
}

#[test]
fn an_unticked_scope_is_not_granted_and_none_at_all_is_asked_again() {
    let bench = Bench::new();
    let token = {
        let back = bench.sign_in(
            &ringcentral_authorize("ReadAccounts ReadCallLog"),
            "ana",
            &["ReadAccounts"],
        );
        bench.token(TOKEN, &exchange(&back.get("code"))).fine()
    };
    assert_eq!(token["scope"], "ReadAccounts");
    let log = "/restapi/v1.0/account/~/extension/~/call-log";
    let refused = bench.get(log, &access(&token));
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["errors"][0]["errorCode"], "CMN-401");
    assert_eq!(refused.json()["permissionName"], "ReadCallLog");

    let page = bench.get(&ringcentral_authorize("ReadAccounts"), "");
    let handle = hidden(&page.text());
    let fields = [("request", handle.as_str()), ("person", "ana")];
    bench.form("/restapi/oauth/sign-in", &fields);
    let again = bench.form(
        "/restapi/oauth/consent",
        &[("request", &handle), ("decision", "allow")],
    );
    assert_eq!(again.status, 200);
    assert!(again.text().contains("Tick at least one box"));
}

#[test]
fn refusing_sends_access_denied_with_the_state() {
    let bench = Bench::new();
    let back = bench.sign_in(&ringcentral_authorize("ReadAccounts"), "ana", &["refuse"]);
    assert_eq!(back.get("error"), "access_denied");
    assert_eq!(back.get("state"), "s t&1");
    assert_eq!(back.get("code"), "");
}

#[test]
fn requests_that_cannot_be_trusted_get_a_page_and_no_redirect() {
    let bench = Bench::new();
    for (client_id, redirect_uri, code) in [
        ("somebody-else", CALLBACK, "invalid_client"),
        (
            "patchbay-demo",
            "http://127.0.0.1:4600/other",
            "redirect_uri_mismatch",
        ),
        (
            "patchbay-demo",
            "https://evil.example/oauth/callback",
            "redirect_uri_mismatch",
        ),
        (
            "patchbay-demo",
            "http://127.0.0.1.evil.example/oauth/callback",
            "redirect_uri_mismatch",
        ),
    ] {
        for path in ["/restapi/oauth/authorize", "/o/oauth2/v2/auth"] {
            let got = bench.get(
                &address(
                    path,
                    &[
                        ("response_type", "code"),
                        ("client_id", client_id),
                        ("redirect_uri", redirect_uri),
                    ],
                ),
                "",
            );
            assert_eq!(got.status, 400, "{path} {redirect_uri}");
            assert!(got.text().contains(code), "{path} {redirect_uri}");
            assert_eq!(got.header("location"), "");
        }
    }
}

#[test]
fn requests_with_other_faults_are_sent_back_with_an_error() {
    let bench = Bench::new();
    let base = [("client_id", "patchbay-demo"), ("redirect_uri", CALLBACK)];
    let with = |more: &[(&'static str, &'static str)]| {
        let query: Vec<_> = base.iter().chain(more).copied().collect();
        let got = bench.get(&address("/restapi/oauth/authorize", &query), "");
        assert_eq!(got.status, 302, "{more:?}");
        got.header("location").to_owned()
    };
    let code = ("response_type", "code");
    let challenge = ("code_challenge", CHALLENGE);
    for (more, error) in [
        (
            vec![("response_type", "token")],
            "unsupported_response_type",
        ),
        (
            vec![code, challenge, ("code_challenge_method", "plain")],
            "invalid_request",
        ),
        (vec![code, challenge], "invalid_request"),
        (
            vec![
                code,
                ("code_challenge", "short"),
                ("code_challenge_method", "S256"),
            ],
            "invalid_request",
        ),
        (vec![code, ("prompt", "none")], "login_required"),
    ] {
        let location = with(&more);
        assert!(location.contains(&format!("error={error}")), "{location}");
    }
}

#[test]
fn a_code_is_refused_for_every_wrong_exchange() {
    /// Name, what is sent otherwise, and the status, error and code of the refusal.
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        u16,
        &'static str,
        &'static str,
    );
    let cases: [Case; 6] = [
        (
            "wrong verifier",
            &[("code_verifier", "nope")],
            400,
            "invalid_grant",
            "OAU-106",
        ),
        (
            "no verifier",
            &[("code_verifier", "")],
            400,
            "invalid_request",
            "CMN-101",
        ),
        (
            "other redirect",
            &[("redirect_uri", "http://127.0.0.1:1/oauth/callback")],
            400,
            "invalid_grant",
            "OAU-109",
        ),
        (
            "wrong secret",
            &[("client_secret", "nope")],
            401,
            "invalid_client",
            "OAU-146",
        ),
        (
            "unknown client",
            &[("client_id", "nope")],
            401,
            "invalid_client",
            "OAU-146",
        ),
        (
            "other grant",
            &[("grant_type", "password")],
            400,
            "unsupported_grant_type",
            "OAU-112",
        ),
    ];
    for (name, change, status, error, errors_code) in cases {
        let bench = Bench::new();
        let code = code(&bench);
        let mut fields = vec![
            ("client_id", "patchbay-demo"),
            ("client_secret", "patchbay-demo-secret"),
        ];
        fields.extend(exchange(&code));
        for (key, value) in change {
            fields.retain(|(known, _)| known != key);
            if !value.is_empty() {
                fields.push((key, value));
            }
        }
        let got = bench.form(TOKEN, &fields);
        assert_eq!(got.status, status, "{name}: {}", got.text());
        assert_eq!(got.json()["error"], error, "{name}");
        assert_eq!(got.json()["errors"][0]["errorCode"], errors_code, "{name}");
    }
}

#[test]
fn a_code_works_once_and_for_a_minute() {
    let bench = Bench::new();
    let used = code(&bench);
    bench.token(TOKEN, &exchange(&used)).fine();
    assert_eq!(bench.token(TOKEN, &exchange(&used)).status, 400);
    let late = code(&bench);
    bench.clock.advance(61);
    let got = bench.token(TOKEN, &exchange(&late));
    assert_eq!(got.json()["errors"][0]["errorCode"], "OAU-108");
}

#[test]
fn an_access_token_lives_for_an_hour() {
    let bench = Bench::new();
    let token = access(&bench.ringcentral("ana", &["ReadAccounts"]));
    bench.clock.advance(3_599);
    assert_eq!(bench.get(ME, &token).status, 200);
    bench.clock.advance(2);
    let got = bench.get(ME, &token);
    assert_eq!(got.status, 401);
    assert_eq!(got.json()["errorCode"], "TokenInvalid");
    assert_eq!(got.json()["errors"][0]["errorCode"], "OAU-149");
}

fn refresh(bench: &Bench, token: &str) -> super::client::Got {
    bench.token(
        TOKEN,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
}

#[test]
fn refreshing_replaces_both_tokens_and_kills_the_old_access_token() {
    let bench = Bench::new();
    let first = bench.ringcentral("ana", &["ReadAccounts"]);
    let second = refresh(&bench, text(&first, "refresh_token")).fine();
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(second["scope"], first["scope"]);
    assert_eq!(bench.get(ME, &access(&first)).status, 401);
    assert_eq!(bench.get(ME, &access(&second)).status, 200);
}

#[test]
fn a_replaced_refresh_token_gives_the_same_pair_until_it_was_used() {
    let bench = Bench::new();
    let first = bench.ringcentral("ana", &["ReadAccounts"]);
    let old = text(&first, "refresh_token");
    let second = refresh(&bench, old).fine();
    bench.clock.advance(3_000);
    let again = refresh(&bench, old).fine();
    assert_eq!(again["access_token"], second["access_token"]);
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert_eq!(again["expires_in"], 600);
    // Used once: ten seconds are left.
    assert_eq!(bench.get(ME, &access(&second)).status, 200);
    bench.clock.advance(9);
    assert_eq!(refresh(&bench, old).status, 200);
    bench.clock.advance(2);
    let gone = refresh(&bench, old);
    assert_eq!(gone.status, 400);
    assert_eq!(gone.json()["error"], "invalid_grant");
}

#[test]
fn a_replaced_refresh_token_dies_after_an_hour_unused() {
    let bench = Bench::new();
    let first = bench.ringcentral("ana", &["ReadAccounts"]);
    let old = text(&first, "refresh_token");
    refresh(&bench, old).fine();
    bench.clock.advance(3_601);
    assert_eq!(refresh(&bench, old).status, 400);
}

#[test]
fn the_token_before_the_last_one_is_dead() {
    let bench = Bench::new();
    let first = bench.ringcentral("ana", &["ReadAccounts"]);
    let second = refresh(&bench, text(&first, "refresh_token")).fine();
    refresh(&bench, text(&second, "refresh_token")).fine();
    assert_eq!(refresh(&bench, text(&first, "refresh_token")).status, 400);
}

#[test]
fn a_refresh_token_dies_after_seven_days() {
    let bench = Bench::new();
    let first = bench.ringcentral("ana", &["ReadAccounts"]);
    bench.clock.advance(604_801);
    let got = refresh(&bench, text(&first, "refresh_token"));
    assert_eq!(got.json()["errors"][0]["errorCode"], "OAU-128");
}

#[test]
fn revoking_any_token_ends_the_session() {
    for which in ["access_token", "refresh_token"] {
        let bench = Bench::new();
        let token = bench.ringcentral("ana", &["ReadAccounts"]);
        let got = bench.token("/restapi/oauth/revoke", &[("token", text(&token, which))]);
        assert_eq!(got.status, 200);
        assert_eq!(bench.get(ME, &access(&token)).status, 401);
        assert_eq!(refresh(&bench, text(&token, "refresh_token")).status, 400);
    }
}

#[test]
fn a_sixth_session_ends_the_first() {
    let bench = Bench::new();
    let tokens: Vec<String> = (0..6)
        .map(|_| access(&bench.ringcentral("ana", &["ReadAccounts"])))
        .collect();
    assert_eq!(bench.get(ME, &tokens[0]).status, 401);
    for token in &tokens[1..] {
        assert_eq!(bench.get(ME, token).status, 200);
    }
}

#[test]
fn a_jwt_credential_signs_its_owner_in() {
    let bench = Bench::new();
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let token = bench
        .token(TOKEN, &[grant, ("assertion", "demo-jwt-ben")])
        .fine();
    assert_eq!(bench.get(ME, &access(&token)).fine()["name"], "Ben Okafor");
    let refused = bench.token(TOKEN, &[grant, ("assertion", "demo-jwt-zoe")]);
    assert_eq!(refused.json()["error"], "invalid_grant");
}

#[test]
fn faults_end_tokens_for_everybody() {
    let bench = Bench::new();
    let token = bench.ringcentral("ana", &["ReadAccounts"]);
    bench.sandbox.expire_access_tokens();
    assert_eq!(bench.get(ME, &access(&token)).status, 401);
    let fresh = refresh(&bench, text(&token, "refresh_token")).fine();
    bench.sandbox.revoke_all();
    assert_eq!(bench.get(ME, &access(&fresh)).status, 401);
    assert_eq!(refresh(&bench, text(&fresh, "refresh_token")).status, 400);
}

#[test]
fn token_requests_have_a_rate_limit_of_their_own() {
    let bench = Bench::with(|_| {});
    let mut token = bench.ringcentral("ana", &["ReadAccounts"]);
    for _ in 0..4 {
        token = refresh(&bench, text(&token, "refresh_token")).fine();
    }
    let limited = refresh(&bench, text(&token, "refresh_token"));
    assert_eq!(limited.status, 429);
    assert_eq!(limited.header("retry-after"), "60");
    assert_eq!(limited.header("x-rate-limit-group"), "auth");
}
