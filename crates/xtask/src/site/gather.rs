//! Collects the raw files of the site: the bound wasm, the styles in one sheet, the public files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file under the name that the code uses for it, such as `fonts/body.woff2`.
pub(crate) struct Asset {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// Everything, from the `app` folder and the folders that wasm-bindgen wrote.
pub(crate) fn all(app: &Path, packages: &[PathBuf]) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for package in packages {
        for asset in below(package, "pkg/")? {
            // Snippets of a library that both programs use.
            if !assets.iter().any(|known: &Asset| known.path == asset.path) {
                assets.push(asset);
            }
        }
    }
    assets.extend(below(&app.join("public"), "")?);
    let styles = style_sheet(&app.join("style"))?;
    if !styles.is_empty() {
        assets.push(Asset {
            path: "patchbay.css".to_owned(),
            bytes: styles,
        });
    }
    Ok(assets)
}

fn below(folder: &Path, prefix: &str) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for path in files_below(folder)? {
        let name = slashed(&path);
        // Hidden files are notes to tools, never for the browser.
        if name.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        assets.push(Asset {
            path: format!("{prefix}{name}"),
            bytes: read(&folder.join(&path))?,
        });
    }
    Ok(assets)
}

/// All `.css` files of the folder in the order of their names, one after the other.
fn style_sheet(folder: &Path) -> Result<Vec<u8>> {
    let mut sheet = Vec::new();
    for path in files_below(folder)? {
        if path.extension().is_some_and(|ending| ending == "css") {
            sheet.extend(read(&folder.join(path))?);
            sheet.push(b'\n');
        }
    }
    Ok(sheet)
}

/// Paths of all files below a folder, relative to it and sorted; none when there is no such folder.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(here) = open.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&here)) else {
            continue;
        };
        for entry in entries {
            let entry = entry?;
            let path = here.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

fn slashed(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_joined_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("20-late.css"), "b").unwrap();
        fs::write(folder.path().join("10-early.css"), "a").unwrap();
        fs::write(folder.path().join("notes.md"), "c").unwrap();
        assert_eq!(style_sheet(folder.path()).unwrap(), b"a\nb\n");
    }

    #[test]
    fn hidden_files_stay_at_home() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("fonts")).unwrap();
        fs::write(folder.path().join("fonts/a.woff2"), "a").unwrap();
        fs::write(folder.path().join(".DS_Store"), "b").unwrap();
        let assets = below(folder.path(), "").unwrap();
        let names: Vec<_> = assets.iter().map(|asset| asset.path.as_str()).collect();
        assert_eq!(names, ["fonts/a.woff2"]);
    }
}
