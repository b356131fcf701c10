//! The canvas: the tree of steps as cards, boxes and wires on one layer that is panned and zoomed.
//!
//! What moves often touches little: panning and zooming set one transform; a keystroke in the panel changes the text
//! of one card; a running workflow changes pills. Only a change of the tree places it anew, and only what can be seen
//! is in the page.

pub mod card;
pub mod gestures;
pub mod keys;
pub mod slots;
pub mod wires;
pub mod zoom;

use crate::builder::{
    drag::DragState,
    faces::{self, Face},
    picker::PickerState,
    state::BuilderState,
};
use card::{CardList, LaneLabels};
use gestures::Gestures;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys,
};
use patchbay_layout::{Placed, Rect, Size, View};
use slots::{Hint, SlotList};
use std::{collections::HashMap, sync::Arc};
use wires::Wires;
use zoom::ZoomControl;

/// What is drawn is what can be seen and this much round it, in canvas units, so that it changes now and then only.
const TILE: f64 = 400.0;

/// What the parts of the canvas share.
#[derive(Clone, Copy)]
pub struct Scene {
    pub state: BuilderState,
    pub drag: DragState,
    pub picker: PickerState,
    /// What stands on the cards, by step name.
    pub faces: Memo<Arc<HashMap<String, Face>>>,
    /// Where the cards are, by step name.
    pub items: Memo<Arc<HashMap<String, Placed>>>,
    /// The part of the canvas that is drawn.
    pub window: Memo<Rect>,
}

/// The middle column.
#[component]
pub fn Canvas(drag: DragState, picker: PickerState) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let canvas = state.canvas;
    let scene = Scene {
        state,
        drag,
        picker,
        faces: Memo::new(move |_| {
            state.workflow.with(|workflow| {
                state.specs.with(|specs| {
                    state
                        .problems
                        .with(|problems| Arc::new(faces::faces(workflow, specs, problems)))
                })
            })
        }),
        items: Memo::new(move |_| {
            canvas.placement.with(|placement| {
                Arc::new(
                    placement
                        .items
                        .iter()
                        .map(|item| (item.id.clone(), item.clone()))
                        .collect(),
                )
            })
        }),
        window: Memo::new(move |_| tiles(canvas.view.get().visible(canvas.viewport.get()))),
    };
    measure(state);
    show_the_beginning(state);
    let gestures = Gestures::new(scene);
    let transform = move || {
        let view = canvas.view.get();
        format!(
            "translate({}px, {}px) scale({})",
            view.pan.x, view.pan.y, view.zoom
        )
    };
    let dots = move || {
        let view = canvas.view.get();
        format!("{}px {}px", view.pan.x, view.pan.y)
    };
    let dot_size = move || format!("{0}px {0}px", 20.0 * canvas.view.get().zoom);
    view! {
        <section
            class="canvas"
            aria-label="Canvas"
            class:panning=move || gestures.panning.get()
            class:dragging=move || drag.ghost.with(Option::is_some)
        >
            <div
                class="canvas-area"
                node_ref=canvas.element
                style:background-position=dots
                style:background-size=dot_size
                on:pointerdown=move |event| gestures.down(&event)
                on:pointermove=move |event| gestures.moved(&event)
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.up(&event)
                on:pointerleave=move |_| canvas.hovered.set(None)
                on:wheel=move |event| gestures.wheel(&event)
                on:keydown=move |event| keys::on_canvas(scene, gestures, &event)
                on:keyup=move |event| gestures.key_up(&event)
            >
                <div class="canvas-layer" style:transform=transform>
                    <CardList scene />
                    <Wires scene />
                    <LaneLabels scene />
                    <SlotList scene />
                    <Hint scene />
                </div>
            </div>
            <ZoomControl scene />
        </section>
    }
}

/// The visible part, grown to whole tiles.
fn tiles(visible: Rect) -> Rect {
    let left = (visible.x / TILE).floor() - 1.0;
    let top = (visible.y / TILE).floor() - 1.0;
    let right = (visible.right() / TILE).ceil() + 1.0;
    let bottom = (visible.bottom() / TILE).ceil() + 1.0;
    Rect::new(
        left * TILE,
        top * TILE,
        (right - left) * TILE,
        (bottom - top) * TILE,
    )
}

/// Keeps the size of the canvas element known.
fn measure(state: BuilderState) {
    let canvas = state.canvas;
    let observer = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move |_| {
        let Some(element) = canvas.element.get() else {
            return;
        };
        let measured = element.clone();
        let read = move || {
            let size = Size::new(
                f64::from(measured.client_width()),
                f64::from(measured.client_height()),
            );
            if canvas
                .viewport
                .try_get_untracked()
                .is_some_and(|known| known != size)
            {
                canvas.viewport.set(size);
            }
        };
        read();
        let changed = Closure::<dyn FnMut()>::new(read);
        if let Ok(watching) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            watching.observe(&element);
            observer.set_value(Some((watching, changed)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((watching, _))) = observer.try_update_value(Option::take) {
            watching.disconnect();
        }
    });
}

/// Once the workflow and the size of the canvas are known, the trigger stands at the top, in the middle.
fn show_the_beginning(state: BuilderState) {
    let canvas = state.canvas;
    let done = StoredValue::new(false);
    Effect::new(move |_| {
        let viewport = canvas.viewport.get();
        if done.get_value() || viewport.width <= 0.0 || !state.is_ready() {
            return;
        }
        done.set_value(true);
        let bounds = canvas
            .placement
            .with_untracked(|placement| placement.bounds);
        canvas.view.set(zoom::beginning(bounds, viewport));
    });
}

impl Scene {
    /// Sets pan and zoom.
    pub fn set_view(&self, view: View) {
        if view != self.state.canvas.view.get_untracked() {
            self.state.canvas.view.set(view);
        }
    }

    /// The face of a card. Tracked.
    pub fn face(&self, name: &str) -> Option<Face> {
        self.faces.with(|faces| faces.get(name).cloned())
    }

    /// A step's title. Not tracked.
    pub fn title(&self, name: &str) -> String {
        self.faces.with_untracked(|faces| {
            faces
                .get(name)
                .map_or_else(|| name.to_owned(), |face| face.title.clone())
        })
    }
}
