//! RingCentral's events start runs: chosen when the workflow is made, listened to while it is enabled, and no longer.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{World, until};
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::on_server;
use crate::support::sign_in::{RINGCENTRAL, SignIn};

/// Somebody who may listen to calls and messages.
const LISTENER: SignIn<'_> = SignIn {
    scopes: &[
        "SubscriptionWebhook",
        "CallControl",
        "ReadMessages",
        "ReadAccounts",
    ],
    ..RINGCENTRAL
};

/// A workflow that a trigger with these events starts.
fn document(auth: &str, events: Value) -> Value {
    json!({
        "format": "patchbay.workflow/1",
        "name": "Calls as they come",
        "trigger": {
            "connector": "ringcentral", "operation": "webhook", "auth": auth,
            "inputs": { "events": events },
        },
        "steps": [{
            "name": "loop-1", "connector": "loop", "operation": "loop_list",
            "inputs": { "list": { "$path": "$.steps.trigger.body.parties", "$default": [] } },
            "body": [],
        }],
    })
}

fn answered_calls() -> Value {
    json!([
        { "event": "call_on_extension", "direction": "Inbound", "status_code": "Answered" },
        { "event": "inbound_sms" },
    ])
}

async fn enable(caller: &Caller, workflow: &str) -> Result<Value> {
    let path = format!("/workflows/{workflow}/enable");
    caller.post(&path, &json!({})).await?.good()
}

async fn disable(caller: &Caller, workflow: &str) -> Result<Value> {
    let path = format!("/workflows/{workflow}/disable");
    caller.post(&path, &json!({})).await?.good()
}

async fn trigger(caller: &Caller, workflow: &str) -> Result<Value> {
    let found = caller
        .get(&format!("/workflows/{workflow}"))
        .await?
        .good()?;
    Ok(found["trigger"].clone())
}

/// Waits for so many finished runs, the newest first.
async fn runs(caller: &Caller, workflow: &str, count: usize) -> Result<Vec<Value>> {
    let path = format!("/runs?workflow_id={workflow}");
    until("the runs", async || {
        let found = caller.get(&path).await?.good()?;
        let items = found["items"].as_array().context("no runs")?.clone();
        let over = items.iter().all(|run| run["finished_at"].is_string());
        ensure!(items.len() <= count, "{} runs: {found}", items.len());
        Ok((over && items.len() == count).then_some(items))
    })
    .await
}

/// Waits until the sandbox knows how every delivery ended, and gives them, the newest first.
async fn delivered(world: &World) -> Result<Vec<Value>> {
    until("the deliveries", async || {
        let all = world.deliveries().await?;
        let open = |one: &Value| one["status"].is_null() && one["problem"].is_null();
        Ok((!all.iter().any(open)).then_some(all))
    })
    .await
}

/// What a run's trigger gave.
async fn begun_with(caller: &Caller, run: &Value) -> Result<Value> {
    let id = run["id"].as_str().context("no id")?;
    let path = format!("/runs/{id}/steps?step=trigger");
    let steps = caller.get(&path).await?.good()?;
    Ok(steps["items"][0]["output"].clone())
}

