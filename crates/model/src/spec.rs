//! What a connector offers, as the screen and the checks see it; how it does it is the kit's business.

use crate::{Json, JsonMap, schema::Schema};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A connector with everything it offers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConnectorSpec {
    /// `google-sheets`.
    pub name: String,
    /// `Google Sheets`.
    pub title: String,
    /// Grows with every change of its operations.
    pub version: String,
    /// One sentence.
    #[serde(default)]
    pub summary: String,
    /// `trigger`, `core`, `helper`, `service`; the palette's groups.
    pub categories: Vec<String>,
    /// The folder's SVG, a complete `<svg>` element.
    #[serde(default)]
    pub icon: String,
    /// The service whose authentications it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceSpec>,
    pub operations: Vec<OperationSpec>,
    pub triggers: Vec<OperationSpec>,
}

/// The foreign service behind a connector: how people sign in to it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ServiceSpec {
    /// `ringcentral`, `google`.
    pub name: String,
    pub title: String,
    /// The ways to authenticate, the usual one first.
    pub methods: Vec<AuthenticationMethod>,
    /// What can be asked for.
    #[serde(default)]
    pub scopes: Vec<ScopeSpec>,
    /// Whether a person may enter a base URL of their own.
    #[serde(default)]
    pub custom_base_url: bool,
}

/// One way to authenticate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuthenticationMethod {
    pub kind: MethodKind,
    pub title: String,
    #[serde(default)]
    pub help: String,
}

/// The closed set of ways to authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// OAuth 2 authorization code with PKCE.
    Oauth2,
    /// A token that the person pastes.
    Token,
    /// User name and password.
    Basic,
    /// A signed assertion that the person pastes (RingCentral).
    Jwt,
}

/// One scope.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScopeSpec {
    /// As the service spells it.
    pub name: String,
    /// What people read; empty: the name.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub group: String,
    /// Scopes that it covers.
    #[serde(default)]
    pub includes: Vec<String>,
    /// Wider scopes in whose place it will do, within limits that its description tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
    /// Granted by the service on request only.
    #[serde(default)]
    pub on_request: bool,
    /// Ticked before anybody chose.
    #[serde(default)]
    pub default: bool,
}

impl ServiceSpec {
    /// Needed scopes that are neither granted nor included, however indirectly, in a granted one, and in whose place
    /// no granted one will do.
    pub fn missing_scopes<'a>(&self, needed: &'a [String], granted: &[String]) -> Vec<&'a str> {
        let mut covered: HashSet<&str> = HashSet::new();
        let mut open: Vec<&str> = granted.iter().map(String::as_str).collect();
        while let Some(scope) = open.pop() {
            if covered.insert(scope)
                && let Some(spec) = self.scopes.iter().find(|spec| spec.name == scope)
            {
                let covers = spec.includes.iter().chain(&spec.instead_of);
                open.extend(covers.map(String::as_str));
            }
        }
        let needed = needed.iter().map(String::as_str);
        needed.filter(|scope| !covered.contains(scope)).collect()
    }
}

/// One operation or trigger.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OperationSpec {
    /// `list_extension_call_logs`.
    pub name: String,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub group: String,
    /// The service's own name of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// What the engine does with it.
    #[serde(default)]
    pub kind: StepKind,
    /// All of these are needed.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Whether an authentication must be chosen.
    #[serde(default)]
    pub needs_authentication: bool,
    /// Whether executing it twice is the same as once.
    #[serde(default)]
    pub repeatable: bool,
    /// Whether it only looks and changes nothing anywhere, so that a dry run may execute it.
    #[serde(default)]
    pub reads: bool,
    /// Whether it reaches a person or moves money: never repeated after an interruption by default.
    #[serde(default)]
    pub irreversible: bool,
    #[serde(default)]
    pub deprecated: bool,
    /// Used by drop-downs, not offered in the palette.
    #[serde(default)]
    pub hidden: bool,
    /// Words that a search finds it by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// An object schema; its properties are the form.
    pub inputs: Schema,
    pub output: Schema,
    /// What comes of which inputs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<OperationExample>,
}

impl OperationSpec {
    /// The scopes that these inputs need: the operation's own and those of the values that are chosen.
    pub fn scopes_for(&self, inputs: &JsonMap) -> Vec<String> {
        let mut needed = self.scopes.clone();
        for (name, property) in &self.inputs.properties {
            if let Some(value) = inputs.get(name) {
                chosen_scopes(property, value, &mut needed);
            }
        }
        needed
    }
}

fn chosen_scopes(schema: &Schema, value: &Json, needed: &mut Vec<String>) {
    match value {
        Json::Array(items) => {
            let Some(item) = schema.items.as_deref() else {
                return;
            };
            for value in items {
                chosen_scopes(item, value, needed);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                if let Some(property) = schema.properties.get(name) {
                    chosen_scopes(property, value, needed);
                }
            }
        }
        chosen => {
            let at = schema.values.iter().position(|value| value == chosen);
            let scopes = at.and_then(|at| schema.hints.scopes.get(at));
            for scope in scopes.into_iter().flatten() {
                if !needed.contains(scope) {
                    needed.push(scope.clone());
                }
            }
        }
    }
}

