//! Time that moves only when a test says so.

use crate::port::{BoxFuture, Clock};
use std::time::Duration;
use tokio::sync::watch;

/// A clock that stands still until it is advanced.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<i64>,
}

impl ManualClock {
    /// A clock that shows `now`, in unix milliseconds.
    pub fn at(now: i64) -> Self {
        Self {
            now: watch::channel(now).0,
        }
    }

    /// Lets time pass; everybody whose sleep is over wakes up.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.now.send_modify(|now| *now = now.saturating_add(by));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> i64 {
        *self.now.borrow()
    }

    fn sleep<'a>(&'a self, duration: Duration) -> BoxFuture<'a, ()> {
        let mut now = self.now.subscribe();
        let until = self
            .now()
            .saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
        Box::pin(async move {
            // The sender lives as long as `self`.
            let _ = now.wait_for(|now| *now >= until).await;
        })
    }
}
