//! Changing the workflow: every change is an [`Edit`], so that it can be undone, kept and sent.

use super::BuilderState;
use crate::{
    browser,
    builder::{history::Entry, label::label, moves, names, tree},
};
use leptos::prelude::*;
use patchbay_model::{
    document::{Place, Step, TRIGGER, Trigger},
    edit::{self, Edit},
    spec::Catalog,
};

/// A message at the rim of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    /// Whether it offers to undo the last change.
    pub undo: bool,
}

impl BuilderState {
    /// Makes a change. Tells whether it could be made; if not, the person is told why and nothing has changed.
    pub fn edit(&self, edit: Edit) -> bool {
        let words = self
            .workflow
            .with_untracked(|workflow| label(workflow, &edit));
        self.edit_labelled(edit, words)
    }

    /// The same with words of one's own for the undo tooltip ("paste 3 steps").
    pub fn edit_labelled(&self, edit: Edit, words: String) -> bool {
        let Some(inverse) = self.apply(&edit) else {
            return false;
        };
        let entry = Entry {
            label: words,
            edit: edit.clone(),
            inverse,
            at: browser::now(),
        };
        self.history.update(|history| history.push(entry));
        self.outbox.update(|outbox| outbox.push(edit));
        self.save_soon();
        true
    }

    /// Takes the last change back.
    pub fn undo(&self) {
        let Some(entry) = self
            .history
            .try_update(|history| history.take_undo())
            .flatten()
        else {
            return;
        };
        let edit = entry.inverse.clone();
        let Some(again) = self.apply(&edit) else {
            return;
        };
        self.history.update(|history| history.undone(entry, again));
        self.outbox.update(|outbox| outbox.push(edit));
        self.save_soon();
    }

    /// Makes the last change taken back again.
    pub fn redo(&self) {
        let Some(entry) = self
            .history
            .try_update(|history| history.take_redo())
            .flatten()
        else {
            return;
        };
        let edit = entry.edit.clone();
        let Some(inverse) = self.apply(&edit) else {
            return;
        };
        self.history
            .update(|history| history.redone(entry, inverse));
        self.outbox.update(|outbox| outbox.push(edit));
        self.save_soon();
    }

    /// The words for what undo would take back. Tracked.
    pub fn undo_label(&self) -> Option<String> {
        self.history
            .with(|history| history.next_undo().map(|entry| entry.label.clone()))
    }

    /// The words for what redo would make again. Tracked.
    pub fn redo_label(&self) -> Option<String> {
        self.history
            .with(|history| history.next_redo().map(|entry| entry.label.clone()))
    }

    /// Puts a new step at a place and selects it; gives its name. None while the connector is being fetched.
    pub fn add_step(&self, connector: &str, operation: &str, at: Place) -> Option<String> {
        let spec = self
            .specs
            .with_untracked(|specs| specs.operation(connector, operation).cloned());
        let Some(spec) = spec else {
            self.ensure_connector(connector);
            return None;
        };
        let name = self
            .workflow
            .with_untracked(|workflow| workflow.fresh_name(connector));
        let step = Box::new(names::new_step(name.clone(), connector, &spec));
        let added = self.edit(Edit::AddStep { at, step });
        if added {
            self.select(&name);
        }
        added.then_some(name)
    }

    /// Replaces the trigger by another operation, with the inputs it begins with.
    pub fn set_trigger(&self, connector: &str, operation: &str) {
        let spec = self
            .specs
            .with_untracked(|specs| specs.operation(connector, operation).cloned());
        let Some(spec) = spec else {
            return self.ensure_connector(connector);
        };
        let trigger = Trigger {
            title: spec.title.clone(),
            connector: connector.to_owned(),
            operation: operation.to_owned(),
            auth: None,
            inputs: names::required_defaults(&spec.inputs),
        };
        if self.edit(Edit::SetTrigger { trigger }) {
            self.select(TRIGGER);
        }
    }

