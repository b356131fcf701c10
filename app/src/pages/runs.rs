//! `/runs`: what ran and what runs, by workflow and by status.

use crate::{
    browser,
    job::Job,
    load::{load, resource},
    time,
    ui::{
        Button, ConfirmDialog, EmptyState, For, Glyph, PageHeader, RelativeTime, RunPill,
        SelectField, SelectOption, use_toasts,
    },
    use_client,
};
use leptos::{either::Either, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use patchbay_api::{
    Page,
    debug::{ReplayRevision, Retry},
    runs::{Run, RunQuery},
    workflows::WorkflowSummary,
};
use patchbay_model::{event::RunStatus, id::RunId};

const PAGE: u64 = 50;

const STATUSES: [(RunStatus, &str); 6] = [
    (RunStatus::Running, "Running"),
    (RunStatus::Queued, "Queued"),
    (RunStatus::Waiting, "Waiting"),
    (RunStatus::Succeeded, "Succeeded"),
    (RunStatus::Failed, "Failed"),
    (RunStatus::Cancelled, "Cancelled"),
];

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {
    let client = use_client();
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| RunQuery {
            workflow_id: query.get("workflow").filter(|id| !id.is_empty()),
            status: query.get("status").and_then(|word| status_of(&word)),
            limit: Some(PAGE),
            ..RunQuery::default()
        })
    });
    let workflows = resource(|| (), {
        let client = client.clone();
        move |()| {
            let client = client.clone();
            async move { client.workflows().await }
        }
    });
    let page = resource(
        move || filter.get(),
        move |filter| {
            let client = client.clone();
            async move { client.runs(&filter).await }
        },
    );
    view! {
        <div class="page">
            <PageHeader title="Runs" summary="Every execution of a workflow, newest first."/>
            <div class="toolbar">{load(workflows, move |workflows| view! { <Filters workflows filter/> })}</div>
            {load(page, move |page| view! { <RunList page filter/> })}
        </div>
    }
    .into_any()
}

fn status_of(word: &str) -> Option<RunStatus> {
    STATUSES
        .into_iter()
        .map(|(status, _)| status)
        .find(|status| status.as_str() == word)
}

#[component]
fn Filters(workflows: Vec<WorkflowSummary>, filter: Memo<RunQuery>) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let asked = move |filter: &RunQuery| {
        let status = filter
            .status
            .map(RunStatus::as_str)
            .unwrap_or_default()
            .to_owned();
        (filter.workflow_id.clone().unwrap_or_default(), status)
    };
    let (first_workflow, first_status) = filter.with_untracked(asked);
    let workflow = RwSignal::new(first_workflow);
    let status = RwSignal::new(first_status);
    // A link may ask for something else while the page is shown.
    Effect::new(move |_| {
        let (asked_workflow, asked_status) = filter.with(asked);
        workflow.set(asked_workflow);
        status.set(asked_status);
    });
    let apply = move |_: String| {
        let (workflow, status) = (workflow.get_untracked(), status.get_untracked());
        let parts: Vec<String> = [("workflow", workflow), ("status", status)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let path = if parts.is_empty() {
            "/runs".to_owned()
        } else {
            format!("/runs?{}", parts.join("&"))
        };
        let options = NavigateOptions {
            scroll: false,
            replace: true,
            ..NavigateOptions::default()
        };
        navigate.with_value(|navigate| navigate(&path, options));
    };
    let workflow_options: Vec<SelectOption> =
        std::iter::once(SelectOption::new("", "All workflows"))
            .chain(
                workflows
                    .into_iter()
                    .map(|one| SelectOption::new(one.id.as_str(), one.name)),
            )
            .collect();
    let status_options: Vec<SelectOption> = std::iter::once(SelectOption::new("", "Any status"))
        .chain(
            STATUSES
                .into_iter()
                .map(|(status, title)| SelectOption::new(status.as_str(), title)),
        )
        .collect();
    view! {
        <SelectField
                name="run-workflow"
                label="Workflow"
                value=workflow
                options=workflow_options
                bare=true
                on_change=apply
            />
            <SelectField name="run-status" label="Status" value=status options=status_options bare=true on_change=apply/>
    }
    .into_any()
}

