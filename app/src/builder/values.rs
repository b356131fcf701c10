//! A value as a tree whose entries can be dragged to a field: what is dropped there is the path to the entry.

use crate::{
    builder::state::BuilderState,
    ui::{CopyButton, Glyph, Icon},
};
use leptos::{either::Either, prelude::*};
use patchbay_layout::ScreenPoint;
use patchbay_model::Json;
use std::sync::Arc;

/// Entries shown at once of a long list or object.
const PAGE: usize = 50;

/// How much of a long text is shown.
const TEXT: usize = 300;

/// How many levels are open at first.
const OPEN: usize = 2;

/// The tree. With a `path`, the value's own, every entry can be dragged out.
#[component]
pub fn ValueTree(value: Arc<Json>, path: Option<String>) -> impl IntoView {
    let copied = Arc::clone(&value);
    let can_be_dragged = path.is_some();
    // Made when it is asked for: printing a large value takes a while.
    let text = Signal::derive(move || serde_json::to_string_pretty(&*copied).unwrap_or_default());
    view! {
        <div class="values" class:draggable=can_be_dragged>
            <div class="values-tree" role="tree">{node(None, (*value).clone(), path, OPEN)}</div>
            <CopyButton text label="Copy as JSON" bare=true/>
        </div>
    }
}

/// The path to an entry of the value at `path`.
pub fn child_path(path: &str, key: &str, in_list: bool) -> String {
    if in_list {
        return format!("{path}[{key}]");
    }
    let is_plain = key
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if is_plain {
        format!("{path}.{key}")
    } else {
        let key = key.replace('\\', "\\\\").replace('\'', "\\'");
        format!("{path}['{key}']")
    }
}

fn node(key: Option<String>, value: Json, path: Option<String>, open: usize) -> AnyView {
    let handle = path.clone().map(|path| view! { <Handle path/> });
    let label = key.map(|key| view! { <span class="values-key">{key}</span> });
    let (entries, in_list, summary) = match value {
        Json::Array(items) => {
            let summary = count(items.len(), "item");
            let entries: Vec<_> = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| (index.to_string(), item))
                .collect();
            (entries, true, summary)
        }
        Json::Object(fields) => {
            let summary = count(fields.len(), "field");
            (fields.into_iter().collect(), false, summary)
        }
        leaf => {
            let (class, text) = leaf_text(&leaf);
            return view! {
                <div class="values-row" role="treeitem" data-path=path>
                    {handle}
                    {label}
                    <span class=class>{text}</span>
                </div>
            }
            .into_any();
        }
    };
    let is_open = RwSignal::new(open > 0 && !entries.is_empty());
    let shown = RwSignal::new(PAGE);
    let total = entries.len();
    let entries = StoredValue::new(entries);
    let parent = StoredValue::new(path.clone());
    let inside = move || {
        let part = entries.with_value(|entries| {
            entries
                .iter()
                .take(shown.get())
                .cloned()
                .collect::<Vec<_>>()
        });
        let nodes = part.into_iter().map(|(key, value)| {
            let path =
                parent.with_value(|path| path.as_ref().map(|path| child_path(path, &key, in_list)));
            node(Some(key), value, path, open.saturating_sub(1))
        });
        let nodes = nodes.collect_view();
        let rest = total.saturating_sub(shown.get());
        let more = (rest > 0).then(|| {
            view! {
                <button class="values-more" type="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>
                    {format!("Show {} more of {rest}", rest.min(PAGE))}
                </button>
            }
        });
        view! { <div class="values-children" role="group">{nodes} {more}</div> }.into_any()
    };
    view! {
        <div role="treeitem" aria-expanded=move || is_open.get().to_string()>
            <div class="values-row" data-path=path>
                {handle}
                <button class="values-branch" type="button" on:click=move |_| is_open.update(|open| *open = !*open)>
                    <span class="values-arrow" class:open=is_open><Icon glyph=Glyph::ChevronRight/></span>
                    {label}
                    <span class="values-count">{summary}</span>
                </button>
            </div>
            {move || if is_open.get() { Either::Left(inside()) } else { Either::Right(()) }}
        </div>
    }
    .into_any()
}

/// The socket from which a cable is drawn.
#[component]
fn Handle(path: String) -> impl IntoView {
    let state = use_context::<BuilderState>();
    let title = format!("Drag {path} to a field");
    let press = move |event: leptos::ev::PointerEvent| {
        if let Some(state) = state
            && event.button() == 0
        {
            event.prevent_default();
            let at = ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y()));
            state.begin_cable_from_value(path.clone(), at);
        }
    };
    view! { <span class="values-socket" title=title on:pointerdown=press></span> }
}

fn leaf_text(leaf: &Json) -> (&'static str, String) {
    match leaf {
        Json::String(text) => {
            let long = text.chars().nth(TEXT).is_some();
            let shown: String = if long {
                text.chars().take(TEXT).chain("…".chars()).collect()
            } else {
                text.clone()
            };
            ("json-text", format!("\"{shown}\""))
        }
        Json::Number(number) => ("json-number", number.to_string()),
        Json::Bool(flag) => ("json-bool", flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => ("json-null", "null".to_owned()),
    }
}

fn count(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::child_path;

    #[test]
    fn paths_of_entries_can_be_typed_as_they_stand() {
        for (key, in_list, expected) in [
            ("records", false, "$.steps.ringcentral-1.records"),
            ("0", true, "$.steps.ringcentral-1[0]"),
            ("phone-number", false, "$.steps.ringcentral-1.phone-number"),
            (
                "Phone number",
                false,
                "$.steps.ringcentral-1['Phone number']",
            ),
            ("0", false, "$.steps.ringcentral-1['0']"),
            ("it's", false, "$.steps.ringcentral-1['it\\'s']"),
        ] {
            assert_eq!(child_path("$.steps.ringcentral-1", key, in_list), expected);
        }
    }
}
