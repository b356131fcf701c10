//! Dragging a step, or an operation out of the palette, to a place on the canvas.

use crate::{
    browser,
    builder::{
        moves, nodes,
        picking::{self, Pick},
        state::BuilderState,
    },
};
use leptos::{ev, prelude::*, web_sys};
use patchbay_layout::{ScreenPoint, nearest_slot};
use patchbay_model::document::{Place, TRIGGER};

/// How far the pointer moves, in CSS pixels, before a press becomes a drag.
const THRESHOLD: f64 = 5.0;

/// How near a slot must be, in CSS pixels, to take what is dropped.
const REACH: f64 = 140.0;

/// How wide the rim is in which a drag moves the picture, and how far at most in one frame, in CSS pixels.
const RIM: f64 = 48.0;
const PULL: f64 = 12.0;

/// How many frames the pointer stays in the rim before the picture moves.
const PATIENCE: u32 = 25;

/// What is dragged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cargo {
    /// A step of the workflow.
    Step(String),
    /// An operation of the palette.
    Offer(Pick),
}

/// What follows the pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ghost {
    pub cargo: Cargo,
    pub title: String,
    pub icon: String,
}

/// Where it would fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The slot with this position in the placement.
    Slot(usize),
    /// The trigger's card: it would be replaced.
    Trigger,
}

/// The drag under way, if any. Copy it freely.
#[derive(Clone, Copy)]
pub struct DragState {
    /// Pressed, but not moved yet.
    pressed: StoredValue<Option<(Ghost, ScreenPoint)>>,
    pub ghost: RwSignal<Option<Ghost>>,
    /// The pointer, in client coordinates.
    pub at: RwSignal<ScreenPoint>,
    pub target: RwSignal<Option<Target>>,
    /// When a drag ended, to pass over the click that the browser sends afterwards; unix milliseconds.
    ended: StoredValue<i64>,
}

impl DragState {
    /// Nothing is dragged. Listens to the pointer as long as the page is there.
    pub fn new(state: BuilderState) -> Self {
        let drag = Self {
            pressed: StoredValue::default(),
            ghost: RwSignal::default(),
            at: RwSignal::default(),
            target: RwSignal::default(),
            ended: StoredValue::default(),
        };
        let listeners = [
            window_event_listener(ev::pointermove, move |event| drag.moved(state, &event)),
            window_event_listener(ev::pointerup, move |_| drag.dropped(state)),
            window_event_listener(ev::pointercancel, move |_| drag.cancel()),
        ];
        let blur = window_event_listener(ev::blur, move |_| drag.cancel());
        on_cleanup(move || {
            listeners.into_iter().for_each(WindowListenerHandle::remove);
            blur.remove();
        });
        drag
    }

    /// The pointer went down on something that can be dragged.
    pub fn press(&self, ghost: Ghost, event: &web_sys::PointerEvent) {
        if event.button() == 0 {
            self.pressed.set_value(Some((ghost, point(event))));
        }
    }

    /// Ends the drag without a change.
    pub fn cancel(&self) {
        self.pressed.set_value(None);
        if self.ghost.with_untracked(Option::is_some) {
            self.ended.set_value(browser::now());
            self.ghost.set(None);
            self.target.set(None);
        }
    }

    /// Whether something is dragged. Not tracked.
    pub fn is_dragging(&self) -> bool {
        self.ghost.with_untracked(Option::is_some)
    }

    /// Whether a click that arrives now belongs to a drag that has just ended.
    pub fn swallows_click(&self) -> bool {
        browser::now() - self.ended.get_value() < 60
    }

    fn moved(&self, state: BuilderState, event: &web_sys::PointerEvent) {
        let at = point(event);
        if self.ghost.with_untracked(Option::is_none) {
            let Some((ghost, from)) = self.pressed.get_value() else {
                return;
            };
            if (at.x - from.x).hypot(at.y - from.y) < THRESHOLD {
                return;
            }
            self.ghost.set(Some(ghost));
            self.at.set(at);
            self.pan_at_the_rim(state, 0);
        }
        event.prevent_default();
        self.at.set(at);
        self.aim(state);
    }

    /// Works out again where the cargo would fall.
    fn aim(&self, state: BuilderState) {
        let at = self.at.get_untracked();
        let target = self
            .ghost
            .with_untracked(|ghost| target(state, ghost.as_ref()?, at));
        if target != self.target.get_untracked() {
            self.target.set(target);
        }
    }

