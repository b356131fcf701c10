//! The calls of a made-up week: the same for the same seed and the same moment of start.

use jiff::{SignedDuration, Timestamp};

use crate::random::Random;
use crate::ringcentral::extensions::{EXTENSIONS, Extension};
use crate::ringcentral::record::{CallRecord, Party, Recording};

/// People and firms outside, with numbers from the ranges reserved for fiction.
const OUTSIDE: &[(&str, &str, &str)] = &[
    ("Marisol Vega", "+14155550104", "San Francisco, CA"),
    ("Jon O'Hara", "+12125550131", "New York, NY"),
    ("Pine Street Dental", "+16505550142", "Palo Alto, CA"),
    ("Wei Zhang", "+15105550177", "Oakland, CA"),
    ("Halcyon Freight", "+13125550120", "Chicago, IL"),
    ("Priya Nair", "+14085550163", "San Jose, CA"),
    ("Bright Harbor Marine", "+12065550109", "Seattle, WA"),
    ("Tomás Ibarra", "+17135550188", "Houston, TX"),
    ("Lena Fischer", "+442079460123", "London, United Kingdom"),
    ("Oakridge School", "+15035550115", "Portland, OR"),
    ("Samuel Adeyemi", "+14045550150", "Atlanta, GA"),
    ("=Zero Calories Café", "+16175550126", "Boston, MA"),
    ("Nora Lindqvist", "+441632960511", "United Kingdom"),
    ("Redwood Tools, Inc.", "+19165550137", "Sacramento, CA"),
    ("Grace Kim", "+12135550195", "Los Angeles, CA"),
    ("Victor Hugo Prado", "+13055550173", "Miami, FL"),
    ("City of Palo Alto", "+16505550166", "Palo Alto, CA"),
    ("Amira Haddad", "+16025550181", "Phoenix, AZ"),
    ("North & South Travel", "+17205550148", "Denver, CO"),
    ("Elif Kaya", "+18185550119", "Burbank, CA"),
];

/// Numbers that the company has blocked.
const BLOCKED: &[(&str, &str)] = &[
    ("Extended warranty", "+18005550199"),
    ("Unknown caller", "+12025550190"),
    ("Survey panel", "+18335550102"),
];

/// Seconds within which the default window's calls lie: 20 hours, so that a demo that runs for a
/// while still shows them all.
const RECENT: u64 = 20 * 3_600;

/// Every extension's records. Extension 101 has exactly `recent` of them in the last 24 hours.
pub(crate) fn generate(seed: u64, recent: usize, now: Timestamp) -> Vec<CallRecord> {
    let mut random = Random::new(seed);
    let mut calls = Vec::new();
    for extension in EXTENSIONS
        .iter()
        .filter(|extension| extension.status == "Enabled")
    {
        let share = match extension.number {
            "101" => recent,
            "102" => recent / 4 + 20,
            _ => 12,
        };
        for _ in 0..share {
            let ago = 90 + random.below(RECENT - 90);
            calls.push(over(call(&mut random, extension, before(now, ago)), now));
        }
        for _ in 0..share / 2 {
            let ago = 86_400 + 3_600 + random.below(6 * 86_400 - 7_200);
            calls.push(call(&mut random, extension, before(now, ago)));
        }
    }
    calls
}

/// The call cut short so that it is over, and has been for a moment: calls in progress are not in
/// the log.
fn over(mut call: CallRecord, now: Timestamp) -> CallRecord {
    let since = now.duration_since(call.start).as_secs() - 45;
    call.duration_ms = call.duration_ms.min(since.max(1) * 1_000);
    if call.duration_ms < 30_000 {
        call.recording = None;
    }
    call
}

fn before(now: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or_default();
    now.saturating_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(now)
}

fn call(random: &mut Random, own: &'static Extension, start: Timestamp) -> CallRecord {
    if own.kind == "FaxUser" {
        return fax(random, own, start);
    }
    match random.below(100) {
        0..34 => answered(random, own, start),
        34..58 => placed(random, own, start),
        58..70 => missed(random, own, start),
        70..79 => voicemail(random, own, start),
        79..84 => blocked(random, own, start),
        84..94 => internal(random, own, start),
        _ => fax(random, own, start),
    }
}

/// A record with its identifiers drawn and the rest as for an accepted inbound call.
pub(crate) fn blank(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    CallRecord {
        id: random.id(11),
        session_id: (40_000_000_000 + random.below(9_000_000_000)).to_string(),
        telephony_session_id: format!("s-a0{:016x}z", random.next()),
        extension_id: own.id.to_owned(),
        start,
        duration_ms: 0,
        kind: "Voice".to_owned(),
        direction: "Inbound".to_owned(),
        action: "Phone Call".to_owned(),
        result: "Accepted".to_owned(),
        reason: None,
        transport: "PSTN".to_owned(),
        internal_type: None,
        from: Party::default(),
        to: inside_with_number(own),
        recording: None,
        message: None,
        deleted: false,
        added: false,
    }
}

fn answered(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    let duration_ms = talk(random);
    CallRecord {
        duration_ms,
        from: caller(random),
        recording: recording(random, duration_ms),
        to: Party {
            device_id: Some(format!("8026{}", own.number)),
            ..inside_with_number(own)
        },
        ..blank(random, own, start)
    }
}

