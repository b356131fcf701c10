//! Puts the screen into the binary: with `PATCHBAY_EMBED_DIR` set (by `cargo xtask dist`) every file
//! of that folder is compiled in; without it the table is empty and the server reads
//! `PATCHBAY_SITE_DIR` instead.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=PATCHBAY_EMBED_DIR");
    let mut rows = String::new();
    if let Some(folder) = env::var_os("PATCHBAY_EMBED_DIR").filter(|name| !name.is_empty()) {
        let folder = fs::canonicalize(folder)?;
        println!("cargo:rerun-if-changed={}", folder.display());
        for file in files_below(&folder)? {
            let name = slashed(file.strip_prefix(&folder).unwrap_or(&file));
            rows.push_str(&format!(
                "    ({name:?}, include_bytes!({:?}).as_slice()),\n",
                file.display().to_string()
            ));
        }
    }
    let table = format!(
        "/// The screen's files, by their path below the site folder and in the order of it.\n\
         static FILES: &[(&str, &[u8])] = &[\n{rows}];\n"
    );
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets no OUT_DIR"))?;
    fs::write(Path::new(&out).join("embedded.rs"), table)
}

/// All files below a folder, sorted.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(here) = open.pop() {
        for entry in fs::read_dir(&here)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
