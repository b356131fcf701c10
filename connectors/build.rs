//! Finds the connectors' folders, so that adding a connector is adding a folder.
//!
//! Writes `connectors.rs`: a module per `hooks.rs`, and a function that lists every folder's files as text.

use std::{
    env, fs,
    io::Result,
    path::{Path, PathBuf},
};

fn main() -> Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("connectors.rs");
    println!("cargo::rerun-if-changed=build.rs");
    // A new folder changes this folder; a new file changes its own.
    println!("cargo::rerun-if-changed={}", root.display());

    let (mut modules, mut rows) = (String::new(), String::new());
    for folder in sorted(&root)? {
        if !folder.join("connector.toml").is_file() {
            continue;
        }
        let name = name_of(&folder);
        let hooks = folder.join("hooks.rs");
        let hooks = if hooks.is_file() {
            // A prefix, because a folder may be called like a keyword or a crate.
            let module = format!("hooks_of_{}", name.replace('-', "_"));
            modules.push_str(&format!("#[path = {hooks:?}]\nmod {module};\n"));
            format!("Some(::std::sync::Arc::new({module}::hooks()))")
        } else {
            "None".to_owned()
        };
        let mut files = String::new();
        for file in ["connector.toml", "icon.svg"].map(|file| folder.join(file)) {
            files.push_str(&row(&folder, &file));
        }
        for part in ["operations", "triggers", "shapes"].map(|part| folder.join(part)) {
            if part.is_dir() {
                println!("cargo::rerun-if-changed={}", part.display());
                for file in sorted(&part)?
                    .iter()
                    .filter(|file| file.extension().is_some_and(|kind| kind == "toml"))
                {
                    files.push_str(&row(&folder, file));
                }
            }
        }
        rows.push_str(&format!(
            "    source({name:?}, {hooks}, &[\n{files}    ]),\n"
        ));
    }
    fs::write(
        target,
        format!("{modules}\nfn found() -> Vec<Source> {{\n    vec![\n{rows}    ]\n}}\n"),
    )
}

fn row(folder: &Path, file: &Path) -> String {
    if !file.is_file() {
        return String::new();
    }
    println!("cargo::rerun-if-changed={}", file.display());
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let inside = inside.to_string_lossy().replace('\\', "/");
    format!("        ({inside:?}, include_str!({file:?})),\n")
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn name_of(folder: &Path) -> String {
    folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
