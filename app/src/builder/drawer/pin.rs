//! Pinning what a step gave, or something else in its place.

use crate::{
    builder::state::BuilderState,
    ui::{Button, ButtonKind, JsonDraft, JsonText, Modal, ModalBody, ModalFooter},
};
use leptos::prelude::*;
use patchbay_model::Json;

/// The buttons beside an execution.
#[component]
pub fn PinButtons(
    /// The step shown.
    step: Memo<Option<String>>,
    /// What it gave.
    #[prop(into)]
    output: Signal<Option<Json>>,
) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let editing = RwSignal::new(None::<(String, String)>);
    let pinned = Memo::new(move |_| {
        step.with(|step| step.as_deref().is_some_and(|step| state.is_pinned(step)))
    });
    let pin = move |_| {
        if let (Some(step), Some(output)) = (step.get_untracked(), output.get_untracked()) {
            state.pin(step, output);
        }
    };
    let unpin = move |_| {
        if let Some(step) = step.get_untracked() {
            state.unpin(step);
        }
    };
    let edit = move |_| {
        let Some(step) = step.get_untracked() else {
            return;
        };
        let state_pins = state.client();
        let workflow = state.workflow_id();
        let shown = output.get_untracked();
        leptos::task::spawn_local(async move {
            // Samples are cut for previews; what is edited is the whole of it.
            let pins = state_pins.pins(&workflow).await.unwrap_or_default();
            let pin = pins
                .into_iter()
                .find(|pin| pin.step == step)
                .map(|pin| pin.output);
            let value = pin
                .or(shown)
                .unwrap_or_else(|| Json::Object(patchbay_model::JsonMap::new()));
            let text = serde_json::to_string_pretty(&value).unwrap_or_default();
            editing.try_set(Some((step, text)));
        });
    };
    let some = Memo::new(move |_| step.with(Option::is_some));
    view! {
        <Show when=move || some.get()>
            <span class="pin-buttons" role="group" aria-label="Sample of this step">
                {move || if pinned.get() {
                    view! { <Button small=true on_click=unpin>"Unpin"</Button> }.into_any()
                } else {
                    view! {
                        <Button small=true disabled=Signal::derive(move || output.with(Option::is_none)) on_click=pin>"Pin"</Button>
                    }.into_any()
                }}
                <Button small=true kind=ButtonKind::Ghost on_click=edit>"Edit sample"</Button>
            </span>
        </Show>
        {move || editing.get().map(|(step, text)| view! {
            <Edit step text on_close=move || editing.set(None)/>
        })}
    }
}

#[component]
fn Edit(step: String, text: String, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let title = format!("Sample of {step}");
    let step = StoredValue::new(step);
    let draft = JsonDraft::new(text);
    let save = move |_| {
        if let Some(output) = draft.read() {
            state.pin(step.get_value(), output);
            on_close.run(());
        }
    };
    view! {
        <Modal title on_close wide=true>
            <ModalBody>
                <p>"In test runs and previews this stands in for the step. Live runs never use it."</p>
                <JsonText draft label="Sample as JSON"/>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>"Cancel"</Button>
                <Button kind=ButtonKind::Primary on_click=save>"Pin"</Button>
            </ModalFooter>
        </Modal>
    }
}
