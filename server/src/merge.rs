//! Saving edits that were made to an older revision: both sides' changes stay, unless they touch the same thing.

use http::StatusCode;
use patchbay_api::workflows::{Edits, Saved};
use patchbay_model::{document::Workflow, edit, id::WorkflowId};
use patchbay_store::{
    Scope, StoreError,
    workflows::{self, Change, EditLog},
};

use crate::{
    checking,
    error::{Problem, Result},
    state::App,
};

/// How often saving is tried again when somebody else saves at the same moment.
const TRIES: usize = 5;

/// Applies the edits to the latest revision and saves the result as a new one.
///
/// # Errors
/// `revision_conflict` when somebody else changed the same thing, `bad_edit` for an edit that makes no sense.
pub(crate) async fn save(
    app: &App,
    scope: &Scope,
    id: &WorkflowId,
    request: &Edits,
) -> Result<Saved> {
    for _ in 0..TRIES {
        match try_once(app, scope, id, request).await {
            Err(Failure::Again) => {}
            Err(Failure::Refused(problem)) => return Err(*problem),
            Ok(saved) => return Ok(saved),
        }
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "busy",
        "Others are saving this workflow at the same moment",
    )
    .detail("Nothing was lost. Try again.")
    .retry_after(1))
}

enum Failure {
    /// Somebody saved in between.
    Again,
    Refused(Box<Problem>),
}

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Refused(Box::new(error.into()))
    }
}

async fn try_once(
    app: &App,
    scope: &Scope,
    id: &WorkflowId,
    request: &Edits,
) -> std::result::Result<Saved, Failure> {
    let found = workflows::get(app.store(), scope, id).await?;
    let current = found.summary.revision;
    if request.base_revision > current {
        return Err(conflict(current, "The revision that was edited does not exist.").into());
    }
    let merged = request.base_revision < current;
    if merged {
        let theirs = workflows::edits_since(app.store(), scope, id, request.base_revision)
            .await?
            .ok_or_else(|| conflict(current, "It was replaced as a whole meanwhile."))?;
        let clash = theirs
            .iter()
            .flat_map(|logged| &logged.edits)
            .any(|theirs| {
                request
                    .edits
                    .iter()
                    .any(|ours| edit::conflicts(ours, theirs))
            });
        if clash {
            return Err(
                conflict(current, "Somebody else changed the same thing meanwhile.").into(),
            );
        }
    }
    let mut document: Workflow = found.document;
    for (at, change) in request.edits.iter().enumerate() {
        edit::apply(&mut document, change).map_err(|error| {
            if merged {
                conflict(
                    current,
                    "After what others changed, this edit makes no sense any more.",
                )
            } else {
                Problem::unprocessable("bad_edit", "An edit cannot be made")
                    .detail("Nothing was saved.")
                    .field(format!("/edits/{at}"), error.to_string())
            }
        })?;
    }
    let problems = checking::problems(app, scope, &document).await?;
    let log = EditLog {
        base_revision: current,
        edits: &request.edits,
    };
    let change = Change {
        document: &document,
        problems: problems.len(),
        edits: Some(log),
    };
    match workflows::save(app.store(), scope, id, Some(current), &change).await {
        Ok(saved) => Ok(Saved {
            id: saved.id,
            revision: saved.revision,
            problems,
            document: merged.then_some(document),
        }),
        Err(StoreError::Conflict { .. }) => Err(Failure::Again),
        Err(error) => Err(error.into()),
    }
}

fn conflict(current: i64, why: &str) -> Problem {
    let mut problem = Problem::new(
        StatusCode::CONFLICT,
        "revision_conflict",
        "This workflow was changed meanwhile",
    )
    .detail(format!("{why} The current revision is {current}."));
    problem.details.current_revision = Some(current);
    problem
}
