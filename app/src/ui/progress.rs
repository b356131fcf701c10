//! Waiting: shown after 300 ms, and with how far when that is known.

use leptos::prelude::*;

/// Grey lines in place of what is on its way; they appear only when it takes longer than 300 ms.
#[component]
pub fn Skeleton(#[prop(default = 3)] rows: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            {(0..rows).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
    .into_any()
}

/// A bar: how many of how many.
#[component]
pub fn Progress(
    #[prop(into)] done: Signal<u64>,
    #[prop(into)] total: Signal<Option<u64>>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let percent = move || {
        total
            .get()
            .filter(|total| *total > 0)
            .map(|total| done.get().min(total) * 100 / total)
    };
    view! {
        <div
            class="progress"
            class:progress-unknown=move || total.get().is_none()
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=percent
        >
            <span style:width=move || format!("{}%", percent().unwrap_or(0))></span>
        </div>
    }
    .into_any()
}
