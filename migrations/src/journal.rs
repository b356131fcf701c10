//! The journal, oldest migration first.

pub(crate) mod j0001_runs;
pub(crate) mod j0002_triggers;
pub(crate) mod j0003_blobs;
