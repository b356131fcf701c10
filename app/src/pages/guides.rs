//! Guides

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn GuidesPage() -> impl IntoView {
    view! { <PageHeader title="Guides"/> }
}
