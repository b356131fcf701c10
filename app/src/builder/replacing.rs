//! The question before a trigger with inputs is replaced.

use crate::{builder::state::BuilderState, ui::ConfirmDialog};
use leptos::prelude::*;

/// Asks while a replacement waits for an answer.
#[component]
pub fn ReplaceTrigger() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    move || {
        state.asking.get().map(|pick| {
            let confirm = move |()| {
                state.asking.set(None);
                state.set_trigger(&pick.connector, &pick.operation);
            };
            view! {
                <ConfirmDialog
                    title="Replace the trigger?"
                    confirm="Replace"
                    on_confirm=confirm
                    on_close=move |()| state.asking.set(None)
                >
                    <p>"What is set on the present trigger is lost. Paths to values that the new one does not give will be marked."</p>
                </ConfirmDialog>
            }
        })
    }
}
