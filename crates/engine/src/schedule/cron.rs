//! Cron expressions of five fields: which minutes of which days they mean.
//!
//! Supported: `*`, numbers, names of months and days, lists `1,15`, ranges `9-17`, steps `*/5` and `10-50/20`,
//! `?` for `*`, `L` for the last day of a month, `5L` for its last Friday, `2#1` for its first Tuesday, Sunday as 0 or 7,
//! and `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. When both the day of the month and the day of the week
//! are given, either is enough, as everywhere.

use super::ScheduleError;
use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const ALIASES: [(&str, &str); 6] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
];

/// A cron expression, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: Days,
    months: u64,
    weekdays: Weekdays,
}

/// Days of the month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Days {
    any: bool,
    set: u64,
    last: bool,
}

/// Days of the week, Sunday is 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Weekdays {
    any: bool,
    set: u64,
    /// `5L`
    last: u64,
    /// `2#1`: weekday and which one of the month.
    nth: Vec<(u8, u8)>,
}

/// One of the five fields while it is read.
struct Field {
    title: &'static str,
    least: u8,
    most: u8,
    names: &'static [&'static str],
    /// What the first name counts as.
    first: u8,
}

const MINUTE: Field = Field {
    title: "minute",
    least: 0,
    most: 59,
    names: &[],
    first: 0,
};
const HOUR: Field = Field {
    title: "hour",
    least: 0,
    most: 23,
    names: &[],
    first: 0,
};
const DAY: Field = Field {
    title: "day of the month",
    least: 1,
    most: 31,
    names: &[],
    first: 1,
};
const MONTH: Field = Field {
    title: "month",
    least: 1,
    most: 12,
    names: &MONTHS,
    first: 1,
};
const WEEKDAY: Field = Field {
    title: "day of the week",
    least: 0,
    most: 7,
    names: &DAYS,
    first: 0,
};

impl Cron {
    /// Reads `minute hour day month weekday`.
    ///
    /// # Errors
    /// With the field that is wrong and what may stand there.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let text = text.trim().to_lowercase();
        let text = ALIASES
            .iter()
            .find(|(alias, _)| *alias == text)
            .map_or(text.as_str(), |(_, meaning)| meaning);
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            let hint = match fields.len() {
                6 | 7 => " Leave out the seconds and the year.",
                _ => "",
            };
            return Err(wrong(format!(
                "A cron expression has five fields: minute, hour, day of the month, month, day of the week; this one has {}.{hint} \
                 For example: 30 9 * * 1-5 is half past nine on working days.",
                fields.len()
            )));
        };
        Ok(Self {
            minutes: MINUTE.set(minute)?,
            hours: HOUR.set(hour)?,
            days: days(day)?,
            months: MONTH.set(month)?,
            weekdays: weekdays(weekday)?,
        })
    }

    /// Whether it means this day.
    pub fn takes(&self, date: Date) -> bool {
        if !has(self.months, date.month()) {
            return false;
        }
        match (self.days.any, self.weekdays.any) {
            (true, true) => true,
            (true, false) => self.weekdays.takes(date),
            (false, true) => self.days.takes(date),
            (false, false) => self.days.takes(date) || self.weekdays.takes(date),
        }
    }

    /// The hours and minutes it means on such a day, in order.
    pub fn times(&self) -> impl Iterator<Item = (i8, i8)> + '_ {
        (0..24)
            .filter(|hour| has(self.hours, *hour))
            .flat_map(|hour| {
                (0..60)
                    .filter(|minute| has(self.minutes, *minute))
                    .map(move |minute| (hour, minute))
            })
    }

    /// Whether its times of day are spread over every hour: then it follows the hours that pass, and not the wall clock.
    pub fn every_hour(&self) -> bool {
        self.hours == (1 << 24) - 1
    }
}

impl Days {
    fn takes(&self, date: Date) -> bool {
        has(self.set, date.day()) || (self.last && date.day() == date.days_in_month())
    }
}

impl Weekdays {
    fn takes(&self, date: Date) -> bool {
        let weekday = number(date.weekday());
        let is_last = date.day() + 7 > date.days_in_month();
        let nth = u8::try_from((date.day() - 1) / 7 + 1).unwrap_or(0);
        self.set >> weekday & 1 == 1
            || (is_last && self.last >> weekday & 1 == 1)
            || self.nth.contains(&(weekday, nth))
    }
}

