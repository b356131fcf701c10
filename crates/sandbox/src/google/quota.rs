//! Google's requests a minute, reads and writes apart: those of a person, and those of everybody who uses the app.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::oauth::grants::{Identity, after};
use crate::people::Person;

/// The counters: when the minute ends, and how many requests it has had.
#[derive(Debug, Default)]
pub(crate) struct Quota(HashMap<(Option<Person>, String, bool), (Timestamp, u32)>);

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    Person,
    Project,
}

impl Quota {
    /// Counts a request against both limits: the person's and the project's.
    pub(crate) fn count(
        &mut self,
        identity: &Identity,
        write: bool,
        (person, project): (u32, u32),
        now: Timestamp,
    ) -> Result<(), Reached> {
        let client = &identity.client_id;
        if !self.one(Some(identity.person), client, write, person, now) {
            return Err(Reached::Person);
        }
        if !self.one(None, client, write, project, now) {
            return Err(Reached::Project);
        }
        Ok(())
    }

    fn one(
        &mut self,
        person: Option<Person>,
        client: &str,
        write: bool,
        limit: u32,
        now: Timestamp,
    ) -> bool {
        let minute = self
            .0
            .entry((person, client.to_owned(), write))
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
