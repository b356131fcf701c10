//! Changes to the branches that a step carries.

use super::{
    Edit, EditError,
    apply::{fits_below, names_are_free, names_in},
};
use crate::document::{Lane, Place, Step, Workflow};
use std::collections::HashSet;

pub(super) fn add(
    workflow: &mut Workflow,
    step: &str,
    branch: &str,
    index: Option<usize>,
    steps: &[Step],
) -> Result<Edit, EditError> {
    is_free(workflow, step, branch)?;
    let mut taken: HashSet<&str> = workflow.names();
    for inner in steps {
        fits_below(workflow, Some(step), inner)?;
        names_are_free(&taken, inner)?;
        taken.extend(names_in(inner));
    }
    let branches = carrier(workflow, step)?.branches.get_or_insert_default();
    let index = index.unwrap_or(branches.len()).min(branches.len());
    branches.shift_insert(index, branch.to_owned(), steps.to_vec());
    Ok(Edit::RemoveBranch {
        step: step.to_owned(),
        branch: branch.to_owned(),
    })
}

pub(super) fn remove(workflow: &mut Workflow, step: &str, branch: &str) -> Result<Edit, EditError> {
    let branches = carrier(workflow, step)?.branches.as_mut();
    let (index, name, steps) = branches
        .and_then(|branches| branches.shift_remove_full(branch))
        .ok_or_else(|| no_branch(step, branch))?;
    Ok(Edit::AddBranch {
        step: step.to_owned(),
        branch: name,
        index: Some(index),
        steps,
    })
}

pub(super) fn rename(
    workflow: &mut Workflow,
    step: &str,
    branch: &str,
    to: &str,
) -> Result<Edit, EditError> {
    if branch != to {
        is_free(workflow, step, to)?;
    }
    let branches = carrier(workflow, step)?.branches.as_mut();
    let branches = branches.ok_or_else(|| no_branch(step, branch))?;
    let (index, _, steps) = branches
        .shift_remove_full(branch)
        .ok_or_else(|| no_branch(step, branch))?;
    branches.shift_insert(index, to.to_owned(), steps);
    Ok(Edit::RenameBranch {
        step: step.to_owned(),
        branch: to.to_owned(),
        to: branch.to_owned(),
    })
}

fn is_free(workflow: &Workflow, step: &str, branch: &str) -> Result<(), EditError> {
    if branch.trim().is_empty() {
        return Err(EditError::BadBranch);
    }
    let lane = Some(Lane::Branch(branch.to_owned()));
    let place = Place {
        parent: Some(step.to_owned()),
        lane,
        index: 0,
    };
    match workflow.list(&place) {
        Some(_) => Err(EditError::BranchTaken {
            step: step.to_owned(),
            branch: branch.to_owned(),
        }),
        None => Ok(()),
    }
}

fn carrier<'a>(workflow: &'a mut Workflow, step: &str) -> Result<&'a mut Step, EditError> {
    let missing = || EditError::NoStep(step.to_owned());
    workflow.step_mut(step).ok_or_else(missing)
}

fn no_branch(step: &str, branch: &str) -> EditError {
    EditError::NoPlace(format!("branch `{branch}` of `{step}`"))
}

#[cfg(test)]
mod tests {
    use crate::{
        Json,
        document::{Workflow, parse},
        edit::{Edit, EditError, apply, conflicts},
    };
    use serde_json::json;

    fn workflow() -> Workflow {
        let inner =
            |name: &str| json!({ "name": name, "connector": "c", "operation": "o", "inputs": {} });
        let document = json!({ "format": "patchbay.workflow/1",
            "trigger": { "connector": "c", "operation": "start", "inputs": {} },
            "steps": [
                { "name": "p", "connector": "c", "operation": "par", "inputs": {},
                  "branches": { "a": [inner("x")], "b": [], "c": [inner("y")] } },
                inner("plain"),
            ] });
        parse(&document).unwrap()
    }

    fn edit(json: Json) -> Edit {
        serde_json::from_value(json).unwrap()
    }

    fn names(workflow: &Workflow) -> Vec<&str> {
        let branches = workflow.steps[0].branches.as_ref();
        branches.map_or(Vec::new(), |branches| {
            branches.keys().map(String::as_str).collect()
        })
    }

