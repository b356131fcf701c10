//! Steps that choose the way, over the API: branches in a loop, parallel work, waits, and workflows that call others.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::on_server;

fn path(path: &str) -> Value {
    json!({ "$path": path })
}

fn step(name: &str, operation: (&str, &str), inputs: Value) -> Value {
    json!({ "name": name, "connector": operation.0, "operation": operation.1, "inputs": inputs })
}

fn with(mut step: Value, key: &str, value: Value) -> Value {
    step[key] = value;
    step
}

async fn saved(caller: &Caller, trigger: (&str, &str), steps: Value) -> Result<String> {
    let document = json!({ "format": "patchbay.workflow/1", "name": "Flow", "steps": steps,
        "trigger": { "connector": trigger.0, "operation": trigger.1, "inputs": {} } });
    let answer = caller.post("/workflows", &document).await?;
    ensure!(answer.status == 201, "{answer:?}");
    let answer = answer.json();
    ensure!(answer["problems"] == json!([]), "{answer}");
    Ok(answer["id"].as_str().unwrap_or_default().to_owned())
}

async fn run(caller: &Caller, workflow: &str, input: Value) -> Result<Value> {
    let path = format!("/workflows/{workflow}/runs?wait=30");
    caller.post(&path, &json!({ "input": input })).await?.good()
}

async fn output(caller: &Caller, run: &Value, step: &str) -> Result<Value> {
    let id = run["id"].as_str().unwrap_or_default();
    let found = caller
        .get(&format!("/runs/{id}/steps?step={step}"))
        .await?
        .good()?;
    Ok(found["items"][0]["output"].clone())
}

#[tokio::test]
async fn a_run_goes_the_way_that_its_steps_choose() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let blocked = json!({ "conditions": [{ "value_a": path("$.steps.loop-1.value.blocked"), "comparison": "is_true" }] });
        let skip = with(
            step("boolean-1", ("boolean", "condition"), blocked),
            "branches",
            json!({ "true": [step("break-1", ("break", "continue"), json!({}))], "false": [] }),
        );
        let wait = |name: &str| step(name, ("delay", "delay"), json!({ "duration": 1, "unit": "milliseconds" }));
        let beside = with(
            step("parallel-1", ("parallel", "parallel"), json!({})),
            "branches",
            json!({ "one": [wait("delay-1")], "two": [wait("delay-2")] }),
        );
        let looped = with(
            step("loop-1", ("loop", "loop_list"), json!({ "list": path("$.steps.trigger.calls"),
                "collect": { "$path": "$.steps.delay-1.until", "$default": "left out" } })),
            "body",
            json!([skip, beside]),
        );
        let end = step("terminate-1", ("terminate", "terminate"), json!({ "message": "done" }));
        let never = step("terminate-2", ("terminate", "fail"), json!({ "message": "not reached" }));
        let workflow = saved(&caller, ("manual", "trigger"), json!([looped, end, never])).await?;
        let calls = json!({ "calls": [{ "blocked": true }, { "blocked": false }] });
        let run = run(&caller, &workflow, calls).await?;
        ensure!(run["status"] == "succeeded", "{run}");
        let gave = output(&caller, &run, "loop-1").await?;
        ensure!(gave["count"] == 2 && gave["failed"] == 0, "{gave}");
        ensure!(gave["results"][0] == Value::Null || gave["results"][0] == "left out", "{gave}");
        ensure!(gave["results"][1].as_str().is_some_and(|until| until.ends_with('Z')), "{gave}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_workflow_calls_another_and_has_its_answer() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let respond = step(
            "callable-1",
            ("callable", "respond"),
            json!({ "response": { "$text": "Hello {$.steps.trigger.name}" } }),
        );
        let called = saved(&caller, ("callable", "receive"), json!([respond])).await?;
        let call =
            |inputs: Value| json!([step("call-workflow-1", ("call-workflow", "call"), inputs)]);
        let calling = saved(
            &caller,
            ("manual", "trigger"),
            call(
                json!({ "workflow_id": called, "input": { "name": path("$.steps.trigger.name") } }),
            ),
        )
        .await?;
        let first = run(&caller, &calling, json!({ "name": "Ada" })).await?;
        ensure!(first["status"] == "succeeded", "{first}");
        let gave = output(&caller, &first, "call-workflow-1").await?;
        ensure!(gave["response"] == "Hello Ada", "{gave}");
        let id = gave["run_id"].as_str().unwrap_or_default();
        let child = caller.get(&format!("/runs/{id}")).await?.good()?;
        ensure!(child["workflow_id"] == called.as_str(), "{child}");

        // One that nobody can call, and one that is not there, are errors that say so.
        for (other, code) in [
            (calling.as_str(), "not_callable"),
            ("wf_none", "unknown_workflow"),
        ] {
            let wrong = saved(
                &caller,
                ("manual", "trigger"),
                call(json!({ "workflow_id": other })),
            )
            .await?;
            let run = run(&caller, &wrong, json!({})).await?;
            ensure!(
                run["status"] == "failed" && run["error"]["code"] == code,
                "{run}"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn workflows_that_call_themselves_come_to_an_end() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let workflow = saved(&caller, ("callable", "receive"), json!([])).await?;
        let call = step(
            "call-workflow-1",
            ("call-workflow", "call"),
            json!({ "workflow_id": workflow }),
        );
        let edit = json!({ "base_revision": 1, "edits": [
            { "edit": "add_step", "at": { "index": 0 }, "step": call } ] });
        caller
            .post(&format!("/workflows/{workflow}/edits"), &edit)
            .await?
            .good()?;
        let run = run(&caller, &workflow, json!({})).await?;
        ensure!(
            run["status"] == "failed" && run["error"]["code"] == "call_failed",
            "{run}"
        );
        let message = run["error"]["message"].as_str().unwrap_or_default();
        ensure!(message.contains("10 deep"), "{message}");
        Ok(())
    })
    .await
}
