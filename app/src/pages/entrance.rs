//! What the pages before signing in have in common: a card in the middle, and fields that may be filled in (by the
//! browser, too) before the page is taken over.

use crate::{
    browser,
    failure::Failure,
    job::Job,
    ui::{Button, ButtonKind, FailureLine, Logo},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;

/// The card.
#[component]
pub(super) fn Entrance(
    #[prop(into)] title: String,
    #[prop(into)] summary: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=format!("{title} · Patchbay")/>
        <main class="entrance">
            <div class="entrance-card">
                <Logo/>
                <h1>{title}</h1>
                <p class="muted">{summary}</p>
                {children()}
            </div>
        </main>
    }
    .into_any()
}

/// A form of entrance fields with its one button.
#[component]
pub(super) fn EntranceForm(
    job: Job,
    #[prop(into)] button: String,
    /// Takes the values from the form: see [`browser::form_value`].
    #[prop(into)]
    on_submit: Callback<SubmitEvent>,
    children: Children,
) -> impl IntoView {
    let taken_over = browser::taken_over();
    let waits = Signal::derive(move || !taken_over.get());
    view! {
        <form
            class="stack"
            method="post"
            data-ready=move || taken_over.get().then_some("true")
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(event);
            }
        >
            {children()}
            <FailureLine failure=job.failure/>
            <Button kind=ButtonKind::Primary submit=true busy=job.busy disabled=waits>
                {button}
            </Button>
        </form>
    }
    .into_any()
}

/// A field whose value is read when the form is sent.
#[component]
pub(super) fn EntranceField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] help: String,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] min_length: Option<u32>,
    #[prop(optional)] focus: bool,
    #[prop(optional, into)] placeholder: String,
    /// What came back; the part about this field is shown below it.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let help_id = format!("{id}-help");
    let wrong = Memo::new(move |_| {
        failure.with(|failure| {
            failure
                .as_ref()
                .map(|failure| failure.at(&format!("/{name}")))
                .unwrap_or_default()
        })
    });
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <input
                class="input"
                id=id
                name=name
                type=kind
                required
                autofocus=focus
                autocomplete=autocomplete
                minlength=min_length
                placeholder=placeholder
                aria-describedby=help_id.clone()
                aria-invalid=move || wrong.with(|wrong| (!wrong.is_empty()).then_some("true"))
            />
            <p class="field-help" id=help_id class:field-error=move || wrong.with(|wrong| !wrong.is_empty())>
                {move || wrong.with(|wrong| if wrong.is_empty() { help.clone() } else { wrong.clone() })}
            </p>
        </div>
    }
    .into_any()
}
