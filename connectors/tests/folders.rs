//! Every connector's folder is sound, and every recorded exchange replays.

use patchbay_kit::{Catalog, testing};
use std::{path::Path, sync::Arc};

#[test]
fn every_connector_is_sound() {
    match Catalog::load(patchbay_connectors::sources()) {
        Ok(catalog) => assert!(catalog.specs().len() >= 5, "connectors are missing"),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("\n{}\n", lines.join("\n"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_exchange_replays() {
    let catalog = Arc::new(patchbay_connectors::catalog().expect("the connectors are sound"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    match testing::replay_all(&catalog, folder).await {
        Ok(count) => assert!(count > 0, "nothing was replayed"),
        Err(problems) => panic!("\n{}\n", problems.join("\n")),
    }
}
