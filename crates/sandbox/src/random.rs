//! Two kinds of randomness: repeatable for the data, unguessable for tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// SplitMix64: small, good enough for example data, the same on every machine.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..end`; 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the items; they are never empty where this is used.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap_or(0);
        &items[index]
    }

    /// A short identifier in the alphabet of URL-safe base64.
    pub(crate) fn id(&mut self, bytes: usize) -> String {
        let raw: Vec<u8> = (0..bytes).map(|_| self.next().to_le_bytes()[0]).collect();
        URL_SAFE_NO_PAD.encode(raw)
    }
}

/// A token nobody can guess, with the prefix that the service is known by.
pub(crate) fn token(prefix: &str, bytes: usize) -> String {
    let mut raw = vec![0_u8; bytes];
    fill(&mut raw);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(raw))
}

/// A random UUID.
pub(crate) fn uuid() -> String {
    let mut raw = [0_u8; 16];
    fill(&mut raw);
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[0..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}

fn fill(raw: &mut [u8]) {
    if getrandom::fill(raw).is_err() {
        // Without a source of randomness a stand-in still has to give out distinct tokens.
        let mut random = Random::new(std::process::id().into());
        random.0 ^= u64::try_from(jiff::Timestamp::now().as_nanosecond() & i128::from(u32::MAX))
            .unwrap_or_default();
        for byte in raw {
            *byte = random.next().to_le_bytes()[0];
        }
    }
}
