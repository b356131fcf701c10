//! `/api/v1/connectors`: the catalogue, live drop-downs, shapes that depend on inputs.

use axum::{
    Json as Answer,
    extract::{Path, Query, State},
};
use patchbay_api::connectors::{
    Choice, ConnectorDetail, ConnectorSummary, OperationDetail, OptionsQuery, Shape, ShapeQuery,
};
use patchbay_kit::Question;
use patchbay_model::{
    Json as JsonValue,
    spec::{Catalog as _, ConnectorSpec, OperationSpec, StepKind},
};
use patchbay_store::workflows;
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    credentials::{self, Access},
    error::{Problem, Result},
    extract::{Json, Member},
    state::App,
};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(detail))
        .routes(routes!(operation))
        .routes(routes!(options))
        .routes(routes!(shape))
}

/// Lists the connectors.
#[utoipa::path(get, path = "/connectors", tag = "connectors", responses((status = 200, body = [ConnectorSummary])))]
async fn list(State(app): State<App>, _: Member) -> Answer<Vec<ConnectorSummary>> {
    let catalog = app.catalog();
    Answer(
        catalog
            .names()
            .into_iter()
            .filter_map(|name| catalog.connector(name))
            .map(summary)
            .collect(),
    )
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Expand {
    /// `all`: with the schemas of inputs and output.
    expand: Option<String>,
}

/// One connector with its operations and triggers.
#[utoipa::path(get, path = "/connectors/{name}", tag = "connectors", params(("name" = String, Path), Expand),
    responses((status = 200, body = Object), (status = 404, body = patchbay_api::ProblemDetails)))]
async fn detail(
    State(app): State<App>,
    _: Member,
    Path(name): Path<String>,
    Query(query): Query<Expand>,
) -> Result<Answer<ConnectorDetail>> {
    let spec = app
        .catalog()
        .connector(&name)
        .ok_or_else(|| unknown(&app, &name))?;
    let schemas = query.expand.as_deref() == Some("all");
    let describe = |operations: &[OperationSpec]| {
        let found = operations.iter().filter_map(|spec| {
            // The connector's own list is an index without schemas.
            if schemas {
                app.catalog().operation(&name, &spec.name)
            } else {
                Some(spec)
            }
        });
        found.map(|spec| operation_detail(spec, schemas)).collect()
    };
    Ok(Answer(ConnectorDetail {
        name: spec.name.clone(),
        title: spec.title.clone(),
        version: spec.version.clone(),
        categories: spec.categories.clone(),
        summary: spec.summary.clone(),
        icon: spec.icon.clone(),
        service: spec.service.clone(),
        operations: describe(&spec.operations),
        triggers: describe(&spec.triggers),
    }))
}

/// One operation or trigger, with its inputs and output as JSON Schema.
#[utoipa::path(get, path = "/connectors/{name}/operations/{operation}", tag = "connectors",
    params(("name" = String, Path), ("operation" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = patchbay_api::ProblemDetails)))]
async fn operation(
    State(app): State<App>,
    _: Member,
    Path((name, operation)): Path<(String, String)>,
) -> Result<Answer<OperationDetail>> {
    Ok(Answer(operation_detail(
        find(&app, &name, &operation)?,
        true,
    )))
}

