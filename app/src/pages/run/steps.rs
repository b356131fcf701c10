//! The steps of a run, with how far each of them is.

use super::{Live, outline::Entry};
use crate::{
    time,
    ui::{Glyph, Icon, Progress, StepPill},
};
use leptos::prelude::*;
use patchbay_model::{document::TRIGGER, event::StepStatus, progress::StepProgress};

/// The list; a click shows a step's executions.
#[component]
pub(super) fn Steps(live: Live) -> impl IntoView {
    let entries = live.outline.get_value();
    view! {
        <section class="run-steps" aria-label="Steps">
            <ol>{entries.into_iter().map(|entry| view! { <Row live entry/> }).collect_view()}</ol>
        </section>
    }
    .into_any()
}

#[component]
fn Row(live: Live, entry: Entry) -> impl IntoView {
    let name = StoredValue::new(entry.name.clone());
    let is_trigger = entry.name == TRIGGER;
    let progress = Memo::new(move |_| {
        live.progress
            .with(|progress| name.with_value(|name| progress.steps.get(name).cloned()))
    });
    let selected = Memo::new(move |_| {
        live.selected
            .with(|selected| name.with_value(|name| selected.as_ref() == Some(name)))
    });
    let state = move || match progress.get() {
        // The run is there because its trigger fired; the journal has no step of it.
        None if is_trigger => view! { <StepPill status=StepStatus::Succeeded/> }.into_any(),
        None => view! { <span class="faint">"not reached"</span> }.into_any(),
        Some(progress) => state(&progress).into_any(),
    };
    let bar = move || {
        let step = progress.get()?;
        let (done, total) = (step.items_done?, step.items_total);
        let label = match total {
            Some(total) => format!("{done} of {total} items"),
            None => format!("{done} items"),
        };
        (step.status == StepStatus::Running)
            .then(|| view! { <Progress done=done total=total label/> })
    };
    view! {
        <li style:padding-left=format!("{}px", entry.depth * 18)>
            <button
                class="run-step"
                r#type="button"
                aria-pressed=move || if selected.get() { "true" } else { "false" }
                on:click=move |_| live.selected.set(Some(name.get_value()))
            >
                <span class="run-step-line">
                    {entry.is_loop.then(|| view! { <Icon glyph=Glyph::Loop/> })}
                    <span class="run-step-names">
                        <b>{entry.title}</b>
                        <span class="mono faint">{entry.name}</span>
                    </span>
                    <span class="run-step-state">{state}</span>
                </span>
                {bar}
            </button>
        </li>
    }
    .into_any()
}

fn state(progress: &StepProgress) -> impl IntoView + use<> {
    let failed = progress.failed.max(progress.items_failed);
    let count = match (progress.items_done, progress.items_total) {
        (Some(done), Some(total)) => Some(format!("{done} / {total}")),
        (Some(done), None) => Some(done.to_string()),
        (None, _) if progress.succeeded + progress.failed > 1 => {
            Some(format!("{} ×", progress.succeeded))
        }
        (None, _) => None,
    };
    let took = count
        .is_none()
        .then(|| time::duration(progress.duration_ms));
    view! {
        {(failed > 0 && progress.status != StepStatus::Failed)
            .then(|| view! { <span class="run-step-failed">{format!("{failed} failed")}</span> })}
        <span class="number muted">{count.or(took)}</span>
        <StepPill status=progress.status/>
    }
}