    /// Takes a step out, with everything inside it; offers to undo.
    pub fn remove_step(&self, name: &str) {
        if name == TRIGGER {
            return self.say(
                "Every workflow has a trigger. Pick another one in the palette to replace it.",
            );
        }
        let (next, title) = self.workflow.with_untracked(|workflow| {
            (
                moves::after_removal(workflow, name),
                workflow.step(name).map(|step| step.title.clone()),
            )
        });
        if self.edit(Edit::RemoveStep {
            step: name.to_owned(),
        }) {
            self.selected.set(next);
            let title = title
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| name.to_owned());
            self.notice.set(Some(Notice {
                text: format!("{title} deleted"),
                undo: true,
            }));
        }
    }

    /// Moves a step to a place counted in the tree as it is on the screen, the step itself included.
    pub fn move_step(&self, name: &str, to: &Place) -> bool {
        let to = self
            .workflow
            .with_untracked(|workflow| moves::without(workflow, name, to));
        to.is_some_and(|to| {
            self.edit(Edit::MoveStep {
                step: name.to_owned(),
                to,
            })
        })
    }

    /// Puts a copy of a step, with everything inside it, right after it.
    pub fn duplicate(&self, name: &str) {
        let copy = self.workflow.with_untracked(|workflow| {
            Some((
                workflow.step(name)?.clone(),
                tree::place_after(workflow, Some(name)),
            ))
        });
        if let Some((step, at)) = copy {
            self.insert(&[step], &at, "duplicate");
        }
    }

    /// The selected step as text for the clipboard.
    pub fn copy(&self) -> Option<String> {
        let name = self.selected.get_untracked()?;
        let step = self
            .workflow
            .with_untracked(|workflow| workflow.step(&name).cloned())?;
        serde_json::to_string_pretty(&Clipping { steps: vec![step] }).ok()
    }

    /// Puts steps from the clipboard after the selected one. Tells whether the text held any.
    pub fn paste(&self, text: &str) -> bool {
        let Ok(clipping) = patchbay_api::decode::<Clipping>(text) else {
            return false;
        };
        let selected = self.selected.get_untracked();
        let at = self
            .workflow
            .with_untracked(|workflow| tree::place_after(workflow, selected.as_deref()));
        self.insert(&clipping.steps, &at, "paste");
        true
    }

    /// Shows a message.
    pub fn say(&self, text: impl Into<String>) {
        self.notice.set(Some(Notice {
            text: text.into(),
            undo: false,
        }));
    }

    fn insert(&self, steps: &[Step], at: &Place, verb: &str) {
        let words = match steps {
            [] => return,
            [only] if only.title.is_empty() => format!("{verb} {}", only.name),
            [only] => format!("{verb} {}", only.title),
            all => format!("{verb} {} steps", all.len()),
        };
        let edit = self
            .workflow
            .with_untracked(|workflow| edit::paste(steps, at, workflow));
        let first = match &edit {
            Edit::Batch { edits } => edits.first(),
            other => Some(other),
        };
        let first = match first {
            Some(Edit::AddStep { step, .. }) => Some(step.name.clone()),
            _ => None,
        };
        if self.edit_labelled(edit, words)
            && let Some(first) = first
        {
            self.select(&first);
        }
    }

    /// Applies an edit to the document and gives its inverse.
    fn apply(&self, edit: &Edit) -> Option<Edit> {
        // What a notice offers to undo is the last change; from now on that is another one.
        if self
            .notice
            .with_untracked(|notice| notice.as_ref().is_some_and(|notice| notice.undo))
        {
            self.notice.set(None);
        }
        match self
            .workflow
            .try_update(|workflow| edit::apply(workflow, edit))?
        {
            Ok(inverse) => Some(inverse),
            Err(why) => {
                self.say(format!("That is not possible: {why}"));
                None
            }
        }
    }
}

/// Steps on the clipboard: `{"patchbay.steps/1": […]}`.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Clipping {
    #[serde(rename = "patchbay.steps/1")]
    steps: Vec<Step>,
}
