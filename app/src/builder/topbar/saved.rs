//! Whether what is on the screen is saved, in words.

use crate::builder::state::{BuilderState, SaveState};
use leptos::prelude::*;

/// A few quiet words beside the name; louder ones when the server cannot be reached.
#[component]
pub fn Saved() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let words = move || match state.save_state.get() {
        SaveState::Saved => "Saved",
        SaveState::Saving | SaveState::Unsaved => "Saving…",
        SaveState::Offline(_) => "Not saved — trying again",
        SaveState::Conflict(_) => "Not saved",
    };
    let why = move || match state.save_state.get() {
        SaveState::Offline(why) | SaveState::Conflict(why) => Some(why),
        SaveState::Saved | SaveState::Saving | SaveState::Unsaved => None,
    };
    view! {
        <span
            class="saved"
            role="status"
            data-save-state=move || state.save_state.with(SaveState::word)
            title=why
        >
            {words}
        </span>
    }
}

/// The bar that asks what to do when the document was changed elsewhere.
#[component]
pub fn ConflictBar() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let why = Memo::new(move |_| match state.save_state.get() {
        SaveState::Conflict(why) => Some(why),
        _ => None,
    });
    move || {
        why.get().map(|why| {
            view! {
                <div class="conflict" role="alert">
                    <span>{why}</span>
                    <button type="button" class="button button-small" on:click=move |_| state.take_theirs()>
                        "Take what the server has"
                    </button>
                    <button type="button" class="button button-small" on:click=move |_| state.keep_mine()>
                        "Keep mine"
                    </button>
                </div>
            }
        })
    }
}
