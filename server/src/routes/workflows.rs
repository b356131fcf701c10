//! `/api/v1/workflows` and `/templates`.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use patchbay_api::{
    ProblemDetails,
    workflows::{
        Edits, LastRun, Publication, Revision, Samples, Saved, Template, WorkflowDetail,
        WorkflowSummary,
    },
};
use patchbay_model::{document::Workflow, id::WorkflowId};
use patchbay_store::{
    Scope, audit, runs,
    workflows::{self, Change},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    checking,
    error::{Problem, Result},
    extract::{Builder, Document, Json, Member},
    merge, samples,
    state::App,
    templates,
    time::rfc3339,
    triggers::{
        lifecycle::{self, Done},
        status,
    },
};

/// How many revisions the list shows.
const REVISIONS: u64 = 100;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, put, delete))
        .routes(routes!(edit))
        .routes(routes!(enable))
        .routes(routes!(disable))
        .routes(routes!(revisions))
        .routes(routes!(revision))
        .routes(routes!(restore))
        .routes(routes!(sample_outputs))
        .routes(routes!(list_templates))
}

/// Lists the workflows, the most recently changed first.
#[utoipa::path(get, path = "/workflows", tag = "workflows", responses((status = 200, body = [WorkflowSummary])))]
async fn list(State(app): State<App>, member: Member) -> Result<Answer<Vec<WorkflowSummary>>> {
    let found = workflows::list(app.store(), &member.scope, None).await?;
    let ids: Vec<WorkflowId> = found.iter().map(|one| one.id.clone()).collect();
    let mut latest = runs::latest_by_workflow(app.store(), &member.scope, &ids).await?;
    let summary = |one: workflows::WorkflowSummary| WorkflowSummary {
        last_run: latest.remove(&one.id).map(|run| LastRun {
            id: run.id.to_string(),
            status: run.status,
            at: rfc3339(run.accepted_at),
        }),
        id: one.id,
        name: one.name,
        description: one.description,
        enabled: one.enabled,
        revision: one.revision,
        published_revision: one.published_revision,
        connectors: one.connectors,
        updated_at: rfc3339(one.updated_at),
        updated_by: one.updated_by_name,
    };
    Ok(Answer(found.into_iter().map(summary).collect()))
}

/// Saves a new workflow.
#[utoipa::path(post, path = "/workflows", tag = "workflows", request_body = Workflow,
    responses((status = 201, body = Saved), (status = "4XX", body = ProblemDetails)))]
async fn create(
    State(app): State<App>,
    builder: Builder,
    Document(document): Document,
) -> Result<Response> {
    let problems = checking::problems(&app, &builder.scope, &document).await?;
    let change = Change {
        document: &document,
        problems: problems.len(),
        edits: None,
    };
    let saved = workflows::create(app.store(), &builder.scope, &change).await?;
    let answer = Saved {
        id: saved.id,
        revision: saved.revision,
        problems,
        document: None,
    };
    Ok((StatusCode::CREATED, etag(saved.revision), Answer(answer)).into_response())
}

/// One workflow with its draft.
#[utoipa::path(get, path = "/workflows/{id}", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = WorkflowDetail), (status = 404, body = ProblemDetails)))]
async fn get(State(app): State<App>, member: Member, Path(id): Path<String>) -> Result<Response> {
    let found = workflows::get(app.store(), &member.scope, &id.into()).await?;
    let revision = found.summary.revision;
    let detail = detail(&app, &member.scope, found).await?;
    Ok((etag(revision), Answer(detail)).into_response())
}

/// Replaces the draft if `If-Match` names the latest revision.
#[utoipa::path(put, path = "/workflows/{id}", tag = "workflows",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the revision that was changed, in quotes")),
    request_body = Workflow,
    responses((status = 200, body = Saved), (status = 409, body = ProblemDetails), (status = 428, body = ProblemDetails)))]
async fn put(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
    headers: HeaderMap,
    Document(document): Document,
) -> Result<Response> {
    let expected = if_match(&headers)?;
    let problems = checking::problems(&app, &builder.scope, &document).await?;
    let change = Change {
        document: &document,
        problems: problems.len(),
        edits: None,
    };
    let saved = workflows::save(app.store(), &builder.scope, &id.into(), expected, &change).await?;
    let answer = Saved {
        id: saved.id,
        revision: saved.revision,
        problems,
        document: None,
    };
    Ok((etag(saved.revision), Answer(answer)).into_response())
}

