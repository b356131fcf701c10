//! Whether each step has the authentication that its operation needs.

use super::{Check, KnownAuthentication, Target};
use crate::{
    spec::{OperationSpec, ServiceSpec},
    suggest::listed,
};

const FIELD: Option<&str> = Some("auth");

impl<'a> Check<'a> {
    pub(super) fn authentication(&mut self, target: Target<'a>, spec: Option<&OperationSpec>) {
        let Some(spec) = spec else { return };
        let service = self
            .catalog
            .connector(target.connector)
            .and_then(|connector| connector.service.as_ref());
        let title = service.map_or(target.connector, |service| service.title.as_str());
        let Some(id) = target.auth else {
            if spec.needs_authentication {
                let message = format!("Choose a {title} authentication, or create one.");
                self.report
                    .error("missing_authentication", target.name, FIELD, message);
            }
            return;
        };
        let Some(known) = self.authentications else {
            return;
        };
        let Some(found) = known.iter().find(|known| known.id == *id) else {
            let message = format!(
                "This {title} authentication is gone, or it is not yours to use; choose another one."
            );
            self.report
                .error("unknown_authentication", target.name, FIELD, message);
            return;
        };
        let Some(service) = service else { return };
        if found.service != service.name {
            let message = format!(
                "`{}` is for another service; choose a {title} authentication.",
                found.name
            );
            self.report
                .error("wrong_service", target.name, FIELD, message);
            return;
        }
        self.scopes(target, spec, service, found);
    }

    fn scopes(
        &mut self,
        target: Target<'a>,
        spec: &OperationSpec,
        service: &ServiceSpec,
        found: &KnownAuthentication,
    ) {
        let Some(granted) = &found.scopes else { return };
        let needed = spec.scopes_for(target.inputs);
        let lacking = service.missing_scopes(&needed, granted);
        if !lacking.is_empty() {
            let message = format!(
                "`{}` was not granted {}, which this step needs; reconnect it with more scopes.",
                found.name,
                listed(lacking)
            );
            self.report
                .warning("missing_scope", target.name, FIELD, message);
        }
    }
}
