//! Fresh ids: a prefix and 26 characters whose order is the order in which they were made.

use crate::{StoreError, StoreResult};
use std::sync::{Mutex, PoisonError};

/// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_BITS: u32 = 80;

/// Makes ids from the time (48 bits of unix milliseconds) and 80 random bits.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    last: Mutex<u128>,
}

impl Ids {
    /// Later than every id made before, also within a millisecond and when the clock goes back.
    pub(crate) fn fresh(&self, prefix: &str, now: i64) -> StoreResult<String> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(StoreError::failed)?;
        let random = u128::from_le_bytes(bytes) & ((1 << RANDOM_BITS) - 1);
        let time = u128::try_from(now.max(0)).unwrap_or(0) << RANDOM_BITS;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let number = (time | random).max(last.saturating_add(1));
        *last = number;
        drop(last);
        let mut id = String::with_capacity(prefix.len() + 26);
        id.push_str(prefix);
        for shift in (0..26).rev().map(|digit| digit * 5) {
            let digit = usize::try_from((number >> shift) & 31).unwrap_or(0);
            id.push(char::from(ALPHABET[digit]));
        }
        Ok(id)
    }
}

/// A short random key that nobody can guess: 26 characters, 128 bits.
pub(crate) fn random_key() -> StoreResult<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(StoreError::failed)?;
    let number = u128::from_le_bytes(bytes);
    Ok((0..26)
        .map(|digit| {
            char::from(ALPHABET[usize::try_from((number >> (digit * 5)) & 31).unwrap_or(0)])
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_are_ordered_by_the_time_they_were_made() {
        let ids = Ids::default();
        // The clock stands still, moves on, and goes back.
        let made: Vec<String> = [1000, 1000, 1000, 2000, 500, 500]
            .iter()
            .map(|now| ids.fresh("run_", *now).unwrap())
            .collect();
        let mut sorted = made.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(made, sorted);
        assert!(
            made.iter()
                .all(|id| id.len() == 30 && id.starts_with("run_")),
            "{made:?}"
        );
    }

    #[test]
    fn ids_of_two_processes_are_ordered_by_their_clocks() {
        let earlier = Ids::default().fresh("", 1_700_000_000_000).unwrap();
        let later = Ids::default().fresh("", 1_700_000_000_001).unwrap();
        assert!(earlier < later);
    }
}
