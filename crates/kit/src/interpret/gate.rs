//! Keeps requests back while a service says to wait: a request during the penalty may start it anew.

use super::problem;
use patchbay_model::event::StepError;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::time::{Duration, Instant, sleep_until};

/// Longer waits are the caller's business, who can put the step to sleep.
const WAIT_INSIDE: Duration = Duration::from_secs(2);

/// How long the others wait for the first request after a penalty to be answered.
const PROBE: Duration = Duration::from_secs(1);

/// Which requests a limit counts together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Queue {
    pub(super) connector: String,
    /// The credential's key.
    pub(super) credential: String,
    /// The service's rate-limit group.
    pub(super) group: String,
}

impl Queue {
    /// The queue of the same group that all authentications stand in.
    pub(super) fn shared(&self) -> Self {
        Self {
            credential: String::new(),
            ..self.clone()
        }
    }
}

/// Until when each queue is closed.
///
/// When the time has come, one request goes first; the others follow when it has been answered, so that a hundred
/// of them do not run into the same penalty together.
#[derive(Default)]
pub(super) struct Gate {
    closed: Mutex<HashMap<Queue, Instant>>,
}

impl Gate {
    /// Lets a request through, after a short wait if need be; a longer one is an error that says how long.
    pub(super) async fn pass(&self, queue: &Queue, service: &str) -> Result<(), StepError> {
        loop {
            let now = Instant::now();
            let until = {
                let mut closed = self.lock();
                if closed.is_empty() {
                    return Ok(());
                }
                let Some(until) = closed.get_mut(queue) else {
                    return Ok(());
                };
                if *until <= now {
                    *until = now + PROBE;
                    return Ok(());
                }
                *until
            };
            let left = until.saturating_duration_since(now);
            if left > WAIT_INSIDE {
                return Err(problem::rate_limited(service, left));
            }
            sleep_until(until).await;
        }
    }

    /// Closes a queue for a while; a longer penalty that is under way stays.
    pub(super) fn close(&self, queue: Queue, wait: Duration) {
        let until = Instant::now() + wait;
        let mut closed = self.lock();
        let before = closed.entry(queue).or_insert(until);
        *before = until.max(*before);
    }

    /// An answer came that asks for nothing: the penalty is over, unless it began after the request had left.
    pub(super) fn answered(&self, queue: &Queue, left_at: Instant) {
        let mut closed = self.lock();
        if closed.is_empty() {
            return;
        }
        let probed = closed
            .get(queue)
            .is_some_and(|until| *until <= left_at + PROBE);
        if probed {
            closed.remove(queue);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Queue, Instant>> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::time::{advance, sleep};

    fn queue() -> Queue {
        Queue {
            connector: "thing".to_owned(),
            credential: "auth_1".to_owned(),
            group: "heavy".to_owned(),
        }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_shorter_penalty_does_not_cut_a_longer_one() {
        let gate = Gate::default();
        gate.close(queue(), LONG);
        gate.close(queue(), Duration::from_secs(5));
        advance(Duration::from_secs(50)).await;
        let refused = gate.pass(&queue(), "Thing").await.unwrap_err();
        assert_eq!(refused.retry_after_ms, Some(10_000));
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_goes_first_after_a_penalty_and_the_others_when_it_is_answered() {
        let gate = Gate::default();
        gate.close(queue(), LONG);
        advance(LONG).await;
        let left_at = Instant::now();
        assert!(gate.pass(&queue(), "Thing").await.is_ok());
        let same = queue();
        let second = gate.pass(&same, "Thing");
        tokio::pin!(second);
        assert!(futures::poll!(&mut second).is_pending());
        gate.answered(&queue(), left_at);
        assert!(gate.pass(&queue(), "Thing").await.is_ok());
        assert!(second.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_to_a_request_from_before_a_penalty_does_not_end_it() {
        let gate = Gate::default();
        let left_at = Instant::now();
        gate.close(queue(), LONG);
        gate.answered(&queue(), left_at);
        assert!(gate.pass(&queue(), "Thing").await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn no_request_of_many_runs_leaves_during_a_penalty() {
        let gate = Arc::new(Gate::default());
        let penalty_until = Instant::now() + LONG;
        gate.close(queue(), LONG);
        let early = Arc::new(AtomicUsize::new(0));
        let sent = Arc::new(AtomicUsize::new(0));
        let runs = (0..64).map(|run| {
            let (gate, early, sent) = (Arc::clone(&gate), Arc::clone(&early), Arc::clone(&sent));
            tokio::spawn(async move {
                sleep(Duration::from_millis(run * 37)).await;
                // What the engine does: sleeps for as long as it is told, then tries again.
                while let Err(refused) = gate.pass(&queue(), "Thing").await {
                    sleep(Duration::from_millis(refused.retry_after_ms.unwrap_or(0))).await;
                }
                let left_at = Instant::now();
                early.fetch_add(usize::from(left_at < penalty_until), Ordering::Relaxed);
                sent.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_millis(20)).await;
                gate.answered(&queue(), left_at);
            })
        });
        futures::future::join_all(runs).await;
        let counts = [&early, &sent].map(|count| count.load(Ordering::Relaxed));
        assert_eq!(counts, [0, 64]);
    }
}
