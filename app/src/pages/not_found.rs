//! An address that leads nowhere.

use crate::ui::{EmptyState, Glyph, LinkButton};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    crate::answer::not_found();
    view! {
        <Title text="Not found · Patchbay"/>
        <main class="entrance">
            <EmptyState title="There is no such page" glyph=Glyph::Search>
                <p>"The address may be mistyped, or what was here is gone."</p>
                <LinkButton href="/">"Go to the workflows"</LinkButton>
            </EmptyState>
        </main>
    }
    .into_any()
}
