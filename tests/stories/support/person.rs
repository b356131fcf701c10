//! A person at the screen: gets in, begins a workflow, adds steps, signs in at a service.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Browser, Place, Stage, button, css, dialog, field, heading, until};

use super::caller::OWNER_PASSWORD;

/// Makes the first account and ends on the list of workflows.
pub(crate) async fn first_account(stage: &Stage) -> Result<()> {
    stage.visit("/").await?;
    let browser = &stage.browser;
    browser.wait_for_url("/welcome").await?;
    browser.wait_for(&css("form[data-ready=true]")).await?;
    for (label, words) in [
        ("Organisation", "Harbour Pine"),
        ("Your name", "Olive Owner"),
        ("E-mail", "olive@example.com"),
        ("Password", OWNER_PASSWORD),
    ] {
        browser.fill(&field(label), words).await?;
    }
    browser.click(&button("Create the account")).await?;
    browser.wait_for(&heading("Workflows").nth(0)).await?;
    Ok(())
}

/// Begins an empty workflow with a manual trigger and ends in the builder.
pub(crate) async fn new_workflow(browser: &Browser, name: &str) -> Result<()> {
    let window = dialog("New workflow");
    // The page is readable before it is alive: who presses too early presses again.
    until("the dialog for a new workflow", async || {
        if browser.count(&window).await? == 0 {
            browser.click(&button("New workflow").nth(0)).await?;
        }
        Ok((browser.count(&window).await? == 1).then_some(()))
    })
    .await?;
    browser.fill(&field("Name").inside(&window), name).await?;
    browser
        .click(&button("Create workflow").inside(&window))
        .await?;
    browser.wait_for_url("/workflows/wf_").await?;
    browser.wait_for(&card("trigger")).await?;
    Ok(())
}

/// The card or box of a step.
pub(crate) fn card(step: &str) -> Place {
    css(&format!("[data-step=\"{step}\"]"))
}

/// The row of a field in the properties panel.
pub(crate) fn input(pointer: &str) -> Place {
    css(&format!("[data-field=\"{pointer}\"]"))
}

/// A part of such a row.
pub(crate) fn part(pointer: &str, selector: &str) -> Place {
    css(&format!("[data-field=\"{pointer}\"] {selector}"))
}

/// The `+` of a place, such as `workflow/steps/0` or `loop-1/body/0`.
pub(crate) fn plus(slot: &str) -> Place {
    css(&format!(".plus[data-slot=\"{slot}\"]"))
}

/// Searches an operation in the palette and drags it to the `+` of a place.
pub(crate) async fn drag_operation(
    browser: &Browser,
    connector: &str,
    operation: &str,
    words: &str,
    to: &str,
) -> Result<()> {
    browser.fill(&css("[data-palette-search]"), words).await?;
    let offer = css(&format!(
        ".palette-operation[data-connector=\"{connector}\"][data-operation=\"{operation}\"]"
    ));
    browser.drag(&offer, &plus(to)).await
}

/// Makes an authentication in the dialog that is open: name, owner, permissions; then answers at the
/// service as Ana.
pub(crate) async fn authenticate(browser: &Browser, title: &str, name: &str) -> Result<()> {
    open_sign_in(browser, title, name).await?;
    let opener = browser.switch_to_popup().await?;
    browser
        .click(&css("button[name=person][value=ana]"))
        .await?;
    browser
        .click(&css("button[name=decision][value=allow]"))
        .await?;
    browser.switch_to(opener).await?;
    browser.wait_for_popup_to_close().await?;
    chosen_authentication(browser, name).await
}

/// Everything of the dialog up to the service's page.
pub(crate) async fn open_sign_in(browser: &Browser, title: &str, name: &str) -> Result<()> {
    let first = dialog(title);
    browser.fill(&field("Name").inside(&first), name).await?;
    browser
        .click(&css(".option-card:has([name=authentication-owner])").nth(1))
        .await?;
    browser.click(&button("Next")).await?;
    browser.wait_for(&css(".scope-list")).await?;
    browser
        .click(&button("Create authentication").partly())
        .await
}

/// Waits until the Authenticate tab shows this one as chosen.
pub(crate) async fn chosen_authentication(browser: &Browser, name: &str) -> Result<()> {
    browser
        .wait_for_words(&css(".auth-card .auth-head b"), name)
        .await?;
    let select = css("#auth-select");
    ensure!(
        !browser.value(&select).await?.is_empty(),
        "nothing is chosen"
    );
    Ok(())
}

