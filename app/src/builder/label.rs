//! The words for a change, as they stand in the tooltips of undo and redo.

use patchbay_model::{
    document::{TRIGGER, Workflow},
    edit::Edit,
};

/// What the edit does, said of the workflow before it: "add List records".
pub fn label(workflow: &Workflow, edit: &Edit) -> String {
    let title = |step: &str| {
        if step == TRIGGER {
            return "the trigger".to_owned();
        }
        workflow
            .step(step)
            .filter(|step| !step.title.is_empty())
            .map_or_else(|| step.to_owned(), |step| step.title.clone())
    };
    match edit {
        Edit::Rename { .. } => "rename the workflow".to_owned(),
        Edit::Describe { .. } => "change the description".to_owned(),
        Edit::SetConfig {
            key,
            value: Some(_),
        } => format!("set the constant {key}"),
        Edit::SetConfig { key, value: None } => format!("remove the constant {key}"),
        Edit::SetTrigger { .. } => "change the trigger".to_owned(),
        Edit::AddStep { step, .. } if step.title.is_empty() => format!("add {}", step.name),
        Edit::AddStep { step, .. } => format!("add {}", step.title),
        Edit::RemoveStep { step } => format!("delete {}", title(step)),
        Edit::MoveStep { step, .. } => format!("move {}", title(step)),
        Edit::SetTitle { step, .. } => format!("rename {}", title(step)),
        Edit::SetOperation { step, .. } => format!("change the operation of {}", title(step)),
        Edit::SetAuth { step, .. } => format!("choose the authentication of {}", title(step)),
        Edit::SetInput { step, field, .. } => {
            let field = field
                .rsplit('/')
                .next()
                .unwrap_or(field)
                .replace("~1", "/")
                .replace("~0", "~");
            format!("change {field} of {}", title(step))
        }
        Edit::SetSettings { step, .. } => format!("change the settings of {}", title(step)),
        Edit::AddBranch { step, branch, .. } => {
            format!("add the branch {branch} to {}", title(step))
        }
        Edit::RemoveBranch { step, branch } => {
            format!("delete the branch {branch} of {}", title(step))
        }
        Edit::RenameBranch { step, branch, .. } => {
            format!("rename the branch {branch} of {}", title(step))
        }
        Edit::SetView { .. } => "change the picture".to_owned(),
        Edit::Batch { edits } => match edits.as_slice() {
            [only] => label(workflow, only),
            edits => format!("make {} changes", edits.len()),
        },
    }
}
