//! The head of a run: what it is, how it stands, what can be done.

use super::{Live, replay::Replay};
use crate::{
    job::Job,
    pages::runs::cause_title,
    time,
    ui::{
        Button, Glyph, LinkButton, Note, NoteKind, PageHeader, RelativeTime, RunPill, use_toasts,
    },
    use_client,
};
use leptos::prelude::*;

/// The head.
#[component]
pub(super) fn Head(live: Live) -> impl IntoView {
    let name = Memo::new(move |_| {
        live.run.with(|run| {
            if run.workflow_name.is_empty() {
                run.workflow_id.to_string()
            } else {
                run.workflow_name.clone()
            }
        })
    });
    let builder = live
        .run
        .with_untracked(|run| format!("/workflows/{}?run={}", run.workflow_id, run.id));
    let is_live = Memo::new(move |_| live.run.with(|run| !run.status.is_final()));
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/runs">"Runs"</a>
            <span aria-hidden="true">"/"</span>
            <span class="mono">{live.run.with_untracked(|run| run.id.to_string())}</span>
        </nav>
        <PageHeader title=name>
            {move || is_live.get().then(|| view! { <Cancel live/> })}
            <Replay live/>
            <LinkButton href=builder glyph=Glyph::Workflow>
                "Open in the builder"
            </LinkButton>
        </PageHeader>
        <Facts live/>
        <Error live/>
    }
    .into_any()
}

#[component]
fn Cancel(live: Live) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    Effect::new(move |_| {
        if let Some(failure) = job.failure.get() {
            toasts.failure(&failure);
        }
    });
    let cancel = move |_| {
        let client = client.clone();
        let id = live.run.with_untracked(|run| run.id.clone());
        job.run(
            async move { client.cancel_run(id.as_str()).await },
            move |run| live.run.set(run),
        );
    };
    view! {
        <Button glyph=Glyph::Stop busy=job.busy on_click=cancel>
            "Cancel the run"
        </Button>
    }
    .into_any()
}

#[component]
fn Facts(live: Live) -> impl IntoView {
    let status = Signal::derive(move || live.run.with(|run| run.status));
    let steps = move || {
        live.progress
            .with(|progress| progress.steps_done.max(live.run.with(|run| run.steps_done)))
    };
    let took = move || {
        live.run
            .with(|run| time::between(run.started_at.as_deref(), run.finished_at.as_deref()))
            .map(time::duration)
    };
    let begun = Signal::derive(move || {
        live.run.with(|run| {
            run.started_at
                .clone()
                .unwrap_or_else(|| run.accepted_at.clone())
        })
    });
    let cause = live
        .run
        .with_untracked(|run| cause_title(&run.cause).to_owned());
    let revision = live.run.with_untracked(|run| run.revision);
    view! {
        <dl class="facts">
            <div>
                <dt>"Status"</dt>
                <dd><RunPill status/></dd>
            </div>
            <div>
                <dt>"Began"</dt>
                <dd><RelativeTime at=begun/></dd>
            </div>
            <div>
                <dt>"Took"</dt>
                <dd class="number">{move || took().unwrap_or_else(|| "–".to_owned())}</dd>
            </div>
            <div>
                <dt>"Steps done"</dt>
                <dd class="number">{steps}</dd>
            </div>
            <div>
                <dt>"Cause"</dt>
                <dd>{cause}</dd>
            </div>
            <div>
                <dt>"Revision"</dt>
                <dd class="number">{revision}</dd>
            </div>
        </dl>
    }
    .into_any()
}

#[component]
fn Error(live: Live) -> impl IntoView {
    move || {
        let error = live.run.with(|run| run.error.clone())?;
        let title = error.step.as_ref().map(|step| {
            live.outline.with_value(|entries| {
                let entry = entries.iter().find(|entry| entry.name == *step);
                entry.map_or_else(|| step.clone(), |entry| entry.title.clone())
            })
        });
        let place = (!error.iteration.is_empty()).then(|| {
            let numbers: Vec<String> = error
                .iteration
                .iter()
                .map(|index| (index + 1).to_string())
                .collect();
            format!(", item {}", numbers.join(" › "))
        });
        Some(view! {
            <div class="run-error">
                <Note kind=NoteKind::Bad>
                    <b>{title.map(|title| view! { {title} {place} ": " })}</b>
                    {error.error.message}
                </Note>
            </div>
        })
    }
}
