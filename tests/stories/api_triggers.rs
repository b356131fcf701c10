//! Triggers by API alone: webhooks, schedules and their windows, failures, fields of a run by hand.

use anyhow::{Context, Result, ensure};
use patchbay_tests::until;
use serde_json::{Value, json};

use crate::support::caller::{Caller, Reply};
use crate::support::on_server;

/// A workflow that begins with this trigger.
fn document(connector: &str, operation: &str, inputs: Value, steps: Value) -> Value {
    json!({
        "format": "patchbay.workflow/1", "name": format!("Starts by {connector}"),
        "trigger": { "connector": connector, "operation": operation, "inputs": inputs },
        "steps": steps,
    })
}

/// Saves and enables it; gives its id and what enabling answered.
async fn enabled(caller: &Caller, document: &Value) -> Result<(String, Value)> {
    let id = caller.create_workflow(document).await?;
    let answer = caller
        .post(&format!("/workflows/{id}/enable"), &json!({}))
        .await?
        .good()?;
    Ok((id, answer))
}

/// A webhook with these inputs, and its address.
async fn webhook(caller: &Caller, inputs: Value, steps: Value) -> Result<(String, String)> {
    let (id, answer) = enabled(caller, &document("webhook", "receive", inputs, steps)).await?;
    let url = answer["webhook_url"].as_str().context("no address")?;
    Ok((id, url.to_owned()))
}

async fn call(
    caller: &Caller,
    url: &str,
    body: Vec<u8>,
    headers: &[(&str, &str)],
) -> Result<Reply> {
    let mut request = caller.http.post(url).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    caller.send(request).await
}

/// The runs of a workflow, oldest first.
async fn runs(caller: &Caller, workflow: &str) -> Result<Vec<Value>> {
    let path = format!("/runs?workflow_id={workflow}&limit=500");
    let page = caller.get(&path).await?.good()?;
    let mut items = page["items"].as_array().cloned().unwrap_or_default();
    items.reverse();
    Ok(items)
}

