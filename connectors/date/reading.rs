//! Reads dates, time zones and texts that follow a pattern.

use super::{pattern::directives, writing};
use jiff::{
    Timestamp, ZonedDateTime, civil,
    fmt::{rfc2822, strtime, temporal},
    tz::{self, TimeZone},
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid, shown},
    suggest::did_you_mean,
};
use serde_json::json;

/// The time zone of the input `zone`.
pub(super) fn zone(inputs: &Inputs) -> Result<TimeZone, StepError> {
    let name = match inputs.text("zone").trim() {
        "" => "UTC",
        name => name,
    };
    temporal::DateTimeParser::new()
        .parse_time_zone(name)
        .map_err(|_| {
            let names: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
            let hint = did_you_mean(name, names.iter().map(String::as_str));
            let name = shown(&Json::from(name));
            invalid(
                "/zone",
                format!(
                    "{name} is no time zone.{hint} Write for example Europe/Berlin, UTC or +02:00."
                ),
            )
        })
}

/// The date and time of an input, in the zone.
pub(super) fn date(
    inputs: &Inputs,
    name: &str,
    zone: &TimeZone,
) -> Result<ZonedDateTime, StepError> {
    let text = inputs.text(name);
    any(text.trim(), zone).ok_or_else(|| {
        let text = shown(&Json::from(text));
        invalid(
            &format!("/{name}"),
            format!("{text} is no date and time. Write for example 2026-01-31 or 2026-01-31T08:00:00Z, or read it with Parse first."),
        )
    })
}

/// Every way of writing that says by itself what it means.
fn any(text: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    if let Ok(number) = text.parse::<f64>() {
        // From 1e11 on seconds would lie more than 3,000 years ahead.
        let milliseconds = if number.abs() < 1e11 {
            number * 1000.0
        } else {
            number
        };
        let instant = Timestamp::from_millisecond(milliseconds as i64).ok()?;
        return number
            .is_finite()
            .then(|| instant.to_zoned_datetime(zone.clone()));
    }
    if let Ok(zoned) = text.parse::<ZonedDateTime>() {
        return Some(zoned.with_time_zone(zone.clone()));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.to_zoned_datetime(zone.clone()));
    }
    if let Ok(mail) = rfc2822::parse(text) {
        return Some(mail.with_time_zone(zone.clone()));
    }
    let local: civil::DateTime = text.parse().ok()?;
    local.to_zoned_datetime(zone.clone()).ok()
}

pub(super) fn parse(inputs: &Inputs) -> Result<Json, StepError> {
    let zone = zone(inputs)?;
    let (text, pattern) = (inputs.text("text").trim(), inputs.text("pattern").trim());
    let read = read(text, &directives(pattern), &zone).map_err(|error| {
        let text = shown(&Json::from(text));
        invalid(
            "/text",
            format!("{text} is not written as {pattern} says: {error}."),
        )
    })?;
    Ok(json!({
        "result": writing::iso(&read),
        "unix_ms": read.timestamp().as_millisecond(),
    }))
}

/// An offset or zone in the text counts; else the time is taken in the zone, and a day alone begins at midnight.
fn read(text: &str, directives: &str, zone: &TimeZone) -> Result<ZonedDateTime, jiff::Error> {
    let mut found = strtime::parse(directives, text)?;
    if found.timestamp().is_some() || found.offset().is_some() {
        return Ok(found.to_timestamp()?.to_zoned_datetime(zone.clone()));
    }
    if found.hour().is_none() {
        found.set_hour(Some(0))?;
    }
    let local = match found.to_datetime() {
        Ok(local) => local,
        Err(_) => found.to_date()?.to_datetime(civil::Time::midnight()),
    };
    local.to_zoned_datetime(zone.clone())
}
