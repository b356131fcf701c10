//! A value on its way from an output (drawer, Output tab) to a field.

use super::{Over, SnakeState, around, element_at, point, sources, step_at};
use crate::builder::state::BuilderState;
use leptos::{prelude::*, web_sys};
use patchbay_layout::{ScreenPoint, cable_on_screen};
use patchbay_model::{
    compat::Fit,
    path::{Path, Root},
};
use std::time::Duration;

/// How long a value has to be held over a card until the panel shows that step.
const SPRING: Duration = Duration::from_millis(450);

/// The pointer moved with a value.
pub fn moved(
    state: BuilderState,
    snake: SnakeState,
    hovered: StoredValue<Option<String>>,
    event: &web_sys::PointerEvent,
) {
    let Some(path) = state
        .dragged_value
        .with_untracked(|value| value.as_ref().map(|value| value.path.clone()))
    else {
        return;
    };
    let at = point(event);
    snake.pointer.set(at);
    let field = field_at(at);
    let known = snake
        .over
        .with_untracked(|over| over.as_ref().map(|over| over.field.clone()));
    if known != field {
        let over = field.map(|field| Over {
            clash: verdict(state, snake, &field, &path).err(),
            field,
        });
        snake.over.set(over);
    }
    // Held over a card, the panel turns to that step, so that its fields can be reached.
    let step = step_at(state, at);
    if hovered.get_value() != step {
        hovered.set_value(step.clone());
        if let Some(step) = step {
            set_timeout(
                move || {
                    let still = hovered.try_get_value().flatten().as_ref() == Some(&step);
                    if still && state.dragged_value.with_untracked(Option::is_some) {
                        state.selected.set(Some(step));
                    }
                },
                SPRING,
            );
        }
    }
}

/// The button was let go with a value.
pub fn dropped(state: BuilderState, snake: SnakeState, event: &web_sys::PointerEvent) {
    let Some(value) = state.dragged_value.get_untracked() else {
        return;
    };
    end(state, snake);
    let Some(field) = field_at(point(event)) else {
        return;
    };
    match verdict(state, snake, &field, &value.path) {
        Ok(optional) => {
            if let Some(handle) = snake.field(&field) {
                handle.take_path(&value.path, optional);
            }
        }
        Err(why) => state.say(format!("Not connected: {why}.")),
    }
}

/// Nothing is dragged any more.
pub fn end(state: BuilderState, snake: SnakeState) {
    state.dragged_value.set(None);
    snake.over.set(None);
}

fn field_at(at: ScreenPoint) -> Option<String> {
    around(&element_at(at)?, "[data-field]")?.get_attribute("data-field")
}

/// Whether the value may be missing, or why the field does not take it.
fn verdict(
    state: BuilderState,
    snake: SnakeState,
    field: &str,
    path: &str,
) -> Result<bool, String> {
    let handle = snake.field(field).ok_or("the field is no longer there")?;
    let parsed = Path::parse(path).map_err(|error| error.to_string())?;
    let Some(Root::Step(root)) = parsed.root() else {
        return Err("this is not a step's value".to_owned());
    };
    let step = handle.step.get_value();
    let source = untrack(|| sources::one(state, &step, root));
    let source = source.ok_or_else(|| {
        format!("{root} does not run before this step, so its data is not there yet")
    })?;
    let target = handle
        .field
        .with_value(|field| source.target(path, parsed.below_root(), &field.schema));
    match target.fit {
        Fit::No(why) => Err(why),
        Fit::Yes | Fit::Converts(_) => Ok(target.optional),
    }
}

/// The cable from the value to the pointer, with the path at its end.
#[component]
pub fn DraggedValue() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = expect_context::<SnakeState>();
    let clash = move || {
        snake
            .over
            .with(|over| over.as_ref().and_then(|over| over.clash.clone()))
    };
    move || {
        let value = state.dragged_value.get()?;
        let from = value.from;
        let to = move || {
            let at = snake.pointer.get();
            if at == ScreenPoint::default() {
                from
            } else {
                at
            }
        };
        Some(view! {
            <svg class="snake" class:clash=move || clash().is_some() aria-hidden="true">
                <path d=move || cable_on_screen(from, to()) />
                <circle cx=from.x cy=from.y r="5" />
                <circle cx=move || to().x cy=move || to().y r="5" />
            </svg>
            <div class="snake-label" class:clash=move || clash().is_some()
                style=move || format!("transform:translate({:.0}px,{:.0}px)", to().x + 14.0, to().y + 14.0)>
                <span class="mono">{value.path}</span>
                {move || clash().map(|why| view! { <small>{why}</small> })}
            </div>
        })
    }
}
