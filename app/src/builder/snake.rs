//! The connector-snake: the cable from a field to a value of an earlier step, and the searchable list that does the
//! same from the keyboard.

mod layer;
pub mod live;
mod picker;
mod popover;
mod rows;
mod socket;
pub mod sources;
mod value_drag;

pub use layer::SnakeLayer;
pub use picker::Picker;
pub use rows::PathTree;
pub use socket::Socket;

use crate::builder::{panel::field::FieldHandle, state::BuilderState};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::ScreenPoint;
use patchbay_model::compat::Fit;
use std::collections::{HashMap, HashSet};

/// The cable that is being drawn, shared by the sockets, the fields and the layer.
#[derive(Clone, Copy)]
pub struct SnakeState {
    /// None: there is no cable.
    pub cable: RwSignal<Option<Cable>>,
    /// The step whose values are shown beside its card.
    pub open: RwSignal<Option<String>>,
    /// The value under the pointer.
    pub target: RwSignal<Option<Target>>,
    /// Where a value that is dragged out of an output is now.
    pub pointer: RwSignal<ScreenPoint>,
    /// The field under a dragged value, with whether it takes it.
    pub over: RwSignal<Option<Over>>,
    /// The fields that are on the screen, by pointer.
    fields: StoredValue<HashMap<String, FieldHandle>>,
}

/// A cable.
#[derive(Clone, Copy)]
pub struct Cable {
    pub field: FieldHandle,
    /// Where it begins: the field's socket, in client coordinates.
    pub from: ScreenPoint,
    /// Its other end: the pointer, or the value that it would be plugged into.
    pub to: ScreenPoint,
    /// Whether the button was let go over a step: then a click on a value ends it.
    pub resting: bool,
}

/// A value that the cable can be dropped on.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub path: String,
    /// Whether its type goes into the field.
    pub fit: Fit,
    /// Whether it may be missing.
    pub optional: bool,
}

/// A field that a value is held over.
#[derive(Debug, Clone, PartialEq)]
pub struct Over {
    /// The field's pointer.
    pub field: String,
    /// Why it does not take the value.
    pub clash: Option<String>,
}

impl SnakeState {
    /// No cable yet. The page puts it into the context, for panel and layer alike.
    pub fn new() -> Self {
        Self {
            cable: RwSignal::new(None),
            open: RwSignal::new(None),
            target: RwSignal::new(None),
            pointer: RwSignal::default(),
            over: RwSignal::new(None),
            fields: StoredValue::default(),
        }
    }

    /// Begins a cable at a field's socket: the steps that can be reached light up, the others dim.
    pub fn begin(&self, field: FieldHandle, from: ScreenPoint) {
        let canvas = field.state.canvas;
        let sources = untrack(|| sources::of(field.state, &field.step.get_value()));
        let reachable: HashSet<String> = sources.into_iter().map(|source| source.step).collect();
        canvas.dimmed.set(Some(reachable));
        canvas.snake_active.set(true);
        self.open.set(None);
        self.target.set(None);
        self.cable.set(Some(Cable {
            field,
            from,
            to: from,
            resting: false,
        }));
    }

    /// Lets go of the cable over a value: the field takes its path, unless the types clash.
    pub fn finish(&self, state: BuilderState) {
        let target = self.target.get_untracked();
        let cable = self.cable.get_untracked();
        if let (Some(cable), Some(target)) = (cable, target) {
            if let Fit::No(why) = target.fit {
                // The cable stays, so that another value can be chosen.
                self.rest();
                return state.say(format!("Not connected: {why}."));
            }
            cable.field.take_path(&target.path, target.optional);
        }
        self.cancel(state);
    }

    /// Leaves the cable where it is: a click on a value ends it.
    pub fn rest(&self) {
        self.cable.update(|cable| {
            if let Some(cable) = cable {
                cable.resting = true;
            }
        });
    }

    /// Takes the cable away.
    pub fn cancel(&self, state: BuilderState) {
        self.cable.set(None);
        self.open.set(None);
        self.target.set(None);
        state.canvas.snake_active.set(false);
        state.canvas.dimmed.set(None);
    }

    /// A field came onto the screen.
    pub fn register(&self, pointer: String, field: FieldHandle) {
        self.fields.update_value(|fields| {
            fields.insert(pointer, field);
        });
    }

    /// A field left the screen.
    pub fn forget(&self, pointer: &str, field: &FieldHandle) {
        let _ = self.fields.try_update_value(|fields| {
            // Its successor may be there already.
            if fields
                .get(pointer)
                .is_some_and(|known| known.picking == field.picking)
            {
                fields.remove(pointer);
            }
        });
    }

    /// The field of that pointer, if it is on the screen.
    pub fn field(&self, pointer: &str) -> Option<FieldHandle> {
        self.fields
            .with_value(|fields| fields.get(pointer).copied())
    }
}

impl Default for SnakeState {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the pointer is, in client coordinates.
fn point(event: &web_sys::PointerEvent) -> ScreenPoint {
    ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// The topmost element at a place.
fn element_at(at: ScreenPoint) -> Option<web_sys::Element> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the browser takes single precision"
    )]
    document().element_from_point(at.x as f32, at.y as f32)
}

/// The nearest element around one that the selector fits.
fn around(element: &web_sys::Element, selector: &str) -> Option<web_sys::Element> {
    element.closest(selector).ok().flatten()
}

/// The step of the canvas at a place, unless something else lies over it there.
fn step_at(state: BuilderState, at: ScreenPoint) -> Option<String> {
    let canvas = element_at(at).is_some_and(|element| around(&element, ".canvas").is_some());
    canvas.then(|| state.canvas.step_at(at)).flatten()
}

/// Scrolls an element into view, no further than need be.
pub(in crate::builder) fn reveal(selector: &str) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::Element>().ok()) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
