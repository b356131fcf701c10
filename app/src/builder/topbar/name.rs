//! The workflow's name, changed where it stands.

use crate::builder::state::BuilderState;
use leptos::{html, prelude::*};
use patchbay_model::edit::Edit;

/// A field that looks like text until it is used. Enter or leaving it renames; Escape leaves it as it was.
#[component]
pub fn NameField() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let name = Memo::new(move |_| state.workflow.with(|workflow| workflow.name.clone()));
    let draft = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    let finish = move || {
        let Some(text) = draft.get_untracked() else {
            return;
        };
        draft.set(None);
        let text = text.trim().to_owned();
        if text.is_empty() || text == name.get_untracked() {
            // The field shows what it showed before.
            if let Some(input) = input.get_untracked() {
                input.set_value(&name.get_untracked());
            }
        } else {
            state.edit(Edit::Rename { name: text });
        }
    };
    let shown = move || draft.get().unwrap_or_else(|| name.get());
    view! {
        <span class="name-field" data-text=shown>
            <input
                node_ref=input
                type="text"
                size="1"
                aria-label="Name of the workflow"
                placeholder="Untitled workflow"
                spellcheck="false"
                autocomplete="off"
                prop:value=shown
                on:input=move |event| draft.set(Some(event_target_value(&event)))
                on:blur=move |_| finish()
                on:keydown=move |event| {
                    match event.key().as_str() {
                        "Enter" => {}
                        "Escape" => draft.set(None),
                        _ => return,
                    }
                    if let Some(input) = input.get_untracked() {
                        let _ = input.blur();
                    }
                }
            />
        </span>
    }
}
