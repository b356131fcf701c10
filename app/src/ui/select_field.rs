//! A labelled drop-down of the browser.

use leptos::prelude::*;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectOption {
    pub value: String,
    pub title: String,
}

impl SelectOption {
    /// An entry.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            title: title.into(),
        }
    }
}

/// A labelled drop-down. `name` is unique on the page.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<SelectOption>>,
    #[prop(optional, into)] help: Signal<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// The label is for screen readers only.
    #[prop(optional)]
    bare: bool,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let help_id = format!("{id}-help");
    view! {
        <div class="field" class:field-bare=bare>
            <label class="field-label" class:visually-hidden=bare for=id.clone()>
                {label}
                {required.then(|| view! { <em class="required" aria-hidden="true">"*"</em> })}
            </label>
            <span class="select">
                <select
                    id=id
                    name=name
                    class="input"
                    required=required
                    disabled=disabled
                    aria-describedby=help_id.clone()
                    on:change=move |event| {
                        let chosen = event_target_value(&event);
                        value.set(chosen.clone());
                        if let Some(on_change) = on_change {
                            on_change.run(chosen);
                        }
                    }
                >
                    {move || {
                        options
                            .get()
                            .into_iter()
                            .map(|option| {
                                let own = option.value.clone();
                                // The attribute is what the server renders; the property follows the value.
                                let first = untrack(|| value.with(|value| *value == own));
                                let selected = move || value.with(|value| *value == own);
                                view! {
                                    <option value=option.value selected=first prop:selected=selected>
                                        {option.title}
                                    </option>
                                }
                            })
                            .collect_view()
                    }}
                </select>
            </span>
            {(!bare).then(|| view! { <p class="field-help" id=help_id>{help}</p> })}
        </div>
    }
    .into_any()
}
