//! What a person sees while they wait: the name of each step, and how long it took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Runs one step and says when it starts, how it ended and after how long.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let started = Instant::now();
    let result = work();
    let mark = if result.is_ok() { "✓" } else { "✗" };
    eprintln!("{mark} {name} ({})", seconds(started.elapsed()));
    result
}

/// Several steps of which each is done even when an earlier one failed.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

impl Steps {
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        if crate::process::stopping() {
            return false;
        }
        let started = Instant::now();
        let result = step(name, work);
        let passed = result.is_ok();
        let outcome = match result {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                let text = format!("{error:#}");
                eprintln!("{text}");
                Outcome::Failed(text)
            }
        };
        self.done.push(Done {
            name: name.to_owned(),
            took: started.elapsed(),
            outcome,
        });
        passed
    }

    /// Something that was left out, and why: it shows in the summary, so nothing is skipped in silence.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        self.done.push(Done {
            name: name.to_owned(),
            took: Duration::ZERO,
            outcome: Outcome::Skipped(why.to_owned()),
        });
    }

    /// Prints the table of everything that was done; an error when any of it failed.
    pub(crate) fn summary(&self) -> Result<()> {
        anyhow::ensure!(!crate::process::stopping(), "stopped");
        eprintln!();
        let mut failed = 0;
        for done in &self.done {
            match &done.outcome {
                Outcome::Passed => eprintln!("  ✓ {:<42} {:>9}", done.name, seconds(done.took)),
                Outcome::Skipped(why) => eprintln!("  – {:<42} skipped: {why}", done.name),
                Outcome::Failed(why) => {
                    failed += 1;
                    let first = why.lines().next().unwrap_or_default();
                    eprintln!("  ✗ {:<42} {:>9}  {first}", done.name, seconds(done.took));
                }
            }
        }
        eprintln!();
        anyhow::ensure!(failed == 0, "{failed} of {} steps failed", self.done.len());
        Ok(())
    }
}

/// `0.4 s`, `12.0 s`, `3 min 05 s`.
pub(crate) fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_summary_and_later_steps_still_run() {
        let mut steps = Steps::default();
        assert!(!steps.run("breaks", || anyhow::bail!("no")));
        assert!(steps.run("works", || Ok(())));
        let error = steps.summary().unwrap_err();
        assert_eq!(error.to_string(), "1 of 2 steps failed");
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
