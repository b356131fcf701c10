//! The connectors that come with Patchbay: one folder per service beside this one, found when the crate is built.

use patchbay_kit::{Catalog, Hooks, ManifestError, Source};
use std::{borrow::Cow, sync::Arc};

include!(concat!(env!("OUT_DIR"), "/connectors.rs"));

/// The folders, as the kit reads them.
pub fn sources() -> Vec<Source> {
    found()
}

/// The installed connectors, read and checked.
pub fn catalog() -> Result<Catalog, Vec<ManifestError>> {
    Catalog::load(sources())
}

fn source(
    name: &'static str,
    hooks: Option<Arc<dyn Hooks>>,
    files: &'static [(&'static str, &'static str)],
) -> Source {
    let files = files
        .iter()
        .map(|(path, text)| (Cow::Borrowed(*path), Cow::Borrowed(*text)));
    Source {
        name: Cow::Borrowed(name),
        files: files.collect(),
        hooks,
    }
}
