//! What is sent to a token endpoint, and what each kind of answer comes to.

use super::*;
use std::collections::HashMap;

/// Answers with one fixed reply and remembers the request.
struct Endpoint {
    reply: Result<(u16, &'static str, &'static str), &'static str>,
    retry_after: Option<&'static str>,
    requests: Mutex<Vec<http::Request<Vec<u8>>>>,
}

impl Endpoint {
    fn json(status: u16, body: &'static str) -> Self {
        Self::answering(status, "application/json;charset=UTF-8", body)
    }

    fn answering(status: u16, content_type: &'static str, body: &'static str) -> Self {
        Self {
            reply: Ok((status, content_type, body)),
            retry_after: None,
            requests: Mutex::default(),
        }
    }

    fn form(&self) -> HashMap<String, String> {
        let requests = self.requests.lock().unwrap();
        let request = requests.last().expect("nothing was sent");
        url::form_urlencoded::parse(request.body())
            .into_owned()
            .collect()
    }

    fn header(&self, name: &str) -> Option<String> {
        let requests = self.requests.lock().unwrap();
        let request = requests.last().expect("nothing was sent");
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    }
}

impl TokenTransport for Endpoint {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, String>> {
        self.requests.lock().unwrap().push(request);
        Box::pin(async move {
            let (status, content_type, body) = self.reply?;
            let mut response = http::Response::builder()
                .status(status)
                .header("content-type", content_type);
            if let Some(seconds) = self.retry_after {
                response = response.header("retry-after", seconds);
            }
            Ok(response.body(body.as_bytes().to_vec()).unwrap())
        })
    }
}

fn client(auth_style: AuthStyle) -> Client {
    Client {
        authorize_url: "https://platform.example/authorize".to_owned(),
        token_url: "https://platform.example/token".to_owned(),
        revoke_url: Some("https://platform.example/revoke".to_owned()),
        client_id: "app".to_owned(),
        client_secret: Some("hunter2".into()),
        redirect_uri: "http://127.0.0.1:4600/oauth/callback".to_owned(),
        auth_style,
        authorize_params: vec![("access_type".to_owned(), "offline".to_owned())],
    }
}

const TOKENS: &str = r#"{"access_token":"a1","token_type":"bearer","expires_in":3600,"refresh_token":"r1",
    "refresh_token_expires_in":604800,"scope":"ReadCallLog ReadAccounts","owner_id":"77","id_token":"hunter2"}"#;
const WITHOUT_REFRESH: &str =
    r#"{"access_token":"a2","token_type":"Bearer","expires_in":3599,"scope":"drive.file"}"#;

#[test]
fn the_authorize_address_carries_state_pkce_scopes_and_extras() {
    let scopes = ["ReadCallLog".to_owned(), "ReadAccounts".to_owned()];
    let authorization = client(AuthStyle::Basic).authorize(&scopes).unwrap();
    let url = url::Url::parse(&authorization.url).unwrap();
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
        authorization.verifier.expose().to_owned(),
    ));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", "http://127.0.0.1:4600/oauth/callback"),
        ("scope", "ReadCallLog ReadAccounts"),
        ("state", authorization.state.expose()),
        ("code_challenge_method", "S256"),
        ("code_challenge", challenge.as_str()),
        ("access_type", "offline"),
    ] {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_ne!(
        client(AuthStyle::Basic).authorize(&scopes).unwrap().state,
        authorization.state
    );
}

#[tokio::test]
async fn exchange_sends_code_and_verifier_and_reads_the_grant() {
    let endpoint = Endpoint::json(200, TOKENS);
    let tokens = client(AuthStyle::Basic)
        .exchange(&endpoint, &"c1".into(), &"v1".into(), 1000)
        .await
        .unwrap();
    let form = endpoint.form();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "c1");
    assert_eq!(form["code_verifier"], "v1");
    assert_eq!(form["redirect_uri"], "http://127.0.0.1:4600/oauth/callback");
    assert_eq!(
        endpoint.header("authorization").as_deref(),
        Some("Basic YXBwOmh1bnRlcjI=")
    );
    assert_eq!(tokens.access.expose(), "a1");
    assert_eq!(tokens.refresh, Some("r1".into()));
    assert_eq!(
        (tokens.issued_at, tokens.expires_at),
        (1000, Some(3_601_000))
    );
    assert_eq!(tokens.scopes, ["ReadCallLog", "ReadAccounts"]);
    assert_eq!(tokens.facts["owner_id"], "77");
    assert!(
        !tokens.facts.contains_key("id_token"),
        "a token was kept as a fact"
    );
}

