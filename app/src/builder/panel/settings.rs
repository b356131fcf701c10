//! The Settings tab: what happens on an error, how often to try, how long to wait, notes.

use crate::builder::state::BuilderState;
use leptos::prelude::*;
use patchbay_model::{
    document::{Backoff, OnError, OnInterrupt, Retry, TRIGGER},
    edit::{Edit, Settings},
};

/// What people read for each way to handle an error, with what it means.
const ON_ERROR: &[(OnError, &str, &str)] = &[
    (
        OnError::Stop,
        "Stop the run",
        "The run fails and nothing after this step happens.",
    ),
    (
        OnError::Continue,
        "Continue with the next step",
        "This step then has no output.",
    ),
    (
        OnError::NextItem,
        "Go on with the next item of the loop",
        "The item counts as failed.",
    ),
    (
        OnError::BreakLoop,
        "End the loop",
        "The flow goes on below the loop.",
    ),
    (
        OnError::Branch,
        "Run an error branch",
        "A second way beside the step; the error is there as a value.",
    ),
];

/// Form of the settings of one step.
#[component]
pub fn SettingsTab(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    if step == TRIGGER {
        return view! { <p class="panel-note">"A trigger has no settings of its own."</p> }
            .into_any();
    }
    let name = StoredValue::new(step);
    let settings = Memo::new(move |_| state.settings_of(&name.get_value()).unwrap_or_default());
    let change = move |with: Box<dyn FnOnce(&mut Settings)>| {
        let mut settings = settings.get_untracked();
        with(&mut settings);
        state.edit(Edit::SetSettings {
            step: name.get_value(),
            settings,
        });
    };
    let in_loop = Memo::new(move |_| {
        state
            .workflow
            .with(|workflow| is_in_loop(&workflow.steps, &name.get_value(), false))
    });
    let irreversible = Memo::new(move |_| {
        state
            .spec_of(&name.get_value())
            .is_some_and(|spec| spec.irreversible)
    });
    let repeatable = Memo::new(move |_| {
        state
            .spec_of(&name.get_value())
            .is_some_and(|spec| spec.repeatable)
    });

    let on_error = move || {
        let current = settings.get().on_error;
        ON_ERROR
            .iter()
            .filter(|(kind, ..)| in_loop.get() || !matches!(kind, OnError::NextItem | OnError::BreakLoop) || *kind == current)
            .map(|(kind, title, help)| {
                let kind = *kind;
                view! {
                    <label class="option-row">
                        <input type="radio" name="on-error" prop:checked=move || settings.get().on_error == kind
                            on:change=move |_| change(Box::new(move |settings| {
                                settings.on_error = kind;
                                if kind == OnError::Branch {
                                    settings.on_error_steps.get_or_insert_default();
                                }
                            })) />
                        <span><b>{*title}</b><small>{*help}</small></span>
                    </label>
                }
            })
            .collect_view()
    };

    view! {
        <section class="panel-section">
            <h3>"When this step fails"</h3>
            <div role="radiogroup" aria-label="When this step fails">{on_error}</div>
        </section>
        <section class="panel-section">
            <h3>"Try again"</h3>
            <p class="help">{move || if repeatable.get() {
                "Without a rule of your own, an error that may pass is tried 3 times."
            } else {
                "Without a rule of your own it is not tried again, because doing it twice may not be the same as once."
            }}</p>
            <div class="field-row">
                <NumberSetting label="Attempts" placeholder="default" min=1.0
                    value=Signal::derive(move || settings.get().retry.map(|retry| f64::from(retry.attempts)))
                    on_change=Callback::new(move |attempts: Option<f64>| change(Box::new(move |settings| {
                        settings.retry = attempts.map(|attempts| with_attempts(settings.retry.clone(), attempts));
                    }))) />
                <NumberSetting label="First pause (s)" placeholder="2" min=0.0
                    value=Signal::derive(move || settings.get().retry.map(|retry| retry.first_delay))
                    on_change=Callback::new(move |pause: Option<f64>| change(Box::new(move |settings| {
                        let mut retry = settings.retry.clone().unwrap_or_else(|| with_attempts(None, 3.0));
                        retry.first_delay = pause.unwrap_or(2.0);
                        settings.retry = Some(retry);
                    }))) />
                <label class="small-field">
                    <span>"Pauses"</span>
                    <span class="pick"><select class="in" on:change=move |event| {
                        let fixed = event_target_value(&event) == "fixed";
                        change(Box::new(move |settings| {
                            let mut retry = settings.retry.clone().unwrap_or_else(|| with_attempts(None, 3.0));
                            retry.backoff = if fixed { Backoff::Fixed } else { Backoff::Exponential };
                            settings.retry = Some(retry);
                        }));
                    }>
                        <option value="exponential" prop:selected=move || !is_fixed(&settings.get())>"grow"</option>
                        <option value="fixed" prop:selected=move || is_fixed(&settings.get())>"stay the same"</option>
                    </select></span>
                </label>
            </div>
        </section>
        <section class="panel-section">
            <h3>"Time limit"</h3>
            <NumberSetting label="Seconds per attempt" placeholder="default" min=0.1
                value=Signal::derive(move || settings.get().timeout)
                on_change=Callback::new(move |timeout: Option<f64>| change(Box::new(move |settings| {
                    settings.timeout = timeout;
                }))) />
        </section>
        <section class="panel-section">
            <h3>"If the server stops while this step is at work"</h3>
            <label class="small-field">
                <span class="pick"><select class="in" aria-label="If the server stops while this step is at work" on:change=move |event| {
                    let rule = match event_target_value(&event).as_str() {
                        "retry" => Some(OnInterrupt::Retry),
                        "fail" => Some(OnInterrupt::Fail),
                        _ => None,
                    };
                    change(Box::new(move |settings| settings.on_interrupt = rule));
                }>
                    <option value="" prop:selected=move || settings.get().on_interrupt.is_none()>
                        {move || if irreversible.get() { "Default: do not repeat, show “outcome unknown”" } else { "Default: do it again" }}
                    </option>
                    <option value="retry" prop:selected=move || settings.get().on_interrupt == Some(OnInterrupt::Retry)>
                        "Do it again (at least once)"
                    </option>
                    <option value="fail" prop:selected=move || settings.get().on_interrupt == Some(OnInterrupt::Fail)>
                        "Do not repeat (at most once)"
                    </option>
                </select></span>
            </label>
        </section>
        <section class="panel-section">
            <h3 id="notes-label">"Notes"</h3>
            <textarea class="in" rows="4" aria-labelledby="notes-label" placeholder="For whoever reads this next"
                prop:value=move || settings.get().notes
                on:change=move |event| {
                    let notes = event_target_value(&event);
                    change(Box::new(move |settings| settings.notes = notes));
                }></textarea>
        </section>
    }
    .into_any()
}

