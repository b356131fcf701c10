//! Settings

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! { <PageHeader title="Settings"/> }
}
