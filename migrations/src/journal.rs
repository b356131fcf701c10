//! The journal, oldest migration first.

pub(crate) mod j0001_runs;