/// Inputs of an operation, and what comes of them: an output or the code of an error.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OperationExample {
    /// What it shows; empty where the values say enough.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    pub inputs: Json,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Json>,
    /// The error's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The closed set of things the engine can do with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Calls the connector.
    #[default]
    Call,
    /// Starts runs; never executed inside one.
    Trigger,
    /// Repeats its body for each item of `list`.
    LoopList,
    /// Repeats its body for each entry of `object`.
    LoopObject,
    /// Repeats its body until a step leaves it.
    LoopForever,
    /// Repeats its body until its conditions hold after an iteration.
    LoopUntil,
    /// Takes the branch `true` or `false`, as its conditions hold or not.
    Boolean,
    /// Takes the branch that is named like its value, else `default`.
    Branch,
    /// Goes through all of its branches at the same time, then on below them.
    Parallel,
    /// Ends a loop around it.
    Break,
    /// Goes on with the next item of a loop around it.
    Continue,
    /// Ends the run as a success.
    Terminate,
    /// Ends the run as a failure.
    Fail,
    /// Waits for a while or until an instant.
    Delay,
    /// Starts a run of another workflow.
    CallWorkflow,
    /// Answers whoever started the run and waits for it.
    Reply,
}

/// Which branches a step carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branching {
    /// None.
    None,
    /// Exactly `true` and `false`.
    TrueFalse,
    /// Any names, and `default` for everything else.
    ByValue,
    /// Any names.
    Parallel,
}

/// The branch of a [`StepKind::Branch`] that is taken when no other one fits.
pub const DEFAULT_BRANCH: &str = "default";

impl StepKind {
    /// Whether the step carries a `body`.
    pub fn has_body(self) -> bool {
        matches!(
            self,
            Self::LoopList | Self::LoopObject | Self::LoopForever | Self::LoopUntil
        )
    }

    /// Which `branches` it carries.
    pub fn branching(self) -> Branching {
        match self {
            Self::Boolean => Branching::TrueFalse,
            Self::Branch => Branching::ByValue,
            Self::Parallel => Branching::Parallel,
            _ => Branching::None,
        }
    }

    /// Whether somebody outside the engine carries it out.
    pub fn is_call(self) -> bool {
        matches!(self, Self::Call | Self::CallWorkflow)
    }
}

impl Branching {
    /// The branches of a new step.
    pub fn first_names(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::TrueFalse => &["true", "false"],
            Self::ByValue => &["first", DEFAULT_BRANCH],
            Self::Parallel => &["first", "second"],
        }
    }

    /// Whether people may add, rename and remove branches.
    pub fn is_open(self) -> bool {
        matches!(self, Self::ByValue | Self::Parallel)
    }
}

/// Where connectors are looked up; the kit's catalogue on the server, a cache of API answers in the browser.
pub trait Catalog {
    /// The connector's spec, if it is installed.
    fn connector(&self, name: &str) -> Option<&ConnectorSpec>;
    /// The names of all connectors, for suggestions.
    fn names(&self) -> Vec<&str>;

    /// An operation or trigger of a connector.
    fn operation(&self, connector: &str, operation: &str) -> Option<&OperationSpec> {
        let spec = self.connector(connector)?;
        spec.operations
            .iter()
            .chain(&spec.triggers)
            .find(|candidate| candidate.name == operation)
    }
}

impl Catalog for Vec<ConnectorSpec> {
    fn connector(&self, name: &str) -> Option<&ConnectorSpec> {
        self.iter().find(|spec| spec.name == name)
    }

    fn names(&self) -> Vec<&str> {
        self.iter().map(|spec| spec.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_values_may_need_scopes_of_their_own() {
        let inputs: Schema = serde_json::from_value(serde_json::json!({
            "type": "object", "properties": { "events": { "type": "array", "items": {
                "type": "object", "properties": { "event": {
                    "enum": ["call", "sms"], "x-patchbay": { "scopes": [["CallControl"], ["ReadMessages"]] } } } } } } }))
        .unwrap();
        let spec = OperationSpec {
            scopes: vec!["SubscriptionWebhook".to_owned()],
            inputs,
            ..OperationSpec::default()
        };
        for (events, needed) in [
            (
                serde_json::json!([{ "event": "sms" }, { "event": "sms" }]),
                "SubscriptionWebhook ReadMessages",
            ),
            (
                serde_json::json!([{ "event": "fax" }, "odd"]),
                "SubscriptionWebhook",
            ),
            (
                serde_json::json!({ "$path": "$.config.events" }),
                "SubscriptionWebhook",
            ),
        ] {
            let inputs = JsonMap::from_iter([("events".to_owned(), events)]);
            assert_eq!(spec.scopes_for(&inputs).join(" "), needed);
        }
    }

    #[test]
    fn a_granted_scope_covers_what_it_includes_however_indirectly() {
        let scope = |name: &str, includes: &[&str]| ScopeSpec {
            name: name.to_owned(),
            includes: includes
                .iter()
                .map(|&included| included.to_owned())
                .collect(),
            ..ScopeSpec::default()
        };
        let service = ServiceSpec {
            scopes: vec![
                scope("Accounts", &["EditAccounts"]),
                scope("EditAccounts", &["ReadAccounts"]),
            ],
            ..ServiceSpec::default()
        };
        let needed = ["ReadAccounts".to_owned(), "SMS".to_owned()];
        assert_eq!(
            service.missing_scopes(&needed, &["Accounts".to_owned()]),
            ["SMS"]
        );
        let mut narrow = scope("OwnAccounts", &[]);
        narrow.instead_of = vec!["ReadAccounts".to_owned()];
        let with_narrow = ServiceSpec {
            scopes: vec![narrow],
            ..ServiceSpec::default()
        };
        assert_eq!(
            with_narrow.missing_scopes(&needed, &["OwnAccounts".to_owned()]),
            ["SMS"]
        );
        assert_eq!(
            service.missing_scopes(&needed, &[]),
            ["ReadAccounts", "SMS"]
        );
    }
}