#[component]
fn RunList(page: Page<Run>, filter: Memo<RunQuery>) -> impl IntoView {
    let client = StoredValue::new(use_client());
    let filtered =
        filter.with_untracked(|filter| filter.workflow_id.is_some() || filter.status.is_some());
    let cursor = RwSignal::new(page.next_cursor);
    let runs = RwSignal::new(page.items);
    let ticks = StoredValue::new(0_u32);
    let asking = StoredValue::new(false);
    // Often while something moves, seldom otherwise: new runs may begin by themselves.
    browser::every(2_000, move || {
        let moves = runs.with_untracked(|runs| runs.iter().any(|run| !run.status.is_final()));
        let tick = ticks.try_update_value(|ticks| {
            *ticks = ticks.wrapping_add(1);
            *ticks
        });
        if asking.get_value() || !(moves || tick.is_some_and(|tick| tick % 5 == 0)) {
            return;
        }
        asking.set_value(true);
        let (client, filter) = (client.get_value(), filter.get_untracked());
        spawn_local(async move {
            let fresh = client.runs(&filter).await;
            asking.try_update_value(|asking| *asking = false);
            // What cannot be asked now is asked again in two seconds.
            if let Ok(fresh) = fresh {
                runs.try_update(|runs| merge(runs, fresh.items));
            }
        });
    });
    let more = move |_| {
        let (client, filter) = (client.get_value(), filter.get_untracked());
        let filter = RunQuery {
            cursor: cursor.get_untracked(),
            ..filter
        };
        spawn_local(async move {
            if let Ok(next) = client.runs(&filter).await {
                cursor.try_set(next.next_cursor);
                runs.try_update(|runs| runs.extend(next.items));
            }
        });
    };
    let key = |run: &Run| {
        (
            run.id.clone(),
            run.status,
            run.steps_done,
            run.finished_at.is_some(),
        )
    };
    let nothing = Memo::new(move |_| runs.with(Vec::is_empty));
    let failed = Signal::derive(move || {
        runs.with(|runs| {
            let failed = runs.iter().filter(|run| run.status == RunStatus::Failed);
            failed.map(|run| run.id.clone()).collect::<Vec<_>>()
        })
    });
    let list = move || {
        view! {
            <RetryFailed failed filter/>
            <ul class="rows" aria-label="Runs">
                <For each=move || runs.get() key=key let:run>
                    <Row run/>
                </For>
            </ul>
            {move || {
                cursor
                    .get()
                    .map(|_| {
                        view! {
                            <p class="rows-more">
                                <Button on_click=more>"Show more"</Button>
                            </p>
                        }
                    })
            }}
        }
    };
    let empty = move || {
        let (title, text) = if filtered {
            ("No run fits", "Choose another workflow or another status.")
        } else {
            (
                "Nothing ran yet",
                "Open a workflow and press Run; it appears here with everything it did.",
            )
        };
        view! {
            <section class="section">
                <EmptyState title glyph=Glyph::Run>
                    <p>{text}</p>
                </EmptyState>
            </section>
        }
    };
    move || {
        if nothing.get() {
            Either::Left(empty())
        } else {
            Either::Right(list())
        }
    }
}

/// Does all failed runs again that are shown. Only where a person looks at failed runs alone.
#[component]
fn RetryFailed(failed: Signal<Vec<RunId>>, filter: Memo<RunQuery>) -> impl IntoView {
    let client = StoredValue::new(use_client());
    let toasts = use_toasts();
    let asking = RwSignal::new(false);
    let current = RwSignal::new(false);
    let job = Job::new();
    let shown = Memo::new(move |_| {
        filter.with(|filter| filter.status == Some(RunStatus::Failed))
            && failed.with(|failed| !failed.is_empty())
    });
    let count = move || failed.with(Vec::len);
    let retry = move |()| {
        let client = client.get_value();
        let retry = Retry {
            ids: failed.get_untracked().into_iter().take(500).collect(),
            revision: if current.get_untracked() {
                ReplayRevision::Current
            } else {
                ReplayRevision::Same
            },
            ..Retry::default()
        };
        job.run(
            async move { client.retry_runs(&retry).await },
            move |retried| {
                asking.set(false);
                let started = format!("{} started", retried.started.len());
                toasts.say(match retried.refused.first() {
                    Some(first) => format!(
                        "{started}, {} refused: {}",
                        retried.refused.len(),
                        first.title
                    ),
                    None => started,
                });
            },
        );
    };
    view! {
        <Show when=move || shown.get()>
            <p class="rows-more">
                <Button glyph=Glyph::Refresh on_click=move |_| asking.set(true)>
                    {move || format!("Retry these {}", count())}
                </Button>
            </p>
        </Show>
        <Show when=move || asking.get()>
            <ConfirmDialog
                title="Do the failed runs again?"
                confirm="Retry"
                busy=job.busy
                failure=job.failure
                on_confirm=retry
                on_close=move |()| asking.set(false)
            >
                <p>{move || format!("{} runs begin anew, each with its own data. Steps that succeeded are executed again.", count())}</p>
                <label class="check-line">
                    <input
                        type="checkbox"
                        prop:checked=move || current.get()
                        on:change=move |event| current.set(event_target_checked(&event))
                    />
                    " Use the workflow as it is now, not as it was then"
                </label>
            </ConfirmDialog>
        </Show>
    }
    .into_any()
}

