//! Guide: taking only what is new since the last run.

use super::picture::figure;
use leptos::prelude::*;

const PICTURE: &str = r##"
<path d="M20 70H630" stroke="var(--line-strong)" stroke-width="2"/>
<g stroke="var(--ink)" stroke-width="2"><path d="M80 58V82"/><path d="M240 58V82"/><path d="M400 58V82"/><path d="M560 58V82"/></g>
<g fill="var(--muted)" font-size="11" text-anchor="middle"><text x="80" y="100">09:00</text><text x="240" y="100">10:00</text><text x="400" y="100">11:00</text><text x="560" y="100">12:00</text></g>
<g stroke-width="10" stroke-linecap="butt"><path d="M82 40H238" stroke="var(--run-soft)"/><path d="M242 40H398" stroke="var(--run-soft)"/><path d="M402 40H558" stroke="var(--cable-soft)"/></g>
<g font-size="11" text-anchor="middle"><text x="160" y="26" fill="var(--run)">run at 10:00</text><text x="320" y="26" fill="var(--run)">run at 11:00</text><text x="480" y="26" fill="var(--cable-text)">run at 12:00</text></g>
<g fill="var(--ink)"><circle cx="118" cy="70" r="4"/><circle cx="190" cy="70" r="4"/><circle cx="262" cy="70" r="4"/><circle cx="430" cy="70" r="4"/><circle cx="468" cy="70" r="4"/><circle cx="530" cy="70" r="4"/></g>
"##;

pub(super) fn text() -> AnyView {
    view! {
        <p>
            "A workflow that runs every hour should not store the same call twice, and should not leave one out. A scheduled \
             trigger gives each run its own stretch of time: from " <code>"since"</code> " up to " <code>"until"</code> "."
        </p>
        {figure(650, 108, PICTURE, "Each call falls into exactly one stretch, so exactly one run takes it.")}
        <h2>"How to use it"</h2>
        <ol>
            <li>"Choose Schedule as the trigger, and how often."</li>
            <li>
                "In the step that lists things, draw cables: Date from takes " <code>"$.steps.trigger.since"</code>
                ", Date to takes " <code>"$.steps.trigger.until"</code> "."
            </li>
            <li>"Enable the workflow."</li>
        </ol>
        <h2>"What you can rely on"</h2>
        <ul>
            <li>"A stretch begins exactly where the last successful one ended; the end itself belongs to the next."</li>
            <li>"When a run fails, the next one begins at the same " <code>"since"</code> ": nothing is left out."</li>
            <li>"Running by hand to try something never moves the stretch."</li>
            <li>"The very first run looks back as far as you say in the trigger."</li>
        </ul>
        <p>
            "Only want to know when the workflow last ran well? That is " <code>"$.env.last_run_at"</code>
            ", in every workflow."
        </p>
    }
    .into_any()
}
