//! Authentications

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn AuthenticationsPage() -> impl IntoView {
    view! { <PageHeader title="Authentications"/> }
}
