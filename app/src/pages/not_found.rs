//! Not found

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <PageHeader title="Not found"/> }
}
