//! Google's requests a minute and person, reads and writes apart.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::oauth::grants::{Identity, after};
use crate::people::Person;

/// The counters: when the minute ends, and how many requests it has had.
#[derive(Debug, Default)]
pub(crate) struct Quota(HashMap<(Person, String, bool), (Timestamp, u32)>);

impl Quota {
    /// Counts a request; false when it is one too many.
    pub(crate) fn count(
        &mut self,
        identity: &Identity,
        write: bool,
        limit: u32,
        now: Timestamp,
    ) -> bool {
        let minute = self
            .0
            .entry((identity.person, identity.client_id.clone(), write))
            .or_insert((after(now, 60), 0));
        if minute.0 <= now {
            *minute = (after(now, 60), 0);
        }
        minute.1 = minute.1.saturating_add(1);
        minute.1 <= limit
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
