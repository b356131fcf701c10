//! Which steps a step can see, and what they offer from where it stands.

mod offers;
mod sight;

use crate::{
    Json,
    document::{Step, TRIGGER, Visit, Workflow},
    schema::Schema,
    spec::{Catalog, OperationSpec, StepKind},
};
use indexmap::IndexMap;
use std::{borrow::Cow, collections::HashMap};

pub use sight::{Sight, View};

/// What is known about steps beyond the catalogue, by step name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Schemas that the server worked out for this step (the columns of the chosen worksheet).
    pub shaped: HashMap<String, Shaped>,
    /// Outputs of a past run.
    pub samples: HashMap<String, Json>,
}

/// The schemas of one step whose operation's own depend on its inputs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shaped {
    /// In place of the operation's inputs.
    pub inputs: Option<Schema>,
    /// In place of the operation's output.
    pub output: Option<Schema>,
}

/// A step that can be seen, with what it offers.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its name, as paths have it; `trigger` for the trigger.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// From inside a loop's body, or from outside.
    pub view: View,
    /// What can be picked from it.
    pub schema: Schema,
}

/// A step that can be seen.
#[derive(Debug, Clone, Copy)]
pub struct Upstream<'a> {
    /// The step; none for the trigger.
    pub step: Option<&'a Step>,
    /// From inside a loop's body, or from outside.
    pub view: View,
}

impl<'a> Upstream<'a> {
    /// Its name, as paths have it.
    pub fn name(&self) -> &'a str {
        self.step.map_or(TRIGGER, |step| step.name.as_str())
    }
}

/// The steps of a workflow, prepared for questions about who sees whom.
pub struct Reach<'a> {
    workflow: &'a Workflow,
    visits: Vec<Visit<'a>>,
    /// Position in `visits` of the step in whose list each one stands.
    parents: Vec<Option<usize>>,
    by_name: HashMap<&'a str, usize>,
}

impl<'a> Reach<'a> {
    /// Prepares a workflow. Of steps with the same name only the first is known.
    pub fn new(workflow: &'a Workflow) -> Self {
        let visits: Vec<Visit<'a>> = workflow.all_steps().collect();
        let mut parents = Vec::with_capacity(visits.len());
        let mut open: Vec<usize> = Vec::new();
        let mut by_name = HashMap::new();
        for (position, visit) in visits.iter().enumerate() {
            open.truncate(visit.depth);
            parents.push(open.last().copied());
            open.push(position);
            by_name.entry(visit.step.name.as_str()).or_insert(position);
        }
        Self {
            workflow,
            visits,
            parents,
            by_name,
        }
    }

    /// The workflow it was prepared from.
    pub fn workflow(&self) -> &'a Workflow {
        self.workflow
    }

    /// The step of that name.
    pub fn step(&self, name: &str) -> Option<&'a Step> {
        self.by_name
            .get(name)
            .map(|position| self.visits[*position].step)
    }

    /// The steps whose output `step` can see, in the order in which they run, the trigger first.
    pub fn upstream(&self, step: &str) -> Vec<Upstream<'a>> {
        self.upstream_of_field(step, "")
    }

    /// The same for one field, given by its JSON pointer below `inputs`.
    pub fn upstream_of_field(&self, step: &str, field: &str) -> Vec<Upstream<'a>> {
        if step == TRIGGER {
            return Vec::new();
        }
        let trigger = Upstream {
            step: None,
            view: View::Outside,
        };
        let steps = self.visits.iter().filter_map(|visit| {
            match self.sight_of_field(step, field, &visit.step.name) {
                Sight::Visible(view) if self.is_first_of_its_name(visit) => Some(Upstream {
                    step: Some(visit.step),
                    view,
                }),
                _ => None,
            }
        });
        std::iter::once(trigger).chain(steps).collect()
    }

    /// The steps whose error `step` can see at `$.errors.<name>`: those in whose error branch it stands.
    pub fn errors(&self, step: &str) -> Vec<&'a str> {
        let Some(&position) = self.by_name.get(step) else {
            return Vec::new();
        };
        let mut chain = self.chain(position);
        chain.retain(|position| {
            self.visits[*position].lane() == Some(crate::document::Lane::OnError)
        });
        chain
            .into_iter()
            .filter_map(|position| self.visits[position].parent)
            .map(|parent| parent.name.as_str())
            .collect()
    }

    /// What `target` offers in this view, whether or not anybody can see it.
    pub fn schema<'s>(
        &self,
        catalog: &'s dyn Catalog,
        known: &'s Known,
        target: &str,
        view: View,
    ) -> Cow<'s, Schema> {
        self.offer(catalog, known, target, view, 0)
    }

    /// Whether a step stands in the body of a loop, at whatever depth.
    pub fn is_inside_loop(&self, step: &str) -> bool {
        let Some(&position) = self.by_name.get(step) else {
            return false;
        };
        self.chain(position)
            .iter()
            .any(|position| self.visits[*position].lane() == Some(crate::document::Lane::Body))
    }

    /// The loops in whose body a step stands, at whatever depth, outermost first.
    pub fn loops_around(&self, step: &str) -> Vec<&'a str> {
        let Some(&position) = self.by_name.get(step) else {
            return Vec::new();
        };
        let chain = self.chain(position);
        let visits = chain.iter().map(|position| &self.visits[*position]);
        let bodies = visits.filter(|visit| visit.lane() == Some(crate::document::Lane::Body));
        bodies
            .filter_map(|visit| visit.parent)
            .map(|parent| parent.name.as_str())
            .collect()
    }

    fn is_first_of_its_name(&self, visit: &Visit<'a>) -> bool {
        let first = self.by_name.get(visit.step.name.as_str());
        first.is_some_and(|position| std::ptr::eq(self.visits[*position].step, visit.step))
    }

    /// A step and everything it stands inside of, outermost first, as positions in `visits`.
    fn chain(&self, position: usize) -> Vec<usize> {
        let mut chain: Vec<usize> =
            std::iter::successors(Some(position), |position| self.parents[*position]).collect();
        chain.reverse();
        chain
    }
}

