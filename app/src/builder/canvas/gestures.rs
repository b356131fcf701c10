//! The pointer on the canvas: selecting, panning, zooming.

use super::Scene;
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::{ScreenPoint, View};

/// How much one pixel of the wheel zooms.
const WHEEL_ZOOM: f64 = 0.002;

/// The height of a line for wheels that count in lines, in CSS pixels.
const LINE: f64 = 16.0;

/// The pan under way: where it began, and the view then.
#[derive(Debug, Clone, Copy)]
struct Pan {
    from: ScreenPoint,
    view: View,
}

#[derive(Clone, Copy)]
pub struct Gestures {
    scene: Scene,
    pan: StoredValue<Option<Pan>>,
    /// Whether the space bar is held: then everything pans.
    space: StoredValue<bool>,
    pub panning: RwSignal<bool>,
}

impl Gestures {
    pub fn new(scene: Scene) -> Self {
        Self {
            scene,
            pan: StoredValue::default(),
            space: StoredValue::default(),
            panning: RwSignal::default(),
        }
    }

    pub fn down(&self, event: &web_sys::PointerEvent) {
        if self.scene.state.canvas.snake_active.get_untracked() {
            return;
        }
        let Some(target) = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        else {
            return;
        };
        let middle = event.button() == 1;
        if event.button() != 0 && !middle {
            return;
        }
        if matches!(target.closest("button"), Ok(Some(_))) {
            return;
        }
        focus_canvas();
        let step = target.closest("[data-step]").ok().flatten();
        let pans = middle || self.space.get_value();
        match step.and_then(|step| step.get_attribute("data-step")) {
            Some(name) if !pans && self.takes_hold(&name, event) => {
                self.scene.state.selected.set(Some(name));
                // Otherwise the browser would begin to mark text.
                event.prevent_default();
                focus_canvas();
            }
            _ => {
                if pans {
                    self.scene.drag.cancel();
                }
                event.prevent_default();
                focus_canvas();
                self.pan.set_value(Some(Pan {
                    from: point(event),
                    view: self.scene.state.canvas.view.get_untracked(),
                }));
                self.panning.set(true);
                capture(event);
            }
        }
    }

    pub fn moved(&self, event: &web_sys::PointerEvent) {
        let Some(pan) = self.pan.get_value() else {
            let step = self.scene.state.canvas.step_at(point(event));
            if self
                .scene
                .state
                .canvas
                .hovered
                .with_untracked(|hovered| *hovered != step)
            {
                self.scene.state.canvas.hovered.set(step);
            }
            return;
        };
        let at = point(event);
        self.scene
            .set_view(pan.view.pan_by(at.x - pan.from.x, at.y - pan.from.y));
    }

    pub fn up(&self, _event: &web_sys::PointerEvent) {
        if self.pan.get_value().is_some() {
            self.pan.set_value(None);
            self.panning.set(false);
        }
    }

    pub fn wheel(&self, event: &web_sys::WheelEvent) {
        event.prevent_default();
        let unit = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE {
            LINE
        } else {
            1.0
        };
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        let view = self.scene.state.canvas.view.get_untracked();
        let view = if event.ctrl_key() || event.meta_key() {
            let origin = self.scene.state.canvas.client_rect().unwrap_or_default();
            let at = ScreenPoint::new(
                f64::from(event.client_x()) - origin.x,
                f64::from(event.client_y()) - origin.y,
            );
            view.zoom_at(at, (-dy * WHEEL_ZOOM).exp())
        } else if event.shift_key() && dx == 0.0 {
            view.pan_by(-dy, 0.0)
        } else {
            view.pan_by(-dx, -dy)
        };
        self.scene.set_view(view);
    }

    /// The space bar went down.
    pub fn hold(&self) {
        self.space.set_value(true);
    }

    pub fn key_up(&self, event: &web_sys::KeyboardEvent) {
        if event.key() == " " {
            self.space.set_value(false);
        }
    }

    /// A card is taken hold of anywhere; a box at its header only, so that its inside pans like the background.
    fn takes_hold(&self, name: &str, event: &web_sys::PointerEvent) -> bool {
        let at = self.scene.state.canvas.to_canvas(point(event));
        self.scene
            .items
            .with_untracked(|items| items.get(name).is_some_and(|item| item.header.contains(at)))
    }
}

fn point(event: &web_sys::MouseEvent) -> ScreenPoint {
    ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

fn capture(event: &web_sys::PointerEvent) {
    let Some(area) = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
    else {
        return;
    };
    // Without capture a pan only ends where the pointer leaves the canvas.
    let _ = area.set_pointer_capture(event.pointer_id());
}

/// Puts the keyboard on the tree of steps.
pub fn focus_canvas() {
    let tree = document()
        .query_selector(".canvas [role=tree]")
        .ok()
        .flatten();
    if let Some(tree) = tree.and_then(|tree| tree.dyn_into::<web_sys::HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = tree.focus_with_options(&options);
    }
}
