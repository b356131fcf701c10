//! Keeps requests back while a service says to wait: a request during the penalty may start it anew.

use super::problem;
use patchbay_model::event::StepError;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::time::{Duration, Instant, sleep_until};

/// Longer waits are the caller's business, who can put the step to sleep.
const WAIT_INSIDE: Duration = Duration::from_secs(2);

/// Which requests a limit counts together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Queue {
    pub(super) connector: String,
    /// The credential's key.
    pub(super) credential: String,
    /// The service's rate-limit group.
    pub(super) group: String,
}

/// Until when each queue is closed.
#[derive(Default)]
pub(super) struct Gate {
    closed: Mutex<HashMap<Queue, Instant>>,
}

impl Gate {
    /// Lets a request through, after a short wait if need be; a longer one is an error that says how long.
    pub(super) async fn pass(&self, queue: &Queue, service: &str) -> Result<(), StepError> {
        let until = {
            let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
            if closed.is_empty() {
                return Ok(());
            }
            closed.get(queue).copied()
        };
        let Some(until) = until else { return Ok(()) };
        let left = until.saturating_duration_since(Instant::now());
        if left > WAIT_INSIDE {
            return Err(problem::rate_limited(service, left));
        }
        sleep_until(until).await;
        Ok(())
    }

    /// Closes a queue for a while.
    pub(super) fn close(&self, queue: Queue, wait: Duration) {
        let now = Instant::now();
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, until| *until > now);
        closed.insert(queue, now + wait);
    }
}
