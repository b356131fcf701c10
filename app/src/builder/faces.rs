//! What stands on each card, worked out for all steps at once.

use patchbay_model::{
    document::{TRIGGER, Workflow},
    problem::{Problem, Severity},
    spec::{Catalog, ConnectorSpec},
};
use std::collections::HashMap;

/// One card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Face {
    pub title: String,
    pub connector: String,
    /// What is wrong, the worst first.
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
}

/// The cards of all steps by name, the trigger's included.
pub fn faces(
    workflow: &Workflow,
    catalog: &[ConnectorSpec],
    problems: &[Problem],
) -> HashMap<String, Face> {
    let mut faces = HashMap::new();
    let face = |name: &str, title: &str, connector: &str, operation: &str| {
        let title = if title.is_empty() {
            let connector = catalog.iter().find(|spec| spec.name == connector);
            let mut all = connector
                .into_iter()
                .flat_map(|spec| spec.operations.iter().chain(&spec.triggers));
            all.find(|spec| spec.name == operation)
                .map_or(name, |spec| &spec.title)
        } else {
            title
        };
        Face {
            title: title.to_owned(),
            connector: connector.to_owned(),
            ..Face::default()
        }
    };
    let trigger = &workflow.trigger;
    faces.insert(
        TRIGGER.to_owned(),
        face(
            TRIGGER,
            &trigger.title,
            &trigger.connector,
            &trigger.operation,
        ),
    );
    workflow
        .all_steps()
        .map(|visit| visit.step)
        .for_each(|step| {
            faces.insert(
                step.name.clone(),
                face(&step.name, &step.title, &step.connector, &step.operation),
            );
        });
    for problem in problems {
        let Some(face) = problem.step.as_ref().and_then(|step| faces.get_mut(step)) else {
            continue;
        };
        match problem.severity {
            Severity::Error => face.errors.push(problem.message.clone()),
            Severity::Warning => face.warnings.push(problem.message.clone()),
        }
    }
    faces
}

/// Whether a step's operation has a body, by the catalogue.
pub fn has_body(catalog: &Vec<ConnectorSpec>, connector: &str, operation: &str) -> bool {
    catalog
        .operation(connector, operation)
        .is_some_and(|spec| spec.kind.has_body())
}
