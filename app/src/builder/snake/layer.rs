//! What is drawn over the builder while there is a cable: the cable itself and the values of the step it hovers.

use super::{SnakeState, rows::PathTree, sources};
use crate::builder::state::{BuilderState, ClientRect};
use leptos::{ev, prelude::*};
use patchbay_layout::{ScreenPoint, cable_on_screen};
use patchbay_model::{compat::Fit, document::TRIGGER};
use wasm_bindgen::JsCast;

/// How wide the popover is, and its distance from the card.
const WIDTH: f64 = 320.0;
const GAP: f64 = 14.0;
/// The most of the window's height that it takes.
const HEIGHT: f64 = 420.0;

/// Cable and popover.
#[component]
pub fn SnakeLayer() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = expect_context::<SnakeState>();
    let has_cable = Memo::new(move |_| snake.cable.with(Option::is_some));
    let field = Memo::new(move |_| snake.cable.with(|cable| cable.map(|cable| cable.field.id())));

    let moved = window_event_listener(ev::pointermove, move |event| {
        let at = point(&event);
        if state.dragged_value.with_untracked(Option::is_some) {
            snake_over_field(&event);
        }
        if snake.cable.with_untracked(|cable| cable.is_none_or(|cable| cable.resting)) {
            return;
        }
        snake.cable.update(|cable| {
            if let Some(cable) = cable {
                cable.to = at;
            }
        });
        if element_at(at).is_some_and(|element| within(&element, ".snake-popover")) {
            return;
        }
        let over = state.canvas.step_at(at).filter(|step| {
            state.canvas.dimmed.with_untracked(|lit| lit.as_ref().is_some_and(|lit| lit.contains(step)))
        });
        let over = over.filter(|_| element_at(at).is_some_and(|element| !within(&element, ".panel, .topbar, .palette, .drawer")));
        if let Some(step) = over
            && snake.open.with_untracked(|open| open.as_deref() != Some(step.as_str()))
        {
            snake.open.set(Some(step));
        }
    });
    let released = window_event_listener(ev::pointerup, move |event| {
        if let Some(value) = state.dragged_value.get_untracked() {
            drop_on_field(state, &value.path, point(&event));
            state.dragged_value.set(None);
            return;
        }
        let Some(cable) = snake.cable.get_untracked().filter(|cable| !cable.resting) else { return };
        let at = point(&event);
        let pressed_only = (at.x - cable.from.x).abs() < 4.0 && (at.y - cable.from.y).abs() < 4.0;
        if snake.target.with_untracked(Option::is_some) {
            snake.finish(state);
        } else if pressed_only {
            // A click on the socket: the list does the same.
            snake.cancel(state);
            cable.field.picking.set(true);
        } else if snake.open.with_untracked(Option::is_some) {
            snake.cable.update(|cable| {
                if let Some(cable) = cable {
                    cable.resting = true;
                }
            });
        } else {
            snake.cancel(state);
        }
    });
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let resting = snake.cable.with_untracked(|cable| cable.is_some_and(|cable| cable.resting));
        if resting && !element_at(point(&event)).is_some_and(|element| within(&element, ".snake-popover")) {
            snake.cancel(state);
        }
    });
    let escaped = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            if snake.cable.with_untracked(Option::is_some) {
                snake.cancel(state);
            }
            state.dragged_value.set(None);
        }
    });
    on_cleanup(move || {
        moved.remove();
        released.remove();
        pressed.remove();
        escaped.remove();
    });

    let line = move || {
        let cable = snake.cable.get()?;
        Some(cable_on_screen(cable.from, cable.to))
    };
    let clash = move || snake.target.with(|target| target.as_ref().is_some_and(|target| matches!(target.fit, Fit::No(_))));
    let value_line = move || {
        let value = state.dragged_value.get()?;
        Some((value.from, value.path))
    };

    view! {
        <Show when=move || has_cable.get()>
            <svg class="snake" class:clash=clash aria-hidden="true">
                <path d=line />
                {move || snake.cable.get().map(|cable| view! {
                    <circle cx=cable.from.x cy=cable.from.y r="5" />
                    <circle cx=cable.to.x cy=cable.to.y r="5" />
                })}
            </svg>
        </Show>
        {move || value_line().map(|(from, path)| view! {
            <div class="dragged-value chip mono" style=format!("left:{}px;top:{}px", from.x + 12.0, from.y + 12.0)>{path}</div>
        })}
        {move || field.get().and_then(|_| snake.open.get()).map(|step| view! { <Popover step /> })}
    }
}

