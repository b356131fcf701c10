//! `/connectors/{name}`: the reference of one connector, made from its data.

mod examples;
mod operation;
mod schema;

use crate::{
    load::{load, resource},
    ui::{ConnectorIcon, Glyph, LinkButton, PageHeader, Pill, PillKind, SearchField},
    use_client,
};
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
    let operations = StoredValue::new(connector.operations);
    let triggers = StoredValue::new(connector.triggers);
    let name_kept = StoredValue::new(name.clone());
    let pointed_at = StoredValue::new(pointed_at);
    let part = move |title: &'static str, list: StoredValue<Vec<OperationDetail>>| {
        let wanted = search.get().trim().to_lowercase();
        let groups = list.with_value(|all| groups(all, &wanted));
        (!groups.is_empty()).then(|| {
            let groups = groups
                .into_iter()
                .map(|(group, operations)| {
                    let rows = operations
                        .into_iter()
                        .map(|detail| {
                            let open = pointed_at.with_value(|name| *name == detail.name);
                            view! { <Operation connector=name_kept.get_value() detail open/> }
                        })
                        .collect_view();
                    view! {
                        {(!group.is_empty()).then(|| view! { <h3 class="reference-group">{group}</h3> })}
                        <ul class="reference">{rows}</ul>
                    }
                })
                .collect_view();
            view! {
                <section>
                    <h2 class="reference-title">{title}</h2>
                    {groups}
                </section>
            }
        })
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
        {move || part("Triggers", triggers)}
        {move || part("Operations", operations)}
    }
    .into_any()
}

/// By group, in the connector's own order; hidden ones only serve drop-downs.
fn groups(all: &[OperationDetail], wanted: &str) -> Vec<(String, Vec<OperationDetail>)> {
    let fits = |one: &&OperationDetail| {
        let id = one.operation_id.as_deref().unwrap_or_default();
        let texts = [one.title.as_str(), &one.name, &one.summary, id];
        let keywords = one.keywords.iter().map(String::as_str);
        !one.hidden
            && texts
                .into_iter()
                .chain(keywords)
                .any(|text| text.to_lowercase().contains(wanted))
    };
    let mut groups: Vec<(String, Vec<OperationDetail>)> = Vec::new();
    for one in all.iter().filter(fits) {
        match groups.iter_mut().find(|(group, _)| *group == one.group) {
            Some((_, operations)) => operations.push(one.clone()),
            None => groups.push((one.group.clone(), vec![one.clone()])),
        }
    }
    groups
}
