//! Runs

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {
    view! { <PageHeader title="Runs"/> }
}
