//! Triggers that a service calls: from the chosen events to the service's filters, and from its calls to events.

use super::{
    Kit,
    inputs::{invalid, missing, pointer_to},
    request::{plain, segment},
};
use crate::{
    catalog::trigger::{EVENT, EVENTS},
    hooks::{Hooks, Incoming, NoHooks, Received},
    manifest::{
        field::Field,
        send::Send,
        trigger::{Event, Subscription},
    },
    secret::Secret,
    suggest::{did_you_mean, listed},
};
use patchbay_model::{Json, event::StepError, spec::OperationSpec};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

/// Something that a service is asked to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The event's name in the manifest.
    pub event: String,
    /// What people read.
    pub title: String,
    /// As the service takes it.
    pub filter: String,
    /// Which of the service's addresses for subscriptions; empty: the usual one.
    #[serde(default)]
    pub endpoint: String,
    /// What the authentication must have been granted for it.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// The operations that carry out a subscription's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps<'a> {
    pub begin: &'a str,
    pub keep: &'a str,
    pub end: Option<&'a str>,
    /// Whether the service calls; otherwise `begin` and `keep` look for what is new and give `events`.
    pub is_called: bool,
}

impl Kit {
    /// The operations that begin, keep and end what a trigger listens to; none if no service calls it.
    pub fn subscription(&self, connector: &str, trigger: &str) -> Option<Steps<'_>> {
        let plan = self.catalog.plan(connector)?;
        let subscription = plan.operation(trigger)?.manifest.subscription.as_ref()?;
        Some(Steps {
            begin: &subscription.begin,
            keep: &subscription.keep,
            end: subscription.end.as_deref(),
            is_called: !subscription.event.is_empty(),
        })
    }

    /// What a trigger's inputs ask the service to tell, in their order.
    ///
    /// Errors name the field: an event that does not exist, a parameter that it does not take, one that is missing.
    pub fn wanted(
        &self,
        connector: &str,
        trigger: &str,
        inputs: &Json,
    ) -> Result<Vec<Wanted>, StepError> {
        let found = self
            .catalog
            .plan(connector)
            .and_then(|plan| plan.operation(trigger));
        let subscription = found.and_then(|parts| parts.manifest.subscription.as_deref());
        let Some((parts, subscription)) = found.zip(subscription) else {
            return Err(StepError {
                code: "unknown_operation".to_owned(),
                message: format!(
                    "\"{connector}\" has no trigger \"{trigger}\" that a service calls."
                ),
                ..StepError::default()
            });
        };
        let checked = super::inputs::checked(&parts.spec.inputs, inputs.clone())?;
        let items = checked.get(EVENTS).and_then(Json::as_array);
        let items = items.filter(|items| !items.is_empty());
        let Some(items) = items else {
            return Err(StepError {
                message: "Choose at least one event.".to_owned(),
                ..missing(&pointer_to("", EVENTS), "Events")
            });
        };
        items
            .iter()
            .enumerate()
            .map(|(at, item)| wanted(subscription, &parts.spec, item, &format!("/{EVENTS}/{at}")))
            .collect()
    }

    /// What a call from a service means. `secret` is the token agreed on; without one only a handshake is answered.
    ///
    /// Errors: `unauthenticated` when the call does not prove that it comes from the service, `bad_answer` when it
    /// makes no sense.
    pub fn receive(
        &self,
        connector: &str,
        incoming: &Incoming,
        secret: Option<&Secret>,
    ) -> Result<Received, StepError> {
        let hooks = self
            .catalog
            .plan(connector)
            .and_then(|plan| plan.hooks.as_deref());
        hooks
            .unwrap_or(&NoHooks as &dyn Hooks)
            .receive(incoming, secret)
    }
}

fn wanted(
    subscription: &Subscription,
    spec: &OperationSpec,
    item: &Json,
    pointer: &str,
) -> Result<Wanted, StepError> {
    let name = item[EVENT].as_str().unwrap_or_default();
    let place = pointer_to(pointer, EVENT);
    let Some(event) = subscription.event.iter().find(|event| event.name == name) else {
        let names = subscription.event.iter().map(|event| event.name.as_str());
        let hint = did_you_mean(name, names);
        return Err(invalid(
            &place,
            format!("\"{}\" has no event \"{name}\".{hint}", spec.title),
        ));
    };
    let given = |name: &str| {
        item.get(name)
            .filter(|value| !value.is_null() && *value != "")
    };
    for name in subscription.parameter.keys() {
        if given(name).is_some() && !event.parameters.contains(name) {
            let hint = match event.parameters.as_slice() {
                [] => "It takes nothing else.".to_owned(),
                some => format!("It takes {}.", listed(some.iter().map(String::as_str))),
            };
            return Err(invalid(
                &pointer_to(pointer, name),
                format!("The event \"{}\" takes no {name}. {hint}", event.title),
            ));
        }
    }
    Ok(Wanted {
        event: event.name.clone(),
        title: event.title.clone(),
        filter: filter(subscription, event, &given, pointer)?,
        endpoint: event.endpoint.clone().unwrap_or_default(),
        scopes: event.scopes.clone(),
    })
}

fn filter<'a>(
    subscription: &'a Subscription,
    event: &Event,
    given: &impl Fn(&str) -> Option<&'a Json>,
    pointer: &str,
) -> Result<String, StepError> {
    let mut filter = event.filter.clone();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in &event.parameters {
        let Some(field) = subscription.parameter.get(name) else {
            continue;
        };
        let value = given(name).or(field.default.as_ref()).map(plain);
        match (&field.send, value) {
            (Some(Send::Path(hole)), Some(value)) => {
                // `~` is an identifier of its own and stays as it is.
                filter = filter.replace(&format!("{{{hole}}}"), &segment(&value));
            }
            (Some(Send::Path(_)), None) => {
                let title = field.title.as_deref().unwrap_or(name);
                return Err(missing(&pointer_to(pointer, name), title));
            }
            (Some(Send::Query(key)), Some(value)) => {
                query.append_pair(key, &value);
            }
            _ if needed(field) => {
                let title = field.title.as_deref().unwrap_or(name);
                return Err(missing(&pointer_to(pointer, name), title));
            }
            _ => {}
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        filter.push(if filter.contains('?') { '&' } else { '?' });
        filter.push_str(&query);
    }
    Ok(filter)
}

fn needed(field: &Field) -> bool {
    field.required == Some(true)
}
