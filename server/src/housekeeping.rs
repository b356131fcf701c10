//! What is over is thrown away: ended sessions, sign-ins that nobody finished, old runs.

use patchbay_store::{Store, StoreResult, System, attempts, runs, sessions};
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Runs that are kept of each workflow.
const RUNS_KEPT: u64 = 1_000;

/// Tidies up for ever; a failure is logged and tried again the next time.
pub(crate) async fn run(store: Store) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = tidy(&store).await {
            tracing::warn!(%error, "what is over could not be thrown away");
        }
    }
}

async fn tidy(store: &Store) -> StoreResult<()> {
    let system = System::for_sign_in_and_workers();
    let ended = sessions::sweep(store, &system).await?;
    let abandoned = attempts::sweep(store, &system).await?;
    let old = runs::prune(store, &system, RUNS_KEPT).await?;
    if ended + abandoned + old > 0 {
        tracing::info!(
            sessions = ended,
            sign_ins = abandoned,
            runs = old,
            "threw away what is over"
        );
    }
    Ok(())
}
