//! The rules by which a schedule fires, and the instants that come of them.
//!
//! A time of day that the clock skips (it goes forward) fires as much later as the clock was moved; one that the clock
//! passes twice (it goes back) fires at the first of them. Cron expressions for every hour follow the hours that
//! really pass: nothing is moved in a skipped hour, and an hour that is passed twice fires twice. Intervals are time
//! that really passes; those in days keep the time of day.

use super::{Cron, cron::wrong, parse_instant, zone};
use jiff::{
    Timestamp, ToSpan, ZonedDateTime,
    civil::{Date, Time, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};
use patchbay_model::{Json, JsonMap};

/// Days looked through before a schedule counts as one that never fires: the rarest, 29 February on a certain day of
/// the week, comes back within 40 years.
const HORIZON: usize = 366 * 41;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Why a schedule is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScheduleError {
    /// JSON pointer of the input.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// When to fire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Every so many milliseconds from an instant on.
    Every { milliseconds: i64, from: i64 },
    /// Every so many days from an instant on, at the same time of day.
    EveryDays { days: i64, from: i64 },
    /// At times of day, on some days of the week.
    At {
        times: Vec<Time>,
        days: Vec<Weekday>,
    },
    /// By a cron expression.
    Cron(Cron),
}

/// A rule in a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    rule: Rule,
    zone: TimeZone,
}

impl Schedule {
    /// Reads the inputs of a schedule's trigger. `operation` is `interval`, `daily`, `weekly` or `cron`;
    /// `from` is where an interval begins that names no beginning of its own.
    ///
    /// # Errors
    /// With the input that is wrong: also when it would never fire.
    pub fn read(operation: &str, inputs: &JsonMap, from: i64) -> Result<Self, ScheduleError> {
        let zone = zone(text(inputs, "time_zone").unwrap_or_default())?;
        let rule = match operation {
            "interval" => interval(inputs, &zone, from)?,
            "daily" => Rule::At {
                times: times(inputs)?,
                days: ALL.to_vec(),
            },
            "weekly" => Rule::At {
                times: times(inputs)?,
                days: days(inputs)?,
            },
            "cron" => Rule::Cron(Cron::parse(text(inputs, "cron").ok_or_else(|| {
                bad("/cron", "Write a cron expression, such as 0 9 * * 1-5.")
            })?)?),
            other => return Err(bad("", format!("There is no schedule \"{other}\"."))),
        };
        let schedule = Self { rule, zone };
        // An interval that begins later still fires.
        match schedule.next(from) {
            Some(_) => Ok(schedule),
            None => Err(wrong(
                "This never fires: there is no such day. Check the day of the month against the month.".to_owned(),
            )),
        }
    }

    /// The first firing after an instant.
    pub fn next(&self, after: i64) -> Option<i64> {
        match &self.rule {
            Rule::Every { milliseconds, from } => {
                let steps = (after.checked_sub(*from)?.div_euclid(*milliseconds) + 1).max(0);
                from.checked_add(steps.checked_mul(*milliseconds)?)
            }
            Rule::EveryDays { days, from } => {
                let around = (after - from).div_euclid(days * DAY_MS) - 1;
                (around.max(0)..)
                    .take(4)
                    .filter_map(|step| self.days_on(*from, step.checked_mul(*days)?))
                    .find(|at| *at > after)
            }
            _ => {
                // A day earlier: what the clock skipped there may fire on the next day.
                let mut date = self.date(after)?.yesterday().ok()?;
                for _ in 0..HORIZON {
                    if let Some(at) = self.on(date).into_iter().find(|at| *at > after) {
                        return Some(at);
                    }
                    date = date.tomorrow().ok()?;
                }
                None
            }
        }
    }

    /// The last firing before an instant.
    pub fn previous(&self, before: i64) -> Option<i64> {
        match &self.rule {
            Rule::Every { milliseconds, from } => {
                let steps = (before - 1).checked_sub(*from)?.div_euclid(*milliseconds);
                (steps >= 0).then(|| from + steps * milliseconds)
            }
            Rule::EveryDays { days, from } => {
                let around = (before - from).div_euclid(days * DAY_MS) + 1;
                (0..=around)
                    .rev()
                    .take(4)
                    .filter_map(|step| self.days_on(*from, step.checked_mul(*days)?))
                    .find(|at| *at < before)
            }
            _ => {
                let mut date = self.date(before)?;
                for _ in 0..HORIZON {
                    if let Some(at) = self.on(date).into_iter().rfind(|at| *at < before) {
                        return Some(at);
                    }
                    date = date.yesterday().ok()?;
                }
                None
            }
        }
    }

    /// The next firings after an instant, in order.
    pub fn upcoming(&self, after: i64, count: usize) -> Vec<i64> {
        std::iter::successors(self.next(after), |at| self.next(*at))
            .take(count)
            .collect()
    }

    /// An instant as the wall clock of the schedule's zone shows it, with its offset.
    pub fn local(&self, at: i64) -> String {
        Timestamp::from_millisecond(at).map_or_else(
            |_| String::new(),
            |at| {
                at.to_zoned_datetime(self.zone.clone())
                    .strftime("%Y-%m-%dT%H:%M:%S%:z")
                    .to_string()
            },
        )
    }

    fn date(&self, at: i64) -> Option<Date> {
        Some(self.zoned(at)?.date())
    }

