//! `/connectors`: what Patchbay can talk to.

use crate::{
    load::{load, resource},
    ui::{ConnectorIcon, PageHeader, SearchField},
    use_client,
};
use leptos::prelude::*;
use patchbay_api::connectors::ConnectorSummary;

/// The groups, in the order in which they are shown.
const GROUPS: [(&str, &str); 4] = [
    ("service", "Services"),
    ("trigger", "Triggers"),
    ("core", "Core"),
    ("helper", "Helpers"),
];

/// The page.
#[component]
pub fn ConnectorsPage() -> impl IntoView {
    let client = use_client();
    let connectors = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.connectors().await }
        },
    );
    view! {
        <div class="page">
            <PageHeader
                title="Connectors"
                summary="What workflows are made of: each connector with the operations it brings."
            />
            {load(connectors, |connectors| view! { <Catalogue connectors/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Catalogue(connectors: Vec<ConnectorSummary>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let connectors = StoredValue::new(connectors);
    let groups = move || {
        let wanted = search.get().trim().to_lowercase();
        let groups = connectors.with_value(|all| groups(all, &wanted));
        if groups.is_empty() {
            return view! { <p class="rows-none muted">"No connector fits."</p> }.into_any();
        }
        groups
            .into_iter()
            .map(|(title, connectors)| {
                let cards = connectors
                    .into_iter()
                    .map(|connector| view! { <Card connector/> })
                    .collect_view();
                view! {
                    <section class="catalogue-group">
                        <h2>{title}</h2>
                        <ul class="catalogue">{cards}</ul>
                    </section>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <div class="toolbar">
            <SearchField value=search label="Search connectors"/>
        </div>
        {groups}
    }
    .into_any()
}

fn groups(all: &[ConnectorSummary], wanted: &str) -> Vec<(&'static str, Vec<ConnectorSummary>)> {
    let fits = |one: &&ConnectorSummary| {
        [&one.title, &one.name, &one.summary]
            .iter()
            .any(|text| text.to_lowercase().contains(wanted))
    };
    let group_of = |one: &ConnectorSummary| {
        let known = GROUPS
            .iter()
            .position(|(name, _)| one.categories.iter().any(|category| category == name));
        known.unwrap_or(GROUPS.len() - 1)
    };
    let found: Vec<&ConnectorSummary> = all.iter().filter(fits).collect();
    GROUPS
        .iter()
        .enumerate()
        .map(|(index, (_, title))| {
            (
                *title,
                found
                    .iter()
                    .filter(|one| group_of(one) == index)
                    .map(|one| (*one).clone())
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, connectors)| !connectors.is_empty())
        .collect()
}

#[component]
fn Card(connector: ConnectorSummary) -> impl IntoView {
    let counted = [
        (connector.operations, "operation"),
        (connector.triggers, "trigger"),
    ];
    let counts: Vec<String> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| {
            if count == 1 {
                format!("1 {what}")
            } else {
                format!("{count} {what}s")
            }
        })
        .collect();
    view! {
        <li>
            <a class="catalogue-card" href=format!("/connectors/{}", connector.name)>
                <ConnectorIcon svg=connector.icon large=true/>
                <span class="catalogue-text">
                    <b>{connector.title}</b>
                    <span class="muted">{connector.summary}</span>
                    <small class="faint">{counts.join(" · ")}</small>
                </span>
            </a>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connector(name: &str, category: &str) -> ConnectorSummary {
        ConnectorSummary {
            name: name.to_owned(),
            title: name.to_owned(),
            version: "1.0.0".to_owned(),
            categories: vec![category.to_owned()],
            summary: String::new(),
            icon: String::new(),
            service: None,
            operations: 1,
            triggers: 0,
        }
    }

    #[test]
    fn each_connector_stands_in_one_group() {
        let all = [
            connector("loop", "core"),
            connector("ringcentral", "service"),
            connector("odd", "unheard of"),
        ];
        let shape: Vec<_> = groups(&all, "")
            .into_iter()
            .map(|(title, found)| (title, found[0].name.clone()))
            .collect();
        assert_eq!(
            shape,
            [
                ("Services", "ringcentral".to_owned()),
                ("Core", "loop".to_owned()),
                ("Helpers", "odd".to_owned())
            ]
        );
    }
}
