//! A field that narrows what is shown while one types.

use super::{Glyph, Icon};
use leptos::{html, prelude::*};

/// A search field.
#[component]
pub fn SearchField(
    value: RwSignal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional)] focus: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    if focus {
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                request_animation_frame(move || {
                    // A field that is gone by then needs no focus.
                    let _ = input.focus();
                });
            }
        });
    }
    view! {
        <span class="search" role="search">
            <Icon glyph=Glyph::Search/>
            <input
                type="search"
                node_ref=input
                aria-label=label
                placeholder=move || {
                    let text = placeholder.get();
                    if text.is_empty() { label.get() } else { text }
                }
                prop:value=value
                autofocus=focus
                on:input=move |event| value.set(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Escape" && !value.with_untracked(String::is_empty) {
                        event.stop_propagation();
                        event.prevent_default();
                        value.set(String::new());
                    }
                }
            />
        </span>
    }
    .into_any()
}
