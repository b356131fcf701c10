//! A path as a chip: where the value comes from, in words; editable as text.

use crate::builder::panel::{
    field::FieldHandle,
    form::{self, Mode},
};
use leptos::prelude::*;
use patchbay_model::{Json, path::{Path, Segment}};
use serde_json::json;

/// The parts of a path that a chip shows: the step and the keys below it.
fn parts(path: &str) -> (Option<String>, Vec<String>) {
    let Ok(parsed) = Path::parse(path) else { return (None, vec![path.to_owned()]) };
    let Some(segments) = parsed.segments() else { return (None, vec![path.to_owned()]) };
    let names: Vec<String> = segments.iter().map(spelt).collect();
    match names.split_first() {
        Some((root, rest)) if root == "steps" && !rest.is_empty() => (Some(rest[0].clone()), rest[1..].to_vec()),
        _ => (None, names),
    }
}

fn spelt(segment: &Segment) -> String {
    match segment {
        Segment::Name(name) => name.clone(),
        Segment::Index(index) => format!("[{index}]"),
    }
}

/// Chip, fallback, and the path as text for those who like to type.
#[component]
pub fn PathEditor(handle: FieldHandle) -> impl IntoView {
    let typing = RwSignal::new(false);
    let path = Memo::new(move |_| {
        handle.value.get().as_ref().and_then(form::path_of).map(str::to_owned).unwrap_or_default()
    });
    let default = Memo::new(move |_| handle.value.get().and_then(|value| value.get("$default").cloned()));
    let commit = move |text: String| {
        typing.set(false);
        let text = text.trim();
        if text.is_empty() {
            handle.mode.set(Mode::Value);
            handle.set(None);
        } else {
            handle.set(Some(form::mapped(text, default.get_untracked().as_ref())));
        }
    };
    let set_default = move |default: Option<Json>| {
        handle.set(Some(form::mapped(&path.get_untracked(), default.as_ref())));
    };
    view! {
        <div class="in chip-box" on:click=move |_| if path.get_untracked().is_empty() { handle.picking.set(true) }>
            {move || {
                let text = path.get();
                if typing.get() {
                    view! {
                        <input class="chip-input mono" id=handle.id() autofocus prop:value=text.clone() spellcheck="false"
                            aria-label="Path"
                            on:keydown=move |event| match event.key().as_str() {
                                "Enter" => commit(event_target_value(&event)),
                                "Escape" => {
                                    event.stop_propagation();
                                    typing.set(false);
                                }
                                _ => {}
                            }
                            on:blur=move |event| if typing.get_untracked() { commit(event_target_value(&event)) } />
                    }.into_any()
                } else if text.is_empty() {
                    view! {
                        <button type="button" class="chip-empty" id=handle.id() on:click=move |_| handle.picking.set(true)>
                            "Drop on a value, or press / to search"
                        </button>
                    }.into_any()
                } else {
                    view! { <Chip handle path=text typing /> }.into_any()
                }
            }}
        </div>
        <Show when=move || !path.get().is_empty()>
            <div class="fallback">
                {move || match default.get() {
                    None => view! {
                        <button type="button" class="link" on:click=move |_| set_default(Some(json!("")))>
                            "Add a value for when it is missing"
                        </button>
                    }.into_any(),
                    Some(default) => view! {
                        <label>"or "
                            <input class="in small" aria-label="Value when it is missing" placeholder="(empty)"
                                prop:value=form::shown(Some(&default))
                                on:change=move |event| set_default(Some(json!(event_target_value(&event)))) />
                        </label>
                        <button type="button" class="link" on:click=move |_| set_default(None)>"remove"</button>
                    }.into_any(),
                }}
            </div>
        </Show>
    }
}

#[component]
fn Chip(handle: FieldHandle, path: String, typing: RwSignal<bool>) -> impl IntoView {
    let (step, keys) = parts(&path);
    let icon = {
        let step = step.clone();
        move || {
            let connector = handle.state.step(step.as_deref()?).map(|step| step.connector)?;
            Some(handle.state.icon_of(&connector))
        }
    };
    let title = {
        let step = step.clone();
        move || {
            let step = handle.state.step(step.as_deref()?)?;
            Some(if step.title.is_empty() { step.name } else { step.title })
        }
    };
    let lead = if keys.is_empty() { step.clone() } else { None };
    let spoken = path.clone();
    view! {
        <button type="button" class="chip mono" id=handle.id() data-path=path.clone()
            title=move || format!("{path}{}", title().map(|title| format!(" — from {title}")).unwrap_or_default())
            aria-label=format!("From data: {spoken}. Press Enter to edit, slash to choose other data, Delete to clear.")
            on:click=move |_| typing.set(true)
            on:keydown=move |event| match event.key().as_str() {
                "/" => {
                    event.prevent_default();
                    handle.picking.set(true);
                }
                "Delete" | "Backspace" => {
                    event.prevent_default();
                    event.stop_propagation();
                    handle.mode.set(Mode::Value);
                    handle.set(None);
                }
                _ => {}
            }>
            <span class="ico tiny" inner_html=move || icon().unwrap_or_default() aria-hidden="true"></span>
            {lead}
            {keys.into_iter().enumerate().map(|(at, key)| view! {
                {(at > 0 && !key.starts_with('[')).then(|| view! { <i>"."</i> })}
                <span>{key}</span>
            }).collect_view()}
        </button>
        <button type="button" class="chip-clear" aria-label="Clear" on:click=move |event| {
            event.stop_propagation();
            handle.mode.set(Mode::Value);
            handle.set(None);
        }>"×"</button>
    }
}
