//! What a run, an iteration, a restart and a webhook cost, each beside a floor measured in the same process.
//!
//! `cargo xtask bench` builds the release binary, names it in `PATCHBAY_BIN` and runs this. Absolute times say more
//! about the machine than about Patchbay, so everything is repeated and told as the median of ratios.

mod client;
mod floor;
mod iterations;
mod load;
mod memory;
mod product;
mod report;
mod restart;
mod seed;
mod webhooks;

use anyhow::{Context, Result};
use report::Report;

/// What the words on the command line choose.
struct Choice {
    repeat: usize,
    only: Vec<String>,
}

impl Choice {
    fn read() -> Result<Self> {
        let mut choice = Self {
            repeat: 5,
            only: Vec::new(),
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--repeat" => {
                    let times = words.next().context("--repeat wants a number")?;
                    choice.repeat = times.parse().context("--repeat wants a number")?;
                }
                _ => choice.only.push(word),
            }
        }
        anyhow::ensure!(choice.repeat > 0, "--repeat wants at least 1");
        Ok(choice)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| name.contains(only.as_str()))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    patchbay_tests::crypto();
    let choice = Choice::read()?;
    let mut report = Report::new();
    if choice.wants("seed") {
        seed::measure(choice.repeat, &mut report).await?;
    }
    if choice.wants("iterations") {
        iterations::measure(choice.repeat, &mut report).await?;
    }
    if choice.wants("webhooks") {
        webhooks::measure(choice.repeat, &mut report).await?;
    }
    if choice.wants("memory") {
        memory::measure(&mut report).await?;
    }
    if choice.wants("restart") {
        restart::measure(choice.repeat, &mut report).await?;
    }
    Ok(())
}
