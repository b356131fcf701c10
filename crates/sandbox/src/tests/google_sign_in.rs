//! Google's OAuth: offline access, unticked scopes, refresh without rotation, revocation.

use super::client::{Bench, CALLBACK, VERIFIER, access, address, google_authorize, hidden};

const SHEETS: &str = "https://www.googleapis.com/auth/spreadsheets";
const FILES: &str = "https://www.googleapis.com/auth/drive.metadata.readonly";
const LIST: &str = "/drive/v3/files";

fn exchange(bench: &Bench, code: &str) -> super::client::Got {
    bench.token(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ],
    )
}

#[test]
fn the_first_consent_gives_a_refresh_token_that_does_not_rotate() {
    let bench = Bench::new();
    let both = format!("{SHEETS} {FILES}");
    let back = bench.sign_in(&google_authorize(&both, "consent"), "ana", &[SHEETS, FILES]);
    assert_eq!(back.get("state"), "xyz");
    let token = exchange(&bench, &back.get("code")).fine();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["scope"], both);
    let refresh = token["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        let renewed = bench
            .token(
                "/token",
                &[("grant_type", "refresh_token"), ("refresh_token", refresh)],
            )
            .fine();
        assert!(renewed["refresh_token"].is_null());
        assert_eq!(bench.get(LIST, &access(&renewed)).status, 200);
    }
    assert_eq!(bench.get(LIST, &access(&token)).status, 200);
}

#[test]
fn later_sign_ins_get_no_refresh_token_unless_consent_is_forced() {
    let bench = Bench::new();
    let sign_in = |prompt: &str| {
        let back = bench.sign_in(&google_authorize(SHEETS, prompt), "ana", &[SHEETS]);
        exchange(&bench, &back.get("code")).fine()
    };
    assert!(sign_in("")["refresh_token"].is_string());
    assert!(sign_in("")["refresh_token"].is_null());
    assert!(sign_in("consent")["refresh_token"].is_string());
    let online = address(
        "/o/oauth2/v2/auth",
        &[
            ("response_type", "code"),
            ("client_id", "patchbay-demo"),
            ("redirect_uri", CALLBACK),
            ("scope", SHEETS),
            ("prompt", "consent"),
        ],
    );
    let back = bench.sign_in(&online, "ana", &[SHEETS]);
    let token = bench
        .token(
            "/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", &back.get("code")),
                ("redirect_uri", CALLBACK),
            ],
        )
        .fine();
    assert!(token["refresh_token"].is_null());
}

#[test]
fn an_unticked_scope_is_missing_in_the_token() {
    let bench = Bench::new();
    let both = format!("{SHEETS} {FILES}");
    let back = bench.sign_in(&google_authorize(&both, "consent"), "ana", &[SHEETS]);
    let token = exchange(&bench, &back.get("code")).fine();
    assert_eq!(token["scope"], SHEETS);
    let refused = bench.get(LIST, &access(&token));
    assert_eq!(refused.status, 403);
    let error = &refused.json()["error"];
    assert_eq!(error["status"], "PERMISSION_DENIED");
    assert_eq!(error["errors"][0]["reason"], "insufficientPermissions");
    assert_eq!(
        error["details"][0]["reason"],
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    );
}

#[test]
fn granted_scopes_are_included_on_request() {
    let bench = Bench::new();
    bench.google("ana", &["drive.metadata.readonly"]);
    let more = format!(
        "{}&include_granted_scopes=true",
        google_authorize(SHEETS, "consent")
    );
    let back = bench.sign_in(&more, "ana", &[SHEETS]);
    let token = exchange(&bench, &back.get("code")).fine();
    assert_eq!(token["scope"], format!("{SHEETS} {FILES}"));
}

#[test]
fn refusals_come_in_googles_words() {
    let bench = Bench::new();
    let back = bench.sign_in(&google_authorize(SHEETS, "consent"), "ben", &["refuse"]);
    assert_eq!(back.get("error"), "access_denied");

    let unknown_scope = bench.get(&google_authorize("calendar", "consent"), "");
    assert_eq!(unknown_scope.status, 400);
    assert!(unknown_scope.text().contains("invalid_scope"));

    let gone = bench.token(
        "/token",
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "1//made-up"),
        ],
    );
    assert_eq!(gone.status, 400);
    assert_eq!(gone.json()["error"], "invalid_grant");
    assert_eq!(
        gone.json()["error_description"],
        "Token has been expired or revoked."
    );

    let back = bench.sign_in(&google_authorize(SHEETS, "consent"), "ben", &[SHEETS]);
    let code = back.get("code");
    let wrong = bench.token(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", "wrong"),
        ],
    );
    assert_eq!(wrong.json()["error_description"], "Invalid code verifier.");
    assert_eq!(exchange(&bench, &code).json()["error"], "invalid_grant");
    let secret = bench.form(
        "/token",
        &[("client_id", "patchbay-demo"), ("client_secret", "no")],
    );
    assert_eq!(
        (secret.status, secret.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
}

#[test]
fn revoking_ends_all_that_was_allowed() {
    let bench = Bench::new();
    let token = bench.google("ana", &["drive.metadata.readonly"]);
    let refresh = token["refresh_token"].as_str().unwrap();
    assert_eq!(bench.form("/revoke", &[("token", refresh)]).status, 200);
    let listed = bench.get(LIST, &access(&token));
    assert_eq!(listed.status, 401);
    assert_eq!(listed.json()["error"]["status"], "UNAUTHENTICATED");
    let again = bench.form("/revoke", &[("token", refresh)]);
    assert_eq!(
        (again.status, again.json()["error"].as_str()),
        (400, Some("invalid_token"))
    );
}

#[test]
fn a_sign_in_left_lying_is_over_after_half_an_hour() {
    let bench = Bench::new();
    let page = bench.get(&google_authorize(SHEETS, "consent"), "");
    let handle = hidden(&page.text());
    bench.clock.advance(1_801);
    let late = bench.form(
        "/o/oauth2/v2/sign-in",
        &[("request", &handle), ("person", "ana")],
    );
    assert_eq!(late.status, 400);
    assert!(late.text().contains("start it again"));
}
