//! People in the browser: somebody is invited, joins, sees what belongs to all and nothing else, and is removed.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Stage, button, css, dialog, field, heading, link, story};
use serde_json::json;

use crate::support::caller::{Caller, OWNER_PASSWORD};
use crate::support::person::{first_account, new_workflow};

/// The owner at another device.
async fn owner(stage: &Stage) -> Result<Caller> {
    let caller = Caller::browser(&stage.server.url())?;
    let person = json!({ "email": "olive@example.com", "password": OWNER_PASSWORD });
    caller.post("/session", &person).await?.good()?;
    Ok(caller)
}

async fn sign_out(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    browser.click(&button("Your account")).await?;
    browser
        .click(&patchbay_tests::menu_item("Sign out"))
        .await?;
    browser.wait_for_url("/sign-in").await
}

#[tokio::test]
async fn who_is_invited_joins_sees_what_is_shared_and_can_be_removed() -> Result<()> {
    story("screen_people", &["--demo"], async |stage| {
        first_account(stage).await?;
        let owner = owner(stage).await?;
        for (name, whose) in [
            ("Front desk", "organisational"),
            ("Olive alone", "personal"),
        ] {
            let new = json!({ "name": name, "service": "ringcentral", "owner": whose,
                "environment": {}, "credential": { "type": "token", "access_token": "t" } });
            owner.post("/authentications", &new).await?.good()?;
        }

        let browser = &stage.browser;
        stage.visit("/settings/people").await?;
        browser.click(&button("Invite somebody")).await?;
        let window = dialog("Invite somebody");
        browser
            .fill(&field("For whom").inside(&window), "Mia")
            .await?;
        browser
            .click(&button("Make the link").inside(&window))
            .await?;
        let shown = browser
            .wait_for(&field("Invitation link").inside(&window))
            .await?;
        let link_text = shown
            .prop("value")
            .await?
            .context("the link is not shown")?;
        browser.click(&button("Done").inside(&window)).await?;
        browser.picture("screen_people/invited").await?;
        sign_out(stage).await?;

        browser.visit(&link_text).await?;
        browser.wait_for(&heading("Join Harbour Pine")).await?;
        browser.wait_for(&css("form[data-ready=true]")).await?;
        for (label, words) in [
            ("Your name", "Mia Member"),
            ("E-mail", "mia@example.com"),
            ("Password", "a horse that sings"),
        ] {
            browser.fill(&field(label), words).await?;
        }
        browser.click(&button("Join")).await?;
        browser.wait_for(&heading("Workflows").nth(0)).await?;

        stage.visit("/authentications").await?;
        browser.wait_for_words(&css(".rows"), "Front desk").await?;
        let list = browser.text(&css(".rows")).await?;
        ensure!(
            !list.contains("Olive alone"),
            "a personal one is shown: {list}"
        );
        stage.visit("/").await?;
        new_workflow(browser, "Of a member").await?;
        crate::support::person::drag_operation(
            browser,
            "ringcentral",
            "list_extension_call_logs",
            "list extension call",
            "workflow/steps/0",
        )
        .await?;
        browser
            .wait_for_words(&css("#auth-select"), "Front desk")
            .await?;
        let choices = browser.text(&css("#auth-select")).await?;
        ensure!(
            !choices.contains("Olive alone"),
            "a personal one is offered: {choices}"
        );
        browser.click(&link("All workflows")).await?;
        browser.wait_for(&heading("Workflows").nth(0)).await?;
        sign_out(stage).await?;

        browser.wait_for(&css("form[data-ready=true]")).await?;
        browser.fill(&field("E-mail"), "olive@example.com").await?;
        browser.fill(&field("Password"), OWNER_PASSWORD).await?;
        browser.click(&button("Sign in")).await?;
        browser.wait_for(&heading("Workflows").nth(0)).await?;
        stage.visit("/settings/people").await?;
        browser.click(&button("Remove Mia Member")).await?;
        browser
            .click(&button("Remove").inside(&css("dialog[open]")))
            .await?;
        browser.wait_gone(&button("Remove Mia Member")).await?;
        let people = owner.get("/people").await?.good()?;
        ensure!(people.as_array().map(Vec::len) == Some(1), "{people}");
        Ok(())
    })
    .await
}
