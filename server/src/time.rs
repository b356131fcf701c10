//! Instants: unix milliseconds inside, RFC 3339 in UTC on the wire.

use jiff::Timestamp;

/// Now, in unix milliseconds.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// `2026-01-31T12:00:00.000Z`
pub(crate) fn rfc3339(at: i64) -> String {
    Timestamp::from_millisecond(at)
        .map_or_else(|_| String::new(), |instant| format!("{instant:.3}"))
}

/// The same for an instant that may not have come yet.
pub(crate) fn rfc3339_option(at: Option<i64>) -> Option<String> {
    at.map(rfc3339)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_utc_with_milliseconds() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
    }
}