    /// When the pointer stays near the rim of the canvas, the picture moves along, frame by frame. `frames` counts how
    /// long it has stayed there, so that a drag that only passes the rim moves nothing.
    fn pan_at_the_rim(self, state: BuilderState, frames: u32) {
        request_animation_frame(move || {
            if self.ghost.try_with_untracked(Option::is_none) != Some(false) {
                return;
            }
            let (dx, dy) = pull(state, self.at.get_untracked());
            let frames = if dx != 0.0 || dy != 0.0 {
                frames + 1
            } else {
                0
            };
            if frames > PATIENCE {
                state.canvas.view.update(|view| *view = view.pan_by(dx, dy));
                self.aim(state);
            }
            self.pan_at_the_rim(state, frames);
        });
    }

    fn dropped(&self, state: BuilderState) {
        self.pressed.set_value(None);
        let Some(ghost) = self.ghost.get_untracked() else {
            return;
        };
        let target = self.target.get_untracked();
        self.cancel();
        match (ghost.cargo, target) {
            (Cargo::Step(name), Some(Target::Slot(slot))) => {
                if let Some(place) = place(state, slot)
                    && state.move_step(&name, &place)
                {
                    state.select(&name);
                }
            }
            (Cargo::Offer(pick), Some(Target::Slot(slot))) => {
                picking::pick(state, pick, place(state, slot))
            }
            (Cargo::Offer(pick), Some(Target::Trigger)) => picking::pick(state, pick, None),
            (_, None) | (Cargo::Step(_), Some(Target::Trigger)) => {}
        }
    }
}

fn point(event: &web_sys::PointerEvent) -> ScreenPoint {
    ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

/// By how much the picture moves in one frame, for a pointer there: nothing but inside the canvas near its rim.
fn pull(state: BuilderState, at: ScreenPoint) -> (f64, f64) {
    let Some(area) = state.canvas.client_rect() else {
        return (0.0, 0.0);
    };
    let (x, y) = (at.x - area.x, at.y - area.y);
    if x < 0.0 || y < 0.0 || x > area.width || y > area.height {
        return (0.0, 0.0);
    }
    let along = |position: f64, length: f64| {
        if position < RIM {
            (RIM - position) / RIM * PULL
        } else if position > length - RIM {
            (length - RIM - position) / RIM * PULL
        } else {
            0.0
        }
    };
    (along(x, area.width), along(y, area.height))
}

fn place(state: BuilderState, slot: usize) -> Option<Place> {
    state
        .canvas
        .placement
        .with_untracked(|placement| nodes::place_of(placement.slots.get(slot)?))
}

/// Where the cargo would fall if it were dropped now.
fn target(state: BuilderState, ghost: &Ghost, at: ScreenPoint) -> Option<Target> {
    let area = state.canvas.client_rect()?;
    let inside = at.x >= area.x
        && at.y >= area.y
        && at.x <= area.x + area.width
        && at.y <= area.y + area.height;
    if !inside {
        return None;
    }
    if let Cargo::Offer(pick) = &ghost.cargo
        && pick.is_trigger
    {
        let trigger = state.canvas.rect_of_untracked(TRIGGER)?;
        let (x, y) = (
            trigger.x + trigger.width / 2.0,
            trigger.y + trigger.height / 2.0,
        );
        return ((at.x - x).hypot(at.y - y) < 2.0 * REACH).then_some(Target::Trigger);
    }
    let canvas = state.canvas.to_canvas(at);
    let zoom = state.canvas.view.get_untracked().zoom;
    state.canvas.placement.with_untracked(|placement| {
        let Cargo::Step(name) = &ghost.cargo else {
            return nearest_slot(placement, canvas, REACH / zoom).map(Target::Slot);
        };
        // A step cannot go into itself; and staying where it is is no target.
        let mut nearest: Option<(usize, f64)> = None;
        for (index, slot) in placement.slots.iter().enumerate() {
            let distance = slot.center.distance(canvas);
            if distance > REACH / zoom || nearest.is_some_and(|(_, best)| best <= distance) {
                continue;
            }
            nearest = Some((index, distance));
        }
        let (index, _) = nearest?;
        let slot = placement.slots.get(index)?;
        let to = nodes::place_of(slot)?;
        let can = !placement.is_within(slot, name)
            && state
                .workflow
                .with_untracked(|workflow| moves::without(workflow, name, &to))
                .is_some();
        can.then_some(Target::Slot(index))
    })
}

/// The card that follows the pointer.
#[component]
pub fn DragGhost(drag: DragState) -> impl IntoView {
    let transform = move || {
        let at = drag.at.get();
        format!("translate({}px, {}px)", at.x + 10.0, at.y + 10.0)
    };
    move || {
        drag.ghost.get().map(|ghost| {
            view! {
                <div class="ghost" style:transform=transform aria-hidden="true">
                    <span class="connector-icon" inner_html=ghost.icon></span>
                    <b>{ghost.title}</b>
                </div>
            }
        })
    }
}