/// The entries of a drop-down, asked from the service.
#[utoipa::path(post, path = "/connectors/{name}/operations/{operation}/options", tag = "connectors",
    params(("name" = String, Path), ("operation" = String, Path)), request_body = OptionsQuery,
    responses((status = 200, body = [Choice]), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn options(
    State(app): State<App>,
    member: Member,
    Path((name, operation)): Path<(String, String)>,
    Json(query): Json<OptionsQuery>,
) -> Result<Answer<Vec<Choice>>> {
    let spec = find(&app, &name, &operation)?;
    if spec.kind == StepKind::CallWorkflow {
        return callable(&app, &member, &query).await;
    }
    let choices = credentials::with_access(
        &app,
        &member.scope,
        &name,
        spec,
        query.auth.as_ref(),
        |access| {
            let question = question(&name, &operation, &query.inputs, access);
            let (app, query) = (&app, &query);
            async move {
                app.kit()
                    .options(&question, &query.field, query.search.as_deref())
                    .await
            }
        },
    )
    .await?;
    Ok(Answer(
        choices
            .into_iter()
            .map(|choice| Choice {
                value: choice.value,
                title: choice.title,
                hint: choice.hint,
            })
            .collect(),
    ))
}

/// The workflows that a step can call.
async fn callable(app: &App, member: &Member, query: &OptionsQuery) -> Result<Answer<Vec<Choice>>> {
    let found = workflows::list(app.store(), &member.scope, query.search.as_deref()).await?;
    // The trigger's connector comes first.
    let is_callable = |workflow: &workflows::WorkflowSummary| {
        let connector = workflow.connectors.first();
        let spec = connector.and_then(|name| app.catalog().connector(name));
        spec.is_some_and(|spec| {
            let mut triggers = spec.triggers.iter();
            triggers.any(|trigger| {
                app.catalog().starts(&spec.name, &trigger.name) == Some(patchbay_kit::Starts::Call)
            })
        })
    };
    Ok(Answer(
        found
            .into_iter()
            .filter(is_callable)
            .map(|workflow| Choice {
                value: workflow.id.to_string().into(),
                title: workflow.name,
                hint: Some(workflow.id.to_string()),
            })
            .collect(),
    ))
}

/// The schemas of an operation for these inputs, such as the columns of the chosen worksheet.
#[utoipa::path(post, path = "/connectors/{name}/operations/{operation}/shape", tag = "connectors",
    params(("name" = String, Path), ("operation" = String, Path)), request_body = ShapeQuery,
    responses((status = 200, body = Object), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn shape(
    State(app): State<App>,
    member: Member,
    Path((name, operation)): Path<(String, String)>,
    Json(query): Json<ShapeQuery>,
) -> Result<Answer<Shape>> {
    let spec = find(&app, &name, &operation)?;
    if spec.kind == StepKind::Trigger {
        // What it gives depends on what it listens to; no service is asked.
        let question = question(&name, &operation, &query.inputs, Access::default());
        let shaped = app
            .kit()
            .shape(&question)
            .await
            .map_err(credentials::service_problem)?;
        return Ok(Answer(Shape {
            inputs: shaped.inputs,
            output: shaped.output,
        }));
    }
    let shaped = credentials::with_access(
        &app,
        &member.scope,
        &name,
        spec,
        query.auth.as_ref(),
        |access| {
            let question = question(&name, &operation, &query.inputs, access);
            let app = &app;
            async move { app.kit().shape(&question).await }
        },
    )
    .await?;
    Ok(Answer(Shape {
        inputs: shaped.inputs,
        output: shaped.output,
    }))
}

fn question(connector: &str, operation: &str, inputs: &JsonValue, access: Access) -> Question {
    Question {
        connector: connector.to_owned(),
        operation: operation.to_owned(),
        inputs: inputs.clone(),
        credential: access.credential,
        target: access.target,
    }
}

fn find<'a>(app: &'a App, connector: &str, operation: &str) -> Result<&'a OperationSpec> {
    app.catalog()
        .connector(connector)
        .ok_or_else(|| unknown(app, connector))?;
    app.catalog()
        .operation(connector, operation)
        .ok_or_else(|| {
            Problem::not_found("operation").detail(format!(
                "The connector {connector} has no operation {operation}."
            ))
        })
}

fn unknown(app: &App, name: &str) -> Problem {
    let names = app.catalog().names().join(", ");
    Problem::not_found("connector").detail(format!(
        "There is no connector {name}. Installed are: {names}."
    ))
}

fn summary(spec: &ConnectorSpec) -> ConnectorSummary {
    ConnectorSummary {
        name: spec.name.clone(),
        title: spec.title.clone(),
        version: spec.version.clone(),
        categories: spec.categories.clone(),
        summary: spec.summary.clone(),
        icon: spec.icon.clone(),
        service: spec.service.as_ref().map(|service| service.name.clone()),
        operations: spec
            .operations
            .iter()
            .filter(|operation| !operation.hidden)
            .count(),
        triggers: spec.triggers.len(),
    }
}

fn operation_detail(spec: &OperationSpec, schemas: bool) -> OperationDetail {
    OperationDetail {
        name: spec.name.clone(),
        title: spec.title.clone(),
        summary: spec.summary.clone(),
        group: spec.group.clone(),
        operation_id: spec.operation_id.clone(),
        kind: spec.kind,
        scopes: spec.scopes.clone(),
        repeatable: spec.repeatable,
        irreversible: spec.irreversible,
        deprecated: spec.deprecated,
        hidden: spec.hidden,
        needs_authentication: spec.needs_authentication,
        keywords: spec.keywords.clone(),
        inputs: schemas.then(|| spec.inputs.clone()),
        output: schemas.then(|| spec.output.clone()),
        examples: if schemas {
            spec.examples.clone()
        } else {
            Vec::new()
        },
    }
}
