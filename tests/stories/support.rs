//! What several stories need: a server without a browser, a caller of its API, the seed's job.

pub(crate) mod caller;
pub(crate) mod job;
pub(crate) mod person;
pub(crate) mod sign_in;

use std::panic::AssertUnwindSafe;

use anyhow::{Context, Result, anyhow};
use futures::FutureExt;
use patchbay_tests::{Server, Settings};

/// Plays on `patchbay serve` with these further arguments, without a browser. What the server said
/// is told with a failure.
pub(crate) async fn on_server(
    arguments: &[&str],
    play: impl AsyncFnOnce(&mut Server) -> Result<()>,
) -> Result<()> {
    let mut server = Server::start(&Settings::from_environment()?, arguments).await?;
    let played = AssertUnwindSafe(play(&mut server)).catch_unwind().await;
    let result = played.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| {
            panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
        });
        Err(anyhow!(
            words.unwrap_or_else(|| "the story panicked".to_owned())
        ))
    });
    result.with_context(|| format!("the server said:\n{}", server.log()))?;
    server.stop().await
}
