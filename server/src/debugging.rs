//! From a request to a run that is no plain one: part of a workflow, a dry run, one with pinned outputs, one done again.

use http::StatusCode;
use patchbay_api::{
    debug::{ReplayRevision, RunPart},
    runs::StartRun,
};
use patchbay_engine::{
    plan::{self, Cut, Part, PartError, Plan},
    runner::{AcceptError, NewRunRequest},
};
use patchbay_model::{
    Json, JsonMap,
    document::{TRIGGER, Workflow},
    event::StepStatus,
    id::{RunId, WorkflowId},
    problem::{Problem as Finding, Severity},
};
use patchbay_store::{Scope, StoreError, pins, runs, workflows};
use std::sync::Arc;

use crate::{
    checking,
    error::{Problem, Result},
    state::App,
    triggers,
};

/// Earlier runs whose data a part may be given.
const EARLIER_RUNS: u64 = 10;

/// Everything a run needs to be accepted.
pub(crate) struct Launch {
    workflow: WorkflowId,
    revision: i64,
    cause: &'static str,
    plan: Plan,
    input: Json,
    /// Whether its success is the workflow's last run.
    counts: bool,
}

/// A run of the latest saved revision, or of part of it.
///
/// # Errors
/// When the workflow cannot be run, or the part lacks data.
pub(crate) async fn prepare(
    app: &App,
    scope: &Scope,
    workflow: WorkflowId,
    request: StartRun,
) -> Result<Launch> {
    let found = workflows::get(app.store(), scope, &workflow).await?;
    let part = request.part.as_ref().map(read_part).transpose()?;
    let pinned = if request.pins.unwrap_or(part.is_some() || request.dry) {
        pinned(app, scope, &workflow).await?
    } else {
        JsonMap::new()
    };
    let plan = match &part {
        None => {
            refuse_broken(app, scope, &found.document, |_| true).await?;
            compile(app, &found.document)?
        }
        Some(_) => compile(app, &found.document)?,
    };
    let (plan, input) = match &part {
        None => {
            let input = match (request.input, &request.data_of) {
                (Json::Null, Some(run)) => {
                    earlier(app, scope, &workflow, run).await?;
                    runs::input(app.store(), scope, run).await?
                }
                (Json::Null, None) => pinned.get(TRIGGER).cloned().unwrap_or_default(),
                (input, _) => input,
            };
            let input =
                triggers::input::by_hand(app, scope, &workflow, &found.document, input).await?;
            (plan, input)
        }
        Some(part) => {
            let cut = plan.part(part).map_err(unfit)?;
            refuse_broken(app, scope, &found.document, |finding| {
                finding.step.as_deref().is_some_and(|step| cut.holds(step))
            })
            .await?;
            let data = gather(app, scope, &workflow, &cut, &pinned, &request).await?;
            let plan = cut
                .give(&data.input, data.outputs, data.errors)
                .map_err(unfit)?;
            (plan, data.input)
        }
    };
    let plan = plan.with_pins(&match part {
        // The step that is to be tried is executed, whatever is pinned to it.
        Some(Part::Only { step, .. }) => without(pinned, &step),
        _ => pinned,
    });
    let cause = match (request.dry, request.part.is_some()) {
        (true, _) => runs::DRY_RUN,
        (false, true) => "part",
        (false, false) if plan.has_stand_ins() => "test",
        (false, false) => "manual",
    };
    Ok(Launch {
        counts: cause == "manual" && triggers::input::counts(app, &found.document),
        workflow,
        revision: found.summary.revision,
        cause,
        plan: if request.dry { plan.dry() } else { plan },
        input,
    })
}

