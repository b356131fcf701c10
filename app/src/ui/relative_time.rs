//! An instant: in UTC as rendered, then as a distance from now.

use crate::{browser, time};
use leptos::prelude::*;

/// `5 minutes ago`; the exact instant is its tooltip.
#[component]
pub fn RelativeTime(
    /// RFC 3339.
    #[prop(into)]
    at: Signal<String>,
) -> impl IntoView {
    let now = RwSignal::new(None::<i64>);
    Effect::new(move |_| now.set(Some(browser::now())));
    browser::every(30_000, move || now.set(Some(browser::now())));
    let text = move || match now.get() {
        Some(now) => time::relative(&at.get(), now),
        None => time::plain(&at.get()),
    };
    view! {
        <time class="time" datetime=at title=move || time::plain(&at.get())>
            {text}
        </time>
    }
    .into_any()
}
