//! The lines from step to step.

use super::Scene;
use leptos::prelude::*;
use patchbay_layout::{Point, Style, svg_path};

/// Half the width and the height of an arrow head, in canvas units.
const ARROW: (f64, f64) = (4.0, 6.0);

/// All lines that can be seen, as two paths: the lines and their heads.
#[component]
pub fn Wires(scene: Scene) -> impl IntoView {
    let paths = Memo::new(move |_| {
        let window = scene.window.get();
        let corner = Style::default().corner;
        scene.state.canvas.placement.with(|placement| {
            let mut lines = String::new();
            let mut heads = String::new();
            for edge in placement
                .edges
                .iter()
                .filter(|edge| edge.bounds().inflate(1.0).intersects(&window))
            {
                lines.push_str(&svg_path(&edge.points, corner));
                if let (patchbay_layout::End::Item(_), Some(end)) = (&edge.to, edge.points.last()) {
                    heads.push_str(&head(*end));
                }
            }
            (lines, heads)
        })
    });
    view! {
        <svg class="wires" aria-hidden="true" width="1" height="1">
            <path class="wire" d=move || paths.get().0></path>
            <path class="head" d=move || paths.get().1></path>
        </svg>
    }
}

/// An arrow head that points down to a card.
fn head(end: Point) -> String {
    let (half, height) = ARROW;
    format!("M{} {}l{half} {}l{} 0Z", end.x, end.y, -height, -2.0 * half)
}
