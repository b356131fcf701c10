//! `cargo xtask new`.
use crate::workspace::Workspace;
use anyhow::Result;
pub(crate) fn connector(_workspace: &Workspace, _name: &str) -> Result<()> {
    Ok(())
}