#[tokio::test]
async fn an_event_starts_a_run_with_its_data_until_the_workflow_is_disabled() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let auth = LISTENER.connect(&caller).await?;
        let workflow = caller
            .create_workflow(&document(&auth, answered_calls()))
            .await?;
        ensure!(
            world.subscriptions().await?.is_empty(),
            "somebody listens already"
        );

        enable(&caller, &workflow).await?;
        let status = trigger(&caller, &workflow).await?;
        ensure!(
            status["kind"] == "service" && status["state"] == "active",
            "{status}"
        );
        ensure!(
            status["next_at"].is_string(),
            "nobody looks after it: {status}"
        );
        let subscriptions = world.subscriptions().await?;
        ensure!(subscriptions.len() == 1, "{subscriptions:?}");
        ensure!(
            subscriptions[0]["filters"].as_array().map(Vec::len) == Some(2),
            "{subscriptions:?}"
        );

        let call = json!({ "direction": "Inbound", "statusCode": "Answered" });
        world
            .fire(json!({ "event": "telephony.extension", "parameters": call, "duplicates": 2 }))
            .await?;
        let ringing = json!({ "direction": "Inbound", "statusCode": "Proceeding" });
        world
            .fire(json!({ "event": "telephony.extension", "parameters": ringing }))
            .await?;
        let found = runs(&caller, &workflow, 1).await?;
        ensure!(found[0]["status"] == "succeeded", "{}", found[0]);
        let begun = begun_with(&caller, &found[0]).await?;
        ensure!(begun["event"] == "call_on_extension", "{begun}");
        ensure!(
            begun["body"]["parties"][0]["status"]["code"] == "Answered",
            "{begun}"
        );
        let told = delivered(&world).await?;
        ensure!(
            told.len() == 3 && told.iter().all(|one| one["status"] == 200),
            "{told:?}"
        );
        ensure!(begun["uuid"] == told[0]["uuid"], "{begun}");

        world.fire(json!({ "event": "sms.instant" })).await?;
        let found = runs(&caller, &workflow, 2).await?;
        let begun = begun_with(&caller, &found[0]).await?;
        ensure!(
            begun["event"] == "inbound_sms" && begun["body"]["subject"].is_string(),
            "{begun}"
        );

        // A stranger who knows the address and not the token is turned away, and people are told.
        world
            .fire(json!({ "event": "sms.instant", "wrong_token": true }))
            .await?;
        let told = delivered(&world).await?;
        ensure!(told[0]["status"] == 401, "{}", told[0]);
        let status = until("the trouble to show", async || {
            let status = trigger(&caller, &workflow).await?;
            Ok(status["error"].is_string().then_some(status))
        })
        .await?;
        ensure!(
            status["error"]
                .as_str()
                .is_some_and(|text| text.contains("token")),
            "{status}"
        );

        disable(&caller, &workflow).await?;
        ensure!(world.subscriptions().await?.is_empty(), "it still listens");
        world.fire(json!({ "event": "sms.instant" })).await?;
        runs(&caller, &workflow, 2).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_keeps_a_trigger_from_listening_is_told_and_nothing_is_enabled() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let narrow = SignIn {
            name: "May not see messages",
            scopes: &["SubscriptionWebhook", "CallControl"],
            ..RINGCENTRAL
        };
        let narrow = narrow.connect(&caller).await?;
        let full = LISTENER.connect(&caller).await?;
        let cases = [
            (narrow.as_str(), answered_calls(), "ReadMessages"),
            (full.as_str(), json!([]), "at least one event"),
            (full.as_str(), json!([{ "event": "queue_member_changed" }]), "Call queue"),
            (full.as_str(), json!([{ "event": "chat_changed" }]), "TeamMessaging"),
        ];
        for (auth, events, words) in cases {
            let workflow = caller.create_workflow(&document(auth, events)).await?;
            let path = format!("/workflows/{workflow}/enable");
            let refused = caller.post(&path, &json!({})).await?;
            ensure!(refused.status == 422, "{words}: {refused:?}");
            ensure!(refused.text.contains(words), "{words}: {}", refused.text);
            let found = caller.get(&format!("/workflows/{workflow}")).await?.good()?;
            ensure!(found["enabled"] == false, "{found}");
        }
        ensure!(world.subscriptions().await?.is_empty(), "something listens");

        // The service's own refusal: a fault instead of the handshake.
        let fault = json!({
            "count": 1, "status": 403, "path": "/restapi/v1.0/subscription",
            "body": json!({ "errorCode": "SUB-505", "message": "Subscriptions limit exceeded",
                "errors": [{ "errorCode": "SUB-505", "message": "Subscriptions limit exceeded" }] }).to_string(),
        });
        let workflow = caller.create_workflow(&document(&full, answered_calls())).await?;
        world.fault(fault).await?;
        let path = format!("/workflows/{workflow}/enable");
        let refused = caller.post(&path, &json!({})).await?;
        refused.refused(422, "trigger_refused", "30 at once")?;

        // Revoked at the service.
        world.revoke_all().await?;
        let refused = caller.post(&path, &json!({})).await?;
        refused.refused(422, "trigger_refused", "token")?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn new_calls_start_one_run_each_however_often_they_are_looked_for() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let auth = service_account(&caller).await?;
        let document = json!({
            "format": "patchbay.workflow/1",
            "name": "New calls",
            "trigger": { "connector": "ringcentral", "operation": "new_calls", "auth": auth,
                "inputs": { "extension_id": "~", "minutes": 60 } },
            "steps": [],
        });
        let workflow = caller.create_workflow(&document).await?;
        // Enabling looks at once; what was there before is not new.
        enable(&caller, &workflow).await?;
        runs(&caller, &workflow, 0).await?;
        let added = world
            .add_calls(json!([{ "duration": 61 }, { "direction": "Outbound" }]))
            .await?;
        enable(&caller, &workflow).await?;
        let found = runs(&caller, &workflow, 2).await?;
        let mut seen = Vec::new();
        for run in &found {
            seen.push(begun_with(&caller, run).await?["id"].clone());
        }
        let mut added = added["ids"].as_array().context("no ids")?.clone();
        seen.sort_by_key(Value::to_string);
        added.sort_by_key(Value::to_string);
        ensure!(seen == added, "{seen:?} are not {added:?}");
        enable(&caller, &workflow).await?;
        runs(&caller, &workflow, 2).await?;

        // The token is refused, so everything of the last while is fetched; only one call of it is new.
        world.add_calls(json!({ "seconds_ago": 0 })).await?;
        let refused = json!({ "errorCode": "CLG-102", "message": "expired",
            "errors": [{ "errorCode": "CLG-102", "message": "expired" }] });
        world
            .fault(
                json!({ "count": 1, "status": 400, "content_type": "application/json",
            "path": "/restapi/v1.0/account/~/extension/~/call-log-sync", "body": refused.to_string() }),
            )
            .await?;
        enable(&caller, &workflow).await?;
        runs(&caller, &workflow, 3).await?;

        disable(&caller, &workflow).await?;
        world.add_calls(json!({})).await?;
        runs(&caller, &workflow, 3).await?;
        Ok(())
    })
    .await
}

