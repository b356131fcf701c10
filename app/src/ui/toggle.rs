//! A switch.

use leptos::prelude::*;

/// A switch that takes effect at once.
#[component]
pub fn Toggle(
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
    #[prop(into)] label: Signal<String>,
    /// Only the switch is shown; the label is for screen readers.
    #[prop(optional)]
    bare: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            class="toggle"
            r#type="button"
            role="switch"
            aria-checked=move || if checked.get() { "true" } else { "false" }
            aria-label=move || bare.then(|| label.get())
            disabled=disabled
            on:click=move |_| on_change.run(!checked.get_untracked())
        >
            {(!bare).then(|| view! { <span>{label}</span> })}
            <span class="toggle-track" aria-hidden="true"></span>
        </button>
    }
    .into_any()
}
