//! A check box with its text.

use leptos::prelude::*;

/// A check box; the text is its label.
#[component]
pub fn Checkbox(
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="checkbox">
            <input
                type="checkbox"
                prop:checked=checked
                checked=checked.get_untracked()
                disabled=disabled
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span class="checkbox-text">{children()}</span>
        </label>
    }
    .into_any()
}
