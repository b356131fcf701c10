//! `POST /api/v1/evaluate`: what a path or a text comes to, with the engine's own code.

use axum::{Json as Answer, extract::State};
use patchbay_api::workflows::{Evaluate, Evaluated};
use patchbay_model::{Json as JsonValue, scope::JsonScope, value::Value};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::{Problem, Result},
    extract::{Json, Member},
    samples,
    state::App,
};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(evaluate))
}

/// Evaluates a path or a text with holes over a scope, or over the data of a run.
#[utoipa::path(post, path = "/evaluate", tag = "workflows", request_body = Evaluate,
    responses((status = 200, body = Evaluated), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn evaluate(
    State(app): State<App>,
    member: Member,
    Json(request): Json<Evaluate>,
) -> Result<Answer<Evaluated>> {
    let input = match (&request.path, &request.text) {
        (Some(path), None) => json!({ "$path": path }),
        (None, Some(text)) => json!({ "$text": text }),
        _ => {
            return Err(Problem::bad_request(
                "malformed_body",
                "Give either a path or a text",
            ));
        }
    };
    let value = match Value::parse(&input) {
        Ok(value) => value,
        Err(error) => return Ok(Answer(without_value(error.message))),
    };
    let scope = match (&request.scope, &request.run_id) {
        (Some(scope), None) => scope.clone(),
        (None, Some(run)) => {
            samples::scope_of_run(
                &app,
                &member.scope,
                run,
                request.step.as_deref(),
                &request.iteration,
            )
            .await?
        }
        _ => {
            return Err(Problem::bad_request(
                "malformed_body",
                "Give either a scope or a run_id",
            ));
        }
    };
    Ok(Answer(match value.resolve(&JsonScope(scope)) {
        Ok(value) => Evaluated {
            found: true,
            value,
            problem: None,
        },
        Err(error) => without_value(error.to_string()),
    }))
}

fn without_value(problem: String) -> Evaluated {
    Evaluated {
        found: false,
        value: JsonValue::Null,
        problem: Some(problem),
    }
}
