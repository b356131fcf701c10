//! Connectors

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConnectorsPage() -> impl IntoView {
    view! { <PageHeader title="Connectors"/> }
}
