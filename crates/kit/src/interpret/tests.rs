//! The gate, drop-downs, shaped forms, paging kinds and hosts, over a small made-up connector.

use crate::{
    Catalog, Credential, Invocation, Kit, Question, Source, Target,
    secret::Secret,
    testing::{MADE_UP_TOKEN, Replay, Turn},
};
use patchbay_model::{Json, event::StepError};
use serde_json::json;
use std::{borrow::Cow, sync::Arc};

const CONNECTOR: &str = r#"
title = "Thing"
version = "1.0.0"
summary = "A made-up service."
categories = ["service"]
base_url = "https://api.example.com"
idempotency_header = "Idempotency-Key"
[hosts]
files = "https://files.example.com"
[limits]
group_header = "X-Group"
penalty_seconds = 60
[service]
name = "thing"
title = "Thing"
[service.token]
title = "Token"
"#;

fn paged(paging: &str) -> String {
    format!(
        "title = \"List\"\nsummary = \"S\"\nrequest = \"GET /list\"\nrate_limit = \"Heavy\"\n\
         [[input]]\nname = \"page\"\ntitle = \"Page\"\nkind = \"integer\"\nsend = \"query:page\"\n\
         [[input]]\nname = \"q\"\ntitle = \"Q\"\nkind = \"text\"\nsend = \"query:q\"\n\
         [output]\nkind = \"object\"\n[paging]\nrecords = \"/items\"\n{paging}\n"
    )
}

fn kit(turns: Json, paging: &str) -> (Kit, Arc<Replay>) {
    let post = "title = \"Make\"\nsummary = \"S\"\nrequest = \"POST /things/{kind}\"\n\
                [[input]]\nname = \"kind\"\ntitle = \"Kind\"\nkind = \"text\"\nrequired = true\nsend = \"path:kind\"\n\
                options = { operation = \"list\", list = \"/items\", value = \"/id\", label = \"/name\", hint = \"/id\", search = \"q\", first = [\"~\"] }\n\
                [[input]]\nname = \"parts\"\ntitle = \"Parts\"\nkind = \"object\"\nothers = \"any\"\nsend = \"body:/deep/parts\"\n\
                columns = { operation = \"list\", list = \"/names\", depends_on = [\"kind\"], passes = [] }\n\
                [[input]]\nname = \"flags\"\ntitle = \"Flags\"\nkind = \"list\"\nitems = \"text\"\narray = \"comma\"\nsend = \"query:flags\"\n\
                [[input]]\nname = \"note\"\ntitle = \"Note\"\nkind = \"text\"\nsend = \"header:X-Note\"\n\
                [[input]]\nname = \"id\"\ntitle = \"ID\"\nkind = \"object\"\nsend = \"body:/id\"\nfields = { a_b = { kind = \"text\", sent_as = \"aB\" } }\n";
    let post = post.replace("depends_on = [\"kind\"]", "depends_on = [\"page\"]").replace(
        "[[input]]\nname = \"flags\"",
        "[[input]]\nname = \"page\"\ntitle = \"Page\"\nkind = \"integer\"\nsend = \"none\"\n[[input]]\nname = \"flags\"",
    );
    let files = [
        ("connector.toml", CONNECTOR.to_owned()),
        ("icon.svg", "<svg></svg>".to_owned()),
        ("operations/list.toml", paged(paging)),
        ("operations/make.toml", post),
    ];
    let files = files
        .into_iter()
        .map(|(path, text)| (Cow::Borrowed(path), Cow::Owned(text)))
        .collect();
    let catalog = match Catalog::load([Source {
        name: "thing".into(),
        files,
        hooks: None,
    }]) {
        Ok(catalog) => catalog,
        Err(problems) => panic!("{problems:?}"),
    };
    let turns: Vec<Turn> = serde_json::from_value(turns).unwrap();
    let replay = Arc::new(Replay::new(turns, true));
    (Kit::new(Arc::new(catalog), replay.clone()), replay)
}

const LINK: &str = "kind = \"next_link\"\nnext = \"/next\"";

async fn invoke(kit: &Kit, operation: &str, inputs: Json) -> Result<Json, StepError> {
    invoke_as(kit, "auth_1", operation, inputs).await
}

async fn invoke_as(kit: &Kit, key: &str, operation: &str, inputs: Json) -> Result<Json, StepError> {
    let credential = Some(Credential::bearer(key, Secret::new(MADE_UP_TOKEN)));
    let (connector, operation, target) =
        ("thing".to_owned(), operation.to_owned(), Target::default());
    kit.invoke(Invocation {
        connector,
        operation,
        inputs,
        credential,
        target,
        idempotency_key: Some("run_1/make/0".to_owned()),
    })
    .await
}

