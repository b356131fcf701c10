//! The frame of every story: a fresh server and browser, a verdict on the console, and on failure a
//! picture and the server's log.

use std::panic::AssertUnwindSafe;

use anyhow::{Context, Result, anyhow};
use futures::FutureExt;

use crate::browser::Browser;
use crate::server::Server;
use crate::settings::Settings;

/// What a story plays on.
pub struct Stage {
    pub settings: Settings,
    pub server: Server,
    pub browser: Browser,
}

impl Stage {
    /// An address of the server, such as `/workflows`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    /// Looks at a page of the server.
    pub async fn visit(&self, path: &str) -> Result<()> {
        self.browser.visit(&self.at(path)).await
    }
}

/// Plays a story on `patchbay serve` with these further arguments. The name is that of its pictures.
pub async fn story(
    name: &str,
    arguments: &[&str],
    play: impl AsyncFnOnce(&mut Stage) -> Result<()>,
) -> Result<()> {
    let settings = Settings::from_environment()?;
    let mut stage = Stage {
        server: Server::start(&settings, arguments).await?,
        browser: Browser::start(&settings).await?,
        settings,
    };
    // A failed assertion is a panic, and the browser has to be ended all the same.
    let played = AssertUnwindSafe(play(&mut stage)).catch_unwind().await;
    let mut result = played.unwrap_or_else(|panic| Err(anyhow!(words_of(panic.as_ref()))));
    if result.is_ok() {
        result = stage.browser.check_console().await;
    }
    if result.is_err() {
        let picture = stage.browser.picture(&format!("failed/{name}")).await;
        let picture =
            picture.map_or_else(|error| error.to_string(), |path| path.display().to_string());
        let console = stage.browser.check_console().await.err();
        let console = console.map_or_else(String::new, |error| format!("{error:#}\n"));
        let log = stage.server.log();
        result = result.with_context(|| {
            format!("story “{name}” failed\npicture: {picture}\n{console}the server said:\n{log}")
        });
    }
    let quit = stage.browser.quit().await;
    result?;
    quit?;
    stage.server.stop().await
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().cloned();
    let literal = panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned());
    words
        .or(literal)
        .unwrap_or_else(|| "the story panicked".to_owned())
}
