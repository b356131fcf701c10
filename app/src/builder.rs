//! The builder, `/workflows/:id`: palette, canvas, panel and drawer round one workflow.
//!
//! The server renders a calm skeleton of it; the parts that react are mounted in the browser, where pointer, storage
//! and event streams are.

pub mod browser;
pub mod change;
pub mod history;
pub mod label;
pub mod moves;
pub mod names;
pub mod nodes;
pub mod outbox;
pub mod panel;
pub mod snake;
pub mod state;
pub mod tree;

pub use state::BuilderState;

use leptos::prelude::*;

/// The page.
#[component]
pub fn BuilderPage() -> impl IntoView {
    view! { <p>"…"</p> }
}
