//! A published workflow, ready to start runs: everything that a delivery needs is at hand, compiled once.

use patchbay_engine::{
    plan::{self, Plan},
    schedule::{Missed, Schedule},
};
use patchbay_kit::Starts;
use patchbay_model::{Json, JsonMap, document::Workflow, id::WorkflowId};
use patchbay_store::{
    System,
    triggers::TriggerKind,
    workflows::{self, Published},
};
use std::sync::{Arc, PoisonError, RwLock};

use super::{
    adapters,
    port::{Place, ServiceTrigger},
    resolve,
    webhook::Rules,
};
use crate::{
    error::{Problem, Result},
    state::App,
};

/// A trigger at work.
pub(crate) struct Live {
    pub(crate) place: Place,
    /// What its address ends with, if it has one.
    pub(crate) key: Option<String>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) what: What,
    /// Some step reads `$.env.last_run_at`.
    pub(crate) reads_last_run: bool,
}

/// What it waits for.
pub(crate) enum What {
    /// Somebody asks.
    Asked(TriggerKind),
    Schedule(Box<Timing>),
    Webhook(Box<Rules>),
    Service {
        adapter: &'static dyn ServiceTrigger,
        /// None while it is being registered.
        registration: RwLock<Option<Json>>,
    },
    /// The failure of one of these workflows, or of any.
    Failure(Vec<WorkflowId>),
}

/// A schedule with its policies.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timing {
    pub(crate) schedule: Schedule,
    pub(crate) missed: Missed,
    pub(crate) overlap: Overlap,
    /// Milliseconds that the first polling window reaches back.
    pub(crate) look_back: i64,
}

/// What happens when the last run is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlap {
    Queue,
    Skip,
    Parallel,
}

impl Live {
    pub(crate) fn kind(&self) -> TriggerKind {
        match &self.what {
            What::Asked(kind) => *kind,
            What::Schedule(_) => TriggerKind::Schedule,
            What::Webhook(_) => TriggerKind::Webhook,
            What::Service { .. } => TriggerKind::Service,
            What::Failure(_) => TriggerKind::Failure,
        }
    }

