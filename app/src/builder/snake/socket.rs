//! The socket left of a field's label: where a cable begins.

use super::SnakeState;
use crate::builder::panel::{field::FieldHandle, form::Mode};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_layout::ScreenPoint;

/// Drag it to a value; Enter or a click opens the searchable list.
#[component]
pub fn Socket(handle: FieldHandle) -> impl IntoView {
    let snake = expect_context::<SnakeState>();
    let label = handle
        .field
        .with_value(|field| format!("Connect {} to data of an earlier step", field.label));
    let drawing = move || {
        snake
            .cable
            .with(|cable| cable.is_some_and(|cable| cable.field.picking == handle.picking))
    };
    let begin = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let socket = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(socket) = socket else { return };
        // Without this the events of a touch would keep going to the socket.
        let _ = socket.release_pointer_capture(event.pointer_id());
        let rect = socket.get_bounding_client_rect();
        snake.begin(
            handle,
            ScreenPoint::new(
                rect.x() + rect.width() / 2.0,
                rect.y() + rect.height() / 2.0,
            ),
        );
    };
    view! {
        <button type="button" class="sock" class:live=move || handle.mode.get() == Mode::Path && handle.value.with(Option::is_some)
            class:drag=drawing aria-label=label title="Drag to a value of an earlier step"
            on:pointerdown=begin
            on:keydown=move |event| if matches!(event.key().as_str(), "Enter" | " " | "/") {
                event.prevent_default();
                handle.picking.set(true);
            }></button>
    }
}
