//! Sign in

use crate::ui::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <PageHeader title="Sign in"/> }
}
