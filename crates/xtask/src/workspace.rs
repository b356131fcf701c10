//! Where things lie: the repository root and cargo's target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

pub(crate) struct Workspace {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever `CARGO_TARGET_DIR` or a config file put it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        // `cargo run` sets the variable to where the crate lies now; the compiled-in value would be
        // stale after the repository was moved.
        let crate_folder = std::env::var("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&crate_folder)
            .ancestors()
            .nth(2)
            .context("crates/xtask has no grandparent folder")?
            .to_path_buf();
        let target = target_folder(&root)?;
        Ok(Self { root, target })
    }

    /// The server's binary as `cargo build` leaves it.
    pub(crate) fn server_binary(&self, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target
            .join(profile)
            .join(format!("patchbay{}", std::env::consts::EXE_SUFFIX))
    }
}

fn target_folder(root: &Path) -> Result<PathBuf> {
    let output = Command::new(crate::cargo::program())
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    anyhow::ensure!(
        output.status.success(),
        "cargo metadata failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names no target_directory")?;
    Ok(PathBuf::from(folder))
}
