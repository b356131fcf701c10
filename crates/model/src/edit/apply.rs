//! Makes a change and gives the one that takes it back; a change that cannot be made leaves everything as it was.

use super::{Edit, EditError, Settings, branch, input};
use crate::{
    Json, JsonMap,
    document::{Lane, MAX_NESTING, Place, Step, TRIGGER, Workflow},
    id::AuthenticationId,
};
use std::{collections::HashSet, mem::replace};

/// Makes the change; the answer is the change that takes it back.
pub fn apply(workflow: &mut Workflow, edit: &Edit) -> Result<Edit, EditError> {
    match edit {
        Edit::Rename { name } => Ok(Edit::Rename {
            name: replace(&mut workflow.name, name.clone()),
        }),
        Edit::Describe { description } => Ok(Edit::Describe {
            description: replace(&mut workflow.description, description.clone()),
        }),
        Edit::SetConfig { key, value } => Ok(Edit::SetConfig {
            key: key.clone(),
            value: set(&mut workflow.config, key, value.clone()),
        }),
        Edit::SetView { key, value } => Ok(Edit::SetView {
            key: key.clone(),
            value: set(&mut workflow.view, key, value.clone()),
        }),
        Edit::SetTrigger { trigger } => Ok(Edit::SetTrigger {
            trigger: replace(&mut workflow.trigger, trigger.clone()),
        }),
        Edit::AddStep { at, step } => add(workflow, at, step),
        Edit::RemoveStep { step } => remove(workflow, step),
        Edit::MoveStep { step, to } => move_step(workflow, step, to),
        Edit::SetTitle { step, title } => {
            let common = common(workflow, step)?;
            Ok(Edit::SetTitle {
                step: step.clone(),
                title: replace(common.title, title.clone()),
            })
        }
        Edit::SetOperation {
            step,
            connector,
            operation,
            inputs,
        } => {
            let common = common(workflow, step)?;
            Ok(Edit::SetOperation {
                step: step.clone(),
                connector: replace(common.connector, connector.clone()),
                operation: replace(common.operation, operation.clone()),
                inputs: replace(common.inputs, inputs.clone()),
            })
        }
        Edit::SetAuth { step, auth } => {
            let common = common(workflow, step)?;
            Ok(Edit::SetAuth {
                step: step.clone(),
                auth: replace(common.auth, auth.clone()),
            })
        }
        Edit::SetInput { step, field, value } => {
            let inputs = common(workflow, step)?.inputs;
            let (field, value) = input::set(inputs, field, value.clone())?;
            Ok(Edit::SetInput {
                step: step.clone(),
                field,
                value,
            })
        }
        Edit::SetSettings { step, settings } => set_settings(workflow, step, settings),
        Edit::AddBranch {
            step,
            branch,
            index,
            steps,
        } => branch::add(workflow, step, branch, *index, steps),
        Edit::RemoveBranch { step, branch } => branch::remove(workflow, step, branch),
        Edit::RenameBranch { step, branch, to } => branch::rename(workflow, step, branch, to),
        Edit::Batch { edits } => batch(workflow, edits),
    }
}

/// What a step and the trigger have in common.
struct Common<'a> {
    title: &'a mut String,
    connector: &'a mut String,
    operation: &'a mut String,
    auth: &'a mut Option<AuthenticationId>,
    inputs: &'a mut JsonMap,
}

fn common<'a>(workflow: &'a mut Workflow, name: &str) -> Result<Common<'a>, EditError> {
    if name == TRIGGER {
        let trigger = &mut workflow.trigger;
        return Ok(Common {
            title: &mut trigger.title,
            connector: &mut trigger.connector,
            operation: &mut trigger.operation,
            auth: &mut trigger.auth,
            inputs: &mut trigger.inputs,
        });
    }
    let step = workflow
        .step_mut(name)
        .ok_or_else(|| EditError::NoStep(name.to_owned()))?;
    Ok(Common {
        title: &mut step.title,
        connector: &mut step.connector,
        operation: &mut step.operation,
        auth: &mut step.auth,
        inputs: &mut step.inputs,
    })
}

