//! The pages in `docs/operations` are what the connectors' folders make of them.

use patchbay_kit::reference;
use std::{fs, path::Path};

#[test]
fn the_reference_says_what_the_folders_say() {
    let catalog = patchbay_connectors::catalog().expect("the connectors are sound");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations");
    let pages = reference::pages(&catalog);
    assert!(pages.len() > 50, "pages are missing");
    let stale: Vec<&String> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(folder.join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path)
        .collect();
    assert!(
        stale.is_empty(),
        "run `cargo xtask reference`: {stale:?} differ"
    );
}
