//! `cargo xtask check`.
use crate::workspace::Workspace;
use anyhow::Result;
#[derive(clap::Args)]
pub(crate) struct Args {}
pub(crate) fn run(_workspace: &Workspace, _args: &Args) -> Result<()> {
    Ok(())
}
