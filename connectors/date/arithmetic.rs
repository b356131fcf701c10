//! Spans of time: added, measured, and the edges of days, weeks and months.

use super::{
    reading::{date, zone},
    writing::{iso, written},
};
use crate::values::number;
use jiff::{
    RoundMode, Span, SpanTotal, ToSpan, Unit, ZonedDateTime, ZonedDateTimeDifference,
    civil::Weekday,
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;
use std::cmp::Ordering;

/// More dates than this are surely a mistake.
const MOST_DATES: usize = 100_000;

fn too_far(pointer: &str, error: &jiff::Error) -> StepError {
    let message =
        format!("That leaves the years that can be calculated with, -9999 to 9999: {error}.");
    invalid(pointer, message)
}

fn span(unit: &str, count: i64) -> Result<Span, jiff::Error> {
    let span = Span::new();
    match unit {
        "years" => span.try_years(count),
        "months" => span.try_months(count),
        "weeks" => span.try_weeks(count),
        "hours" => span.try_hours(count),
        "minutes" => span.try_minutes(count),
        "seconds" => span.try_seconds(count),
        _ => span.try_days(count),
    }
}

pub(super) fn add(inputs: &Inputs) -> Result<Json, StepError> {
    let mut date = date(inputs, "date", &zone(inputs)?)?;
    // Years before days and days before hours, so that each counts as people count.
    for unit in [
        "years", "months", "weeks", "days", "hours", "minutes", "seconds",
    ] {
        let Some(count) = inputs.integer(unit).filter(|count| *count != 0) else {
            continue;
        };
        date = span(unit, count)
            .and_then(|span| date.checked_add(span))
            .map_err(|error| too_far("/date", &error))?;
    }
    Ok(json!({ "result": iso(&date) }))
}

pub(super) fn difference(inputs: &Inputs) -> Result<Json, StepError> {
    let zone = zone(inputs)?;
    let (from, to) = (date(inputs, "from", &zone)?, date(inputs, "to", &zone)?);
    let unit = match inputs.text("unit") {
        "years" => Unit::Year,
        "months" => Unit::Month,
        "weeks" => Unit::Week,
        "hours" => Unit::Hour,
        "minutes" => Unit::Minute,
        "seconds" => Unit::Second,
        "milliseconds" => Unit::Millisecond,
        _ => Unit::Day,
    };
    let failed = |error: jiff::Error| too_far("/to", &error);
    let whole = |largest| from.until(ZonedDateTimeDifference::new(&to).largest(largest));
    let total = whole(unit)
        .and_then(|span| span.total(SpanTotal::from(unit).relative(&from)))
        .map_err(failed)?;
    let parts = whole(Unit::Year).map_err(failed)?;
    Ok(json!({
        "result": number(total),
        "whole": total.trunc() as i64,
        "parts": {
            "years": parts.get_years(),
            "months": parts.get_months(),
            "days": parts.get_days(),
            "hours": parts.get_hours(),
            "minutes": parts.get_minutes(),
            "seconds": parts.get_seconds(),
        },
    }))
}

pub(super) fn compare(inputs: &Inputs) -> Result<Json, StepError> {
    let zone = zone(inputs)?;
    let precision = inputs.text("precision");
    let rounded = |name: &str| {
        let date = date(inputs, name, &zone)?;
        match precision {
            "exact" | "" => Ok(date),
            unit => start(&date, unit, Weekday::Monday).map_err(|error| too_far("/first", &error)),
        }
    };
    let order = rounded("first")?
        .timestamp()
        .cmp(&rounded("second")?.timestamp());
    let word = match order {
        Ordering::Less => "before",
        Ordering::Equal => "same",
        Ordering::Greater => "after",
    };
    Ok(json!({
        "result": word, "is_before": order.is_lt(), "is_after": order.is_gt(), "is_same": order.is_eq(),
    }))
}

pub(super) fn boundary(inputs: &Inputs) -> Result<Json, StepError> {
    let date = date(inputs, "date", &zone(inputs)?)?;
    let unit = inputs.text("unit");
    let first = match inputs.text("week_starts") {
        "sunday" => Weekday::Sunday,
        "saturday" => Weekday::Saturday,
        _ => Weekday::Monday,
    };
    let edge = start(&date, unit, first).and_then(|start| match inputs.text("side") {
        "end" => end(&start, unit),
        _ => Ok(start),
    });
    let edge = edge.map_err(|error| too_far("/date", &error))?;
    Ok(json!({ "result": iso(&edge) }))
}

fn start(date: &ZonedDateTime, unit: &str, first: Weekday) -> Result<ZonedDateTime, jiff::Error> {
    let whole = |unit| {
        let rounding = jiff::ZonedDateTimeRound::new();
        date.round(rounding.smallest(unit).mode(RoundMode::Trunc))
    };
    match unit {
        "minute" => whole(Unit::Minute),
        "hour" => whole(Unit::Hour),
        "week" => {
            let back = i64::from(date.weekday().since(first));
            date.checked_sub(span("days", back)?)?.start_of_day()
        }
        "month" => date.first_of_month()?.start_of_day(),
        "quarter" => {
            let month = (date.month() - 1) / 3 * 3 + 1;
            date.with().day(1).month(month).build()?.start_of_day()
        }
        "year" => date.first_of_year()?.start_of_day(),
        _ => date.start_of_day(),
    }
}

/// The last millisecond before the next one starts.
fn end(start: &ZonedDateTime, unit: &str) -> Result<ZonedDateTime, jiff::Error> {
    let length = match unit {
        "hour" => 1.hour(),
        "week" => 1.week(),
        "month" => 1.month(),
        "quarter" => 3.months(),
        "year" => 1.year(),
        _ => 1.day(),
    };
    start.checked_add(length)?.checked_sub(1.millisecond())
}

pub(super) fn list_dates(inputs: &Inputs) -> Result<Json, StepError> {
    let zone = zone(inputs)?;
    let (from, to) = (date(inputs, "from", &zone)?, date(inputs, "to", &zone)?);
    let every = inputs.integer("every").unwrap_or(1);
    let mut dates = Vec::new();
    let mut index = 0i64;
    loop {
        // Always counted from the first: a month after 28 February that was 31 January is 31 March.
        let next = span(inputs.text("unit"), every.saturating_mul(index))
            .and_then(|span| from.checked_add(span));
        let Some(next) = next.ok().filter(|next| next.timestamp() <= to.timestamp()) else {
            break;
        };
        if dates.len() == MOST_DATES {
            let message = format!(
                "That would be more than {MOST_DATES} dates. Choose a larger unit or an earlier end."
            );
            return Err(invalid("/to", message));
        }
        dates.push(written(&next, inputs)?);
        index += 1;
    }
    let count = dates.len();
    Ok(json!({ "result": dates, "count": count }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn local_times_that_do_not_exist_or_exist_twice_are_taken_as_clocks_go() {
        for (date, zone, wanted) in [
            (
                "2026-03-29T02:30:00",
                "Europe/Berlin",
                "2026-03-29T03:30:00+02:00",
            ),
            (
                "2026-10-25T02:30:00",
                "Europe/Berlin",
                "2026-10-25T02:30:00+02:00",
            ),
            (
                "2026-11-01T01:30:00",
                "America/New_York",
                "2026-11-01T01:30:00-04:00",
            ),
            (
                "2026-04-05T01:45:00",
                "Australia/Lord_Howe",
                "2026-04-05T01:45:00+11:00",
            ),
            ("2026-01-31T08:00:00", "+05:30", "2026-01-31T08:00:00+05:30"),
        ] {
            let output = add(&with(json!({ "date": date, "zone": zone }))).unwrap();
            assert_eq!(output["result"], wanted, "{date} {zone}");
        }
    }

    proptest! {
        #[test]
        fn the_start_of_a_start_is_itself(seconds in 0i64..4_000_000_000, unit in prop::sample::select(vec!["hour", "day", "week", "month", "quarter", "year"])) {
            let at = |date: Json| boundary(&with(json!({"date": date, "unit": unit, "zone": "Europe/Berlin"}))).unwrap();
            let once = at(json!(seconds.to_string()));
            prop_assert_eq!(&at(once["result"].clone()), &once);
        }

        #[test]
        fn going_there_and_back_by_hours_changes_nothing(seconds in 0i64..4_000_000_000, hours in -100_000i64..100_000) {
            let there = add(&with(json!({"date": seconds.to_string(), "hours": hours}))).unwrap();
            let back = add(&with(json!({"date": there["result"], "hours": -hours}))).unwrap();
            let start = add(&with(json!({"date": seconds.to_string()}))).unwrap();
            prop_assert_eq!(back, start);
        }
    }
}