#[tokio::test]
async fn body_style_puts_the_client_into_the_form() {
    let endpoint = Endpoint::json(200, TOKENS);
    client(AuthStyle::Body)
        .exchange(&endpoint, &"c1".into(), &"v1".into(), 0)
        .await
        .unwrap();
    assert_eq!(endpoint.form()["client_secret"], "hunter2");
    assert_eq!(endpoint.header("authorization"), None);
}

#[tokio::test]
async fn refresh_keeps_the_old_refresh_token_when_the_answer_has_none() {
    let endpoint = Endpoint::json(200, WITHOUT_REFRESH);
    let tokens = client(AuthStyle::Body)
        .refresh(&endpoint, &"r0".into(), 0)
        .await
        .unwrap();
    assert_eq!(endpoint.form()["refresh_token"], "r0");
    assert_eq!(tokens.refresh, Some("r0".into()));
    let endpoint = Endpoint::json(200, TOKENS);
    let tokens = client(AuthStyle::Body)
        .refresh(&endpoint, &"r0".into(), 0)
        .await
        .unwrap();
    assert_eq!(tokens.refresh, Some("r1".into()));
}

#[tokio::test]
async fn jwt_bearer_sends_the_assertion() {
    let endpoint = Endpoint::json(200, TOKENS);
    client(AuthStyle::Basic)
        .jwt_bearer(&endpoint, &"j.w.t".into(), 0)
        .await
        .unwrap();
    let form = endpoint.form();
    assert_eq!(
        form["grant_type"],
        "urn:ietf:params:oauth:grant-type:jwt-bearer"
    );
    assert_eq!(form["assertion"], "j.w.t");
}

#[tokio::test]
async fn revoke_sends_the_refresh_token() {
    let endpoint = Endpoint::json(200, "");
    let source = Endpoint::json(200, TOKENS);
    let tokens = client(AuthStyle::Basic)
        .exchange(&source, &"c".into(), &"v".into(), 0)
        .await
        .unwrap();
    client(AuthStyle::Basic)
        .revoke(&endpoint, &tokens)
        .await
        .unwrap();
    assert_eq!(endpoint.form()["token"], "r1");
}

#[tokio::test]
async fn every_bad_answer_has_its_own_error() {
    let mut busy = Endpoint::json(429, r#"{"error":"rate"}"#);
    busy.retry_after = Some("30");
    let invalid_grant = OauthError::InvalidGrant {
        description: "Token has been expired or revoked.".to_owned(),
    };
    let cases = [
        (
            Endpoint::json(
                400,
                r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
            ),
            invalid_grant,
        ),
        (
            Endpoint::json(401, r#"{"error":"invalid_client"}"#),
            OauthError::InvalidClient {
                description: "invalid_client".to_owned(),
            },
        ),
        (
            Endpoint::json(
                400,
                r#"{"error":"invalid_scope","error_description":"no such scope"}"#,
            ),
            OauthError::Refused {
                code: "invalid_scope".to_owned(),
                description: "no such scope".to_owned(),
            },
        ),
        (
            busy,
            OauthError::Busy {
                retry_after_ms: Some(30_000),
            },
        ),
        (
            Endpoint::json(503, ""),
            OauthError::Busy {
                retry_after_ms: None,
            },
        ),
        (Endpoint::json(500, "{}"), OauthError::Down { status: 500 }),
        (
            Endpoint::answering(200, "text/html; charset=utf-8", "<html>sign in</html>"),
            OauthError::NotOauth {
                status: 200,
                what: "an HTML page".to_owned(),
            },
        ),
        (
            Endpoint::answering(404, "text/html", "<html>"),
            OauthError::NotOauth {
                status: 404,
                what: "an HTML page".to_owned(),
            },
        ),
        (
            Endpoint::json(200, r#"{"hello":1}"#),
            OauthError::NotOauth {
                status: 200,
                what: "JSON without the fields of OAuth".to_owned(),
            },
        ),
        (
            Endpoint {
                reply: Err("it took longer than 30 s"),
                retry_after: None,
                requests: Mutex::default(),
            },
            OauthError::Unreachable {
                reason: "it took longer than 30 s".to_owned(),
            },
        ),
    ];
    for (endpoint, expected) in cases {
        let error = client(AuthStyle::Basic)
            .refresh(&endpoint, &"r0".into(), 0)
            .await
            .unwrap_err();
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_a_setup_error() {
    let broken = Client {
        token_url: "nowhere".to_owned(),
        ..client(AuthStyle::Basic)
    };
    let error = broken
        .refresh(&Endpoint::json(200, TOKENS), &"r0".into(), 0)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        OauthError::Setup("its token address `nowhere` is not an address".to_owned())
    );
}
