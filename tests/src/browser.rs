//! A person at a browser: looks, clicks, drags, types, and takes pictures.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver, WebElement,
    WindowHandle,
};

pub use thirtyfour::Key;

use crate::console::Console;
use crate::driver::Driver;
use crate::locate::{FIND, Place};
use crate::patience::until;
use crate::settings::Settings;

/// What the browser says the person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// One headless Chromium with a profile of its own: nothing is remembered from story to story.
pub struct Browser {
    web: WebDriver,
    console: Console,
    screenshots: PathBuf,
    // Dropped after the session: the driver first, then the profile it writes to.
    _driver: Driver,
    _profile: TempDir,
}

const HEIGHT: u32 = 900;
const WIDTH: u32 = 1440;

impl Browser {
    pub async fn start(settings: &Settings) -> Result<Self> {
        crate::crypto();
        let driver = Driver::start(&settings.driver).await?;
        let profile = tempfile::tempdir()?;
        let web = WebDriver::new(&driver.url, capabilities(settings, &profile)?)
            .await
            .context("chromedriver gives no session")?;
        let browser = Self {
            web,
            console: Console::default(),
            screenshots: settings.screenshots.clone(),
            _driver: driver,
            _profile: profile,
        };
        browser.size(WIDTH, HEIGHT).await?;
        Ok(browser)
    }

    /// The protocol itself, for what is missing here.
    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    pub async fn visit(&self, url: &str) -> Result<()> {
        self.web
            .goto(url)
            .await
            .with_context(|| format!("cannot visit {url}"))
    }

    pub async fn url(&self) -> Result<String> {
        Ok(self.web.current_url().await?.to_string())
    }

    /// Waits until the address of the page contains these words.
    pub async fn wait_for_url(&self, words: &str) -> Result<()> {
        until(&format!("an address with {words}"), async || {
            Ok(self.url().await?.contains(words).then_some(()))
        })
        .await
    }

    /// The elements there are now; none is an answer too.
    pub async fn all(&self, place: &Place) -> Result<Vec<WebElement>> {
        let found = self.web.execute(FIND, vec![place.query.clone()]).await?;
        Ok(found.elements()?)
    }

    pub async fn count(&self, place: &Place) -> Result<usize> {
        Ok(self.all(place).await?.len())
    }

