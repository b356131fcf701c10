//! Where the things under test lie, as `cargo xtask test` says in the environment.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// Paths that every story needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server's binary.
    pub server: PathBuf,
    /// The built screen: the folder with `manifest.json`.
    pub site: PathBuf,
    /// The browser.
    pub chromium: PathBuf,
    /// The program that drives it.
    pub driver: PathBuf,
    /// Where pictures go.
    pub screenshots: PathBuf,
}

impl Settings {
    /// Reads the environment; the error says how to get one that is complete.
    pub fn from_environment() -> Result<Self> {
        Ok(Self {
            server: path("PATCHBAY_BIN")?,
            site: path("PATCHBAY_SITE_DIR")?,
            chromium: path("PATCHBAY_CHROMIUM")?,
            driver: path("PATCHBAY_CHROMEDRIVER")?,
            screenshots: path("PATCHBAY_SCREENSHOTS")?,
        })
    }
}

fn path(name: &str) -> Result<PathBuf> {
    env::var_os(name)
        .map(PathBuf::from)
        .with_context(|| format!("{name} is not set: run the stories by `cargo xtask test`"))
}
