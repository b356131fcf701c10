//! A large field for JSON that a person writes, with what is wrong with it.

use super::{Note, NoteKind};
use leptos::prelude::*;
use serde_json::Value;

/// What stands in the field, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct JsonDraft {
    text: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
}

impl JsonDraft {
    pub fn new(text: String) -> Self {
        Self {
            text: RwSignal::new(text),
            wrong: RwSignal::new(None),
        }
    }

    /// The value; none, and a sentence below the field, if the text is no JSON.
    pub fn read(self) -> Option<Value> {
        match serde_json::from_str(&self.text.get_untracked()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong.set(Some(format!("This is no JSON: {error}.")));
                None
            }
        }
    }
}

/// The field.
#[component]
pub fn JsonText(draft: JsonDraft, label: &'static str) -> impl IntoView {
    let JsonDraft { text, wrong } = draft;
    view! {
        <textarea
            class="in mono json-text"
            rows="16"
            spellcheck="false"
            aria-label=label
            prop:value=move || text.get()
            on:input=move |event| {
                text.set(event_target_value(&event));
                wrong.set(None);
            }
        ></textarea>
        {move || wrong.get().map(|wrong| view! { <Note kind=NoteKind::Bad>{wrong}</Note> })}
    }
}