/// Makes changes to a revision; what others changed meanwhile stays, unless both changed the same thing.
#[utoipa::path(post, path = "/workflows/{id}/edits", tag = "workflows", params(("id" = String, Path)),
    request_body = Edits,
    responses((status = 200, body = Saved), (status = "4XX", body = ProblemDetails)))]
async fn edit(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
    Json(request): Json<Edits>,
) -> Result<Response> {
    let saved = merge::save(&app, &builder.scope, &id.into(), &request).await?;
    Ok((etag(saved.revision), Answer(saved)).into_response())
}

/// Deletes a workflow. Its runs stay readable.
#[utoipa::path(delete, path = "/workflows/{id}", tag = "workflows", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
async fn delete(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Response> {
    lifecycle::delete(&app, &builder.scope, &id.clone().into()).await?;
    audit::record(app.store(), &builder.scope, "workflow.deleted", &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Publishes the latest revision for triggers.
#[utoipa::path(post, path = "/workflows/{id}/enable", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = Publication), (status = "4XX", body = ProblemDetails)))]
async fn enable(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Answer<Publication>> {
    let id = WorkflowId::from(id);
    let found = workflows::get(app.store(), &builder.scope, &id).await?;
    refuse_broken(&app, &builder.scope, &found.document, "published").await?;
    let done = lifecycle::enable(&app, &builder.scope, &id).await?;
    audit::record(app.store(), &builder.scope, "workflow.enabled", id.as_str()).await?;
    Ok(Answer(published(&app, &builder.scope, &id, done).await?))
}

/// Stops triggers from starting runs; runs that are going on end as they would.
#[utoipa::path(post, path = "/workflows/{id}/disable", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = Publication), (status = 404, body = ProblemDetails)))]
async fn disable(
    State(app): State<App>,
    builder: Builder,
    Path(id): Path<String>,
) -> Result<Answer<Publication>> {
    let id = WorkflowId::from(id);
    let done = lifecycle::disable(&app, &builder.scope, &id).await?;
    audit::record(
        app.store(),
        &builder.scope,
        "workflow.disabled",
        id.as_str(),
    )
    .await?;
    Ok(Answer(published(&app, &builder.scope, &id, done).await?))
}

/// Saved revisions, newest first.
#[utoipa::path(get, path = "/workflows/{id}/revisions", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = [Revision]), (status = 404, body = ProblemDetails)))]
async fn revisions(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Vec<Revision>>> {
    let found = workflows::revisions(app.store(), &member.scope, &id.into(), REVISIONS).await?;
    let revision = |one: workflows::Revision| Revision {
        revision: one.number,
        at: rfc3339(one.at),
        by: one.author_name,
        published: one.published,
        steps: one.steps,
        problems: one.problems,
    };
    Ok(Answer(found.into_iter().map(revision).collect()))
}

/// The document of one revision.
#[utoipa::path(get, path = "/workflows/{id}/revisions/{revision}", tag = "workflows",
    params(("id" = String, Path), ("revision" = i64, Path)),
    responses((status = 200, body = WorkflowDetail), (status = 404, body = ProblemDetails)))]
async fn revision(
    State(app): State<App>,
    member: Member,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Answer<WorkflowDetail>> {
    let id = WorkflowId::from(id);
    let mut found = workflows::get(app.store(), &member.scope, &id).await?;
    found.document = workflows::revision(app.store(), &member.scope, &id, number).await?;
    let mut detail = detail(&app, &member.scope, found).await?;
    detail.revision = number;
    Ok(Answer(detail))
}

/// Makes an earlier revision the draft again, as a new revision.
#[utoipa::path(post, path = "/workflows/{id}/revisions/{revision}/restore", tag = "workflows",
    params(("id" = String, Path), ("revision" = i64, Path)),
    responses((status = 200, body = Saved), (status = "4XX", body = ProblemDetails)))]
async fn restore(
    State(app): State<App>,
    builder: Builder,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Answer<Saved>> {
    let id = WorkflowId::from(id);
    let saved = workflows::restore(app.store(), &builder.scope, &id, number, None).await?;
    let document = workflows::get(app.store(), &builder.scope, &id)
        .await?
        .document;
    let problems = checking::problems(&app, &builder.scope, &document).await?;
    Ok(Answer(Saved {
        id,
        revision: saved.revision,
        problems,
        document: Some(document),
    }))
}

/// What the steps gave last.
#[utoipa::path(get, path = "/workflows/{id}/samples", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = Samples), (status = 404, body = ProblemDetails)))]
async fn sample_outputs(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Answer<Samples>> {
    Ok(Answer(
        samples::of_workflow(&app, &member.scope, &id.into()).await?,
    ))
}

/// Ready-made workflows to start from.
#[utoipa::path(get, path = "/templates", tag = "workflows", responses((status = 200, body = [Template])))]
async fn list_templates(_: Member) -> Answer<Vec<Template>> {
    Answer(templates::all())
}

/// Refuses a document that cannot run, naming every error with its place.
pub(super) async fn refuse_broken(
    app: &App,
    scope: &Scope,
    document: &Workflow,
    what: &str,
) -> Result<()> {
    let problems = checking::problems(app, scope, document).await?;
    if checking::errors(&problems) == 0 {
        return Ok(());
    }
    let refusal = Problem::unprocessable(
        "broken_workflow",
        format!("The workflow cannot be {what} yet"),
    )
    .detail("Mend what is listed, then try again.");
    Err(problems
        .iter()
        .filter(|problem| problem.severity == patchbay_model::problem::Severity::Error)
        .fold(refusal, |refusal, problem| {
            refusal.field(checking::pointer(problem), checking::sentence(problem))
        }))
}

async fn detail(app: &App, scope: &Scope, found: workflows::Workflow) -> Result<WorkflowDetail> {
    let problems = checking::problems(app, scope, &found.document).await?;
    let summary = found.summary;
    let trigger = status::of(app, scope, &summary).await?;
    let edited_since = match summary.published_revision {
        Some(published) if published != summary.revision => {
            let published = workflows::revision(app.store(), scope, &summary.id, published).await;
            published.map_or(true, |published| published != found.document)
        }
        _ => false,
    };
    Ok(WorkflowDetail {
        webhook_url: status::address(app, &summary, false),
        id: summary.id,
        revision: summary.revision,
        enabled: summary.enabled,
        published_revision: summary.published_revision,
        edited_since,
        trigger,
        document: found.document,
        problems,
        updated_at: rfc3339(summary.updated_at),
        updated_by: summary.updated_by_name,
    })
}

async fn published(app: &App, scope: &Scope, id: &WorkflowId, done: Done) -> Result<Publication> {
    let summary = workflows::get(app.store(), scope, id).await?.summary;
    Ok(Publication {
        enabled: done.publication.enabled,
        published_revision: done.publication.published_revision,
        webhook_url: status::address(app, &summary, false),
        trigger: status::of(app, scope, &summary).await?,
        warning: done.warning,
    })
}

fn etag(revision: i64) -> [(http::HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{revision}\""));
    [(
        header::ETAG,
        value.unwrap_or(HeaderValue::from_static("\"0\"")),
    )]
}

/// The revision of `If-Match`; none for `*`.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(value) = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
    else {
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "revision_needed", "Say which revision was changed")
            .detail("Send If-Match with the revision that you fetched, so that nobody else's change is lost."));
    };
    let value = value.trim();
    if value == "*" {
        return Ok(None);
    }
    let number = value.trim_start_matches("W/").trim_matches('"').parse();
    number.map(Some).map_err(|_| {
        Problem::bad_request("malformed_revision", "If-Match is not a revision")
            .detail("It is the number of a revision in quotes, such as \"12\".")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_takes_a_revision_in_quotes() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
            if_match(&headers)
        };
        assert_eq!(read("\"12\"").ok().flatten(), Some(12));
        assert_eq!(read("W/\"12\"").ok().flatten(), Some(12));
        assert_eq!(read("12").ok().flatten(), Some(12));
        assert!(matches!(read("*"), Ok(None)));
        assert_eq!(
            read("twelve").err().map(|problem| problem.details.status),
            Some(400)
        );
        assert_eq!(
            if_match(&HeaderMap::new())
                .err()
                .map(|problem| problem.details.status),
            Some(428)
        );
    }
}
