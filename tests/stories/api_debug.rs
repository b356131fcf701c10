//! Looking into workflows by API alone: parts, pins, dry runs, replays, retries, large outputs, a full disk, copies
//! of everything, and another key.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Service, until};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

use crate::support::caller::{Caller, Reply};
use crate::support::on_server;
use crate::support::sign_in::RINGCENTRAL;

fn document(steps: Value) -> Value {
    json!({
        "format": "patchbay.workflow/1", "name": "Looked into",
        "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
        "steps": steps,
    })
}

fn http(name: &str, method: &str, url: String, body: Value) -> Value {
    let mut inputs = json!({ "method": method, "url": url });
    if !body.is_null() {
        inputs["body"] = body;
    }
    json!({ "name": name, "connector": "http", "operation": "request", "inputs": inputs })
}

fn path(path: &str) -> Value {
    json!({ "$path": path })
}

/// Reads a list of three, stores each record, and tells how many there were.
fn three(service: &Service) -> Value {
    let row = http(
        "row",
        "POST",
        service.url("/row"),
        json!({ "id": path("$.steps.loop-1.value.id") }),
    );
    document(json!([
        http("list", "GET", service.url("/list/3"), Value::Null),
        { "name": "loop-1", "connector": "loop", "operation": "loop_list",
          "inputs": { "list": path("$.steps.list.body.records") }, "body": [row] },
        http("end", "POST", service.url("/end"), json!({ "count": path("$.steps.loop-1.count") })),
    ]))
}

/// Starts a run and waits for its end.
async fn run(caller: &Caller, workflow: &str, request: &Value) -> Result<Value> {
    let reply = caller
        .post(&format!("/workflows/{workflow}/runs?wait=100"), request)
        .await?;
    ensure!(reply.status == 200, "{reply:?}");
    reply.good()
}

