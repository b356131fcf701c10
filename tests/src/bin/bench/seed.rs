//! The seed's job, list a call log and store each record, against the same loop written by hand.

use crate::{
    floor::{self, Rows},
    product::Product,
    report::{Report, median},
};
use anyhow::{Result, ensure};
use patchbay_tests::Service;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) async fn measure(repeat: usize, report: &mut Report) -> Result<()> {
    let product = Product::start().await?;
    let client = product.client()?;
    let rows = Rows::open().await?;
    let cases = [
        (1_000, Duration::ZERO, 1.3),
        (10_000, Duration::ZERO, 1.3),
        (1_000, Duration::from_millis(5), 1.05),
    ];
    let mut round = 0;
    for (records, delay, budget) in cases {
        let service = Service::start(delay).await?;
        let workflow = client.workflow(steps(&service, records)).await?;
        let (mut ratios, mut hand, mut ours) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..repeat {
            round += 1;
            let by_hand = floor::sequential(&service, records, &rows, round).await?;
            let before = service.calls();
            let run = client.run(&workflow).await?;
            ensure!(
                service.calls() - before == records,
                "not every record was stored"
            );
            ratios.push(run / by_hand);
            hand.push(by_hand);
            ours.push(run);
        }
        let per_call = |seconds: Vec<f64>| median(seconds) / records as f64 * 1e6;
        let beside = format!(
            "{:.0} µs a call, by hand {:.0} µs",
            per_call(ours),
            per_call(hand)
        );
        let what = format!(
            "seed's job, {records} records, service takes {} ms",
            delay.as_millis()
        );
        report.at_most(&what, median(ratios), budget, "x", &beside);
    }
    Ok(())
}

/// List, loop, store: the three steps over plain HTTP.
pub(crate) fn steps(service: &Service, records: u64) -> Value {
    json!([
        { "name": "http-1", "connector": "http", "operation": "request",
          "inputs": { "method": "GET", "url": service.url(&format!("/list/{records}")) } },
        { "name": "loop-1", "connector": "loop", "operation": "loop_list",
          "inputs": { "list": { "$path": "$.steps.http-1.body.records" } },
          "body": [
            { "name": "http-2", "connector": "http", "operation": "request",
              "inputs": { "method": "POST", "url": service.url("/row"), "body": {
                "Direction": { "$path": "$.steps.loop-1.value.direction" },
                "fromPhone": { "$path": "$.steps.loop-1.value.from.phoneNumber" },
                "toPhone": { "$path": "$.steps.loop-1.value.to.phoneNumber" } } } }
          ] }
    ])
}
