//! Ways to an authentication beside the sign-in window: this very tab, and a credential that the person has.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{button, css, field, menu_item, story};

use crate::support::person::{
    SIGN_IN_DIALOG, chosen_authentication, first_account, open_sign_in, open_sign_in_dialog, saved,
};

#[tokio::test]
async fn a_blocked_window_leaves_this_tab_which_comes_back_with_the_authentication() -> Result<()> {
    story("screen_same_tab", &["--demo"], async |stage| {
        open_sign_in_dialog(stage).await?;
        let browser = &stage.browser;
        let ana = css("button[name=person][value=ana]");
        let decision = |word: &str| css(&format!("button[name=decision][value={word}]"));
        // As a browser that blocks windows answers.
        browser
            .script("window.open = () => null;", Vec::new())
            .await?;
        open_sign_in(browser, SIGN_IN_DIALOG, "Front desk").await?;
        browser
            .wait_for_words(&css(".sign-in-state"), "blocked the sign-in window")
            .await?;
        browser.picture("screen_same_tab/blocked").await?;
        browser.click(&button("Sign in in this tab")).await?;
        browser.click(&ana).await?;
        browser.click(&decision("refuse")).await?;
        browser.wait_for_url("/workflows/wf_").await?;
        browser
            .wait_for_words(&css(".notice"), "nothing was connected")
            .await?;

        browser.click(&button("New authentication")).await?;
        browser
            .script("window.open = () => null;", Vec::new())
            .await?;
        open_sign_in(browser, SIGN_IN_DIALOG, "Front desk").await?;
        browser.click(&button("Sign in in this tab")).await?;
        browser.click(&ana).await?;
        browser.click(&decision("allow")).await?;
        browser.wait_for_url("/workflows/wf_").await?;
        chosen_authentication(browser, "Front desk").await?;
        saved(browser).await?;
        let url = browser.url().await?;
        ensure!(!url.contains('?'), "a reload would do it again: {url}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_is_entered_and_later_replaced() -> Result<()> {
    story("screen_token", &["--demo"], async |stage| {
        first_account(stage).await?;
        let browser = &stage.browser;
        stage.visit("/authentications?new=ringcentral").await?;
        let window = css("dialog[open]");
        browser
            .fill(&field("Name").inside(&window), "By token")
            .await?;
        browser
            .click(&css(".option-card:has([name=authentication-method])").nth(2))
            .await?;
        browser.click(&button("Next").inside(&window)).await?;
        browser.fill(&field("Token").inside(&window), "one").await?;
        browser
            .click(&button("Create authentication").inside(&window))
            .await?;
        browser.wait_gone(&window).await?;
        browser.wait_for_words(&css(".rows"), "By token").await?;

        browser.click(&button("More for By token")).await?;
        browser.click(&menu_item("Reconnect…")).await?;
        browser.fill(&field("Token").inside(&window), "two").await?;
        browser.picture("screen_token/replace").await?;
        browser.click(&button("Reconnect").inside(&window)).await?;
        browser.wait_gone(&window).await?;
        browser
            .wait_for_words(&css(".toasts"), "By token is connected")
            .await?;
        let url = browser.url().await?;
        url.contains("/authentications").then_some(()).context(url)
    })
    .await
}
