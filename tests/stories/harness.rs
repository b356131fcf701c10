//! The harness on a page of its own: were it blind or deaf, every story would pass.

use std::io::{Read, Write};
use std::net::TcpListener;

use anyhow::Result;
use patchbay_tests::{
    Browser, Key, Settings, Theme, button, css, dialog, field, heading, role, text,
};

const PAGE: &str = include_str!("harness.html");

/// Serves the page at any path until the process ends, and gives its address.
fn serve_page() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let length = PAGE.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
                 content-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(PAGE.as_bytes());
        }
    });
    Ok(format!("http://{address}/"))
}

/// Plays on the page, and ends the browser whatever happens.
async fn on_page(play: impl AsyncFnOnce(&mut Browser) -> Result<()>) -> Result<()> {
    let mut browser = Browser::start(&Settings::from_environment()?).await?;
    browser.visit(&serve_page()?).await?;
    let result = play(&mut browser).await;
    browser.quit().await?;
    result
}

#[tokio::test]
async fn finds_things_by_role_and_name_and_waits_for_them() -> Result<()> {
    on_page(async |browser| {
        assert_eq!(browser.count(&dialog("Late")).await?, 0);
        browser.click(&button("Open late")).await?;
        browser
            .wait_for(&heading("Late").inside(&dialog("Late")))
            .await?;
        browser
            .click(&button("Close").inside(&dialog("Late")))
            .await?;
        browser.wait_gone(&dialog("Late")).await?;
        browser.check_console().await
    })
    .await
}

#[tokio::test]
async fn two_of_a_name_are_an_error_that_says_so() -> Result<()> {
    on_page(async |browser| {
        assert_eq!(browser.count(&button("Twin")).await?, 2);
        browser.click(&button("Twin").nth(1)).await?;
        browser.wait_for_words(&css("#said"), "second twin").await
    })
    .await
}

#[tokio::test]
async fn types_into_a_field_by_its_label_and_presses_keys() -> Result<()> {
    on_page(async |browser| {
        browser.fill(&field("Full name"), "Ana").await?;
        assert_eq!(browser.value(&field("Full name")).await?, "Ana");
        browser.fill(&field("Full name"), "Ben").await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_words(&css("#said"), "entered Ben").await?;
        browser.chord(&[Key::Control], 'k').await?;
        browser.wait_for_words(&css("#said"), "ctrl k").await
    })
    .await
}

#[tokio::test]
async fn drags_with_pointer_events_in_between() -> Result<()> {
    on_page(async |browser| {
        browser.drag(&css("#socket"), &css("#target")).await?;
        browser
            .wait_for_words(&css("#said"), "dropped on target")
            .await?;
        let moves = browser.script("return window.moves", Vec::new()).await?;
        assert!(moves.as_i64() > Some(3), "{moves} moves");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn follows_a_popup_and_comes_back() -> Result<()> {
    on_page(async |browser| {
        browser.click(&button("Open pop-up")).await?;
        let opener = browser.switch_to_popup().await?;
        browser.wait_for_url("popup").await?;
        browser.click(&button("Close window")).await?;
        browser.switch_to(opener).await?;
        browser.wait_for_popup_to_close().await?;
        browser.wait_for(&text("A page to practise on")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_console_error_fails_the_story_unless_it_was_expected() -> Result<()> {
    on_page(async |browser| {
        browser.check_console().await?;
        browser.click(&button("Complain")).await?;
        browser.wait_for_words(&css("#said"), "complained").await?;
        let verdict = browser.check_console().await;
        assert!(verdict.is_err_and(|error| error.to_string().contains("a complaint")));
        browser.expect_console_error("a complaint");
        browser.check_console().await
    })
    .await
}

#[tokio::test]
async fn takes_pictures_in_both_themes() -> Result<()> {
    on_page(async |browser| {
        let light = browser.screenshot("harness", Theme::Light, 800).await?;
        let scheme = role("status", "").partly();
        browser.wait_for_words(&scheme, "light").await?;
        let dark = browser.screenshot("harness", Theme::Dark, 800).await?;
        browser.wait_for_words(&scheme, "dark").await?;
        assert_ne!(std::fs::read(light)?, std::fs::read(dark)?);
        Ok(())
    })
    .await
}
