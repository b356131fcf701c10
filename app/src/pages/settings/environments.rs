//! Environments: which deployment of a service, and which OAuth app people sign in through.

use super::{environment_form::EnvironmentForm, manages};
use crate::{
    job::Job,
    load::{load, resource},
    session::{redirect_uri, use_session},
    ui::{
        Button, ConfirmDialog, ConnectorIcon, CopyField, EmptyState, For, Glyph, Menu, MenuItem,
        Note, Pill, PillKind, Section,
    },
    use_client,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use patchbay_api::{
    ClientError, authentications::Environment, connectors::ConnectorSummary, people::Person,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    environments: Vec<Environment>,
    connectors: Vec<ConnectorSummary>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doing {
    /// For this service; empty: to be chosen.
    Adding(String),
    Changing(Environment),
    Deleting(Environment),
}

/// What the parts share.
#[derive(Clone, Copy)]
pub(super) struct Shelf {
    pub(super) all: RwSignal<Vec<Environment>>,
    pub(super) connectors: StoredValue<Vec<ConnectorSummary>>,
    pub(super) doing: RwSignal<Option<Doing>>,
}

impl Shelf {
    /// Service names with the titles of their connectors.
    pub(super) fn services(self) -> Vec<(String, String)> {
        let mut services: Vec<(String, String)> = Vec::new();
        self.connectors.with_value(|all| {
            for connector in all {
                if let Some(service) = &connector.service
                    && !services.iter().any(|(name, _)| name == service)
                {
                    services.push((service.clone(), connector.title.clone()));
                }
            }
        });
        services
    }

    fn connector(self, service: &str) -> Option<ConnectorSummary> {
        self.connectors.with_value(|all| {
            all.iter()
                .find(|one| one.service.as_deref() == Some(service))
                .cloned()
        })
    }
}

#[component]
pub(super) fn Environments(me: Person) -> impl IntoView {
    let client = use_client();
    let shown = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move {
                let environments = client.environments().await?;
                let connectors = client.connectors().await?;
                Ok::<_, ClientError>(Shown {
                    environments,
                    connectors,
                })
            }
        },
    );
    let may = manages(&me);
    let redirect = RwSignal::new("/oauth/callback".to_owned());
    let session = use_session();
    Effect::new(move |_| redirect.set(session.with(redirect_uri)));
    view! {
        <Section
            title="OAuth apps"
            summary="To let people sign in at a service, register Patchbay there once: make an OAuth app, give it the redirect URI below, and enter its client ID and secret here."
        >
            <div class="field redirect-uri">
                <span class="field-label">"Redirect URI"</span>
                <CopyField text=redirect label="Redirect URI"/>
            </div>
            {(!may)
                .then(|| {
                    view! { <Note>"Only administrators can change OAuth apps; everybody can sign in through them."</Note> }
                })}
            {load(shown, move |shown| view! { <List shown may/> })}
        </Section>
    }
    .into_any()
}

#[component]
fn List(shown: Shown, may: bool) -> impl IntoView {
    let shelf = Shelf {
        all: RwSignal::new(shown.environments),
        connectors: StoredValue::new(shown.connectors),
        doing: RwSignal::new(None),
    };
    let query = use_query_map();
    // The authentication dialog links here for one service.
    Effect::new(move |_| {
        if let Some(service) = query
            .with_untracked(|query| query.get("service"))
            .filter(|_| may)
        {
            let has_one = shelf
                .all
                .with_untracked(|all| all.iter().any(|one| one.service == service));
            if !has_one {
                shelf.doing.set(Some(Doing::Adding(service)));
            }
        }
    });
    let nothing = Memo::new(move |_| shelf.all.with(Vec::is_empty));
    view! {
        {move || {
            if nothing.get() {
                Either::Left(
                    view! {
                        <EmptyState title="No OAuth app yet" glyph=Glyph::Shield>
                            <p>"Without one, people can still use services by token."</p>
                        </EmptyState>
                    },
                )
            } else {
                Either::Right(
                    view! {
                        <ul class="rows rows-flat" aria-label="OAuth apps">
                            <For
                                each=move || shelf.all.get()
                                key=|one| (one.id.clone(), one.title.clone(), one.client_id.clone(), one.base_url.clone())
                                let:one
                            >
                                <Row one shelf may/>
                            </For>
                        </ul>
                    },
                )
            }
        }}
        {may
            .then(|| {
                view! {
                    <Button glyph=Glyph::Plus on_click=move |_| shelf.doing.set(Some(Doing::Adding(String::new())))>
                        "Add an OAuth app"
                    </Button>
                }
            })}
        {move || match shelf.doing.get()? {
            Doing::Adding(service) => Some(view! { <EnvironmentForm shelf service old=None/> }.into_any()),
            Doing::Changing(old) => {
                let service = old.service.clone();
                Some(view! { <EnvironmentForm shelf service old=Some(old)/> }.into_any())
            }
            Doing::Deleting(old) => Some(view! { <Delete shelf old/> }.into_any()),
        }}
    }
    .into_any()
}

#[component]
fn Row(one: Environment, shelf: Shelf, may: bool) -> impl IntoView {
    let connector = shelf.connector(&one.service);
    let icon = connector
        .as_ref()
        .map(|connector| connector.icon.clone())
        .unwrap_or_default();
    let service = connector.map_or_else(|| one.service.clone(), |connector| connector.title);
    let address = one
        .base_url
        .clone()
        .unwrap_or_else(|| "the service's own address".to_owned());
    let editable = may && !one.demo;
    let menu = Signal::derive({
        let one = one.clone();
        move || {
            let doing = |title: &str, doing: Doing| {
                MenuItem::new(title, move || shelf.doing.set(Some(doing.clone())))
            };
            vec![
                doing("Change…", Doing::Changing(one.clone())).glyph(Glyph::Pencil),
                doing("Delete…", Doing::Deleting(one.clone()))
                    .glyph(Glyph::Trash)
                    .danger(),
            ]
        }
    });
    let label = format!("More for {}", one.title);
    view! {
        <li class="row">
            <ConnectorIcon svg=icon/>
            <div class="row-main">
                <b class="row-title">{format!("{service} · {}", one.title)}</b>
                <small class="row-sub">{address}</small>
            </div>
            <span class="mono muted cut row-client" title="Client ID">
                {one.client_id.clone()}
            </span>
            {one.demo.then(|| view! { <Pill kind=PillKind::Trigger>"Demo"</Pill> })}
            {(!one.has_client_secret && !one.demo).then(|| view! { <Pill kind=PillKind::Neutral>"No secret"</Pill> })}
            {if editable {
                Either::Left(view! { <Menu label items=menu/> })
            } else {
                Either::Right(view! { <span class="row-no-menu"></span> })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Delete(shelf: Shelf, old: Environment) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let (id, title) = (old.id, old.title);
    let confirm = move || {
        let (client, id) = (client.clone(), id.clone());
        let gone = id.clone();
        job.run(
            async move { client.delete_environment(id.as_str()).await },
            move |()| {
                shelf.all.update(|all| all.retain(|one| one.id != gone));
                shelf.doing.set(None);
            },
        );
    };
    view! {
        <ConfirmDialog
            title="Delete this OAuth app?"
            confirm="Delete"
            danger=true
            busy=job.busy
            failure=job.failure
            on_confirm=confirm
            on_close=move || shelf.doing.set(None)
        >
            <p>
                <b>{title}</b>
                " goes for good. Authentications made through it can no longer be renewed and stop working soon."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
