//! The process is killed again and again in the middle of a loop, and nothing is lost or repeated.

use anyhow::{Context, Result, ensure};
use patchbay_tests::{Server, Service, until};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::support::caller::Caller;
use crate::support::on_server;

/// Times that the process dies, unless `PATCHBAY_KILLS` says otherwise.
const ROUNDS: u64 = 20;

/// Items worked on at once: as many calls can be in flight when the process dies.
const AT_ONCE: u64 = 4;

/// Items between two deaths, at most.
const APART: u64 = 30;

#[tokio::test]
async fn a_loop_that_is_killed_again_and_again_makes_every_call_and_repeats_only_those_in_flight()
-> Result<()> {
    on_server(&["--allow-private-network"], async |server| {
        let rounds = number("PATCHBAY_KILLS").unwrap_or(ROUNDS);
        let mut chance = Chance::from_environment();
        let seed = chance.0;
        let service = Service::start(Duration::from_millis(1)).await?;
        let caller = Caller::owner(&server.url()).await?;
        let items = rounds * APART + 200;
        let run = start(&caller, &service, items).await?;

        let mut told = play(server, &service, rounds, &mut chance).await;
        if told.is_ok() {
            told = end(&caller, &service, &run, items, rounds).await;
        }
        told.with_context(|| format!("PATCHBAY_SEED={seed} plays the same deaths"))
    })
    .await
}

/// Kills the process after a random number of further calls, and starts it again.
async fn play(
    server: &mut Server,
    service: &Service,
    rounds: u64,
    chance: &mut Chance,
) -> Result<()> {
    for _ in 0..rounds {
        let next = service.calls() + 1 + chance.below(APART - AT_ONCE);
        service.reached(next).await;
        server.kill().await?;
        server.resume().await?;
    }
    Ok(())
}

/// What has to be true once the run has ended.
async fn end(caller: &Caller, service: &Service, run: &str, items: u64, rounds: u64) -> Result<()> {
    let ended = until("the run to end", async || {
        let now = caller.get(&format!("/runs/{run}")).await?.good()?;
        Ok(now["finished_at"].is_string().then_some(now))
    })
    .await?;
    ensure!(ended["status"] == "succeeded", "{ended}");

    let keys = service.keys();
    ensure!(
        keys.len() as u64 == items,
        "{} of {items} items were stored",
        keys.len()
    );
    let repeated: u64 = keys.values().map(|seen| seen - 1).sum();
    ensure!(
        repeated <= rounds * AT_ONCE,
        "{repeated} calls were repeated in {rounds} deaths with {AT_ONCE} calls in flight each"
    );

    // The journal holds each iteration once, and ended.
    let steps = all_steps(caller, run).await?;
    let seen: BTreeSet<u64> = steps
        .iter()
        .filter_map(|step| step["iteration"][0].as_u64())
        .collect();
    ensure!(
        seen.len() as u64 == items && steps.len() as u64 == items,
        "{} rows",
        steps.len()
    );
    ensure!(
        steps.iter().all(|step| step["status"] == "succeeded"),
        "a step has not succeeded"
    );
    Ok(())
}

async fn start(caller: &Caller, service: &Service, items: u64) -> Result<String> {
    let document = json!({
        "format": "patchbay.workflow/1", "name": "Killed",
        "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
        "steps": [
            { "name": "http-1", "connector": "http", "operation": "request",
              "inputs": { "method": "GET", "url": service.url(&format!("/list/{items}")) } },
            { "name": "loop-1", "connector": "loop", "operation": "loop_list",
              "inputs": { "list": { "$path": "$.steps.http-1.body.records" }, "concurrency": AT_ONCE },
              "body": [
                { "name": "http-2", "connector": "http", "operation": "request",
                  "on_interrupt": "retry",
                  "inputs": { "method": "POST", "url": service.url("/row"),
                    "body": { "id": { "$path": "$.steps.loop-1.value.id" } } } } ] } ]
    });
    let saved = caller.post("/workflows", &document).await?.good()?;
    ensure!(saved["problems"] == json!([]), "{saved}");
    let workflow = saved["id"].as_str().unwrap_or_default();
    let path = format!("/workflows/{workflow}/runs");
    let run = caller.post(&path, &json!({})).await?.good()?;
    Ok(run["id"].as_str().unwrap_or_default().to_owned())
}

async fn all_steps(caller: &Caller, run: &str) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    loop {
        let path = format!(
            "/runs/{run}/steps?step=http-2&offset={}&limit=200",
            found.len()
        );
        let page = caller.get(&path).await?.good()?;
        found.extend(page["items"].as_array().cloned().unwrap_or_default());
        if page["next_cursor"].is_null() {
            return Ok(found);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A sequence of numbers that looks random and is the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn from_environment() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(
            number("PATCHBAY_SEED")
                .unwrap_or_else(|| now.map_or(1, |since| u64::from(since.subsec_nanos()))),
        )
    }

    /// A number from 0 to `end`, without it.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
