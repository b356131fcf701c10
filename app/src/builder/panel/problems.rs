//! What is wrong with a field, under it.

use leptos::prelude::*;
use patchbay_model::problem::{Problem, Severity};

/// One line for each problem.
#[component]
pub fn Problems(#[prop(into)] of: Signal<Vec<Problem>>) -> impl IntoView {
    move || {
        of.get()
            .into_iter()
            .map(|problem| {
                let class = match problem.severity {
                    Severity::Error => "problem",
                    Severity::Warning => "problem warning",
                };
                // Many messages say it themselves.
                let hint = problem
                    .suggestion
                    .filter(|hint| !problem.message.contains(hint.as_str()));
                let hint = hint.map(|hint| format!(" Did you mean {hint}?"));
                view! { <p class=class role="status">{problem.message}{hint}</p> }
            })
            .collect_view()
    }
}
