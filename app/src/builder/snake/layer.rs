//! What is drawn over the builder while there is a cable: the cable itself and the values of the step it hovers.

use super::{
    SnakeState, around, element_at, point,
    popover::Popover,
    step_at,
    value_drag::{self, DraggedValue},
};
use crate::builder::state::BuilderState;
use leptos::{ev, prelude::*};
use patchbay_layout::{ScreenPoint, cable_on_screen};
use patchbay_model::compat::Fit;

/// How far the pointer may move between press and release for it to be a click on the socket.
const CLICK: f64 = 4.0;

/// Cable and popover.
#[component]
pub fn SnakeLayer() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = expect_context::<SnakeState>();
    let has_cable = Memo::new(move |_| snake.cable.with(Option::is_some));
    let hovered = StoredValue::new(None::<String>);

    let moved = window_event_listener(ev::pointermove, move |event| {
        value_drag::moved(state, snake, hovered, &event);
        if snake
            .cable
            .with_untracked(|cable| cable.is_none_or(|cable| cable.resting))
        {
            return;
        }
        let at = point(&event);
        let to = plug(at).unwrap_or(at);
        snake.cable.update(|cable| {
            if let Some(cable) = cable {
                cable.to = to;
            }
        });
        let over = step_at(state, at).filter(|step| {
            state
                .canvas
                .dimmed
                .with_untracked(|lit| lit.as_ref().is_some_and(|lit| lit.contains(step)))
        });
        if let Some(step) = over
            && snake
                .open
                .with_untracked(|open| open.as_deref() != Some(step.as_str()))
        {
            snake.target.set(None);
            snake.open.set(Some(step));
        }
    });
    let released = window_event_listener(ev::pointerup, move |event| {
        if state.dragged_value.with_untracked(Option::is_some) {
            return value_drag::dropped(state, snake, &event);
        }
        let Some(cable) = snake.cable.get_untracked().filter(|cable| !cable.resting) else {
            return;
        };
        let at = point(&event);
        let pressed_only = (at.x - cable.from.x).abs() < 12.0 + CLICK
            && (at.y - cable.from.y).abs() < 12.0 + CLICK
            && snake.open.with_untracked(Option::is_none);
        let over_step = step_at(state, at).is_some_and(|step| {
            snake
                .open
                .with_untracked(|open| open.as_ref() == Some(&step))
        });
        let in_popover =
            element_at(at).is_some_and(|element| around(&element, ".snake-popover").is_some());
        if snake.target.with_untracked(Option::is_some) {
            snake.finish(state);
        } else if pressed_only {
            // A click on the socket: the list does the same.
            snake.cancel(state);
            cable.field.picking.set(true);
        } else if over_step || in_popover {
            snake.rest();
        } else {
            snake.cancel(state);
        }
    });
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let resting = snake
            .cable
            .with_untracked(|cable| cable.is_some_and(|cable| cable.resting));
        let in_popover = element_at(point(&event))
            .is_some_and(|element| around(&element, ".snake-popover").is_some());
        if resting && !in_popover {
            snake.cancel(state);
        }
    });
    let stopped = window_event_listener(ev::pointercancel, move |_| {
        value_drag::end(state, snake);
        if snake.cable.with_untracked(Option::is_some) {
            snake.cancel(state);
        }
    });
    let escaped = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            value_drag::end(state, snake);
            if snake.cable.with_untracked(Option::is_some) {
                snake.cancel(state);
            }
        }
    });
    on_cleanup(move || {
        moved.remove();
        released.remove();
        pressed.remove();
        stopped.remove();
        escaped.remove();
    });

    let line = move || {
        snake
            .cable
            .get()
            .map(|cable| cable_on_screen(cable.from, cable.to))
    };
    let clash = move || {
        snake.target.with(|target| {
            target
                .as_ref()
                .is_some_and(|target| matches!(target.fit, Fit::No(_)))
        })
    };

    view! {
        <Show when=move || has_cable.get()>
            <svg class="snake" class:clash=clash class:plugged=move || snake.target.with(Option::is_some) aria-hidden="true">
                <path d=line />
                {move || snake.cable.get().map(|cable| view! {
                    <circle cx=cable.from.x cy=cable.from.y r="5" />
                    <circle cx=cable.to.x cy=cable.to.y r="5" />
                })}
            </svg>
        </Show>
        <DraggedValue />
        {move || has_cable.get().then(|| snake.open.get()).flatten().map(|step| view! { <Popover step /> })}
    }
}

/// Over a value the cable ends at the right end of its row.
fn plug(at: ScreenPoint) -> Option<ScreenPoint> {
    let row = around(&element_at(at)?, ".snake-popover [data-path]:not(.marker)")?
        .get_bounding_client_rect();
    Some(ScreenPoint::new(
        row.right() + 2.0,
        row.top() + row.height() / 2.0,
    ))
}
