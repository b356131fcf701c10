//! `cargo xtask dist`: one release binary that carries the whole screen.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::progress::step;
use crate::site::{self, Manifest, Quality};
use crate::workspace::Workspace;
use crate::{cargo, process};

/// The finished binary and what is inside it.
pub(crate) struct Dist {
    pub(crate) binary: PathBuf,
    pub(crate) manifest: Manifest,
}

pub(crate) fn run(workspace: &Workspace) -> Result<Dist> {
    let site = site::build(workspace, Quality::Release)?;
    step("server: compile with the screen inside (release)", || {
        process::run(
            cargo::command(
                workspace,
                &[
                    "build",
                    "--release",
                    "--package",
                    "patchbay-server",
                    "--bin",
                    "patchbay",
                ],
            )
            .env("PATCHBAY_EMBED_DIR", &site.folder),
        )
    })?;
    let built = workspace.server_binary(true);
    let folder = workspace.root.join("target").join("dist");
    let binary = folder.join(format!("patchbay{}", std::env::consts::EXE_SUFFIX));
    fs::create_dir_all(&folder)?;
    // Renamed into place: writing into a binary that is running would be refused.
    let draft = binary.with_extension("part");
    fs::copy(&built, &draft).with_context(|| format!("cannot copy {}", built.display()))?;
    fs::rename(&draft, &binary)?;
    report(&binary, &site.manifest)?;
    Ok(Dist {
        binary,
        manifest: site.manifest,
    })
}

fn report(binary: &PathBuf, manifest: &Manifest) -> Result<()> {
    println!(
        "{:<44} {:>10} {:>10} {:>10}",
        "file", "raw", "gzip", "brotli"
    );
    let size = |bytes: Option<usize>| bytes.map_or("–".to_owned(), kilobytes);
    for file in &manifest.files {
        println!(
            "{:<44} {:>10} {:>10} {:>10}",
            file.path,
            kilobytes(file.sizes.raw),
            size(file.sizes.gz),
            size(file.sizes.br)
        );
    }
    let bytes = fs::metadata(binary)?.len();
    println!("{}: {:.1} MB", binary.display(), bytes as f64 / 1e6);
    Ok(())
}

/// `12.3 kB`.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1e3)
}
