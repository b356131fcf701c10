//! What RingCentral needs beyond single requests: subscriptions to its events, its calls to a webhook,
//! and looking for what is new.

mod events;
mod polling;

use patchbay_kit::{
    Call, Hooks,
    hooks::{BoxFuture, Incoming, Received},
    model::{Json, event::StepError},
    secret::Secret,
};

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    RingCentral
}

struct RingCentral;

impl Hooks for RingCentral {
    fn receive(&self, incoming: &Incoming, secret: Option<&Secret>) -> Result<Received, StepError> {
        events::receive(incoming, secret)
    }

    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        Box::pin(async move {
            Some(match call.operation() {
                "begin_events" => events::begin(&call).await,
                "keep_events" => events::keep(&call).await,
                "end_events" => events::end(&call).await,
                "poll_calls" => polling::calls(&call).await,
                "poll_messages" => polling::messages(&call).await,
                _ => return None,
            })
        })
    }
}
