//! What stands where there is nothing yet.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// Says what belongs here and how to begin.
#[component]
pub fn EmptyState(#[prop(into)] title: String, glyph: Glyph, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph/>
            <h2>{title}</h2>
            {children()}
        </div>
    }
    .into_any()
}
