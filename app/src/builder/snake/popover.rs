//! The values of the step that a cable hovers, beside its card.

use super::{SnakeState, rows::PathTree, sources};
use crate::builder::state::{BuilderState, ClientRect};
use leptos::prelude::*;
use patchbay_model::document::TRIGGER;

/// How wide it is, and its distance from the card and from the canvas' rim.
const WIDTH: f64 = 312.0;
const GAP: f64 = 14.0;
/// The most of the window's height that it takes.
const HEIGHT: f64 = 440.0;

/// The tree, with a note where the values come from.
#[component]
pub fn Popover(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let snake = expect_context::<SnakeState>();
    let name = StoredValue::new(step);
    let handle = snake.cable.get_untracked().map(|cable| cable.field);
    let source =
        Memo::new(move |_| sources::one(state, &handle?.step.get_value(), &name.get_value()));
    let place = move || {
        let card = state.canvas.rect_of(&name.get_value()).unwrap_or_default();
        style(card, state.canvas.client_rect().unwrap_or_default())
    };
    let note = move || {
        let has_sample = source.with(|source| {
            source
                .as_ref()
                .is_some_and(|source| source.sample.is_some())
        });
        match (has_sample, name.get_value() == TRIGGER) {
            (true, _) => "values of the last run",
            (false, true) => "what starts the run",
            (false, false) => "not run yet",
        }
    };
    let title = move || {
        source.with(|source| {
            source
                .as_ref()
                .map(|source| source.title.clone())
                .unwrap_or_default()
        })
    };
    view! {
        <div class="snake-popover" style=place role="dialog" aria-label=move || format!("Values of {}", title())>
            <div class="q">
                <b>{title}</b>
                <span>{note}</span>
            </div>
            <PathTree source field=handle />
        </div>
    }
}

/// Right of the card when there is room on the canvas, else left of it, else over the canvas' right rim.
fn style(card: ClientRect, canvas: ClientRect) -> String {
    let (leftmost, rightmost) = (canvas.x + GAP, canvas.x + canvas.width - WIDTH - GAP);
    let (right, left) = (card.x + card.width + GAP, card.x - WIDTH - GAP);
    let x = if right <= rightmost {
        right
    } else if left >= leftmost {
        left
    } else {
        // Half of the card stays free, so that it can still be seen what is open.
        rightmost.max(leftmost).min(right)
    };
    let height = HEIGHT.min(canvas.height - 2.0 * GAP).max(160.0);
    let y = card
        .y
        .min(canvas.y + canvas.height - height - GAP)
        .max(canvas.y + GAP);
    format!("left:{x:.0}px;top:{y:.0}px;width:{WIDTH}px;max-height:{height:.0}px")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f64, y: f64, width: f64, height: f64) -> ClientRect {
        ClientRect {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn it_stands_right_of_the_card_where_there_is_room_and_never_outside_of_the_canvas() {
        let canvas = rect(244.0, 52.0, 812.0, 800.0);
        let cases = [
            (rect(300.0, 200.0, 272.0, 64.0), "left:586px;top:200px"),
            (rect(760.0, 200.0, 272.0, 64.0), "left:434px;top:200px"),
            (rect(500.0, 200.0, 272.0, 64.0), "left:730px;top:200px"),
            (rect(300.0, 700.0, 272.0, 64.0), "left:586px;top:398px"),
            (rect(300.0, -80.0, 272.0, 64.0), "left:586px;top:66px"),
        ];
        for (card, expected) in cases {
            let style = style(card, canvas);
            assert!(style.starts_with(expected), "{card:?}: {style}");
        }
    }
}
