//! The `+` on the wires, and the hint on an empty canvas.

use super::Scene;
use crate::builder::{drag::Target, nodes};
use crate::ui::For;
use leptos::prelude::*;
use patchbay_layout::{ScreenPoint, Slot};
use patchbay_model::document::{Lane, Place, TRIGGER};

/// Every `+` that can be seen.
#[component]
pub fn SlotList(scene: Scene) -> impl IntoView {
    let canvas = scene.state.canvas;
    let shown = Memo::new(move |_| {
        let window = scene.window.get();
        canvas.placement.with(|placement| {
            let slots = placement.slots.iter().enumerate();
            let seen = slots.filter(|(_, slot)| window.contains(slot.center));
            seen.map(|(index, slot)| (index, slot.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="slots">
            <For
                each=move || shown.get()
                key=key_of
                let:entry
            >
                <Plus scene index=entry.0 spot=entry.1 />
            </For>
        </div>
    }
}

/// A slot is another one when it stands elsewhere, in the picture or in the document.
fn key_of(
    (index, slot): &(usize, Slot),
) -> (usize, Option<String>, Option<String>, usize, u64, u64) {
    let center = slot.center;
    (
        *index,
        slot.parent.clone(),
        slot.lane.clone(),
        slot.index,
        center.x.to_bits(),
        center.y.to_bits(),
    )
}

#[component]
fn Plus(scene: Scene, index: usize, spot: Slot) -> impl IntoView {
    let place = nodes::place_of(&spot);
    let key = place.as_ref().map(nodes::slot_key).unwrap_or_default();
    // Titles come with the connectors, and change when steps are renamed.
    let label = {
        let place = place.clone();
        Memo::new(move |_| {
            scene.faces.track();
            let place = place.as_ref();
            place.map(|place| label(scene, place)).unwrap_or_default()
        })
    };
    let near = move || scene.drag.target.get() == Some(Target::Slot(index));
    let center = spot.center;
    let open = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        if scene.drag.swallows_click() {
            return;
        }
        if let Some(place) = place.clone() {
            scene.picker.open(place, at_screen(scene, center));
        }
    };
    view! {
        <button
            type="button"
            class="plus"
            class:near=near
            tabindex="-1"
            aria-label=move || label.get()
            title=move || label.get()
            data-slot=key
            style:transform=format!("translate({}px, {}px)", center.x, center.y)
            on:click=open
        >
            <span>"+"</span>
        </button>
    }
}

/// Where a point of the canvas is on the screen, in client coordinates.
pub fn at_screen(scene: Scene, point: patchbay_layout::Point) -> ScreenPoint {
    let origin = scene.state.canvas.client_rect().unwrap_or_default();
    let at = scene.state.canvas.view.get_untracked().to_screen(point);
    ScreenPoint::new(at.x + origin.x, at.y + origin.y)
}

fn label(scene: Scene, place: &Place) -> String {
    let before = scene.state.workflow.with_untracked(|workflow| {
        let list = workflow.list(place)?;
        let step = list.get(place.index.checked_sub(1)?)?;
        Some(step.name.clone())
    });
    match (before, &place.parent, &place.lane) {
        (Some(before), ..) => format!("Add a step after {}", scene.title(&before)),
        (None, Some(parent), Some(Lane::Branch(name))) => {
            format!("Add a step to {name} of {}", scene.title(parent))
        }
        (None, Some(parent), Some(Lane::OnError)) => {
            format!("Add a step for when {} fails", scene.title(parent))
        }
        (None, Some(parent), _) => format!("Add a step inside {}", scene.title(parent)),
        (None, None, _) => format!("Add a step after {}", scene.title(TRIGGER)),
    }
}

/// What to do first, below the trigger of an empty workflow.
#[component]
pub fn Hint(scene: Scene) -> impl IntoView {
    let state = scene.state;
    let empty = Memo::new(move |_| {
        state.is_ready() && state.workflow.with(|workflow| workflow.steps.is_empty())
    });
    let add = move |_| {
        let slot = state
            .canvas
            .placement
            .with_untracked(|placement| placement.slots.first().cloned());
        if let Some(slot) = slot
            && let Some(place) = nodes::place_of(&slot)
        {
            scene.picker.open(place, at_screen(scene, slot.center));
        }
    };
    move || {
        empty.get().then(|| {
            view! {
                <div class="hint">
                    <button type="button" class="hint-add" on:click=add>"Add the first step"</button>
                    <p>"Drag one from the left, or press " <kbd>"A"</kbd></p>
                </div>
            }
        })
    }
}
