//! Finding one's way in the tree of steps.

use patchbay_model::document::{Lane, OnError, Place, Step, TRIGGER, Trigger, Workflow};

/// The lists of steps that a step carries, in the order in which they run.
pub fn lists(step: &Step) -> impl Iterator<Item = (Lane, &Vec<Step>)> {
    let body = step.body.iter().map(|steps| (Lane::Body, steps));
    let branches = step
        .branches
        .iter()
        .flatten()
        .map(|(name, steps)| (Lane::Branch(name.clone()), steps));
    let on_error = step
        .on_error_steps
        .iter()
        .map(|steps| (Lane::OnError, steps));
    body.chain(branches).chain(on_error)
}

/// The step of that name, wherever it stands.
pub fn find<'a>(steps: &'a [Step], name: &str) -> Option<&'a Step> {
    steps.iter().find_map(|step| {
        if step.name == name {
            return Some(step);
        }
        let inside = step
            .body
            .iter()
            .chain(step.branches.iter().flat_map(|branches| branches.values()));
        inside
            .chain(&step.on_error_steps)
            .find_map(|steps| find(steps, name))
    })
}

/// Calls `visit` for every step, a parent before what is inside it.
pub fn visit<'a>(steps: &'a [Step], visit_step: &mut impl FnMut(&'a Step)) {
    for step in steps {
        visit_step(step);
        let inside = step
            .body
            .iter()
            .chain(step.branches.iter().flat_map(|branches| branches.values()));
        for steps in inside.chain(&step.on_error_steps) {
            visit(steps, visit_step);
        }
    }
}

/// The list at a place.
pub fn list_at<'a>(workflow: &'a Workflow, place: &Place) -> Option<&'a [Step]> {
    let Some(parent) = &place.parent else {
        return Some(&workflow.steps);
    };
    let parent = find(&workflow.steps, parent)?;
    let list = match place.lane.as_ref()? {
        Lane::Body => parent.body.as_ref(),
        Lane::Branch(name) => parent.branches.as_ref()?.get(name),
        Lane::OnError => parent.on_error_steps.as_ref(),
    };
    Some(list.map_or(&[], Vec::as_slice))
}

/// Where a step stands.
pub fn place_of(workflow: &Workflow, name: &str) -> Option<Place> {
    fn search(steps: &[Step], parent: Option<(&str, Lane)>, name: &str) -> Option<Place> {
        steps.iter().enumerate().find_map(|(index, step)| {
            if step.name == name {
                let (parent, lane) = parent
                    .clone()
                    .map_or((None, None), |(parent, lane)| (Some(parent), Some(lane)));
                return Some(Place {
                    parent: parent.map(str::to_owned),
                    lane,
                    index,
                });
            }
            lists(step).find_map(|(lane, steps)| search(steps, Some((&step.name, lane)), name))
        })
    }
    search(&workflow.steps, None, name)
}

/// The place right after a step (or the trigger); the end of the workflow when there is no such step.
pub fn place_after(workflow: &Workflow, name: Option<&str>) -> Place {
    match name {
        Some(TRIGGER) => Place {
            parent: None,
            lane: None,
            index: 0,
        },
        Some(name) => place_of(workflow, name)
            .map(|place| Place {
                index: place.index + 1,
                ..place
            })
            .unwrap_or_else(|| end(workflow)),
        None => end(workflow),
    }
}

fn end(workflow: &Workflow) -> Place {
    Place {
        parent: None,
        lane: None,
        index: workflow.steps.len(),
    }
}

/// Connector and operation of a step or the trigger.
pub fn operation(workflow: &Workflow, name: &str) -> Option<(String, String)> {
    if name == TRIGGER {
        return Some((
            workflow.trigger.connector.clone(),
            workflow.trigger.operation.clone(),
        ));
    }
    let step = find(&workflow.steps, name)?;
    Some((step.connector.clone(), step.operation.clone()))
}

/// A step without the steps inside it; the trigger as a step.
pub fn shallow(workflow: &Workflow, name: &str) -> Option<Step> {
    if name == TRIGGER {
        return Some(trigger_as_step(&workflow.trigger));
    }
    let step = find(&workflow.steps, name)?;
    Some(Step {
        name: step.name.clone(),
        title: step.title.clone(),
        connector: step.connector.clone(),
        operation: step.operation.clone(),
        auth: step.auth.clone(),
        inputs: step.inputs.clone(),
        body: step.body.as_ref().map(|_| Vec::new()),
        branches: step.branches.as_ref().map(|branches| {
            branches
                .keys()
                .map(|name| (name.clone(), Vec::new()))
                .collect()
        }),
        on_error: step.on_error,
        on_error_steps: step.on_error_steps.as_ref().map(|_| Vec::new()),
        retry: step.retry.clone(),
        timeout: step.timeout,
        on_interrupt: step.on_interrupt,
        notes: step.notes.clone(),
    })
}

fn trigger_as_step(trigger: &Trigger) -> Step {
    Step {
        name: TRIGGER.to_owned(),
        title: trigger.title.clone(),
        connector: trigger.connector.clone(),
        operation: trigger.operation.clone(),
        auth: trigger.auth.clone(),
        inputs: trigger.inputs.clone(),
        on_error: OnError::Stop,
        ..Step::default()
    }
}
