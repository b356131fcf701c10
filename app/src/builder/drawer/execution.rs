//! What one step got and gave, one execution at a time.

use super::bar::short;
use crate::{
    builder::{
        canvas::card::status_word, drawer::pin::PinButtons, state::BuilderState, values::ValueTree,
    },
    time,
    ui::{Glyph, IconButton, StepPill, Tab, Tabs},
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::runs::{StepQuery, StepRun};
use patchbay_model::{
    Json,
    document::TRIGGER,
    event::{StepError, StepStatus},
};
use std::sync::Arc;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    run: String,
    step: String,
    failed: bool,
    index: u64,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Default)]
struct Found {
    execution: Option<StepRun>,
    total: u64,
}

/// The right part of the drawer.
#[component]
pub fn Execution() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let run = Memo::new(move |_| {
        state
            .run
            .with(|live| live.as_ref().map(|live| live.run.id.to_string()))
    });
    let step = Memo::new(move |_| state.selected.get());
    let index = RwSignal::new(0_u64);
    let failed = RwSignal::new(false);
    let found = RwSignal::new(Found::default());
    let failure = RwSignal::new(None::<String>);
    // Another step or another run begins with its first execution.
    Effect::new(move |_| {
        run.track();
        step.track();
        index.set(0);
        failed.set(false);
    });
    let question = Memo::new(move |_| {
        Some(Question {
            run: run.get()?,
            step: step.get()?,
            failed: failed.get(),
            index: index.get(),
        })
    });
    // How often the step has ended so far: while it runs there is more to see.
    let ends = Memo::new(move |_| {
        step.with(|step| {
            let step = step.as_ref()?;
            state.run.with(|live| {
                let progress = live.as_ref()?.progress.steps.get(step)?;
                Some((progress.succeeded + progress.failed, progress.status))
            })
        })
    });
    let asking = StoredValue::new(false);
    let again = StoredValue::new(false);
    Effect::new(move |_| {
        question.track();
        ends.track();
        if asking.get_value() {
            again.set_value(true);
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            loop {
                again.try_update_value(|again| *again = false);
                let Some(Some(wanted)) = question.try_get_untracked() else {
                    found.try_set(Found::default());
                    break;
                };
                let answer = ask(state, &wanted).await;
                match (question.try_get_untracked(), answer) {
                    (None, _) => return,
                    (Some(now), Ok(answer)) if now.as_ref() == Some(&wanted) => {
                        failure.set(None);
                        if found.with_untracked(|known| *known != answer) {
                            found.set(answer);
                        }
                    }
                    (Some(_), Ok(_)) => {
                        continue;
                    }
                    (Some(_), Err(error)) => failure.set(Some(error)),
                }
                if again.try_get_value() != Some(true) {
                    break;
                }
            }
            asking.try_update_value(|asking| *asking = false);
        });
    });
    let tab = RwSignal::new("output".to_owned());
    let execution = Memo::new(move |_| found.with(|found| found.execution.clone()));
    let has_error = Memo::new(move |_| {
        execution.with(|execution| execution.as_ref().is_some_and(|it| it.error.is_some()))
    });
    Effect::new(move |_| {
        if has_error.get() {
            tab.set("error".to_owned());
        } else if tab.with_untracked(|tab| tab == "error") {
            tab.set("output".to_owned());
        }
    });
    let tabs = Signal::derive(move || {
        let mut tabs = vec![Tab::new("input", "Input"), Tab::new("output", "Output")];
        if has_error.get() {
            tabs.push(Tab {
                mark: Some("bad"),
                ..Tab::new("error", "Error")
            });
        }
        tabs
    });
    let path = Memo::new(move |_| {
        step.get()
            .map(|step| format!("$.steps.{step}"))
            .unwrap_or_default()
    });
    view! {
        <div class="drawer-execution">
            <div class="drawer-head">
                <Pager index total=Signal::derive(move || found.with(|found| found.total)) failed/>
                <Facts execution/>
                <span class="topbar-gap"></span>
                <PinButtons step output=Signal::derive(move || execution.with(|execution| execution.as_ref().and_then(|it| it.output.clone())))/>
                {move || run.get().map(|run| view! {
                    <a class="execution-link" href=format!("/runs/{run}")>{format!("Run {}", short(&run))}</a>
                })}
            </div>
            <Tabs label="What the step got and gave" tabs selected=tab/>
            <div class="drawer-body">
                {move || failure.get().map(|failure| view! { <p class="drawer-none">{failure}</p> })}
                {move || execution.get().map_or_else(
                    || view! { <p class="drawer-none">{nothing(run.get().is_some(), failed.get())}</p> }.into_any(),
                    |execution| match tab.get().as_str() {
                        "input" => value(execution.input, None),
                        "error" => execution.error.map(error_view).into_any(),
                        _ => value(execution.output, Some(path.get())),
                    },
                )}
            </div>
        </div>
    }
}

