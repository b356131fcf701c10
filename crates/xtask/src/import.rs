//! `cargo xtask import-openapi`: makes a connector's folder from the description of its service.
//!
//! The work is done by `crates/import`, which needs the kit; started as a program, it costs nothing to those who do
//! not use it.

use std::path::PathBuf;

use anyhow::Result;

use crate::{cargo, process, workspace::Workspace};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The connector's folder: connectors/ringcentral
    folder: PathBuf,
    /// An OpenAPI 3 document as JSON, put into the folder; without one, the one that is there is read again
    document: Option<PathBuf>,
    /// Write nothing, and fail if anything would change
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let mut command = cargo::command(
        workspace,
        &["run", "--quiet", "--package", "patchbay-import", "--"],
    );
    command.arg(&args.folder).args(&args.document);
    if args.check {
        command.arg("--check");
    }
    process::run(&mut command)
}