fn question(operation: &str, inputs: Json) -> Question {
    Question {
        connector: "thing".to_owned(),
        operation: operation.to_owned(),
        inputs,
        credential: Some(Credential::bearer("auth_1", Secret::new(MADE_UP_TOKEN))),
        target: Target::default(),
    }
}

fn get(url: &str, body: Json) -> Json {
    json!({ "method": "GET", "url": url, "answer": { "body": body } })
}

#[tokio::test]
async fn every_kind_of_paging_reaches_the_last_page() {
    let url = "https://api.example.com/list";
    for (paging, second, first_extra) in [
        (
            LINK,
            "https://api.example.com/list?cursor=2",
            json!({ "next": "/list?cursor=2" }),
        ),
        (
            "kind = \"token\"\nnext = \"/token\"\nsend = \"query:page_token\"",
            "https://api.example.com/list?page_token=t%2F2",
            json!({ "token": "t/2" }),
        ),
        (
            "kind = \"offset\"\nsend = \"query:skip\"",
            "https://api.example.com/list?skip=2",
            json!({}),
        ),
        (
            "kind = \"page\"\nsend = \"query:page\"",
            "https://api.example.com/list?page=2",
            json!({}),
        ),
    ] {
        let mut first = json!({ "items": [1, 2] });
        for (key, value) in first_extra.as_object().unwrap() {
            first[key] = value.clone();
        }
        let counted = paging.contains("offset") || paging.contains("\"page\"");
        let mut turns = vec![get(url, first), get(second, json!({ "items": [3] }))];
        if counted {
            // Who only counts learns from an empty page that there are no more.
            let third = second
                .replace("skip=2", "skip=3")
                .replace("page=2", "page=3");
            turns.push(get(&third, json!({ "items": [] })));
        }
        let (kit, replay) = kit(Json::Array(turns), paging);
        let output = invoke(&kit, "list", json!({})).await.unwrap();
        assert_eq!(
            (&output["items"], &output["count"], &output["truncated"]),
            (&json!([1, 2, 3]), &json!(3), &json!(false)),
            "{paging}"
        );
        assert_eq!(replay.finish(), [""; 0], "{paging}");
    }
}

#[tokio::test]
async fn values_go_where_the_manifest_says() {
    let turns = json!([{
        "method": "POST", "url": "https://api.example.com/things/a%2Fb%3F%20c?flags=x%2Cy",
        "headers": { "x-note": "hello", "idempotency-key": "run_1/make/0", "content-type": "application/json" },
        "body": { "deep": { "parts": { "p": 1 } }, "id": { "aB": "c" } },
        "answer": { "status": 201, "body": { "ok": true } }
    }]);
    let (kit, replay) = kit(turns, LINK);
    let inputs = json!({ "kind": "a/b? c", "parts": { "p": 1 }, "flags": ["x", "y"], "note": "hello", "id": { "a_b": "c" } });
    assert_eq!(
        invoke(&kit, "make", inputs).await,
        Ok(json!({ "ok": true }))
    );
    assert_eq!(replay.finish(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_a_service_says_to_wait() {
    let url = "https://api.example.com/list";
    let limited = json!({ "method": "GET", "url": url, "answer": { "status": 429, "headers": { "Retry-After": "30" }, "body": {} } });
    let fine = get(url, json!({ "items": [] }));
    let (kit, replay) = kit(json!([limited, fine, fine]), LINK);
    let first = invoke(&kit, "list", json!({})).await.unwrap_err();
    assert_eq!(
        (first.code.as_str(), first.retryable, first.retry_after_ms),
        ("rate_limited", true, Some(30_000))
    );
    // The gate refuses by itself: the recording holds no second refusal.
    tokio::time::advance(std::time::Duration::from_secs(10)).await;
    let second = invoke(&kit, "list", json!({})).await.unwrap_err();
    assert_eq!(
        (second.code.as_str(), second.retry_after_ms),
        ("rate_limited", Some(20_000))
    );
    // Another authentication is not held back.
    assert!(invoke_as(&kit, "auth_2", "list", json!({})).await.is_ok());
    // A short rest is waited for.
    tokio::time::advance(std::time::Duration::from_secs(19)).await;
    assert!(invoke(&kit, "list", json!({})).await.is_ok());
    assert_eq!(replay.finish(), [""; 0]);
}

#[tokio::test]
async fn a_token_is_not_sent_to_a_foreign_host() {
    let first = get(
        "https://api.example.com/list",
        json!({ "items": [1], "next": "https://evil.example/list" }),
    );
    let (kit, replay) = kit(json!([first]), LINK);
    let error = invoke(&kit, "list", json!({})).await.unwrap_err();
    assert_eq!(error.code, "foreign_host");
    assert_eq!(replay.finish(), [""; 0]);
}

#[tokio::test]
async fn a_token_is_not_sent_without_encryption() {
    use crate::{
        hooks::BoxFuture,
        http::{Request, Response, Transport, problem::HttpError},
    };
    struct Nobody;
    impl Transport for Nobody {
        fn send<'a>(&'a self, _: Request) -> BoxFuture<'a, Result<Response, HttpError>> {
            Box::pin(async { Err(HttpError::BadAddress("it was sent".to_owned())) })
        }
    }
    let (known, _) = kit(json!([]), LINK);
    let kit = Kit::new(known.catalog().clone(), Arc::new(Nobody));
    let error = kit
        .invoke(Invocation {
            connector: "thing".to_owned(),
            operation: "list".to_owned(),
            inputs: json!({}),
            credential: Some(Credential::bearer("a", Secret::new("b"))),
            target: Target {
                base_url: Some("http://api.example.com".to_owned()),
            },
            idempotency_key: None,
        })
        .await
        .unwrap_err();
    assert!(error.message.contains("not encrypted"), "{error:?}");
}

#[tokio::test]
async fn a_secret_in_an_answer_does_not_reach_the_error() {
    let turn = json!({ "method": "GET", "url": "https://api.example.com/list", "answer": { "status": 400, "body": { "echo": MADE_UP_TOKEN } } });
    let (kit, _) = kit(json!([turn]), LINK);
    let error = invoke(&kit, "list", json!({})).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.detail), ("invalid_input", None));
}

