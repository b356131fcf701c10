//! The connector-snake: the cable from a field to a value of an earlier step.

use leptos::prelude::*;

/// Draws the cable over everything while one is being drawn.
#[component]
pub fn SnakeLayer() -> impl IntoView {
    view! { <div class="snake-layer"></div> }
}
