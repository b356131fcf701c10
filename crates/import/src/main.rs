//! `patchbay-import FOLDER [DOCUMENT] [--check]`: makes a connector's folder from the description of its service.
//!
//! DOCUMENT is put into the folder as `openapi.json`; without one, the one that is there is read. The folder must have
//! a hand-written `connector.toml`. Nothing is written unless the whole folder is sound; files that were generated
//! before and are needed no more are removed. With `--check` nothing is written, and a difference is an error.
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a command line tool speaks on the terminal"
)]

use patchbay_import::{Folder, MARK, hand::Hand, import};
use patchbay_kit::{Catalog, Hooks, Source};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

/// The parts of a folder that are read.
const PARTS: &[&str] = &["operations", "triggers", "shapes"];

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    arguments.retain(|argument| argument != "--check");
    let done = match arguments.as_slice() {
        [folder] => run(Path::new(folder), None, check),
        [folder, document] => run(Path::new(folder), Some(Path::new(document)), check),
        _ => Err("say which folder: patchbay-import FOLDER [DOCUMENT] [--check]".to_owned()),
    };
    match done {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, document: Option<&Path>, check: bool) -> Result<String, String> {
    let described = folder.join("openapi.json");
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let text = read(document.unwrap_or(&described))?;
    let parsed =
        serde_json::from_str(&text).map_err(|error| format!("the document is no JSON: {error}"))?;
    let mut files = existing(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let hand = Hand::read(&files).map_err(|error| error.to_string())?;
    let made = import(&parsed, &hand).map_err(|error| error.to_string())?;

    let before: BTreeMap<String, String> = files
        .iter()
        .filter(|(_, text)| text.starts_with(MARK))
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    files.retain(|_, text| !text.starts_with(MARK));
    files.extend(made.files.clone());
    sound(folder, files)?;
    let changed = changes(&before, &made);
    if check {
        return match changed.as_slice() {
            [] => Ok("The folder is what its description makes of it.".to_owned()),
            [first, ..] => Err(format!(
                "{} files differ from what the description makes of them, such as {first}; run `cargo xtask \
                 import-openapi {}`",
                changed.len(),
                folder.display()
            )),
        };
    }
    write(folder, &before, &made).map_err(|error| error.to_string())?;
    if document.is_some() {
        fs::write(&described, text).map_err(|error| error.to_string())?;
    }
    let notes: Vec<String> = made
        .notes
        .iter()
        .map(|note| format!("  note: {note}\n"))
        .collect();
    Ok(format!(
        "{}{} files, {} of them changed.",
        notes.concat(),
        made.files.len(),
        changed.len()
    ))
}

fn existing(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for name in ["connector.toml", "import.toml", "icon.svg"] {
        if let Ok(text) = fs::read_to_string(folder.join(name)) {
            files.insert(name.to_owned(), text);
        }
    }
    for part in PARTS {
        let Ok(entries) = fs::read_dir(folder.join(part)) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "toml")
                && let Some(name) = path.file_name().and_then(|name| name.to_str())
            {
                files.insert(format!("{part}/{name}"), fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

/// Hooks are compiled elsewhere; here it only counts whether there are any.
struct SomeHooks;

impl Hooks for SomeHooks {}

fn sound(folder: &Path, files: BTreeMap<String, String>) -> Result<(), String> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("connector");
    let has_hooks = folder.join("hooks.rs").is_file();
    let source = Source {
        name: name.to_owned().into(),
        files: files
            .into_iter()
            .filter(|(path, _)| path != "import.toml")
            .map(|(path, text)| (path.into(), text.into()))
            .collect(),
        hooks: has_hooks.then(|| Arc::new(SomeHooks) as Arc<dyn Hooks>),
    };
    match Catalog::load([source]) {
        Ok(_) => Ok(()),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(format!(
                "the folder would not be sound, so nothing was written:\n{}",
                lines.join("\n")
            ))
        }
    }
}

fn changes(before: &BTreeMap<String, String>, made: &Folder) -> Vec<String> {
    let gone = before.keys().filter(|path| !made.files.contains_key(*path));
    let other = made
        .files
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(*text));
    gone.chain(other.map(|(path, _)| path)).cloned().collect()
}

fn write(folder: &Path, before: &BTreeMap<String, String>, made: &Folder) -> io::Result<()> {
    for path in before.keys().filter(|path| !made.files.contains_key(*path)) {
        fs::remove_file(folder.join(path))?;
    }
    for (path, text) in &made.files {
        let target: PathBuf = folder.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        if before.get(path) != Some(text) {
            fs::write(target, text)?;
        }
    }
    Ok(())
}
