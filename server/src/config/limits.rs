//! What one run may use up; `docs/guides/limits.md` says what happens beyond.

use clap::Args;
use patchbay_engine::limits::Limits;
use std::time::Duration;

const MEGABYTE: u64 = 1024 * 1024;

/// Limits per run. A run that goes beyond one of them fails, and it alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct LimitArgs {
    /// Steps that one run may do, every iteration of a loop counted.
    #[arg(long, env = "PATCHBAY_MAX_RUN_STEPS", default_value_t = 50_000_000)]
    pub max_run_steps: u64,

    /// Days that one run may take, waits included.
    #[arg(long, env = "PATCHBAY_MAX_RUN_DAYS", default_value_t = 366)]
    pub max_run_days: u64,

    /// Megabytes that one step may give.
    #[arg(long, env = "PATCHBAY_MAX_OUTPUT_MEGABYTES", default_value_t = 100)]
    pub max_output_megabytes: u64,

    /// Megabytes that one run may hold for its later steps.
    #[arg(long, env = "PATCHBAY_MAX_RUN_MEGABYTES", default_value_t = 512)]
    pub max_run_megabytes: u64,

    /// Runs that may wait for their turn; beyond, no run is accepted.
    #[arg(long, env = "PATCHBAY_MAX_QUEUED_RUNS", default_value_t = 1_000_000)]
    pub max_queued_runs: usize,

    /// Loops and branches that may stand inside one another.
    #[arg(long, env = "PATCHBAY_MAX_NESTING", default_value_t = 60)]
    pub max_nesting: usize,
}

impl Default for LimitArgs {
    fn default() -> Self {
        Self {
            max_run_steps: 50_000_000,
            max_run_days: 366,
            max_output_megabytes: 100,
            max_run_megabytes: 512,
            max_queued_runs: 1_000_000,
            max_nesting: 60,
        }
    }
}

impl LimitArgs {
    /// The same as the engine wants it.
    pub fn limits(&self) -> Limits {
        Limits {
            max_steps: self.max_run_steps,
            max_output_bytes: self.max_output_megabytes.saturating_mul(MEGABYTE),
            max_duration: Duration::from_secs(self.max_run_days.saturating_mul(24 * 60 * 60)),
            max_nesting: self.max_nesting,
            max_held_bytes: self.max_run_megabytes.saturating_mul(MEGABYTE),
        }
    }

    /// Name, value in force, default, meaning.
    pub(super) fn describe(&self) -> Vec<[String; 4]> {
        let standard = Self::default();
        let row = |name: &str, value: u64, default: u64, meaning: &str| {
            [
                name.to_owned(),
                value.to_string(),
                default.to_string(),
                meaning.to_owned(),
            ]
        };
        vec![
            row(
                "PATCHBAY_MAX_RUN_STEPS",
                self.max_run_steps,
                standard.max_run_steps,
                "steps that one run may do, every iteration counted",
            ),
            row(
                "PATCHBAY_MAX_RUN_DAYS",
                self.max_run_days,
                standard.max_run_days,
                "days that one run may take, waits included",
            ),
            row(
                "PATCHBAY_MAX_OUTPUT_MEGABYTES",
                self.max_output_megabytes,
                standard.max_output_megabytes,
                "megabytes that one step may give",
            ),
            row(
                "PATCHBAY_MAX_RUN_MEGABYTES",
                self.max_run_megabytes,
                standard.max_run_megabytes,
                "megabytes that one run may hold for its later steps",
            ),
            row(
                "PATCHBAY_MAX_QUEUED_RUNS",
                self.max_queued_runs as u64,
                standard.max_queued_runs as u64,
                "runs that may wait for their turn",
            ),
            row(
                "PATCHBAY_MAX_NESTING",
                self.max_nesting as u64,
                standard.max_nesting as u64,
                "loops and branches inside one another",
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_engine() {
        assert_eq!(LimitArgs::default().limits(), Limits::default());
    }
}
