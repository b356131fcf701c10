//! A labelled field for text.

use leptos::{either::Either, prelude::*};

/// A labelled field. `name` is unique on the page.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] help: Signal<String>,
    /// What is wrong with the value; empty: nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// `text`, `email`, `password`, `url`, …
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] required: bool,
    /// More than one line.
    #[prop(optional)]
    rows: Option<u32>,
    #[prop(optional)] mono: bool,
    /// Gets the focus when it appears.
    #[prop(optional)]
    focus: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let help_id = format!("{id}-help");
    if focus {
        crate::browser::focus_when_shown(id.clone());
    }
    let described = help_id.clone();
    let class = if mono { "input mono" } else { "input" };
    let invalid = move || error.with(|error| (!error.is_empty()).then_some("true"));
    let field = match rows {
        Some(rows) => Either::Left(view! {
            <textarea
                id=id.clone()
                name=name
                class=class
                rows=rows
                prop:value=value
                placeholder=placeholder
                required=required
                disabled=disabled
                autofocus=focus
                spellcheck=mono.then_some("false")
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }),
        None => Either::Right(view! {
            <input
                id=id.clone()
                name=name
                class=class
                type=kind
                prop:value=value
                value=value.get_untracked()
                placeholder=placeholder
                autocomplete=autocomplete
                required=required
                disabled=disabled
                autofocus=focus
                spellcheck=mono.then_some("false")
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| value.set(event_target_value(&event))
            />
        }),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
                {required.then(|| view! { <em class="required" aria-hidden="true">"*"</em> })}
            </label>
            {field}
            <p class="field-help" id=help_id class:field-error=move || error.with(|error| !error.is_empty())>
                {move || error.with(|error| if error.is_empty() { help.get() } else { error.clone() })}
            </p>
        </div>
    }
    .into_any()
}