/// What a run began with.
async fn input(caller: &Caller, run: &Value) -> Result<Value> {
    let id = run["id"].as_str().context("no id")?;
    let path = format!("/runs/{id}/steps?step=trigger");
    let steps = caller.get(&path).await?.good()?;
    Ok(steps["items"][0]["output"].clone())
}

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn a_call_becomes_a_run_and_a_disabled_address_is_closed() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let (id, url) = webhook(&caller, json!({}), json!([])).await?;
        let detail = caller.get(&format!("/workflows/{id}")).await?.good()?;
        ensure!(detail["webhook_url"] == url, "{detail}");
        ensure!(
            detail["trigger"]["state"] == "active",
            "{}",
            detail["trigger"]
        );

        let called = call(
            &caller,
            &format!("{url}?q=1"),
            b"{\"a\": [1]}".to_vec(),
            &JSON,
        )
        .await?;
        ensure!(called.status == 202, "{called:?}");
        let run = until("the run to end", async || {
            let run = runs(&caller, &id).await?.into_iter().next();
            Ok(run.filter(|run| run["status"] == "succeeded"))
        })
        .await?;
        ensure!(
            run["id"] == called.json()["id"] && run["cause"] == "webhook",
            "{run}"
        );
        let given = input(&caller, &run).await?;
        ensure!(
            given["body"] == json!({ "a": [1] }) && given["method"] == "POST",
            "{given}"
        );
        ensure!(given["query"] == json!({ "q": "1" }), "{given}");

        for (body, expected) in [
            (Vec::new(), Value::Null),
            (b"\xff\xfe".to_vec(), json!({ "base64": "//4=" })),
        ] {
            let called = call(&caller, &url, body, &[]).await?.good()?;
            ensure!(
                input(&caller, &called).await?["body"] == expected,
                "{called}"
            );
        }
        let large = call(&caller, &url, vec![b'x'; 1024 * 1024 + 1], &[]).await?;
        large.refused(413, "too_large", "At most 1 MB")?;

        caller
            .post(&format!("/workflows/{id}/disable"), &json!({}))
            .await?
            .good()?;
        let closed = call(&caller, &url, Vec::new(), &[]).await?;
        closed.refused(404, "not_found", "not enabled")?;
        ensure!(
            runs(&caller, &id).await?.len() == 3,
            "a call too much became a run"
        );

        // The address is the same when it is enabled again, and after a restart.
        let again = caller
            .post(&format!("/workflows/{id}/enable"), &json!({}))
            .await?
            .good()?;
        ensure!(again["webhook_url"] == url, "{again}");
        server.stop().await?;
        server.resume().await?;
        let called = call(&caller, &url, Vec::new(), &[]).await?;
        ensure!(called.status == 202, "{called:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_thousand_deliveries_of_the_same_thing_are_one_run() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let inputs = json!({ "delivery_id": "$.headers.x-delivery-id" });
        let (id, url) = webhook(&caller, inputs, json!([])).await?;
        let calls = (0..1000).map(|_| call(&caller, &url, Vec::new(), &[("x-delivery-id", "one")]));
        let mut answered = std::collections::BTreeSet::new();
        for reply in futures::future::join_all(calls).await {
            let answer = reply?.good()?;
            answered.insert(answer["id"].to_string());
        }
        ensure!(answered.len() == 1, "{answered:?}");
        call(&caller, &url, Vec::new(), &[("x-delivery-id", "two")])
            .await?
            .good()?;
        let found = runs(&caller, &id).await?;
        ensure!(found.len() == 2, "{} runs", found.len());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_who_shows_the_token_may_call() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let mut guarded = document("webhook", "receive", json!({ "check": "token" }), json!([]));
        let id = caller.create_workflow(&guarded).await?;
        let enable = format!("/workflows/{id}/enable");
        let refused = caller.post(&enable, &json!({})).await?;
        refused.refused(422, "broken_webhook", "needs an authentication")?;

        let made = caller
            .post("/authentications", &json!({
                "name": "Caller", "service": "webhook", "owner": "organisational", "environment": {}, "scopes": [],
                "credential": { "type": "token", "access_token": "open sesame" },
            }))
            .await?
            .good()?;
        guarded["trigger"]["auth"] = made["id"].clone();
        caller.put(&format!("/workflows/{id}"), 1, &guarded).await?.good()?;
        let answer = caller.post(&enable, &json!({})).await?.good()?;
        let url = answer["webhook_url"].as_str().unwrap_or_default();

        let wrong = call(&caller, url, Vec::new(), &[("x-webhook-token", "open")]).await?;
        wrong.refused(401, "webhook_refused", "is wrong")?;
        let missing = call(&caller, url, Vec::new(), &[]).await?;
        missing.refused(401, "webhook_refused", "is missing")?;
        let right = call(&caller, url, Vec::new(), &[("x-webhook-token", "open sesame")]).await?;
        ensure!(right.status == 202, "{right:?}");
        ensure!(runs(&caller, &id).await?.len() == 1, "a call too much became a run");
        until("the panel to say so", async || {
            let status = caller.get(&format!("/workflows/{id}/trigger")).await?.good()?;
            Ok(status["error"].as_str().filter(|error| error.contains("turned away")).map(|_| ()))
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_caller_who_waits_hears_the_reply() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let waits = json!({ "respond": "when_finished", "respond_timeout": 60 });
        let reply = json!([{
            "name": "webhook-1", "connector": "webhook", "operation": "reply",
            "inputs": { "status": 201, "headers": { "x-seen": "yes" },
                "body": { "got": { "$path": "$.steps.trigger.body.a" } } },
        }]);
        let (_, url) = webhook(&caller, waits.clone(), reply).await?;
        let answer = call(&caller, &url, b"{\"a\": 7}".to_vec(), &JSON).await?;
        ensure!(
            answer.status == 201 && answer.json() == json!({ "got": 7 }),
            "{answer:?}"
        );
        ensure!(
            answer
                .headers
                .get("x-seen")
                .is_some_and(|value| value == "yes"),
            "{answer:?}"
        );

        // Without a reply, how it ended.
        let (_, url) = webhook(&caller, waits, json!([])).await?;
        let answer = call(&caller, &url, Vec::new(), &[]).await?;
        ensure!(
            answer.status == 200 && answer.json()["status"] == "succeeded",
            "{answer:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sample_is_caught_without_a_run() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let id = caller
            .create_workflow(&document("webhook", "receive", json!({}), json!([])))
            .await?;
        let path = format!("/workflows/{id}/trigger");
        caller
            .get(&format!("{path}/sample"))
            .await?
            .refused(404, "not_found", "")?;
        let open = caller
            .post(&format!("{path}/listen"), &json!({}))
            .await?
            .good()?;
        let url = open["url"].as_str().unwrap_or_default();
        let caught = call(&caller, url, b"{\"a\": 1}".to_vec(), &JSON).await?;
        ensure!(
            caught.status == 200 && caught.json() == json!({ "sample": true }),
            "{caught:?}"
        );
        let sample = caller.get(&format!("{path}/sample")).await?.good()?;
        ensure!(sample["output"]["body"] == json!({ "a": 1 }), "{sample}");
        let samples = caller
            .get(&format!("/workflows/{id}/samples"))
            .await?
            .good()?;
        ensure!(
            samples["steps"]["trigger"]["body"] == json!({ "a": 1 }),
            "{samples}"
        );
        ensure!(
            runs(&caller, &id).await?.is_empty(),
            "the sample became a run"
        );
        // One sample closes it.
        call(&caller, url, Vec::new(), &[])
            .await?
            .refused(404, "not_found", "not enabled")?;
        // A run by hand begins with it.
        let run = caller.run(&id).await?;
        ensure!(
            input(&caller, &run).await?["body"] == json!({ "a": 1 }),
            "{run}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_windows_of_a_schedule_follow_each_other_without_a_gap() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let every_second = json!({ "every": 1, "unit": "seconds", "look_back_hours": 1 });
        let (id, answer) = enabled(
            &caller,
            &document("schedule", "interval", every_second, json!([])),
        )
        .await?;
        ensure!(
            answer["trigger"]["upcoming"]
                .as_array()
                .is_some_and(|list| list.len() == 10),
            "{answer}"
        );
        let three = until("three runs to end", async || {
            let found = runs(&caller, &id).await?;
            Ok((found
                .iter()
                .filter(|run| run["status"] == "succeeded")
                .count()
                >= 3)
                .then_some(found))
        })
        .await?;
        // A test run sees the window and does not move it.
        let test = caller.run(&id).await?;
        ensure!(input(&caller, &test).await?["since"].is_string(), "{test}");
        server.kill().await?;
        server.resume().await?;
        until("it to go on after a restart", async || {
            // The test run is one of them.
            Ok((runs(&caller, &id).await?.len() >= three.len() + 4).then_some(()))
        })
        .await?;
        caller
            .post(&format!("/workflows/{id}/disable"), &json!({}))
            .await?
            .good()?;
        let mut last: Option<Value> = None;
        let mut seen = 0;
        for run in runs(&caller, &id)
            .await?
            .iter()
            .filter(|run| run["cause"] == "schedule")
        {
            let window = input(&caller, run).await?;
            ensure!(window["until"] == window["nominal"], "{window}");
            if let Some(last) = &last {
                ensure!(
                    window["since"] == last["until"],
                    "{window} does not follow {last}"
                );
            }
            last = Some(window);
            seen += 1;
        }
        ensure!(seen >= 6, "{seen} firings");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_schedule_is_shown_before_it_is_saved_and_a_wrong_one_is_explained() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let preview = async |operation: &str, inputs: Value| {
            let body = json!({ "operation": operation, "inputs": inputs, "config": { "zone": "Europe/Berlin" } });
            caller.post("/schedules/preview", &body).await
        };
        let good = preview("daily", json!({ "at": "09:00", "time_zone": { "$path": "$.config.zone" } })).await?.good()?;
        let firings = good["firings"].as_array().cloned().unwrap_or_default();
        ensure!(firings.len() == 10, "{good}");
        ensure!(firings.iter().all(|one| one["local"].as_str().is_some_and(|text| text.contains("T09:00:00+0"))), "{good}");
        preview("cron", json!({ "cron": "0 0 30 2 *" })).await?.refused(422, "broken_schedule", "never fires")?;
        let zone = json!({ "at": "09:00", "time_zone": "Berlin" });
        preview("daily", zone.clone()).await?.refused(422, "broken_schedule", "Did you mean Europe/Berlin?")?;
        let id = caller.create_workflow(&document("schedule", "daily", zone, json!([]))).await?;
        let refused = caller.post(&format!("/workflows/{id}/enable"), &json!({})).await?;
        refused.refused(422, "broken_schedule", "/trigger/inputs/time_zone")?;
        let detail = caller.get(&format!("/workflows/{id}")).await?.good()?;
        ensure!(detail["enabled"] == false, "{detail}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_failure_starts_who_looks_after_it_and_nothing_goes_round() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let fails = json!([{ "name": "terminate-1", "connector": "terminate", "operation": "fail", "inputs": { "message": "no luck" } }]);
        // It fails itself, which must not start it again.
        let (watcher, _) = enabled(&caller, &document("error", "workflow_failed", json!({}), fails.clone())).await?;
        let (id, url) = webhook(&caller, json!({}), fails).await?;
        let failed = call(&caller, &url, Vec::new(), &[]).await?.good()?;
        let told = until("the failure to be passed on", async || {
            let found = runs(&caller, &watcher).await?;
            Ok(found.into_iter().find(|run| run["status"] == "failed"))
        })
        .await?;
        let event = input(&caller, &told).await?;
        ensure!(event["workflow"]["id"] == id && event["run"]["id"] == failed["id"], "{event}");
        ensure!(event["error"]["step"] == "terminate-1", "{event}");
        // A second failure comes after everything that the first one could have started.
        call(&caller, &url, Vec::new(), &[]).await?.good()?;
        until("the second failure to be passed on", async || {
            let found = runs(&caller, &watcher).await?;
            Ok((found.len() >= 2).then_some(()))
        })
        .await?;
        ensure!(runs(&caller, &watcher).await?.len() == 2, "the failure went round");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_run_by_hand_asks_for_its_fields() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let fields = json!({ "fields": [
            { "name": "who", "kind": "text", "required": true },
            { "name": "count", "kind": "number" },
        ] });
        let id = caller
            .create_workflow(&document("manual", "trigger", fields, json!([])))
            .await?;
        let path = format!("/workflows/{id}/runs?wait=60");
        let refused = caller
            .post(&path, &json!({ "input": { "count": "many" } }))
            .await?;
        refused.refused(422, "wrong_input", "/input/who")?;
        refused.refused(422, "wrong_input", "must be a number")?;
        let run = caller
            .post(&path, &json!({ "input": { "who": "Ann", "count": "3" } }))
            .await?
            .good()?;
        ensure!(
            input(&caller, &run).await? == json!({ "who": "Ann", "count": 3 }),
            "{run}"
        );
        Ok(())
    })
    .await
}
