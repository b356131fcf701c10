//! How long a half-done loop of a million items takes from the start of the process to its next call.

use crate::{
    product::Product,
    report::{Report, median},
};
use anyhow::Result;
use patchbay_tests::Service;
use serde_json::json;
use std::time::{Duration, Instant};

const ITEMS: u64 = 1_000_000;

pub(crate) async fn measure(repeat: usize, report: &mut Report) -> Result<()> {
    let mut product = Product::start().await?;
    let client = product.client()?;
    let service = Service::start(Duration::from_millis(1)).await?;
    let steps = json!([
        { "name": "http-1", "connector": "http", "operation": "request",
          "inputs": { "method": "GET", "url": service.url(&format!("/numbers/{ITEMS}")), "timeout": 120 } },
        { "name": "loop-1", "connector": "loop", "operation": "loop_list",
          "inputs": { "list": { "$path": "$.steps.http-1.body.records" }, "concurrency": 64 },
          "body": [
            { "name": "http-2", "connector": "http", "operation": "request",
              "inputs": { "method": "POST", "url": service.url("/row") } } ] }
    ]);
    let workflow = client.workflow(steps).await?;
    client.start(&workflow).await?;
    let mut times = Vec::new();
    for round in 1..=repeat as u64 {
        service.reached(round * 20_000).await;
        product.kill().await?;
        // Calls that were on their way when it died do not count.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = service.calls();
        let started = Instant::now();
        product.resume().await?;
        service.reached(before + 1).await;
        times.push(started.elapsed().as_secs_f64());
    }
    let beside = format!("loop of {ITEMS}, process start included");
    report.at_most("restart to the next call", median(times), 2.0, "s", &beside);
    Ok(())
}
