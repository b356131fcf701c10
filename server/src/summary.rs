//! What a list shows of a document.

use patchbay_model::document::{Step, Workflow};

/// The connectors a workflow uses, in order of first use, the trigger's first.
pub(crate) fn connectors(document: &Workflow) -> Vec<String> {
    fn walk(steps: &[Step], seen: &mut Vec<String>) {
        for step in steps {
            if !seen.contains(&step.connector) {
                seen.push(step.connector.clone());
            }
            walk(step.body.as_deref().unwrap_or_default(), seen);
            for branch in step.branches.iter().flat_map(|branches| branches.values()) {
                walk(branch, seen);
            }
            walk(step.on_error_steps.as_deref().unwrap_or_default(), seen);
        }
    }
    let mut seen = vec![document.trigger.connector.clone()];
    walk(&document.steps, &mut seen);
    seen
}
