//! Run

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn RunPage() -> impl IntoView {
    view! { <PageHeader title="Run"/> }
}
