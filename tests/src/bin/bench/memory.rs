//! What a run that waits holds in memory.

use crate::{product::Product, report::Report};
use anyhow::Result;
use serde_json::json;
use std::time::Duration;

/// Runs in flight at once.
const RUNS: usize = 200;

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let product = Product::start().await?;
    let client = product.client()?;
    let steps = json!([
        { "name": "delay-1", "connector": "delay", "operation": "delay",
          "inputs": { "duration": 600 } }
    ]);
    let workflow = client.workflow(steps).await?;
    let before = product.resident();
    for _ in 0..RUNS {
        client.start(&workflow).await?;
    }
    // Every one of them has come to its wait when the last has.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let each = product.resident().saturating_sub(before) as f64 / RUNS as f64 / 1e3;
    report.note("memory per run in flight", each, "kB", "");
    Ok(())
}