    /// What an earlier registration at the service left.
    pub(crate) fn registration(&self) -> Option<Json> {
        let What::Service { registration, .. } = &self.what else {
            return None;
        };
        registration
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_registration(&self, new: Option<Json>) {
        if let What::Service { registration, .. } = &self.what {
            *registration.write().unwrap_or_else(PoisonError::into_inner) = new;
        }
    }
}

/// Whose trigger is made ready.
pub(crate) struct Owner {
    pub(crate) published: Published,
    /// From when on an interval counts that does not say so itself.
    pub(crate) from: i64,
}

/// Makes a workflow's trigger ready.
///
/// # Errors
/// When the workflow cannot run or the trigger's inputs make no sense, with every place.
pub(crate) fn ready(app: &App, document: &Workflow, owner: Owner) -> Result<Live> {
    let plan = plan::compile(document, app.catalog()).map_err(|problems| {
        let refusal = Problem::unprocessable("broken_workflow", "The workflow cannot be run yet");
        problems.iter().fold(refusal, |refusal, problem| {
            refusal.field(
                crate::checking::pointer(problem),
                crate::checking::sentence(problem),
            )
        })
    })?;
    let trigger = &document.trigger;
    let inputs = resolve::inputs(app, document)?;
    let starts = app.catalog().starts(&trigger.connector, &trigger.operation);
    let what = match starts {
        Some(Starts::Schedule) => What::Schedule(Box::new(timing(
            &trigger.operation,
            &inputs,
            document,
            owner.from,
        )?)),
        Some(Starts::Webhook) => {
            What::Webhook(Box::new(Rules::read(&inputs, trigger.auth.as_ref())?))
        }
        Some(Starts::Failure) => What::Failure(watched(&inputs)),
        Some(Starts::Subscription) => What::Service {
            adapter: adapters::find(&trigger.connector).ok_or_else(|| {
                Problem::unprocessable(
                    "unknown_trigger",
                    "This trigger cannot be registered by this server",
                )
                .field("/trigger/operation", "has nobody who registers it")
            })?,
            registration: RwLock::new(None),
        },
        Some(Starts::Call) => What::Asked(TriggerKind::Call),
        Some(Starts::Manual) | None => What::Asked(TriggerKind::Manual),
    };
    let published = owner.published;
    let key = published
        .webhook_key
        .filter(|_| matches!(what, What::Webhook(_) | What::Service { .. }));
    Ok(Live {
        place: Place {
            delivery_url: key
                .as_deref()
                .map(|key| address(app, key))
                .unwrap_or_default(),
            workflow: published.id,
            organisation: published.organisation,
            person: published.published_by,
            revision: published.revision,
            connector: trigger.connector.clone(),
            operation: trigger.operation.clone(),
            auth: trigger.auth.clone(),
            inputs,
        },
        key,
        plan: Arc::new(plan),
        what,
        reads_last_run: mentions(document, "last_run_at"),
    })
}

/// The address under which a trigger is called.
pub(crate) fn address(app: &App, key: &str) -> String {
    format!("{}/hooks/{key}", app.public_url())
}

/// The trigger that is called under a key, if its workflow is enabled.
///
/// # Errors
/// When the store cannot be asked, or the published revision cannot run any more.
pub(crate) async fn by_key(app: &App, key: &str) -> Result<Option<Arc<Live>>> {
    if let Some(live) = app.triggers().by_key(key) {
        return Ok(Some(live));
    }
    let system = System::for_sign_in_and_workers();
    match workflows::by_webhook_key(app.store(), &system, key).await? {
        Some(published) => {
            let live = by_workflow(app, &published.id).await?;
            Ok(live.filter(|live| live.key.as_deref() == Some(key)))
        }
        None => Ok(None),
    }
}

/// The trigger of a workflow, if it is enabled.
///
/// # Errors
/// See [`by_key`].
pub(crate) async fn by_workflow(app: &App, workflow: &WorkflowId) -> Result<Option<Arc<Live>>> {
    if let Some(live) = app.triggers().by_workflow(workflow) {
        return Ok(Some(live));
    }
    let system = System::for_sign_in_and_workers();
    let Some((published, document)) =
        workflows::published_by_id(app.store(), &system, workflow).await?
    else {
        return Ok(None);
    };
    let from = enabled_at(app, workflow).await?;
    let live = ready(app, &document, Owner { published, from })?;
    if let What::Service { .. } = &live.what {
        live.set_registration(super::renewals::stored(app, workflow).await?);
    }
    let live = Arc::new(live);
    app.triggers().put(Arc::clone(&live));
    Ok(Some(live))
}

async fn enabled_at(app: &App, workflow: &WorkflowId) -> Result<i64> {
    let system = System::for_sign_in_and_workers();
    let row = patchbay_store::triggers::for_worker(app.store(), &system, workflow).await?;
    Ok(row.map_or_else(|| app.store().now(), |row| row.enabled_at))
}

/// Reads a schedule and its policies.
///
/// # Errors
/// With the input that is wrong, below `/trigger/inputs`.
pub(crate) fn timing(
    operation: &str,
    inputs: &JsonMap,
    document: &Workflow,
    from: i64,
) -> Result<Timing> {
    let schedule = Schedule::read(operation, inputs, from).map_err(|error| {
        Problem::unprocessable("broken_schedule", "The schedule cannot be used")
            .detail(error.message.clone())
            .field(format!("/trigger/inputs{}", error.field), error.message)
    })?;
    let word = |name: &str| inputs.get(name).and_then(Json::as_str).unwrap_or_default();
    let overlap = match word("overlap") {
        "parallel" if polls(document) => {
            let message = "A workflow that reads `$.steps.trigger.since` must not run beside itself: the same records would be taken twice. Choose to wait, or to leave the firing out.";
            return Err(Problem::unprocessable(
                "overlapping_poll",
                "The workflow cannot be enabled yet",
            )
            .detail(message)
            .field("/trigger/inputs/overlap", message));
        }
        "parallel" => Overlap::Parallel,
        "skip" => Overlap::Skip,
        _ => Overlap::Queue,
    };
    let hours = inputs
        .get("look_back_hours")
        .and_then(Json::as_f64)
        .unwrap_or(24.0)
        .clamp(0.0, 1_000_000.0);
    Ok(Timing {
        schedule,
        missed: Missed::named(word("missed")),
        overlap,
        look_back: (hours * 3_600_000.0) as i64,
    })
}

fn watched(inputs: &JsonMap) -> Vec<WorkflowId> {
    let ids = inputs.get("workflows").and_then(Json::as_array);
    ids.into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(WorkflowId::from)
        .collect()
}

/// Whether it takes what is new since its last run.
fn polls(document: &Workflow) -> bool {
    ["trigger.since", "trigger['since']", "trigger[\"since\"]"]
        .iter()
        .any(|path| mentions(document, path))
}

/// Whether some step names it.
fn mentions(document: &Workflow, what: &str) -> bool {
    fn within(value: &Json, what: &str) -> bool {
        match value {
            Json::String(text) => text.contains(what),
            Json::Array(items) => items.iter().any(|item| within(item, what)),
            Json::Object(map) => map.values().any(|value| within(value, what)),
            _ => false,
        }
    }
    serde_json::to_value(&document.steps).is_ok_and(|steps| within(&steps, what))
}
