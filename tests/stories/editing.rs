//! Changing a workflow: nothing that a person did is lost, whatever happens meanwhile.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Key, Stage, button, css, field, role, story, until};
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::person::{card, drag_operation, first_account, new_workflow, saved};

/// The same person at another device.
async fn elsewhere(stage: &Stage) -> Result<Caller> {
    let caller = Caller::browser(&stage.server.url())?;
    let password = crate::support::caller::OWNER_PASSWORD;
    let body = json!({ "email": "olive@example.com", "password": password });
    caller.post("/session", &body).await?.good()?;
    Ok(caller)
}

/// The API's address of the workflow that the browser shows.
async fn address(stage: &Stage) -> Result<String> {
    let url = stage.browser.url().await?;
    let id = url.rsplit('/').next().context("no id")?;
    Ok(format!("/workflows/{id}"))
}

/// Titles of the steps, as the server has them.
async fn titles(caller: &Caller, path: &str) -> Result<Vec<String>> {
    let detail = caller.get(path).await?.good()?;
    let steps = detail["document"]["steps"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let title = |step: &Value| step["title"].as_str().unwrap_or_default().to_owned();
    Ok(steps.iter().map(title).collect())
}

async fn titles_become(caller: &Caller, path: &str, wanted: &[&str]) -> Result<()> {
    until(&format!("{wanted:?} on the server"), async || {
        let found = titles(caller, path).await?;
        ensure!(found == wanted, "{found:?}");
        Ok(Some(()))
    })
    .await
}

async fn set_title(stage: &Stage, step: &str, title: &str) -> Result<()> {
    let browser = &stage.browser;
    browser.click(&card(step)).await?;
    browser
        .wait_for_words(&css(".panel-title .mono"), step)
        .await?;
    browser.fill(&field("Step title"), title).await?;
    browser.press(Key::Enter).await?;
    browser.wait_for_words(&card(step), title).await
}

/// A workflow with two steps, `First` and `Second`.
async fn two_steps(stage: &Stage) -> Result<()> {
    first_account(stage).await?;
    let browser = &stage.browser;
    new_workflow(browser, "Two steps").await?;
    drag_operation(
        browser,
        "http",
        "request",
        "http request",
        "workflow/steps/0",
    )
    .await?;
    browser.wait_for(&card("http-1")).await?;
    set_title(stage, "http-1", "First").await?;
    drag_operation(
        browser,
        "http",
        "request",
        "http request",
        "workflow/steps/1",
    )
    .await?;
    browser.wait_for(&card("http-2")).await?;
    set_title(stage, "http-2", "Second").await?;
    saved(browser).await
}

#[tokio::test]
async fn every_change_can_be_taken_back_and_survives_a_reload() -> Result<()> {
    story("editing_undo", &[], async |stage| {
        two_steps(stage).await?;
        let (caller, path) = (elsewhere(stage).await?, address(stage).await?);
        let browser = &stage.browser;
        titles_become(&caller, &path, &["First", "Second"]).await?;

        browser.click(&button("Undo:").partly()).await?;
        titles_become(&caller, &path, &["First", "HTTP request"]).await?;
        browser.click(&button("Redo:").partly()).await?;
        titles_become(&caller, &path, &["First", "Second"]).await?;

        // Deleting offers its undoing where one looks.
        browser.click(&card("http-1")).await?;
        browser.press(Key::Delete).await?;
        browser.wait_gone(&card("http-1")).await?;
        titles_become(&caller, &path, &["Second"]).await?;
        browser.click(&button("Undo")).await?;
        browser.wait_for(&card("http-1")).await?;
        titles_become(&caller, &path, &["First", "Second"]).await?;

        // By keyboard: one place up.
        browser.click(&card("http-2")).await?;
        browser
            .web()
            .action_chain()
            .key_down(Key::Alt)
            .key_down(Key::Up)
            .key_up(Key::Up)
            .key_up(Key::Alt)
            .perform()
            .await?;
        titles_become(&caller, &path, &["Second", "First"]).await?;

        browser
            .fill(&field("Name of the workflow"), "A better name")
            .await?;
        browser.press(Key::Enter).await?;
        until("the new name on the server", async || {
            let detail = caller.get(&path).await?.good()?;
            Ok((detail["document"]["name"] == "A better name").then_some(()))
        })
        .await?;
        saved(browser).await?;

        let url = browser.url().await?;
        browser.visit(&url).await?;
        browser.wait_for(&card("http-2")).await?;
        browser.click(&card("trigger")).await?;
        for _ in 0..2 {
            browser.chord(&[Key::Control], 'z').await?;
        }
        titles_become(&caller, &path, &["First", "Second"]).await?;
        let detail = caller.get(&path).await?.good()?;
        ensure!(
            detail["document"]["name"] == "Two steps",
            "{}",
            detail["document"]["name"]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_edit_from_elsewhere_is_merged_and_a_clash_is_shown() -> Result<()> {
    story("editing_together", &[], async |stage| {
        two_steps(stage).await?;
        let (caller, path) = (elsewhere(stage).await?, address(stage).await?);
        let edit = async |step: &str, title: &str| -> Result<()> {
            let revision = caller.get(&path).await?.good()?["revision"].clone();
            let edits = json!({ "base_revision": revision, "edits": [
                { "edit": "set_title", "step": step, "title": title }] });
            caller
                .post(&format!("{path}/edits"), &edits)
                .await?
                .good()
                .map(|_| ())
        };
        edit("http-1", "Theirs").await?;
        set_title(stage, "http-2", "Mine").await?;
        titles_become(&caller, &path, &["Theirs", "Mine"]).await?;
        stage
            .browser
            .wait_for_words(&card("http-1"), "Theirs")
            .await?;
        saved(&stage.browser).await?;

        edit("http-2", "Theirs too").await?;
        stage.browser.expect_console_error("409");
        set_title(stage, "http-2", "Mine again").await?;
        let browser = &stage.browser;
        browser.wait_for(&css("[data-save-state=conflict]")).await?;
        browser.picture("editing_together/conflict").await?;
        titles_become(&caller, &path, &["Theirs", "Theirs too"]).await?;
        browser
            .wait_for_words(&card("http-2"), "Mine again")
            .await?;
        browser
            .click(&button("Keep mine").inside(&role("alert", "").partly()))
            .await?;
        titles_become(&caller, &path, &["Theirs", "Mine again"]).await?;
        saved(browser).await
    })
    .await
}

#[tokio::test]
async fn without_the_server_nothing_is_lost_and_everything_is_saved_when_it_is_back() -> Result<()>
{
    story("editing_offline", &[], async |stage| {
        two_steps(stage).await?;
        let (caller, path) = (elsewhere(stage).await?, address(stage).await?);
        stage.browser.expect_console_error("ERR_CONNECTION_REFUSED");
        stage.server.stop().await?;
        set_title(stage, "http-1", "While it was away").await?;
        stage
            .browser
            .wait_for(&css("[data-save-state=offline]"))
            .await?;
        stage
            .browser
            .wait_for_words(&css("[data-save-state]"), "Not saved")
            .await?;
        set_title(stage, "http-2", "This too").await?;
        stage.browser.picture("editing_offline/away").await?;
        stage.server.resume().await?;
        titles_become(&caller, &path, &["While it was away", "This too"]).await?;
        saved(&stage.browser).await
    })
    .await
}
