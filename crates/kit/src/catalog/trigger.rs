//! The form and the output of a trigger that a service calls, made of the events that it can listen to.

use super::schema;
use crate::manifest::trigger::Subscription;
use patchbay_model::{
    Json,
    schema::{Additional, Schema, ShownFor, Type},
    spec::OperationSpec,
};

/// The input that lists what the trigger listens to.
pub(crate) const EVENTS: &str = "events";

/// The part of such an item that names the event.
pub(crate) const EVENT: &str = "event";

/// The part of the output that events differ in.
const BODY: &str = "body";

/// Adds the list of events to a trigger's form.
pub(super) fn extend(spec: &mut OperationSpec, subscription: &Subscription) {
    if subscription.event.is_empty() {
        return;
    }
    let names: Vec<Json> = subscription
        .event
        .iter()
        .map(|event| event.name.as_str().into())
        .collect();
    let mut choice = Schema {
        values: names,
        description: Some("What has to happen.".to_owned()),
        ..Schema::of(Type::String).titled("Event")
    };
    choice.hints.titles = subscription
        .event
        .iter()
        .map(|event| format!("{}: {}", event.group, event.title))
        .collect();
    choice.hints.scopes = subscription
        .event
        .iter()
        .map(|event| event.scopes.clone())
        .collect();
    let mut item = Schema {
        required: vec![EVENT.to_owned()],
        additional: Some(Additional::Any(false)),
        ..Schema::object([(EVENT.to_owned(), choice)])
    };
    for (name, field) in &subscription.parameter {
        let mut part = schema::of(field);
        // Most events do not take it, so it must not be filled in for all of them; a filter knows it all the same.
        if let Some(default) = part.default.take() {
            let text = default
                .as_str()
                .map_or_else(|| default.to_string(), str::to_owned);
            part.hints.placeholder.get_or_insert(text);
        }
        part.hints.shown_for = Some(ShownFor {
            field: EVENT.to_owned(),
            values: subscription
                .event
                .iter()
                .filter(|event| event.parameters.contains(name))
                .map(|event| event.name.as_str().into())
                .collect(),
        });
        item.properties.insert(name.clone(), part);
    }
    let events = Schema {
        description: Some(
            "Each of these starts a run of its own. One trigger can listen to several kinds."
                .to_owned(),
        ),
        min_length: None,
        ..Schema::list(item).titled("Events")
    };
    spec.inputs.required.insert(0, EVENTS.to_owned());
    spec.inputs
        .properties
        .shift_insert(0, EVENTS.to_owned(), events);
    // The output is worked out anew when other events are chosen.
    if let Some(body) = spec.output.properties.get_mut(BODY) {
        body.hints.shaped_by = vec![EVENTS.to_owned()];
    }
}

/// The output for the events that are chosen: what each of them carries.
pub(crate) fn shaped(
    spec: &OperationSpec,
    subscription: &Subscription,
    inputs: &Json,
) -> OperationSpec {
    let mut spec = spec.clone();
    if subscription.event.is_empty() {
        return spec;
    }
    let chosen: Vec<&str> = inputs[EVENTS]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item[EVENT].as_str())
        .collect();
    let events: Vec<_> = subscription
        .event
        .iter()
        .filter(|event| chosen.contains(&event.name.as_str()))
        .collect();
    let mut seen = Vec::new();
    let mut bodies = Vec::new();
    for event in &events {
        let Some(field) = event
            .body
            .as_ref()
            .and_then(|name| subscription.body.get(name))
        else {
            continue;
        };
        if !seen.contains(&&event.body) {
            seen.push(&event.body);
            bodies.push(schema::of(field).titled(event.title.clone()));
        }
    }
    if let Some(name) = spec.output.properties.get_mut(EVENT) {
        name.values = events
            .iter()
            .map(|event| event.name.as_str().into())
            .collect();
    }
    if let Some(body) = spec.output.properties.get_mut(BODY) {
        let told = body.clone();
        *body = match (bodies.len(), bodies.pop()) {
            (1, Some(only)) => Schema {
                title: told.title,
                description: told.description,
                ..only
            },
            (_, Some(last)) => Schema {
                one_of: bodies.into_iter().chain([last]).collect(),
                ..told
            },
            (_, None) => told,
        };
        body.hints.shaped_by.clear();
    }
    spec
}
