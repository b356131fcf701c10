//! What can go wrong while signing in at a service: each has its own sentence and a way on.

use anyhow::{Result, ensure};
use patchbay_tests::{Key, button, css, heading, menu_item, story, until};
use serde_json::json;

use crate::support::caller::{Caller, OWNER_PASSWORD};
use crate::support::person::{
    SIGN_IN_DIALOG, chosen_authentication, open_sign_in, open_sign_in_dialog, saved,
};

#[tokio::test]
async fn refusing_closing_a_foreign_state_and_leaving_out_are_told_apart() -> Result<()> {
    story("authentication_dialog", &["--demo"], async |stage| {
        open_sign_in_dialog(stage).await?;
        let browser = &stage.browser;
        let ana = css("button[name=person][value=ana]");
        let decision = |word: &str| css(&format!("button[name=decision][value={word}]"));

        // Refusal.
        open_sign_in(browser, SIGN_IN_DIALOG, "Front desk").await?;
        let opener = browser.switch_to_popup().await?;
        browser.click(&ana).await?;
        browser.click(&decision("refuse")).await?;
        browser.switch_to(opener.clone()).await?;
        browser.wait_for(&heading("Access was refused")).await?;
        browser
            .wait_for_words(&css(".sign-in-state"), "nothing was connected")
            .await?;
        browser.picture("authentication_dialog/refused").await?;

        // Tried again, and the window closed.
        browser.wait_for_popup_to_close().await?;
        browser.click(&button("Try again")).await?;
        browser.switch_to_popup().await?;
        browser.wait_for(&ana).await?;
        browser.close_window(opener.clone()).await?;
        browser
            .wait_for(&heading("The sign-in window is closed"))
            .await?;

        // Opened again; a state that nobody gave out is told in the window itself.
        browser.click(&button("Open the sign-in window")).await?;
        browser.switch_to_popup().await?;
        browser.wait_for(&ana).await?;
        browser
            .visit(&stage.at("/oauth/callback?code=x&state=made-up"))
            .await?;
        browser
            .wait_for_words(&css("main"), "not begun here")
            .await?;
        browser.close_window(opener.clone()).await?;

        // And once more, without one of the permissions.
        browser
            .wait_for(&heading("The sign-in window is closed"))
            .await?;
        browser.click(&button("Open the sign-in window")).await?;
        browser.switch_to_popup().await?;
        browser.click(&ana).await?;
        browser
            .click(&css("input[name=scope][value=ReadCallLog]"))
            .await?;
        browser.click(&decision("allow")).await?;
        browser.switch_to(opener).await?;
        browser
            .wait_for(&heading("Connected, but with less than you asked for"))
            .await?;
        browser
            .wait_for_words(&css(".sign-in-state"), "ReadCallLog")
            .await?;
        browser.click(&button("Use it all the same")).await?;
        chosen_authentication(browser, "Front desk").await?;
        browser
            .wait_for_words(&css(".auth-tab"), "ReadCallLog")
            .await?;
        saved(browser).await
    })
    .await
}

#[tokio::test]
async fn what_the_service_no_longer_accepts_is_reconnected_or_deleted() -> Result<()> {
    story("authentication_reconnect", &["--demo"], async |stage| {
        open_sign_in_dialog(stage).await?;
        let browser = &stage.browser;
        crate::support::person::authenticate(browser, SIGN_IN_DIALOG, "Front desk").await?;
        saved(browser).await?;
        let builder = browser.url().await?;
        let id = builder.rsplit('/').next().unwrap_or_default().to_owned();
        let caller = Caller::browser(&stage.server.url())?;
        let person = json!({ "email": "olive@example.com", "password": OWNER_PASSWORD });
        caller.post("/session", &person).await?.good()?;

        stage.server.world().revoke_all().await?;
        until("the authentication to be marked", async || {
            let run = caller.run(&id).await?;
            ensure!(run["error"]["code"] == "unauthenticated", "{run}");
            let all = caller.get("/authentications").await?.good()?;
            Ok((all[0]["state"] == "needs_reconnect").then_some(()))
        })
        .await?;
        browser.visit(&builder).await?;
        browser.click(&css("[data-step=ringcentral-1]")).await?;
        browser.click(&patchbay_tests::tab("Authenticate")).await?;
        browser
            .wait_for_words(&css(".auth-card"), "Needs reconnecting")
            .await?;
        browser.picture("authentication_reconnect/needs").await?;
        browser
            .click(&button("Reconnect").partly().inside(&css(".auth-card")))
            .await?;
        browser.wait_for(&css(".scope-list")).await?;
        browser
            .click(&button("Reconnect").partly().inside(&css("dialog")))
            .await?;
        let opener = browser.switch_to_popup().await?;
        browser
            .click(&css("button[name=person][value=ana]"))
            .await?;
        browser
            .click(&css("button[name=decision][value=allow]"))
            .await?;
        browser.switch_to(opener).await?;
        browser
            .wait_for_words(&css(".auth-card .auth-head"), "Connected")
            .await?;
        ensure!(caller.run(&id).await?["status"] == "succeeded");

        // Deleting says who would miss it.
        stage.visit("/authentications").await?;
        browser.click(&button("More for Front desk")).await?;
        browser.click(&menu_item("Delete…")).await?;
        let asked = css("dialog[open]");
        browser.wait_for_words(&asked, "Calls").await?;
        browser.picture("authentication_reconnect/delete").await?;
        browser.press(Key::Escape).await?;
        browser.wait_gone(&asked).await?;
        browser.click(&button("More for Front desk")).await?;
        browser.click(&menu_item("Delete…")).await?;
        browser.click(&button("Delete").inside(&asked)).await?;
        browser
            .wait_gone(&css(".rows [aria-label=\"More for Front desk\"]"))
            .await?;
        browser.visit(&builder).await?;
        browser
            .wait_for(&css("[data-step=ringcentral-1].wrong"))
            .await?;
        Ok(())
    })
    .await
}
