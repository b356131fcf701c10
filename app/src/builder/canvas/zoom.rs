//! The zoom control at the lower left of the canvas.

use super::Scene;
use leptos::prelude::*;
use patchbay_layout::{Rect, ScreenPoint, Size, View};

/// Room round the picture when it is fitted, in CSS pixels.
const MARGIN: f64 = 48.0;

/// How far the trigger stands below the upper rim at the beginning, in CSS pixels.
const TOP: f64 = 40.0;

/// One press of a button.
const STEP: f64 = 1.2;

/// Life-size with the trigger at the top; smaller when the picture is wider than the canvas.
pub fn beginning(bounds: Rect, viewport: Size) -> View {
    if bounds.width + MARGIN > viewport.width {
        let fitted = View::fit(bounds, viewport, MARGIN);
        return View::new(ScreenPoint::new(fitted.pan.x, TOP), fitted.zoom);
    }
    View::new(
        ScreenPoint::new(viewport.width / 2.0 - bounds.center().x, TOP - bounds.y),
        1.0,
    )
}

#[component]
pub fn ZoomControl(scene: Scene) -> impl IntoView {
    let canvas = scene.state.canvas;
    let middle = move || {
        let viewport = canvas.viewport.get_untracked();
        ScreenPoint::new(viewport.width / 2.0, viewport.height / 2.0)
    };
    let zoom_by =
        move |factor: f64| scene.set_view(canvas.view.get_untracked().zoom_at(middle(), factor));
    let fit = move |_| {
        let bounds = canvas
            .placement
            .with_untracked(|placement| placement.bounds);
        scene.set_view(View::fit(bounds, canvas.viewport.get_untracked(), MARGIN));
    };
    let percent = move || format!("{:.0} %", canvas.view.get().zoom * 100.0);
    view! {
        <div class="zoom" role="group" aria-label="Zoom">
            <button type="button" aria-label="Zoom out" title="Zoom out (Ctrl + wheel)" on:click=move |_| zoom_by(1.0 / STEP)>"−"</button>
            <button
                type="button"
                class="percent"
                aria-label="Life-size"
                title="Life-size"
                on:click=move |_| zoom_by(1.0 / canvas.view.get_untracked().zoom)
            >
                {percent}
            </button>
            <button type="button" aria-label="Zoom in" title="Zoom in (Ctrl + wheel)" on:click=move |_| zoom_by(STEP)>"+"</button>
            <button type="button" aria-label="Show the whole workflow" title="Show the whole workflow" on:click=fit>
                <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>
            </button>
        </div>
    }
}
