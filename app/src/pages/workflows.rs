//! `/`: the workflows, to find, open, begin and delete.

mod list;
mod new;

use crate::{
    load::{load, resource},
    ui::{Button, ButtonKind, Glyph, PageHeader},
    use_client,
};
use leptos::prelude::*;
use list::WorkflowList;
use new::NewWorkflow;
use patchbay_api::{
    ClientError,
    connectors::ConnectorSummary,
    workflows::{Template, WorkflowSummary},
};
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    workflows: Vec<WorkflowSummary>,
    connectors: Vec<ConnectorSummary>,
    templates: Vec<Template>,
}

/// The page.
#[component]
pub fn WorkflowsPage() -> impl IntoView {
    let client = use_client();
    let shown = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move {
                let workflows = client.workflows().await?;
                let connectors = client.connectors().await?;
                let templates = client.templates().await?;
                Ok::<_, ClientError>(Shown {
                    workflows,
                    connectors,
                    templates,
                })
            }
        },
    );
    let beginning = RwSignal::new(false);
    view! {
        <div class="page">
            <PageHeader title="Workflows" summary="A trigger and the steps that follow it.">
                <Button kind=ButtonKind::Primary glyph=Glyph::Plus on_click=move |_| beginning.set(true)>
                    "New workflow"
                </Button>
            </PageHeader>
            {load(
                shown,
                move |shown| {
                    let connectors = StoredValue::new(shown.connectors);
                    let templates = StoredValue::new(shown.templates);
                    let workflows = RwSignal::new(shown.workflows);
                    view! {
                        <WorkflowList workflows connectors templates beginning/>
                        <Show when=move || beginning.get()>
                            <NewWorkflow
                                connectors=connectors.get_value()
                                templates=templates.get_value()
                                on_close=move || beginning.set(false)
                            />
                        </Show>
                    }
                },
            )}
        </div>
    }
    .into_any()
}

/// A connector's icon by its name.
fn icon_of(connectors: &[ConnectorSummary], name: &str) -> String {
    connectors
        .iter()
        .find(|connector| connector.name == name)
        .map(|found| found.icon.clone())
        .unwrap_or_default()
}

/// A connector's title by its name.
fn title_of(connectors: &[ConnectorSummary], name: &str) -> String {
    let found = connectors.iter().find(|connector| connector.name == name);
    found.map_or_else(|| name.to_owned(), |found| found.title.clone())
}
