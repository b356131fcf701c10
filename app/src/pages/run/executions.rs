//! The executions of one step, iteration by iteration, with input, output and error.

use super::Live;
use crate::{
    failure::Failure,
    time,
    ui::{
        Button, ButtonKind, Checkbox, EmptyState, FailureNote, Glyph, Icon, JsonView, Note,
        NoteKind, RelativeTime, Skeleton, StepPill,
    },
    use_client,
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::{
    Page,
    runs::{StepQuery, StepRun},
};
use patchbay_model::{
    document::TRIGGER,
    event::{StepError, StepStatus},
};

const PAGE: u64 = 25;

type Answer = Option<Result<Page<StepRun>, Failure>>;

/// The panel beside the steps.
#[component]
pub(super) fn Executions(live: Live) -> impl IntoView {
    let client = StoredValue::new(use_client());
    let only_failed = RwSignal::new(false);
    let offset = RwSignal::new(0_u64);
    let answer = RwSignal::new(None::<Result<Page<StepRun>, Failure>>);
    let title = Memo::new(move |_| {
        let name = live.selected.get()?;
        live.outline.with_value(|entries| {
            entries
                .iter()
                .find(|entry| entry.name == name)
                .map(|entry| entry.title.clone())
        })
    });
    // How often the step ended: when that changes while the run moves, there is something new to show.
    let ended = Memo::new(move |_| {
        let name = live.selected.get()?;
        live.progress.with(|progress| {
            progress
                .steps
                .get(&name)
                .map(|step| (step.succeeded, step.failed, step.status, step.items_done))
        })
    });
    Effect::new(move |_| {
        live.selected.track();
        offset.set(0);
        only_failed.set(false);
        answer.set(None);
    });
    Effect::new(move |_| {
        let Some(step) = live.selected.get() else {
            return;
        };
        ended.track();
        let query = StepQuery {
            step: Some(step.clone()),
            status: only_failed.get().then_some(StepStatus::Failed),
            offset: Some(offset.get()),
            limit: Some(PAGE),
            ..StepQuery::default()
        };
        let client = client.get_value();
        let id = live.run.with_untracked(|run| run.id.clone());
        spawn_local(async move {
            let found = client
                .run_steps(id.as_str(), &query)
                .await
                .map_err(Failure::from);
            if live.selected.try_get_untracked().flatten().as_ref() == Some(&step) {
                answer.try_set(Some(found));
            }
        });
    });
    view! {
        <section class="run-executions" aria-label="Executions of the chosen step">
            <header class="run-executions-head">
                <h2>{move || title.get()}</h2>
                <Checkbox
                    checked=only_failed
                    on_change=move |on| {
                        offset.set(0);
                        only_failed.set(on);
                    }
                >
                    "Failed only"
                </Checkbox>
            </header>
            {move || {
                let is_trigger = live.selected.with(|step| step.as_deref() == Some(TRIGGER));
                shown(answer.get(), only_failed, offset, is_trigger)
            }}
        </section>
    }
    .into_any()
}

fn shown(
    answer: Answer,
    only_failed: RwSignal<bool>,
    offset: RwSignal<u64>,
    is_trigger: bool,
) -> AnyView {
    match answer {
        None => view! { <Skeleton rows=4/> }.into_any(),
        Some(Err(failure)) => view! { <FailureNote failure/> }.into_any(),
        Some(Ok(page)) if page.items.is_empty() => {
            let text = if is_trigger {
                "The trigger only starts the run. What it gave stands in the inputs of the steps that use it."
            } else if only_failed.get_untracked() {
                "No execution of this step failed."
            } else {
                "This step has not been executed in this run."
            };
            view! {
                <EmptyState title="Nothing here" glyph=Glyph::List>
                    <p>{text}</p>
                </EmptyState>
            }
            .into_any()
        }
        Some(Ok(page)) => {
            let alone = page.items.len() == 1 && offset.get_untracked() == 0;
            let total = page.total;
            let has_next = page.next_cursor.is_some()
                || total.is_some_and(|total| offset.get_untracked() + PAGE < total);
            let rows = page
                .items
                .into_iter()
                .map(|execution| view! { <Execution execution open=alone/> })
                .collect_view();
            view! {
                <ol class="executions">{rows}</ol>
                <Pager offset total has_next/>
            }
            .into_any()
        }
    }
}

#[component]
fn Pager(offset: RwSignal<u64>, total: Option<u64>, has_next: bool) -> impl IntoView {
    let at = offset.get_untracked();
    (at > 0 || has_next).then(|| {
        let last = total.map_or(at + PAGE, |total| total.min(at + PAGE));
        let of = total
            .map(|total| format!(" of {total}"))
            .unwrap_or_default();
        view! {
            <nav class="pager" aria-label="Pages">
                <Button
                    kind=ButtonKind::Ghost
                    small=true
                    disabled=at == 0
                    on_click=move |_| offset.update(|offset| *offset = offset.saturating_sub(PAGE))
                >
                    "Earlier"
                </Button>
                <span class="number muted">{format!("{} – {last}{of}", at + 1)}</span>
                <Button
                    kind=ButtonKind::Ghost
                    small=true
                    disabled=!has_next
                    on_click=move |_| offset.update(|offset| *offset += PAGE)
                >
                    "Later"
                </Button>
            </nav>
        }
    })
}

#[component]
fn Execution(execution: StepRun, open: bool) -> impl IntoView {
    let is_open = RwSignal::new(open);
    let place = place(&execution.iteration);
    let took = execution.duration_ms.map(time::duration);
    let attempts = (execution.attempt > 1).then(|| format!("attempt {}", execution.attempt));
    let status = execution.status;
    let began = execution.started_at.clone();
    let inside = StoredValue::new(execution);
    view! {
        <li class="execution">
            <button
                class="execution-head"
                r#type="button"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                <span class="json-arrow" class:json-arrow-open=is_open>
                    <Icon glyph=Glyph::ChevronRight/>
                </span>
                <b>{place}</b>
                <span class="muted grow cut">{attempts}</span>
                <span class="muted">{began.map(|at| view! { <RelativeTime at/> })}</span>
                <span class="number muted">{took}</span>
                <StepPill status/>
            </button>
            <Show when=move || is_open.get()>{inside.with_value(details)}</Show>
        </li>
    }
    .into_any()
}

/// `Item 4`, `Item 4 › 2`; outside loops `Once`.
fn place(iteration: &[u64]) -> String {
    if iteration.is_empty() {
        return "Once".to_owned();
    }
    let numbers: Vec<String> = iteration
        .iter()
        .map(|index| (index + 1).to_string())
        .collect();
    format!("Item {}", numbers.join(" › "))
}

fn details(execution: &StepRun) -> AnyView {
    let error = execution.error.as_ref().map(error_view);
    let input = execution.input.clone().map(|value| part("Input", value));
    let output = execution.output.clone().map(|value| part("Output", value));
    view! { <div class="execution-body">{error} {output} {input}</div> }.into_any()
}

fn part(title: &'static str, value: patchbay_model::Json) -> AnyView {
    view! {
        <div>
            <h3>{title}</h3>
            <JsonView value open=1/>
        </div>
    }
    .into_any()
}

fn error_view(error: &StepError) -> AnyView {
    let place = [
        error.field.as_ref().map(|field| format!("Field {field}")),
        error.path.as_ref().map(|path| format!("Path {path}")),
        error.status.map(|status| format!("HTTP {status}")),
        Some(error.code.clone()).filter(|code| !code.is_empty()),
    ];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let detail = error
        .detail
        .clone()
        .map(|detail| part("What the service said", detail));
    let unknown = error.outcome_unknown;
    let message = error.message.clone();
    view! {
        <Note kind=NoteKind::Bad>
            <p>{message}</p>
            <p class="mono muted">{place}</p>
            {unknown
                .then(|| view! { <p>"It may have taken effect all the same: look at the service before running again."</p> })}
        </Note>
        {detail}
    }
    .into_any()
}
