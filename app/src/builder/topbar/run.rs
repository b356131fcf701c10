//! Run and Cancel.

use crate::{
    builder::{
        run_form::{Asked, RunForm, asked},
        state::BuilderState,
    },
    ui::{Button, ButtonKind, Glyph},
};
use leptos::{either::Either, prelude::*};
use patchbay_model::Json;

/// Runs the workflow as it is on the screen; while it runs, ends it.
#[component]
pub fn RunButton() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let running = Memo::new(move |_| state.is_running());
    let starting = Signal::derive(move || state.starting.get());
    let asking = RwSignal::new(None::<Vec<Asked>>);
    let run = move |_| match state.first_error() {
        Some(problem) => {
            state.say(format!("It cannot run yet: {}", problem.message));
            state.show_problem(&problem);
        }
        None => {
            let fields = state
                .workflow
                .with_untracked(|workflow| asked(&workflow.trigger));
            if fields.is_empty() {
                state.start_run(Json::Object(patchbay_model::JsonMap::new()));
            } else {
                asking.set(Some(fields));
            }
        }
    };
    let button = move || {
        if running.get() && !starting.get() {
            Either::Left(view! {
                <Button glyph=Glyph::Stop on_click=move |_| state.cancel_run()>
                    "Cancel"
                </Button>
            })
        } else {
            Either::Right(view! {
                <Button kind=ButtonKind::Primary glyph=Glyph::Play busy=starting on_click=run>
                    "Run"
                </Button>
            })
        }
    };
    view! {
        {button}
        {move || asking.get().map(|fields| view! {
            <RunForm fields on_run=move |input| state.start_run(input) on_close=move |()| asking.set(None)/>
        })}
    }
}