/// The values of the hovered step, beside its card.
#[component]
fn Popover(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = expect_context::<SnakeState>();
    let name = StoredValue::new(step);
    let handle = snake.cable.get_untracked().map(|cable| cable.field);
    let source = Memo::new(move |_| sources::one(state, &handle?.step.get_value(), &name.get_value()));
    let place = move || {
        let rect = state.canvas.rect_of(&name.get_value()).unwrap_or_default();
        style(rect, window_size())
    };
    let note = move || {
        state.samples.with(|samples| {
            if samples.steps.contains_key(&name.get_value()) {
                "with the data of the last run"
            } else if name.get_value() == TRIGGER {
                "what starts the run"
            } else {
                "as the service describes it"
            }
        })
    };
    view! {
        <div class="snake-popover" style=place role="dialog" aria-label="Values of the step">
            <div class="q">
                <b>{move || source.with(|source| source.as_ref().map(|source| source.title.clone()))}</b>
                <span>{note}</span>
            </div>
            <PathTree source field=handle />
        </div>
    }
}

/// Right of the card when there is room, else left of it; never outside of the window.
fn style(card: ClientRect, window: (f64, f64)) -> String {
    let right = card.x + card.width + GAP;
    let left = if right + WIDTH <= window.0 - GAP { right } else { (card.x - WIDTH - GAP).max(GAP) };
    let height = HEIGHT.min(window.1 - 2.0 * GAP);
    let top = card.y.clamp(GAP, (window.1 - height - GAP).max(GAP));
    format!("left:{left:.0}px;top:{top:.0}px;width:{WIDTH}px;max-height:{height:.0}px")
}

fn window_size() -> (f64, f64) {
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    (size(window().inner_width()), size(window().inner_height()))
}

fn point(event: &web_sys::PointerEvent) -> ScreenPoint {
    ScreenPoint::new(f64::from(event.client_x()), f64::from(event.client_y()))
}

fn element_at(at: ScreenPoint) -> Option<web_sys::Element> {
    #[expect(clippy::cast_possible_truncation, reason = "the browser takes single precision")]
    document().element_from_point(at.x as f32, at.y as f32)
}

fn within(element: &web_sys::Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}

/// Lights the field under a dragged value.
fn snake_over_field(event: &web_sys::PointerEvent) {
    let over = element_at(point(event)).and_then(|element| element.closest("[data-field]").ok().flatten());
    let Ok(lit) = document().query_selector_all("[data-field].drop") else { return };
    for index in 0..lit.length() {
        if let Some(element) = lit.item(index).and_then(|node| node.dyn_into::<web_sys::Element>().ok()) {
            let _ = element.class_list().remove_1("drop");
        }
    }
    if let Some(element) = over {
        let _ = element.class_list().add_1("drop");
    }
}

/// Gives a dragged value's path to the field under the pointer.
fn drop_on_field(state: BuilderState, path: &str, at: ScreenPoint) {
    let field = element_at(at).and_then(|element| element.closest("[data-field]").ok().flatten());
    let Some(field) = field else { return };
    let _ = field.class_list().remove_1("drop");
    let (Some(pointer), Some(step)) = (field.get_attribute("data-field"), state.selected.get_untracked()) else { return };
    let reachable = untrack(|| sources::of(state, &step));
    let parsed = patchbay_model::path::Path::parse(path).ok();
    let root = parsed.as_ref().and_then(|path| match path.root() {
        Some(patchbay_model::path::Root::Step(name)) => Some(name.to_owned()),
        _ => None,
    });
    let source = root.and_then(|root| reachable.into_iter().find(|source| source.step == root));
    let Some((source, parsed)) = source.zip(parsed) else {
        return state.say("That step does not run before this one, so its data is not there yet.");
    };
    let optional = source.is_optional(parsed.below_root());
    let default = optional.then(|| serde_json::json!(""));
    state.edit(patchbay_model::edit::Edit::SetInput {
        step,
        field: pointer,
        value: Some(crate::builder::panel::form::mapped(path, default.as_ref())),
    });
}
