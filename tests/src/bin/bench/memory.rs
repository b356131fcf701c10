//! What a run that waits holds in memory.

use crate::{product::Product, report::Report};
use anyhow::Result;
use patchbay_tests::Service;
use serde_json::json;
use std::time::Duration;

/// Runs in flight at once.
const RUNS: usize = 200;

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let product = Product::start().await?;
    let client = product.client()?;
    let service = Service::start(Duration::from_secs(600)).await?;
    let steps = json!([
        { "name": "delay-1", "connector": "delay", "operation": "delay",
          "inputs": { "seconds": 600 } }
    ]);
    let workflow = match client.workflow(steps).await {
        Ok(workflow) => workflow,
        Err(_) => {
            client
                .workflow(json!([
                    { "name": "http-1", "connector": "http", "operation": "request",
                      "inputs": { "method": "POST", "url": service.url("/row") } }
                ]))
                .await?
        }
    };
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
