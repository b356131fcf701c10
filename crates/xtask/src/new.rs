//! `cargo xtask new`: the first files of something, in the shape that the checks want.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::Workspace;

/// Path in the connector's folder → text with `{name}` and `{title}` in it.
const CONNECTOR: &[(&str, &str)] = &[
    (
        "connector.toml",
        include_str!("new/connector/connector.toml"),
    ),
    (
        "operations/list_items.toml",
        include_str!("new/connector/operations/list_items.toml"),
    ),
    (
        "operations/raw_request.toml",
        include_str!("new/connector/operations/raw_request.toml"),
    ),
    (
        "exchanges/list_items.json",
        include_str!("new/connector/exchanges/list_items.json"),
    ),
    (
        "exchanges/raw_request.json",
        include_str!("new/connector/exchanges/raw_request.json"),
    ),
    ("icon.svg", include_str!("new/connector/icon.svg")),
];

pub(crate) fn connector(workspace: &Workspace, name: &str) -> Result<()> {
    let folder = workspace.root.join("connectors").join(name);
    write_connector(&folder, name)?;
    println!(
        "Made connectors/{name} with an example operation.\n\n\
         1. connector.toml: the service's address, how people sign in, how it says errors.\n\
         2. operations/: one file for each operation. The messages of\n\
         \x20     cargo test -p patchbay-connectors\n\
         \x20  say what is wrong, where, and what could stand there instead.\n\
         3. exchanges/: for each operation an input, the request it makes, an answer, the output.\n\
         4. icon.svg: plain shapes on a square.\n\n\
         Triggers go to triggers/. What the data cannot say goes to hooks.rs."
    );
    Ok(())
}

fn write_connector(folder: &Path, name: &str) -> Result<()> {
    check_name(name)?;
    if folder.exists() {
        bail!(
            "there is a connector `{name}` already: {}",
            folder.display()
        );
    }
    let title = title(name);
    for (path, template) in CONNECTOR {
        let path = folder.join(path);
        let parent = path.parent().context("a template has no folder")?;
        fs::create_dir_all(parent)?;
        let text = template.replace("{name}", name).replace("{title}", &title);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let letters = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    ensure!(
        name.starts_with(|char: char| char.is_ascii_lowercase())
            && name.chars().all(letters)
            && !name.ends_with('-')
            && name != "src",
        "`{name}` cannot name a connector: use lower-case letters, digits and hyphens, a letter first, \
         such as `google-sheets`"
    );
    Ok(())
}

/// `google-sheets` → `Google Sheets`.
fn title(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_connector_has_its_name_and_title_in_all_files() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("blue-chair");
        write_connector(&folder, "blue-chair").unwrap();
        let manifest = fs::read_to_string(folder.join("connector.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        assert_eq!(manifest["title"].as_str(), Some("Blue Chair"));
        for (path, _) in CONNECTOR {
            let text = fs::read_to_string(folder.join(path)).unwrap();
            assert!(
                !text.contains("{name}") && !text.contains("{title}"),
                "{path}"
            );
        }
    }

    #[test]
    fn an_existing_connector_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("mine");
        fs::create_dir(&folder).unwrap();
        assert!(write_connector(&folder, "mine").is_err());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn names_that_make_no_folder_or_step_name_are_refused() {
        for name in ["", "Google", "1st", "a/b", "..", "a-", "-a", "src", "a b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name("google-sheets").is_ok());
    }
}
