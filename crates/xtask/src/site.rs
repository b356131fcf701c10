//! Builds what the browser loads: wasm, its JavaScript, one style sheet, and the files of `app/public`.
//!
//! The screen is two programs, the builder and all other pages, so that neither is loaded for the other.
//!
//! The result is a folder of files stored under content-hashed names, and a `manifest.json` that maps
//! the names the server knows (`pkg/builder.js`) to them. The server answers them at
//! `/assets/<hashed>` and may tell browsers to keep them for ever.

mod bindgen;
mod compress;
mod fingerprint;
mod gather;
mod manifest;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::progress::step;
use crate::workspace::Workspace;
use crate::{cargo, install, process};

use fingerprint::Hashed;
pub(crate) use fingerprint::sha256;
pub(crate) use manifest::Manifest;

/// How much time to spend for how few bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Quick to build, nothing precompressed.
    Work,
    /// Small wasm, every compressible file also as `.br` and `.gz`.
    Release,
}

impl Quality {
    fn profile(self) -> &'static str {
        match self {
            Self::Work => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// The folder below cargo's target folder.
    fn folder(self) -> &'static str {
        match self {
            Self::Work => "site",
            Self::Release => "dist-site",
        }
    }
}

/// The programs, each a binary and a feature of the frontend's crate.
const PROGRAMS: [&str; 2] = ["builder", "pages"];

/// The site as built: where it lies and what is in it.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Manifest,
}

/// Brings the site up to date; what did not change is not made again.
pub(crate) fn build(workspace: &Workspace, quality: Quality) -> Result<Site> {
    install::wasm_target(workspace)?;
    let profile = quality.profile();
    step(&format!("screen: compile to wasm ({profile})"), || {
        compile(workspace, quality)
    })?;
    let built = workspace
        .target
        .join("wasm32-unknown-unknown")
        .join(profile);
    let mut packages = Vec::new();
    for program in PROGRAMS {
        let wasm = built.join(format!("{program}.wasm"));
        let package = workspace.target.join("bindgen").join(profile).join(program);
        if !bindgen::up_to_date(&wasm, &package)? {
            step(
                &format!("screen: bind wasm to JavaScript ({program})"),
                || bindgen::generate(&wasm, &package, program, quality),
            )?;
        }
        packages.push(package);
    }
    step("screen: gather styles, fonts and icons", || {
        let assets = gather::all(&workspace.root.join("app"), &packages)?;
        let hashed = fingerprint::all(assets)?;
        let folder = workspace.target.join(quality.folder());
        let manifest = write(
            &folder,
            &hashed,
            quality,
            &workspace.target.join("compressed"),
        )?;
        Ok(Site { folder, manifest })
    })
}

/// Both programs at once while people work, for they share what is compiled; one after the other for a release, where
/// each goes without what only the other needs.
fn compile(workspace: &Workspace, quality: Quality) -> Result<()> {
    let words = [
        "build",
        "--package",
        "patchbay-frontend",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        quality.profile(),
    ];
    match quality {
        Quality::Work => process::run(&mut cargo::command(workspace, &words)),
        Quality::Release => PROGRAMS.into_iter().try_for_each(|program| {
            let alone = ["--no-default-features", "--features", program];
            let words = [&words[..], &alone, &["--bin", program]].concat();
            process::run(&mut cargo::command(workspace, &words))
        }),
    }
}

/// Writes what changed, removes what is no longer named, and the manifest last, so that a server
/// reading the folder meanwhile finds every file that the manifest names.
fn write(folder: &Path, files: &[Hashed], quality: Quality, cache: &Path) -> Result<Manifest> {
    let mut keep = BTreeSet::from([PathBuf::from("manifest.json")]);
    let mut manifest = Manifest::default();
    for file in files {
        let mut entry = manifest::Entry::new(file);
        put(folder, &file.hashed, &file.bytes)?;
        keep.insert(PathBuf::from(&file.hashed));
        if quality == Quality::Release && compress::worth_it(&file.path) {
            let small = compress::both(&file.bytes, &file.sha256, cache)?;
            for (ending, bytes) in [("br", &small.brotli), ("gz", &small.gzip)] {
                let name = format!("{}.{ending}", file.hashed);
                put(folder, &name, bytes)?;
                keep.insert(PathBuf::from(name));
            }
            entry.sizes.br = Some(small.brotli.len());
            entry.sizes.gz = Some(small.gzip.len());
        }
        manifest.files.push(entry);
    }
    let text = serde_json::to_string_pretty(&manifest)?;
    put(folder, "manifest.json", text.as_bytes())?;
    for stale in gather::files_below(folder)? {
        if !keep.contains(&stale) {
            fs::remove_file(folder.join(stale))?;
        }
    }
    Ok(manifest)
}

/// Writes a file in one rename, unless it is there with the same bytes: an unchanged time stamp
/// keeps cargo from building the server again.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    if fs::read(&path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let parent = path.parent().context("a file of the site has no folder")?;
    fs::create_dir_all(parent)?;
    let draft = path.with_extension("part");
    fs::write(&draft, bytes).with_context(|| format!("cannot write {}", draft.display()))?;
    fs::rename(&draft, &path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use gather::Asset;

    fn hashed(text: &str) -> Vec<Hashed> {
        fingerprint::all(vec![Asset {
            path: "patchbay.css".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }])
        .unwrap()
    }

    #[test]
    fn a_changed_file_replaces_the_old_one_under_a_new_name() {
        let folder = tempfile::tempdir().unwrap();
        let cache = tempfile::tempdir().unwrap();
        write(folder.path(), &hashed("a {}"), Quality::Work, cache.path()).unwrap();
        let before = gather::files_below(folder.path()).unwrap();
        write(folder.path(), &hashed("b {}"), Quality::Work, cache.path()).unwrap();
        let after = gather::files_below(folder.path()).unwrap();
        assert_eq!((before.len(), after.len()), (2, 2));
        assert_ne!(before, after);
    }

    #[test]
    fn a_release_stores_each_text_also_as_brotli_and_gzip() {
        let folder = tempfile::tempdir().unwrap();
        let cache = tempfile::tempdir().unwrap();
        let text = "a { color: red }\n".repeat(40);
        let manifest = write(
            folder.path(),
            &hashed(&text),
            Quality::Release,
            cache.path(),
        )
        .unwrap();
        let sizes = &manifest.files[0].sizes;
        assert!(sizes.br.unwrap() < sizes.raw && sizes.gz.unwrap() < sizes.raw);
        assert_eq!(gather::files_below(folder.path()).unwrap().len(), 4);
    }
}
