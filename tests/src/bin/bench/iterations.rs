//! What one durable iteration costs: with and without a call in it, early and late in a long loop.

use crate::{
    floor::Rows,
    product::Product,
    report::{Report, median},
};
use anyhow::Result;
use patchbay_tests::Service;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

pub(crate) async fn measure(repeat: usize, report: &mut Report) -> Result<()> {
    let product = Product::start().await?;
    let client = product.client()?;
    let service = Service::start(Duration::ZERO).await?;

    let idle = product.resident();
    let inserted = batched_inserts(repeat).await?;
    let bare = 20_000_u64;
    let workflow = client
        .workflow(looped(&service, bare, 256, nothing()))
        .await?;
    let mut rates = Vec::new();
    for _ in 0..repeat {
        rates.push(bare as f64 / client.run(&workflow).await?);
    }
    let beside = format!("batched inserts by hand {inserted:.0} rows/s");
    report.at_least(
        "durable iterations, no call, 256 in flight",
        median(rates),
        20_000.0,
        "/s",
        &beside,
    );

    let called = 10_000_u64;
    let workflow = client
        .workflow(looped(&service, called, 256, call(&service)))
        .await?;
    let (mut rates, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..repeat {
        floors.push(calls_at_once(&service, called, 256).await?);
        rates.push(called as f64 / client.run(&workflow).await?);
    }
    let beside = format!(
        "calls by hand, 256 at once, no rows: {:.0}/s",
        median(floors)
    );
    report.at_least(
        "durable iterations with a call, 256 in flight",
        median(rates),
        5_000.0,
        "/s",
        &beside,
    );

    let (mut short, mut long) = (Vec::new(), Vec::new());
    let few = client
        .workflow(looped(&service, 1_000, 1, nothing()))
        .await?;
    let many = client
        .workflow(looped(&service, 100_000, 1, nothing()))
        .await?;
    for _ in 0..repeat.min(3) {
        short.push(client.run(&few).await? / 1_000.0);
        long.push(client.run(&many).await? / 100_000.0);
    }
    let (short, long) = (median(short), median(long));
    let beside = format!("{:.0} µs at 1,000", short * 1e6);
    report.at_most(
        "cost per iteration at 100,000 iterations",
        long / short,
        1.1,
        "x",
        &beside,
    );
    let grown = product.resident().saturating_sub(idle) as f64 / 1e6;
    report.note("memory grown after these loops", grown, "MB", "");
    let before = product.stored()?;
    client.run(&workflow).await?;
    let stored = product.stored()?.saturating_sub(before) as f64 / called as f64;
    report.note("disk per iteration with a call", stored, "bytes", "");
    Ok(())
}

/// A loop over a list of that length.
fn looped(service: &Service, items: u64, concurrency: u64, body: Value) -> Value {
    json!([
        { "name": "http-1", "connector": "http", "operation": "request",
          "inputs": { "method": "GET", "url": service.url(&format!("/list/{items}")) } },
        { "name": "loop-1", "connector": "loop", "operation": "loop_list",
          "inputs": { "list": { "$path": "$.steps.http-1.body.records" }, "concurrency": concurrency },
          "body": [body] }
    ])
}

/// A step that needs nobody.
fn nothing() -> Value {
    json!({ "name": "boolean-1", "connector": "boolean", "operation": "condition",
      "inputs": { "conditions": [ { "value_a": { "$path": "$.steps.loop-1.value.direction" },
        "comparison": "equals", "value_b": "Inbound" } ] },
      "branches": { "true": [], "false": [] } })
}

fn call(service: &Service) -> Value {
    json!({ "name": "http-2", "connector": "http", "operation": "request",
      "inputs": { "method": "POST", "url": service.url("/row"),
        "body": { "$path": "$.steps.loop-1.value" } } })
}

/// Rows per second of inserts of 64 rows by one hand.
async fn batched_inserts(repeat: usize) -> Result<f64> {
    let rows = Rows::open().await?;
    let payload = "x".repeat(120);
    let batch = vec![payload.as_str(); 64];
    let mut rates = Vec::new();
    for round in 0..repeat {
        let started = Instant::now();
        for index in 0..300_u64 {
            rows.insert_many(u64::try_from(round)?, index * 64, &batch)
                .await?;
        }
        rates.push(300.0 * 64.0 / started.elapsed().as_secs_f64());
    }
    Ok(median(rates))
}

/// Calls per second with so many at once, and nothing kept of them.
async fn calls_at_once(service: &Service, calls: u64, at_once: u64) -> Result<f64> {
    let http = reqwest::Client::builder().build()?;
    let started = Instant::now();
    let mut callers = Vec::new();
    for _ in 0..at_once {
        let (http, url) = (http.clone(), service.url("/row"));
        callers.push(tokio::spawn(async move {
            for _ in 0..calls / at_once {
                http.post(&url)
                    .json(&json!({}))
                    .send()
                    .await?
                    .bytes()
                    .await?;
            }
            Ok::<_, reqwest::Error>(())
        }));
    }
    for caller in callers {
        caller.await??;
    }
    Ok((calls / at_once * at_once) as f64 / started.elapsed().as_secs_f64())
}
