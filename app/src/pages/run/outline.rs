//! The steps of a run in the order of the workflow, with their depth.

use patchbay_model::{
    document::{Step, TRIGGER, Workflow},
    progress::Progress,
};

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) depth: usize,
    /// It repeats the steps below it.
    pub(super) is_loop: bool,
}

/// From the document; without one, the names in the order in which they began.
pub(super) fn outline(document: Option<&Workflow>, progress: &Progress) -> Vec<Entry> {
    let mut entries = Vec::new();
    match document {
        Some(document) => {
            let title = &document.trigger.title;
            entries.push(Entry {
                name: TRIGGER.to_owned(),
                title: if title.is_empty() {
                    "Trigger".to_owned()
                } else {
                    title.clone()
                },
                depth: 0,
                is_loop: false,
            });
            add(&document.steps, 0, &mut entries);
        }
        None => entries.extend(progress.steps.keys().map(|name| Entry {
            name: name.clone(),
            title: name.clone(),
            depth: 0,
            is_loop: false,
        })),
    }
    entries
}

fn add(steps: &[Step], depth: usize, entries: &mut Vec<Entry>) {
    for step in steps {
        entries.push(Entry {
            name: step.name.clone(),
            title: if step.title.is_empty() {
                step.name.clone()
            } else {
                step.title.clone()
            },
            depth,
            is_loop: step.body.is_some(),
        });
        let inside = step
            .body
            .iter()
            .chain(step.branches.iter().flat_map(|branches| branches.values()));
        for steps in inside.chain(&step.on_error_steps) {
            add(steps, depth + 1, entries);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_inside_a_loop_stand_deeper() {
        let inner = Step {
            name: "sheet-1".to_owned(),
            title: "Store".to_owned(),
            ..Step::default()
        };
        let outer = Step {
            name: "loop-1".to_owned(),
            body: Some(vec![inner]),
            ..Step::default()
        };
        let document = Workflow {
            steps: vec![outer],
            ..Workflow::default()
        };
        let shape: Vec<_> = outline(Some(&document), &Progress::default())
            .into_iter()
            .map(|entry| (entry.title, entry.depth, entry.is_loop))
            .collect();
        assert_eq!(
            shape,
            [
                ("Trigger".to_owned(), 0, false),
                ("loop-1".to_owned(), 0, true),
                ("Store".to_owned(), 1, false)
            ]
        );
    }
}
