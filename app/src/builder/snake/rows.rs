//! The tree of a step's values: in the popover beside its card, and in the Output tab.

use super::{SnakeState, Target, sources::Source};
use crate::{
    builder::{panel::field::FieldHandle, state::BuilderState},
    ui::{For, Glyph, Icon},
};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::ScreenPoint;
use patchbay_model::{
    compat::Fit,
    tree::{self, PathNode},
};
use std::{collections::HashSet, time::Duration};

/// Levels that are open at first.
const OPEN_LEVELS: usize = 2;
/// One more level is open while there are fewer rows than this.
const FEW_ROWS: usize = 12;
/// The most rows that are open at first.
const OPEN_ROWS: usize = 60;
/// How long a cable has to be held over a closed place until it opens.
const SPRING: Duration = Duration::from_millis(500);

/// The values of one step. With a field they can be dropped on or clicked; without one they can be dragged away.
#[component]
pub fn PathTree(source: Memo<Option<Source>>, field: Option<FieldHandle>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = use_context::<SnakeState>();
    let toggled = RwSignal::new(HashSet::<String>::new());
    let at_first = Memo::new(move |_| {
        source.with(|source| source.as_ref().map(open_at_first).unwrap_or_default())
    });
    let rows = Memo::new(move |_| {
        source.with(|source| {
            let Some(source) = source else {
                return Vec::new();
            };
            at_first.with(|at_first| toggled.with(|toggled| visible(source, at_first, toggled)))
        })
    });
    let toggle = move |path: String| {
        toggled.update(|toggled| {
            if !toggled.remove(&path) {
                toggled.insert(path);
            }
        });
    };
    // While the button is held nothing can be clicked: a closed place opens under the cable by itself.
    let spring = move |node: &PathNode| {
        let Some(snake) = snake.filter(|_| field.is_some() && node.has_children) else {
            return;
        };
        let path = node.path.clone();
        set_timeout(
            move || {
                let still = snake.target.with_untracked(|target| {
                    target.as_ref().is_some_and(|target| target.path == path)
                });
                let drawing = snake
                    .cable
                    .with_untracked(|cable| cable.is_some_and(|cable| !cable.resting));
                let closed = rows.try_with_untracked(|rows| {
                    rows.iter().any(|(node, open)| node.path == path && !open)
                });
                if still && drawing && closed == Some(true) {
                    toggle(path);
                }
            },
            SPRING,
        );
    };
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
                            on:pointerenter=move |_| if !marker {
                                hover(&shown);
                                spring(&shown);
                            }
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
                                            toggle(toggle_path.clone());
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

/// The places that are open at first: the upper levels, as far as they do not fill the list.
fn open_at_first(source: &Source) -> HashSet<String> {
    fn walk(
        tree: &tree::Source<'_>,
        nodes: Vec<PathNode>,
        count: &mut usize,
        open: &mut HashSet<String>,
    ) {
        for node in nodes {
            let deepest = OPEN_LEVELS + usize::from(*count < FEW_ROWS);
            *count += 1;
            if node.has_children && node.segments.len() < deepest && *count < OPEN_ROWS {
                walk(tree, tree.children(&node.segments), count, open);
                open.insert(node.path);
            }
        }
    }
    let mut open = HashSet::new();
    let tree = source.tree();
    walk(&tree, tree.children(&[]), &mut 0, &mut open);
    open
}

/// The rows that can be seen, each with whether it is open.
fn visible(
    source: &Source,
    at_first: &HashSet<String>,
    toggled: &HashSet<String>,
) -> Vec<(PathNode, bool)> {
    fn walk(
        tree: &tree::Source<'_>,
        nodes: Vec<PathNode>,
        is_open: &impl Fn(&PathNode) -> bool,
        rows: &mut Vec<(PathNode, bool)>,
    ) {
        for node in nodes {
            let open = is_open(&node);
            let below = open.then(|| tree.children(&node.segments));
            rows.push((node, open));
            if let Some(below) = below {
                walk(tree, below, is_open, rows);
            }
        }
    }
    let is_open = |node: &PathNode| {
        node.has_children && (at_first.contains(&node.path) != toggled.contains(&node.path))
    };
    let tree = source.tree();
    let mut rows = Vec::new();
    walk(&tree, tree.children(&[]), &is_open, &mut rows);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::schema::Schema;
    use serde_json::json;

    fn keys(rows: &[(PathNode, bool)]) -> Vec<&str> {
        rows.iter().map(|(node, _)| node.key.as_str()).collect()
    }

    #[test]
    fn opening_one_place_leaves_the_others_as_they_are() {
        let sample = json!({ "value": { "from": { "name": { "first": "Ana" } }, "to": { "name": { "first": "Bo" } } }, "index": 0 });
        let source = Source {
            step: "loop-1".to_owned(),
            title: String::new(),
            base: "$.steps.loop-1".to_owned(),
            schema: Schema::default(),
            sample: Some(sample),
        };
        let at_first = open_at_first(&source);
        let toggle = |paths: &[&str]| {
            paths
                .iter()
                .map(|path| (*path).to_owned())
                .collect::<HashSet<String>>()
        };
        let before = visible(&source, &at_first, &toggle(&[]));
        assert_eq!(
            keys(&before),
            ["value", "from", "name", "to", "name", "index"]
        );
        let opened = visible(
            &source,
            &at_first,
            &toggle(&["$.steps.loop-1.value.from.name"]),
        );
        assert_eq!(
            keys(&opened),
            ["value", "from", "name", "first", "to", "name", "index"]
        );
        let closed = visible(&source, &at_first, &toggle(&["$.steps.loop-1.value.from"]));
        assert_eq!(keys(&closed), ["value", "from", "to", "name", "index"]);
    }
}
