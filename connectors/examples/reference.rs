//! Writes the operations reference: `cargo run -p patchbay-connectors --example reference -- docs/operations`.

use patchbay_kit::reference;
use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).ok_or("say where to write it")?;
    let target = Path::new(&target);
    let catalog = patchbay_connectors::catalog().map_err(|problems| format!("{problems:?}"))?;
    if target.is_dir() {
        fs::remove_dir_all(target)?;
    }
    for (path, text) in reference::pages(&catalog) {
        let file = target.join(path);
        fs::create_dir_all(file.parent().unwrap_or(target))?;
        fs::write(file, text)?;
    }
    Ok(())
}
