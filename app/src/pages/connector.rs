//! `/connectors/{name}`: the reference of one connector, made from its data.
//!
//! A connector may have hundreds of operations, so the page has its index only: a group's rows are made when the group
//! is opened, a search shows the best of what it finds, and an operation's inputs come when it is opened.

mod examples;
mod index;
mod operation;
mod schema;

use crate::{
    load::{load, resource},
    ui::{ConnectorIcon, Glyph, Icon, LinkButton, PageHeader, Pill, PillKind, SearchField},
    use_client,
};
use index::{Index, MOST_FOUND};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use operation::Operation;
use patchbay_api::connectors::{ConnectorDetail, OperationDetail};

/// The page.
#[component]
pub fn ConnectorPage() -> impl IntoView {
    let client = use_client();
    let params = use_params_map();
    let name = move || params.with(|params| params.get("name").unwrap_or_default());
    let connector = resource(name, move |name| {
        let client = client.clone();
        async move { client.connector(&name).await }
    });
    view! { <div class="page">{load(connector, |connector| view! { <Reference connector/> })}</div> }
}

#[component]
fn Reference(connector: ConnectorDetail) -> impl IntoView {
    let query = use_query_map();
    let search = RwSignal::new(String::new());
    // The operation that a link points at is open from the beginning.
    let pointed_at = query
        .with_untracked(|query| query.get("operation"))
        .unwrap_or_default();
    let name = connector.name.clone();
    let version = format!("Version {}", connector.version);
    let has_service = connector.service.is_some();
    let parts = StoredValue::new([
        ("Triggers", Index::of(connector.triggers)),
        ("Operations", Index::of(connector.operations)),
    ]);
    let list = List {
        connector: StoredValue::new(name.clone()),
        pointed_at: StoredValue::new(pointed_at),
    };
    let body = move || {
        let wanted = search.get();
        let part = |(title, index): &(&'static str, Index)| {
            let inside = if wanted.trim().is_empty() {
                list.groups(index)
            } else {
                list.found(index, &wanted)?
            };
            (!index.is_empty()).then(|| {
                view! {
                    <section>
                        <h2 class="reference-title">{*title}</h2>
                        {inside}
                    </section>
                }
            })
        };
        let shown = parts.with_value(|parts| parts.iter().map(part).collect::<Vec<_>>());
        if shown.iter().all(Option::is_none) {
            return view! { <p class="muted">"No operation fits these words."</p> }.into_any();
        }
        shown.into_any()
    };
    view! {
        <nav class="crumbs" aria-label="Where you are">
            <a href="/connectors">"Connectors"</a>
            <span aria-hidden="true">"/"</span>
            <span class="mono">{name.clone()}</span>
        </nav>
        <div class="connector-head">
            <ConnectorIcon svg=connector.icon large=true/>
            <PageHeader title=connector.title summary=connector.summary>
                <Pill kind=PillKind::Neutral>{version}</Pill>
                {has_service
                    .then(|| {
                        view! {
                            <LinkButton href=format!("/authentications?new={name}") glyph=Glyph::Key>
                                "New authentication"
                            </LinkButton>
                        }
                    })}
            </PageHeader>
        </div>
        <div class="toolbar">
            <SearchField value=search label="Search operations"/>
        </div>
        {body}
    }
    .into_any()
}

/// What every row needs to know.
#[derive(Clone, Copy)]
struct List {
    connector: StoredValue<String>,
    pointed_at: StoredValue<String>,
}

impl List {
    fn rows(self, operations: Vec<OperationDetail>) -> AnyView {
        let rows = operations
            .into_iter()
            .map(|detail| {
                let open = self.pointed_at.with_value(|name| *name == detail.name);
                view! { <Operation connector=self.connector.get_value() detail open/> }
            })
            .collect_view();
        view! { <ul class="reference">{rows}</ul> }.into_any()
    }

    /// All groups; of a long list, only their headings.
    fn groups(self, index: &Index) -> AnyView {
        let groups = index.groups().into_iter().map(|(group, operations)| {
            if group.is_empty() {
                return self.rows(operations);
            }
            if !index.is_long() {
                return view! {
                    <h3 class="reference-group">{group}</h3>
                    {self.rows(operations)}
                }
                .into_any();
            }
            let pointed_at = self
                .pointed_at
                .with_value(|name| operations.iter().any(|one| one.name == *name));
            view! { <Group list=self title=group operations open=pointed_at/> }.into_any()
        });
        groups.collect_view().into_any()
    }

    /// The best of what a search finds.
    fn found(self, index: &Index, wanted: &str) -> Option<AnyView> {
        let mut found = index.search(wanted);
        if found.is_empty() {
            return None;
        }
        let more = found.len().saturating_sub(MOST_FOUND);
        found.truncate(MOST_FOUND);
        let more = (more > 0).then(|| {
            view! { <p class="muted">{format!("{more} more fit; add a word to find them.")}</p> }
        });
        Some(view! { {self.rows(found)} {more} }.into_any())
    }
}

/// A group whose rows are made when it is opened.
#[component]
fn Group(list: List, title: String, operations: Vec<OperationDetail>, open: bool) -> impl IntoView {
    let is_open = RwSignal::new(open);
    let count = operations.len();
    let operations = StoredValue::new(operations);
    view! {
        <div class="reference-part">
            <h3 class="reference-group">
                <button
                    class="reference-toggle"
                    r#type="button"
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    <span class="json-arrow" class:json-arrow-open=is_open>
                        <Icon glyph=Glyph::ChevronRight/>
                    </span>
                    {title}
                    <span class="faint">{count}</span>
                </button>
            </h3>
            {move || is_open.get().then(|| list.rows(operations.get_value()))}
        </div>
    }
    .into_any()
}
