//! The connectors that this binary carries.

use anyhow::bail;
use patchbay_kit::Catalog;
use std::sync::Arc;

/// Reads all of them.
///
/// # Errors
/// When a manifest has mistakes, which a test of the connectors keeps from happening.
pub fn load() -> anyhow::Result<Arc<Catalog>> {
    match patchbay_connectors::catalog() {
        Ok(catalog) => Ok(Arc::new(catalog)),
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            bail!("the connectors cannot be read:\n{}", lines.join("\n"))
        }
    }
}
