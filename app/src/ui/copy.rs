//! Text to take along.

use super::{Glyph, Icon};
use crate::browser;
use leptos::{prelude::*, task::spawn_local};

/// Copies a text; says so for two seconds.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied: `Copy link`.
    #[prop(default = "Copy".to_owned(), into)]
    label: String,
    /// Only the picture.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let said = RwSignal::new(None::<bool>);
    let copy = move |_| {
        spawn_local(async move {
            let copied = browser::copy(&text.get_untracked()).await;
            if said.try_set(Some(copied)).is_none() {
                browser::pause(2_000).await;
                said.try_set(None);
            }
        });
    };
    let name = label.clone();
    let shown = move || match said.get() {
        Some(true) => "Copied".to_owned(),
        Some(false) => "Select it and press Ctrl+C".to_owned(),
        None => label.clone(),
    };
    let glyph = move || {
        let glyph = if said.get() == Some(true) {
            Glyph::Check
        } else {
            Glyph::Copy
        };
        view! { <Icon glyph/> }
    };
    view! {
        <button
            class=if bare { "icon-button icon-button-small" } else { "button button-small" }
            r#type="button"
            aria-label=bare.then(|| name.clone())
            title=bare.then_some(name)
            on:click=copy
        >
            {glyph}
            <span class="button-text" class:visually-hidden=bare aria-live="polite">
                {shown}
            </span>
        </button>
    }
    .into_any()
}

/// A text that is there to be copied, with its button.
#[component]
pub fn CopyField(#[prop(into)] text: Signal<String>, #[prop(into)] label: String) -> impl IntoView {
    let name = label.clone();
    view! {
        <div class="copy-field">
            <input class="input mono" readonly prop:value=text value=text.get_untracked() aria-label=name/>
            <CopyButton text label="Copy"/>
        </div>
    }
    .into_any()
}
