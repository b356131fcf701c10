//! Instants as text and back.

use jiff::Timestamp;

/// Unix milliseconds as RFC 3339 in UTC, with milliseconds only where there are some.
pub fn instant(at: i64) -> String {
    let at = at.clamp(
        Timestamp::MIN.as_millisecond(),
        Timestamp::MAX.as_millisecond(),
    );
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}

/// RFC 3339 as unix milliseconds.
pub fn parse_instant(text: &str) -> Option<i64> {
    text.trim()
        .parse()
        .ok()
        .map(|at: Timestamp| at.as_millisecond())
}
