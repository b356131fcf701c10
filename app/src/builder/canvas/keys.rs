//! The keyboard: on the canvas, and everywhere in the builder outside of fields.

use super::{
    Scene,
    gestures::{Gestures, focus_canvas},
    slots,
};
use crate::builder::{
    moves::{self, Move},
    picking,
    state::BuilderState,
};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::{Direction, ScreenPoint, neighbour};
use patchbay_model::{document::TRIGGER, edit::Edit};

/// A key pressed while the canvas has the focus.
pub fn on_canvas(scene: Scene, gestures: Gestures, event: &web_sys::KeyboardEvent) {
    if in_field(event) || event.ctrl_key() || event.meta_key() {
        return;
    }
    let state = scene.state;
    let on_button = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == "BUTTON");
    if on_button && matches!(event.key().as_str(), "Enter" | " ") {
        return;
    }
    match event.key().as_str() {
        " " => gestures.hold(),
        "ArrowUp" => arrow(state, event.alt_key(), Direction::Up, Move::Up),
        "ArrowDown" => arrow(state, event.alt_key(), Direction::Down, Move::Down),
        "ArrowLeft" => arrow(state, event.alt_key(), Direction::Left, Move::Out),
        "ArrowRight" => arrow(state, event.alt_key(), Direction::Right, Move::In),
        "Home" => state.select(TRIGGER),
        "Enter" => focus_panel(),
        "Delete" | "Backspace" => {
            if let Some(step) = state.selected.get_untracked() {
                state.remove_step(&step);
            }
        }
        "+" | "a" | "A" => open_picker(scene),
        _ => return,
    }
    event.prevent_default();
}

fn arrow(state: BuilderState, moves_step: bool, direction: Direction, step_move: Move) {
    let selected = state
        .selected
        .get_untracked()
        .unwrap_or_else(|| TRIGGER.to_owned());
    if !moves_step {
        let next = state
            .canvas
            .placement
            .with_untracked(|placement| neighbour(placement, &selected, direction));
        state.select(&next.unwrap_or(selected));
        return;
    }
    let to = state
        .workflow
        .with_untracked(|workflow| moves::target(workflow, &selected, step_move));
    if let Some(to) = to
        && state.edit(Edit::MoveStep {
            step: selected.clone(),
            to,
        })
    {
        state.select(&selected);
    }
}

/// Opens the picker at the place after the selected step.
fn open_picker(scene: Scene) {
    let state = scene.state;
    let selected = state.selected.get_untracked();
    let place = state
        .workflow
        .with_untracked(|workflow| picking::place_for(workflow, selected.as_deref()));
    let slot = state.canvas.placement.with_untracked(|placement| {
        placement
            .slots
            .iter()
            .find(|slot| crate::builder::nodes::place_of(slot).as_ref() == Some(&place))
            .map(|slot| slot.center)
    });
    let at = slot.map_or_else(ScreenPoint::default, |center| {
        slots::at_screen(scene, center)
    });
    scene.picker.open(place, at);
}

/// Puts the keyboard on the first thing in the panel that takes it.
pub fn focus_panel() {
    let first =
        "[data-panel] [role=tab][aria-selected=true], [data-panel] input, [data-panel] button";
    let found = document().query_selector(first).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// Keys and the clipboard, wherever the focus is outside of fields.
pub fn listen(
    state: BuilderState,
    cancel_drag: impl Fn() -> bool + Copy + 'static,
    shortcuts: RwSignal<bool>,
) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && cancel_drag() {
            event.prevent_default();
            return;
        }
        if in_field(&event) || event.default_prevented() || dialog_open() {
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        match event.key().to_lowercase().as_str() {
            "z" if command && event.shift_key() => state.redo(),
            "z" if command => state.undo(),
            "y" if command => state.redo(),
            "s" if command => state.save(),
            "d" if command => {
                if let Some(step) = state.selected.get_untracked() {
                    state.duplicate(&step);
                }
            }
            "/" if !command => focus_search(),
            "?" if !command => shortcuts.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    let copy = window_event_listener(ev::copy, move |event| {
        if outside_of_text()
            && let Some(text) = state.copy()
            && let Some(data) = event.clipboard_data()
            && data.set_data("text/plain", &text).is_ok()
        {
            event.prevent_default();
            state.say("Step copied");
        }
    });
    let paste = window_event_listener(ev::paste, move |event| {
        if outside_of_text()
            && let Some(data) = event.clipboard_data()
            && let Ok(text) = data.get_data("text/plain")
            && state.paste(&text)
        {
            event.prevent_default();
            focus_canvas();
        }
    });
    on_cleanup(move || {
        keys.remove();
        copy.remove();
        paste.remove();
    });
}

fn focus_search() {
    let found = document()
        .query_selector("[data-palette-search]")
        .ok()
        .flatten();
    if let Some(search) = found.and_then(|search| search.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = search.focus();
    }
}

fn dialog_open() -> bool {
    matches!(
        document().query_selector("dialog[open], [role=dialog][aria-modal=true]"),
        Ok(Some(_))
    )
}

/// Whether the key was typed into a field.
fn in_field(event: &web_sys::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| is_field(&element))
}

fn outside_of_text() -> bool {
    let in_field = document()
        .active_element()
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| is_field(&element));
    let marked = web_sys::js_sys::Reflect::get(&window(), &"getSelection".into())
        .ok()
        .and_then(|function| function.dyn_into::<web_sys::js_sys::Function>().ok())
        .and_then(|function| function.call0(&window()).ok())
        .is_some_and(|selection| {
            !String::from(web_sys::js_sys::Object::from(selection).to_string()).is_empty()
        });
    !in_field && !marked
}

fn is_field(element: &web_sys::HtmlElement) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.is_content_editable()
}
