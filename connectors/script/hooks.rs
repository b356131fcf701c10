//! JavaScript in a box: no network, no files, little memory, little time. What goes wrong fails the step alone.

mod boxed;
mod explain;

use boxed::Limits;
use patchbay_kit::{
    Call, Hooks,
    hooks::BoxFuture,
    model::{Json, event::StepError},
    pure::failed,
};
use serde_json::json;
use std::time::Duration;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Scripts that run at the same time; others wait, so that their memory together stays small.
const AT_ONCE: usize = 4;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    Script {
        permits: Semaphore::const_new(AT_ONCE),
    }
}

struct Script {
    permits: Semaphore,
}

impl Hooks for Script {
    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        Box::pin(async move {
            if call.operation() != "run" {
                return None;
            }
            Some(self.carry_out(&call).await)
        })
    }
}

impl Script {
    async fn carry_out(&self, call: &Call<'_>) -> Result<Json, StepError> {
        let code = call.text("code").to_owned();
        let input = call.input("input").cloned().unwrap_or_else(|| json!({}));
        let seconds = call.input("timeout").and_then(Json::as_f64).unwrap_or(10.0);
        let limits = Limits {
            time: Duration::from_secs_f64(seconds.clamp(0.0, 60.0)),
            ..Limits::default()
        };
        let broken = |_| failed("internal", "The script could not be started.");
        let permit = self.permits.acquire().await.map_err(|_| broken(()))?;
        let done = spawn_blocking(move || boxed::run(&code, &input, limits)).await;
        drop(permit);
        done.map_err(|_| broken(()))?
    }
}

#[cfg(test)]
mod tests;
