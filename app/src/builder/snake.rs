//! The connector-snake: the cable from a field to a value of an earlier step, and the searchable list that does the
//! same from the keyboard.

mod layer;
pub mod live;
mod picker;
mod rows;
mod socket;
pub mod sources;

pub use layer::SnakeLayer;
pub use picker::Picker;
pub use rows::PathTree;
pub use socket::Socket;

use crate::builder::{panel::field::FieldHandle, state::BuilderState};
use leptos::prelude::*;
use patchbay_layout::ScreenPoint;
use patchbay_model::compat::Fit;
use std::collections::HashSet;

/// The cable that is being drawn, shared by the sockets and the layer.
#[derive(Clone, Copy)]
pub struct SnakeState {
    /// None: there is no cable.
    pub cable: RwSignal<Option<Cable>>,
    /// The step whose values are shown beside its card.
    pub open: RwSignal<Option<String>>,
    /// The value under the pointer.
    pub target: RwSignal<Option<Target>>,
}

/// A cable.
#[derive(Clone, Copy)]
pub struct Cable {
    pub field: FieldHandle,
    /// Where it begins: the field's socket, in client coordinates.
    pub from: ScreenPoint,
    /// The pointer.
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

impl SnakeState {
    /// No cable yet. The page puts it into the context, for panel and layer alike.
    pub fn new() -> Self {
        Self { cable: RwSignal::new(None), open: RwSignal::new(None), target: RwSignal::new(None) }
    }

    /// Begins a cable at a field's socket: the steps that can be reached light up, the others dim.
    pub fn begin(&self, field: FieldHandle, from: ScreenPoint) {
        let canvas = field.state.canvas;
        let reachable: HashSet<String> =
            untrack(|| sources::of(field.state, &field.step.get_value())).into_iter().map(|source| source.step).collect();
        canvas.dimmed.set(Some(reachable));
        canvas.snake_active.set(true);
        self.open.set(None);
        self.target.set(None);
        self.cable.set(Some(Cable { field, from, to: from, resting: false }));
    }

    /// Lets go of the cable: over a value the field takes its path.
    pub fn finish(&self, state: BuilderState) {
        let target = self.target.get_untracked();
        let cable = self.cable.get_untracked();
        if let (Some(cable), Some(target)) = (cable, target)
            && !matches!(target.fit, Fit::No(_))
        {
            cable.field.take_path(&target.path, target.optional);
        }
        self.cancel(state);
    }

    /// Takes the cable away.
    pub fn cancel(&self, state: BuilderState) {
        self.cable.set(None);
        self.open.set(None);
        self.target.set(None);
        state.canvas.snake_active.set(false);
        state.canvas.dimmed.set(None);
    }
}

impl Default for SnakeState {
    fn default() -> Self {
        Self::new()
    }
}
