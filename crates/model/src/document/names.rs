//! Names of steps: fixed for life, unique in the workflow, and short to write in a path.

use super::{TRIGGER, Workflow};
use std::collections::HashSet;

/// The longest name of a step, in characters.
pub const MAX_NAME: usize = 100;

/// Whether a step may be called that: letters, digits, `-` and `_`, beginning with a letter, and not `trigger`.
pub fn sound_name(name: &str) -> bool {
    let letters = name
        .chars()
        .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
    let start = name.chars().next().is_some_and(char::is_alphabetic);
    letters && start && name != TRIGGER && name.chars().count() <= MAX_NAME
}

impl Workflow {
    /// All names in use, `trigger` included.
    pub fn names(&self) -> HashSet<&str> {
        let steps = self.all_steps().map(|visit| visit.step.name.as_str());
        steps.chain([TRIGGER]).collect()
    }

    /// The name for a new step of this connector: `ringcentral-2` where `ringcentral-1` stands already.
    pub fn fresh_name(&self, connector: &str) -> String {
        fresh_name(&self.names(), connector)
    }
}

/// One above the highest number in use, so that the name of a step just removed is not given away at once
/// to another while a higher one is there.
pub(crate) fn fresh_name(taken: &HashSet<&str>, connector: &str) -> String {
    let stem = if sound_name(connector) {
        connector
    } else {
        "step"
    };
    let number = |name: &&str| {
        name.strip_prefix(stem)?
            .strip_prefix('-')?
            .parse::<u32>()
            .ok()
    };
    let highest = taken.iter().filter_map(number).max().unwrap_or(0);
    (u64::from(highest) + 1..)
        .map(|number| format!("{stem}-{number}"))
        .find(|name| !taken.contains(name.as_str()))
        .unwrap_or_else(|| stem.to_owned())
}

/// The stem of a name: `ringcentral` of `ringcentral-12`.
pub(crate) fn stem(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((stem, digits))
            if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            stem
        }
        _ => name,
    }
}
