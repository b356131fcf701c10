//! Short messages above the bottom bar, with a way to take back what they tell of.

use crate::builder::state::{BuilderState, Notice};
use leptos::prelude::*;
use std::time::Duration;

/// How long a message stays.
const STAY: Duration = Duration::from_secs(7);

/// The latest message.
#[component]
pub fn Notices() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let shown = StoredValue::new(0_u64);
    Effect::new(move |_| {
        if state.notice.with(Option::is_none) {
            return;
        }
        shown.update_value(|shown| *shown += 1);
        let number = shown.get_value();
        set_timeout(
            move || {
                if shown.try_get_value() == Some(number) {
                    state.notice.set(None);
                }
            },
            STAY,
        );
    });
    let undo = move |_| {
        state.undo();
        state.notice.set(None);
    };
    view! {
        <div class="notices" role="status" aria-live="polite">
            {move || state.notice.get().map(|Notice { text, undo: offers_undo }| view! {
                <div class="notice">
                    <span>{text}</span>
                    {offers_undo.then(|| view! { <button type="button" on:click=undo>"Undo"</button> })}
                    <button type="button" class="notice-close" aria-label="Dismiss" on:click=move |_| state.notice.set(None)>"×"</button>
                </div>
            })}
        </div>
    }
}
