//! Guides: each one screen long, illustrated, one click from where it is needed.

use leptos::prelude::*;

/// A guide by name: `jsonpaths`, `connector-snake`, `working-with-data`, `authentications`, `polling`.
#[component]
pub fn Guide(#[prop(into)] name: String) -> impl IntoView {
    view! { <article class="guide">{name}</article> }
}
