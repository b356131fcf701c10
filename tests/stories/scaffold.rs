//! The folder that `cargo xtask new connector` writes is a sound connector, so that its author
//! starts from something that works.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use patchbay_kit::catalog::Source;
use patchbay_kit::{Catalog, testing};

const NAME: &str = "blue-chair";

/// Writes the templates to `to` as the command does, and gives them as a source.
fn fill_in(from: &Path, to: &Path, below: &str, source: &mut Source) -> Result<()> {
    std::fs::create_dir_all(to.join(below))?;
    for entry in std::fs::read_dir(from.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if entry.file_type()?.is_dir() {
            fill_in(from, to, &path, source)?;
            continue;
        }
        let text = std::fs::read_to_string(entry.path())?;
        let text = text
            .replace("{name}", NAME)
            .replace("{title}", "Blue Chair");
        std::fs::write(to.join(&path), &text)?;
        source.files.push((path.into(), text.into()));
    }
    Ok(())
}

#[tokio::test]
async fn a_new_connector_loads_and_its_exchanges_replay() -> Result<()> {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/xtask/src/new/connector");
    let folder = tempfile::tempdir()?;
    let mut source = Source {
        name: NAME.into(),
        files: Vec::new(),
        hooks: None,
    };
    fill_in(&templates, &folder.path().join(NAME), "", &mut source)?;
    let catalog = Catalog::load([source]).map_err(|problems| anyhow!("{problems:#?}"))?;
    let replayed = testing::replay_all(&Arc::new(catalog), folder.path()).await;
    assert_eq!(replayed, Ok(3));
    Ok(())
}
