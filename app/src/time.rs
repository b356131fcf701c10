//! Instants for people. They travel as RFC 3339 in UTC; nothing here asks a clock or a time zone.

/// An instant, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Instant {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millisecond: i64,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn parse(text: &str) -> Option<Instant> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let fraction = text
        .get(19..)
        .filter(|rest| rest.starts_with('.'))
        .map_or(0, |rest| {
            let digits: String = rest[1..]
                .chars()
                .take_while(char::is_ascii_digit)
                .chain("000".chars())
                .take(3)
                .collect();
            digits.parse().unwrap_or(0)
        });
    let instant = Instant {
        year: number(0, 4)?,
        month: number(5, 7)?,
        day: number(8, 10)?,
        hour: number(11, 13)?,
        minute: number(14, 16)?,
        second: number(17, 19)?,
        millisecond: fraction,
    };
    (1..=12).contains(&instant.month).then_some(instant)
}

/// Unix milliseconds of an RFC 3339 text in UTC.
pub fn millis(text: &str) -> Option<i64> {
    let at = parse(text)?;
    // Days from the civil calendar, counted in eras of 400 years that begin in March.
    let year = if at.month <= 2 { at.year - 1 } else { at.year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((at.month + 9) % 12) + 2) / 5 + at.day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    Some((((days * 24 + at.hour) * 60 + at.minute) * 60 + at.second) * 1000 + at.millisecond)
}

/// `23 Nov 2026, 19:33 UTC`; the text itself when it is no instant.
pub fn plain(text: &str) -> String {
    match parse(text) {
        Some(at) => {
            let month = usize::try_from(at.month - 1)
                .ok()
                .and_then(|index| MONTHS.get(index))
                .unwrap_or(&"");
            format!(
                "{} {month} {}, {:02}:{:02} UTC",
                at.day, at.year, at.hour, at.minute
            )
        }
        None => text.to_owned(),
    }
}

/// `just now`, `5 minutes ago`, `in 3 days`; the plain form beyond a month.
pub fn relative(text: &str, now: i64) -> String {
    let Some(at) = millis(text) else {
        return text.to_owned();
    };
    let seconds = (now - at).abs() / 1000;
    let (count, unit) = match seconds {
        0..=44 => {
            return if now >= at {
                "just now".to_owned()
            } else {
                "in a moment".to_owned()
            };
        }
        45..=3_569 => (((seconds + 30) / 60).max(1), "minute"),
        3_570..=84_599 => ((seconds + 1_800) / 3_600, "hour"),
        84_600..=2_591_999 => ((seconds + 43_200) / 86_400, "day"),
        _ => return plain(text),
    };
    let unit = if count == 1 {
        unit.to_owned()
    } else {
        format!("{unit}s")
    };
    if now >= at {
        format!("{count} {unit} ago")
    } else {
        format!("in {count} {unit}")
    }
}

/// How long something took: `42 ms`, `3.9 s`, `2 min 5 s`, `1 h 3 min`.
pub fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..=999 => format!("{milliseconds} ms"),
        1_000..=59_949 => {
            let tenths = (milliseconds + 50) / 100;
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        59_950..=3_599_999 => {
            let seconds = (milliseconds + 500) / 1000;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
        _ => {
            let minutes = milliseconds / 60_000;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// Milliseconds between two instants; none when one is missing or malformed.
pub fn between(from: Option<&str>, to: Option<&str>) -> Option<u64> {
    u64::try_from(millis(to?)? - millis(from?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600_000),
            ("2026-11-23T19:33:24.5Z", 1_795_462_404_500),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
        assert_eq!(millis("yesterday"), None);
    }

    #[test]
    fn distances_read_like_speech() {
        let at = "2026-11-23T12:00:00.000Z";
        let base = millis(at).unwrap();
        for (after, expected) in [
            (5, "just now"),
            (60, "1 minute ago"),
            (3_000, "50 minutes ago"),
            (3_600, "1 hour ago"),
            (86_400, "1 day ago"),
            (-7_200, "in 2 hours"),
            (4_000_000, "23 Nov 2026, 12:00 UTC"),
        ] {
            assert_eq!(relative(at, base + after * 1000), expected, "{after}");
        }
    }

    #[test]
    fn durations_keep_two_units_at_most() {
        for (milliseconds, expected) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (3_940, "3.9 s"),
            (59_980, "1 min 0 s"),
            (125_000, "2 min 5 s"),
            (3_780_000, "1 h 3 min"),
        ] {
            assert_eq!(duration(milliseconds), expected, "{milliseconds}");
        }
    }
}
