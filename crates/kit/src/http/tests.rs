//! Which addresses are called, and where secrets go when a service redirects. A real listener on this machine answers.

use super::*;
use std::sync::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn guarded() -> Http {
    Http::new(HttpOptions::default()).unwrap()
}

fn get(url: &str) -> Request {
    Request::new(Method::GET, Url::parse(url).unwrap())
}

/// Answers each connection with the next text and keeps what it was asked.
async fn server(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            seen.lock()
                .unwrap()
                .push(String::from_utf8(request).unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (origin, asked)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn allowing(origins: &[&str]) -> Http {
    let allowed_origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    Http::new(HttpOptions {
        allowed_origins,
        ..HttpOptions::default()
    })
    .unwrap()
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let http = guarded();
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://10.0.0.1/",
        "http://172.16.5.4/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://api.localhost/",
        "https://127.0.0.1:4600/",
        "http://１２７.０.０.１/",
    ] {
        let result = http.send(get(url)).await;
        assert!(
            matches!(result, Err(HttpError::PrivateNetwork(_))),
            "{url}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_refused() {
    let refused = PublicOnly
        .resolve("localhost".parse().unwrap())
        .await
        .map(|_| ());
    let error = refused.expect_err("localhost is this machine");
    assert!(matches!(
        error.downcast_ref(),
        Some(HttpError::PrivateNetwork(_))
    ));
    // The guarded client asks that resolver and the reason comes through.
    let sent = guarded()
        .guarded
        .get("http://localhost:9/")
        .send()
        .await
        .expect_err("it must not be called");
    assert!(
        matches!(
            explain("localhost", Duration::from_secs(1), &sent),
            HttpError::PrivateNetwork(_)
        ),
        "{sent:?}"
    );
}

#[tokio::test]
async fn other_schemes_are_refused() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.com/",
        "data:text/plain,a",
    ] {
        let result = guarded().send(get(url)).await;
        assert!(
            matches!(result, Err(HttpError::BadAddress(_))),
            "{url}: {result:?}"
        );
    }
}

#[tokio::test]
async fn an_allowed_origin_is_called_and_its_neighbour_is_not() {
    let (origin, _) = server(vec![answer(
        "200 OK",
        "content-type: text/plain; charset=utf-8\r\n",
        "hello",
    )])
    .await;
    let http = allowing(&[&origin]);
    let response = http.send(get(&format!("{origin}/a"))).await.unwrap();
    assert_eq!(
        (
            response.status,
            &response.body[..],
            response.content_type().as_str()
        ),
        (200, &b"hello"[..], "text/plain")
    );
    let other = http.send(get("http://127.0.0.1:9/")).await;
    assert!(
        matches!(other, Err(HttpError::PrivateNetwork(_))),
        "{other:?}"
    );
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let (origin, _) = server(vec![answer(
        "302 Found",
        "location: http://169.254.169.254/latest\r\n",
        "",
    )])
    .await;
    let result = allowing(&[&origin]).send(get(&origin)).await;
    assert!(
        matches!(result, Err(HttpError::PrivateNetwork(_))),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_secret_stays_with_its_origin_on_a_redirect() {
    let (second, asked_second) = server(vec![answer("200 OK", "", "there")]).await;
    let (first, asked_first) = server(vec![
        answer("307 Temporary Redirect", "location: /again\r\n", ""),
        answer(
            "307 Temporary Redirect",
            &format!("location: {second}/there\r\n"),
            "",
        ),
    ])
    .await;
    let mut request = get(&format!("{first}/start"));
    request
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    let mut key = HeaderValue::from_static("secret");
    key.set_sensitive(true);
    request.headers.insert("x-key", key);
    request
        .headers
        .insert("x-note", HeaderValue::from_static("plain"));
    let response = allowing(&[&first, &second]).send(request).await.unwrap();
    assert_eq!(&response.body[..], b"there");
    let first = asked_first.lock().unwrap().clone();
    assert!(
        first[1].starts_with("GET /again ") && first[1].contains("Bearer secret"),
        "{first:?}"
    );
    let second = asked_second.lock().unwrap().clone();
    assert!(
        second[0].starts_with("GET /there ") && second[0].contains("x-note: plain"),
        "{second:?}"
    );
    assert!(!second[0].contains("secret"), "{second:?}");
}

#[test]
fn methods_and_bodies_follow_the_rules_of_redirects() {
    for (status, method, becomes, keeps_body) in [
        (301, "POST", "GET", false),
        (302, "POST", "GET", false),
        (303, "PUT", "GET", false),
        (303, "HEAD", "HEAD", true),
        (301, "PUT", "PUT", true),
        (307, "POST", "POST", true),
        (308, "DELETE", "DELETE", true),
    ] {
        let mut request = get("https://a.example/x/y");
        request.method = method.parse().unwrap();
        request.body = Bytes::from_static(b"body");
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("../z"));
        let response = Response {
            status,
            headers,
            body: Bytes::new(),
            url: request.url.clone(),
        };
        let next = redirected(&request, &response).unwrap().unwrap();
        assert_eq!(next.method.as_str(), becomes, "{status} {method}");
        assert_eq!(!next.body.is_empty(), keeps_body, "{status} {method}");
        assert_eq!(next.url.as_str(), "https://a.example/z");
    }
}

#[test]
fn an_encrypted_address_never_leads_to_an_open_one() {
    let request = get("https://a.example/");
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_static("http://a.example/"));
    let response = Response {
        status: 302,
        headers,
        body: Bytes::new(),
        url: request.url.clone(),
    };
    assert!(matches!(
        redirected(&request, &response),
        Err(HttpError::BadAddress(_))
    ));
}

#[tokio::test]
async fn circles_of_redirects_end() {
    let (origin, _) = server(vec![answer("302 Found", "location: /again\r\n", ""); 20]).await;
    let result = allowing(&[&origin]).send(get(&origin)).await;
    assert!(
        matches!(result, Err(HttpError::TooManyRedirects { .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_refused() {
    let (origin, _) = server(vec![answer("200 OK", "", &"x".repeat(3000))]).await;
    let http = Http::new(HttpOptions {
        allowed_origins: vec![origin.clone()],
        max_answer: 2000,
        ..HttpOptions::default()
    })
    .unwrap();
    let result = http.send(get(&origin)).await;
    assert!(
        matches!(result, Err(HttpError::TooLarge { .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_service_that_is_down_or_breaks_off_is_told_apart() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let down = allowing(&[&origin])
        .send(get(&origin))
        .await
        .expect_err("nobody listens");
    assert!(matches!(down, HttpError::Unreachable { .. }), "{down:?}");
    assert!(down.into_step_error(false).retryable);

    let (origin, _) = server(vec![
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_owned(),
    ])
    .await;
    let broken = allowing(&[&origin])
        .send(get(&origin))
        .await
        .expect_err("the answer is incomplete");
    assert!(matches!(broken, HttpError::Broken { .. }), "{broken:?}");
    let error = broken.into_step_error(false);
    assert!(error.outcome_unknown && !error.retryable, "{error:?}");
}

#[tokio::test]
async fn the_token_exchange_does_not_follow_redirects() {
    let (origin, asked) = server(vec![answer("302 Found", "location: /elsewhere\r\n", "")]).await;
    let request = http::Request::post(format!("{origin}/token"))
        .body(b"code=1".to_vec())
        .unwrap();
    let response = allowing(&[&origin]).send_raw(request).await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(asked.lock().unwrap().len(), 1);
}
