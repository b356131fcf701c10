//! Beginning a workflow: an empty one with a name and a trigger, or from a template.

use super::{icon_of, title_of};
use crate::{
    browser,
    job::Job,
    titles::among_others,
    ui::{
        Button, ButtonKind, ConnectorIcon, FailureLine, Glyph, Modal, ModalBody, ModalFooter,
        Skeleton, Tab, TabPanel, Tabs, TextField,
    },
    use_client,
};
use leptos::{either::Either, prelude::*, task::spawn_local};
use patchbay_api::{
    connectors::{ConnectorDetail, ConnectorSummary},
    workflows::Template,
};
use patchbay_model::document::{Trigger, Workflow};

/// A trigger that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    connector: String,
    operation: String,
    title: String,
    summary: String,
    icon: String,
}

/// Makes a workflow and opens it.
#[derive(Clone, Copy)]
struct Maker {
    job: Job,
    make: Callback<Workflow>,
}

fn maker() -> Maker {
    let client = use_client();
    let job = Job::new();
    let make = Callback::new(move |document: Workflow| {
        let client = client.clone();
        job.run(
            async move { client.create_workflow(&document).await },
            |saved| browser::go_to(&format!("/workflows/{}", saved.id)),
        );
    });
    Maker { job, make }
}

/// The dialog.
#[component]
pub(super) fn NewWorkflow(
    connectors: Vec<ConnectorSummary>,
    templates: Vec<Template>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let selected = RwSignal::new("blank".to_owned());
    let tabs = vec![
        Tab::new("blank", "Empty canvas"),
        Tab::new("template", "From a template"),
    ];
    let maker = maker();
    let connectors = StoredValue::new(connectors);
    let templates = StoredValue::new(templates);
    view! {
        <Modal title="New workflow" on_close wide=true busy=maker.job.busy>
            <div class="modal-tabs">
                <Tabs label="How to begin" tabs=tabs selected/>
            </div>
            <TabPanel key="blank" selected>
                <Blank connectors maker on_close/>
            </TabPanel>
            <TabPanel key="template" selected>
                <div class="modal-page">
                    <ModalBody>
                        <TemplateCards templates=templates.get_value() connectors maker/>
                        <FailureLine failure=maker.job.failure/>
                    </ModalBody>
                    <ModalFooter>
                        <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                            "Cancel"
                        </Button>
                    </ModalFooter>
                </div>
            </TabPanel>
        </Modal>
    }
    .into_any()
}

#[component]
fn Blank(
    connectors: StoredValue<Vec<ConnectorSummary>>,
    maker: Maker,
    on_close: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let chosen = RwSignal::new("manual/trigger".to_owned());
    let choices = RwSignal::new(None::<Vec<Choice>>);
    let client = use_client();
    Effect::new(move |_| {
        let client = client.clone();
        spawn_local(async move {
            let mut found = Vec::new();
            let with_triggers: Vec<String> = connectors.with_value(|all| {
                all.iter()
                    .filter(|one| one.triggers > 0)
                    .map(|one| one.name.clone())
                    .collect()
            });
            for connector in with_triggers {
                // A connector that cannot be read now is offered in the builder again.
                if let Ok(detail) = client.connector(&connector).await {
                    found.extend(triggers_of(detail));
                }
            }
            choices.try_set(Some(found));
        });
    });
    let submit = move || {
        let (connector, operation) = chosen
            .with_untracked(|chosen| {
                chosen
                    .split_once('/')
                    .map(|(one, other)| (one.to_owned(), other.to_owned()))
            })
            .unwrap_or_default();
        let name = name.get_untracked().trim().to_owned();
        maker.make.run(Workflow {
            name: if name.is_empty() {
                "Untitled workflow".to_owned()
            } else {
                name
            },
            trigger: Trigger {
                connector,
                operation,
                ..Trigger::default()
            },
            ..Workflow::default()
        });
    };
    let cards = move || match choices.get() {
        None => Either::Left(view! { <Skeleton rows=3/> }),
        Some(choices) => Either::Right(
            choices
                .into_iter()
                .map(|choice| view! { <TriggerCard choice chosen/> })
                .collect_view(),
        ),
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <ModalBody>
                <TextField
                    name="workflow-name"
                    label="Name"
                    value=name
                    placeholder="Untitled workflow"
                    autocomplete="off"
                    focus=true
                />
                <fieldset>
                    <legend class="field-label">"What starts it"</legend>
                    <div class="trigger-choices">{cards}</div>
                </fieldset>
                <FailureLine failure=maker.job.failure/>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                    "Cancel"
                </Button>
                <Button kind=ButtonKind::Primary submit=true busy=maker.job.busy>
                    "Create workflow"
                </Button>
            </ModalFooter>
        </form>
    }
    .into_any()
}

fn triggers_of(detail: ConnectorDetail) -> Vec<Choice> {
    let (connector, icon, service) = (detail.name, detail.icon, detail.title);
    let several = detail.triggers.len() > 1;
    let visible = detail
        .triggers
        .into_iter()
        .filter(|trigger| !trigger.hidden);
    visible
        .map(|trigger| Choice {
            connector: connector.clone(),
            operation: trigger.name,
            title: if several {
                among_others(&service, &trigger.title)
            } else {
                trigger.title
            },
            summary: trigger.summary,
            icon: icon.clone(),
        })
        .collect()
}

#[component]
fn TriggerCard(choice: Choice, chosen: RwSignal<String>) -> impl IntoView {
    let key = format!("{}/{}", choice.connector, choice.operation);
    let own = key.clone();
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| *chosen == own));
    view! {
        <label class="option-card trigger-card" class:option-card-on=is_chosen>
            <input
                type="radio"
                name="workflow-trigger"
                prop:checked=is_chosen
                on:change=move |_| chosen.set(key.clone())
            />
            <ConnectorIcon svg=choice.icon/>
            <span class="trigger-card-text">
                <b>{choice.title}</b>
                <span>{choice.summary}</span>
            </span>
        </label>
    }
    .into_any()
}

/// The templates as cards that can stand on a page: with what goes wrong below them.
#[component]
pub(super) fn Templates(
    templates: Vec<Template>,
    connectors: StoredValue<Vec<ConnectorSummary>>,
) -> impl IntoView {
    let maker = maker();
    view! {
        <TemplateCards templates connectors maker/>
        <FailureLine failure=maker.job.failure/>
    }
    .into_any()
}

#[component]
fn TemplateCards(
    templates: Vec<Template>,
    connectors: StoredValue<Vec<ConnectorSummary>>,
    maker: Maker,
) -> impl IntoView {
    if templates.is_empty() {
        return Either::Left(
            view! { <p class="muted">"There are no templates on this server."</p> },
        );
    }
    let cards = templates
        .into_iter()
        .map(|template| {
            let icons = connectors.with_value(|all| {
                let icons = template.connectors.iter().map(|name| {
                    view! {
                        <span title=title_of(all, name)>
                            <ConnectorIcon svg=icon_of(all, name)/>
                        </span>
                    }
                });
                icons.collect_view()
            });
            let document = template.document;
            view! {
                <article class="template">
                    <span class="row-icons">{icons}</span>
                    <h3>{template.title}</h3>
                    <p class="muted">{template.summary}</p>
                    <Button
                        small=true
                        glyph=Glyph::Template
                        busy=maker.job.busy
                        on_click=move |_| maker.make.run(document.clone())
                    >
                        "Use this template"
                    </Button>
                </article>
            }
        })
        .collect_view();
    Either::Right(view! { <div class="templates">{cards}</div> })
}
