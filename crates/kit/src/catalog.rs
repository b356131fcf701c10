//! The installed connectors: read from their folders, checked, and offered as specs.
//!
//! At start only the heads of the operations' files are read. The specs in [`Catalog::specs`] are therefore an index:
//! their `inputs`, `output` and `examples` are empty. [`Catalog::find`] gives an operation with everything.

mod build;
mod entry;
mod oauth;
mod schema;
mod shapes;
mod sound;
pub(crate) mod trigger;

pub use oauth::OAuthSpec;
pub(crate) use schema::DEFAULT_MAX_RECORDS;

use crate::{
    hooks::Hooks,
    manifest::{self, operation::Starts, problem::ManifestError},
};
use patchbay_model::spec::{Catalog as Lookup, ConnectorSpec, OperationSpec, ServiceSpec};
use std::{borrow::Cow, collections::HashMap, sync::Arc};

/// A connector's folder, as text.
#[derive(Clone)]
pub struct Source {
    /// The folder's name, which is the connector's: `google-sheets`.
    pub name: Cow<'static, str>,
    /// Relative path and content: `connector.toml`, `operations/send_sms.toml`, `shapes/party.toml`, `icon.svg`.
    pub files: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// What `hooks.rs` offers.
    pub hooks: Option<Arc<dyn Hooks>>,
}

/// All installed connectors. Cheap to share behind an `Arc`; never changes.
#[derive(Default)]
pub struct Catalog {
    specs: Vec<ConnectorSpec>,
    plans: HashMap<String, ConnectorPlan>,
}

/// What the interpreter knows about a connector beyond its spec.
pub(crate) struct ConnectorPlan {
    pub(crate) manifest: manifest::connector::Connector,
    shapes: shapes::Shapes,
    /// Operations and triggers by name.
    entries: HashMap<String, entry::Entry>,
    pub(crate) hooks: Option<Arc<dyn Hooks>>,
}

impl ConnectorPlan {
    /// An operation or trigger with its shapes filled in.
    pub(crate) fn operation(&self, name: &str) -> Option<&entry::Parts> {
        let has_service = self.manifest.service.is_some();
        self.entries.get(name)?.parts(&self.shapes, has_service)
    }

    /// The names of all operations and triggers, for suggestions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

impl Catalog {
    /// Reads connectors whole and checks them. All mistakes of all folders are told at once.
    pub fn load(sources: impl IntoIterator<Item = Source>) -> Result<Self, Vec<ManifestError>> {
        Self::read(sources, true)
    }

    /// Reads no more of connectors than lists and searches need; what an operation is made of is read when it is
    /// first used. For folders that [`Catalog::load`] has found sound before: an operation whose file is not does not
    /// exist here.
    pub fn open(sources: impl IntoIterator<Item = Source>) -> Result<Self, Vec<ManifestError>> {
        Self::read(sources, false)
    }

    fn read(
        sources: impl IntoIterator<Item = Source>,
        thoroughly: bool,
    ) -> Result<Self, Vec<ManifestError>> {
        let mut catalog = Self::default();
        let mut problems = Vec::new();
        for source in sources {
            match build::connector(&source, thoroughly) {
                Ok((spec, plan)) => {
                    catalog.plans.insert(spec.name.clone(), plan);
                    catalog.specs.push(spec);
                }
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        catalog
            .specs
            .sort_by(|left, right| left.title.cmp(&right.title));
        Ok(catalog)
    }

    /// All connectors, by title. Their operations are an index: without inputs, output and examples.
    pub fn specs(&self) -> &[ConnectorSpec] {
        &self.specs
    }

    /// The service of that name (`ringcentral`, `google`).
    pub fn service(&self, service: &str) -> Option<&ServiceSpec> {
        self.connector_of_service(service)
            .and_then(|spec| spec.service.as_ref())
    }

    /// The connector that describes a service.
    pub fn connector_of_service(&self, service: &str) -> Option<&ConnectorSpec> {
        self.specs.iter().find(|spec| {
            spec.service
                .as_ref()
                .is_some_and(|found| found.name == service)
        })
    }

    /// How to sign in to a service by OAuth 2; none if it has no such way.
    ///
    /// `base_url` is the environment's, if it has one: every address then moves to its origin.
    pub fn oauth(&self, service: &str, base_url: Option<&str>) -> Option<OAuthSpec> {
        let connector = self.connector_of_service(service)?;
        oauth::facts(&self.plans.get(&connector.name)?.manifest, base_url)
    }

    /// The operation behind "Test connection" of a service, with its connector's name.
    pub fn check_operation(&self, service: &str) -> Option<(&str, &str)> {
        let connector = self.connector_of_service(service)?;
        let check = self.plans.get(&connector.name)?.manifest.check.as_deref()?;
        Some((&connector.name, check))
    }

    pub(crate) fn plan(&self, connector: &str) -> Option<&ConnectorPlan> {
        self.plans.get(connector)
    }

    /// What starts the runs of a trigger; none if it is no trigger.
    pub fn starts(&self, connector: &str, trigger: &str) -> Option<Starts> {
        self.plans
            .get(connector)?
            .operation(trigger)?
            .manifest
            .starts
    }

    /// An operation or trigger with everything, without needing the trait in scope.
    pub fn find(&self, connector: &str, operation: &str) -> Option<&OperationSpec> {
        Lookup::operation(self, connector, operation)
    }
}

impl Lookup for Catalog {
    fn connector(&self, name: &str) -> Option<&ConnectorSpec> {
        self.specs.iter().find(|spec| spec.name == name)
    }

    fn names(&self) -> Vec<&str> {
        self.specs.iter().map(|spec| spec.name.as_str()).collect()
    }

    fn operation(&self, connector: &str, operation: &str) -> Option<&OperationSpec> {
        Some(&self.plans.get(connector)?.operation(operation)?.spec)
    }
}
