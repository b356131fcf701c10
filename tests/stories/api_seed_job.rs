//! The seed's job by API alone: sign in at both services, save, run, look at every record, restart.

use anyhow::{Result, ensure};
use patchbay_tests::until;
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::job::{self, compare, expected_rows, written_rows};
use crate::support::on_server;
use crate::support::sign_in::{GOOGLE, RINGCENTRAL};

/// Signs in at both services and saves the job; gives the workflow's id and the spreadsheet's.
async fn prepare(caller: &Caller, world: &patchbay_tests::World) -> Result<(String, String)> {
    let ringcentral = RINGCENTRAL.connect(caller).await?;
    let google = GOOGLE.connect(caller).await?;
    let spreadsheet = job::spreadsheet(world).await?;
    let document = job::document(&ringcentral, &google, &spreadsheet);
    let saved = caller.post("/workflows", &document).await?;
    ensure!(saved.status == 201, "{saved:?}");
    let saved = saved.json();
    ensure!(saved["problems"] == json!([]), "{saved}");
    let id = saved["id"].as_str().unwrap_or_default().to_owned();
    Ok((id, spreadsheet))
}

/// All step executions of a run, fetched page by page.
async fn all_steps(caller: &Caller, run: &str, step: &str, page: u64) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    loop {
        let offset = found.len();
        let path = format!("/runs/{run}/steps?step={step}&offset={offset}&limit={page}");
        let answer = caller.get(&path).await?.good()?;
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        ensure!(items.len() as u64 <= page, "a page of {}", items.len());
        found.extend(items);
        if answer["next_cursor"].is_null() {
            ensure!(
                answer["total"] == found.len(),
                "total {} of {}",
                answer["total"],
                found.len()
            );
            return Ok(found);
        }
    }
}

#[tokio::test]
async fn the_calls_of_the_last_day_end_up_in_the_sheet() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let (workflow, spreadsheet) = prepare(&caller, &world).await?;
        let expected = expected_rows(&world).await?;
        let run = caller.run(&workflow).await?;
        ensure!(run["status"] == "succeeded", "{run}");
        compare(&written_rows(&world, &spreadsheet).await?, &expected)?;

        // The journal tells the same, iteration by iteration.
        let id = run["id"].as_str().unwrap_or_default();
        let steps = all_steps(&caller, id, "google-sheets-1", 30).await?;
        ensure!(steps.len() == expected.len(), "{} executions", steps.len());
        for (index, step) in steps.iter().enumerate() {
            let row = &step["input"]["row"];
            let sent = ["Direction", "fromPhone", "toPhone"].map(|name| row[name].as_str());
            let wanted: Vec<Option<&str>> = expected[index]
                .iter()
                .map(|cell| Some(cell.as_str()))
                .collect();
            ensure!(
                step["iteration"] == json!([index]) && step["status"] == "succeeded",
                "{step}"
            );
            ensure!(
                sent[..] == wanted[..],
                "iteration {index}: {sent:?} is not {wanted:?}"
            );
        }
        let one = format!("/runs/{id}/steps?step=google-sheets-1&iteration=37");
        let one = caller.get(&one).await?.good()?;
        ensure!(
            one["total"] == 1 && one["items"][0]["iteration"] == json!([37]),
            "{one}"
        );
        ensure!(
            one["items"][0]["input"]["row"]["Direction"] == expected[37][0].as_str(),
            "{one}"
        );
        ensure!(one["items"][0]["output"].is_object(), "{one}");
        let progress = caller.get(&format!("/runs/{id}/progress")).await?.good()?;
        let looped = &progress["steps"]["loop-1"];
        ensure!(
            looped["items_done"] == expected.len() && looped["items_failed"] == 0,
            "{progress}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_restart_everything_is_there_and_the_token_is_still_good() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let (workflow, spreadsheet) = prepare(&caller, &world).await?;
        let first = caller.run(&workflow).await?;
        ensure!(first["status"] == "succeeded", "{first}");
        let paths = ["/workflows", "/authentications", "/runs"].map(str::to_owned);
        let draft = format!("/workflows/{workflow}");
        let steps = format!(
            "/runs/{}/steps?limit=500",
            first["id"].as_str().unwrap_or_default()
        );
        let mut before = Vec::new();
        for path in paths.iter().chain([&draft, &steps]) {
            before.push(caller.get(path).await?.good()?);
        }
        let once = written_rows(&world, &spreadsheet).await?;

        server.stop().await?;
        server.resume().await?;

        for (path, before) in paths.iter().chain([&draft, &steps]).zip(before) {
            let after = caller.get(path).await?.good()?;
            ensure!(after == before, "{path} was {before}, is {after}");
        }
        ensure!(
            written_rows(&world, &spreadsheet).await? == once,
            "the sheet changed"
        );
        let mut all = once;
        all.extend(expected_rows(&world).await?);
        let second = caller.run(&workflow).await?;
        ensure!(second["status"] == "succeeded", "{second}");
        compare(&written_rows(&world, &spreadsheet).await?, &all)?;
        let runs = caller.get("/runs").await?.good()?;
        ensure!(runs["items"].as_array().map(Vec::len) == Some(2), "{runs}");
        ensure!(
            runs["items"][0]["id"] == second["id"],
            "newest first: {runs}"
        );

        // When the access tokens have run out, the stored refresh tokens help. A token that is only
        // seconds old is not renewed, so the first tries may be refused; they write nothing.
        world.expire_access_tokens().await?;
        all.extend(expected_rows(&world).await?);
        until("a run with renewed tokens", async || {
            let run = caller.run(&workflow).await?;
            let code = run["error"]["code"].as_str();
            ensure!(
                run["status"] == "succeeded" || code == Some("unauthenticated"),
                "{run}"
            );
            Ok((run["status"] == "succeeded").then_some(()))
        })
        .await?;
        compare(&written_rows(&world, &spreadsheet).await?, &all)?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_run_at_work_is_cancelled_and_leaves_whole_rows() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let (workflow, spreadsheet) = prepare(&caller, &world).await?;
        world.slow_down(100).await?;
        let path = format!("/workflows/{workflow}/runs");
        let started = caller.post(&path, &json!({})).await?;
        ensure!(started.status == 202, "{started:?}");
        let run = started.json()["id"].as_str().unwrap_or_default().to_owned();
        let at = format!("/runs/{run}");
        until("some rows to be written", async || {
            let now = caller.get(&at).await?.good()?;
            Ok((now["steps_done"].as_u64() > Some(4)).then_some(()))
        })
        .await?;
        caller
            .post(&format!("{at}/cancel"), &json!({}))
            .await?
            .good()?;
        let ended = until("the run to end", async || {
            let now = caller.get(&at).await?.good()?;
            Ok(now["finished_at"].is_string().then_some(now))
        })
        .await?;
        ensure!(ended["status"] == "cancelled", "{ended}");
        // What was done stays, in order and whole; the rest was never begun.
        let (written, expected) = (
            written_rows(&world, &spreadsheet).await?,
            expected_rows(&world).await?,
        );
        ensure!(
            !written.is_empty() && written.len() < expected.len(),
            "{} rows",
            written.len()
        );
        compare(&written, &expected[..written.len()])?;
        // A second word changes nothing.
        let again = caller
            .post(&format!("{at}/cancel"), &json!({}))
            .await?
            .good()?;
        ensure!(again["status"] == "cancelled", "{again}");
        Ok(())
    })
    .await
}