/// Sets or removes a key; gives what stood there.
fn set(map: &mut JsonMap, key: &str, value: Option<Json>) -> Option<Json> {
    match value {
        Some(value) => map.insert(key.to_owned(), value),
        None => map.shift_remove(key),
    }
}

fn add(workflow: &mut Workflow, at: &Place, step: &Step) -> Result<Edit, EditError> {
    names_are_free(&workflow.names(), step)?;
    fits_below(workflow, at.parent.as_deref(), step)?;
    if workflow.list(at).is_none() {
        return add_to_new_list(workflow, at, step);
    }
    insert(workflow, at, step.clone())?;
    Ok(Edit::RemoveStep {
        step: step.name.clone(),
    })
}

/// Adds to a list that its step does not have yet; taking that back restores the step as it was.
fn add_to_new_list(workflow: &mut Workflow, at: &Place, step: &Step) -> Result<Edit, EditError> {
    let (Some(parent), Some(lane), 0) = (&at.parent, &at.lane, at.index) else {
        return Err(no_place(at));
    };
    let place = workflow
        .place_of(parent)
        .ok_or_else(|| EditError::NoStep(parent.clone()))?;
    let owner = workflow
        .step_mut(parent)
        .ok_or_else(|| EditError::NoStep(parent.clone()))?;
    let before = Box::new(owner.clone());
    let list = vec![step.clone()];
    match lane {
        Lane::Body => owner.body = Some(list),
        Lane::OnError => owner.on_error_steps = Some(list),
        Lane::Branch(name) => {
            owner
                .branches
                .get_or_insert_default()
                .insert(name.clone(), list);
        }
    }
    let edits = vec![
        Edit::RemoveStep {
            step: parent.clone(),
        },
        Edit::AddStep {
            at: place,
            step: before,
        },
    ];
    Ok(Edit::Batch { edits })
}

fn remove(workflow: &mut Workflow, name: &str) -> Result<Edit, EditError> {
    let (at, step) = take(workflow, name)?;
    Ok(Edit::AddStep {
        at,
        step: Box::new(step),
    })
}

fn move_step(workflow: &mut Workflow, name: &str, to: &Place) -> Result<Edit, EditError> {
    let (from, step) = take(workflow, name)?;
    let fits =
        fits_below(workflow, to.parent.as_deref(), &step).and_then(|()| match workflow.list(to) {
            Some(list) if to.index <= list.len() => Ok(()),
            _ => Err(no_place(to)),
        });
    match fits {
        Ok(()) => insert(workflow, to, step)?,
        Err(error) => {
            let inside = to
                .parent
                .as_ref()
                .is_some_and(|parent| names_in(&step).any(|name| name == parent));
            insert(workflow, &from, step)?;
            return Err(if inside {
                EditError::InsideItself(name.to_owned())
            } else {
                error
            });
        }
    }
    Ok(Edit::MoveStep {
        step: name.to_owned(),
        to: from,
    })
}

fn set_settings(
    workflow: &mut Workflow,
    name: &str,
    settings: &Settings,
) -> Result<Edit, EditError> {
    if name == TRIGGER {
        return Err(EditError::NotForTrigger);
    }
    let step = workflow
        .step(name)
        .ok_or_else(|| EditError::NoStep(name.to_owned()))?;
    let old: HashSet<&str> = step
        .on_error_steps
        .iter()
        .flatten()
        .flat_map(names_in)
        .collect();
    let mut taken: HashSet<&str> = workflow.names().difference(&old).copied().collect();
    for step in settings.on_error_steps.iter().flatten() {
        fits_below(workflow, Some(name), step)?;
        names_are_free(&taken, step)?;
        taken.extend(names_in(step));
    }
    let step = workflow
        .step_mut(name)
        .ok_or_else(|| EditError::NoStep(name.to_owned()))?;
    let before = Settings::of(step);
    settings.clone().put(step);
    Ok(Edit::SetSettings {
        step: name.to_owned(),
        settings: before,
    })
}