/// The steps whose output `step` can see, in the order in which they run, the trigger first.
pub fn upstream<'a>(workflow: &'a Workflow, step: &str) -> Vec<Upstream<'a>> {
    Reach::new(workflow).upstream(step)
}

/// Everything that can be picked from at `step`: the trigger and each step it can see, in order.
pub fn scope_schema(
    workflow: &Workflow,
    catalog: &dyn Catalog,
    step: &str,
    known: &Known,
) -> Vec<Offer> {
    scope_schema_of_field(workflow, catalog, step, "", known)
}

/// The same for one field of `step`, given by its JSON pointer below `inputs`.
pub fn scope_schema_of_field(
    workflow: &Workflow,
    catalog: &dyn Catalog,
    step: &str,
    field: &str,
    known: &Known,
) -> Vec<Offer> {
    let reach = Reach::new(workflow);
    let upstream = reach.upstream_of_field(step, field).into_iter();
    upstream
        .map(|seen| Offer {
            name: seen.name().to_owned(),
            title: title(workflow, catalog, seen.step),
            view: seen.view,
            schema: reach
                .schema(catalog, known, seen.name(), seen.view)
                .into_owned(),
        })
        .collect()
}

/// The constants as a schema, for picking from `$.config`.
pub fn config_schema(workflow: &Workflow) -> Schema {
    let properties: IndexMap<String, Schema> = workflow
        .config
        .iter()
        .map(|(key, value)| (key.clone(), Schema::infer(value)))
        .collect();
    Schema {
        properties,
        ..Schema::of(crate::schema::Type::Object)
    }
}

/// What people call a step: its own title, its operation's, its name.
pub(crate) fn title(workflow: &Workflow, catalog: &dyn Catalog, step: Option<&Step>) -> String {
    let (own, connector, operation, name) = match step {
        Some(step) => (
            &step.title,
            &step.connector,
            &step.operation,
            step.name.as_str(),
        ),
        None => (
            &workflow.trigger.title,
            &workflow.trigger.connector,
            &workflow.trigger.operation,
            "Trigger",
        ),
    };
    if !own.is_empty() {
        return own.clone();
    }
    let spec = catalog.operation(connector, operation);
    spec.map(|spec| spec.title.clone())
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| name.to_owned())
}

/// What the engine does with a step; guessed where the catalogue does not know it.
pub(crate) fn kind(step: &Step, spec: Option<&OperationSpec>) -> StepKind {
    match spec {
        Some(spec) => spec.kind,
        None if step.connector == "loop" && step.operation == "loop_object" => StepKind::LoopObject,
        None if step.connector == "loop" => match step.operation.as_str() {
            "loop_forever" => StepKind::LoopForever,
            "loop_until" => StepKind::LoopUntil,
            _ => StepKind::LoopList,
        },
        None => StepKind::Call,
    }
}

#[cfg(test)]
mod tests;
