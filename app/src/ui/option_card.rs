//! One of a few choices, as a card with a title and a sentence.

use leptos::prelude::*;

/// A radio button in the shape of a card. Cards of one `name` belong together.
#[component]
pub fn OptionCard(
    #[prop(into)] name: String,
    #[prop(into)] title: String,
    #[prop(into)] checked: Signal<bool>,
    #[prop(into)] on_choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="option-card" class:option-card-on=checked>
            <input
                type="radio"
                name=name
                prop:checked=checked
                checked=checked.get_untracked()
                on:change=move |_| on_choose.run(())
            />
            <b>{title}</b>
            <span>{children()}</span>
        </label>
    }
    .into_any()
}
