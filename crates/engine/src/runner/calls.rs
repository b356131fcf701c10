//! One attempt at a step on its way through the outside world.

use super::Inner;
use crate::{
    decide::{Invocation, time_out},
    plan::Plan,
    port::Call,
    state::Facts,
};
use futures::FutureExt;
use patchbay_model::{Json, event::StepError};
use std::{panic::AssertUnwindSafe, time::Duration};

/// How an attempt ended.
pub(super) struct Answer {
    pub(super) call: Invocation,
    pub(super) started_at: i64,
    pub(super) result: Result<Json, StepError>,
}

/// Carries an attempt out. Dropping the future drops the call.
pub(super) async fn carry_out(
    inner: &Inner,
    facts: &Facts,
    plan: &Plan,
    mut call: Invocation,
) -> Answer {
    let started_at = inner.clock.now();
    let request = Call {
        organisation: facts.organisation.clone(),
        person: facts.person.clone(),
        workflow: facts.workflow.clone(),
        run: facts.run.clone(),
        connector: call.connector.clone(),
        operation: call.operation.clone(),
        auth: call.auth.clone(),
        inputs: std::mem::take(&mut call.inputs),
        idempotency_key: call.idempotency_key.clone(),
        depth: plan.depth(),
    };
    // A block, so that a panic before the first await is caught as well.
    let invoked = AssertUnwindSafe(async {
        match call.of_workflow {
            true => inner.invoke.call_workflow(request).await,
            false => inner.invoke.invoke(request).await,
        }
    })
    .catch_unwind();
    let result = tokio::select! {
        biased;
        ended = invoked => ended.unwrap_or_else(|_| Err(panicked(&call))),
        () = inner.clock.sleep(Duration::from_millis(call.timeout_ms)) => Err(time_out(plan, &call)),
    };
    Answer {
        call,
        started_at,
        result,
    }
}

fn panicked(call: &Invocation) -> StepError {
    StepError {
        code: "internal_error".to_owned(),
        message: format!(
            "Patchbay failed inside `{}` of `{}`; the server's log says more.",
            call.operation, call.connector
        ),
        outcome_unknown: true,
        ..StepError::default()
    }
}
