//! The drawings of the guides: cards, cables and values in the colours of the builder.

use leptos::prelude::*;

/// A drawing with its caption. `inside` is our own SVG.
pub(super) fn figure(width: u32, height: u32, inside: &'static str, says: &'static str) -> AnyView {
    view! {
        <figure>
            <svg
                viewBox=format!("0 0 {width} {height}")
                role="img"
                aria-label=says
                font-family="var(--text)"
                font-size="12"
                inner_html=inside
            ></svg>
            <figcaption>{says}</figcaption>
        </figure>
    }
    .into_any()
}
