//! Where a step can go: places counted without the step, the moves of the keyboard, what is selected after a removal.

use patchbay_model::document::{Lane, Place, Step, TRIGGER, Workflow};

/// One move of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Before the step above it in the same list.
    Up,
    /// Behind the step below it in the same list.
    Down,
    /// Into the container next to it.
    In,
    /// Behind the container that it is in.
    Out,
}

/// A place counted on the screen, in the tree without the step. None when the step would stay where it is, or would
/// have to go into itself.
pub fn without(workflow: &Workflow, name: &str, to: &Place) -> Option<Place> {
    let from = workflow.place_of(name)?;
    if to
        .parent
        .as_deref()
        .is_some_and(|parent| is_within(workflow, parent, name))
    {
        return None;
    }
    let same_list = from.parent == to.parent && from.lane == to.lane;
    let index = if same_list && to.index > from.index {
        to.index - 1
    } else {
        to.index
    };
    let to = Place {
        index,
        ..to.clone()
    };
    (to != from).then_some(to)
}

/// Whether `inner` is `outer` or stands inside it.
pub fn is_within(workflow: &Workflow, inner: &str, outer: &str) -> bool {
    inner == outer
        || workflow
            .ancestors(inner)
            .into_iter()
            .any(|above| above == outer)
}

/// Where a move of the keyboard leads, counted without the step; none when it leads nowhere.
pub fn target(workflow: &Workflow, name: &str, direction: Move) -> Option<Place> {
    let from = workflow.place_of(name)?;
    let list = workflow.list(&from)?;
    match direction {
        Move::Up => Some(Place {
            index: from.index.checked_sub(1)?,
            ..from
        }),
        Move::Down => (from.index + 1 < list.len()).then(|| Place {
            index: from.index + 1,
            ..from
        }),
        Move::Out => {
            let parent = workflow.place_of(from.parent.as_deref()?)?;
            Some(Place {
                index: parent.index + 1,
                ..parent
            })
        }
        Move::In => {
            let above = from
                .index
                .checked_sub(1)
                .and_then(|index| list.get(index))
                .and_then(last_of);
            above.or_else(|| {
                let below = list.get(from.index + 1)?;
                let (lane, _) = below.lanes().into_iter().next()?;
                Some(Place {
                    parent: Some(below.name.clone()),
                    lane: Some(lane),
                    index: 0,
                })
            })
        }
    }
}

/// The end of a container's first list.
fn last_of(step: &Step) -> Option<Place> {
    let (lane, steps) = step
        .lanes()
        .into_iter()
        .find(|(lane, _)| *lane != Lane::OnError)?;
    Some(Place {
        parent: Some(step.name.clone()),
        lane: Some(lane),
        index: steps.len(),
    })
}

/// What to select when a step is removed: the one below it, else above it, else its container, else the trigger.
pub fn after_removal(workflow: &Workflow, name: &str) -> Option<String> {
    let place = workflow.place_of(name)?;
    let list = workflow.list(&place)?;
    let neighbour = list
        .get(place.index + 1)
        .or_else(|| list.get(place.index.checked_sub(1)?));
    Some(neighbour.map_or_else(
        || place.parent.unwrap_or_else(|| TRIGGER.to_owned()),
        |step| step.name.clone(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str) -> Step {
        Step {
            name: name.to_owned(),
            ..Step::default()
        }
    }

    /// a, loop[b, c], d
    fn workflow() -> Workflow {
        let container = Step {
            body: Some(vec![step("b"), step("c")]),
            ..step("loop")
        };
        Workflow {
            steps: vec![step("a"), container, step("d")],
            ..Workflow::default()
        }
    }

    fn top(index: usize) -> Place {
        Place {
            parent: None,
            lane: None,
            index,
        }
    }

    fn body(index: usize) -> Place {
        Place {
            parent: Some("loop".to_owned()),
            lane: Some(Lane::Body),
            index,
        }
    }

    #[test]
    fn places_are_counted_without_the_step() {
        let workflow = workflow();
        for (name, to, expected) in [
            ("a", top(0), None),
            ("a", top(1), None),
            ("a", top(2), Some(top(1))),
            ("d", top(0), Some(top(0))),
            ("a", body(2), Some(body(2))),
            ("b", body(2), Some(body(1))),
            ("b", top(3), Some(top(3))),
            ("loop", body(0), None),
        ] {
            assert_eq!(without(&workflow, name, &to), expected, "{name} to {to:?}");
        }
    }

    #[test]
    fn keyboard_moves_stay_in_the_tree() {
        let workflow = workflow();
        for (name, direction, expected) in [
            ("a", Move::Up, None),
            ("a", Move::Down, Some(top(1))),
            ("d", Move::Down, None),
            ("d", Move::Up, Some(top(1))),
            ("a", Move::In, Some(body(0))),
            ("d", Move::In, Some(body(2))),
            ("b", Move::In, None),
            ("b", Move::Out, Some(top(2))),
            ("a", Move::Out, None),
        ] {
            assert_eq!(
                target(&workflow, name, direction),
                expected,
                "{name} {direction:?}"
            );
        }
    }

    #[test]
    fn the_nearest_step_is_selected_after_a_removal() {
        let mut workflow = workflow();
        assert_eq!(after_removal(&workflow, "a").as_deref(), Some("loop"));
        assert_eq!(after_removal(&workflow, "d").as_deref(), Some("loop"));
        assert_eq!(after_removal(&workflow, "c").as_deref(), Some("b"));
        workflow.steps[1].body = Some(vec![step("b")]);
        assert_eq!(after_removal(&workflow, "b").as_deref(), Some("loop"));
        workflow.steps.truncate(1);
        assert_eq!(after_removal(&workflow, "a").as_deref(), Some(TRIGGER));
    }
}
