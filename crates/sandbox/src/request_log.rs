//! What the services were asked, so that a test can say "exactly these calls were made".

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

/// Older entries are dropped above this many.
const KEPT: usize = 100_000;

/// One request to one of the services. Pages and the control interface are not logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestLogEntry {
    /// When it was answered.
    pub at: Timestamp,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, without `?`; empty when there was none.
    pub query: String,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Whose token it carried: `ana` or `ben`.
    pub owner: Option<String>,
    /// The value of `Idempotency-Key` or `X-Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// The value of `User-Agent`.
    pub user_agent: Option<String>,
}

/// The entries in the order of their answers.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<RequestLogEntry>,
}

impl RequestLog {
    pub(crate) fn push(&mut self, entry: RequestLogEntry) {
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn entries(&self) -> Vec<RequestLogEntry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
