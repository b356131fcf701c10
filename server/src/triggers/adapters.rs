//! Which connectors have triggers that a service calls. A new one is a line here.

use super::port::ServiceTrigger;

/// The adapter of a connector's triggers, if the service is the one who calls.
pub(crate) fn find(connector: &str) -> Option<&'static dyn ServiceTrigger> {
    let known: &[(&str, &'static dyn ServiceTrigger)] =
        &[("ringcentral", &super::service::Subscribed)];
    known
        .iter()
        .find(|(name, _)| *name == connector)
        .map(|(_, adapter)| *adapter)
}
