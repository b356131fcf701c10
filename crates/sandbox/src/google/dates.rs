//! Dates and times as Sheets counts them: days since 30 December 1899, the time as a fraction.

use jiff::civil::{Date, DateTime, Time, date};

const DAY: f64 = 86_400.0;

fn epoch() -> Date {
    date(1899, 12, 30)
}

/// The serial number of a day.
pub(crate) fn of_date(day: Date) -> f64 {
    let span = day.duration_since(epoch());
    // Whole days within the range of the calendar: exact in a double.
    f64::from(i32::try_from(span.as_hours() / 24).unwrap_or_default())
}

/// The serial number of a time of day: a fraction.
pub(crate) fn of_time(time: Time) -> f64 {
    let seconds =
        i32::from(time.hour()) * 3_600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    (f64::from(seconds) + f64::from(time.subsec_nanosecond()) / 1e9) / DAY
}

/// The moment that a serial number stands for, to the second.
pub(crate) fn from_serial(serial: f64) -> Option<DateTime> {
    if !(-600_000.0..2_900_000.0).contains(&serial) {
        return None;
    }
    let seconds = jiff::SignedDuration::try_from_secs_f64((serial * DAY).round()).ok()?;
    epoch().at(0, 0, 0, 0).checked_add(seconds).ok()
}

/// `1/31/2026`
pub(crate) fn show_date(moment: DateTime) -> String {
    format!("{}/{}/{}", moment.month(), moment.day(), moment.year())
}

/// `1:05:09 PM`
pub(crate) fn show_time(moment: DateTime) -> String {
    let hour = match moment.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if moment.hour() < 12 { "AM" } else { "PM" };
    format!(
        "{hour}:{:02}:{:02} {half}",
        moment.minute(),
        moment.second()
    )
}

/// `1/31/2026 13:05:09`
pub(crate) fn show_moment(moment: DateTime) -> String {
    format!(
        "{} {}:{:02}:{:02}",
        show_date(moment),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

/// A date as a person in the United States types it: `1/31/2026`, `2026-01-31`, `Jan 31, 2026`,
/// `31 Jan 2026`, or `1/31` for the year given.
pub(crate) fn read_date(text: &str, this_year: i16) -> Option<Date> {
    let pieces: Vec<&str> = text
        .split(['/', '-', ' ', ',', '.'])
        .filter(|piece| !piece.is_empty())
        .collect();
    let number = |text: &str| -> Option<i16> {
        let digits = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let year = |text: &str| -> Option<i16> {
        let value = number(text)?;
        match text.len() {
            4 => Some(value),
            1 | 2 if value < 30 => Some(2_000 + value),
            1 | 2 => Some(1_900 + value),
            _ => None,
        }
    };
    let small = |text: &str| number(text).and_then(|value| i8::try_from(value).ok());
    let separated = text.contains(['/', '-']);
    let (year, month, day) = match pieces.as_slice() {
        [first, month, day] if first.len() == 4 && separated => {
            (number(first)?, small(month)?, small(day)?)
        }
        [first, day, last] if separated && number(first).is_some() => {
            (year(last)?, small(first)?, small(day)?)
        }
        [first, day] if text.contains('/') => (this_year, small(first)?, small(day)?),
        [name, day, last] if month(name).is_some() => (year(last)?, month(name)?, small(day)?),
        [day, name, last] if month(name).is_some() => (year(last)?, month(name)?, small(day)?),
        _ => return None,
    };
    Date::new(year, month, day).ok()
}

/// A time of day: `13:05`, `1:05:09 PM`, `1 PM`.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    let upper = text.trim().to_ascii_uppercase();
    let (digits, half) = if let Some(rest) = upper.strip_suffix("AM") {
        (rest.trim_end(), Some(0))
    } else if let Some(rest) = upper.strip_suffix("PM") {
        (rest.trim_end(), Some(12))
    } else {
        (upper.as_str(), None)
    };
    let mut pieces = digits.split(':');
    let piece = |text: Option<&str>| -> Option<i8> {
        let text = text?;
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let hour = piece(pieces.next())?;
    let minute = match (pieces.next(), half) {
        (None, None) => return None,
        (None, Some(_)) => 0,
        (some, _) => piece(some)?,
    };
    let second = match pieces.next() {
        None => 0,
        some => piece(some)?,
    };
    if pieces.next().is_some() {
        return None;
    }
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(add) => hour % 12 + add,
    };
    Time::new(hour, minute, second, 0).ok()
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = name.to_lowercase();
    if lower.len() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|month| *month == lower || (lower.len() == 3 && month.starts_with(&lower)))
        .and_then(|index| i8::try_from(index + 1).ok())
}
