//! `/authentications`: the stored credentials, to find, rename, renew and delete.

mod dialogs;
mod list;
mod new;

use crate::{
    authenticate::{Returned, when_returned},
    load::{load, resource},
    ui::{Button, ButtonKind, Glyph, PageHeader, use_toasts},
    use_client,
};
use dialogs::{Delete, Rename};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use list::AuthenticationList;
use new::{ChooseService, Making};
use patchbay_api::{ClientError, authentications::Authentication, connectors::ConnectorSummary};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    authentications: Vec<Authentication>,
    connectors: Vec<ConnectorSummary>,
}

/// What is done to one of them.
#[derive(Debug, Clone, PartialEq)]
enum Doing {
    Choosing,
    /// Making one for the service of this connector.
    Making(String),
    Renaming(Authentication),
    Reconnecting(Authentication),
    Deleting(Authentication),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shelf {
    all: RwSignal<Vec<Authentication>>,
    connectors: StoredValue<Vec<ConnectorSummary>>,
    doing: RwSignal<Option<Doing>>,
}

impl Shelf {
    /// Puts one in, or in the place of its former self.
    fn put(self, authentication: Authentication) {
        self.all.update(
            |all| match all.iter_mut().find(|one| one.id == authentication.id) {
                Some(old) => *old = authentication,
                None => all.insert(0, authentication),
            },
        );
        self.doing.set(None);
    }

    /// The connector that stands for a service: its icon and its title.
    fn connector_of(self, service: &str) -> Option<ConnectorSummary> {
        self.connectors.with_value(|all| {
            all.iter()
                .find(|one| one.service.as_deref() == Some(service))
                .cloned()
        })
    }

    fn service_title(self, service: &str) -> String {
        self.connector_of(service)
            .map_or_else(|| service.to_owned(), |connector| connector.title)
    }

    fn service_icon(self, service: &str) -> String {
        self.connector_of(service)
            .map(|connector| connector.icon)
            .unwrap_or_default()
    }
}

/// The page.
#[component]
pub fn AuthenticationsPage() -> impl IntoView {
    let client = use_client();
    let query = use_query_map();
    let shown = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move {
                let authentications = client.authentications().await?;
                let connectors = client.connectors().await?;
                Ok::<_, ClientError>(Shown {
                    authentications,
                    connectors,
                })
            }
        },
    );
    let doing = RwSignal::new(None::<Doing>);
    // A connector's page links here to make one.
    Effect::new(move |_| {
        if let Some(connector) = query.with_untracked(|query| query.get("new")) {
            doing.set(Some(Doing::Making(connector)));
        }
    });
    let toasts = use_toasts();
    Effect::new(move |_| {
        when_returned(move |returned| match returned {
            Returned::Connected(made, missing) => {
                toasts.say(format!(
                    "{} is connected. {}",
                    made.name,
                    missing.unwrap_or_default()
                ));
            }
            Returned::Failed(failure) => toasts.failure(&failure),
        });
    });
    view! {
        <div class="page">
            <PageHeader title="Authentications" summary="The accounts that your workflows act with. Secrets are sealed on this server.">
                <Button kind=ButtonKind::Primary glyph=Glyph::Plus on_click=move |_| doing.set(Some(Doing::Choosing))>
                    "New authentication"
                </Button>
            </PageHeader>
            {load(
                shown,
                move |shown| {
                    let shelf = Shelf {
                        all: RwSignal::new(shown.authentications),
                        connectors: StoredValue::new(shown.connectors),
                        doing,
                    };
                    view! {
                        <AuthenticationList shelf/>
                        {move || doing.get().map(|doing| dialog(shelf, doing))}
                    }
                },
            )}
        </div>
    }
    .into_any()
}

fn dialog(shelf: Shelf, doing: Doing) -> AnyView {
    match doing {
        Doing::Choosing => view! { <ChooseService shelf/> }.into_any(),
        Doing::Making(connector) => view! { <Making shelf connector reconnect=None/> }.into_any(),
        Doing::Reconnecting(old) => {
            let connector = shelf
                .connector_of(&old.service)
                .map(|connector| connector.name)
                .unwrap_or_default();
            view! { <Making shelf connector reconnect=Some(old)/> }.into_any()
        }
        Doing::Renaming(old) => view! { <Rename shelf old/> }.into_any(),
        Doing::Deleting(old) => view! { <Delete shelf old/> }.into_any(),
    }
}
