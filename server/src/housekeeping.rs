//! What is over is thrown away: ended sessions, sign-ins that nobody finished, old runs and their large values.

use patchbay_store::{Store, StoreResult, System, attempts, blobs, runs, sessions};
use std::time::Duration;

use crate::config::KeepArgs;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// How long a file that no run uses stays: one that is about to be used is younger.
const UNTOUCHED: Duration = Duration::from_secs(15 * 60);

/// Tidies up for ever; a failure is logged and tried again the next time.
pub(crate) async fn run(store: Store, keep: KeepArgs) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = tidy(&store, &keep).await {
            tracing::warn!(%error, "what is over could not be thrown away");
        }
    }
}

async fn tidy(store: &Store, keep: &KeepArgs) -> StoreResult<()> {
    let system = System::for_sign_in_and_workers();
    let ended = sessions::sweep(store, &system).await?;
    let abandoned = attempts::sweep(store, &system).await?;
    let old = runs::prune(store, &system, &keep.retention()).await?;
    let freed = blobs::sweep(store, &system, UNTOUCHED).await?;
    if ended + abandoned + old + freed > 0 {
        tracing::info!(
            sessions = ended,
            sign_ins = abandoned,
            runs = old,
            bytes = freed,
            "threw away what is over"
        );
    }
    Ok(())
}
