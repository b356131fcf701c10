//! What is not saved yet: edits waiting to be sent, edits under way, and how long to wait after a failure.
//!
//! One request is under way at a time. What is made meanwhile waits, and edits of the same field that wait become one.

use crate::builder::history::same_target;
use patchbay_api::workflows::Edits;
use patchbay_model::edit::Edit;
use serde::{Deserialize, Serialize};

/// The longest pause between two attempts, in milliseconds.
const LONGEST_PAUSE: u32 = 30_000;

/// Edits that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    /// The revision that the first of them is based on.
    base: i64,
    under_way: Vec<Edit>,
    waiting: Vec<Edit>,
    failures: u32,
}

/// The outbox as it is kept across a reload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub base: i64,
    pub edits: Vec<Edit>,
}

impl Outbox {
    /// Nothing to send; the server has this revision.
    pub fn at(revision: i64) -> Self {
        Self {
            base: revision,
            ..Self::default()
        }
    }

    /// Adds an edit. Only neighbours are joined, so that the order of edits stays what it was.
    pub fn push(&mut self, edit: Edit) {
        if let Some(last) = self.waiting.last_mut()
            && same_target(last, &edit)
        {
            *last = edit;
        } else {
            self.waiting.push(edit);
        }
    }

    /// Whether everything is saved.
    pub fn is_empty(&self) -> bool {
        self.under_way.is_empty() && self.waiting.is_empty()
    }

    /// Whether a request is under way.
    pub fn is_sending(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// The next request, if none is under way and something waits.
    pub fn take(&mut self) -> Option<Edits> {
        if self.is_sending() || self.waiting.is_empty() {
            return None;
        }
        self.under_way = std::mem::take(&mut self.waiting);
        Some(Edits {
            base_revision: self.base,
            edits: self.under_way.clone(),
        })
    }

    /// The request was accepted. What still waits is based on the new revision.
    pub fn saved(&mut self, revision: i64) {
        self.base = revision;
        self.under_way.clear();
        self.failures = 0;
    }

    /// The request was not answered: its edits wait again. Gives the pause before the next attempt in milliseconds.
    pub fn failed(&mut self) -> u32 {
        let mut edits = std::mem::take(&mut self.under_way);
        edits.append(&mut self.waiting);
        self.waiting = edits;
        let pause = 1_000_u32.saturating_mul(1 << self.failures.min(5));
        self.failures += 1;
        pause.min(LONGEST_PAUSE)
    }

    /// Everything in it is dropped; the server has this revision.
    pub fn reset(&mut self, revision: i64) {
        *self = Self::at(revision);
    }

    /// The edits that wait, without those under way.
    pub fn waiting(&self) -> &[Edit] {
        &self.waiting
    }

    /// Takes out a waiting edit that can no longer be made.
    pub fn retain_waiting(&mut self, keep: impl FnMut(&Edit) -> bool) {
        self.waiting.retain(keep);
    }

    /// For keeping across a reload; none when there is nothing to keep.
    pub fn keep(&self) -> Option<Kept> {
        let edits: Vec<Edit> = self
            .under_way
            .iter()
            .chain(&self.waiting)
            .cloned()
            .collect();
        (!edits.is_empty()).then_some(Kept {
            base: self.base,
            edits,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(field: &str, value: &str) -> Edit {
        Edit::SetInput {
            step: "http-1".to_owned(),
            field: field.to_owned(),
            value: Some(json!(value)),
        }
    }

    #[test]
    fn one_request_is_under_way_at_a_time() {
        let mut outbox = Outbox::at(3);
        outbox.push(set("/url", "a"));
        let first = outbox.take().unwrap();
        assert_eq!((first.base_revision, first.edits.len()), (3, 1));
        outbox.push(set("/url", "b"));
        assert_eq!(outbox.take(), None);
        outbox.saved(4);
        let second = outbox.take().unwrap();
        assert_eq!(
            (second.base_revision, second.edits),
            (4, vec![set("/url", "b")])
        );
        outbox.saved(5);
        assert!(outbox.is_empty());
    }

    #[test]
    fn waiting_edits_of_one_field_become_one() {
        let mut outbox = Outbox::at(1);
        outbox.push(set("/url", "a"));
        outbox.push(set("/url", "ab"));
        outbox.push(set("/method", "GET"));
        outbox.push(set("/url", "abc"));
        let edits = outbox.take().unwrap().edits;
        assert_eq!(
            edits,
            [set("/url", "ab"), set("/method", "GET"), set("/url", "abc")]
        );
    }

    #[test]
    fn edits_of_a_failed_request_are_sent_again_first() {
        let mut outbox = Outbox::at(1);
        outbox.push(set("/url", "a"));
        outbox.take().unwrap();
        outbox.push(set("/method", "GET"));
        outbox.failed();
        assert_eq!(
            outbox.take().unwrap().edits,
            [set("/url", "a"), set("/method", "GET")]
        );
    }

    #[test]
    fn pauses_grow_to_half_a_minute_and_begin_anew_after_success() {
        let mut outbox = Outbox::at(1);
        let mut pauses = Vec::new();
        for _ in 0..7 {
            outbox.push(set("/url", "a"));
            outbox.take().unwrap();
            pauses.push(outbox.failed());
        }
        assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        outbox.take().unwrap();
        outbox.saved(2);
        outbox.push(set("/url", "b"));
        outbox.take().unwrap();
        assert_eq!(outbox.failed(), 1_000);
    }

    #[test]
    fn edits_under_way_are_kept_across_a_reload() {
        let mut outbox = Outbox::at(7);
        outbox.push(set("/url", "a"));
        outbox.take().unwrap();
        outbox.push(set("/method", "GET"));
        let kept = outbox.keep().unwrap();
        assert_eq!(kept.base, 7);
        assert_eq!(kept.edits, [set("/url", "a"), set("/method", "GET")]);
        outbox.saved(8);
        outbox.take().unwrap();
        outbox.saved(9);
        assert_eq!(outbox.keep(), None);
    }
}