    fn zoned(&self, at: i64) -> Option<ZonedDateTime> {
        Some(
            Timestamp::from_millisecond(at)
                .ok()?
                .to_zoned_datetime(self.zone.clone()),
        )
    }

    fn days_on(&self, from: i64, days: i64) -> Option<i64> {
        let at = self.zoned(from)?.checked_add(days.days()).ok()?;
        Some(at.timestamp().as_millisecond())
    }

    /// The firings that a day stands for, in order.
    fn on(&self, date: Date) -> Vec<i64> {
        let mut found = match &self.rule {
            Rule::At { times, days } if days.contains(&date.weekday()) => times
                .iter()
                .filter_map(|time| self.once(date, *time))
                .collect(),
            Rule::Cron(cron) if cron.takes(date) => {
                let times = cron
                    .times()
                    .filter_map(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
                if cron.every_hour() {
                    times.flat_map(|time| self.each(date, time)).collect()
                } else {
                    times.filter_map(|time| self.once(date, time)).collect()
                }
            }
            _ => Vec::new(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A time of day, once whatever the clock does.
    fn once(&self, date: Date, time: Time) -> Option<i64> {
        let at = self
            .zone
            .to_ambiguous_timestamp(date.to_datetime(time))
            .compatible();
        Some(at.ok()?.as_millisecond())
    }

    /// A time of day as often as the clock shows it.
    fn each(&self, date: Date, time: Time) -> Vec<i64> {
        let at = date.to_datetime(time);
        let offsets = match self.zone.to_ambiguous_timestamp(at).offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![offset],
            AmbiguousOffset::Gap { .. } => Vec::new(),
            AmbiguousOffset::Fold { before, after } => vec![before, after],
        };
        offsets
            .into_iter()
            .filter_map(|offset| Some(offset.to_timestamp(at).ok()?.as_millisecond()))
            .collect()
    }
}

const ALL: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

const NAMES: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

fn interval(inputs: &JsonMap, zone: &TimeZone, from: i64) -> Result<Rule, ScheduleError> {
    let every = inputs.get("every").and_then(|every| {
        every
            .as_i64()
            .or_else(|| every.as_str().and_then(|text| text.trim().parse().ok()))
    });
    let every = every
        .filter(|every| (1..=1_000_000).contains(every))
        .ok_or_else(|| {
            bad(
                "/every",
                "How often must be a whole number from 1 to 1,000,000.",
            )
        })?;
    let from = match text(inputs, "starting_at") {
        None => from,
        Some(text) => beginning(text, zone).ok_or_else(|| {
            bad(
                "/starting_at",
                format!("\"{text}\" is no instant. Write it like 2026-01-31T09:00:00Z."),
            )
        })?,
    };
    let milliseconds = match text(inputs, "unit").unwrap_or("minutes") {
        "seconds" => 1000,
        "minutes" => 60 * 1000,
        "hours" => 60 * 60 * 1000,
        "days" => return Ok(Rule::EveryDays { days: every, from }),
        other => {
            return Err(bad(
                "/unit",
                format!("\"{other}\" is no unit; choose seconds, minutes, hours or days."),
            ));
        }
    };
    Ok(Rule::Every {
        milliseconds: every * milliseconds,
        from,
    })
}

/// An instant, or a wall clock's time in the schedule's zone.
fn beginning(text: &str, zone: &TimeZone) -> Option<i64> {
    parse_instant(text).or_else(|| {
        let civil: jiff::civil::DateTime = text.trim().parse().ok()?;
        let at = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(at.as_millisecond())
    })
}

fn times(inputs: &JsonMap) -> Result<Vec<Time>, ScheduleError> {
    let given: Vec<&str> = match inputs.get("at") {
        Some(Json::String(text)) => text
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect(),
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    if given.is_empty() {
        return Err(bad("/at", "Say at what time, such as 09:00."));
    }
    given
        .into_iter()
        .map(|text| {
            let padded = if text.find(':') == Some(1) {
                format!("0{text}")
            } else {
                text.to_owned()
            };
            padded.parse().map_err(|_| {
                bad(
                    "/at",
                    format!("\"{text}\" is no time of day. Write it like 09:00 or 17:30."),
                )
            })
        })
        .collect()
}

fn days(inputs: &JsonMap) -> Result<Vec<Weekday>, ScheduleError> {
    let given: Vec<&str> = match inputs.get("days") {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(text)) => text.split(',').map(str::trim).collect(),
        _ => Vec::new(),
    };
    if given.is_empty() {
        return Err(bad("/days", "Choose at least one day of the week."));
    }
    given
        .into_iter()
        .map(|name| {
            let wanted = name.to_lowercase();
            let place = NAMES.iter().position(|known| *known == wanted);
            place
                .and_then(|place| ALL.get(place).copied())
                .ok_or_else(|| {
                    bad(
                        "/days",
                        format!("\"{name}\" is no day of the week; write monday to sunday."),
                    )
                })
        })
        .collect()
}

fn text<'a>(inputs: &'a JsonMap, name: &str) -> Option<&'a str> {
    inputs
        .get(name)
        .and_then(Json::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn bad(field: &str, message: impl Into<String>) -> ScheduleError {
    ScheduleError {
        field: field.to_owned(),
        message: message.into(),
        suggestion: None,
    }
}