/// All or nothing.
fn batch(workflow: &mut Workflow, edits: &[Edit]) -> Result<Edit, EditError> {
    let mut inverses = Vec::with_capacity(edits.len());
    for edit in edits {
        match apply(workflow, edit) {
            Ok(inverse) => inverses.push(inverse),
            Err(error) => {
                for inverse in inverses.iter().rev() {
                    apply(workflow, inverse)?;
                }
                return Err(error);
            }
        }
    }
    inverses.reverse();
    Ok(Edit::Batch { edits: inverses })
}

fn take(workflow: &mut Workflow, name: &str) -> Result<(Place, Step), EditError> {
    if name == TRIGGER {
        return Err(EditError::NotForTrigger);
    }
    let missing = || EditError::NoStep(name.to_owned());
    let place = workflow.place_of(name).ok_or_else(missing)?;
    let list = workflow.list_mut(&place).ok_or_else(missing)?;
    if place.index >= list.len() {
        return Err(missing());
    }
    let step = list.remove(place.index);
    Ok((place, step))
}

fn insert(workflow: &mut Workflow, at: &Place, step: Step) -> Result<(), EditError> {
    match workflow.list_mut(at) {
        Some(list) if at.index <= list.len() => {
            list.insert(at.index, step);
            Ok(())
        }
        _ => Err(no_place(at)),
    }
}

fn no_place(at: &Place) -> EditError {
    let list = match (&at.parent, &at.lane) {
        (None, None) => "the workflow's steps".to_owned(),
        (Some(parent), Some(Lane::Body)) => format!("the body of `{parent}`"),
        (Some(parent), Some(Lane::Branch(name))) => format!("branch `{name}` of `{parent}`"),
        (Some(parent), Some(Lane::OnError)) => format!("the error branch of `{parent}`"),
        (Some(parent), None) => {
            return EditError::NoPlace(format!("which list of `{parent}` is not said"));
        }
        (None, Some(_)) => {
            return EditError::NoPlace("the step that has the list is not said".to_owned());
        }
    };
    EditError::NoPlace(format!("position {} in {list}", at.index))
}

pub(super) fn names_are_free(taken: &HashSet<&str>, step: &Step) -> Result<(), EditError> {
    let mut own = HashSet::new();
    for name in names_in(step) {
        if name.is_empty() || name == TRIGGER {
            return Err(EditError::BadName(name.to_owned()));
        }
        if taken.contains(name) || !own.insert(name) {
            return Err(EditError::NameTaken(name.to_owned()));
        }
    }
    Ok(())
}

/// The names of a step and of everything inside it.
pub(super) fn names_in(step: &Step) -> impl Iterator<Item = &str> {
    steps_in(step).map(|(step, _)| step.name.as_str())
}

/// A step and everything inside it, with the depth below it.
fn steps_in(step: &Step) -> impl Iterator<Item = (&Step, usize)> {
    let mut waiting = vec![(step, 0)];
    std::iter::from_fn(move || {
        let (step, depth) = waiting.pop()?;
        waiting.extend(
            step.lanes()
                .into_iter()
                .flat_map(|(_, list)| list)
                .map(|step| (step, depth + 1)),
        );
        Some((step, depth))
    })
}

pub(super) fn fits_below(
    workflow: &Workflow,
    parent: Option<&str>,
    step: &Step,
) -> Result<(), EditError> {
    let above = match parent {
        Some(parent) => {
            let known = workflow
                .step(parent)
                .ok_or_else(|| EditError::NoStep(parent.to_owned()))?;
            workflow.ancestors(&known.name).len() + 1
        }
        None => 0,
    };
    let deepest = steps_in(step).map(|(_, depth)| depth).max().unwrap_or(0);
    if above + deepest < MAX_NESTING {
        Ok(())
    } else {
        Err(EditError::TooDeep)
    }
}
