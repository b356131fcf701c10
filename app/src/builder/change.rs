//! Applies an edit to the document on the screen.

use patchbay_model::{document::Workflow, edit::Edit};

/// Applies the edit and gives its inverse; a failure leaves the document as it was and says why.
pub fn apply(_workflow: &mut Workflow, _edit: &Edit) -> Result<Edit, String> {
    Err("not yet".to_owned())
}
