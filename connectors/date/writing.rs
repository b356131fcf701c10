//! Writes dates: in a format, or taken apart.

use super::{
    pattern::directives,
    reading::{date, zone},
};
use jiff::{
    Timestamp, ZonedDateTime,
    fmt::{rfc2822, strtime},
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;

pub(super) fn now(inputs: &Inputs, now: Timestamp) -> Result<Json, StepError> {
    // Milliseconds are enough, and fit with what other instants have.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let now = now.to_zoned_datetime(zone(inputs)?);
    Ok(json!({
        "result": written(&now, inputs)?,
        "unix_ms": now.timestamp().as_millisecond(),
    }))
}

pub(super) fn format(inputs: &Inputs) -> Result<Json, StepError> {
    let date = date(inputs, "date", &zone(inputs)?)?;
    Ok(json!({ "result": written(&date, inputs)? }))
}

/// RFC 3339 with the offset of the zone.
pub(super) fn iso(date: &ZonedDateTime) -> String {
    date.timestamp()
        .display_with_offset(date.offset())
        .to_string()
}

/// In the format that the inputs choose.
pub(super) fn written(date: &ZonedDateTime, inputs: &Inputs) -> Result<String, StepError> {
    let by = |directives: &str| {
        strtime::format(directives, date)
            .map_err(|error| invalid("/pattern", format!("The pattern cannot be used: {error}.")))
    };
    match inputs.text("format") {
        "utc" => Ok(date.timestamp().to_string()),
        "date" => Ok(date.date().to_string()),
        "time" => by("%H:%M:%S"),
        "date_time" => by("%Y-%m-%d %H:%M:%S"),
        "mail" => rfc2822::to_string(date).map_err(|error| {
            invalid(
                "/format",
                format!("This date has no form for mail: {error}."),
            )
        }),
        "unix" => Ok(date.timestamp().as_second().to_string()),
        "unix_ms" => Ok(date.timestamp().as_millisecond().to_string()),
        "custom" if inputs.text("pattern").is_empty() => Err(invalid(
            "/pattern",
            "There is no pattern. Write for example DD.MM.YYYY HH:mm.",
        )),
        "custom" => by(&directives(inputs.text("pattern"))),
        _ => Ok(iso(date)),
    }
}

pub(super) fn parts(inputs: &Inputs) -> Result<Json, StepError> {
    let date = date(inputs, "date", &zone(inputs)?)?;
    let named = |directive: &str| strtime::format(directive, &date).unwrap_or_default();
    let week = date.iso_week_date();
    let weekday = date.weekday().to_monday_one_offset();
    Ok(json!({
        "year": date.year(),
        "month": date.month(),
        "day": date.day(),
        "hour": date.hour(),
        "minute": date.minute(),
        "second": date.second(),
        "millisecond": date.millisecond(),
        "weekday": weekday,
        "weekday_name": named("%A"),
        "month_name": named("%B"),
        "week": week.week(),
        "week_year": week.year(),
        "day_of_year": date.day_of_year(),
        "quarter": (date.month() - 1) / 3 + 1,
        "days_in_month": date.days_in_month(),
        "is_leap_year": date.in_leap_year(),
        "is_weekend": weekday > 5,
        "offset": named("%:z"),
        "unix": date.timestamp().as_second(),
        "unix_ms": date.timestamp().as_millisecond(),
    }))
}