fn placed(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    let (result, duration_ms) = match random.below(10) {
        0..7 => ("Call connected", talk(random)),
        7 => ("Busy", 4_000 + ms(random, 6_000)),
        8 => ("No Answer", 20_000 + ms(random, 15_000)),
        _ => ("Hang Up", 2_000 + ms(random, 8_000)),
    };
    let reason = (result == "Busy").then(|| {
        (
            "Line Busy".to_owned(),
            "The line of the called party is busy.".to_owned(),
        )
    });
    let connected = result == "Call connected";
    CallRecord {
        direction: "Outbound".to_owned(),
        action: if random.chance(20) {
            "RingOut Web"
        } else {
            "VoIP Call"
        }
        .to_owned(),
        result: result.to_owned(),
        reason,
        duration_ms,
        transport: if random.chance(70) { "PSTN" } else { "VoIP" }.to_owned(),
        from: Party {
            device_id: Some(format!("8026{}", own.number)),
            ..inside_with_number(own)
        },
        to: outside(random),
        recording: connected.then(|| recording(random, duration_ms)).flatten(),
        ..blank(random, own, start)
    }
}

fn missed(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    CallRecord {
        result: "Missed".to_owned(),
        duration_ms: 12_000 + ms(random, 20_000),
        from: caller(random),
        ..blank(random, own, start)
    }
}

fn voicemail(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    CallRecord {
        result: "Voicemail".to_owned(),
        duration_ms: 30_000 + ms(random, 70_000),
        from: caller(random),
        message: Some((
            "VoiceMail".to_owned(),
            3_000_000_000 + random.below(900_000_000),
        )),
        ..blank(random, own, start)
    }
}

fn blocked(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    let (name, number) = random.pick(BLOCKED);
    CallRecord {
        result: "Blocked".to_owned(),
        reason: Some((
            "Number Blocked".to_owned(),
            "The caller's number is on the list of blocked numbers.".to_owned(),
        )),
        from: Party {
            phone_number: Some((*number).to_owned()),
            name: Some((*name).to_owned()),
            ..Party::default()
        },
        ..blank(random, own, start)
    }
}

/// A call between colleagues: extension numbers and ids, no phone number on either side.
fn internal(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    let others: Vec<&Extension> = EXTENSIONS
        .iter()
        .filter(|other| other.id != own.id && other.kind == "User")
        .collect();
    let other = inside(random.pick::<&Extension>(&others));
    let own_side = inside(own);
    let outbound = random.chance(50);
    let (from, to) = if outbound {
        (own_side, other)
    } else {
        (other, own_side)
    };
    CallRecord {
        direction: if outbound { "Outbound" } else { "Inbound" }.to_owned(),
        result: if outbound {
            "Call connected"
        } else {
            "Accepted"
        }
        .to_owned(),
        transport: "VoIP".to_owned(),
        internal_type: Some("Local".to_owned()),
        duration_ms: talk(random),
        from,
        to,
        ..blank(random, own, start)
    }
}

fn fax(random: &mut Random, own: &Extension, start: Timestamp) -> CallRecord {
    let outbound = random.chance(40);
    let failed = outbound && random.chance(20);
    let (from, to) = if outbound {
        (inside_with_number(own), outside(random))
    } else {
        (outside(random), inside_with_number(own))
    };
    CallRecord {
        kind: "Fax".to_owned(),
        direction: if outbound { "Outbound" } else { "Inbound" }.to_owned(),
        action: if outbound {
            "Outgoing Fax"
        } else {
            "Incoming Fax"
        }
        .to_owned(),
        result: match (outbound, failed) {
            (true, true) => "Fax Not Sent",
            (true, false) => "Sent",
            (false, _) => "Received",
        }
        .to_owned(),
        reason: failed.then(|| {
            (
                "Fax Not Sent".to_owned(),
                "The other side did not answer as a fax machine.".to_owned(),
            )
        }),
        duration_ms: 25_000 + ms(random, 90_000),
        from,
        to,
        message: Some(("Fax".to_owned(), 3_000_000_000 + random.below(900_000_000))),
        ..blank(random, own, start)
    }
}

/// Somebody who calls in; a few withhold their number.
fn caller(random: &mut Random) -> Party {
    if random.chance(4) {
        return Party {
            name: Some("Anonymous".to_owned()),
            ..Party::default()
        };
    }
    outside(random)
}

fn outside(random: &mut Random) -> Party {
    let (name, number, location) = random.pick(OUTSIDE);
    Party {
        phone_number: Some((*number).to_owned()),
        name: Some((*name).to_owned()),
        location: Some((*location).to_owned()),
        ..Party::default()
    }
}

/// A colleague as an internal call shows them.
pub(crate) fn inside(extension: &Extension) -> Party {
    Party {
        extension_number: Some(extension.number.to_owned()),
        extension_id: Some(extension.id.to_owned()),
        name: Some(extension.name.to_owned()),
        ..Party::default()
    }
}

/// A colleague as a call from or to the outside shows them.
pub(crate) fn inside_with_number(extension: &Extension) -> Party {
    Party {
        phone_number: (!extension.phone.is_empty()).then(|| extension.phone.to_owned()),
        extension_id: Some(extension.id.to_owned()),
        name: Some(extension.name.to_owned()),
        ..Party::default()
    }
}

fn talk(random: &mut Random) -> i64 {
    // Two draws multiplied: many short calls, few long ones.
    8_000 + ms(random, 60) * ms(random, 20_000)
}

fn ms(random: &mut Random, below: u64) -> i64 {
    i64::try_from(random.below(below)).unwrap_or_default()
}

/// Some calls of half a minute and more are recorded; shorter ones are never kept.
fn recording(random: &mut Random, duration_ms: i64) -> Option<Recording> {
    (duration_ms >= 30_000 && random.chance(35)).then(|| Recording {
        id: (2_000_000_000 + random.below(900_000_000)).to_string(),
        kind: if random.chance(75) {
            "Automatic"
        } else {
            "OnDemand"
        }
        .to_owned(),
    })
}
