//! Firings as tables: the clock goes forward, goes back, a year has a 29 February, a server was off.

use super::*;
use patchbay_model::JsonMap;
use serde_json::{Value, json};

fn map(inputs: Value) -> JsonMap {
    inputs.as_object().cloned().unwrap()
}

fn at(text: &str) -> i64 {
    parse_instant(text).unwrap()
}

fn schedule(operation: &str, inputs: Value, from: &str) -> Schedule {
    Schedule::read(operation, &map(inputs), at(from)).unwrap()
}

/// The next firings in the schedule's own wall clock.
fn upcoming(operation: &str, inputs: Value, after: &str, count: usize) -> Vec<String> {
    let schedule = schedule(operation, inputs, after);
    schedule
        .upcoming(at(after), count)
        .into_iter()
        .map(|at| schedule.local(at))
        .collect()
}

#[test]
fn firings_follow_their_rule() {
    let cases = [
        (
            "interval",
            json!({ "every": 90, "unit": "minutes" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-01T01:30:00+00:00", "2026-01-01T03:00:00+00:00"],
        ),
        (
            "interval",
            json!({ "every": 1, "unit": "hours", "starting_at": "2026-01-05T08:15:00Z" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-05T08:15:00+00:00", "2026-01-05T09:15:00+00:00"],
        ),
        (
            "daily",
            json!({ "at": "9:00, 17:30", "time_zone": "Asia/Kolkata" }),
            "2026-01-01T00:00:00Z",
            vec![
                "2026-01-01T09:00:00+05:30",
                "2026-01-01T17:30:00+05:30",
                "2026-01-02T09:00:00+05:30",
            ],
        ),
        (
            "weekly",
            json!({ "days": ["monday", "friday"], "at": "07:00" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-02T07:00:00+00:00", "2026-01-05T07:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "*/20 9-10 * * MON-FRI" }),
            "2026-01-02T10:30:00Z",
            vec!["2026-01-02T10:40:00+00:00", "2026-01-05T09:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "0 0 29 feb *" }),
            "2026-01-01T00:00:00Z",
            vec!["2028-02-29T00:00:00+00:00", "2032-02-29T00:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "0 12 L * *" }),
            "2028-02-01T00:00:00Z",
            vec!["2028-02-29T12:00:00+00:00", "2028-03-31T12:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "0 12 * * 5L" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-30T12:00:00+00:00", "2026-02-27T12:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "0 12 * * tue#2" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-13T12:00:00+00:00", "2026-02-10T12:00:00+00:00"],
        ),
        (
            // Either of the two days is enough.
            "cron",
            json!({ "cron": "0 0 13 * 5" }),
            "2026-01-01T00:00:00Z",
            vec![
                "2026-01-02T00:00:00+00:00",
                "2026-01-09T00:00:00+00:00",
                "2026-01-13T00:00:00+00:00",
            ],
        ),
        (
            "cron",
            json!({ "cron": "@weekly" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-04T00:00:00+00:00"],
        ),
        (
            "cron",
            json!({ "cron": "0 0 * * 7" }),
            "2026-01-01T00:00:00Z",
            vec!["2026-01-04T00:00:00+00:00"],
        ),
    ];
    for (operation, inputs, after, expected) in cases {
        let found = upcoming(operation, inputs.clone(), after, expected.len());
        assert_eq!(found, expected, "{operation} {inputs}");
    }
}

#[test]
fn a_clock_that_goes_forward_skips_no_firing_and_doubles_none() {
    let cases = [
        // 02:30 does not exist on that day.
        (
            "Europe/Berlin",
            "30 2 * * *",
            "2026-03-28T00:00:00Z",
            vec![
                "2026-03-28T02:30:00+01:00",
                "2026-03-29T03:30:00+02:00",
                "2026-03-30T02:30:00+02:00",
            ],
        ),
        (
            "America/New_York",
            "30 2 * * *",
            "2026-03-07T12:00:00Z",
            vec!["2026-03-08T03:30:00-04:00", "2026-03-09T02:30:00-04:00"],
        ),
        // By half an hour only.
        (
            "Australia/Lord_Howe",
            "15 2 * * *",
            "2026-10-03T00:00:00Z",
            vec!["2026-10-04T02:45:00+11:00", "2026-10-05T02:15:00+11:00"],
        ),
        // What is moved and what stands there are one firing.
        (
            "Europe/Berlin",
            "30 2,3 * * *",
            "2026-03-28T22:00:00Z",
            vec!["2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"],
        ),
        // Every half hour goes on every half hour.
        (
            "Europe/Berlin",
            "*/30 * * * *",
            "2026-03-29T00:15:00Z",
            vec![
                "2026-03-29T01:30:00+01:00",
                "2026-03-29T03:00:00+02:00",
                "2026-03-29T03:30:00+02:00",
            ],
        ),
    ];
    for (zone, cron, after, expected) in cases {
        let inputs = json!({ "cron": cron, "time_zone": zone });
        assert_eq!(
            upcoming("cron", inputs, after, expected.len()),
            expected,
            "{cron} in {zone}"
        );
    }
}

#[test]
fn a_clock_that_goes_back_fires_once_unless_every_hour_counts() {
    let cases = [
        (
            "Europe/Berlin",
            "30 2 * * *",
            "2026-10-24T12:00:00Z",
            vec!["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
        ),
        (
            "America/New_York",
            "30 1 * * *",
            "2026-10-31T12:00:00Z",
            vec!["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"],
        ),
        (
            "Australia/Lord_Howe",
            "45 1 * * *",
            "2026-04-04T00:00:00Z",
            vec!["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"],
        ),
        (
            "Europe/Berlin",
            "0 * * * *",
            "2026-10-24T23:30:00Z",
            vec![
                "2026-10-25T02:00:00+02:00",
                "2026-10-25T02:00:00+01:00",
                "2026-10-25T03:00:00+01:00",
            ],
        ),
    ];
    for (zone, cron, after, expected) in cases {
        let inputs = json!({ "cron": cron, "time_zone": zone });
        assert_eq!(
            upcoming("cron", inputs, after, expected.len()),
            expected,
            "{cron} in {zone}"
        );
    }
}

#[test]
fn an_interval_in_days_keeps_the_time_of_day_and_one_in_hours_does_not() {
    let days = json!({ "every": 1, "unit": "days", "time_zone": "Europe/Berlin", "starting_at": "2026-03-28T09:00:00" });
    assert_eq!(
        upcoming("interval", days, "2026-03-28T00:00:00Z", 3),
        [
            "2026-03-28T09:00:00+01:00",
            "2026-03-29T09:00:00+02:00",
            "2026-03-30T09:00:00+02:00"
        ]
    );
    let hours = json!({ "every": 24, "unit": "hours", "time_zone": "Europe/Berlin", "starting_at": "2026-03-28T09:00:00" });
    assert_eq!(
        upcoming("interval", hours, "2026-03-28T00:00:00Z", 2),
        ["2026-03-28T09:00:00+01:00", "2026-03-29T10:00:00+02:00"]
    );
}

#[test]
fn a_day_that_a_zone_left_out_does_no_harm() {
    // Samoa went from 29 to 31 December 2011.
    let inputs = json!({ "at": "09:00", "time_zone": "Pacific/Apia" });
    assert_eq!(
        upcoming("daily", inputs, "2011-12-29T10:00:00Z", 3),
        [
            "2011-12-29T09:00:00-10:00",
            "2011-12-31T09:00:00+14:00",
            "2012-01-01T09:00:00+14:00"
        ]
    );
}

#[test]
fn next_and_previous_are_each_others_way_back() {
    let start = at("2026-03-27T00:00:00Z");
    for (operation, inputs) in [
        ("interval", json!({ "every": 7, "unit": "minutes" })),
        (
            "interval",
            json!({ "every": 2, "unit": "days", "time_zone": "Europe/Berlin" }),
        ),
        (
            "daily",
            json!({ "at": "02:30", "time_zone": "Europe/Berlin" }),
        ),
        (
            "cron",
            json!({ "cron": "*/30 * * * *", "time_zone": "Australia/Lord_Howe" }),
        ),
        ("cron", json!({ "cron": "0 0 29 2 *" })),
    ] {
        let schedule = Schedule::read(operation, &map(inputs.clone()), start).unwrap();
        let firings = schedule.upcoming(start, 60);
        assert!(
            firings.windows(2).all(|pair| pair[0] < pair[1]),
            "{operation} {inputs}"
        );
        for pair in firings.windows(2) {
            assert_eq!(
                schedule.previous(pair[1]),
                Some(pair[0]),
                "{operation} {inputs}"
            );
        }
    }
}

#[test]
fn a_schedule_that_is_none_says_what_is_wrong() {
    let cases = [
        (
            "cron",
            json!({ "cron": "0 0 30 2 *" }),
            "/cron",
            "never fires",
        ),
        (
            "cron",
            json!({ "cron": "0 0 31 4,6,9,11 *" }),
            "/cron",
            "never fires",
        ),
        ("cron", json!({ "cron": "0 9 * *" }), "/cron", "has 4"),
        (
            "cron",
            json!({ "cron": "0 0 9 * * *" }),
            "/cron",
            "Leave out the seconds",
        ),
        (
            "cron",
            json!({ "cron": "61 * * * *" }),
            "/cron",
            "\"61\" cannot stand for the minute",
        ),
        (
            "cron",
            json!({ "cron": "* * * foo *" }),
            "/cron",
            "a name from jan to dec",
        ),
        (
            "cron",
            json!({ "cron": "*/0 * * * *" }),
            "/cron",
            "a number from 1",
        ),
        (
            "cron",
            json!({ "cron": "* 22-6 * * *" }),
            "/cron",
            "22-23,0-6",
        ),
        (
            "cron",
            json!({ "cron": "* * * * 1#6" }),
            "/cron",
            "from 1 to 5",
        ),
        ("cron", json!({}), "/cron", "Write a cron expression"),
        ("daily", json!({ "at": "25:00" }), "/at", "no time of day"),
        ("daily", json!({}), "/at", "at what time"),
        (
            "weekly",
            json!({ "at": "09:00", "days": [] }),
            "/days",
            "at least one",
        ),
        (
            "weekly",
            json!({ "at": "09:00", "days": ["funday"] }),
            "/days",
            "funday",
        ),
        ("interval", json!({ "every": 0 }), "/every", "from 1"),
        ("interval", json!({ "every": -5 }), "/every", "from 1"),
        (
            "interval",
            json!({ "every": 5, "unit": "fortnights" }),
            "/unit",
            "fortnights",
        ),
        (
            "interval",
            json!({ "every": 5, "starting_at": "soon" }),
            "/starting_at",
            "no instant",
        ),
        (
            "daily",
            json!({ "at": "09:00", "time_zone": "Berlin" }),
            "/time_zone",
            "Did you mean Europe/Berlin?",
        ),
        (
            "daily",
            json!({ "at": "09:00", "time_zone": "Europe/Berln" }),
            "/time_zone",
            "Did you mean Europe/Berlin?",
        ),
        (
            "daily",
            json!({ "at": "09:00", "time_zone": "New York" }),
            "/time_zone",
            "Did you mean America/New_York?",
        ),
    ];
    for (operation, inputs, field, message) in cases {
        let error = Schedule::read(operation, &map(inputs.clone()), 0).unwrap_err();
        assert_eq!(error.field, field, "{inputs}");
        assert!(error.message.contains(message), "{inputs}: {error}");
    }
}

#[test]
fn missed_firings_follow_their_policy() {
    let hourly = schedule(
        "cron",
        json!({ "cron": "0 * * * *" }),
        "2026-01-01T00:00:00Z",
    );
    let planned = "2026-01-01T03:00:00Z";
    // When somebody came back, what time it is, the policy, what fires and what follows.
    let cases = [
        // In time.
        (
            "2026-01-01T00:00:00Z",
            "2026-01-01T03:00:00Z",
            Missed::Skip,
            Some("2026-01-01T03:00:00Z"),
            "2026-01-01T04:00:00Z",
        ),
        // Late because a run before it took long: nothing was missed.
        (
            "2026-01-01T00:00:00Z",
            "2026-01-01T06:10:00Z",
            Missed::Skip,
            Some("2026-01-01T03:00:00Z"),
            "2026-01-01T04:00:00Z",
        ),
        // The server was off from before three until after six.
        (
            "2026-01-01T06:10:00Z",
            "2026-01-01T06:10:00Z",
            Missed::RunOnce,
            Some("2026-01-01T06:00:00Z"),
            "2026-01-01T07:00:00Z",
        ),
        (
            "2026-01-01T06:10:00Z",
            "2026-01-01T06:10:00Z",
            Missed::Skip,
            None,
            "2026-01-01T07:00:00Z",
        ),
        (
            "2026-01-01T06:10:00Z",
            "2026-01-01T06:10:00Z",
            Missed::RunAll,
            Some("2026-01-01T03:00:00Z"),
            "2026-01-01T04:00:00Z",
        ),
        // It came back just in time for seven.
        (
            "2026-01-01T07:00:00Z",
            "2026-01-01T07:00:00Z",
            Missed::Skip,
            Some("2026-01-01T07:00:00Z"),
            "2026-01-01T08:00:00Z",
        ),
        // A year later, all of them are a hundred.
        (
            "2027-01-01T00:30:00Z",
            "2027-01-01T00:30:00Z",
            Missed::RunAll,
            Some("2026-12-27T21:00:00Z"),
            "2026-12-27T22:00:00Z",
        ),
    ];
    for (present, now, missed, fire, next) in cases {
        let found = due(&hourly, at(planned), at(now), at(present), missed).unwrap();
        assert_eq!(
            (found.fire.map(instant), found.next.map(instant)),
            (fire.map(str::to_owned), Some(next.to_owned())),
            "{missed:?} at {now}"
        );
    }
    assert_eq!(
        due(&hourly, at(planned), at(planned) - 1, 0, Missed::RunAll),
        None
    );
}

#[test]
fn a_clock_that_jumps_back_fires_nothing_twice() {
    let hourly = schedule(
        "cron",
        json!({ "cron": "0 * * * *" }),
        "2026-01-01T00:00:00Z",
    );
    let fired = at("2026-01-01T03:00:00Z");
    let next = due(&hourly, fired, fired, 0, Missed::RunOnce)
        .unwrap()
        .next
        .unwrap();
    assert_eq!(
        due(
            &hourly,
            next,
            at("2026-01-01T01:00:00Z"),
            0,
            Missed::RunOnce
        ),
        None
    );
}