/// Waits until everything is saved.
pub(crate) async fn saved(browser: &Browser) -> Result<()> {
    browser.wait_for(&css("[data-save-state=saved]")).await?;
    Ok(())
}

/// Draws the cable from a field to a step and drops it on a value there.
pub(crate) async fn drop_cable(
    browser: &Browser,
    pointer: &str,
    step: &str,
    path: &str,
) -> Result<()> {
    saved(browser).await?;
    browser.grab(&part(pointer, ".sock")).await?;
    browser.wait_for(&css("svg.snake")).await?;
    browser.move_over(step_head(step).as_ref(), (0, 0)).await?;
    let value = value(path);
    browser.wait_for(&value).await?;
    browser.move_over(&value, (0, 0)).await?;
    browser.drop_here().await?;
    connected(browser, pointer, path).await
}

/// Draws the cable to a step, lets go there, opens the values on the way, and clicks on one.
pub(crate) async fn rest_cable_and_click(
    browser: &Browser,
    pointer: &str,
    step: &str,
    path: &str,
) -> Result<()> {
    saved(browser).await?;
    browser.grab(&part(pointer, ".sock")).await?;
    browser.wait_for(&css("svg.snake")).await?;
    browser.move_over(step_head(step).as_ref(), (0, 0)).await?;
    browser.wait_for(&css(".snake-popover .path-tree")).await?;
    browser.drop_here().await?;
    let parent = path.rsplit_once('.').map_or(path, |(parent, _)| parent);
    if browser.count(&value(path)).await? == 0 {
        let twist = css(&format!(".snake-popover [data-path=\"{parent}\"] .twist"));
        browser.click(&twist).await?;
    }
    browser.click(&value(path)).await?;
    connected(browser, pointer, path).await
}

/// Waits until the chip of a field shows the last key of the path, and the document has it.
async fn connected(browser: &Browser, pointer: &str, path: &str) -> Result<()> {
    let last = path.rsplit('.').next().unwrap_or_default();
    browser
        .wait_for_words(&part(pointer, ".chip-box"), last)
        .await?;
    browser.wait_gone(&css("svg.snake")).await
}

/// Where a person points at a step: a loop is pointed at by its head, since steps stand inside it.
fn step_head(step: &str) -> Box<Place> {
    let selector = format!("[data-step=\"{step}\"]");
    Box::new(if step.starts_with("loop") {
        css(&format!("{selector} > .loop-head"))
    } else {
        css(&selector)
    })
}

fn value(path: &str) -> Place {
    css(&format!(".snake-popover [data-path=\"{path}\"]"))
}

/// Chooses an entry that the service put into a drop-down.
pub(crate) async fn choose(browser: &Browser, pointer: &str, title: &str) -> Result<()> {
    browser
        .click(&part(pointer, "input[role=combobox]"))
        .await?;
    let entry = patchbay_tests::option(title)
        .partly()
        .inside(&input(pointer));
    browser.click(&entry).await?;
    let shown = part(pointer, "input[role=combobox]");
    until(&format!("{title} in {pointer}"), async || {
        Ok((browser.value(&shown).await? == title).then_some(()))
    })
    .await
}

/// Which run status the bar below the canvas shows.
pub(crate) async fn run_status(browser: &Browser) -> Result<String> {
    let status = browser
        .attribute(&css(".run-bar"), "data-run-status")
        .await?;
    status.context("the bar has no status")
}

/// Waits for the end of the run and that it is this one. `until` gives up too early for a slow run.
pub(crate) async fn run_ends(browser: &Browser, wanted: &str) -> Result<()> {
    loop {
        let status = run_status(browser).await?;
        if ["succeeded", "failed", "cancelled"].contains(&status.as_str()) {
            let words = browser.text(&css(".run-bar")).await?;
            ensure!(status == wanted, "the run {status}: {words}");
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// The title of the dialog that connects a RingCentral account.
pub(crate) const SIGN_IN_DIALOG: &str = "New RingCentral authentication";

/// From a server without an account to the builder with that dialog's first page open.
pub(crate) async fn open_sign_in_dialog(stage: &Stage) -> Result<()> {
    first_account(stage).await?;
    let browser = &stage.browser;
    new_workflow(browser, "Calls").await?;
    let (words, after) = ("list extension call", "workflow/steps/0");
    drag_operation(
        browser,
        "ringcentral",
        "list_extension_call_logs",
        words,
        after,
    )
    .await?;
    saved(browser).await?;
    browser.click(&button("New authentication")).await?;
    browser.wait_for(&dialog(SIGN_IN_DIALOG)).await?;
    Ok(())
}
