//! Workflows

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn WorkflowsPage() -> impl IntoView {
    view! { <PageHeader title="Workflows"/> }
}
