//! The seed's job as a person does it with a pointer, from the first account to the rows in the
//! sheet, without typing a path.

use anyhow::{Result, ensure};
use patchbay_tests::{Stage, button, css, story, tab, until};

use crate::support::job::{self, compare, expected_rows, written_rows};
use crate::support::person::{
    authenticate, card, choose, drag_operation, drop_cable, first_account, new_workflow,
    rest_cable_and_click, run_ends, run_status, saved,
};

#[tokio::test]
async fn the_seeds_job_is_done_with_clicks_and_drags() -> Result<()> {
    story("seed_job_by_mouse", &["--demo"], async |stage| {
        first_account(stage).await?;
        build(stage).await?;
        run(stage).await?;
        restart(stage).await
    })
    .await
}

/// From the empty list of workflows to a workflow without problems.
async fn build(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    new_workflow(browser, "Store call logs").await?;

    let words = "list extension call";
    drag_operation(
        browser,
        "ringcentral",
        "list_extension_call_logs",
        words,
        "workflow/steps/0",
    )
    .await?;
    browser.wait_for(&card("ringcentral-1")).await?;
    browser.click(&button("New authentication")).await?;
    authenticate(browser, "New RingCentral authentication", "Front desk").await?;
    browser.picture("seed_job_by_mouse/1-authenticated").await?;

    let after = "workflow/steps/1";
    drag_operation(browser, "loop", "loop_list", "loop list", after).await?;
    browser.wait_for(&card("loop-1")).await?;
    drop_cable(
        browser,
        "/list",
        "ringcentral-1",
        "$.steps.ringcentral-1.records",
    )
    .await?;

    let inside = "loop-1/body/0";
    drag_operation(browser, "google-sheets", "create_row", "create row", inside).await?;
    browser.wait_for(&card("google-sheets-1")).await?;
    browser.click(&button("New authentication")).await?;
    authenticate(browser, "New Google authentication", "Sheets").await?;
    browser.click(&tab("Inputs")).await?;
    choose(browser, "/spreadsheet_id", job::SPREADSHEET).await?;
    choose(browser, "/worksheet", job::WORKSHEET).await?;
    let value = |key: &str| format!("$.steps.loop-1.value.{key}");
    drop_cable(browser, "/row/Direction", "loop-1", &value("direction")).await?;
    rest_cable_and_click(
        browser,
        "/row/fromPhone",
        "loop-1",
        &value("from.phoneNumber"),
    )
    .await?;
    rest_cable_and_click(browser, "/row/toPhone", "loop-1", &value("to.phoneNumber")).await?;
    saved(browser).await?;
    browser
        .wait_for_count(&css(".card.wrong, .loop.wrong"), 0)
        .await?;
    browser.picture("seed_job_by_mouse/2-built").await?;
    Ok(())
}

/// Presses Run, watches it, and compares the sheet with the call log.
async fn run(stage: &Stage) -> Result<()> {
    let (browser, world) = (&stage.browser, stage.server.world());
    let spreadsheet = job::spreadsheet(&world).await?;
    let expected = expected_rows(&world).await?;
    // Slow enough that there is something to watch.
    world.slow_down(15).await?;
    browser.click(&button("Run")).await?;
    let total = expected.len();
    until("some of the items to be done", async || {
        let words = browser.text(&css(".run-bar-text")).await?;
        let done = words
            .split(" of ")
            .next()
            .and_then(|text| text.rsplit(' ').next()?.parse::<usize>().ok());
        let half = done.is_some_and(|done| done > 0 && done < total)
            && words.contains(&format!("of {total} items"));
        Ok((run_status(browser).await? == "running" && half).then_some(()))
    })
    .await?;
    browser.picture("seed_job_by_mouse/3-running").await?;
    run_ends(browser, "succeeded").await?;
    for step in ["ringcentral-1", "loop-1", "google-sheets-1"] {
        browser
            .wait_for(&css(&format!(
                "[data-step=\"{step}\"][data-status=succeeded]"
            )))
            .await?;
    }
    compare(&written_rows(&world, &spreadsheet).await?, &expected)?;

    // The drawer shows what one iteration was given.
    browser.click(&button("Debug")).await?;
    browser.click(&card("google-sheets-1")).await?;
    browser
        .wait_for_words(&css(".drawer-pager"), &format!("of {total}"))
        .await?;
    let number = css(".drawer-pager input");
    browser.fill(&number, "38").await?;
    browser.press(patchbay_tests::Key::Enter).await?;
    browser.click(&tab("Input").inside(&css(".drawer"))).await?;
    for cell in &expected[37] {
        browser.wait_for_words(&css(".drawer-body"), cell).await?;
    }
    browser.picture("seed_job_by_mouse/4-drawer").await?;
    Ok(())
}

/// Looks again after a reload and after a restart of the server.
async fn restart(stage: &mut Stage) -> Result<()> {
    let address = stage.browser.url().await?;
    let there = async |stage: &Stage| -> Result<()> {
        stage.browser.visit(&address).await?;
        for step in ["trigger", "ringcentral-1", "loop-1", "google-sheets-1"] {
            stage.browser.wait_for(&card(step)).await?;
        }
        until("the last run on the cards", async || {
            Ok((run_status(&stage.browser).await? == "succeeded").then_some(()))
        })
        .await
    };
    there(stage).await?;
    // A page that is open while the server is away has reason to complain; this one is not.
    stage.browser.visit("about:blank").await?;
    stage.server.stop().await?;
    stage.server.resume().await?;
    there(stage).await?;
    stage.visit("/runs").await?;
    let browser = &stage.browser;
    browser
        .wait_for_words(&css("main"), "Store call logs")
        .await?;
    browser.wait_for_words(&css("main"), "Succeeded").await?;
    stage.visit("/authentications").await?;
    for name in ["Front desk", "Sheets"] {
        browser.wait_for_words(&css("main"), name).await?;
    }
    let words = browser.text(&css(".rows")).await?;
    ensure!(!words.contains("econnect"), "{words}");
    Ok(())
}
