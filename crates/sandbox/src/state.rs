//! Everything a sandbox remembers.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::config::{Config, RateLimits};
use crate::faults::Faults;
use crate::google::quota::Quota;
use crate::google::seed;
use crate::google::spreadsheet::Spreadsheet;
use crate::oauth::grants::Grants;
use crate::request_log::RequestLog;
use crate::ringcentral::messages::Message;
use crate::ringcentral::rate_limit::RateLimiter;
use crate::ringcentral::record::CallRecord;
use crate::ringcentral::subscriptions::Subscription;
use crate::ringcentral::webhooks::Deliveries;
use crate::ringcentral::{calls, messages};

/// The state behind the lock; every request is answered while holding it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) config: Arc<Config>,
    pub(crate) grants: Grants,
    pub(crate) limits: RateLimiter,
    pub(crate) quota: Quota,
    pub(crate) calls: Vec<CallRecord>,
    pub(crate) messages: Vec<Message>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) deliveries: Deliveries,
    /// How many events there were; each has a number of its own.
    pub(crate) events: u64,
    pub(crate) files: IndexMap<String, Spreadsheet>,
    pub(crate) log: RequestLog,
    pub(crate) faults: Faults,
    /// How long every answer of the services waits.
    pub(crate) delay: Duration,
    /// How much the services let through.
    pub(crate) rate_limits: RateLimits,
    /// Something worth saving has changed since the last save.
    pub(crate) dirty: bool,
}

impl State {
    pub(crate) fn new(config: Arc<Config>, now: Timestamp) -> Self {
        let calls = calls::generate(config.seed, config.calls, now);
        Self {
            grants: Grants::default(),
            limits: RateLimiter::default(),
            quota: Quota::default(),
            messages: messages::generate(config.seed, &calls, now),
            calls,
            subscriptions: Vec::new(),
            deliveries: Deliveries::default(),
            events: 0,
            files: seed::files(config.seed, now),
            log: RequestLog::default(),
            faults: Faults::default(),
            delay: config.response_delay,
            rate_limits: config.rate_limits.clone(),
            dirty: false,
            config,
        }
    }

    /// Back to how it all began, accounts included.
    pub(crate) fn reset(&mut self, now: Timestamp) {
        *self = Self::new(Arc::clone(&self.config), now);
        self.dirty = true;
    }
}
