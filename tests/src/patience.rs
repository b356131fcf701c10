//! Waiting for a condition, never for a time: a quick machine loses nothing and a slow one passes.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// How long a person would wait before giving up.
pub const PATIENCE: Duration = Duration::from_secs(15);

const PAUSE: Duration = Duration::from_millis(25);

/// Asks again and again until there is an answer. `Ok(None)` means "not yet"; an error also does, and
/// the last one is told when patience ends.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        let trouble = match ask().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > end {
            match trouble {
                Some(error) => return Err(error.context(format!("waited in vain for {what}"))),
                None => bail!("waited in vain for {what}"),
            }
        }
        sleep(PAUSE).await;
    }
}
