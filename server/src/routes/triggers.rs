//! `/api/v1/workflows/{id}/trigger` and `/api/v1/schedules`.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use http::StatusCode;
use patchbay_api::{
    ProblemDetails,
    triggers::{Listening, PreviewSchedule, SchedulePreview, TriggerSample, TriggerStatus},
};
use patchbay_model::{
    document::{Trigger, Workflow},
    id::WorkflowId,
};
use patchbay_store::{triggers as stored, workflows};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::{Problem, Result},
    extract::{Builder, Json, Member},
    state::App,
    time::rfc3339,
    triggers::{listen, status},
};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get))
        .routes(routes!(open, close))
        .routes(routes!(sample))
        .routes(routes!(preview))
}

/// How the trigger of a workflow is.
#[utoipa::path(get, path = "/workflows/{id}/trigger", tag = "triggers", params(("id" = String, Path)),
    responses((status = 200, body = TriggerStatus), (status = 404, body = ProblemDetails)))]
async fn get(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<TriggerStatus>> {
    let found = workflows::get(app.store(), &member.scope, &id.into()).await?;
    let status = status::of(&app, &member.scope, &found.summary).await?;
    Ok(Answer(status.unwrap_or_else(|| TriggerStatus {
        state: stored::TriggerState::Off.as_str().to_owned(),
        ..TriggerStatus::default()
    })))
}

/// Opens the draft's address for some minutes: the next call is kept as a sample and starts no run, unless the
/// workflow is enabled.
#[utoipa::path(post, path = "/workflows/{id}/trigger/listen", tag = "triggers", params(("id" = String, Path)),
    responses((status = 200, body = Listening), (status = "4XX", body = ProblemDetails)))]
async fn open(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Answer<Listening>> {
    let opened = listen::open(&app, &builder.scope, &WorkflowId::from(id)).await?;
    Ok(Answer(Listening {
        url: opened.url,
        until: rfc3339(opened.until),
    }))
}

/// Stops listening.
#[utoipa::path(delete, path = "/workflows/{id}/trigger/listen", tag = "triggers", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
async fn close(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<StatusCode> {
    listen::close(&app, &builder.scope, &WorkflowId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sample that was caught last.
#[utoipa::path(get, path = "/workflows/{id}/trigger/sample", tag = "triggers", params(("id" = String, Path)),
    responses((status = 200, body = TriggerSample), (status = 404, body = ProblemDetails)))]
async fn sample(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<TriggerSample>> {
    let found = stored::sample(app.store(), &member.scope, &WorkflowId::from(id)).await?;
    let sample = found.ok_or_else(|| Problem::not_found("sample"))?;
    Ok(Answer(TriggerSample {
        output: sample.output,
        at: rfc3339(sample.at),
    }))
}

/// When a schedule would fire, without saving anything.
#[utoipa::path(post, path = "/schedules/preview", tag = "triggers", request_body = PreviewSchedule,
    responses((status = 200, body = SchedulePreview), (status = 422, body = ProblemDetails)))]
async fn preview(
    State(app): State<App>,
    _: Member,
    Json(request): Json<PreviewSchedule>,
) -> Result<Answer<SchedulePreview>> {
    let document = Workflow {
        trigger: Trigger {
            connector: "schedule".to_owned(),
            operation: request.operation,
            inputs: request.inputs,
            ..Trigger::default()
        },
        config: request.config,
        ..Workflow::default()
    };
    let firings = status::preview(&app, &document)?;
    Ok(Answer(SchedulePreview { firings }))
}