    /// Waits for the place to be on the page; several of it are an error, since a person would not
    /// know which is meant either.
    pub async fn wait_for(&self, place: &Place) -> Result<WebElement> {
        let found = until(&place.description, async || {
            let found = self.all(place).await?;
            if found.len() > 1 {
                bail!("{} fits {} elements", place.description, found.len());
            }
            Ok(found.into_iter().next())
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.what_is_there().await)),
        }
    }

    /// Waits until nothing of it is on the page any more.
    pub async fn wait_gone(&self, place: &Place) -> Result<()> {
        until(&format!("{} to go away", place.description), async || {
            Ok(self.all(place).await?.is_empty().then_some(()))
        })
        .await
    }

    /// Waits until there are this many.
    pub async fn wait_for_count(&self, place: &Place, count: usize) -> Result<()> {
        until(&format!("{count} of {}", place.description), async || {
            let found = self.all(place).await?.len();
            if found != count {
                bail!("there are {found}");
            }
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the words of the place contain these.
    pub async fn wait_for_words(&self, place: &Place, words: &str) -> Result<()> {
        until(
            &format!("“{words}” in {}", place.description),
            async || {
                let found = self.text(place).await?;
                if !found.contains(words) {
                    bail!("it says “{found}”");
                }
                Ok(Some(()))
            },
        )
        .await
    }

    /// Clicks as a pointer does. It is tried again while something lies over the place or it moves.
    pub async fn click(&self, place: &Place) -> Result<()> {
        until(&format!("a click on {}", place.description), async || {
            self.wait_for(place).await?.click().await?;
            Ok(Some(()))
        })
        .await
    }

    pub async fn double_click(&self, place: &Place) -> Result<()> {
        let element = self.wait_for(place).await?;
        self.web
            .action_chain()
            .double_click_element(&element)
            .perform()
            .await?;
        Ok(())
    }

    pub async fn hover(&self, place: &Place) -> Result<()> {
        let element = self.wait_for(place).await?;
        self.web
            .action_chain()
            .move_to_element_center(&element)
            .perform()
            .await?;
        Ok(())
    }

    /// Replaces what a field holds by typing.
    pub async fn fill(&self, place: &Place, words: &str) -> Result<()> {
        let element = self.wait_for(place).await?;
        element.click().await?;
        let all = Key::Control + "a".to_owned();
        element.send_keys(all).await?;
        element.send_keys(Key::Backspace + words.to_owned()).await?;
        Ok(())
    }

    /// Types on the keyboard, wherever the focus is.
    pub async fn type_keys(&self, words: &str) -> Result<()> {
        self.web.action_chain().send_keys(words).perform().await?;
        Ok(())
    }

    /// Presses one key, wherever the focus is.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.web
            .action_chain()
            .key_down(key.clone())
            .key_up(key)
            .perform()
            .await?;
        Ok(())
    }

    /// Presses a key while others are held, such as `chord(&[Key::Control], 'z')`.
    pub async fn chord(&self, held: &[Key], key: char) -> Result<()> {
        let mut chain = self.web.action_chain();
        for held in held {
            chain = chain.key_down(held.clone());
        }
        chain = chain.key_down(key).key_up(key);
        for held in held.iter().rev() {
            chain = chain.key_up(held.clone());
        }
        chain.perform().await?;
        Ok(())
    }

    /// Drags from the middle of one place to the middle of another, over points in between as a hand
    /// does.
    pub async fn drag(&self, from: &Place, to: &Place) -> Result<()> {
        self.drag_to_offset(from, to, (0, 0)).await
    }

    /// The same to a point beside the middle of the target, in CSS pixels.
    pub async fn drag_to_offset(&self, from: &Place, to: &Place, by: (i64, i64)) -> Result<()> {
        self.grab(from).await?;
        self.move_over(to, by).await?;
        self.drop_here().await
    }

    /// Presses the pointer's button on a place, holds it, and moves a little, so that a drag begins.
    pub async fn grab(&self, place: &Place) -> Result<()> {
        self.wait_for(place).await?.scroll_into_view().await?;
        let element = self.wait_still(place).await?;
        self.chain()
            .move_to_element_center(&element)
            .click_and_hold()
            .move_by_offset(3, 3)
            .move_by_offset(4, 4)
            .perform()
            .await
            .with_context(|| format!("cannot grab {}", place.description))
    }

    /// Waits until the place stays where it is, as a hand does before it reaches out.
    async fn wait_still(&self, place: &Place) -> Result<WebElement> {
        let mut before = None;
        until(
            &format!("{} to keep still", place.description),
            async || {
                let element = self.wait_for(place).await?;
                let rect = element.rect().await?;
                let now = (rect.x, rect.y, rect.width, rect.height);
                let still = before.replace(now) == Some(now);
                Ok(still.then_some(element))
            },
        )
        .await
    }

    /// Moves the pointer over a place in a few steps; what is held comes along.
    pub async fn move_over(&self, place: &Place, by: (i64, i64)) -> Result<()> {
        let element = self.wait_for(place).await?;
        self.chain()
            .move_to_element_with_offset(&element, by.0 - 6, by.1 - 6)
            .move_to_element_with_offset(&element, by.0 - 2, by.1 - 2)
            .move_to_element_with_offset(&element, by.0, by.1)
            .perform()
            .await
            .with_context(|| format!("cannot move over {}", place.description))
    }

    /// Moves the pointer by some CSS pixels.
    pub async fn move_by(&self, x: i64, y: i64) -> Result<()> {
        Ok(self.chain().move_by_offset(x, y).perform().await?)
    }

    /// Lets go of the pointer's button.
    pub async fn drop_here(&self) -> Result<()> {
        Ok(self.chain().release().perform().await?)
    }

    fn chain(&self) -> thirtyfour::action_chain::ActionChain {
        self.web
            .action_chain_with_delay(None, Some(Duration::from_millis(20)))
    }

    pub async fn text(&self, place: &Place) -> Result<String> {
        Ok(self.wait_for(place).await?.text().await?)
    }

    /// What a form field holds.
    pub async fn value(&self, place: &Place) -> Result<String> {
        Ok(self
            .wait_for(place)
            .await?
            .value()
            .await?
            .unwrap_or_default())
    }

    pub async fn attribute(&self, place: &Place, name: &str) -> Result<Option<String>> {
        Ok(self.wait_for(place).await?.attr(name).await?)
    }

    /// Runs JavaScript in the page and gives what it returns.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.web.execute(script, arguments).await?.json().clone())
    }

    /// The window we are looking at.
    pub async fn window(&self) -> Result<WindowHandle> {
        Ok(self.web.window().await?)
    }

    /// Waits for a second window and looks at it; gives the first, to come back to.
    pub async fn switch_to_popup(&self) -> Result<WindowHandle> {
        let opener = self.window().await?;
        let popup = until("a pop-up", async || {
            let windows = self.web.windows().await?;
            Ok(windows.into_iter().find(|window| *window != opener))
        })
        .await?;
        self.web.switch_to_window(popup).await?;
        Ok(opener)
    }

    pub async fn switch_to(&self, window: WindowHandle) -> Result<()> {
        Ok(self.web.switch_to_window(window).await?)
    }

    /// Closes the window we look at, as a person does, and looks at another.
    pub async fn close_window(&self, then: WindowHandle) -> Result<()> {
        self.web.close_window().await?;
        self.switch_to(then).await
    }

    /// Waits until one window is left.
    pub async fn wait_for_popup_to_close(&self) -> Result<()> {
        until("the pop-up to close", async || {
            Ok((self.web.windows().await?.len() == 1).then_some(()))
        })
        .await
    }

    /// Size of the page in CSS pixels.
    pub async fn size(&self, width: u32, height: u32) -> Result<()> {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        self.chromium("Emulation.setDeviceMetricsOverride", screen)
            .await
    }

    pub async fn prefer(&self, theme: Theme) -> Result<()> {
        let features = json!({
            "features": [
                { "name": "prefers-color-scheme", "value": theme.name() },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ]
        });
        self.chromium("Emulation.setEmulatedMedia", features).await
    }

    async fn chromium(&self, command: &str, parameters: Value) -> Result<()> {
        self.web
            .cdp()
            .send_raw(command, parameters)
            .await
            .with_context(|| format!("{command} failed"))?;
        Ok(())
    }

    /// A picture of the page as it is, at `screenshots/<name>.png`.
    pub async fn picture(&self, name: &str) -> Result<PathBuf> {
        let path = self.screenshots.join(format!("{name}.png"));
        std::fs::create_dir_all(path.parent().unwrap_or(&self.screenshots))?;
        self.web.screenshot(&path).await?;
        Ok(path)
    }

    /// A picture in this theme and width, at `screenshots/<name>-<theme>-<width>.png`; afterwards the
    /// page has its former width again.
    pub async fn screenshot(&self, name: &str, theme: Theme, width: u32) -> Result<PathBuf> {
        self.size(width, HEIGHT).await?;
        self.prefer(theme).await?;
        self.wait_settled().await?;
        let path = self
            .picture(&format!("{name}-{}-{width}", theme.name()))
            .await?;
        self.size(WIDTH, HEIGHT).await?;
        Ok(path)
    }

    /// Waits until the page wears its theme and no transition is under way, so that a picture shows neither half.
    async fn wait_settled(&self) -> Result<()> {
        until("the page to wear its theme", async || {
            let moving = self
                .script(
                    "document.body.offsetHeight; \
                     return document.getAnimations().filter((animation) => \
                         animation.playState === 'running' && \
                         animation.effect.getComputedTiming().iterations !== Infinity).length",
                    Vec::new(),
                )
                .await?;
            Ok((moving.as_u64() == Some(0)).then_some(()))
        })
        .await
    }

    /// Pictures of the page in light and dark, wide and narrow.
    pub async fn screenshots(&self, name: &str) -> Result<()> {
        for width in [WIDTH, 1024] {
            for theme in [Theme::Light, Theme::Dark] {
                self.screenshot(name, theme, width).await?;
            }
        }
        self.prefer(Theme::Light).await
    }

    /// The console may, and has to, show an error with these words: the story provokes it.
    pub fn expect_console_error(&mut self, words: &str) {
        self.console.expect(words);
    }

    /// Fails on any console error so far that was not expected. A window's errors are read while the
    /// session lives, so a story calls this at its end (`story` does).
    pub async fn check_console(&mut self) -> Result<()> {
        let entries = self.web.browser_log().await?;
        self.console.take(entries);
        self.console.verdict()
    }

    /// Ends the session and the browser.
    pub async fn quit(self) -> Result<()> {
        Ok(self.web.clone().quit().await?)
    }

    /// For an error message: where we are and the first words of the page.
    async fn what_is_there(&self) -> String {
        let url = self.url().await.unwrap_or_default();
        let script = "return document.body ? document.body.innerText.slice(0, 600) : ''";
        let words = self.script(script, Vec::new()).await.unwrap_or_default();
        format!(
            "at {url} the page says:\n{}",
            words.as_str().unwrap_or_default()
        )
    }
}

fn capabilities(settings: &Settings, profile: &TempDir) -> Result<thirtyfour::ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&settings.chromium.to_string_lossy())?;
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--hide-scrollbars",
        "--lang=en-GB",
        "--window-size=1440,900",
    ] {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}