fn number(weekday: Weekday) -> u8 {
    u8::try_from(weekday.to_sunday_zero_offset()).unwrap_or(0)
}

fn has(set: u64, number: i8) -> bool {
    u8::try_from(number).is_ok_and(|number| set >> number & 1 == 1)
}

impl Field {
    fn set(&self, text: &str) -> Result<u64, ScheduleError> {
        text.split(',')
            .try_fold(0, |set, part| Ok(set | self.part(part)?))
    }

    fn part(&self, part: &str) -> Result<u64, ScheduleError> {
        let (range, step) = match part.split_once('/') {
            None => (part, None),
            Some((range, step)) => {
                let step = step.parse().ok().filter(|step| *step > 0);
                let step = step.ok_or_else(|| {
                    self.wrong(
                        part,
                        "after the slash stands a number from 1, as in */5".to_owned(),
                    )
                })?;
                (range, Some(step))
            }
        };
        let (from, to) = match range {
            "*" | "?" => (self.least, self.most),
            range => match range.split_once('-') {
                Some((from, to)) => (self.number(from, part)?, self.number(to, part)?),
                None => {
                    let from = self.number(range, part)?;
                    // `5/10` means from 5 on.
                    (from, if step.is_some() { self.most } else { from })
                }
            },
        };
        if from > to {
            return Err(self.wrong(
                part,
                format!(
                    "the range runs backwards; write {from}-{},{}-{to}",
                    self.most, self.least
                ),
            ));
        }
        Ok((from..=to)
            .step_by(step.unwrap_or(1_usize))
            .fold(0, |set, number| set | 1 << number))
    }

    fn number(&self, text: &str, part: &str) -> Result<u8, ScheduleError> {
        if let Some(place) = self
            .names
            .iter()
            .position(|name| text.len() >= 3 && text.starts_with(name))
        {
            return Ok(self.first + u8::try_from(place).unwrap_or(0));
        }
        let number = text
            .parse()
            .ok()
            .filter(|number| (self.least..=self.most).contains(number));
        number.ok_or_else(|| {
            let names = match (self.names.first(), self.names.last()) {
                (Some(first), Some(last)) => format!(", or a name from {first} to {last}"),
                _ => String::new(),
            };
            self.wrong(
                part,
                format!(
                    "it takes numbers from {} to {}{names}",
                    self.least, self.most
                ),
            )
        })
    }

    fn wrong(&self, part: &str, why: String) -> ScheduleError {
        wrong(format!(
            "\"{part}\" cannot stand for the {}: {why}.",
            self.title
        ))
    }
}

fn days(text: &str) -> Result<Days, ScheduleError> {
    let mut days = Days {
        any: matches!(text, "*" | "?"),
        ..Days::default()
    };
    for part in text.split(',') {
        if part == "l" {
            days.last = true;
        } else {
            days.set |= DAY.part(part)?;
        }
    }
    Ok(days)
}

fn weekdays(text: &str) -> Result<Weekdays, ScheduleError> {
    let mut weekdays = Weekdays {
        any: matches!(text, "*" | "?"),
        ..Weekdays::default()
    };
    for part in text.split(',') {
        if let Some((day, nth)) = part.split_once('#') {
            let day = WEEKDAY.number(day, part)? % 7;
            let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth));
            let nth = nth.ok_or_else(|| {
                WEEKDAY.wrong(
                    part,
                    "after # stands which one of the month, from 1 to 5".to_owned(),
                )
            })?;
            weekdays.nth.push((day, nth));
        } else if let Some(day) = part.strip_suffix('l').filter(|day| !day.is_empty()) {
            weekdays.last |= 1 << (WEEKDAY.number(day, part)? % 7);
        } else {
            let set = WEEKDAY.part(part)?;
            // Sunday may be written as 7.
            weekdays.set |= set & 0x7f | set >> 7 & 1;
        }
    }
    Ok(weekdays)
}

pub(super) fn wrong(message: String) -> ScheduleError {
    ScheduleError {
        field: "/cron".to_owned(),
        message,
        suggestion: None,
    }
}
