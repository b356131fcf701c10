//! Faults that a test orders: answers that are wrong on purpose.

use serde::{Deserialize, Serialize};

use crate::wire::Reply;

/// So many of the next service requests get this answer instead of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// How many requests are hit.
    pub count: u32,
    /// The status they get.
    pub status: u16,
    /// The body they get.
    pub body: String,
    /// The content type of that body.
    pub content_type: String,
    /// Only requests whose path starts with this are hit; empty hits all.
    pub path: String,
    /// Seconds to send as `Retry-After`.
    pub retry_after: Option<u32>,
    /// True: the request takes effect and only its answer is lost.
    pub applied: bool,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            count: 1,
            status: 503,
            body: String::new(),
            content_type: "application/json".to_owned(),
            path: String::new(),
            retry_after: None,
            applied: false,
        }
    }
}

impl Fault {
    pub(crate) fn reply(&self) -> Reply {
        let reply = Reply::new(self.status, &self.content_type, self.body.as_bytes());
        match self.retry_after {
            Some(seconds) => reply.header("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

/// The faults still to be handed out, first ordered first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.count > 0 {
            self.0.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that hits a request to `path`, used up by one.
    pub(crate) fn take(&mut self, path: &str) -> Option<Fault> {
        let index = self
            .0
            .iter()
            .position(|fault| path.starts_with(&fault.path))?;
        let fault = self.0.get_mut(index)?;
        fault.count -= 1;
        let hit = fault.clone();
        if fault.count == 0 {
            self.0.remove(index);
        }
        Some(hit)
    }
}
