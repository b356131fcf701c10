//! The clock of the machine, and ids in the order of time.

use crate::port::{BoxFuture, Clock};
use patchbay_model::id::RunId;
use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn sleep<'a>(&'a self, duration: Duration) -> BoxFuture<'a, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// `run_` and 26 letters and digits: 48 bits of time, then 80 bits that nobody can guess, so that ids sort by time.
pub(super) fn run_id(now: i64) -> RunId {
    // Each of these is keyed by the operating system's random numbers.
    let random = u128::from(RandomState::new().hash_one(now)) << 64
        | u128::from(RandomState::new().hash_one(now));
    let time = u128::from(u64::try_from(now).unwrap_or(0) & 0xffff_ffff_ffff);
    let bits = time << 80 | random & ((1 << 80) - 1);
    let digits = b"0123456789abcdefghjkmnpqrstvwxyz";
    let letter = |place: u32| char::from(digits[(bits >> (place * 5) & 31) as usize]);
    RunId::new(format!(
        "{}{}",
        RunId::PREFIX,
        (0..26).rev().map(letter).collect::<String>()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_never_repeat() {
        let ids: Vec<RunId> = [1, 2, 1_800_000_000_000, 1_800_000_000_001]
            .into_iter()
            .map(run_id)
            .collect();
        assert!(ids.is_sorted(), "{ids:?}");
        assert_ne!(run_id(5), run_id(5));
        assert_eq!(ids[0].as_str().len(), "run_".len() + 26);
    }
}
