//! An object with names of one's own: rows of name and value.

use crate::{
    builder::panel::{field::FieldHandle, form},
    ui::{For, Glyph, Icon},
};
use leptos::{prelude::*, web_sys};
use patchbay_model::{Json, JsonMap};
use serde_json::json;

/// Headers, query parameters and the like.
#[component]
pub fn KeyedEditor(handle: FieldHandle) -> impl IntoView {
    let entries = Memo::new(move |_| {
        handle
            .value
            .get()
            .and_then(|value| value.as_object().cloned())
            .unwrap_or_default()
    });
    let names =
        Memo::new(move |_| entries.with(|entries| entries.keys().cloned().collect::<Vec<_>>()));
    let change = move |with: Box<dyn FnOnce(&mut JsonMap)>| {
        let mut entries = entries.get_untracked();
        with(&mut entries);
        handle.set((!entries.is_empty()).then_some(Json::Object(entries)));
    };
    view! {
        <div class="keyed" id=handle.id() role="group" tabindex="-1" aria-labelledby=format!("{}-label", handle.id())>
            <For each=move || names.get() key=Clone::clone let:name>
                {
                    let (shown, renamed, valued, removed) = (name.clone(), name.clone(), name.clone(), name.clone());
                    let value = {
                        let name = name.clone();
                        move || entries.with(|entries| text(entries.get(&name)))
                    };
                    view! {
                        <div class="keyed-row">
                            <input class="in" aria-label="Name" prop:value=shown on:change=move |event| {
                                let (old, new) = (renamed.clone(), event_target_value(&event));
                                change(Box::new(move |entries| {
                                    let pairs = std::mem::take(entries);
                                    entries.extend(pairs.into_iter().map(|(name, value)| {
                                        if name == old && !new.is_empty() { (new.clone(), value) } else { (name, value) }
                                    }));
                                }));
                            } />
                            <input class="in" aria-label=format!("Value of {name}") prop:value=value on:change=move |event| {
                                let (name, value) = (valued.clone(), parsed(&event_target_value(&event)));
                                change(Box::new(move |entries| {
                                    entries.insert(name, value);
                                }));
                            } />
                            <button type="button" class="keyed-remove" aria-label=format!("Remove {removed}") title="Remove" on:click={
                                let removed = removed.clone();
                                move |_| {
                                    let name = removed.clone();
                                    change(Box::new(move |entries| {
                                        entries.shift_remove(&name);
                                    }));
                                }
                            }><Icon glyph=Glyph::Close /></button>
                        </div>
                    }
                }
            </For>
            <input class="in" placeholder="Add: type a name, then Enter" aria-label="Name to add"
                on:change=move |event| {
                    let name = event_target_value(&event).trim().to_owned();
                    if !name.is_empty() {
                        event_target::<web_sys::HtmlInputElement>(&event).set_value("");
                        change(Box::new(move |entries| {
                            entries.entry(name).or_insert_with(|| json!(""));
                        }));
                    }
                } />
        </div>
    }
}

/// A typed `$.…` is a path, a text with `{$.…}` a text with data.
fn parsed(text: &str) -> Json {
    if text.starts_with("$.") {
        form::mapped(text, None)
    } else if text.contains("{$.") {
        json!({ "$text": text })
    } else {
        json!(text)
    }
}

fn text(value: Option<&Json>) -> String {
    value
        .and_then(|value| {
            form::path_of(value)
                .or_else(|| form::text_of(value))
                .map(str::to_owned)
        })
        .unwrap_or_else(|| form::shown(value))
}
