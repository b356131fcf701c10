//! The properties panel of the selected step.

use leptos::prelude::*;

/// The right column: what the selected step is, and everything that can be set about it.
#[component]
pub fn Panel() -> impl IntoView {
    view! { <div class="panel"></div> }
}
