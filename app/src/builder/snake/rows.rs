//! The tree of a step's values: in the popover beside its card, and in the Output tab.

use super::{SnakeState, Target, sources::Source};
use crate::{
    builder::{panel::field::FieldHandle, state::BuilderState},
    ui::{Glyph, Icon},
};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::ScreenPoint;
use patchbay_model::{compat::Fit, tree::PathNode};
use std::collections::HashSet;

/// Levels that are open at first.
const OPEN_LEVELS: usize = 2;
/// The most rows that are open at first.
const OPEN_ROWS: usize = 60;

/// The values of one step. With a field they can be dropped on or clicked; without one they can be dragged away.
#[component]
pub fn PathTree(source: Memo<Option<Source>>, field: Option<FieldHandle>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = use_context::<SnakeState>();
    let toggled = RwSignal::new(HashSet::<String>::new());
    let rows = Memo::new(move |_| {
        source.with(|source| {
            source
                .as_ref()
                .map(|source| toggled.with(|toggled| visible(source, toggled)))
                .unwrap_or_default()
        })
    });
    let hover = move |node: &PathNode| {
        let (Some(snake), Some(field)) = (snake, field) else {
            return;
        };
        let target = source.with_untracked(|source| {
            let source = source.as_ref()?;
            Some(
                field
                    .field
                    .with_value(|field| source.target(&node.path, &node.segments, &field.schema)),
            )
        });
        snake.target.set(target);
    };
    let drag_out = move |event: ev::PointerEvent, path: String| {
        if field.is_none() && event.button() == 0 {
            event.prevent_default();
            if let Some(target) = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            {
                let _ = target.release_pointer_capture(event.pointer_id());
            }
            state.begin_cable_from_value(
                path,
                ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y())),
            );
        }
    };
    let target = move || snake.and_then(|snake| snake.target.get());
    let clashes = move || target().is_some_and(|target| matches!(target.fit, Fit::No(_)));
    let said = move |label: &str| match target() {
        None => format!("Let go on a value to connect {label}."),
        Some(Target {
            fit: Fit::Yes,
            path,
            ..
        }) => path,
        Some(Target {
            fit: Fit::Converts(how),
            ..
        }) => format!("Fits: {how}."),
        Some(Target {
            fit: Fit::No(why), ..
        }) => format!("Does not fit: {why}."),
    };
    view! {
        <div class="path-tree" class:draggable=field.is_none() role="tree" aria-label="Values">
            <Show when=move || rows.with(Vec::is_empty)>
                <p class="help">"Nothing is known about its values yet. They show here after a run."</p>
            </Show>
            <For each=move || rows.get() key=|(node, open)| (node.path.clone(), *open, node.sample.clone()) let:row>
                {
                    let (node, open) = row;
                    let depth = node.segments.len();
                    let (path, toggle_path, drag_path) = (node.path.clone(), node.path.clone(), node.path.clone());
                    let (shown, chosen, clicked) = (node.clone(), node.path.clone(), node.clone());
                    let expandable = node.has_children;
                    let marker = node.more.is_some();
                    view! {
                        <div class="path-row mono" role="treeitem" tabindex="-1" data-path=path class:marker=marker
                            title=node.title.clone() attr:aria-level=depth.to_string()
                            aria-expanded=expandable.then(|| open.to_string())
                            class:hit=move || snake.is_some_and(|snake| snake.target.with(|target| target.as_ref().is_some_and(|target| target.path == chosen)))
                            style=format!("padding-left:{}px", 8 + depth.saturating_sub(1) * 16)
                            on:pointerenter=move |_| if !marker { hover(&shown) }
                            on:pointerleave=move |_| if let Some(snake) = snake { snake.target.set(None) }
                            on:pointerdown=move |event| drag_out(event, drag_path.clone())
                            on:click=move |_| if let (Some(snake), Some(_)) = (snake, field) && !marker {
                                hover(&clicked);
                                snake.finish(state);
                            }>
                            {if expandable {
                                view! {
                                    <button type="button" class="twist" class:open=open
                                        aria-label=format!("{} {}", if open { "Close" } else { "Open" }, node.key)
                                        on:pointerdown=|event| event.stop_propagation()
                                        on:click=move |event| {
                                            event.stop_propagation();
                                            let path = toggle_path.clone();
                                            toggled.update(|toggled| if !toggled.remove(&path) { toggled.insert(path); });
                                        }><Icon glyph=Glyph::ChevronRight /></button>
                                }.into_any()
                            } else {
                                view! { <span class="twist"></span> }.into_any()
                            }}
                            <span class="k">{node.key.clone()}</span>
                            <span class="ty">{if marker { node.title.clone() } else { node.type_name.to_owned() }}</span>
                            {node.sample.clone().map(|sample| view! { <span class="v">{sample}</span> })}
                        </div>
                    }
                }
            </For>
        </div>
        {field.map(|field| {
            let label = field.field.with_value(|field| field.label.clone());
            view! { <p class="fit" class:clash=clashes role="status">{move || said(&label)}</p> }
        })}
    }
}

/// The rows that can be seen, each with whether it is open. What is open at first depends on how much there is.
fn visible(source: &Source, toggled: &HashSet<String>) -> Vec<(PathNode, bool)> {
    fn walk(
        tree: &patchbay_model::tree::Source<'_>,
        nodes: Vec<PathNode>,
        toggled: &HashSet<String>,
        rows: &mut Vec<(PathNode, bool)>,
    ) {
        for node in nodes {
            let at_first = node.segments.len() < OPEN_LEVELS + usize::from(rows.len() < 12)
                && rows.len() < OPEN_ROWS;
            let open = node.has_children && (at_first != toggled.contains(&node.path));
            let below = open.then(|| tree.children(&node.segments));
            rows.push((node, open));
            if let Some(below) = below {
                walk(tree, below, toggled, rows);
            }
        }
    }
    let tree = source.tree();
    let mut rows = Vec::new();
    walk(&tree, tree.children(&[]), toggled, &mut rows);
    rows
}
