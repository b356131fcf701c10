//! Any JSON as a tree that opens and closes.

use super::{CopyButton, Glyph, Icon};
use leptos::{either::Either, prelude::*};
use patchbay_model::Json;
use std::sync::Arc;

/// Entries shown at once of a long list or object.
const PAGE: usize = 100;

/// A tree over a value, with a button to copy all of it.
#[component]
pub fn JsonView(
    #[prop(into)] value: Arc<Json>,
    /// How many levels are open at first.
    #[prop(default = 2)]
    open: usize,
) -> impl IntoView {
    let text = {
        let value = Arc::clone(&value);
        // Made when it is asked for: printing a large value takes a while.
        Signal::derive(move || serde_json::to_string_pretty(&*value).unwrap_or_default())
    };
    view! {
        <div class="json-view">
            <div class="json-tree" role="tree">{node(None, (*value).clone(), open)}</div>
            <CopyButton text label="Copy as JSON" bare=true/>
        </div>
    }
    .into_any()
}

fn node(key: Option<String>, value: Json, open: usize) -> AnyView {
    let label = key.map(|key| view! { <span class="json-key">{key}</span> });
    match value {
        Json::Array(items) => {
            let summary = count(items.len(), "item");
            let entries = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| (index.to_string(), item))
                .collect();
            branch(label.into_any(), summary, entries, open)
        }
        Json::Object(fields) => {
            let summary = count(fields.len(), "field");
            branch(
                label.into_any(),
                summary,
                fields.into_iter().collect(),
                open,
            )
        }
        leaf => {
            let (class, text) = match &leaf {
                Json::String(text) => ("json-text", format!("\"{}\"", short(text))),
                Json::Number(number) => ("json-number", number.to_string()),
                Json::Bool(flag) => ("json-bool", flag.to_string()),
                _ => ("json-null", "null".to_owned()),
            };
            view! {
                <div class="json-row" role="treeitem">
                    <span class="json-indent"></span>
                    {label}
                    <span class=class>{text}</span>
                </div>
            }
            .into_any()
        }
    }
}

fn branch(label: AnyView, summary: String, entries: Vec<(String, Json)>, open: usize) -> AnyView {
    if entries.is_empty() {
        return view! {
            <div class="json-row" role="treeitem">
                <span class="json-indent"></span>
                {label}
                <span class="json-null">{summary}</span>
            </div>
        }
        .into_any();
    }
    let is_open = RwSignal::new(open > 0);
    let shown = RwSignal::new(PAGE);
    let total = entries.len();
    let entries = StoredValue::new(entries);
    let inside = move || {
        let part = entries.with_value(|entries| {
            entries
                .iter()
                .take(shown.get())
                .cloned()
                .collect::<Vec<_>>()
        });
        let nodes = part
            .into_iter()
            .map(|(key, value)| node(Some(key), value, open.saturating_sub(1)))
            .collect_view();
        let rest = total.saturating_sub(shown.get());
        let more = (rest > 0).then(|| {
            view! {
                <button class="json-more" r#type="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>
                    {format!("Show {} more of {rest}", rest.min(PAGE))}
                </button>
            }
        });
        view! { <div class="json-children" role="group">{nodes} {more}</div> }.into_any()
    };
    view! {
        <div role="treeitem" aria-expanded=move || if is_open.get() { "true" } else { "false" }>
            <button class="json-row json-row-branch" r#type="button" on:click=move |_| is_open.update(|open| *open = !*open)>
                <span class="json-arrow" class:json-arrow-open=is_open>
                    <Icon glyph=Glyph::ChevronRight/>
                </span>
                {label}
                <span class="json-count">{summary}</span>
            </button>
            {move || if is_open.get() { Either::Left(inside()) } else { Either::Right(()) }}
        </div>
    }
    .into_any()
}

fn count(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 2_000;
    if text.chars().nth(LONGEST).is_none() {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain("…".chars()).collect()
    }
}
