//! Cards and boxes: what a step is, what is wrong with it, how it did in the last run.

use super::Scene;
use crate::builder::{
    drag::{Cargo, Ghost, Target},
    pill::{self, Pill},
    records,
};
use crate::ui::For;
use leptos::{prelude::*, tachys::html::attribute::custom::custom_attribute};
use patchbay_layout::{PlacedKind, Rect};
use patchbay_model::document::TRIGGER;

/// All cards that can be seen, a box before what is inside it. To assistive technology it is one tree, whose active
/// item is the selected step.
#[component]
pub fn CardList(scene: Scene) -> impl IntoView {
    let state = scene.state;
    let shown = Memo::new(move |_| {
        let window = scene.window.get();
        let selected = state.selected.get();
        state.canvas.placement.with(|placement| {
            let items = placement.items.iter();
            let seen = items.filter(|item| {
                item.rect.intersects(&window) || selected.as_deref() == Some(item.id.as_str())
            });
            seen.map(|item| (item.id.clone(), item.kind == PlacedKind::Box))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div
            class="cards"
            role="tree"
            aria-label="Steps"
            tabindex="0"
            aria-activedescendant=move || state.selected.get().map(|name| format!("step-{name}"))
        >
            <For each=move || shown.get() key=|item| item.clone() let((name, is_box))>
                <Card scene name is_box />
            </For>
        </div>
    }
}

#[component]
fn Card(scene: Scene, name: String, is_box: bool) -> impl IntoView {
    let state = scene.state;
    let name = StoredValue::new(name);
    let is_trigger = name.with_value(|name| name == TRIGGER);
    let item = Memo::new(move |_| {
        name.with_value(|name| scene.items.with(|items| items.get(name).cloned()))
    });
    let rect = Memo::new(move |_| {
        item.with(|item| item.as_ref().map_or_else(Rect::default, |item| item.rect))
    });
    let face = Memo::new(move |_| name.with_value(|name| scene.face(name)).unwrap_or_default());
    let icon = Memo::new(move |_| state.icon_of(&face.with(|face| face.connector.clone())));
    let selected = Memo::new(move |_| {
        name.with_value(|name| {
            state
                .selected
                .with(|selected| selected.as_ref() == Some(name))
        })
    });
    let dim = Memo::new(move |_| {
        name.with_value(|name| {
            state
                .canvas
                .dimmed
                .with(|dimmed| dimmed.as_ref().map(|sources| sources.contains(name)))
        })
    });
    let hovered = Memo::new(move |_| {
        name.with_value(|name| {
            state
                .canvas
                .hovered
                .with(|hovered| hovered.as_ref() == Some(name))
        })
    });
    let lifted = Memo::new(move |_| {
        name.with_value(|name| {
            scene.drag.ghost.with(|ghost| {
                ghost
                    .as_ref()
                    .is_some_and(|ghost| matches!(&ghost.cargo, Cargo::Step(step) if step == name))
            })
        })
    });
    let replaced = move || is_trigger && scene.drag.target.get() == Some(Target::Trigger);
    let progress = Memo::new(move |_| {
        name.with_value(|name| {
            state
                .run
                .with(|live| live.as_ref()?.progress.steps.get(name).cloned())
        })
    });
    let pill = Memo::new(move |_| {
        if is_trigger {
            return state.run.with(|live| {
                live.as_ref()
                    .map(|live| pill::of_trigger(live.progress.status))
            });
        }
        let progress = progress.get()?;
        let now = if progress.retry_at.is_some() {
            state.now.get()
        } else {
            0
        };
        let records = name.with_value(|name| records::of_step(state, name));
        Some(pill::of_step(&progress, records, now))
    });
    let pinned = Memo::new(move |_| name.with_value(|name| state.is_pinned(name)));
    let fraction =
        Memo::new(move |_| progress.with(|progress| progress.as_ref().and_then(pill::fraction)));
    let level =
        move || item.with(|item| item.as_ref().map_or(1, |item| item.depth + 1).to_string());
    let trouble = Memo::new(move |_| {
        face.with(|face| {
            let (first, kind) = match (face.errors.first(), face.warnings.first()) {
                (Some(error), _) => (error.clone(), "error"),
                (None, Some(warning)) => (warning.clone(), "warning"),
                (None, None) => return None,
            };
            Some((first, kind, face.errors.len() + face.warnings.len()))
        })
    });
    let label = move || {
        let title = face.with(|face| face.title.clone());
        let state = pill
            .with(|pill| pill.as_ref().map(|pill| format!(", {}", pill.label)))
            .unwrap_or_default();
        let wrong = trouble
            .with(|trouble| trouble.as_ref().map(|(first, ..)| format!(", {first}")))
            .unwrap_or_default();
        let pinned = if pinned.get() { ", sample pinned" } else { "" };
        name.with_value(|name| format!("{title} ({name}){state}{wrong}{pinned}"))
    };
    let press = move |event: leptos::ev::PointerEvent| {
        if is_trigger || state.canvas.snake_active.get_untracked() {
            return;
        }
        let ghost = Ghost {
            cargo: Cargo::Step(name.get_value()),
            title: face.with_untracked(|face| face.title.clone()),
            icon: icon.get_untracked(),
        };
        scene.drag.press(ghost, &event);
    };
    let body = view! {
        <span class="connector-icon connector-icon-large" aria-hidden="true" inner_html=move || icon.get()></span>
        <span class="card-text">
            <b>{move || face.with(|face| face.title.clone())}</b>
            <span class="mono">{name.get_value()}</span>
        </span>
        {move || trouble.get().map(|(first, kind, count)| view! {
            <span class="trouble" class:warning=kind == "warning" title=first>
                {if kind == "warning" { "!".to_owned() } else { count.to_string() }}
            </span>
        })}
        <PillView pill />
    };
    view! {
        <div
            id=name.with_value(|name| format!("step-{name}"))
            class=if is_box { "loop" } else { "card" }
            class:trigger=is_trigger
            class:sel=move || selected.get()
            class:src=move || dim.get() == Some(true)
            class:dim=move || dim.get() == Some(false)
            class:hover=move || hovered.get()
            class:lifted=move || lifted.get()
            class:replaced=replaced
            class:pinned=move || pinned.get()
            class:wrong=move || trouble.with(|trouble| matches!(trouble, Some((_, "error", _))))
            role="treeitem"
            aria-selected=move || selected.get().to_string()
            {..custom_attribute("aria-level", level)}
            aria-label=label
            data-step=name.get_value()
            data-status=move || progress.with(|progress| progress.as_ref().map(|progress| status_word(progress.status)))
            style:transform=move || format!("translate({}px, {}px)", rect.get().x, rect.get().y)
            style:width=move || format!("{}px", rect.get().width)
            style:height=move || format!("{}px", rect.get().height)
            on:pointerdown=press
            on:dblclick=move |_| crate::builder::canvas::keys::focus_panel()
        >
            {if is_box {
                view! {
                    <div class="loop-head">
                        {body}
                        <span class="bar" class:unknown=move || progress.with(|progress| {
                            progress.as_ref().is_some_and(|progress| {
                                progress.items_total.is_none() && progress.status == patchbay_model::event::StepStatus::Running
                            })
                        })>
                            {move || fraction.get().map(|fraction| view! {
                                <i
                                    class:done=move || progress.with(|progress| progress.as_ref().is_some_and(|progress| progress.status == patchbay_model::event::StepStatus::Succeeded))
                                    style:width=format!("{}%", fraction * 100.0)
                                ></i>
                            })}
                        </span>
                    </div>
                }.into_any()
            } else {
                body.into_any()
            }}
        </div>
    }
}

/// The state of a step in the last run.
#[component]
pub fn PillView(#[prop(into)] pill: Signal<Option<Pill>>) -> impl IntoView {
    move || {
        pill.get().map(|pill| {
            view! { <span class=format!("pill pill-{}", pill.tone) title=pill.label>{pill.text}</span> }
        })
    }
}

/// The word for a status on the wire, also used by style sheets and tests.
pub fn status_word(status: patchbay_model::event::StepStatus) -> &'static str {
    use patchbay_model::event::StepStatus::{
        Cancelled, Failed, Running, Skipped, Succeeded, Waiting,
    };
    match status {
        Running => "running",
        Waiting => "waiting",
        Succeeded => "succeeded",
        Failed => "failed",
        Skipped => "skipped",
        Cancelled => "cancelled",
    }
}

/// The names of branches, where their wires come down.
#[component]
pub fn LaneLabels(scene: Scene) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let window = scene.window.get();
        scene.state.canvas.placement.with(|placement| {
            let labels = placement
                .labels
                .iter()
                .filter(|label| label.rect.intersects(&window));
            labels.cloned().collect::<Vec<_>>()
        })
    });
    move || {
        shown
            .get()
            .into_iter()
            .map(|label| {
                let rect = label.rect;
                view! {
                    <span
                        class="lane"
                        class:side=label.side
                        style:transform=format!("translate({}px, {}px)", rect.x, rect.y)
                        style:width=format!("{}px", rect.width)
                        style:height=format!("{}px", rect.height)
                    >
                        <i>{label.name}</i>
                    </span>
                }
            })
            .collect_view()
    }
}
