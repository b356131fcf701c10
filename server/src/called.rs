//! A step that calls another workflow: which one, how deep, and what comes back.

use patchbay_engine::{
    plan,
    port::{Call, JournalError, Origin},
    runner::{AcceptError, Account, NewRunRequest},
};
use patchbay_kit::Starts;
use patchbay_model::{
    Json,
    event::{RunStatus, StepError},
    id::{RunId, WorkflowId},
};
use patchbay_store::{
    RunScope, runs,
    workflows::{self, Called},
};
use serde_json::json;
use std::sync::Arc;

use crate::state::App;

/// Runs that may stand inside one another.
const DEEPEST: usize = 10;

/// Starts a run of the workflow that the step names, and waits for its answer unless the step says otherwise.
///
/// # Errors
/// When there is no such workflow, it cannot be called, or its run does not succeed.
pub(crate) async fn call(app: &App, call: Call) -> Result<Json, StepError> {
    let depth = call.depth + 1;
    if depth > DEEPEST {
        return Err(refusal(
            "too_deep",
            format!(
                "Workflows call one another more than {DEEPEST} deep, so this call was not made. Does one of them call itself?"
            ),
        ));
    }
    let id = match call.inputs.get("workflow_id") {
        Some(Json::String(id)) if !id.trim().is_empty() => WorkflowId::new(id.trim()),
        _ => {
            let message = "Choose the workflow to call.".to_owned();
            return Err(in_field(refusal("invalid_input", message), "workflow_id"));
        }
    };
    let scope = RunScope {
        organisation: call.organisation.clone(),
        person: call.person.clone(),
    };
    let found = workflows::called(app.store(), &scope, &id)
        .await
        .map_err(|error| StepError {
            retryable: true,
            ..refusal(
                "internal",
                format!("The workflow could not be read: {error}"),
            )
        })?;
    let Some(found) = found else {
        let message =
            format!("There is no workflow `{id}` in this organisation; choose another one.");
        return Err(in_field(
            refusal("unknown_workflow", message),
            "workflow_id",
        ));
    };
    let name = found.name.clone();
    let run = start(app, &call, id, found, depth).await?;
    if call.inputs.get("wait") == Some(&Json::Bool(false)) {
        return Ok(json!({ "run_id": run, "response": null }));
    }
    let account = app
        .runner()
        .answered(&run)
        .await
        .map_err(|error| StepError {
            retryable: true,
            ..refusal(
                "internal",
                format!("The run `{run}` could not be read: {error}"),
            )
        })?;
    outcome(&name, &run, account)
}

async fn start(
    app: &App,
    call: &Call,
    id: WorkflowId,
    found: Called,
    depth: usize,
) -> Result<RunId, StepError> {
    let trigger = &found.document.trigger;
    if app.catalog().starts(&trigger.connector, &trigger.operation) != Some(Starts::Call) {
        let message = format!(
            "The workflow “{}” cannot be called: its trigger is not **Callable**. Change its trigger, or choose another workflow.",
            found.name
        );
        return Err(in_field(refusal("not_callable", message), "workflow_id"));
    }
    let plan = plan::compile(&found.document, app.catalog()).map_err(|problems| {
        let first = problems.into_iter().next().map(|problem| problem.message);
        refusal(
            "broken_workflow",
            format!(
                "The workflow “{}” cannot run: {}",
                found.name,
                first.unwrap_or_default()
            ),
        )
    })?;
    let request = NewRunRequest {
        id: Some(
            runs::fresh_id(app.store()).map_err(|error| refusal("internal", error.to_string()))?,
        ),
        organisation: call.organisation.clone(),
        workflow: id,
        revision: found.revision,
        cause: "call".to_owned(),
        person: call.person.clone(),
        plan: Arc::new(plan.at_depth(depth)),
        input: call
            .inputs
            .get("input")
            .cloned()
            .unwrap_or_else(|| json!({})),
        origin: Origin {
            // A second attempt at the same step finds the run of the first one.
            delivery: Some(format!("call:{}", call.idempotency_key)),
            ..Origin::default()
        },
    };
    match app.runner().accept(request).await {
        Ok(run) | Err(AcceptError::Journal(JournalError::Duplicate(run))) => Ok(run),
        Err(error) => Err(StepError {
            retryable: true,
            ..refusal(
                "not_started",
                format!("“{}” could not be started: {error}", found.name),
            )
        }),
    }
}

/// What the step gives for how the called run ended.
fn outcome(name: &str, run: &RunId, account: Account) -> Result<Json, StepError> {
    let detail = Some(json!({ "run_id": run }));
    match account {
        Account {
            reply: Some(reply), ..
        } => {
            let response = reply.get("response").unwrap_or(&reply).clone();
            Ok(json!({ "run_id": run, "response": response }))
        }
        Account {
            status: RunStatus::Succeeded,
            ..
        } => Ok(json!({ "run_id": run, "response": null })),
        Account {
            status: RunStatus::Cancelled,
            ..
        } => Err(StepError {
            detail,
            ..refusal(
                "call_cancelled",
                format!("The run of “{name}” was cancelled."),
            )
        }),
        Account { error, .. } => {
            let why = error.map(|error| error.error.message).unwrap_or_default();
            let message = format!("“{name}” failed: {why}");
            Err(StepError {
                detail,
                ..refusal("call_failed", message.trim_end().to_owned())
            })
        }
    }
}

fn refusal(code: &str, message: String) -> StepError {
    StepError {
        code: code.to_owned(),
        message,
        ..StepError::default()
    }
}

fn in_field(error: StepError, field: &str) -> StepError {
    StepError {
        field: Some(format!("/{field}")),
        ..error
    }
}
