//! What a step offers: its operation's output, or for a loop what the engine puts there.

use super::{Known, Reach, Sight, View, kind};
use crate::{
    Json,
    document::{MAX_NESTING, Step, TRIGGER},
    path::{Root, Segment},
    schema::{Schema, Type},
    spec::{Catalog, StepKind},
    value::Value,
};
use std::borrow::Cow;

impl Reach<'_> {
    /// What a step offers in this view, whether or not anybody can see it.
    pub(super) fn offer<'s>(
        &self,
        catalog: &'s dyn Catalog,
        known: &'s Known,
        name: &str,
        view: View,
        depth: usize,
    ) -> Cow<'s, Schema> {
        if name == TRIGGER {
            let trigger = &self.workflow.trigger;
            return output(catalog, known, name, &trigger.connector, &trigger.operation);
        }
        let Some(step) = self.step(name) else {
            return Cow::Owned(Schema::default());
        };
        let kind = kind(step, catalog.operation(&step.connector, &step.operation));
        match (kind.has_body(), view) {
            (false, _) => output(catalog, known, name, &step.connector, &step.operation),
            (true, View::Outside) => Cow::Owned(totals(step, kind)),
            (true, View::Inside) => Cow::Owned(self.iteration(catalog, known, step, kind, depth)),
        }
    }

    /// `value`, `index` and so on of a loop, from inside its body.
    fn iteration(
        &self,
        catalog: &dyn Catalog,
        known: &Known,
        step: &Step,
        kind: StepKind,
        depth: usize,
    ) -> Schema {
        if matches!(kind, StepKind::LoopForever | StepKind::LoopUntil) {
            let number = Schema::of(Type::Integer).titled("Which iteration, from 0");
            let first = Schema::of(Type::Boolean).titled("Whether it is the first");
            let properties = [("index".to_owned(), number), ("is_first".to_owned(), first)];
            return closed(Schema::object(properties));
        }
        let field = if kind == StepKind::LoopObject {
            "object"
        } else {
            "list"
        };
        let source = self.source(catalog, known, step, field, depth);
        let element = if kind == StepKind::LoopObject {
            entry
        } else {
            item
        };
        let value = source.map(|source| element(&source)).unwrap_or_default();
        let mut properties = vec![("value".to_owned(), titled(value, "This item"))];
        if kind == StepKind::LoopObject {
            properties.push(("key".to_owned(), Schema::of(Type::String).titled("Its key")));
        }
        properties.extend([
            (
                "index".to_owned(),
                Schema::of(Type::Integer).titled("Position, from 0"),
            ),
            (
                "is_first".to_owned(),
                Schema::of(Type::Boolean).titled("Whether it is the first"),
            ),
            (
                "is_last".to_owned(),
                Schema::of(Type::Boolean).titled("Whether it is the last"),
            ),
            (
                "count".to_owned(),
                Schema::of(Type::Integer).titled("How many there are"),
            ),
        ]);
        closed(Schema::object(properties))
    }

    /// The schema of what a loop goes over: of the path in that field, or of the literal that stands there.
    fn source(
        &self,
        catalog: &dyn Catalog,
        known: &Known,
        step: &Step,
        field: &str,
        depth: usize,
    ) -> Option<Schema> {
        match Value::parse(step.inputs.get(field)?).ok()? {
            Value::Path { path, .. } => {
                let Root::Step(target) = path.root()? else {
                    return None;
                };
                let segments = path.segments().map(|_| path.below_root())?;
                // A loop over itself is refused by the sight; the depth is a second fence.
                let Sight::Visible(view) = self.sight(&step.name, target) else {
                    return None;
                };
                if depth > MAX_NESTING {
                    return None;
                }
                self.offer(catalog, known, target, view, depth + 1)
                    .at(segments)
                    .cloned()
            }
            literal if literal.is_literal() => Some(Schema::infer(&literal.to_json())),
            _ => None,
        }
    }
}

/// What one item of the list looks like; anything where it is no list, so that one mistake is told once.
fn item(list: &Schema) -> Schema {
    list.at(&[Segment::Index(0)]).cloned().unwrap_or_default()
}

/// What one entry of the object looks like.
fn entry(object: &Schema) -> Schema {
    let known = object.properties.values().cloned();
    known
        .reduce(Schema::merged)
        .unwrap_or_else(|| additional(object))
}

fn additional(source: &Schema) -> Schema {
    match &source.additional {
        Some(crate::schema::Additional::Schema(schema)) => (**schema).clone(),
        _ => Schema::default(),
    }
}

/// What a loop offers once it is done.
fn totals(step: &Step, kind: StepKind) -> Schema {
    let number = |title: &str| Schema::of(Type::Integer).titled(title);
    let mut properties = vec![
        ("count".to_owned(), number("Items in all")),
        ("succeeded".to_owned(), number("Items that succeeded")),
        ("failed".to_owned(), number("Items in which a step failed")),
    ];
    if kind == StepKind::LoopUntil {
        let met = Schema::of(Type::Boolean).titled("Whether its conditions hold");
        properties.push(("met".to_owned(), met));
    }
    if step
        .inputs
        .get("collect")
        .is_some_and(|collect| !matches!(collect, Json::Null | Json::Bool(false)))
    {
        properties.push((
            "results".to_owned(),
            Schema::list(Schema::default()).titled("What was collected"),
        ));
    }
    closed(Schema::object(properties))
}

fn closed(schema: Schema) -> Schema {
    Schema {
        additional: Some(crate::schema::Additional::Any(false)),
        ..schema
    }
}

fn titled(schema: Schema, title: &str) -> Schema {
    Schema {
        title: schema.title.or_else(|| Some(title.to_owned())),
        ..schema
    }
}

fn output<'s>(
    catalog: &'s dyn Catalog,
    known: &'s Known,
    name: &str,
    connector: &str,
    operation: &str,
) -> Cow<'s, Schema> {
    let shaped = known
        .shaped
        .get(name)
        .and_then(|shaped| shaped.output.as_ref());
    let spec = || {
        catalog
            .operation(connector, operation)
            .map(|spec| &spec.output)
    };
    let schema = shaped
        .or_else(spec)
        .map_or_else(|| Cow::Owned(Schema::default()), Cow::Borrowed);
    match known.samples.get(name) {
        Some(sample) => Cow::Owned(schema.with_sample(sample)),
        None => schema,
    }
}
