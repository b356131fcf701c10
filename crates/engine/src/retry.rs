//! Whether a failed attempt is repeated, and when: arithmetic only.

use crate::plan::Retrying;
use patchbay_model::{
    document::{Backoff, OnInterrupt},
    event::StepError,
};
use sha2::{Digest, Sha256};

/// No service keeps a run waiting for longer than this, whatever it asks for.
const LONGEST_WAIT_MS: u64 = 24 * 60 * 60 * 1000;

/// Attempts after which even a rate limit is for good, so that nothing goes on for ever.
const MOST_REFUSALS: u32 = 1000;

/// Which attempt has failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    /// From 1.
    pub(crate) attempt: u32,
    /// How many before it a rate limit turned away: a run waits for those as long as it takes.
    pub(crate) refused: u32,
}

/// When the next attempt begins (unix milliseconds), or none if this failure is for good.
///
/// `seed` spreads the pauses of different steps and runs; the same seed gives the same pause.
pub(crate) fn retry_at(
    policy: &Retrying,
    on_interrupt: OnInterrupt,
    error: &StepError,
    Counted { attempt, refused }: Counted,
    seed: &str,
    now: i64,
) -> Option<i64> {
    let limited = was_refused(error);
    let used_up = if limited {
        policy.attempts <= 1 || refused >= MOST_REFUSALS
    } else {
        attempt.saturating_sub(refused) >= policy.attempts
    };
    let too_risky = error.outcome_unknown && on_interrupt == OnInterrupt::Fail;
    let too_late = policy.only_refused && !limited;
    if !error.retryable || used_up || too_risky || too_late {
        return None;
    }
    let asked = error.retry_after_ms.unwrap_or(0).min(LONGEST_WAIT_MS);
    let delay = pause_ms(policy, attempt.saturating_sub(refused).max(1), seed).max(asked);
    Some(now.saturating_add_unsigned(delay))
}

/// A rate limit turned the request away: certainly nothing has happened.
pub(crate) fn was_refused(error: &StepError) -> bool {
    !error.outcome_unknown && (error.status == Some(429) || error.code == "rate_limited")
}

/// The pause after this attempt, in milliseconds.
fn pause_ms(policy: &Retrying, attempt: u32, seed: &str) -> u64 {
    let pause = match policy.backoff {
        Backoff::Fixed => policy.first_delay_ms,
        Backoff::Exponential => {
            let grown = policy
                .first_delay_ms
                .saturating_mul(1_u64 << attempt.saturating_sub(1).min(40));
            let capped = grown.min(policy.max_delay_ms);
            capped / 5 * 4 + spread(capped / 5 * 2, attempt, seed)
        }
    };
    pause.min(policy.max_delay_ms)
}

/// A number from 0 to `width`, the same for the same seed and attempt.
fn spread(width: u64, attempt: u32, seed: &str) -> u64 {
    let hash = Sha256::new()
        .chain_update(seed)
        .chain_update(attempt.to_le_bytes())
        .finalize();
    let number = hash
        .iter()
        .take(8)
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    number % width.saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(backoff: Backoff) -> Retrying {
        Retrying {
            attempts: 6,
            backoff,
            first_delay_ms: 1000,
            max_delay_ms: 5000,
            only_refused: false,
        }
    }

    fn error() -> StepError {
        StepError {
            code: "http_status".to_owned(),
            retryable: true,
            ..StepError::default()
        }
    }

    fn first(attempt: u32) -> Counted {
        Counted {
            attempt,
            refused: 0,
        }
    }

    fn delays(policy: &Retrying, error: &StepError) -> Vec<Option<i64>> {
        (1..=6)
            .map(|attempt| retry_at(policy, OnInterrupt::Retry, error, first(attempt), "seed", 0))
            .collect()
    }

    #[test]
    fn fixed_pauses_stay_the_same_until_the_attempts_are_used_up() {
        let expected = [
            Some(1000),
            Some(1000),
            Some(1000),
            Some(1000),
            Some(1000),
            None,
        ];
        assert_eq!(delays(&policy(Backoff::Fixed), &error()), expected);
    }

    #[test]
    fn exponential_pauses_double_within_a_fifth_and_stop_growing_at_the_longest() {
        let pauses: Vec<i64> = delays(&policy(Backoff::Exponential), &error())
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(pauses.len(), 5);
        for (pause, nominal) in pauses.iter().zip([1000, 2000, 4000, 5000, 5000]) {
            assert!(
                *pause >= nominal * 4 / 5 && *pause <= (nominal * 6 / 5).min(5000),
                "{pause} for {nominal}"
            );
        }
        assert_eq!(
            delays(&policy(Backoff::Exponential), &error())
                .into_iter()
                .flatten()
                .collect::<Vec<_>>(),
            pauses
        );
    }

    #[test]
    fn the_service_may_ask_for_a_longer_pause_than_the_policy_allows() {
        let error = StepError {
            retry_after_ms: Some(60_000),
            ..error()
        };
        assert_eq!(
            retry_at(
                &policy(Backoff::Fixed),
                OnInterrupt::Retry,
                &error,
                first(1),
                "",
                5
            ),
            Some(60_005)
        );
        let absurd = StepError {
            retry_after_ms: Some(u64::MAX),
            ..error
        };
        let longest = i64::try_from(LONGEST_WAIT_MS).unwrap();
        assert_eq!(
            retry_at(
                &policy(Backoff::Fixed),
                OnInterrupt::Retry,
                &absurd,
                first(1),
                "",
                0
            ),
            Some(longest)
        );
    }

    #[test]
    fn an_error_that_another_attempt_cannot_help_is_for_good() {
        let error = StepError {
            retryable: false,
            ..error()
        };
        assert_eq!(delays(&policy(Backoff::Fixed), &error), [None; 6]);
    }

    #[test]
    fn an_unknown_outcome_is_not_repeated_where_an_interruption_would_not_be() {
        let error = StepError {
            outcome_unknown: true,
            ..error()
        };
        assert_eq!(
            retry_at(
                &policy(Backoff::Fixed),
                OnInterrupt::Fail,
                &error,
                first(1),
                "",
                0
            ),
            None
        );
        assert_eq!(
            retry_at(
                &policy(Backoff::Fixed),
                OnInterrupt::Retry,
                &error,
                first(1),
                "",
                0
            ),
            Some(1000)
        );
    }

    #[test]
    fn without_a_policy_what_is_not_repeatable_is_repeated_only_when_it_was_refused() {
        let policy = Retrying {
            only_refused: true,
            ..policy(Backoff::Fixed)
        };
        assert_eq!(delays(&policy, &error()), [None; 6]);
        let refused = StepError {
            status: Some(429),
            ..error()
        };
        assert_eq!(delays(&policy, &refused)[0], Some(1000));
    }

    #[test]
    fn what_a_rate_limit_turns_away_is_no_attempt() {
        let limited = StepError {
            code: "rate_limited".to_owned(),
            ..error()
        };
        let policy = Retrying {
            attempts: 3,
            ..policy(Backoff::Fixed)
        };
        let cases = [
            (&limited, 50, 49, true),
            (&limited, 1001, 1000, false),
            (&error(), 51, 49, true),
            (&error(), 52, 49, false),
        ];
        for (error, attempt, refused, again) in cases {
            let counted = Counted { attempt, refused };
            let next = retry_at(&policy, OnInterrupt::Retry, error, counted, "", 0);
            assert_eq!(next.is_some(), again, "{} {counted:?}", error.code);
        }
    }
}
