//! End-to-end tests: the real binary, a real browser, and the sandbox as the outside world.
//!
//! The stories are in `stories/`, one file for each; what they need to act like a person is here.
//! `cargo xtask test` builds everything and names it in the environment; without that the stories
//! fail and say so, because a story that is skipped proves nothing.

mod browser;
mod console;
mod driver;
mod locate;
mod patience;
mod server;
mod service;
mod settings;
mod story;
mod world;

pub use browser::{Browser, Key, Theme};
pub use locate::{
    Place, button, css, dialog, field, heading, link, menu_item, option, role, tab, text,
};
pub use patience::{PATIENCE, until};
pub use server::{Server, free_address};
pub use service::Service;
pub use settings::Settings;
pub use story::{Stage, story};
pub use world::World;

/// The HTTP library wants to be told which cryptography to use even for plain HTTP; that it has
/// been told already is fine.
pub fn crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
