//! The connectors that come with Patchbay: one folder per service beside this one, found when the crate is built.

mod bytes;
mod file;
mod values;

use patchbay_kit::{Catalog, Hooks, ManifestError, Source};
use std::{borrow::Cow, sync::Arc};

include!(concat!(env!("OUT_DIR"), "/connectors.rs"));

/// The folders, as the kit reads them.
pub fn sources() -> Vec<Source> {
    found()
}

/// The installed connectors. That their folders are sound is a test's business, so that starting takes little time.
pub fn catalog() -> Result<Catalog, Vec<ManifestError>> {
    Catalog::open(sources())
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
