//! What the dialog is about: the service, what is needed, and what is renewed.

use patchbay_api::authentications::{Authentication, Environment};
use patchbay_model::spec::{AuthenticationMethod, MethodKind, ScopeSpec, ServiceSpec};

use super::scopes;

/// What does not change while the dialog is open.
#[derive(Debug, Clone)]
pub(super) struct Blank {
    pub(super) service: ServiceSpec,
    pub(super) connector_title: String,
    pub(super) needed: Vec<String>,
    pub(super) reconnect: Option<Authentication>,
    /// Where a sign-in in this tab comes back to; empty: to where it began.
    pub(super) return_to: String,
    /// Everything that can be asked for.
    pub(super) scopes: Vec<ScopeSpec>,
}

impl Blank {
    pub(super) fn new(
        service: ServiceSpec,
        connector_title: String,
        needed: Vec<String>,
        reconnect: Option<Authentication>,
        return_to: String,
    ) -> Self {
        let scopes = scopes::all(&service.scopes, &needed);
        Self {
            service,
            connector_title,
            needed,
            reconnect,
            return_to,
            scopes,
        }
    }

    /// The dialog's first title.
    pub(super) fn title(&self) -> String {
        match &self.reconnect {
            Some(old) => format!("Reconnect {}", old.name),
            None => format!("New {} authentication", self.service_title()),
        }
    }

    /// `RingCentral`.
    pub(super) fn service_title(&self) -> String {
        if self.service.title.is_empty() {
            self.connector_title.clone()
        } else {
            self.service.title.clone()
        }
    }

    pub(super) fn method(&self, kind: MethodKind) -> Option<&AuthenticationMethod> {
        self.service
            .methods
            .iter()
            .find(|method| method.kind == kind)
    }

    /// The way that is chosen first: the one of the renewed authentication, else the usual one.
    pub(super) fn first_method(&self) -> MethodKind {
        let usual = self
            .service
            .methods
            .first()
            .map_or(MethodKind::Token, |method| method.kind);
        self.reconnect.as_ref().map_or(usual, |old| old.method)
    }

    /// The environments of this service.
    pub(super) fn environments(&self, all: &[Environment]) -> Vec<Environment> {
        all.iter()
            .filter(|environment| environment.service == self.service.name)
            .cloned()
            .collect()
    }

    /// The verb on the last button.
    pub(super) fn verb(&self) -> &'static str {
        if self.reconnect.is_some() {
            "Reconnect"
        } else {
            "Create authentication"
        }
    }
}

/// Whether this way needs an OAuth app: an environment that is a record.
pub(super) fn needs_app(method: MethodKind) -> bool {
    matches!(method, MethodKind::Oauth2 | MethodKind::Jwt)
}

/// A name that will be recognised in a long list.
pub(super) fn suggested_name(who: &str, environment: &str) -> String {
    match (who.is_empty(), environment.is_empty()) {
        (true, _) => environment.to_owned(),
        (false, true) => who.to_owned(),
        (false, false) => format!("{who} · {environment}"),
    }
}

/// `Production · platform.ringcentral.com`.
pub(super) fn environment_title(environment: &Environment) -> String {
    match environment.base_url.as_deref().map(host) {
        Some(host) if !host.is_empty() => format!("{} · {host}", environment.title),
        _ => environment.title.clone(),
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_shows_its_host() {
        let environment = |base_url: Option<&str>| Environment {
            id: "env_1".into(),
            service: "ringcentral".to_owned(),
            title: "Production".to_owned(),
            base_url: base_url.map(str::to_owned),
            client_id: String::new(),
            has_client_secret: true,
            demo: false,
        };
        assert_eq!(environment_title(&environment(None)), "Production");
        assert_eq!(
            environment_title(&environment(Some(
                "https://platform.ringcentral.com/restapi"
            ))),
            "Production · platform.ringcentral.com"
        );
    }

    #[test]
    fn a_suggested_name_leaves_out_what_is_not_known() {
        for (who, environment, expected) in [
            ("Ana", "Demo", "Ana · Demo"),
            ("", "Demo", "Demo"),
            ("Ana", "", "Ana"),
            ("", "", ""),
        ] {
            assert_eq!(suggested_name(who, environment), expected);
        }
    }
}
