//! The searchable list of data: the connector-snake from the keyboard.

use super::sources::{self, Source};
use crate::builder::panel::{field::FieldHandle, focus_by_id};
use leptos::{html, prelude::*};
use patchbay_model::{
    compat::Fit,
    tree::{self, PathNode},
};

/// Levels of a step's output that are searched.
const DEPTH: usize = 5;
/// Values of one step that are searched, and shown in all.
const PER_STEP: usize = 400;
const SHOWN: usize = 60;

/// An entry of the list.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    step: String,
    title: String,
    node: PathNode,
    fit: Fit,
    optional: bool,
}

/// Under a field: type to search, arrows to move, Enter to choose, Escape to close.
#[component]
pub fn Picker(handle: FieldHandle) -> impl IntoView {
    let state = handle.state;
    let search = RwSignal::new(String::new());
    let marked = RwSignal::new(0_usize);
    let sources = Memo::new(move |_| sources::of(state, &handle.step.get_value()));
    let entries = Memo::new(move |_| {
        let text = search.get();
        sources.with(|sources| {
            sources
                .iter()
                .flat_map(|source| entries(source, &text, handle))
                .take(SHOWN)
                .collect::<Vec<_>>()
        })
    });
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // Fails only for elements that cannot have the focus.
            let _ = input.focus();
        }
    });
    // The list may lie below the panel's visible part.
    Effect::new(move |_| {
        if input.get().is_some() {
            request_animation_frame(|| super::reveal(".data-picker"));
        }
    });
    Effect::new(move |_| {
        marked.track();
        request_animation_frame(|| super::reveal(".data-picker .picker-row.on"));
    });
    let back = move || request_animation_frame(move || focus_by_id(&handle.id()));
    let close = move || {
        handle.picking.set(false);
        back();
    };
    let choose = move |entry: &Entry| match &entry.fit {
        Fit::No(why) => state.say(format!("Not connected: {why}.")),
        Fit::Yes | Fit::Converts(_) => {
            handle.take_path(&entry.node.path, entry.optional);
            back();
        }
    };
    let takes_slash = handle.takes_slash();
    let key = move |event: web_sys::KeyboardEvent| {
        let count = entries.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                marked.update(|at| *at = (*at + 1).min(count.saturating_sub(1)));
            }
            "ArrowUp" => {
                event.prevent_default();
                marked.update(|at| *at = at.saturating_sub(1));
            }
            "Enter" => {
                event.prevent_default();
                if let Some(entry) =
                    entries.with_untracked(|all| all.get(marked.get_untracked()).cloned())
                {
                    choose(&entry);
                }
            }
            "/" if takes_slash && search.with_untracked(String::is_empty) => {
                event.prevent_default();
                handle.put_in("/");
                close();
            }
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
            _ => {}
        }
    };
    view! {
        <div class="data-picker" role="dialog" aria-label="Choose data"
            on:mousedown=move |event| {
                // Otherwise a press on the scroll bar would close the list.
                let on_input = event.target().zip(input.get_untracked()).is_some_and(|(target, input)| target == ****input);
                if !on_input {
                    event.prevent_default();
                }
            }>
            <input class="in" type="text" node_ref=input placeholder="Search the data of earlier steps" autocomplete="off" spellcheck="false"
                role="combobox" aria-expanded="true" aria-controls="data-picker-list" aria-autocomplete="list" aria-label="Search data"
                aria-activedescendant=move || format!("data-option-{}", marked.get())
                prop:value=move || search.get()
                on:input=move |event| {
                    search.set(event_target_value(&event));
                    marked.set(0);
                }
                on:keydown=key on:blur=move |_| handle.picking.set(false) />
            <ul role="listbox" id="data-picker-list">
                <Show when=move || sources.with(Vec::is_empty)>
                    <li class="combo-note">"No step runs before this one yet."</li>
                </Show>
                <Show when=move || !sources.with(Vec::is_empty) && entries.with(Vec::is_empty)>
                    <li class="combo-note">"Nothing found. Try another word."</li>
                </Show>
                {move || {
                    let mut last = String::new();
                    entries.get().into_iter().enumerate().map(|(at, entry)| {
                        let heading = (entry.step != last).then(|| {
                            last.clone_from(&entry.step);
                            view! { <li class="picker-step" role="presentation"><b>{entry.title.clone()}</b><span class="mono">{entry.step.clone()}</span></li> }
                        });
                        let clash = match &entry.fit {
                            Fit::No(why) => Some(why.clone()),
                            _ => None,
                        };
                        let picked = entry.clone();
                        view! {
                            {heading}
                            <li role="option" class="picker-row mono" id=format!("data-option-{at}") class:on=move || marked.get() == at class:clash=clash.is_some()
                                data-path=entry.node.path.clone() title=clash
                                aria-selected=move || (marked.get() == at).to_string()
                                on:pointerenter=move |_| marked.set(at)
                                // Before the field loses the focus, which closes the list.
                                on:mousedown=move |event| {
                                    event.prevent_default();
                                    choose(&picked);
                                }>
                                <span class="k">{below_step(&entry.node.path, &entry.step)}</span>
                                <span class="ty">{entry.node.type_name}</span>
                                {entry.node.sample.clone().map(|sample| view! { <span class="v">{sample}</span> })}
                            </li>
                        }
                    }).collect_view()
                }}
            </ul>
            <p class="picker-keys" aria-hidden="true">
                <kbd>"↑↓"</kbd>" move "<kbd>"Enter"</kbd>" connect "<kbd>"Esc"</kbd>" close"
                {takes_slash.then(|| view! { " "<kbd>"/"</kbd>" slash" })}
            </p>
        </div>
    }
}

fn entries(source: &Source, text: &str, handle: FieldHandle) -> Vec<Entry> {
    let nodes = source.tree().flatten(DEPTH, PER_STEP);
    let found: Vec<PathNode> = if text.trim().is_empty() {
        nodes
            .into_iter()
            .filter(|node| node.more.is_none() && node.segments.len() <= 2)
            .collect()
    } else {
        tree::search(&nodes, text).into_iter().cloned().collect()
    };
    found
        .into_iter()
        .map(|node| {
            let target = handle
                .field
                .with_value(|field| source.target(&node.path, &node.segments, &field.schema));
            Entry {
                step: source.step.clone(),
                title: source.title.clone(),
                node,
                fit: target.fit,
                optional: target.optional,
            }
        })
        .collect()
}

/// The part of a path that differs from its neighbours.
fn below_step(path: &str, step: &str) -> String {
    let base = format!("$.steps.{step}");
    path.strip_prefix(&base).map_or_else(
        || path.to_owned(),
        |rest| rest.trim_start_matches('.').to_owned(),
    )
}