/// A run that has ended, once more.
///
/// # Errors
/// When its workflow is gone, or what it executed is not kept any more.
pub(crate) async fn again(
    app: &App,
    scope: &Scope,
    run: &RunId,
    input: Option<Json>,
    revision: ReplayRevision,
    cause: &'static str,
) -> Result<Launch> {
    let earlier = runs::get(app.store(), scope, run).await?;
    let found = match workflows::get(app.store(), scope, &earlier.workflow).await {
        Err(StoreError::NotFound(_)) => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "workflow_deleted",
                "The workflow of this run has been deleted",
            )
            .detail("A run can only be done again while its workflow is there."));
        }
        other => other?,
    };
    let input = match input {
        Some(input) => input,
        None => runs::input(app.store(), scope, run).await?,
    };
    let (plan, revision) = match revision {
        ReplayRevision::Current => {
            refuse_broken(app, scope, &found.document, |_| true).await?;
            (compile(app, &found.document)?, found.summary.revision)
        }
        ReplayRevision::Same => {
            let gone = |cause: String| {
                Problem::new(
                    StatusCode::CONFLICT,
                    "revision_gone",
                    "What this run executed cannot be executed any more",
                )
                .detail("Replay it on the current revision instead.")
                .because(cause)
            };
            let plan = match runs::plan(app.store(), scope, run).await {
                Err(StoreError::NotFound(_)) => return Err(gone("the plan is gone".to_owned())),
                other => other?,
            };
            let plan = Plan::from_json(&plan).map_err(|error| gone(error.to_string()))?;
            (plan, earlier.revision)
        }
    };
    Ok(Launch {
        workflow: earlier.workflow,
        revision,
        cause: if earlier.cause == runs::DRY_RUN && plan.has_stand_ins() {
            runs::DRY_RUN
        } else {
            cause
        },
        plan,
        input,
        counts: false,
    })
}

/// Hands the run to the engine.
///
/// # Errors
/// When it does not accept it; nothing was started then.
pub(crate) async fn launch(app: &App, scope: &Scope, launch: Launch) -> Result<RunId> {
    let request = NewRunRequest {
        origin: triggers::input::origin(app, scope, &launch.workflow, launch.counts).await?,
        id: Some(runs::fresh_id(app.store())?),
        organisation: scope.organisation.clone(),
        workflow: launch.workflow,
        revision: launch.revision,
        cause: launch.cause.to_owned(),
        person: Some(scope.person.clone()),
        plan: Arc::new(launch.plan),
        input: launch.input,
    };
    app.runner().accept(request).await.map_err(refused)
}

/// What is pinned to the steps of a workflow.
///
/// # Errors
/// When the asker may not see the workflow.
pub(crate) async fn pinned(app: &App, scope: &Scope, workflow: &WorkflowId) -> Result<JsonMap> {
    let pins = pins::list(app.store(), scope, workflow).await?;
    Ok(pins.into_iter().map(|pin| (pin.step, pin.output)).collect())
}

/// What a part is given.
struct Data {
    outputs: JsonMap,
    errors: JsonMap,
    input: Json,
}

async fn gather(
    app: &App,
    scope: &Scope,
    workflow: &WorkflowId,
    cut: &Cut,
    pinned: &JsonMap,
    request: &StartRun,
) -> Result<Data> {
    let candidates = match &request.data_of {
        Some(run) => vec![earlier(app, scope, workflow, run).await?],
        None => {
            let filter = runs::RunFilter {
                workflow: Some(workflow.clone()),
                status: None,
            };
            let page = runs::list(app.store(), scope, &filter, None, EARLIER_RUNS).await?;
            let runs = page.items.into_iter();
            runs.filter(|run| run.cause != runs::DRY_RUN).collect()
        }
    };
    let (mut outputs, mut errors) = (JsonMap::new(), JsonMap::new());
    let mut missing = Vec::new();
    for needed in cut.needs() {
        if let Some(pin) = pinned.get(&needed.step).filter(|_| !needed.error) {
            outputs.insert(needed.step.clone(), pin.clone());
            continue;
        }
        let filter = runs::StepFilter {
            step: Some(needed.step.clone()),
            iteration: needed.iteration.clone(),
            status: Some(if needed.error {
                StepStatus::Failed
            } else {
                StepStatus::Succeeded
            }),
        };
        let mut found = false;
        for run in &candidates {
            let page = runs::steps(app.store(), scope, &run.id, &filter, 0, 1).await?;
            let Some(row) = page.items.into_iter().next() else {
                continue;
            };
            let name = needed.step.clone();
            match (needed.error, row.output, row.error) {
                (false, Some(output), _) => outputs.insert(name, output),
                (true, _, Some(error)) => {
                    errors.insert(name, serde_json::to_value(error).unwrap_or_default())
                }
                _ => continue,
            };
            found = true;
            break;
        }
        if !found && !needed.optional {
            missing.push(needed.step.clone());
        }
    }
    if !missing.is_empty() {
        return Err(lacking(&missing, request.data_of.is_some()));
    }
    let input = match (&request.input, pinned.get(TRIGGER), candidates.first()) {
        (Json::Null, Some(pin), _) => pin.clone(),
        (Json::Null, None, Some(run)) => runs::input(app.store(), scope, &run.id).await?,
        (input, _, _) => input.clone(),
    };
    Ok(Data {
        outputs,
        errors,
        input,
    })
}

