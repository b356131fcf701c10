//! The address of a webhook, and catching a sample of what it gets.

use super::refresh;
use crate::{
    browser,
    builder::state::BuilderState,
    job::Job,
    ui::{Button, CopyField, FailureLine, Glyph},
};
use leptos::prelude::*;

/// How often is looked whether a sample came, in milliseconds.
const LOOK: u64 = 1_500;

/// Address and sample.
#[component]
pub fn Address() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let job = Job::new();
    let url = Memo::new(move |_| {
        state.publication.with(|known| {
            let status = known.trigger.as_ref();
            status
                .and_then(|status| status.url.clone())
                .or_else(|| known.webhook_url.clone())
        })
    });
    let listening = Memo::new(move |_| {
        state.publication.with(|known| {
            let status = known.trigger.as_ref();
            status.is_some_and(|status| status.listening_until.is_some())
        })
    });
    let sample_at = Memo::new(move |_| {
        state
            .publication
            .with(|known| known.trigger.as_ref()?.sample_at.clone())
    });
    browser::every(LOOK, move || {
        if listening.try_get_untracked() == Some(true) {
            refresh(state);
        }
    });
    Effect::new(move |before: Option<Option<String>>| {
        let now = sample_at.get();
        if before.is_some_and(|before| before != now) && now.is_some() {
            state.refresh_samples();
            state.say("A call was caught: its data can be picked with the connector-snake now.");
        }
        now
    });
    let listen = move |_| {
        let (client, id) = (state.client(), state.workflow_id());
        job.run(
            async move {
                state.saved().await;
                client.listen_for_sample(&id).await
            },
            move |_| refresh(state),
        );
    };
    let stop = move |_| {
        let (client, id) = (state.client(), state.workflow_id());
        job.run(async move { client.stop_listening(&id).await }, move |()| {
            refresh(state)
        });
    };
    view! {
        <h3 class="trigger-heading">"Address"</h3>
        {move || match url.get() {
            Some(url) => view! { <CopyField text=url label="Address of the webhook"/> }.into_any(),
            None => view! {
                <p class="panel-note">"It gets an address when the workflow is enabled, or when you listen for a sample."</p>
            }.into_any(),
        }}
        {move || if listening.get() {
            view! {
                <div class="trigger-row" role="status">
                    <span class="progress-dot" aria-hidden="true"></span>
                    <span>"Waiting for a call to this address…"</span>
                    <Button small=true on_click=stop>"Stop"</Button>
                </div>
            }.into_any()
        } else {
            view! {
                <div class="trigger-row">
                    <Button small=true glyph=Glyph::Play busy=job.busy on_click=listen>"Listen for a sample"</Button>
                </div>
            }.into_any()
        }}
        <p class="field-help">"The next call within five minutes is kept as the sample that later steps can pick data from. While the workflow is disabled it starts no run."</p>
        <FailureLine failure=job.failure/>
    }
    .into_any()
}