/// The newest page on top of what was shown before.
fn merge(shown: &mut Vec<Run>, fresh: Vec<Run>) {
    let older: Vec<Run> = shown
        .drain(..)
        .filter(|old| !fresh.iter().any(|new| new.id == old.id))
        .collect();
    let oldest = fresh.last().map(|run| run.id.clone());
    shown.extend(fresh);
    // What left the first page stays below it; what left the list altogether (by the filter) goes.
    shown.extend(
        older
            .into_iter()
            .filter(|run| oldest.as_ref().is_some_and(|oldest| run.id < *oldest)),
    );
}

#[component]
fn Row(run: Run) -> impl IntoView {
    let took =
        time::between(run.started_at.as_deref(), run.finished_at.as_deref()).map(time::duration);
    let name = if run.workflow_name.is_empty() {
        run.workflow_id.to_string()
    } else {
        run.workflow_name
    };
    let failed = run.error.is_some();
    let said = run.error.map_or_else(
        || cause_title(&run.cause).to_owned(),
        |error| error.error.message,
    );
    let steps = if run.steps_done == 1 {
        "1 step".to_owned()
    } else {
        format!("{} steps", run.steps_done)
    };
    view! {
        <li class="row">
            <a class="row-main" href=format!("/runs/{}", run.id)>
                <b class="row-title">{name}</b>
                <small class="row-sub" class:row-bad=failed>
                    {said}
                </small>
            </a>
            <span class="row-number number muted">{steps}</span>
            <span class="row-number number muted">{took}</span>
            <span class="row-last">
                <RunPill status=run.status/>
                <RelativeTime at=run.accepted_at/>
            </span>
        </li>
    }
    .into_any()
}

/// What started a run, for people.
pub(crate) fn cause_title(cause: &str) -> &str {
    match cause {
        "manual" => "Started by hand",
        "test" => "Test with pinned samples",
        "part" => "Part of the workflow, tried by hand",
        "dry_run" => "Dry run: nothing was changed",
        "replay" => "Replay of an earlier run",
        "retry" => "Retry of a failed run",
        "call" => "Called by another workflow",
        "command_line" => "Started from the command line",
        "api" => "Started by a program",
        "schedule" => "Started by its schedule",
        "webhook" => "Started by a webhook",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(id: &str, steps_done: u64) -> Run {
        Run {
            id: id.into(),
            workflow_id: "wf_1".into(),
            workflow_name: String::new(),
            revision: 1,
            cause: String::new(),
            status: RunStatus::Running,
            accepted_at: String::new(),
            started_at: None,
            finished_at: None,
            steps_done,
            error: None,
        }
    }

    #[test]
    fn a_fresh_page_goes_on_top_and_older_runs_stay() {
        let mut shown = vec![
            run("run_4", 0),
            run("run_3", 1),
            run("run_2", 1),
            run("run_1", 1),
        ];
        merge(&mut shown, vec![run("run_5", 0), run("run_3", 9)]);
        let ids: Vec<_> = shown
            .iter()
            .map(|run| (run.id.as_str(), run.steps_done))
            .collect();
        assert_eq!(
            ids,
            [("run_5", 0), ("run_3", 9), ("run_2", 1), ("run_1", 1)]
        );
    }
}
