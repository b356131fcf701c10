//! Doing a run again: as it was, on the current revision, or with other data.

use super::Live;
use crate::{
    job::Job,
    ui::{
        Button, ButtonKind, FailureLine, Glyph, JsonDraft, JsonText, Menu, MenuItem, Modal,
        ModalBody, ModalFooter, use_toasts,
    },
    use_client,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use patchbay_api::{
    debug::{Replay as Request, ReplayRevision},
    runs::{Run, StepQuery},
};
use patchbay_model::document::TRIGGER;

/// The button with its list.
#[component]
pub(super) fn Replay(live: Live) -> impl IntoView {
    let client = StoredValue::new(use_client());
    let toasts = use_toasts();
    let job = Job::new();
    let editing = RwSignal::new(None::<String>);
    let opened = opened(live);
    Effect::new(move |_| {
        if let Some(failure) = job.failure.get() {
            toasts.failure(&failure);
        }
    });
    let again = move |revision: ReplayRevision| {
        let client = client.get_value();
        let id = live.run.with_untracked(|run| run.id.to_string());
        let request = Request {
            input: None,
            revision,
        };
        job.run(
            async move { client.replay_run(&id, &request).await },
            move |run| opened.run(run),
        );
    };
    let edit = move || {
        let client = client.get_value();
        let id = live.run.with_untracked(|run| run.id.to_string());
        job.run(
            async move {
                let query = StepQuery {
                    step: Some(TRIGGER.to_owned()),
                    limit: Some(1),
                    ..StepQuery::default()
                };
                client.run_steps(&id, &query).await
            },
            move |page| {
                let input = page.items.into_iter().next().and_then(|row| row.output);
                let text = serde_json::to_string_pretty(&input.unwrap_or_default());
                editing.set(Some(text.unwrap_or_default()));
            },
        );
    };
    let items = Signal::derive(move || {
        vec![
            MenuItem::new("As it was", move || again(ReplayRevision::Same)).glyph(Glyph::Refresh),
            MenuItem::new("On the current revision", move || {
                again(ReplayRevision::Current)
            }),
            MenuItem::new("With other data…", edit).glyph(Glyph::Pencil),
        ]
    });
    view! {
        <Menu label="Replay" items>
            "Replay"
        </Menu>
        {move || editing.get().map(|text| view! { <WithData live text on_close=move || editing.set(None)/> })}
    }
    .into_any()
}

/// Opens the page of the new run.
fn opened(live: Live) -> Callback<Run> {
    let navigate = StoredValue::new(use_navigate());
    Callback::new(move |run: Run| {
        // A page that has gone by then leads nowhere.
        if live.run.try_get_untracked().is_some() {
            navigate.with_value(|navigate| {
                navigate(&format!("/runs/{}", run.id), Default::default());
            });
        }
    })
}

#[component]
fn WithData(live: Live, text: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let client = StoredValue::new(use_client());
    let job = Job::new();
    let draft = JsonDraft::new(text);
    let current = RwSignal::new(true);
    let opened = opened(live);
    let start = move |_| {
        let Some(input) = draft.read() else { return };
        let client = client.get_value();
        let id = live.run.with_untracked(|run| run.id.to_string());
        let request = Request {
            input: Some(input),
            revision: if current.get_untracked() {
                ReplayRevision::Current
            } else {
                ReplayRevision::Same
            },
        };
        job.run(
            async move { client.replay_run(&id, &request).await },
            move |run| {
                on_close.run(());
                opened.run(run);
            },
        );
    };
    view! {
        <Modal title="Replay with other data" on_close wide=true busy=job.busy>
            <ModalBody>
                <p>"What the trigger gives, as JSON."</p>
                <JsonText draft label="The trigger's output as JSON"/>
                <label class="check-line">
                    <input
                        type="checkbox"
                        prop:checked=move || current.get()
                        on:change=move |event| current.set(event_target_checked(&event))
                    />
                    " Use the workflow as it is now, not as it was then"
                </label>
                <FailureLine failure=job.failure/>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                    "Cancel"
                </Button>
                <Button kind=ButtonKind::Primary busy=job.busy on_click=start>
                    "Replay"
                </Button>
            </ModalFooter>
        </Modal>
    }
    .into_any()
}
