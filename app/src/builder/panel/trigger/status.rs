//! How the trigger is: at work or not, when it fired last, what went wrong.

use super::refresh;
use crate::{
    browser,
    builder::state::BuilderState,
    time,
    ui::{Pill, PillKind},
};
use leptos::prelude::*;

/// How often is looked, in milliseconds.
const LOOK: u64 = 10_000;

/// State, last firing, trouble.
#[component]
pub fn Status() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    Effect::new(move |_| {
        // Enabling and disabling change it.
        state.publication.with(|known| known.enabled);
        refresh(state);
    });
    browser::every(LOOK, move || refresh(state));
    let known = Memo::new(move |_| {
        let trigger = state.publication.with(|known| known.trigger.clone());
        trigger.filter(|trigger| !trigger.kind.is_empty())
    });
    move || {
        known.get().map(|trigger| {
            let (kind, text) = match trigger.state.as_str() {
                "active" => (PillKind::Ok, "At work"),
                "registering" => (PillKind::Running, "Being registered"),
                "failing" => (PillKind::Bad, "Not working"),
                _ => (PillKind::Neutral, "Off"),
            };
            let line = |label: &'static str, at: Option<String>| {
                at.map(|at| view! { <div><dt>{label}</dt><dd title=at.clone()>{time::plain(&at)}</dd></div> })
            };
            view! {
                <h3 class="trigger-heading">"Trigger"</h3>
                <div class="trigger-row"><Pill kind>{text}</Pill></div>
                {trigger.error.map(|error| view! { <p class="trigger-error" role="alert">{error}</p> })}
                <dl class="trigger-facts">
                    {line("Fired last", trigger.last_fired_at)}
                    {line("Next", trigger.next_at)}
                    {line("Next window begins", trigger.since)}
                </dl>
                {(!trigger.recent.is_empty()).then(|| view! {
                    <h4 class="trigger-heading">"Started last"</h4>
                    <ul class="trigger-recent">
                        {trigger.recent.into_iter().map(|one| view! {
                            <li><a href=format!("/runs/{}", one.run_id) title=one.at.clone()>{time::plain(&one.at)}</a></li>
                        }).collect_view()}
                    </ul>
                })}
            }
        })
    }
}
