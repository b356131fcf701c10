//! The state of a step in the last run, as the small pill on its card says it.

use crate::time::duration;
use patchbay_model::{
    event::{RunStatus, StepStatus},
    progress::StepProgress,
};

/// One pill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pill {
    /// `ok`, `run`, `bad`, `warning` or `off`: its colour.
    pub tone: &'static str,
    pub text: String,
    /// The same for those who do not see it.
    pub label: String,
}

impl Pill {
    fn new(tone: &'static str, text: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            label: label.into(),
        }
    }
}

/// Why a step waits.
enum WaitsFor {
    Retry,
    RateLimit,
    Time,
}

fn waits_for(progress: &StepProgress) -> WaitsFor {
    match &progress.error {
        None => WaitsFor::Time,
        Some(error) if error.code == "rate_limited" => WaitsFor::RateLimit,
        Some(_) => WaitsFor::Retry,
    }
}

/// The trigger has done its part as soon as there is a run.
pub fn of_trigger(run: RunStatus) -> Pill {
    match run {
        RunStatus::Queued => Pill::new("warning", "queued", "The run is queued"),
        _ => Pill::new("ok", "✓", "Started this run"),
    }
}

/// A step's pill; `records` is how many records its last output holds, `now` unix milliseconds.
pub fn of_step(progress: &StepProgress, records: Option<u64>, now: i64) -> Pill {
    if progress.items_done.is_some() {
        return of_loop(progress);
    }
    let times = progress.succeeded + progress.failed;
    match progress.status {
        StepStatus::Running if times == 0 => Pill::new("run", "● running", "Running"),
        StepStatus::Running => {
            let took = duration(progress.duration_ms);
            Pill::new(
                "run",
                format!("● {took}"),
                format!("Running; the last time took {took}"),
            )
        }
        StepStatus::Waiting => {
            let left = progress
                .retry_at
                .map(|at| u64::try_from(at - now).unwrap_or(0));
            let text = match (left, waits_for(progress)) {
                (None, _) => "waiting".to_owned(),
                (Some(left), WaitsFor::Time) => format!("waits {}", seconds(left)),
                (Some(left), WaitsFor::RateLimit) => format!("rate limit, {}", seconds(left)),
                (Some(left), WaitsFor::Retry) => format!("retry in {}", seconds(left)),
            };
            let label = match waits_for(progress) {
                WaitsFor::RateLimit => format!("Waiting for the service's rate limit: {text}"),
                _ => format!("Waiting: {text}"),
            };
            Pill::new("warning", text, label)
        }
        StepStatus::Failed if progress.failed > 1 => Pill::new(
            "bad",
            format!("✕ {}", progress.failed),
            format!("Failed {} times", progress.failed),
        ),
        StepStatus::Failed => Pill::new("bad", "✕ failed", "Failed"),
        StepStatus::Skipped => Pill::new("off", "skipped", "Skipped"),
        StepStatus::Cancelled => Pill::new("off", "cancelled", "Cancelled"),
        StepStatus::Succeeded if progress.failed > 0 => Pill::new(
            "bad",
            format!("✓ {} ✕ {}", progress.succeeded, progress.failed),
            format!(
                "Succeeded {} times, failed {} times",
                progress.succeeded, progress.failed
            ),
        ),
        StepStatus::Succeeded if progress.succeeded > 1 => Pill::new(
            "ok",
            format!("✓ {}", progress.succeeded),
            format!("Succeeded {} times", progress.succeeded),
        ),
        StepStatus::Succeeded => match records {
            Some(records) => Pill::new(
                "ok",
                format!("✓ {records}"),
                format!("Succeeded with {records} records"),
            ),
            None => {
                let took = duration(progress.duration_ms);
                Pill::new("ok", format!("✓ {took}"), format!("Succeeded in {took}"))
            }
        },
    }
}

