//! The seed's job without a pointer: every part of the screen is reached by Tab and arrows, and the
//! cable is drawn by `/`.

use anyhow::{Result, bail, ensure};
use patchbay_tests::{Browser, Key, Place, button, css, dialog, heading, story, tab, until};

use crate::support::job::{self, compare, expected_rows, written_rows};
use crate::support::person::{card, chosen_authentication, part, run_ends, saved};

/// Presses Tab until the place has the focus; an error when a whole round did not reach it.
async fn tab_to(browser: &Browser, place: &Place) -> Result<()> {
    let element = browser.wait_for(place).await?;
    let is_focused = "return document.activeElement === arguments[0]";
    for _ in 0..90 {
        if browser.script(is_focused, vec![element.to_json()?]).await? == true {
            return Ok(());
        }
        browser.press(Key::Tab).await?;
    }
    bail!("Tab does not reach it: {place:?}");
}

/// Reaches a place by Tab and presses Enter on it.
async fn enter(browser: &Browser, place: &Place) -> Result<()> {
    tab_to(browser, place).await?;
    browser.press(Key::Enter).await
}

/// Types into what has the focus, in place of what stands there.
async fn replace(browser: &Browser, words: &str) -> Result<()> {
    browser.chord(&[Key::Control], 'a').await?;
    browser.type_keys(words).await
}

/// Adds a step after the selected one.
async fn add(browser: &Browser, words: &str, operation: &str, step: &str) -> Result<()> {
    tab_to(browser, &css(".cards[role=tree]")).await?;
    browser.type_keys("a").await?;
    browser.wait_for(&dialog("Add a step")).await?;
    until("the search to have the focus", async || {
        let focused = browser
            .script("return document.activeElement?.className", Vec::new())
            .await?;
        Ok((focused == "picker-search").then_some(()))
    })
    .await?;
    browser.type_keys(words).await?;
    let first = format!("#offer-0[data-operation={operation}]");
    browser.wait_for(&css(&first)).await?;
    browser.press(Key::Enter).await?;
    browser
        .wait_for(&css(&format!("[data-step={step}][aria-selected=true]")))
        .await?;
    Ok(())
}

/// Makes an authentication for the selected step, the service's pages included.
async fn authenticate(browser: &Browser, name: &str) -> Result<()> {
    enter(browser, &button("New authentication")).await?;
    let owner = css("[name=authentication-owner]");
    browser.wait_for(&owner.clone().nth(1)).await?;
    tab_to(browser, &css("[name=authentication-name]")).await?;
    replace(browser, name).await?;
    tab_to(browser, &owner.nth(0)).await?;
    browser.press(Key::Right).await?;
    enter(browser, &button("Next")).await?;
    browser.wait_for(&heading("What may it do?")).await?;
    enter(browser, &button("Create authentication").partly()).await?;
    let opener = browser.switch_to_popup().await?;
    enter(browser, &css("button[name=person][value=ana]")).await?;
    enter(browser, &css("button[name=decision][value=allow]")).await?;
    browser.switch_to(opener).await?;
    browser.wait_for_popup_to_close().await?;
    chosen_authentication(browser, name).await
}

/// Connects a field by the searchable list.
async fn connect(browser: &Browser, pointer: &str, words: &str, path: &str) -> Result<()> {
    tab_to(browser, &part(pointer, ".sock")).await?;
    browser.type_keys("/").await?;
    browser.wait_for(&dialog("Choose data")).await?;
    browser.type_keys(words).await?;
    let entry = css(&format!(".picker-row[data-path=\"{path}\"]"));
    let marked = css(&format!(".picker-row.on[data-path=\"{path}\"]"));
    browser.wait_for(&entry).await?;
    for _ in 0..20 {
        if browser.count(&marked).await? == 1 {
            break;
        }
        browser.press(Key::Down).await?;
    }
    browser.wait_for(&marked).await?;
    browser.press(Key::Enter).await?;
    let last = path.rsplit('.').next().unwrap_or_default();
    browser
        .wait_for_words(&part(pointer, ".chip-box"), last)
        .await
}

