//! Enable: publishing the present revision for triggers, and taking it back.

use crate::{
    builder::state::BuilderState,
    failure::Failure,
    job::Job,
    ui::{Button, Toggle, use_toasts},
};
use leptos::prelude::*;
use patchbay_api::{ClientError, workflows::Publication};

/// The toggle; beside it, when the draft has moved on, the way to publish again.
#[component]
pub fn Publish() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let toasts = use_toasts();
    let job = Job::new();
    Effect::new(move |_| {
        if let Some(failure) = job.failure.get() {
            toasts.failure(&failure);
        }
    });
    let enabled = Signal::derive(move || state.publication.with(|publication| publication.enabled));
    let edited = Memo::new(move |_| {
        state
            .publication
            .with(|publication| publication.enabled && publication.edited_since)
    });
    let change = move |enable: bool| {
        if enable && let Some(problem) = state.first_error() {
            state.show_problem(&problem);
            toasts.failure(&Failure::of("It cannot be enabled yet", problem.message));
            return;
        }
        job.run(publish(state, enable), move |publication| {
            let Publication {
                enabled,
                published_revision,
                webhook_url,
                trigger,
                warning,
            } = publication;
            state.publication.update(|known| {
                known.enabled = enabled;
                known.published_revision = published_revision;
                known.webhook_url = webhook_url;
                known.edited_since = false;
                known.trigger = trigger;
            });
            if let Some(warning) = warning {
                toasts.failure(&Failure::of("Done, but the service was not told", warning));
            }
            toasts.say(if enabled {
                "Published: its trigger now starts runs"
            } else {
                "Disabled: its trigger starts no more runs"
            });
        });
    };
    view! {
        {move || edited.get().then(|| view! {
            <span class="edited">
                <span title="Triggers still run the published revision">"Edited since"</span>
                <Button small=true busy=job.busy on_click=move |_| change(true)>"Publish again"</Button>
            </span>
        })}
        <Toggle
            checked=enabled
            on_change=change
            label=Signal::derive(move || if enabled.get() { "Enabled".to_owned() } else { "Disabled".to_owned() })
            disabled=job.busy
        />
    }
}

/// Publishes what is on the screen, so what waits is saved first.
async fn publish(state: BuilderState, enable: bool) -> Result<Publication, ClientError> {
    let (client, id) = (state.client(), state.workflow_id());
    if enable {
        state.saved().await;
        client.enable_workflow(&id).await
    } else {
        client.disable_workflow(&id).await
    }
}
