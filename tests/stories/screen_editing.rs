//! What may happen to somebody who edits: a clash, a revision to go back to, a session that ends, a second tab.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Key, Stage, button, css, field, heading, menu_item, role, story, until};
use serde_json::json;

use crate::support::caller::{Caller, OWNER_PASSWORD};
use crate::support::person::{card, first_account, new_workflow, run_ends, run_status, saved};

const NAME: &str = "Name of the workflow";

/// The same person at another device.
async fn elsewhere(stage: &Stage) -> Result<Caller> {
    let caller = Caller::browser(&stage.server.url())?;
    let body = json!({ "email": "olive@example.com", "password": OWNER_PASSWORD });
    caller.post("/session", &body).await?.good()?;
    Ok(caller)
}

async fn address(stage: &Stage) -> Result<String> {
    let url = stage.browser.url().await?;
    let id = url.rsplit('/').next().context("no id")?;
    Ok(format!("/workflows/{id}"))
}

async fn rename(stage: &Stage, name: &str) -> Result<()> {
    stage.browser.fill(&field(NAME), name).await?;
    stage.browser.press(Key::Enter).await
}

async fn name_becomes(caller: &Caller, path: &str, wanted: &str) -> Result<()> {
    until(&format!("{wanted} on the server"), async || {
        let found = caller.get(path).await?.good()?["document"]["name"].clone();
        ensure!(found == wanted, "{found}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test]
async fn theirs_can_be_taken_and_an_old_revision_brought_back() -> Result<()> {
    story("screen_revisions", &[], async |stage| {
        first_account(stage).await?;
        new_workflow(&stage.browser, "First").await?;
        let (caller, path) = (elsewhere(stage).await?, address(stage).await?);
        rename(stage, "Second").await?;
        name_becomes(&caller, &path, "Second").await?;

        let revision = caller.get(&path).await?.good()?["revision"].clone();
        let edits = json!({ "base_revision": revision,
            "edits": [{ "edit": "rename", "name": "Theirs" }] });
        caller
            .post(&format!("{path}/edits"), &edits)
            .await?
            .good()?;
        stage.browser.expect_console_error("409");
        rename(stage, "Mine").await?;
        let browser = &stage.browser;
        browser.wait_for(&css("[data-save-state=conflict]")).await?;
        browser
            .click(&button("Take what the server has").inside(&role("alert", "").partly()))
            .await?;
        saved(browser).await?;
        ensure!(browser.value(&field(NAME)).await? == "Theirs");

        browser.click(&button("More")).await?;
        browser.click(&menu_item("Revisions")).await?;
        browser
            .click(&button("Restore").inside(&css(".revision[data-revision=\"1\"]")))
            .await?;
        name_becomes(&caller, &path, "First").await?;
        browser.picture("screen_revisions/restored").await?;
        ensure!(browser.value(&field(NAME)).await? == "First");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_session_that_ends_and_a_second_tab_lose_nothing() -> Result<()> {
    story("screen_session", &[], async |stage| {
        first_account(stage).await?;
        new_workflow(&stage.browser, "Before").await?;
        let (caller, path) = (elsewhere(stage).await?, address(stage).await?);
        stage
            .browser
            .web()
            .delete_cookie("patchbay_session")
            .await?;
        stage.browser.expect_console_error("401");
        rename(stage, "While signed out").await?;
        let browser = &stage.browser;
        browser.wait_for(&css("[data-save-state=offline]")).await?;
        browser.picture("screen_session/signed_out").await?;

        // Signing in in another tab is enough; that tab may even look at the same workflow.
        let first = browser.window().await?;
        let second = browser.web().new_tab().await?;
        browser.switch_to(second).await?;
        stage.visit("/sign-in").await?;
        browser.wait_for(&css("form[data-ready=true]")).await?;
        browser.fill(&field("E-mail"), "olive@example.com").await?;
        browser.fill(&field("Password"), OWNER_PASSWORD).await?;
        browser.click(&button("Sign in")).await?;
        browser.wait_for(&heading("Workflows").nth(0)).await?;
        stage.visit(&path).await?;
        browser.wait_for(&card("trigger")).await?;
        browser.close_window(first).await?;
        name_becomes(&caller, &path, "While signed out").await?;
        saved(browser).await
    })
    .await
}

#[tokio::test]
async fn a_run_is_cancelled_from_the_builder_and_a_workflow_renamed_in_the_list() -> Result<()> {
    story("screen_cancel", &["--demo"], async |stage| {
        first_account(stage).await?;
        let caller = elsewhere(stage).await?;
        let slow = json!({ "format": "patchbay.workflow/1", "name": "Slow",
            "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
            "steps": [{ "name": "delay-1", "connector": "delay", "operation": "delay",
                "inputs": { "duration": 10, "unit": "minutes" } }] });
        let id = caller.create_workflow(&slow).await?;
        let browser = &stage.browser;
        stage.visit("/").await?;
        browser.click(&button("More for Slow")).await?;
        browser.click(&menu_item("Rename…")).await?;
        let window = css("dialog[open]");
        browser
            .fill(&field("Name").inside(&window), "Slow but sure")
            .await?;
        browser.click(&button("Rename").inside(&window)).await?;
        browser
            .wait_for_words(&css(".rows"), "Slow but sure")
            .await?;
        name_becomes(&caller, &format!("/workflows/{id}"), "Slow but sure").await?;

        stage.visit(&format!("/workflows/{id}")).await?;
        browser.wait_for(&card("delay-1")).await?;
        browser.click(&button("Run")).await?;
        until("the run to be under way", async || {
            let status = run_status(browser).await?;
            Ok(["running", "waiting"]
                .contains(&status.as_str())
                .then_some(()))
        })
        .await?;
        browser.click(&button("Cancel").partly()).await?;
        run_ends(browser, "cancelled").await
    })
    .await
}

#[tokio::test]
async fn an_address_that_leads_nowhere_answers_404() -> Result<()> {
    story("screen_not_found", &[], async |stage| {
        first_account(stage).await?;
        let caller = elsewhere(stage).await?;
        for path in ["/no/such/page", "/runs/run_none"] {
            let answer = caller.http.get(stage.at(path)).send().await?;
            ensure!(answer.status() == 404, "{path}: {}", answer.status());
        }
        Ok(())
    })
    .await
}