/// A number that may be left out.
#[component]
fn NumberSetting(
    label: &'static str,
    placeholder: &'static str,
    min: f64,
    value: Signal<Option<f64>>,
    on_change: Callback<Option<f64>>,
) -> impl IntoView {
    view! {
        <label class="small-field">
            <span>{label}</span>
            <input type="number" class="in" min=min step="any" placeholder=placeholder
                prop:value=move || value.get().map(|number| number.to_string()).unwrap_or_default()
                on:change=move |event| {
                    let number = event_target_value(&event).trim().parse::<f64>().ok().filter(|number| *number >= min);
                    on_change.run(number);
                } />
        </label>
    }
}

fn with_attempts(retry: Option<Retry>, attempts: f64) -> Retry {
    // The field gives whole numbers from 1; anything beyond this is nobody's wish.
    let attempts = format!("{:.0}", attempts.clamp(1.0, 100.0))
        .parse()
        .unwrap_or(1);
    match retry {
        Some(retry) => Retry { attempts, ..retry },
        None => Retry {
            attempts,
            backoff: Backoff::Exponential,
            first_delay: 2.0,
            max_delay: 60.0,
        },
    }
}

fn is_fixed(settings: &Settings) -> bool {
    settings
        .retry
        .as_ref()
        .is_some_and(|retry| retry.backoff == Backoff::Fixed)
}

fn is_in_loop(steps: &[patchbay_model::document::Step], name: &str, inside: bool) -> bool {
    steps.iter().any(|step| {
        (step.name == name && inside)
            || is_in_loop(step.body.as_deref().unwrap_or_default(), name, true)
            || step
                .branches
                .iter()
                .flatten()
                .any(|(_, lane)| is_in_loop(lane, name, inside))
            || is_in_loop(
                step.on_error_steps.as_deref().unwrap_or_default(),
                name,
                inside,
            )
    })
}
