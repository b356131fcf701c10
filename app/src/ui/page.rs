//! The head of a page and the parts below it.

use leptos::prelude::*;
use leptos_meta::Title;

/// Title, a sentence, and what can be done; also the document's title.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] summary: Signal<String>,
    /// Buttons on the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=move || format!("{} · Patchbay", title.get())/>
        <header class="page-header">
            <div class="page-header-text">
                <h1>{title}</h1>
                <p>{summary}</p>
            </div>
            <div class="page-header-actions">{children.map(|children| children())}</div>
        </header>
    }
    .into_any()
}

/// A titled card of a page.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(optional, into)] summary: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section">
            <div class="section-head">
                <h2>{title}</h2>
                {(!summary.is_empty()).then(|| view! { <p>{summary}</p> })}
            </div>
            {children()}
        </section>
    }
    .into_any()
}