/// A run of the same workflow.
async fn earlier(
    app: &App,
    scope: &Scope,
    workflow: &WorkflowId,
    run: &RunId,
) -> Result<runs::Run> {
    let found = runs::get(app.store(), scope, run).await?;
    if &found.workflow == workflow {
        Ok(found)
    } else {
        Err(
            Problem::unprocessable("other_workflow", "That run is one of another workflow")
                .field("/data_of", "Name a run of this workflow."),
        )
    }
}

fn lacking(missing: &[String], of_one_run: bool) -> Problem {
    let names = missing
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let what = if of_one_run {
        format!("That run has no output of {names}. Choose another run, or pin a sample output.")
    } else {
        format!(
            "There is no output of {names} yet. Run the workflow up to there first, or pin a sample output."
        )
    };
    Problem::unprocessable("no_data", "The data that this part reads is not there").detail(what)
}

fn read_part(part: &RunPart) -> Result<Part> {
    let RunPart {
        only,
        until,
        from,
        iteration,
    } = part.clone();
    let part = match (only, until, from) {
        (Some(step), None, None) => Part::Only {
            step,
            iteration: iteration.clone(),
        },
        (None, Some(step), None) => Part::Until { step },
        (None, None, Some(step)) => Part::From { step },
        _ => {
            return Err(Problem::unprocessable(
                "malformed_part",
                "It is not clear which part is to run",
            )
            .field(
                "/part",
                "Give exactly one of `only`, `until` and `from`, with the name of a step.",
            ));
        }
    };
    if !iteration.is_empty() && !matches!(part, Part::Only { .. }) {
        return Err(Problem::unprocessable(
            "malformed_part",
            "An item can only be chosen for a step that runs alone",
        )
        .field("/part/iteration", "Leave it out, or use `only`."));
    }
    Ok(part)
}

fn without(mut pins: JsonMap, step: &str) -> JsonMap {
    pins.remove(step);
    pins
}

fn compile(app: &App, document: &Workflow) -> Result<Plan> {
    plan::compile(document, app.catalog()).map_err(|problems| listed(problems.iter()))
}

/// Refuses a document with errors where they matter.
async fn refuse_broken(
    app: &App,
    scope: &Scope,
    document: &Workflow,
    matters: impl Fn(&Finding) -> bool,
) -> Result<()> {
    let findings = checking::problems(app, scope, document).await?;
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut errors = errors.filter(|finding| matters(finding)).peekable();
    match errors.peek() {
        Some(_) => Err(listed(errors)),
        None => Ok(()),
    }
}

fn listed<'a>(findings: impl Iterator<Item = &'a Finding>) -> Problem {
    let refusal = Problem::unprocessable("broken_workflow", "The workflow cannot be run yet")
        .detail("Mend what is listed, then try again.");
    findings.fold(refusal, |refusal, finding| {
        refusal.field(checking::pointer(finding), checking::sentence(finding))
    })
}

fn unfit(error: PartError) -> Problem {
    match &error {
        PartError::Unknown { .. } => {
            Problem::unprocessable("unknown_step", "There is no such step")
        }
        PartError::Unfit(_) => {
            Problem::unprocessable("unfit_part", "This part cannot run by itself")
        }
    }
    .detail(sentence(&error.to_string()))
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(char::to_uppercase)
        .into_iter()
        .flatten();
    let mut whole: String = first.chain(characters).collect();
    if !whole.ends_with(['.', '?', '!']) {
        whole.push('.');
    }
    whole
}

/// Why a run was not accepted, as an answer of our API.
pub(crate) fn refused(error: AcceptError) -> Problem {
    match error {
        AcceptError::ShuttingDown => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "shutting_down",
            "The server is stopping",
        )
        .detail("Nothing was started. Try again in a moment.")
        .retry_after(2),
        AcceptError::QueueFull(_) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "queue_full",
            "Too many runs are waiting",
        )
        .detail(error.to_string()),
        AcceptError::TooLarge(most) => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The input is too large for a run",
        )
        .detail(format!("A run may begin with at most {most} bytes.")),
        AcceptError::Journal(patchbay_engine::port::JournalError::Full) => StoreError::Full.into(),
        AcceptError::Journal(error) => Problem::internal(error),
    }
}
