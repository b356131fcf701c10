//! The recent runs of the workflow.

use super::bar::short;
use crate::{
    builder::state::BuilderState,
    time,
    ui::{For, RelativeTime, RunPill},
};
use leptos::prelude::*;
use patchbay_api::runs::Run;

/// The runs, newest first; picking one shows it on the cards.
#[component]
pub fn RunList() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    state.load_runs();
    let shown = Memo::new(move |_| {
        state
            .run
            .with(|live| live.as_ref().map(|live| live.run.id.to_string()))
    });
    view! {
        <div class="drawer-runs">
            <h6>"Runs"</h6>
            {move || state.runs.with(Vec::is_empty).then(|| view! { <p class="drawer-none">"Press Run, and the run appears here."</p> })}
            <ul>
                <For each=move || state.runs.get() key=|run| (run.id.clone(), run.status, run.finished_at.clone()) let:run>
                    <Line run shown/>
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Line(run: Run, shown: Memo<Option<String>>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let id = StoredValue::new(run.id.to_string());
    let is_shown =
        Memo::new(move |_| shown.with(|shown| id.with_value(|id| shown.as_ref() == Some(id))));
    let kept = StoredValue::new(run.clone());
    // The run that is followed moves; the list is fetched now and then only.
    let status = Signal::derive(move || {
        let live = state.run.with(|live| {
            live.as_ref()
                .filter(|live| id.with_value(|id| live.run.id.as_str() == id))
                .map(|live| live.progress.status)
        });
        live.unwrap_or(kept.with_value(|run| run.status))
    });
    let took =
        time::between(run.started_at.as_deref(), run.finished_at.as_deref()).map(time::duration);
    view! {
        <li>
            <button
                type="button"
                class="run-line"
                class:on=move || is_shown.get()
                aria-current=move || is_shown.get().then_some("true")
                data-run=run.id.to_string()
                on:click=move |_| if !is_shown.get_untracked() { state.follow(kept.get_value()) }
            >
                <span class="mono">{short(run.id.as_str())}</span>
                <RunPill status/>
                <span class="run-line-when"><RelativeTime at=run.accepted_at.clone()/></span>
                <small>{took}</small>
            </button>
        </li>
    }
}
