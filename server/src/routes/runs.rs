//! `/api/v1/runs` and starting one.

use axum::{
    Json as Answer,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event as SseEvent, KeepAlive},
    },
};
use http::StatusCode;
use patchbay_api::{
    Page, ProblemDetails,
    runs::{Run, RunQuery, StartRun, StepQuery, StepRun},
};
use patchbay_model::{
    id::{RunId, WorkflowId},
    progress::Progress,
};
use patchbay_store::{Scope, runs, workflows};
use serde::Deserialize;
use std::{collections::HashMap, convert::Infallible, time::Duration};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    debugging,
    error::{Problem, Result},
    extract::{Builder, Json, Member},
    live,
    state::App,
    time::{rfc3339, rfc3339_option},
};

/// The longest that a caller may wait for the end of a run, in seconds.
const LONGEST_WAIT: u64 = 300;
/// Entries of a page when nothing else is asked for, and at most.
const PAGE: u64 = 50;
const LARGEST_PAGE: u64 = 500;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(start))
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(steps))
        .routes(routes!(progress))
        .routes(routes!(events))
        .routes(routes!(cancel))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Wait {
    /// Seconds to wait for the end of the run.
    wait: Option<u64>,
}

/// Starts a run of the latest saved revision, or of part of it.
#[utoipa::path(post, path = "/workflows/{id}/runs", tag = "runs", params(("id" = String, Path), Wait),
    request_body = StartRun,
    responses((status = 202, body = Run), (status = 200, body = Run, description = "it ended while waiting"),
        (status = "4XX", body = ProblemDetails)))]
async fn start(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
    Query(query): Query<Wait>,
    Json(request): Json<StartRun>,
) -> Result<Response> {
    let scope = &builder.scope;
    let launch = debugging::prepare(&app, scope, WorkflowId::from(id), request).await?;
    let run = debugging::launch(&app, scope, launch).await?;
    if let Some(seconds) = query.wait {
        let longest = Duration::from_secs(seconds.min(LONGEST_WAIT));
        app.runner().wait(&run, longest).await;
    }
    let run = one(&app, scope, &run).await?;
    let status = if run.status.is_final() && query.wait.is_some() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Answer(run)).into_response())
}

/// Lists runs, newest first.
#[utoipa::path(get, path = "/runs", tag = "runs", params(RunQuery), responses((status = 200, body = Page<Run>)))]
async fn list(
    State(app): State<App>,
    member: Member,
    Query(query): Query<RunQuery>,
) -> Result<Answer<Page<Run>>> {
    let filter = runs::RunFilter {
        workflow: query.workflow_id.map(WorkflowId::from),
        status: query.status,
    };
    let limit = query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let page = runs::list(
        app.store(),
        &member.scope,
        &filter,
        query.cursor.as_deref(),
        limit,
    )
    .await?;
    let names = workflows::names(
        app.store(),
        &member.scope,
        page.items.iter().map(|run| run.workflow.clone()),
    )
    .await?;
    Ok(Answer(Page {
        items: page
            .items
            .into_iter()
            .map(|run| shown(&app, run, &names))
            .collect(),
        next_cursor: page.next,
        total: None,
    }))
}

/// One run.
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Run), (status = 404, body = ProblemDetails)))]
async fn get(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Run>> {
    Ok(Answer(one(&app, &member.scope, &RunId::from(id)).await?))
}

/// What each step was given and gave, iteration by iteration.
#[utoipa::path(get, path = "/runs/{id}/steps", tag = "runs", params(("id" = String, Path), StepQuery),
    responses((status = 200, body = Page<StepRun>), (status = "4XX", body = ProblemDetails)))]
async fn steps(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
    Query(query): Query<StepQuery>,
) -> Result<Answer<Page<StepRun>>> {
    let iteration = match query.iteration.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => text.split('.').map(str::parse).collect::<Result<Vec<u64>, _>>().map_err(|_| {
            Problem::bad_request("malformed_iteration", "The iteration is not a list of numbers")
                .detail("It is the indices of the enclosing loops, outermost first, joined by dots: 3 or 3.0.")
        })?,
        None => Vec::new(),
    };
    let filter = runs::StepFilter {
        step: query.step,
        iteration,
        status: query.status,
    };
    let (offset, limit) = (
        query.offset.unwrap_or(0),
        query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE),
    );
    let page = runs::steps(
        app.store(),
        &member.scope,
        &RunId::from(id),
        &filter,
        offset,
        limit,
    )
    .await?;
    let step = |one: runs::StepRow| StepRun {
        step: one.step,
        iteration: one.iteration,
        status: one.status,
        attempt: one.attempt,
        started_at: rfc3339_option(one.started_at),
        finished_at: rfc3339_option(one.finished_at),
        duration_ms: one.duration_ms,
        input: one.input,
        output: one.output,
        error: one.error,
    };
    let reached = offset + u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    Ok(Answer(Page {
        items: page.items.into_iter().map(step).collect(),
        next_cursor: (reached < page.total).then(|| reached.to_string()),
        total: Some(page.total),
    }))
}

/// How far the run is, per step.
#[utoipa::path(get, path = "/runs/{id}/progress", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Progress), (status = 404, body = ProblemDetails)))]
async fn progress(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Progress>> {
    Ok(Answer(
        live::progress(&app, &member.scope, &RunId::from(id)).await?,
    ))
}

/// The same as a stream (server-sent events named `progress`); ends with the run.
#[utoipa::path(get, path = "/runs/{id}/events", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/event-stream"), (status = 404, body = ProblemDetails)))]
async fn events(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = RunId::from(id);
    runs::get(app.store(), &member.scope, &id).await?;
    let stream = live::stream(app, member.scope, id);
    let events = futures::StreamExt::map(stream, |progress| {
        Ok::<_, Infallible>(
            SseEvent::default()
                .event("progress")
                .json_data(&progress)
                .unwrap_or_default(),
        )
    });
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}

/// Ends a run, whatever it is doing.
#[utoipa::path(post, path = "/runs/{id}/cancel", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Run), (status = 404, body = ProblemDetails)))]
async fn cancel(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Answer<Run>> {
    let id = RunId::from(id);
    runs::get(app.store(), &builder.scope, &id).await?;
    app.runner().cancel(&id).await;
    Ok(Answer(one(&app, &builder.scope, &id).await?))
}

/// A run as it is shown.
pub(super) async fn one(app: &App, scope: &Scope, id: &RunId) -> Result<Run> {
    let run = runs::get(app.store(), scope, id).await?;
    let names = workflows::names(app.store(), scope, [run.workflow.clone()]).await?;
    Ok(shown(app, run, &names))
}

fn shown(app: &App, run: runs::Run, names: &HashMap<WorkflowId, String>) -> Run {
    // The journal's header is written with each commit; a run at work knows better.
    let live = app
        .runner()
        .progress(&run.id)
        .filter(|_| !run.status.is_final());
    Run {
        workflow_name: names.get(&run.workflow).cloned().unwrap_or_default(),
        status: live.as_ref().map_or(run.status, |live| live.status),
        steps_done: live.as_ref().map_or(run.steps_done, |live| live.steps_done),
        id: run.id,
        workflow_id: run.workflow,
        revision: run.revision,
        cause: run.cause,
        accepted_at: rfc3339(run.accepted_at),
        started_at: rfc3339_option(run.started_at),
        finished_at: rfc3339_option(run.finished_at),
        error: run.error,
    }
}
