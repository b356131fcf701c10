//! Choosing the service of a new authentication, and making it.

use super::{Doing, Shelf};
use crate::{
    authenticate::AuthenticationModal,
    failure::Failure,
    ui::{ConnectorIcon, FailureNote, Modal, ModalBody, SearchField, Skeleton, use_toasts},
    use_client,
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::{
    authentications::Authentication,
    connectors::{ConnectorDetail, ConnectorSummary},
};

/// One card per service.
#[component]
pub(super) fn ChooseService(shelf: Shelf) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let services: Vec<ConnectorSummary> = shelf.connectors.with_value(|all| {
        let mut seen = Vec::new();
        all.iter()
            .filter(|connector| match &connector.service {
                Some(service) if !seen.contains(service) => {
                    seen.push(service.clone());
                    true
                }
                _ => false,
            })
            .cloned()
            .collect()
    });
    let services = StoredValue::new(services);
    let cards = move || {
        let wanted = search.get().trim().to_lowercase();
        services.with_value(|services| {
            let found = services
                .iter()
                .filter(|one| one.title.to_lowercase().contains(&wanted))
                .cloned();
            found
                .map(|connector| view! { <Service shelf connector/> })
                .collect_view()
        })
    };
    view! {
        <Modal title="Which service?" on_close=move || shelf.doing.set(None)>
            <ModalBody>
                <SearchField value=search label="Search services" focus=true/>
                <div class="service-choices">{cards}</div>
            </ModalBody>
        </Modal>
    }
    .into_any()
}

#[component]
fn Service(shelf: Shelf, connector: ConnectorSummary) -> impl IntoView {
    let name = connector.name;
    view! {
        <button
            class="service-choice"
            type="button"
            on:click=move |_| shelf.doing.set(Some(Doing::Making(name.clone())))
        >
            <ConnectorIcon svg=connector.icon/>
            <b>{connector.title}</b>
            <span class="muted cut">{connector.summary}</span>
        </button>
    }
    .into_any()
}

/// The dialog that makes or renews one, as soon as the service is known.
#[component]
pub(super) fn Making(
    shelf: Shelf,
    connector: String,
    #[prop(optional_no_strip)] reconnect: Option<Authentication>,
) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let detail = RwSignal::new(None::<Result<ConnectorDetail, Failure>>);
    Effect::new(move |_| {
        let (client, connector) = (client.clone(), connector.clone());
        spawn_local(async move {
            let found = client.connector(&connector).await.map_err(Failure::from);
            detail.try_set(Some(found));
        });
    });
    let reconnect = StoredValue::new(reconnect);
    let close = move || shelf.doing.set(None);
    let done = move |made: Authentication| {
        toasts.say(format!("{} is connected", made.name));
        shelf.put(made);
    };
    move || match detail.get() {
        None => view! {
            <Modal title="New authentication" on_close=close>
                <ModalBody>
                    <Skeleton rows=4/>
                </ModalBody>
            </Modal>
        }
        .into_any(),
        Some(Ok(ConnectorDetail {
            title,
            icon,
            service: Some(service),
            ..
        })) => view! {
            <AuthenticationModal
                service
                connector_title=title
                connector_icon=icon
                reconnect=reconnect.get_value()
                on_done=done
                on_close=close
            />
        }
        .into_any(),
        Some(Ok(ConnectorDetail { title, .. })) => failed(
            close,
            Failure::of(
                format!("{title} needs no authentication"),
                "Its steps work as they are.",
            ),
        ),
        Some(Err(failure)) => failed(close, failure),
    }
}

fn failed(close: impl Fn() + Send + Sync + Copy + 'static, failure: Failure) -> AnyView {
    view! {
        <Modal title="New authentication" on_close=close>
            <ModalBody>
                <FailureNote failure/>
            </ModalBody>
        </Modal>
    }
    .into_any()
}
