//! What the panel shows of the trigger besides its inputs: how it is, its next firings, its address, another one.

mod address;
mod change;
mod firings;
mod status;

use crate::builder::state::BuilderState;
use address::Address;
use change::Change;
use firings::Firings;
use leptos::prelude::*;
use status::Status;

/// Below the inputs of the trigger.
#[component]
pub fn TriggerPart() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let connector = Memo::new(move |_| {
        state
            .workflow
            .with(|workflow| workflow.trigger.connector.clone())
    });
    view! {
        <section class="trigger-part" aria-label="Trigger">
            {move || match connector.get().as_str() {
                "schedule" => view! { <Firings/> }.into_any(),
                "webhook" => view! { <Address/> }.into_any(),
                _ => ().into_any(),
            }}
            <Status/>
            <Change/>
        </section>
    }
    .into_any()
}

/// Asks the server how the trigger is; says nothing when that fails, since it is asked again.
pub(super) fn refresh(state: BuilderState) {
    leptos::task::spawn_local(async move {
        let (client, id) = (state.client(), state.workflow_id());
        if let Ok(found) = client.trigger(&id).await {
            let _ = state.publication.try_update(|known| {
                if known.trigger.as_ref() != Some(&found) {
                    known.trigger = Some(found);
                }
            });
        }
    });
}
