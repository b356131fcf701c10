//! Another trigger in place of this one, from all that the connectors offer.

use crate::{
    builder::{
        offers::Offer,
        picking::{self, Pick},
        state::BuilderState,
    },
    titles::among_others,
    ui::{Button, ButtonKind, ConnectorIcon, Glyph, Modal, ModalBody, ModalFooter},
};
use leptos::prelude::*;

/// The button and its dialog.
#[component]
pub fn Change() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let open = RwSignal::new(false);
    view! {
        <div class="trigger-row">
            <Button small=true glyph=Glyph::Refresh on_click=move |_| {
                state.load_offers();
                open.set(true);
            }>"Change trigger"</Button>
        </div>
        <Show when=move || open.get()>
            <Chooser on_close=move |()| open.set(false)/>
        </Show>
    }
    .into_any()
}

#[component]
fn Chooser(#[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let triggers = Memo::new(move |_| {
        state.offers.with(|offers| {
            let triggers = offers.iter().filter(|offer| offer.is_trigger());
            triggers.cloned().collect::<Vec<Offer>>()
        })
    });
    let current = Memo::new(move |_| {
        state.workflow.with(|workflow| {
            let trigger = &workflow.trigger;
            (trigger.connector.clone(), trigger.operation.clone())
        })
    });
    let card = move |offer: Offer| {
        let icon = state.icon_of(&offer.connector);
        let title = among_others(&offer.connector_title, &offer.title);
        let key = (offer.connector.clone(), offer.operation.clone());
        let is_current = Memo::new(move |_| current.get() == key);
        let pick = Pick {
            connector: offer.connector,
            operation: offer.operation,
            is_trigger: true,
        };
        view! {
            <button type="button" class="option-card trigger-card" class:option-card-on=is_current
                aria-pressed=move || is_current.get().to_string()
                on:click=move |_| {
                    picking::pick(state, pick.clone(), None);
                    on_close.run(());
                }>
                <ConnectorIcon svg=icon/>
                <span class="trigger-card-text">
                    <b>{title}</b>
                    <span>{offer.summary}</span>
                </span>
            </button>
        }
    };
    view! {
        <Modal title="Change the trigger" on_close wide=true>
            <ModalBody>
                <div class="trigger-choices">
                    {move || triggers.get().into_iter().map(card).collect_view()}
                </div>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>"Cancel"</Button>
            </ModalFooter>
        </Modal>
    }
    .into_any()
}