/// An authentication by a signed assertion, as service accounts have it.
async fn service_account(caller: &Caller) -> Result<String> {
    let environments = caller.get("/environments").await?.good()?;
    let environment = environments
        .as_array()
        .and_then(|all| all.iter().find(|one| one["service"] == "ringcentral"))
        .context("no environment")?;
    let body = json!({
        "name": "Service account", "service": "ringcentral", "owner": "organisational",
        "environment": { "id": environment["id"] }, "scopes": ["ReadCallLog"],
        "credential": { "type": "jwt", "assertion": "demo-jwt-ana" },
    });
    let made = caller.post("/authentications", &body).await?.good()?;
    Ok(made["id"].as_str().context("no id")?.to_owned())
}

#[tokio::test]
async fn a_lost_or_blacklisted_subscription_is_replaced_and_a_restart_changes_nothing() -> Result<()>
{
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let auth = LISTENER.connect(&caller).await?;
        let workflow = caller
            .create_workflow(&document(
                &auth,
                json!([{ "event": "subscription_expires" }, { "event": "inbound_sms" }]),
            ))
            .await?;
        enable(&caller, &workflow).await?;
        let first = world.subscriptions().await?[0]["id"].clone();

        server.stop().await?;
        server.resume().await?;
        world.fire(json!({ "event": "sms.instant" })).await?;
        runs(&caller, &workflow, 1).await?;
        ensure!(
            world.subscriptions().await?[0]["id"] == first,
            "another subscription"
        );

        // RingCentral says that the end is near: it is renewed at once.
        world.spoil(json!({ "expires_in": 600 })).await?;
        let before = world.subscriptions().await?[0]["expires_at"].clone();
        world
            .fire(json!({ "event": "subscription.reminder" }))
            .await?;
        until("the renewal", async || {
            let now = world.subscriptions().await?;
            Ok((now[0]["expires_at"] != before).then_some(()))
        })
        .await?;
        ensure!(
            world.subscriptions().await?[0]["id"] == first,
            "another subscription"
        );

        // Enabling anew puts right what RingCentral has stopped.
        world.spoil(json!({ "status": "Blacklisted" })).await?;
        enable(&caller, &workflow).await?;
        let now = world.subscriptions().await?;
        ensure!(now.len() == 1 && now[0]["status"] == "Active", "{now:?}");
        ensure!(now[0]["id"] != first, "{now:?}");
        world.fire(json!({ "event": "sms.instant" })).await?;
        runs(&caller, &workflow, 3).await?;
        Ok(())
    })
    .await
}
