//! Welcome

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn WelcomePage() -> impl IntoView {
    view! { <PageHeader title="Welcome"/> }
}
