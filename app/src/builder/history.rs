//! What can be undone and redone: each change with its inverse and the words for it.

use patchbay_model::edit::Edit;
use serde::{Deserialize, Serialize};

/// How many changes can be undone.
const DEPTH: usize = 200;

/// Changes of the same thing that follow each other within so many milliseconds are undone together.
const TYPING_PAUSE: i64 = 1_500;

/// One change that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// For the tooltip: "Undo …".
    pub label: String,
    pub edit: Edit,
    pub inverse: Edit,
    /// When, in unix milliseconds.
    pub at: i64,
}

/// The changes made and those taken back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    done: Vec<Entry>,
    undone: Vec<Entry>,
}

impl History {
    /// Adds a change; what was taken back before is forgotten. Typing into one field becomes one change.
    pub fn push(&mut self, entry: Entry) {
        self.undone.clear();
        if let Some(last) = self.done.last_mut()
            && entry.at - last.at < TYPING_PAUSE
            && same_target(&last.edit, &entry.edit)
        {
            last.edit = entry.edit;
            last.at = entry.at;
            return;
        }
        self.done.push(entry);
        if self.done.len() > DEPTH {
            self.done.remove(0);
        }
    }

    /// The change that would be taken back next.
    pub fn next_undo(&self) -> Option<&Entry> {
        self.done.last()
    }

    /// The change that would be made again next.
    pub fn next_redo(&self) -> Option<&Entry> {
        self.undone.last()
    }

    /// Takes the next change to undo; the caller applies its inverse and hands the answer to [`History::undone`].
    pub fn take_undo(&mut self) -> Option<Entry> {
        self.done.pop()
    }

    /// Takes the next change to redo; the caller applies it and hands the answer to [`History::redone`].
    pub fn take_redo(&mut self) -> Option<Entry> {
        self.undone.pop()
    }

    /// A change was taken back; `edit` makes it again.
    pub fn undone(&mut self, entry: Entry, edit: Edit) {
        self.undone.push(Entry { edit, ..entry });
    }

    /// A change was made again; `inverse` takes it back.
    pub fn redone(&mut self, entry: Entry, inverse: Edit) {
        self.done.push(Entry {
            inverse,
            at: 0,
            ..entry
        });
    }

    /// Forgets everything: the document is no longer the one these changes were made to.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Whether two changes set the same thing, so that the later one makes the earlier one invisible.
pub fn same_target(one: &Edit, other: &Edit) -> bool {
    match (one, other) {
        (
            Edit::SetInput {
                step: a, field: b, ..
            },
            Edit::SetInput {
                step: c, field: d, ..
            },
        ) => a == c && b == d,
        (Edit::SetTitle { step: a, .. }, Edit::SetTitle { step: b, .. }) => a == b,
        (Edit::SetSettings { step: a, .. }, Edit::SetSettings { step: b, .. }) => a == b,
        (Edit::SetConfig { key: a, .. }, Edit::SetConfig { key: b, .. }) => a == b,
        (Edit::Rename { .. }, Edit::Rename { .. })
        | (Edit::Describe { .. }, Edit::Describe { .. }) => true,
        _ => false,
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

    fn entry(field: &str, value: &str, before: &str, at: i64) -> Entry {
        Entry {
            label: format!("change {field}"),
            edit: set(field, value),
            inverse: set(field, before),
            at,
        }
    }

    #[test]
    fn typing_into_one_field_is_one_change() {
        let mut history = History::default();
        history.push(entry("/url", "h", "", 0));
        history.push(entry("/url", "ht", "h", 400));
        history.push(entry("/url", "htt", "ht", 800));
        let undo = history.take_undo().unwrap();
        assert_eq!(undo.inverse, set("/url", ""));
        assert_eq!(undo.edit, set("/url", "htt"));
        assert!(history.next_undo().is_none());
    }

    #[test]
    fn a_pause_or_another_field_begins_a_new_change() {
        let mut history = History::default();
        history.push(entry("/url", "a", "", 0));
        history.push(entry("/url", "b", "a", 5_000));
        history.push(entry("/method", "GET", "", 5_100));
        assert_eq!(history.done.len(), 3);
    }

    #[test]
    fn a_new_change_forgets_what_was_taken_back() {
        let mut history = History::default();
        history.push(entry("/url", "a", "", 0));
        let undo = history.take_undo().unwrap();
        let again = undo.edit.clone();
        history.undone(undo, again);
        assert!(history.next_redo().is_some());
        history.push(entry("/method", "GET", "", 1));
        assert!(history.next_redo().is_none());
    }

    #[test]
    fn typing_does_not_join_a_change_made_again() {
        let mut history = History::default();
        history.push(entry("/url", "a", "", 10_000));
        let undo = history.take_undo().unwrap();
        let again = undo.edit.clone();
        history.undone(undo, again);
        let redo = history.take_redo().unwrap();
        let inverse = redo.inverse.clone();
        history.redone(redo, inverse);
        history.push(entry("/url", "b", "a", 10_001));
        assert_eq!(history.done.len(), 2);
    }

    #[test]
    fn history_is_read_back_as_it_was_written() {
        let mut history = History::default();
        history.push(entry("/url", "a", "", 0));
        let text = serde_json::to_string(&history).unwrap();
        assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    }
}
