//! Checking a document with what only the server knows: which authentications there are, and what they may do.

use patchbay_model::{
    check::{self, Context, KnownAuthentication},
    document::Workflow,
    problem::{Problem, Severity},
};
use patchbay_store::{Scope, authentications};

use crate::{error::Result, state::App};

/// Problems of a document as this person would run it.
///
/// # Errors
/// When the store cannot be asked; the check itself never fails.
pub(crate) async fn problems(
    app: &App,
    scope: &Scope,
    document: &Workflow,
) -> Result<Vec<Problem>> {
    let known: Vec<KnownAuthentication> = authentications::list(app.store(), scope, None)
        .await?
        .into_iter()
        .map(|one| KnownAuthentication {
            id: one.id,
            name: one.name,
            service: one.service,
            // A pasted token comes with no word about what it may do.
            scopes: (!one.granted_scopes.is_empty()).then_some(one.granted_scopes),
        })
        .collect();
    let context = Context {
        authentications: Some(&known),
        ..Context::default()
    };
    Ok(check::check(document, app.catalog(), &context))
}

/// How many of them keep a run from starting.
pub(crate) fn errors(problems: &[Problem]) -> usize {
    problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count()
}

/// A problem of the check as a refusal of the API names it.
pub(crate) fn sentence(problem: &Problem) -> String {
    let hint = problem
        .suggestion
        .as_ref()
        .map(|text| format!(" Did you mean {text}?"))
        .unwrap_or_default();
    format!("{}{hint}", problem.message)
}

/// The pointer of a problem into the list of steps: `/ringcentral-1/auth`.
pub(crate) fn pointer(problem: &Problem) -> String {
    let step = problem.step.as_deref().unwrap_or_default();
    let field = problem.field.as_deref().unwrap_or_default();
    format!("/{step}/{}", field.trim_start_matches('/'))
}
