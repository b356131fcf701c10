//! A path as a chip: where the value comes from, in words; editable as text.

use crate::{
    builder::panel::{field::FieldHandle, focus_by_id, form},
    ui::{Glyph, Icon},
};
use leptos::{html, prelude::*};
use patchbay_model::{
    Json,
    path::{Path, Segment},
};
use serde_json::json;

/// The parts of a path that a chip shows: the step and the keys below it.
fn parts(path: &str) -> (Option<String>, Vec<String>) {
    let Ok(parsed) = Path::parse(path) else {
        return (None, vec![path.to_owned()]);
    };
    let Some(segments) = parsed.segments() else {
        return (None, vec![path.to_owned()]);
    };
    let names: Vec<String> = segments.iter().map(spelt).collect();
    match names.split_first() {
        Some((root, rest)) if root == "steps" && !rest.is_empty() => {
            (Some(rest[0].clone()), rest[1..].to_vec())
        }
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
        handle
            .value
            .get()
            .as_ref()
            .and_then(form::path_of)
            .map(str::to_owned)
            .unwrap_or_default()
    });
    let default = Memo::new(move |_| {
        handle
            .value
            .get()
            .filter(|_| !path.get().is_empty())?
            .get("$default")
            .cloned()
    });
    let commit = move |text: String| {
        typing.set(false);
        let text = text.trim();
        if text.is_empty() {
            handle.clear();
        } else {
            handle.set(Some(form::mapped(text, default.get_untracked().as_ref())));
        }
    };
    let set_default = move |default: Option<Json>| {
        handle.set(Some(form::mapped(&path.get_untracked(), default.as_ref())));
    };
    let fallback_id = format!("{}-fallback", handle.id());
    let add_fallback = {
        let id = fallback_id.clone();
        move |_| {
            set_default(Some(json!("")));
            let id = id.clone();
            request_animation_frame(move || focus_by_id(&id));
        }
    };
    view! {
        <div class="in chip-box">
            {move || {
                let text = path.get();
                if typing.get() {
                    view! { <PathInput handle text typing on_commit=Callback::new(commit) /> }.into_any()
                } else if text.is_empty() {
                    view! {
                        <button type="button" class="chip-empty" id=handle.id() on:click=move |_| handle.pick()
                            on:keydown=move |event| if event.key() == "/" {
                                event.prevent_default();
                                handle.pick();
                            }>
                            "Drop on a value, or press / to search"
                        </button>
                    }.into_any()
                } else {
                    view! { <Chip handle path=text typing /> }.into_any()
                }
            }}
            {move || (!path.get().is_empty() && !typing.get()).then(|| {
                let add_fallback = add_fallback.clone();
                let id = fallback_id.clone();
                match default.get() {
                    None => view! {
                        <button type="button" class="or-add" title="Use another value when this one is missing" on:click=add_fallback>"or …"</button>
                    }.into_any(),
                    Some(default) => view! {
                        <label class="or">"or"
                            <input class="mono" id=id aria-label="Value when it is missing" placeholder="\"\"" size="6" spellcheck="false"
                                prop:value=form::shown(Some(&default))
                                on:keydown=move |event| if event.key() == "Backspace" && event_target_value(&event).is_empty() {
                                    event.prevent_default();
                                    set_default(None);
                                    handle.focus_soon();
                                }
                                on:change=move |event| {
                                    let typed = handle.field.with_value(|field| form::typed(&event_target_value(&event), &field.schema));
                                    set_default(Some(typed));
                                } />
                        </label>
                    }.into_any(),
                }
            })}
        </div>
    }
}

/// The path as text.
#[component]
fn PathInput(
    handle: FieldHandle,
    text: String,
    typing: RwSignal<bool>,
    on_commit: Callback<String>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // Fails only for elements that cannot have the focus.
            let _ = input.focus();
            input.select();
        }
    });
    view! {
        <input class="chip-input mono" id=handle.id() node_ref=input prop:value=text spellcheck="false" autocomplete="off"
            aria-label="Path" placeholder="$.steps.…"
            on:keydown=move |event| match event.key().as_str() {
                "Enter" => {
                    on_commit.run(event_target_value(&event));
                    handle.focus_soon();
                }
                "Escape" => {
                    event.stop_propagation();
                    typing.set(false);
                    handle.focus_soon();
                }
                _ => {}
            }
            on:blur=move |event| if typing.get_untracked() { on_commit.run(event_target_value(&event)) } />
    }
}

#[component]
fn Chip(handle: FieldHandle, path: String, typing: RwSignal<bool>) -> impl IntoView {
    let (step, keys) = parts(&path);
    let connector = {
        let step = step.clone();
        Memo::new(move |_| {
            handle
                .state
                .step(step.as_deref()?)
                .map(|step| step.connector)
        })
    };
    let icon = move || {
        connector
            .get()
            .map(|connector| handle.state.icon_of(&connector))
            .filter(|icon| !icon.is_empty())
    };
    let title = {
        let step = step.clone();
        Memo::new(move |_| {
            let step = handle.state.step(step.as_deref()?)?;
            Some(if step.title.is_empty() {
                step.name
            } else {
                step.title
            })
        })
    };
    let lead = if keys.is_empty() { step.clone() } else { None };
    let spoken = path.clone();
    let shown = path.clone();
    view! {
        <button type="button" class="chip mono" id=handle.id() data-path=path.clone()
            title=move || format!("{shown}{}", title.get().map(|title| format!(" — from {title}")).unwrap_or_default())
            aria-label=format!("From data: {spoken}. Enter edits it, slash chooses other data, Delete clears it.")
            on:click=move |_| typing.set(true)
            on:keydown=move |event| match event.key().as_str() {
                "/" => {
                    event.prevent_default();
                    handle.pick();
                }
                "Delete" | "Backspace" => {
                    event.prevent_default();
                    event.stop_propagation();
                    handle.clear();
                }
                _ => {}
            }>
            {move || icon().map(|icon| view! { <span class="chip-icon" inner_html=icon aria-hidden="true"></span> })}
            <span class="chip-path">
                {lead}
                {keys.into_iter().enumerate().map(|(at, key)| view! {
                    {(at > 0 && !key.starts_with('[')).then(|| view! { <i>"."</i> })}
                    <span>{key}</span>
                }).collect_view()}
            </span>
        </button>
        <button type="button" class="chip-clear" aria-label="Clear" title="Clear" on:click=move |_| handle.clear()>
            <Icon glyph=Glyph::Close />
        </button>
    }
}
