//! The files of the repository, in memory, so that a rule is a function and a test can make up a tree.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::source::Source;

/// What git does not keep, at the root of the repository.
const OUTSIDE: &[&str] = &[".git", "target", "data"];

pub(super) struct Tree {
    /// Path with slashes → text; a file that is not UTF-8 has an empty text.
    files: BTreeMap<String, String>,
    /// Taken apart when the first rule asks, since nearly all of them do.
    sources: OnceCell<Vec<(String, Source)>>,
}

impl Tree {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for entry in
            fs::read_dir(root).with_context(|| format!("cannot read {}", root.display()))?
        {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !OUTSIDE.contains(&name.as_str()) {
                visit(&entry.path(), name, &mut files)?;
            }
        }
        Ok(Self {
            files,
            sources: OnceCell::new(),
        })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self {
            files: files.iter().map(own).collect(),
            sources: OnceCell::new(),
        }
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The Rust files, taken apart.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &Source)> {
        let sources = self.sources.get_or_init(|| {
            self.files()
                .filter(|(path, _)| path.ends_with(".rs"))
                .map(|(path, text)| (path.to_owned(), Source::new(path, text)))
                .collect()
        });
        sources.iter().map(|(path, source)| (path.as_str(), source))
    }

    /// Whether there is a file of this path or a folder with files in it.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// Folders of the workspace's members, from the root manifest's own list.
    pub(super) fn members(&self) -> BTreeSet<String> {
        let Some(manifest) = self.manifest("Cargo.toml") else {
            return BTreeSet::new();
        };
        let members = manifest
            .get("workspace")
            .and_then(|workspace| workspace.get("members"))
            .and_then(toml::Value::as_array);
        members
            .into_iter()
            .flatten()
            .filter_map(|member| member.as_str().map(str::to_owned))
            .collect()
    }

    pub(super) fn manifest(&self, path: &str) -> Option<toml::Table> {
        self.text(path)?.parse().ok()
    }
}

fn visit(path: &Path, name: String, files: &mut BTreeMap<String, String>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            visit(&entry.path(), below, files)?;
        }
        return Ok(());
    }
    // A file that went away since the folder was listed belongs to somebody's editor.
    if let Ok(bytes) = fs::read(path) {
        files.insert(name, String::from_utf8(bytes).unwrap_or_default());
    }
    Ok(())
}