/// Chooses an entry of a drop-down that the service fills.
async fn choose(browser: &Browser, pointer: &str, title: &str) -> Result<()> {
    let field = part(pointer, "input[role=combobox]");
    tab_to(browser, &field).await?;
    browser.type_keys(title).await?;
    browser
        .wait_for(
            &patchbay_tests::option(title)
                .partly()
                .inside(&crate::support::person::input(pointer)),
        )
        .await?;
    browser.press(Key::Enter).await?;
    until(&format!("{title} in {pointer}"), async || {
        Ok((browser.value(&field).await? == title).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_seeds_job_is_done_by_keyboard_alone() -> Result<()> {
    story("seed_job_by_keyboard", &["--demo"], async |stage| {
        stage.visit("/").await?;
        let browser = &stage.browser;
        browser.wait_for_url("/welcome").await?;
        browser.wait_for(&css("form[data-ready=true]")).await?;
        for (name, words) in [
            ("organisation", "Harbour Pine"),
            ("name", "Olive Owner"),
            ("email", "olive@example.com"),
            ("password", crate::support::caller::OWNER_PASSWORD),
        ] {
            tab_to(browser, &css(&format!("input[name={name}]"))).await?;
            browser.type_keys(words).await?;
        }
        browser.press(Key::Enter).await?;
        browser.wait_for(&heading("Workflows").nth(0)).await?;
        let window = dialog("New workflow");
        until("the dialog for a new workflow", async || {
            if browser.count(&window).await? == 0 {
                enter(browser, &button("New workflow").nth(0)).await?;
            }
            Ok((browser.count(&window).await? == 1).then_some(()))
        })
        .await?;
        tab_to(browser, &css("[name=workflow-name]")).await?;
        browser.type_keys("Store call logs").await?;
        browser.press(Key::Enter).await?;
        browser.wait_for(&card("trigger")).await?;

        // The shortcuts tell themselves.
        tab_to(browser, &css(".cards[role=tree]")).await?;
        browser.type_keys("?").await?;
        browser.wait_for_words(&css("dialog[open]"), "Undo").await?;
        browser.press(Key::Escape).await?;
        browser.wait_gone(&css("dialog[open]")).await?;

        add(
            browser,
            "list extension call",
            "list_extension_call_logs",
            "ringcentral-1",
        )
        .await?;
        authenticate(browser, "Front desk").await?;
        add(browser, "loop list", "loop_list", "loop-1").await?;
        connect(browser, "/list", "records", "$.steps.ringcentral-1.records").await?;
        add(browser, "create row", "create_row", "google-sheets-1").await?;
        authenticate(browser, "Sheets").await?;
        tab_to(browser, &css("#tab-Authenticate")).await?;
        browser.press(Key::Right).await?;
        browser
            .wait_for(&css("#tab-Inputs[aria-selected=true]"))
            .await?;
        choose(browser, "/spreadsheet_id", job::SPREADSHEET).await?;
        choose(browser, "/worksheet", job::WORKSHEET).await?;
        let value = |key: &str| format!("$.steps.loop-1.value.{key}");
        connect(browser, "/row/Direction", "direction", &value("direction")).await?;
        connect(
            browser,
            "/row/fromPhone",
            "from phoneNumber",
            &value("from.phoneNumber"),
        )
        .await?;
        connect(
            browser,
            "/row/toPhone",
            "to phoneNumber",
            &value("to.phoneNumber"),
        )
        .await?;
        saved(browser).await?;
        browser.picture("seed_job_by_keyboard/built").await?;

        let world = stage.server.world();
        let expected = expected_rows(&world).await?;
        enter(browser, &button("Run")).await?;
        browser
            .wait_gone(&css(".run-bar[data-run-status=none]"))
            .await?;
        run_ends(browser, "succeeded").await?;
        let spreadsheet = job::spreadsheet(&world).await?;
        compare(&written_rows(&world, &spreadsheet).await?, &expected)?;
        enter(browser, &button("Debug")).await?;
        browser
            .wait_for(&tab("Output").inside(&css(".drawer")))
            .await?;
        ensure!(browser.count(&css(".card.wrong, .loop.wrong")).await? == 0);
        Ok(())
    })
    .await
}
