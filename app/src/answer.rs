//! What a page says about itself to whoever asked for it over HTTP.

use leptos::prelude::*;
use std::sync::Arc;

/// Sets the status of the answer; the server puts it into the context of each page that it renders.
#[derive(Clone)]
pub struct SetStatus(pub Arc<dyn Fn(u16) + Send + Sync>);

/// What the page is about does not exist. Nothing in the browser.
pub(crate) fn not_found() {
    if let Some(SetStatus(set)) = use_context() {
        set(404);
    }
}
