//! Who registers the triggers that a service calls.

use super::{port::ServiceTrigger, service::Subscribed};

/// Connectors whose triggers need more than their manifest can say. A new one is a line here.
const OWN: &[(&str, &'static dyn ServiceTrigger)] = &[];

/// The adapter of a connector's triggers, for those that a service calls.
pub(crate) fn find(connector: &str) -> Option<&'static dyn ServiceTrigger> {
    let own = OWN.iter().find(|(name, _)| *name == connector);
    Some(own.map_or(&Subscribed, |(_, adapter)| *adapter))
}
