//! Every page, in light and dark, wide and narrow: complete, quiet, and never wider than the window.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Browser, Stage, Theme, css, story, until};
use serde_json::json;

use crate::support::caller::{Caller, OWNER_PASSWORD};
use crate::support::job;
use crate::support::person::{card, first_account};
use crate::support::sign_in::{GOOGLE, RINGCENTRAL};

const WIDTHS: [u32; 2] = [1440, 900];

/// Looks at the page that is open in all ways and takes its pictures; every finding is told.
async fn look(browser: &Browser, name: &str, findings: &mut Vec<String>) -> Result<()> {
    until(&format!("{name} to be complete"), async || {
        let state = browser
            .script(
                "return document.readyState === 'complete' && !document.querySelector('[aria-busy=true]')",
                Vec::new(),
            )
            .await?;
        Ok((state == true).then_some(()))
    })
    .await?;
    for width in WIDTHS {
        for theme in [Theme::Light, Theme::Dark] {
            browser
                .screenshot(&format!("pages/{name}"), theme, width)
                .await?;
        }
        browser.size(width, 900).await?;
        let facts = browser
            .script(
                "const page = document.scrollingElement; \
                 const visible = [...document.querySelectorAll('h1')].filter((h) => h.checkVisibility()); \
                 return { wide: page.scrollWidth, window: page.clientWidth, headings: visible.length, \
                          title: document.title }",
                Vec::new(),
            )
            .await?;
        if facts["wide"].as_u64() > facts["window"].as_u64() {
            findings.push(format!(
                "{name} is {} wide in a window of {}",
                facts["wide"], facts["window"]
            ));
        }
        if facts["headings"] != 1 {
            findings.push(format!("{name} has {} first headings", facts["headings"]));
        }
        if facts["title"].as_str().unwrap_or_default().is_empty() {
            findings.push(format!("{name} has no title"));
        }
    }
    browser.prefer(Theme::Light).await?;
    browser.size(1440, 900).await
}

/// The ids that the pages are about.
struct World {
    workflow: String,
    broken: String,
    run: String,
    failed: String,
    invitation: String,
}

/// A workflow that ran, one that failed, authentications and an invitation.
async fn furnish(stage: &Stage) -> Result<World> {
    let (caller, world) = (Caller::browser(&stage.server.url())?, stage.server.world());
    let body = json!({ "email": "olive@example.com", "password": OWNER_PASSWORD });
    caller.post("/session", &body).await?.good()?;
    let ringcentral = RINGCENTRAL.connect(&caller).await?;
    let google = GOOGLE.connect(&caller).await?;
    let spreadsheet = job::spreadsheet(&world).await?;
    let document = job::document(&ringcentral, &google, &spreadsheet);
    let workflow = caller.create_workflow(&document).await?;
    let run = caller.run(&workflow).await?;
    let mut wrong = document;
    wrong["name"] = json!("Store call logs in a sheet that is gone");
    wrong["steps"][1]["body"][0]["inputs"]["spreadsheet_id"] = json!("1gone");
    let broken = caller.create_workflow(&wrong).await?;
    let failed = caller.run(&broken).await?;
    ensure!(failed["status"] == "failed", "{failed}");
    caller
        .post("/tokens", &json!({ "name": "Reports" }))
        .await?
        .good()?;
    let invitation = caller
        .post(
            "/invitations",
            &json!({ "role": "builder", "email": "ben@example.com" }),
        )
        .await?
        .good()?;
    let id = |run: &serde_json::Value| run["id"].as_str().unwrap_or_default().to_owned();
    let link = invitation["link"].as_str().context("no link")?;
    Ok(World {
        workflow,
        broken,
        run: id(&run),
        failed: id(&failed),
        invitation: link.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}

#[tokio::test]
async fn every_page_is_complete_and_fits() -> Result<()> {
    story("pages", &["--demo"], async |stage| {
        let mut findings = Vec::new();
        stage.visit("/welcome").await?;
        look(&stage.browser, "first-run", &mut findings).await?;
        first_account(stage).await?;
        for (name, path) in [
            ("workflows-empty", "/"),
            ("runs-empty", "/runs"),
            ("authentications-empty", "/authentications"),
        ] {
            stage.visit(path).await?;
            look(&stage.browser, name, &mut findings).await?;
        }
        let world = furnish(stage).await?;
        // The columns of a spreadsheet that is gone cannot be asked for.
        stage.browser.expect_console_error("502");
        let pages = [
            ("workflows", "/".to_owned()),
            ("builder", format!("/workflows/{}", world.workflow)),
            ("builder-failed", format!("/workflows/{}", world.broken)),
            ("runs", "/runs".to_owned()),
            ("run", format!("/runs/{}", world.run)),
            ("run-failed", format!("/runs/{}", world.failed)),
            ("authentications", "/authentications".to_owned()),
            ("connectors", "/connectors".to_owned()),
            ("connector", "/connectors/ringcentral".to_owned()),
            ("settings-profile", "/settings".to_owned()),
            ("settings-people", "/settings/people".to_owned()),
            ("settings-environments", "/settings/environments".to_owned()),
            ("settings-tokens", "/settings/tokens".to_owned()),
            ("settings-audit", "/settings/audit".to_owned()),
            ("guides", "/guides".to_owned()),
            ("guide-data", "/guides/working-with-data".to_owned()),
            ("guide-snake", "/guides/connector-snake".to_owned()),
            ("guide-jsonpaths", "/guides/jsonpaths".to_owned()),
            (
                "guide-authentications",
                "/guides/authentications".to_owned(),
            ),
            ("guide-polling", "/guides/polling".to_owned()),
        ];
        for (name, path) in &pages {
            stage.visit(path).await?;
            if name.starts_with("builder") {
                stage.browser.click(&card("google-sheets-1")).await?;
                stage.browser.wait_for(&css("[data-field]").nth(0)).await?;
            }
            look(&stage.browser, name, &mut findings).await?;
        }
        stage.browser.web().delete_all_cookies().await?;
        for (name, path) in [
            ("sign-in", "/sign-in".to_owned()),
            ("invitation", format!("/invitations/{}", world.invitation)),
        ] {
            stage.visit(&path).await?;
            look(&stage.browser, name, &mut findings).await?;
        }
        ensure!(findings.is_empty(), "{}", findings.join("\n"));
        Ok(())
    })
    .await
}