#[tokio::test]
async fn an_interrupted_change_is_not_offered_for_another_try() {
    for (status, retryable, unknown) in
        [(503, true, false), (502, false, true), (409, false, false)]
    {
        let turn = json!({ "method": "POST", "url": "https://api.example.com/things/a", "body": {}, "answer": { "status": status } });
        let (kit, replay) = kit(json!([turn]), LINK);
        let error = invoke(&kit, "make", json!({ "kind": "a" }))
            .await
            .unwrap_err();
        assert_eq!(
            (error.retryable, error.outcome_unknown),
            (retryable, unknown),
            "{status}: {error:?}"
        );
        assert_eq!(replay.finish(), [""; 0]);
    }
}

#[tokio::test]
async fn drop_downs_are_filled_once_a_minute() {
    let items = json!({ "items": [{ "id": 7, "name": "Seven" }, { "id": 8, "name": "" }, { "name": "none" }] });
    let (kit, replay) = kit(json!([get("https://api.example.com/list", items)]), LINK);
    for _ in 0..2 {
        let choices = kit
            .options(&question("make", json!({})), "kind", None)
            .await
            .unwrap();
        assert_eq!(
            serde_json::to_value(&choices).unwrap(),
            json!([{ "value": "~", "title": "~" }, { "value": "7", "title": "Seven", "hint": "7" }, { "value": "8", "title": "8", "hint": "8" }])
        );
    }
    assert_eq!(replay.finish(), [""; 0]);
    let error = kit
        .options(&question("make", json!({})), "note", None)
        .await
        .unwrap_err();
    assert_eq!(error.code, "no_options");
}

#[tokio::test]
async fn a_search_is_left_to_the_service() {
    let (kit, replay) = kit(
        json!([get(
            "https://api.example.com/list?q=sev",
            json!({ "items": [{ "id": 7, "name": "7" }] })
        )]),
        LINK,
    );
    let choices = kit
        .options(&question("make", json!({})), "kind", Some("sev"))
        .await
        .unwrap();
    assert_eq!(choices.len(), 1);
    assert_eq!(replay.finish(), [""; 0]);
}

#[tokio::test]
async fn a_shaped_form_has_the_services_columns() {
    let listed = get(
        "https://api.example.com/list?page=2",
        json!({ "items": [], "names": ["A", "", "B", "A"] }),
    );
    let (kit, _) = kit(json!([listed]), LINK);
    let spec = kit
        .shape(&question("make", json!({ "page": 2 })))
        .await
        .unwrap();
    let columns: Vec<&String> = spec.inputs.properties["parts"].properties.keys().collect();
    assert_eq!(columns, ["A", "B"]);
    for (inputs, part) in [
        (json!({}), "Choose \"Page\" first."),
        (
            json!({ "page": { "$path": "$.a" } }),
            "when the workflow runs",
        ),
    ] {
        let error = kit.shape(&question("make", inputs)).await.unwrap_err();
        assert!(error.message.contains(part), "{error:?}");
        assert_eq!(error.field.as_deref(), Some("/page"));
    }
}

#[tokio::test]
async fn unknown_names_come_with_a_suggestion() {
    let (kit, _) = kit(json!([]), LINK);
    let error = invoke(&kit, "lst", json!({})).await.unwrap_err();
    assert!(
        error.code == "unknown_operation" && error.message.contains("\"list\""),
        "{error:?}"
    );
}
