//! Pictures: line drawings, connectors' own icons, the logo.

use super::Glyph;
use leptos::prelude::*;

/// A line drawing; says nothing to a screen reader.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=glyph.paths()
        ></svg>
    }
    .into_any()
}

/// A connector's icon: the `<svg>` that our server sent for it.
#[component]
pub fn ConnectorIcon(
    /// A complete `<svg>` element; empty shows a plug.
    #[prop(into)]
    svg: Signal<String>,
    /// 20 px in place of 28.
    #[prop(optional)]
    small: bool,
    /// 38 px in place of 28.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = if small {
        "connector-icon connector-icon-small"
    } else if large {
        "connector-icon connector-icon-large"
    } else {
        "connector-icon"
    };
    let html = move || {
        let svg = svg.get();
        if svg.is_empty() {
            format!(
                "<svg class=\"icon\" viewBox=\"0 0 16 16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\">{}</svg>",
                Glyph::Plug.paths()
            )
        } else {
            svg
        }
    };
    view! { <span class=class aria-hidden="true" inner_html=html></span> }
}

/// The logo: two sockets and a cable.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 26 26" aria-hidden="true">
            <rect x="1" y="1" width="24" height="24" rx="7" fill="var(--ink)"></rect>
            <circle cx="8" cy="8" r="2.4" fill="none" stroke="var(--surface)" stroke-width="1.6"></circle>
            <circle cx="18" cy="18" r="2.4" fill="none" stroke="var(--surface)" stroke-width="1.6"></circle>
            <path d="M8 10.400c0 7 10 -1 10 5.200" fill="none" stroke="var(--cable)" stroke-width="2" stroke-linecap="round"></path>
        </svg>
    }
    .into_any()
}
