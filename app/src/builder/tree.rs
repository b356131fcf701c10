//! What the builder asks of the tree of steps beyond the model's own walk.

use patchbay_model::document::{OnError, Place, Step, TRIGGER, Trigger, Workflow};

/// The place right after a step (or the trigger); the end of the workflow when there is no such step.
pub fn place_after(workflow: &Workflow, name: Option<&str>) -> Place {
    match name {
        Some(TRIGGER) => Place {
            parent: None,
            lane: None,
            index: 0,
        },
        Some(name) => workflow
            .place_of(name)
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
    let step = workflow.step(name)?;
    Some((step.connector.clone(), step.operation.clone()))
}

/// A step without the steps inside it; the trigger as a step.
pub fn shallow(workflow: &Workflow, name: &str) -> Option<Step> {
    if name == TRIGGER {
        return Some(trigger_as_step(&workflow.trigger));
    }
    let step = workflow.step(name)?;
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