fn of_loop(progress: &StepProgress) -> Pill {
    let done = progress.items_done.unwrap_or(0);
    let count = progress
        .items_total
        .map_or_else(|| done.to_string(), |total| format!("{done} / {total}"));
    let label = progress.items_total.map_or_else(
        || format!("{done} items"),
        |total| format!("{done} of {total} items"),
    );
    let failed = progress.items_failed;
    match progress.status {
        StepStatus::Running | StepStatus::Waiting => {
            Pill::new("run", count, format!("{label} done"))
        }
        StepStatus::Succeeded if failed == 0 => {
            Pill::new("ok", format!("✓ {done}"), format!("{done} items done"))
        }
        StepStatus::Succeeded => Pill::new(
            "bad",
            format!("✓ {} ✕ {failed}", done - failed.min(done)),
            format!("{label} done, {failed} failed"),
        ),
        StepStatus::Failed => {
            Pill::new("bad", format!("✕ {count}"), format!("Failed after {label}"))
        }
        StepStatus::Skipped => Pill::new("off", "skipped", "Skipped"),
        StepStatus::Cancelled => Pill::new("off", count, format!("Cancelled after {label}")),
    }
}

/// How far a loop is, from 0 to 1; none while its length is not known.
#[expect(
    clippy::cast_precision_loss,
    reason = "a progress bar needs no more than a few digits"
)]
pub fn fraction(progress: &StepProgress) -> Option<f64> {
    let total = progress.items_total?;
    let done = progress.items_done?;
    Some(if total == 0 {
        1.0
    } else {
        (done as f64 / total as f64).min(1.0)
    })
}

fn seconds(milliseconds: u64) -> String {
    duration(milliseconds.div_ceil(1_000).max(1) * 1_000).replace(".0 s", " s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::event::StepError;

    fn step(status: StepStatus, succeeded: u64, failed: u64) -> StepProgress {
        StepProgress {
            status,
            succeeded,
            failed,
            duration_ms: 42,
            ..StepProgress::default()
        }
    }

    fn looped(status: StepStatus, done: u64, total: Option<u64>, failed: u64) -> StepProgress {
        StepProgress {
            items_done: Some(done),
            items_total: total,
            items_failed: failed,
            ..step(status, 0, 0)
        }
    }

    #[test]
    fn pills_say_what_happened() {
        use StepStatus::{Cancelled, Failed, Running, Skipped, Succeeded, Waiting};
        let waiting = StepProgress {
            retry_at: Some(13_200),
            ..step(Waiting, 0, 0)
        };
        let failed = |code: &str| StepProgress {
            error: Some(StepError {
                code: code.to_owned(),
                ..StepError::default()
            }),
            ..waiting.clone()
        };
        for (progress, records, expected) in [
            (step(Running, 0, 0), None, ("run", "● running")),
            (step(Running, 84, 0), None, ("run", "● 42 ms")),
            (step(Succeeded, 1, 0), None, ("ok", "✓ 42 ms")),
            (step(Succeeded, 1, 0), Some(250), ("ok", "✓ 250")),
            (step(Succeeded, 250, 0), Some(3), ("ok", "✓ 250")),
            (step(Succeeded, 248, 2), None, ("bad", "✓ 248 ✕ 2")),
            (step(Failed, 0, 1), None, ("bad", "✕ failed")),
            (step(Skipped, 0, 0), None, ("off", "skipped")),
            (step(Cancelled, 3, 0), None, ("off", "cancelled")),
            (failed("boom"), None, ("warning", "retry in 4 s")),
            (failed("rate_limited"), None, ("warning", "rate limit, 4 s")),
            (waiting, None, ("warning", "waits 4 s")),
            (looped(Running, 37, Some(250), 0), None, ("run", "37 / 250")),
            (looped(Running, 37, None, 0), None, ("run", "37")),
            (looped(Succeeded, 250, Some(250), 0), None, ("ok", "✓ 250")),
            (
                looped(Succeeded, 250, Some(250), 3),
                None,
                ("bad", "✓ 247 ✕ 3"),
            ),
            (
                looped(Cancelled, 37, Some(250), 0),
                None,
                ("off", "37 / 250"),
            ),
        ] {
            let pill = of_step(&progress, records, 10_000);
            assert_eq!((pill.tone, pill.text.as_str()), expected, "{progress:?}");
        }
    }

    #[test]
    fn an_empty_loop_is_done() {
        assert_eq!(
            fraction(&looped(StepStatus::Succeeded, 0, Some(0), 0)),
            Some(1.0)
        );
        assert_eq!(
            fraction(&looped(StepStatus::Running, 50, Some(200), 0)),
            Some(0.25)
        );
        assert_eq!(fraction(&looped(StepStatus::Running, 50, None, 0)), None);
    }
}
