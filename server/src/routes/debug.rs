//! Doing runs again, and pinning samples to steps.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use patchbay_api::{
    ProblemDetails,
    debug::{NotStarted, Pin, PinOutput, Replay, Retried, Retry, StartedAgain},
    runs::Run,
};
use patchbay_model::{
    document::TRIGGER,
    event::RunStatus,
    id::{RunId, WorkflowId},
};
use patchbay_store::{Scope, audit, pins, runs, workflows};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::runs::one;
use crate::{
    debugging,
    error::{Problem, Result},
    extract::{Builder, Json, Member},
    state::App,
    time::rfc3339,
};

/// Runs that are done again by one request, at most.
const MOST_RETRIES: usize = 500;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(replay))
        .routes(routes!(retry))
        .routes(routes!(delete))
        .routes(routes!(list_pins))
        .routes(routes!(pin, unpin))
}

/// Does a run again, with the same data or other data, exactly as it was or on the current revision.
#[utoipa::path(post, path = "/runs/{id}/replay", tag = "runs", params(("id" = String, Path)), request_body = Replay,
    responses((status = 202, body = Run), (status = "4XX", body = ProblemDetails)))]
async fn replay(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
    Json(request): Json<Replay>,
) -> Result<Response> {
    let id = RunId::from(id);
    let scope = &builder.scope;
    let launch =
        debugging::again(&app, scope, &id, request.input, request.revision, "replay").await?;
    let run = debugging::launch(&app, scope, launch).await?;
    Ok((StatusCode::ACCEPTED, Answer(one(&app, scope, &run).await?)).into_response())
}

/// Does failed runs again with their own data: those named, or the newest failed ones of a workflow.
#[utoipa::path(post, path = "/runs/retry", tag = "runs", request_body = Retry,
    responses((status = 202, body = Retried), (status = "4XX", body = ProblemDetails)))]
async fn retry(
    State(app): State<App>,
    builder: Builder,
    Json(request): Json<Retry>,
) -> Result<Response> {
    let scope = &builder.scope;
    let mut retried = Retried::default();
    for of in chosen(&app, scope, &request).await? {
        let outcome = match runs::get(app.store(), scope, &of).await {
            Ok(run) if run.status == RunStatus::Failed => {
                match debugging::again(&app, scope, &of, None, request.revision, "retry").await {
                    Ok(launch) => debugging::launch(&app, scope, launch).await,
                    Err(problem) => Err(problem),
                }
            }
            Ok(run) => Err(Problem::unprocessable(
                "not_failed",
                format!("The run is {}, not failed", run.status.as_str()),
            )),
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(id) => retried.started.push(StartedAgain { of, id }),
            // Nothing that follows could be started either, and nothing would tell which were.
            Err(problem) if problem.details.status >= 500 && retried.started.is_empty() => {
                return Err(problem);
            }
            Err(problem) => retried.refused.push(NotStarted {
                of,
                code: problem.details.code,
                title: problem.details.title,
            }),
        }
    }
    Ok((StatusCode::ACCEPTED, Answer(retried)).into_response())
}

async fn chosen(app: &App, scope: &Scope, request: &Retry) -> Result<Vec<RunId>> {
    let unclear = |title: &str| Problem::unprocessable("malformed_retry", title.to_owned());
    match (&request.workflow_id, request.ids.len()) {
        (None, 0) => Err(unclear("Say which runs are to be done again")
            .detail("Give their `ids`, or a `workflow_id` for its failed runs.")),
        (None, count) if count > MOST_RETRIES => Err(unclear("These are too many runs at once")
            .detail(format!(
                "At most {MOST_RETRIES} are done again by one request."
            ))),
        (None, _) => Ok(request.ids.clone()),
        (Some(_), 1..) => Err(unclear("Give either `ids` or a `workflow_id`")),
        (Some(workflow), 0) => {
            let filter = runs::RunFilter {
                workflow: Some(WorkflowId::from(workflow.clone())),
                status: Some(RunStatus::Failed),
            };
            let limit = u64::try_from(MOST_RETRIES).unwrap_or(u64::MAX);
            let page = runs::list(app.store(), scope, &filter, None, limit).await?;
            // In the order in which they were first accepted.
            Ok(page.items.into_iter().rev().map(|run| run.id).collect())
        }
    }
}

/// Deletes a run that has ended.
#[utoipa::path(delete, path = "/runs/{id}", tag = "runs", params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = ProblemDetails)))]
async fn delete(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    runs::delete(app.store(), &builder.scope, &RunId::from(id.clone())).await?;
    audit::record(app.store(), &builder.scope, "run.deleted", &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sample outputs that are pinned to steps.
#[utoipa::path(get, path = "/workflows/{id}/pins", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = Vec<Pin>), (status = 404, body = ProblemDetails)))]
async fn list_pins(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Vec<Pin>>> {
    let pins = pins::list(app.store(), &member.scope, &WorkflowId::from(id)).await?;
    Ok(Answer(pins.into_iter().map(shown).collect()))
}

/// Pins a sample output to a step: it stands in for the step in test runs and previews, never in live runs.
#[utoipa::path(put, path = "/workflows/{id}/pins/{step}", tag = "workflows",
    params(("id" = String, Path), ("step" = String, Path)), request_body = PinOutput,
    responses((status = 200, body = Pin), (status = "4XX", body = ProblemDetails)))]
async fn pin(
    State(app): State<App>,
    builder: Builder,
    Path((id, step)): Path<(String, String)>,
    Json(request): Json<PinOutput>,
) -> Result<Answer<Pin>> {
    let id = WorkflowId::from(id);
    let found = workflows::get(app.store(), &builder.scope, &id).await?;
    if step != TRIGGER && found.document.step(&step).is_none() {
        return Err(Problem::unprocessable(
            "unknown_step",
            format!("The workflow has no step {step}"),
        ));
    }
    let pin = pins::put(app.store(), &builder.scope, &id, &step, &request.output).await?;
    Ok(Answer(shown(pin)))
}

/// Takes a pinned sample away.
#[utoipa::path(delete, path = "/workflows/{id}/pins/{step}", tag = "workflows",
    params(("id" = String, Path), ("step" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
async fn unpin(
    State(app): State<App>,
    builder: Builder,
    Path((id, step)): Path<(String, String)>,
) -> Result<StatusCode> {
    pins::remove(app.store(), &builder.scope, &WorkflowId::from(id), &step).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(pin: pins::Pin) -> Pin {
    Pin {
        step: pin.step,
        output: pin.output,
        at: rfc3339(pin.at),
    }
}
