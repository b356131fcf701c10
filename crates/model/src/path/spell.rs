//! How a path is written: with dots wherever they can be read back, in brackets otherwise.

use super::Segment;
use std::fmt::Write;

/// The prettiest spelling of a singular path from the root: `$.steps.loop-1.value['first name'][0]`.
pub fn spell(segments: &[Segment]) -> String {
    spell_from("$", segments)
}

/// The prettiest spelling of these segments after a path that is already written.
pub fn spell_from(base: &str, segments: &[Segment]) -> String {
    let mut text = base.to_owned();
    for segment in segments {
        match segment {
            Segment::Name(name) if reads_back(name) => {
                text.push('.');
                text.push_str(name);
            }
            Segment::Name(name) => text.push_str(&bracketed(name)),
            Segment::Index(index) => {
                // Writing to a text cannot fail.
                let _ = write!(text, "[{index}]");
            }
        }
    }
    text
}

/// A name in brackets and single quotes, as RFC 9535 wants it.
pub(super) fn bracketed(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    text.push_str("['");
    for letter in name.chars() {
        match letter {
            '\'' | '\\' => {
                text.push('\\');
                text.push(letter);
            }
            '\u{0}'..='\u{1f}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push_str("']");
    text
}

/// Whether a name can stand behind a dot without anybody stumbling over it.
fn reads_back(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}
