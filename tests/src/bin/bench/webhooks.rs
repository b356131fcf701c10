//! Deliveries accepted and stored per second, beside an axum handler that keeps nothing.

use crate::{
    load::press,
    product::Product,
    report::{Report, median},
};
use anyhow::{Context, Result};
use axum::{Json, Router, http::StatusCode, routing::post};
use serde_json::{Value, json};

const CONNECTIONS: u64 = 64;
const REQUESTS: u64 = 19_200;

pub(crate) async fn measure(repeat: usize, report: &mut Report) -> Result<()> {
    let product = Product::start().await?;
    let client = product.client()?;
    let trigger = json!({ "connector": "webhook", "operation": "receive", "inputs": {} });
    let workflow = client.save(trigger, json!([])).await?;
    client
        .post(&format!("/workflows/{workflow}/enable"), &json!({}))
        .await?;
    let detail = client.get(&format!("/workflows/{workflow}")).await?;
    let address = detail["webhook_url"].as_str().context("no webhook_url")?;
    let path = url::Url::parse(address)?.path().to_owned();

    let bare = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let floor = bare.local_addr()?;
    let router = Router::new().route("/hooks/bare", post(take));
    tokio::spawn(async move { axum::serve(bare, router).await });

    let (mut rates, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..repeat {
        floors.push(press(floor, "/hooks/bare", CONNECTIONS, REQUESTS).await?);
        rates.push(press(product.address(), &path, CONNECTIONS, REQUESTS).await?);
    }
    let beside = format!("bare axum handler {:.0}/s", median(floors));
    let what = "webhooks accepted and stored, 64 connections";
    report.at_least(what, median(rates), 10_000.0, "/s", &beside);
    Ok(())
}

async fn take(Json(_): Json<Value>) -> (StatusCode, Json<Value>) {
    (StatusCode::ACCEPTED, Json(json!({ "id": "run_1" })))
}
