//! Runs wasm-bindgen as a library: no binary has to be fetched, and its version cannot differ from
//! the one in `Cargo.lock`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::Quality;
use super::fingerprint::sha256;

/// Holds the hash of the wasm file that the folder was made from.
const STAMP: &str = ".made-from";

/// Whether the folder was made from this very wasm file.
pub(crate) fn up_to_date(wasm: &Path, folder: &Path) -> Result<bool> {
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let stamp = fs::read_to_string(folder.join(STAMP)).unwrap_or_default();
    Ok(stamp == sha256(&bytes))
}

/// Writes `<program>.js`, `<program>_bg.wasm` and, if the crates bring any, `snippets/`.
pub(crate) fn generate(wasm: &Path, folder: &Path, program: &str, quality: Quality) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(program)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_producers_section(true)
        .remove_name_section(quality == Quality::Release);
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen refused {}", wasm.display()))?;
    fs::write(folder.join(STAMP), sha256(&fs::read(wasm)?))?;
    Ok(())
}