    #[test]
    fn branches_are_added_renamed_and_removed_and_every_change_can_be_taken_back() {
        let cases = [
            (
                json!({ "edit": "add_branch", "step": "p", "branch": "d" }),
                vec!["a", "b", "c", "d"],
            ),
            (
                json!({ "edit": "add_branch", "step": "p", "branch": "d", "index": 1 }),
                vec!["a", "d", "b", "c"],
            ),
            (
                json!({ "edit": "rename_branch", "step": "p", "branch": "b", "to": "z" }),
                vec!["a", "z", "c"],
            ),
            (
                json!({ "edit": "rename_branch", "step": "p", "branch": "a", "to": "a" }),
                vec!["a", "b", "c"],
            ),
            (
                json!({ "edit": "remove_branch", "step": "p", "branch": "a" }),
                vec!["b", "c"],
            ),
        ];
        for (change, expected) in cases {
            let mut workflow = workflow();
            let before = workflow.clone();
            let inverse = apply(&mut workflow, &edit(change.clone())).unwrap();
            assert_eq!(names(&workflow), expected, "{change}");
            apply(&mut workflow, &inverse).unwrap();
            assert_eq!(json!(workflow), json!(before), "{change}");
        }
    }

    #[test]
    fn a_step_without_branches_gets_its_first_one() {
        let mut workflow = workflow();
        let change = json!({ "edit": "add_branch", "step": "plain", "branch": "a" });
        apply(&mut workflow, &edit(change)).unwrap();
        assert_eq!(
            workflow.steps[1]
                .branches
                .as_ref()
                .map(|branches| branches.len()),
            Some(1)
        );
    }

    #[test]
    fn changes_that_cannot_be_made_change_nothing() {
        let step = json!({ "name": "x", "connector": "c", "operation": "o", "inputs": {} });
        let taken = EditError::BranchTaken {
            step: "p".to_owned(),
            branch: "b".to_owned(),
        };
        let cases = [
            (
                json!({ "edit": "add_branch", "step": "p", "branch": "b" }),
                taken.clone(),
            ),
            (
                json!({ "edit": "rename_branch", "step": "p", "branch": "a", "to": "b" }),
                taken,
            ),
            (
                json!({ "edit": "add_branch", "step": "p", "branch": " " }),
                EditError::BadBranch,
            ),
            (
                json!({ "edit": "add_branch", "step": "q", "branch": "a" }),
                EditError::NoStep("q".to_owned()),
            ),
            (
                json!({ "edit": "add_branch", "step": "p", "branch": "d", "steps": [step] }),
                EditError::NameTaken("x".to_owned()),
            ),
            (
                json!({ "edit": "remove_branch", "step": "p", "branch": "q" }),
                EditError::NoPlace("branch `q` of `p`".to_owned()),
            ),
            (
                json!({ "edit": "remove_branch", "step": "plain", "branch": "q" }),
                EditError::NoPlace("branch `q` of `plain`".to_owned()),
            ),
        ];
        for (change, expected) in cases {
            let mut workflow = workflow();
            let before = workflow.clone();
            assert_eq!(
                apply(&mut workflow, &edit(change.clone())),
                Err(expected),
                "{change}"
            );
            assert_eq!(workflow, before, "{change}");
        }
    }

    #[test]
    fn two_people_may_add_different_branches_and_not_the_same_one() {
        let add =
            |branch: &str| edit(json!({ "edit": "add_branch", "step": "p", "branch": branch }));
        let remove = edit(json!({ "edit": "remove_branch", "step": "p", "branch": "a" }));
        let into = edit(
            json!({ "edit": "add_step", "at": { "parent": "p", "lane": { "branch": "a" }, "index": 0 },
            "step": { "name": "n", "connector": "c", "operation": "o" } }),
        );
        assert!(!conflicts(&add("d"), &add("e")));
        assert!(conflicts(
            &remove,
            &edit(json!({ "edit": "rename_branch", "step": "p", "branch": "a", "to": "z" }))
        ));
        assert!(conflicts(&remove, &into));
    }
}
