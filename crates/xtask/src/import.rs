//! `cargo xtask import-openapi` and `cargo xtask reference`: what is made from descriptions of operations.
//!
//! The work is done by crates that need the kit; started as programs, they cost nothing to those who do not use them.

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

/// Writes `docs/operations` anew.
pub(crate) fn reference(workspace: &Workspace) -> Result<()> {
    let target = workspace.root.join("docs").join("operations");
    let mut command = cargo::command(
        workspace,
        &[
            "run",
            "--quiet",
            "--package",
            "patchbay-connectors",
            "--example",
            "reference",
            "--",
        ],
    );
    process::run(command.arg(target))
}
