//! Something to read beside the page.

use super::{Glyph, IconButton};
use leptos::{html, prelude::*};

/// A sheet on the right; the page beside it stays usable.
#[component]
pub fn SideSheet(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let sheet = NodeRef::<html::Aside>::new();
    Effect::new(move |_| {
        if let Some(sheet) = sheet.get() {
            // Reading begins here; where focusing fails nothing is lost.
            let _ = sheet.focus();
        }
    });
    view! {
        <aside
            class="side-sheet"
            node_ref=sheet
            tabindex="-1"
            aria-label=title
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    on_close.run(());
                }
            }
        >
            <header class="side-sheet-header">
                <h2>{title}</h2>
                <IconButton glyph=Glyph::Close label="Close" on_click=move |_| on_close.run(())/>
            </header>
            <div class="side-sheet-body">{children()}</div>
        </aside>
    }
    .into_any()
}
