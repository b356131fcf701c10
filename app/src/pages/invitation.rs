//! Invitation

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn InvitationPage() -> impl IntoView {
    view! { <PageHeader title="Invitation"/> }
}
