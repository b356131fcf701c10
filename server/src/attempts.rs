//! Slows down whoever guesses passwords: a few failures per address and account, then a pause.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Failures that are forgiven in one window.
const FORGIVEN: u32 = 10;
/// How long a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Beyond this many different keys, those that no longer count are thrown out.
const SWEEP_AT: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    since: Instant,
}

/// Failed sign-ins by address and account.
#[derive(Debug, Default)]
pub struct SignInAttempts {
    failures: Mutex<HashMap<(IpAddr, String), Failures>>,
}

impl SignInAttempts {
    /// Seconds to wait before the next attempt is even looked at; none: go ahead.
    pub fn pause(&self, from: IpAddr, email: &str, now: Instant) -> Option<u64> {
        let failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let seen = failures.get(&key(from, email))?;
        let left = WINDOW.checked_sub(now.saturating_duration_since(seen.since))?;
        (seen.count >= FORGIVEN && !left.is_zero()).then_some(left.as_secs().max(1))
    }

    /// Remembers a failure.
    pub fn failed(&self, from: IpAddr, email: &str, now: Instant) {
        let mut failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if failures.len() >= SWEEP_AT {
            failures.retain(|_, seen| now.saturating_duration_since(seen.since) < WINDOW);
        }
        let seen = failures.entry(key(from, email)).or_insert(Failures {
            count: 0,
            since: now,
        });
        if now.saturating_duration_since(seen.since) >= WINDOW {
            *seen = Failures {
                count: 0,
                since: now,
            };
        }
        seen.count += 1;
    }

    /// Forgets the failures of somebody who got in.
    pub fn succeeded(&self, from: IpAddr, email: &str) {
        let mut failures = self
            .failures
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        failures.remove(&key(from, email));
    }
}

fn key(from: IpAddr, email: &str) -> (IpAddr, String) {
    (from, email.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn guessing_is_paused_and_the_pause_ends() {
        let attempts = SignInAttempts::default();
        let start = Instant::now();
        for _ in 0..FORGIVEN {
            assert_eq!(attempts.pause(HERE, "ana@example.com", start), None);
            attempts.failed(HERE, "ana@example.com", start);
        }
        assert!(attempts.pause(HERE, "Ana@Example.com ", start).is_some());
        assert_eq!(attempts.pause(HERE, "ben@example.com", start), None);
        assert_eq!(
            attempts.pause(HERE, "ana@example.com", start + WINDOW),
            None
        );
    }

    #[test]
    fn getting_in_forgives_earlier_failures() {
        let attempts = SignInAttempts::default();
        let now = Instant::now();
        for _ in 0..FORGIVEN {
            attempts.failed(HERE, "ana@example.com", now);
        }
        attempts.succeeded(HERE, "ana@example.com");
        assert_eq!(attempts.pause(HERE, "ana@example.com", now), None);
    }
}
