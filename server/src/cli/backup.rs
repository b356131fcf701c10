//! `patchbay backup`

use anyhow::{Context, bail};
use patchbay_store::{System, backup};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{complain, say};
use crate::{boot, config, config::DataArgs, time::rfc3339};

/// Writes one archive (tar) with consistent copies of the databases and all large values; works while a server runs.
/// The key file is only in it when that is asked for: whoever has both can read all credentials.
pub(super) async fn run(
    data: DataArgs,
    to: Option<PathBuf>,
    with_key: bool,
) -> anyhow::Result<ExitCode> {
    let folder = data.folder();
    if !folder.join("patchbay.db").exists() && data.database_url.is_none() {
        bail!(
            "there is no data in {}; nothing was written",
            folder.display()
        );
    }
    let store = boot::open_store(&data, config::Durability::Power).await?;
    let to = to.unwrap_or_else(|| PathBuf::from(default_name(store.now())));
    if to.exists() {
        bail!(
            "{} is there already; name another file with --to",
            to.display()
        );
    }
    let copies = Copies::new(&to)?;
    let system = System::for_sign_in_and_workers();
    let copied = backup::copy(&store, &system, &copies.0).await?;
    store.close().await?;
    let key = folder.join("patchbay.key");
    if with_key {
        fs::copy(&key, copies.0.join("patchbay.key")).with_context(|| {
            format!("cannot copy {}; is the key in PATCHBAY_KEY?", key.display())
        })?;
    }
    let (from, archive) = (copies.0.clone(), to.clone());
    tokio::task::spawn_blocking(move || pack(&from, &archive)).await??;
    if copied.gone > 0 {
        complain(&format!(
            "{} large values were deleted meanwhile, with their runs",
            copied.gone
        ));
    }
    if !with_key {
        complain(
            "The key is not in it; keep a copy of it elsewhere: without it, stored authentications cannot be opened.",
        );
    }
    say(&to.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// `patchbay-2026-01-31T10-20-30Z.tar`
fn default_name(now: i64) -> String {
    let at = rfc3339(now);
    let day = at
        .split('.')
        .next()
        .unwrap_or(&at)
        .trim_end_matches('Z')
        .replace(':', "-");
    format!("patchbay-{day}Z.tar")
}

/// Packs a folder; the archive has its name only when it is whole and on the disk.
fn pack(folder: &Path, to: &Path) -> anyhow::Result<()> {
    let unfinished = to.with_extension("part");
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options
        .open(&unfinished)
        .with_context(|| format!("cannot write {}", unfinished.display()))?;
    let mut archive = tar::Builder::new(file);
    let packed = archive
        .append_dir_all(".", folder)
        .and_then(|()| archive.into_inner())
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&unfinished, to));
    if packed.is_err() {
        // Half an archive is of no use.
        let _ = fs::remove_file(&unfinished);
    }
    packed.with_context(|| format!("cannot write {}", to.display()))
}

/// A folder beside the archive for the copies, deleted when it is dropped: they need the same room as the archive.
struct Copies(PathBuf);

impl Copies {
    fn new(archive: &Path) -> anyhow::Result<Self> {
        let folder = archive.with_extension("copying");
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        // What cannot be deleted is left for people to see; the next backup has another name.
        let _ = fs::remove_dir_all(&self.0);
    }
}
