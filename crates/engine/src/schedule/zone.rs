//! Time zones by their IANA names, from the database that is compiled in where the machine has none.

use super::ScheduleError;
use jiff::tz::{self, TimeZone};
use patchbay_model::suggest::closest;

/// The zone of that name; `UTC` without one.
///
/// # Errors
/// When there is no such zone, with the one that was probably meant.
pub fn zone(name: &str) -> Result<TimeZone, ScheduleError> {
    let name = name.trim();
    if name.is_empty() || name.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    if let Ok(zone) = TimeZone::get(name) {
        return Ok(zone);
    }
    let known: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
    let wanted = name.to_lowercase().replace(' ', "_");
    // People write the city alone.
    let city = known.iter().find(|known| {
        known
            .rsplit('/')
            .next()
            .is_some_and(|city| city.to_lowercase() == wanted)
    });
    let suggestion = city
        .cloned()
        .or_else(|| closest(name, known.iter().map(String::as_str)).map(str::to_owned));
    let hint = suggestion
        .as_deref()
        .map(|name| format!(" Did you mean {name}?"))
        .unwrap_or_default();
    Err(ScheduleError {
        field: "/time_zone".to_owned(),
        message: format!(
            "There is no time zone \"{name}\".{hint} Zones are named like Europe/Berlin or America/New_York."
        ),
        suggestion,
    })
}
