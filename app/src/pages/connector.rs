//! Connector

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConnectorPage() -> impl IntoView {
    view! { <PageHeader title="Connector"/> }
}
