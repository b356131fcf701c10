//! The list of workflows, with search.

use super::{icon_of, new::Templates, title_of};
use crate::{
    job::Job,
    ui::{
        Button, ConfirmDialog, ConnectorIcon, EmptyState, For, Glyph, Icon, Menu, MenuItem, Pill,
        PillKind, RelativeTime, RenameDialog, RunPill, SearchField, use_toasts,
    },
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::{
    connectors::ConnectorSummary,
    workflows::{Edits, Template, WorkflowSummary},
};
use patchbay_model::edit::Edit;

/// Icons shown of one workflow.
const ICONS: usize = 5;

#[component]
pub(super) fn WorkflowList(
    workflows: RwSignal<Vec<WorkflowSummary>>,
    connectors: StoredValue<Vec<ConnectorSummary>>,
    templates: StoredValue<Vec<Template>>,
    beginning: RwSignal<bool>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let deleting = RwSignal::new(None::<WorkflowSummary>);
    let renaming = RwSignal::new(None::<WorkflowSummary>);
    let found = Memo::new(move |_| {
        let wanted = search.get().trim().to_lowercase();
        workflows.with(|workflows| {
            workflows
                .iter()
                .filter(|workflow| fits(workflow, &wanted))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let nothing = Memo::new(move |_| workflows.with(Vec::is_empty));
    let list = move || {
        view! {
            <div class="toolbar">
                <SearchField value=search label="Search workflows"/>
            </div>
            <ul class="rows" aria-label="Workflows">
                <For each=move || found.get() key=|workflow| (workflow.id.clone(), workflow.revision) let:workflow>
                    <Row workflow connectors deleting renaming/>
                </For>
            </ul>
            {move || {
                found
                    .with(Vec::is_empty)
                    .then(|| view! { <p class="rows-none muted">"No workflow has this in its name."</p> })
            }}
        }
    };
    let empty = move || {
        view! {
            <section class="section">
                <EmptyState title="Build your first workflow" glyph=Glyph::Workflow>
                    <p>
                        "Begin with something that works and change it, or with an empty canvas: put a trigger and some \
                         steps on it, draw cables between them, press Run."
                    </p>
                </EmptyState>
                <div class="first-choices">
                    <Templates templates=templates.get_value() connectors/>
                    <Button glyph=Glyph::Plus on_click=move |_| beginning.set(true)>
                        "Begin with an empty canvas"
                    </Button>
                </div>
            </section>
        }
    };
    view! {
        {move || if nothing.get() { Either::Left(empty()) } else { Either::Right(list()) }}
        {move || renaming.get().map(|workflow| view! { <Rename workflow workflows renaming/> })}
        {move || deleting.get().map(|workflow| view! { <Delete workflow workflows deleting/> })}
    }
    .into_any()
}

fn fits(workflow: &WorkflowSummary, wanted: &str) -> bool {
    wanted.is_empty()
        || [&workflow.name, &workflow.description]
            .iter()
            .any(|text| text.to_lowercase().contains(wanted))
        || workflow
            .connectors
            .iter()
            .any(|connector| connector.contains(wanted))
}

#[component]
fn Row(
    workflow: WorkflowSummary,
    connectors: StoredValue<Vec<ConnectorSummary>>,
    deleting: RwSignal<Option<WorkflowSummary>>,
    renaming: RwSignal<Option<WorkflowSummary>>,
) -> impl IntoView {
    let href = format!("/workflows/{}", workflow.id);
    let name = if workflow.name.is_empty() {
        "Untitled workflow".to_owned()
    } else {
        workflow.name.clone()
    };
    let more = workflow.connectors.len().saturating_sub(ICONS);
    let icons = connectors.with_value(|all| {
        let shown = workflow.connectors.iter().take(ICONS);
        shown
            .map(|connector| {
                let (svg, title) = (icon_of(all, connector), title_of(all, connector));
                let titled = title.clone();
                view! {
                    <span title=titled>
                        <ConnectorIcon svg small=true/>
                        <span class="visually-hidden">{title}</span>
                    </span>
                }
            })
            .collect_view()
    });
    let last_run = match workflow.last_run.clone() {
        Some(run) => Either::Left(view! {
            <a class="row-run" href=format!("/runs/{}", run.id)>
                <RunPill status=run.status/>
                <RelativeTime at=run.at/>
            </a>
        }),
        None => Either::Right(view! { <span class="faint">"Never ran"</span> }),
    };
    let enabled = workflow
        .enabled
        .then(|| view! { <Pill kind=PillKind::Ok>"Enabled"</Pill> });
    let edited = (workflow.enabled
        && workflow
            .published_revision
            .is_some_and(|published| published < workflow.revision))
    .then(|| view! { <Pill kind=PillKind::Warning>"Edited since"</Pill> });
    let menu = Signal::derive({
        let (href, workflow) = (href.clone(), workflow.clone());
        move || {
            let (workflow, renamed) = (workflow.clone(), workflow.clone());
            vec![
                MenuItem::link("Open", href.clone()).glyph(Glyph::Workflow),
                MenuItem::link("Runs", format!("/runs?workflow={}", workflow.id)).glyph(Glyph::Run),
                MenuItem::new("Rename…", move || renaming.set(Some(renamed.clone())))
                    .glyph(Glyph::Pencil),
                MenuItem::new("Delete…", move || deleting.set(Some(workflow.clone())))
                    .glyph(Glyph::Trash)
                    .danger(),
            ]
        }
    });
    view! {
        <li class="row">
            <a class="row-main" rel="external" href=href>
                <b class="row-title">{name.clone()}</b>
                <small class="row-sub">
                    {if workflow.description.is_empty() {
                        Either::Left(view! { "Edited " <RelativeTime at=workflow.updated_at/> " by " {workflow.updated_by} })
                    } else {
                        Either::Right(workflow.description)
                    }}
                </small>
            </a>
            <span class="row-icons">
                {icons} {(more > 0).then(|| view! { <small class="faint">{format!("+{more}")}</small> })}
            </span>
            <span class="row-marks">{enabled} {edited}</span>
            <span class="row-last">{last_run}</span>
            <Menu label=format!("More for {name}") items=menu/>
        </li>
    }
    .into_any()
}

#[component]
fn Rename(
    workflow: WorkflowSummary,
    workflows: RwSignal<Vec<WorkflowSummary>>,
    renaming: RwSignal<Option<WorkflowSummary>>,
) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let (id, base_revision) = (workflow.id, workflow.revision);
    let rename = move |name: String| {
        let (client, id) = (client.clone(), id.clone());
        let (changed, new_name) = (id.clone(), name.clone());
        let edits = Edits {
            base_revision,
            edits: vec![Edit::Rename { name }],
        };
        job.run(
            async move { client.edit_workflow(id.as_str(), &edits).await },
            move |saved| {
                workflows.update(|workflows| {
                    let found = workflows.iter_mut().find(|workflow| workflow.id == changed);
                    if let Some(workflow) = found {
                        workflow.name = new_name;
                        workflow.revision = saved.revision;
                    }
                });
                renaming.set(None);
            },
        );
    };
    view! {
        <RenameDialog
            old=workflow.name
            help="Only the name changes; everything goes on running."
            job
            on_rename=rename
            on_close=move || renaming.set(None)
        />
    }
    .into_any()
}

#[component]
fn Delete(
    workflow: WorkflowSummary,
    workflows: RwSignal<Vec<WorkflowSummary>>,
    deleting: RwSignal<Option<WorkflowSummary>>,
) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    let (id, name, enabled) = (workflow.id, workflow.name, workflow.enabled);
    let shown_name = name.clone();
    let confirm = move || {
        let (client, id, name) = (client.clone(), id.clone(), name.clone());
        let gone = id.clone();
        job.run(
            async move { client.delete_workflow(id.as_str()).await },
            move |()| {
                workflows.update(|workflows| workflows.retain(|workflow| workflow.id != gone));
                deleting.set(None);
                toasts.say(format!("Deleted {name}"));
            },
        );
    };
    view! {
        <ConfirmDialog
            title="Delete this workflow?"
            confirm="Delete"
            danger=true
            busy=job.busy
            failure=job.failure
            on_confirm=confirm
            on_close=move || deleting.set(None)
        >
            <p>
                <b>{shown_name}</b>
                " and all its revisions go for good. Its runs stay in the list of runs."
            </p>
            {enabled
                .then(|| {
                    view! {
                        <p class="line">
                            <Icon glyph=Glyph::Bolt/>
                            "It is enabled: its trigger stops starting runs."
                        </p>
                    }
                })}
        </ConfirmDialog>
    }
    .into_any()
}