/// From one execution to the next.
#[component]
fn Pager(index: RwSignal<u64>, total: Signal<u64>, failed: RwSignal<bool>) -> impl IntoView {
    view! {
        <span class="drawer-pager" role="group" aria-label="Executions">
            <IconButton
                glyph=Glyph::ChevronLeft
                label="Previous execution"
                small=true
                disabled=Signal::derive(move || index.get() == 0)
                on_click=move |_| index.update(|index| *index = index.saturating_sub(1))
            />
            <label>
                <input
                    type="text"
                    inputmode="numeric"
                    aria-label="Number of the execution"
                    prop:value=move || if total.get() == 0 { "0".to_owned() } else { (index.get() + 1).to_string() }
                    on:change=move |event| {
                        let wanted = event_target_value(&event).trim().parse::<u64>().unwrap_or(1);
                        index.set(wanted.clamp(1, total.get_untracked().max(1)) - 1);
                    }
                />
                {move || format!("of {}", total.get())}
            </label>
            <IconButton
                glyph=Glyph::ChevronRight
                label="Next execution"
                small=true
                disabled=Signal::derive(move || index.get() + 1 >= total.get())
                on_click=move |_| index.update(|index| *index += 1)
            />
            <button
                type="button"
                class="chip-toggle"
                aria-pressed=move || failed.get().to_string()
                on:click=move |_| {
                    index.set(0);
                    failed.update(|failed| *failed = !*failed);
                }
            >
                "Failed only"
            </button>
        </span>
    }
}

/// How it ended, how long it took, which attempt it was.
#[component]
fn Facts(execution: Memo<Option<StepRun>>) -> impl IntoView {
    move || {
        execution.get().map(|execution| {
            let status = execution.status;
            let took = execution.duration_ms.map(time::duration);
            let attempt = (execution.attempt > 1).then(|| format!("attempt {}", execution.attempt));
            let iteration = (!execution.iteration.is_empty()).then(|| {
                let indices: Vec<String> = execution.iteration.iter().map(|index| (index + 1).to_string()).collect();
                format!("item {}", indices.join(" › "))
            });
            view! {
                <span class="drawer-facts" data-execution-status=status_word(status)>
                    <StepPill status/>
                    <small>{[iteration, took, attempt].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</small>
                </span>
            }
        })
    }
}

async fn ask(state: BuilderState, question: &Question) -> Result<Found, String> {
    let query = StepQuery {
        step: Some(question.step.clone()),
        status: question.failed.then_some(StepStatus::Failed),
        offset: Some(question.index),
        limit: Some(1),
        ..StepQuery::default()
    };
    let page = state
        .client()
        .run_steps(&question.run, &query)
        .await
        .map_err(|error| error.to_string())?;
    let execution = page.items.into_iter().next();
    if execution.is_none() && question.step == TRIGGER && !question.failed {
        return Ok(trigger(state, &question.run));
    }
    let total = page
        .total
        .unwrap_or_else(|| question.index + u64::from(execution.is_some()));
    Ok(Found { execution, total })
}

/// The trigger is not executed; what it gave is among the samples of its run.
fn trigger(state: BuilderState, run: &str) -> Found {
    let output = state.samples.try_with_untracked(|samples| {
        (samples.run_id.as_deref() == Some(run))
            .then(|| samples.steps.get(TRIGGER).cloned())
            .flatten()
    });
    let execution = output.flatten().map(|output| StepRun {
        step: TRIGGER.to_owned(),
        iteration: Vec::new(),
        status: StepStatus::Succeeded,
        attempt: 1,
        started_at: None,
        finished_at: None,
        duration_ms: None,
        input: None,
        output: Some(output),
        error: None,
    });
    Found {
        total: u64::from(execution.is_some()),
        execution,
    }
}

fn value(value: Option<Json>, path: Option<String>) -> AnyView {
    match value {
        Some(value) => view! { <ValueTree value=Arc::new(value) path/> }.into_any(),
        None => view! { <p class="drawer-none">"Nothing yet."</p> }.into_any(),
    }
}

fn error_view(error: StepError) -> impl IntoView {
    let status = error.status.map(|status| format!("HTTP {status}"));
    let place = error.field.map(|field| format!("field {field}"));
    let path = error.path.map(|path| format!("path {path}"));
    let unknown = error
        .outcome_unknown
        .then(|| "It may have taken effect all the same.".to_owned());
    let facts: Vec<String> = [Some(error.code), status, place, path]
        .into_iter()
        .flatten()
        .collect();
    view! {
        <div class="execution-error" role="alert">
            <p><b>{error.message}</b></p>
            <p class="mono">{facts.join(" · ")}</p>
            {unknown.map(|unknown| view! { <p>{unknown}</p> })}
            {error.detail.map(|detail| view! { <ValueTree value=Arc::new(detail) path=None/> })}
        </div>
    }
}

fn nothing(has_run: bool, failed: bool) -> &'static str {
    match (has_run, failed) {
        (false, _) => "Press Run to see what each step gets and gives.",
        (true, true) => "No execution of this step failed.",
        (true, false) => "This step was not executed in this run.",
    }
}