/// The rows of a run: step, iteration, input, output.
async fn rows(caller: &Caller, run: &Value) -> Result<Vec<Value>> {
    let id = run["id"].as_str().context("no id")?;
    let page = caller
        .get(&format!("/runs/{id}/steps?limit=500"))
        .await?
        .good()?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

async fn names(caller: &Caller, run: &Value) -> Result<Vec<String>> {
    let rows = rows(caller, run).await?;
    Ok(rows
        .iter()
        .filter_map(|row| row["step"].as_str().map(str::to_owned))
        .collect())
}

async fn ended(caller: &Caller, id: &str) -> Result<Value> {
    until("the run to end", async || {
        let run = caller.get(&format!("/runs/{id}")).await?.good()?;
        Ok(run["finished_at"].is_string().then_some(run))
    })
    .await
}

async fn pin(caller: &Caller, workflow: &str, step: &str, output: Value) -> Result<Reply> {
    let path = format!("/workflows/{workflow}/pins/{step}");
    caller
        .send(
            caller
                .request(Method::PUT, &path)
                .json(&json!({ "output": output })),
        )
        .await
}

#[tokio::test]
async fn parts_run_with_the_data_of_earlier_runs() -> Result<()> {
    on_server(&["--allow-private-network"], async |server| {
        let service = Service::start(Duration::ZERO).await?;
        let caller = Caller::owner(&server.url()).await?;
        let workflow = caller.create_workflow(&three(&service)).await?;
        let runs = format!("/workflows/{workflow}/runs");
        let only = |step: &str, iteration: &[u64]| json!({ "part": { "only": step, "iteration": iteration } });

        let early = caller.post(&runs, &only("row", &[])).await?;
        early.refused(422, "no_data", "no output of `list` yet")?;
        let until_list = run(&caller, &workflow, &json!({ "part": { "until": "list" } })).await?;
        ensure!(until_list["cause"] == "part", "{until_list}");
        ensure!(names(&caller, &until_list).await? == ["trigger", "list"], "more than the part ran");

        let row = run(&caller, &workflow, &only("row", &[1])).await?;
        let rows_of_row = rows(&caller, &row).await?;
        ensure!(rows_of_row.len() == 2, "{rows_of_row:?}");
        ensure!(rows_of_row[1]["input"]["body"]["id"] == "1", "{}", rows_of_row[1]);
        ensure!(service.calls() == 1, "{} calls", service.calls());

        let from = run(&caller, &workflow, &json!({ "part": { "from": "loop-1" }, "data_of": until_list["id"] })).await?;
        ensure!(from["status"] == "succeeded", "{from}");
        ensure!(names(&caller, &from).await? == ["trigger", "loop-1", "row", "row", "row", "end"], "another part ran");

        let refusals = [
            (only("row", &[7]), 422, "unfit_part", "choose one from 0 to 2"),
            (json!({ "part": { "from": "row" } }), 422, "unfit_part", "Run from `loop-1` instead"),
            (only("raw", &[]), 422, "unknown_step", "did you mean `row`?"),
            (json!({ "part": {} }), 422, "malformed_part", "exactly one of"),
            (json!({ "part": { "only": "row" }, "data_of": from["id"] }), 422, "no_data", "That run has no output of `list`"),
            (json!({ "part": { "only": "row" }, "data_of": "run_none" }), 404, "not_found", "no such run"),
        ];
        for (request, status, code, words) in refusals {
            caller.post(&runs, &request).await?.refused(status, code, words)?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pins_stand_in_for_steps_in_tests_and_never_in_live_runs() -> Result<()> {
    on_server(&["--allow-private-network"], async |server| {
        let service = Service::start(Duration::ZERO).await?;
        let caller = Caller::owner(&server.url()).await?;
        let workflow = caller.create_workflow(&three(&service)).await?;
        let sample = json!({ "body": { "records": [{ "id": "pinned" }] } });
        pin(&caller, &workflow, "list", sample.clone())
            .await?
            .good()?;
        pin(&caller, &workflow, "lst", sample).await?.refused(
            422,
            "unknown_step",
            "no step lst",
        )?;
        let pins = caller
            .get(&format!("/workflows/{workflow}/pins"))
            .await?
            .good()?;
        ensure!(
            pins.as_array().is_some_and(|pins| pins.len() == 1),
            "{pins}"
        );
        let samples = caller
            .get(&format!("/workflows/{workflow}/samples"))
            .await?
            .good()?;
        ensure!(samples["pinned"] == json!(["list"]), "{samples}");
        ensure!(
            samples["steps"]["loop-1"]["value"]["id"] == "pinned",
            "{samples}"
        );

        let test = run(&caller, &workflow, &json!({ "pins": true })).await?;
        ensure!(
            test["cause"] == "test" && test["status"] == "succeeded",
            "{test}"
        );
        let sent = rows(&caller, &test).await?;
        ensure!(
            sent[3]["step"] == "row" && sent[3]["input"]["body"]["id"] == "pinned",
            "{}",
            sent[3]
        );
        let alone = run(&caller, &workflow, &json!({ "part": { "only": "row" } })).await?;
        ensure!(alone["status"] == "succeeded", "{alone}");

        let live = run(&caller, &workflow, &json!({})).await?;
        ensure!(
            live["cause"] == "manual" && names(&caller, &live).await?.len() == 7,
            "{live}"
        );

        let before = service.calls();
        let dry = run(&caller, &workflow, &json!({ "dry": true, "pins": false })).await?;
        ensure!(
            dry["cause"] == "dry_run" && dry["status"] == "succeeded",
            "{dry}"
        );
        ensure!(service.calls() == before, "a dry run changed something");
        let sent = rows(&caller, &dry).await?;
        ensure!(
            sent.len() == 7 && sent[3]["output"]["body"]["id"] == "0",
            "{}",
            sent[3]
        );

        caller
            .delete(&format!("/workflows/{workflow}/pins/list"))
            .await?
            .good()?;
        let pins = caller
            .get(&format!("/workflows/{workflow}/pins"))
            .await?
            .good()?;
        ensure!(pins == json!([]), "{pins}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn runs_are_done_again_with_their_own_data_or_other_data() -> Result<()> {
    on_server(&["--allow-private-network"], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let fails = |message: &str| {
            document(json!([{ "name": "stop", "connector": "terminate", "operation": "fail",
                "inputs": { "message": { "$text": format!("{message} {{$.steps.trigger.n}}") } } }]))
        };
        let saved = caller.post("/workflows", &fails("Old")).await?.good()?;
        let workflow = saved["id"].as_str().context("no id")?.to_owned();
        let first = run(&caller, &workflow, &json!({ "input": { "n": 1 } })).await?;
        ensure!(first["status"] == "failed", "{first}");
        let revision = saved["revision"].as_i64().unwrap_or_default();
        caller.put(&format!("/workflows/{workflow}"), revision, &fails("New")).await?.good()?;

        let id = first["id"].as_str().context("no id")?.to_owned();
        let cases = [
            (json!({}), "Old 1"),
            (json!({ "revision": "current" }), "New 1"),
            (json!({ "input": { "n": 2 } }), "Old 2"),
            (json!({ "input": { "n": 3 }, "revision": "current" }), "New 3"),
        ];
        for (request, expected) in cases {
            let again = caller.post(&format!("/runs/{id}/replay"), &request).await?;
            ensure!(again.status == 202, "{again:?}");
            let again = ended(&caller, again.json()["id"].as_str().context("no id")?).await?;
            ensure!(again["cause"] == "replay" && again["error"]["message"] == expected, "{expected}: {again}");
        }

        let good = document(json!([]));
        let good = caller.create_workflow(&good).await?;
        let succeeded = run(&caller, &good, &json!({})).await?;
        let ids = json!({ "ids": [id, succeeded["id"], "run_none"], "revision": "current" });
        let retried = caller.post("/runs/retry", &ids).await?.good()?;
        ensure!(retried["started"][0]["of"] == first["id"], "{retried}");
        let codes: Vec<&str> = retried["refused"].as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect();
        ensure!(codes == ["not_failed", "not_found"], "{retried}");
        ended(&caller, retried["started"][0]["id"].as_str().context("no id")?).await?;
        let all = caller.post("/runs/retry", &json!({ "workflow_id": workflow })).await?.good()?;
        ensure!(all["started"].as_array().is_some_and(|started| started.len() == 6), "{all}");
        caller.post("/runs/retry", &json!({})).await?.refused(422, "malformed_retry", "Give their `ids`")?;

        caller.delete(&format!("/workflows/{workflow}")).await?.good()?;
        let gone = caller.post(&format!("/runs/{id}/replay"), &json!({})).await?;
        gone.refused(409, "workflow_deleted", "has been deleted")?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn large_outputs_reach_later_steps_and_survive_a_restart() -> Result<()> {
    on_server(&["--allow-private-network"], async |server| {
        let service = Service::start(Duration::ZERO).await?;
        let caller = Caller::owner(&server.url()).await?;
        let steps = json!([
            http("list", "GET", service.url("/list/5000"), Value::Null),
            { "name": "wait", "connector": "delay", "operation": "delay", "inputs": { "duration": 2, "unit": "seconds" } },
            { "name": "loop-1", "connector": "loop", "operation": "loop_list",
              "inputs": { "list": path("$.steps.list.body.records") },
              "body": [{ "name": "out", "connector": "break", "operation": "break", "inputs": {} }] },
        ]);
        let saved = caller.post("/workflows", &document(steps)).await?.good()?;
        ensure!(saved["problems"] == json!([]), "{saved}");
        let workflow = saved["id"].as_str().context("no id")?.to_owned();
        let started = caller.post(&format!("/workflows/{workflow}/runs"), &json!({})).await?.good()?;
        let id = started["id"].as_str().context("no id")?.to_owned();
        until("the list to be there", async || {
            let page = caller.get(&format!("/runs/{id}/steps?step=list&status=succeeded")).await?.good()?;
            Ok((page["total"] == 1).then_some(()))
        })
        .await?;
        let storage = caller.get("/storage").await?.good()?;
        ensure!(storage["blobs"] == 1 && storage["blob_bytes"].as_u64() > Some(65_536), "{storage}");
        ensure!(storage["free_bytes"].as_u64() > Some(0) && storage["keep_days"] == 90, "{storage}");
        server.kill().await?;
        server.resume().await?;
        let run = ended(&caller, &id).await?;
        ensure!(run["status"] == "succeeded", "{run}");
        let list = caller.get(&format!("/runs/{id}/steps?step=list&limit=1")).await?.good()?;
        let records = &list["items"][0]["output"]["body"]["records"];
        ensure!(records.as_array().is_some_and(|records| records.len() == 5_000), "not the whole list");
        caller.delete(&format!("/runs/{id}")).await?.good()?;
        ensure!(caller.get(&format!("/runs/{id}")).await?.status == 404, "the run is still there");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_full_disk_refuses_what_is_new_and_loses_nothing() -> Result<()> {
    let arguments = ["--allow-private-network", "--max-database-megabytes", "2"];
    on_server(&arguments, async |server| {
        let service = Service::start(Duration::from_millis(5)).await?;
        let caller = Caller::owner(&server.url()).await?;
        // Each input is small enough to stand in its row.
        let input = json!({ "input": "x".repeat(50_000) });
        let empty = caller.create_workflow(&document(json!([]))).await?;
        let hook = json!({
            "format": "patchbay.workflow/1", "name": "Called", "steps": [],
            "trigger": { "connector": "webhook", "operation": "receive", "inputs": {} },
        });
        let hook = caller.create_workflow(&hook).await?;
        let hook = caller
            .post(&format!("/workflows/{hook}/enable"), &json!({}))
            .await?
            .good()?;
        let hook = hook["webhook_url"]
            .as_str()
            .context("no address")?
            .to_owned();
        let looped = caller
            .create_workflow(&document(json!([
                http("list", "GET", service.url("/list/400"), Value::Null),
                { "name": "loop-1", "connector": "loop", "operation": "loop_list",
                  "inputs": { "list": path("$.steps.list.body.records") },
                  "body": [http("row", "POST", service.url("/row"),
                    json!({ "id": path("$.steps.loop-1.value.id"), "x": "y".repeat(1_000) }))] },
            ])))
            .await?;
        let mut kept = Vec::new();
        let full = loop {
            let reply = caller
                .post(&format!("/workflows/{empty}/runs"), &input)
                .await?;
            if reply.status >= 300 || kept.len() > 100 {
                break reply;
            }
            kept.push(reply.json()["id"].as_str().context("no id")?.to_owned());
            // Room for the loop to begin with.
            if kept.len() == 10 {
                let started = caller
                    .post(&format!("/workflows/{looped}/runs"), &json!({}))
                    .await?
                    .good()?;
                kept.push(started["id"].as_str().context("no id")?.to_owned());
            }
        };
        full.refused(507, "disk_full", "Free some space")?;
        let called = caller
            .send(caller.http.post(&hook).body("x".repeat(50_000)))
            .await?;
        called.refused(503, "disk_full", "")?;
        ensure!(
            caller.get("/runs").await?.status == 200,
            "reading does not work"
        );

        let (run, done) = (kept.remove(10), kept);
        for id in &done {
            until("room to be made", async || {
                let gone = caller.delete(&format!("/runs/{id}")).await?;
                Ok((gone.status < 300 || gone.status == 404).then_some(()))
            })
            .await?;
        }
        let ended = ended(&caller, &run).await?;
        ensure!(ended["status"] == "succeeded", "{ended}");
        ensure!(service.calls() == 400, "{} calls", service.calls());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_backup_is_made_while_serving_and_the_key_is_changed_when_not() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let authentication = RINGCENTRAL.connect(&caller).await?;
        let archive = server.data().with_file_name("copy.tar");
        let name = archive.display().to_string();
        let said = server.command(&["backup", "--to", &name]).await?;
        ensure!(said.trim() == name, "{said}");
        let bytes = std::fs::read(&archive)?;
        let holds = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
        ensure!(holds(b"journal.db") && holds(b"patchbay.db"), "a database is missing");
        ensure!(!holds(b"patchbay.key"), "the key is in it");
        ensure!(server.command(&["backup", "--to", &name]).await.is_err(), "a backup was overwritten");

        let while_serving = server.command(&["key", "rotate"]).await;
        ensure!(while_serving.is_err(), "the key of a running server was changed");
        server.stop().await?;
        let said = server.command(&["key", "rotate"]).await?;
        ensure!(said.contains("sealed under key"), "{said}");
        let keys = std::fs::read_to_string(server.data().join("patchbay.key"))?;
        let lines: Vec<&str> = keys.lines().filter(|line| !line.starts_with('#')).collect();
        ensure!(lines.len() == 2, "{} keys", lines.len());
        // Only the new key is left: whatever was not sealed anew cannot be opened any more.
        std::fs::write(server.data().join("patchbay.key"), format!("{}\n", lines[0]))?;
        server.resume().await?;
        let steps = json!([{ "name": "ringcentral-1", "connector": "ringcentral", "auth": authentication,
            "operation": "list_extension_call_logs", "inputs": { "account_id": "~", "extension_id": "~" } }]);
        let workflow = caller.create_workflow(&document(steps)).await?;
        let run = run(&caller, &workflow, &json!({})).await?;
        ensure!(run["status"] == "succeeded", "{run}");
        Ok(())
    })
    .await
}
