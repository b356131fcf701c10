//! `[subscription]` of a trigger that a service calls: the events that can be asked for, and the hooks that ask.

use super::field::Field;
use indexmap::IndexMap;
use serde::Deserialize;

/// What a trigger of the kind `subscription` listens to.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subscription {
    /// The hidden operation that asks the service to call: inputs `filters`, `address`, `token` and `state`; output
    /// `{state, again_in}`, the latter in seconds. A trigger without events looks by itself for what is new instead:
    /// the inputs are the trigger's own and `state`, the output also has `events`, a list of `{id, output}`.
    pub begin: String,
    /// The one that looks whether the service still calls, and sees to it; inputs and output as of `begin`.
    pub keep: String,
    /// The one that ends it, if there is something to end: input `state`.
    pub end: Option<String>,
    /// What narrows events down, by name. `send` says where in a filter it goes: `path:…` or `query:…`.
    pub parameter: IndexMap<String, Field>,
    /// What events carry, by the names that events give.
    pub body: IndexMap<String, Field>,
    /// In the order of the drop-down.
    pub event: Vec<Event>,
}

/// One kind of event.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Event {
    /// What documents say: `call_on_extension`.
    pub name: String,
    pub title: String,
    /// The drop-down's heading.
    pub group: String,
    /// One sentence.
    pub help: String,
    /// As the service spells it, with `{holes}` that parameters fill, and its fixed query.
    pub filter: String,
    /// For a service with several addresses for subscriptions: which one; none: the usual one.
    pub endpoint: Option<String>,
    /// What the authentication must have been granted, beside the trigger's own scopes.
    pub scopes: Vec<String>,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// The name of what it carries; none: anything.
    pub body: Option<String>,
}

impl Event {
    /// The names in braces, in order.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.filter
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }
}
