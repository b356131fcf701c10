//! `cargo xtask dev`: serve, and build and start again whenever a source file changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::process;
use crate::serve::{self, Args};
use crate::workspace::Workspace;

const WATCHED: &[&str] = &[
    "app",
    "frontend",
    "server",
    "migrations",
    "crates",
    "connectors",
    "Cargo.toml",
];

/// Asking the file system is enough for a few hundred files and works on every machine.
const PAUSE: Duration = Duration::from_millis(300);

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    loop {
        let seen = state(&workspace.root);
        let mut running = match serve::build(workspace, args) {
            Ok(site) => Some(serve::start(workspace, args, &site)?),
            Err(error) if process::stopping() => return Err(error),
            Err(error) => {
                eprintln!("{error:#}\n▸ waiting for a change");
                None
            }
        };
        while state(&workspace.root) == seen {
            std::thread::sleep(PAUSE);
            let ended = match &mut running {
                Some(server) => server.ended()?,
                None => None,
            };
            if let Some(status) = ended {
                if process::stopping() {
                    return Ok(());
                }
                running = None;
                eprintln!("the server ended with {status}\n▸ waiting for a change");
            }
        }
        eprintln!("▸ a file changed");
        if let Some(server) = running {
            server.stop()?;
        }
    }
}

type State = BTreeMap<PathBuf, Option<SystemTime>>;

/// When each watched file was last written.
fn state(root: &Path) -> State {
    let mut times = State::new();
    for name in WATCHED {
        visit(&root.join(name), &mut times);
    }
    times
}

fn visit(path: &Path, times: &mut State) {
    let Ok(about) = fs::metadata(path) else {
        return;
    };
    if !about.is_dir() {
        times.insert(path.to_path_buf(), about.modified().ok());
        return;
    }
    let Ok(entries) = fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden {
            visit(&entry.path(), times);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_and_a_removed_file_are_changes() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("app/src")).unwrap();
        let empty = state(root.path());
        let file = root.path().join("app/src/lib.rs");
        fs::write(&file, "").unwrap();
        let one = state(root.path());
        assert_ne!(empty, one);
        fs::remove_file(&file).unwrap();
        assert_eq!(state(root.path()), empty);
    }

    #[test]
    fn hidden_files_are_no_change() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("app")).unwrap();
        let before = state(root.path());
        fs::write(root.path().join("app/.lib.rs.swp"), "").unwrap();
        assert_eq!(state(root.path()), before);
    }
}
