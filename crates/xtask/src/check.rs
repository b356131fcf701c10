//! `cargo xtask check`: everything that can be said about the tree without running it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::progress::Steps;
use crate::workspace::Workspace;
use crate::{cargo, install, licences, process, tidy};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the parts that compile nothing: format, tidy, licences
    #[arg(long)]
    quick: bool,
}

/// Built for the browser, and so linted there: on this machine its crate is empty.
const SCREEN: &str = "patchbay-frontend";

const WASM: &str = "wasm32-unknown-unknown";

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || format(workspace));
    steps.run("tidy", || tidy::check(&workspace.root));
    match licences::packages(workspace) {
        Ok(packages) => {
            steps.run("licences of dependencies", || licences::check(&packages));
            steps.run("one version of heavy libraries", || {
                licences::duplicates(&packages)
            });
        }
        Err(error) => {
            steps.run("licences of dependencies", || Err(error));
        }
    }
    if args.quick {
        steps.skip("lints and wasm builds", "--quick");
        return steps.summary();
    }
    steps.run("lints", || {
        call(
            workspace,
            &[
                "clippy",
                "--workspace",
                "--exclude",
                SCREEN,
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    steps.run("lints of the screen as wasm", || {
        install::wasm_target(workspace)?;
        call(
            workspace,
            &[
                "clippy",
                "--package",
                SCREEN,
                "--target",
                WASM,
                "--profile",
                "wasm-dev",
                "--",
                "-D",
                "warnings",
            ],
        )
    });
    steps.run("pure crates build as wasm", || {
        call(
            workspace,
            &[
                "check",
                "--package",
                "patchbay-model",
                "--package",
                "patchbay-layout",
                "--package",
                "patchbay-api",
                "--target",
                WASM,
                "--profile",
                "wasm-dev",
            ],
        )
    });
    steps.summary()
}

fn call(workspace: &Workspace, args: &[&str]) -> Result<()> {
    process::run(&mut cargo::command(workspace, args))
}

fn format(workspace: &Workspace) -> Result<()> {
    let crates = call(workspace, &["fmt", "--all", "--", "--check"]);
    let hooks = hooks(workspace);
    if !hooks.is_empty() {
        // A build script pulls these files in, so cargo fmt does not know of them.
        process::run(
            Command::new("rustfmt")
                .args(["--edition", "2024", "--check"])
                .args(hooks)
                .current_dir(&workspace.root),
        )?;
    }
    if crates.is_err() {
        bail!("run `cargo fmt --all`");
    }
    Ok(())
}

fn hooks(workspace: &Workspace) -> Vec<PathBuf> {
    let Ok(folders) = std::fs::read_dir(workspace.root.join("connectors")) else {
        return Vec::new();
    };
    folders
        .flatten()
        .map(|folder| folder.path().join("hooks.rs"))
        .filter(|file| file.is_file())
        .collect()
}
