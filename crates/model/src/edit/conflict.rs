//! Whether two changes, made by two people from the same state, touch the same thing.

use super::{Edit, apply::names_in};
use crate::document::TRIGGER;

/// Whether the two must not simply be made one after the other.
///
/// Two changes that do exactly the same are no conflict, unless they add a step. What only shows in the
/// tree (a change inside a step that the other one removes) shows when the second change is made.
pub fn conflicts(ours: &Edit, theirs: &Edit) -> bool {
    if let Edit::Batch { edits } = ours {
        return edits.iter().any(|ours| conflicts(ours, theirs));
    }
    if let Edit::Batch { edits } = theirs {
        return edits.iter().any(|theirs| conflicts(ours, theirs));
    }
    let adds = matches!(ours, Edit::AddStep { .. });
    (adds || ours != theirs) && touch_the_same(&touched(ours), &touched(theirs))
}

/// One thing that a change touches.
#[derive(Debug, PartialEq)]
enum Thing<'a> {
    Name,
    Description,
    Config(&'a str),
    View(&'a str),
    /// The step with everything about it.
    Whole(&'a str),
    /// That a step of this name is there.
    Existence(&'a str),
    /// Where a step stands.
    Place(&'a str),
    Title(&'a str),
    Operation(&'a str),
    Authentication(&'a str),
    Input(&'a str, &'a str),
    Settings(&'a str),
    /// That a step has a branch of this name.
    Branch(&'a str, &'a str),
    /// That the step still has the list into which something is put.
    Lists(&'a str),
}

fn touched(edit: &Edit) -> Vec<Thing<'_>> {
    match edit {
        Edit::Rename { .. } => vec![Thing::Name],
        Edit::Describe { .. } => vec![Thing::Description],
        Edit::SetConfig { key, .. } => vec![Thing::Config(key)],
        Edit::SetView { key, .. } => vec![Thing::View(key)],
        Edit::SetTrigger { .. } => vec![Thing::Whole(TRIGGER)],
        Edit::AddStep { at, step } => {
            let names = names_in(step).map(Thing::Existence);
            names
                .chain(at.parent.as_deref().map(Thing::Lists))
                .collect()
        }
        Edit::RemoveStep { step } => vec![Thing::Whole(step)],
        Edit::MoveStep { step, to } => std::iter::once(Thing::Place(step))
            .chain(to.parent.as_deref().map(Thing::Lists))
            .collect(),
        Edit::SetTitle { step, .. } => vec![Thing::Title(step)],
        Edit::SetOperation { step, .. } => vec![Thing::Operation(step)],
        Edit::SetAuth { step, .. } => vec![Thing::Authentication(step)],
        Edit::SetInput { step, field, .. } => vec![Thing::Input(step, field)],
        Edit::SetSettings { step, settings } => {
            let inside = settings.on_error_steps.iter().flatten().flat_map(names_in);
            std::iter::once(Thing::Settings(step))
                .chain(inside.map(Thing::Existence))
                .collect()
        }
        Edit::AddBranch {
            step,
            branch,
            steps,
            ..
        } => {
            let inside = steps.iter().flat_map(names_in).map(Thing::Existence);
            std::iter::once(Thing::Branch(step, branch))
                .chain(inside)
                .collect()
        }
        Edit::RemoveBranch { step, branch } => {
            vec![Thing::Branch(step, branch), Thing::Settings(step)]
        }
        Edit::RenameBranch { step, branch, to } => vec![
            Thing::Branch(step, branch),
            Thing::Branch(step, to),
            Thing::Settings(step),
        ],
        Edit::Batch { edits } => edits.iter().flat_map(touched).collect(),
    }
}

fn touch_the_same(ours: &[Thing<'_>], theirs: &[Thing<'_>]) -> bool {
    ours.iter().any(|mine| {
        theirs
            .iter()
            .any(|other| meet(mine, other) || meet(other, mine))
    })
}

fn meet(one: &Thing<'_>, other: &Thing<'_>) -> bool {
    match (one, other) {
        (Thing::Input(step, field), Thing::Input(same, inner)) => {
            step == same && leads_to(field, inner)
        }
        (Thing::Operation(step), Thing::Input(same, _) | Thing::Authentication(same)) => {
            step == same
        }
        (Thing::Settings(step), Thing::Lists(same)) => step == same,
        (Thing::Whole(step), other) => step_of(other) == Some(step),
        // Two people may put steps into the same list.
        (Thing::Lists(_), Thing::Lists(_)) => false,
        (one, other) => one == other,
    }
}

/// Whether the second pointer is the first or lies below it.
fn leads_to(field: &str, inner: &str) -> bool {
    inner
        .strip_prefix(field)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn step_of<'a>(thing: &Thing<'a>) -> Option<&'a str> {
    match thing {
        Thing::Name | Thing::Description | Thing::Config(_) | Thing::View(_) => None,
        Thing::Whole(step)
        | Thing::Existence(step)
        | Thing::Place(step)
        | Thing::Title(step)
        | Thing::Operation(step)
        | Thing::Authentication(step)
        | Thing::Input(step, _)
        | Thing::Settings(step)
        | Thing::Branch(step, _)
        | Thing::Lists(step) => Some(step),
    }
}
