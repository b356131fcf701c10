//! Sync tokens: where in the growing list of records a caller has got to, and how long that is worth something.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::ringcentral::params::{one_of, written};
use crate::ringcentral::{Call, errors};
use crate::wire::{Reply, Request};

/// Seconds after which a token is of no use.
const LIFE: i64 = 7 * 86_400;

/// Most records of one answer, and most changes that a token may be behind.
pub(super) const MOST: usize = 250;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Sync {
    /// Everything, at most so many records.
    Full(usize),
    /// What came after this many records.
    Since(usize),
}

/// Why a token is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Useless {
    Unreadable,
    Expired,
    TooFarBehind,
}

/// Reads `syncType`, `syncToken` and `recordCount`; `known` is how many records there are now and `kind` what a
/// token has to be for.
pub(super) fn asked(
    call: &Call<'_>,
    kind: &str,
    known: usize,
    refuse: fn(Useless) -> Reply,
) -> Result<Sync, Reply> {
    let request = call.request;
    if one_of(request, "syncType", &["FSync", "ISync"])? != Some("ISync") {
        let count = match request.param("recordCount") {
            None => MOST,
            Some(text) => text
                .parse()
                .ok()
                .filter(|count| (1..=MOST).contains(count))
                .ok_or_else(|| errors::invalid("recordCount", text))?,
        };
        return Ok(Sync::Full(count));
    }
    let token = request.param("syncToken").ok_or_else(|| {
        errors::invalid_because(
            "syncToken",
            "Parameter [syncToken] is required when [syncType] is [ISync]",
        )
    })?;
    let (seen, at) = read(kind, token).ok_or_else(|| refuse(Useless::Unreadable))?;
    if request.now.duration_since(at).as_secs() > LIFE {
        return Err(refuse(Useless::Expired));
    }
    if seen > known {
        return Err(refuse(Useless::Unreadable));
    }
    if known - seen > MOST {
        return Err(refuse(Useless::TooFarBehind));
    }
    Ok(Sync::Since(seen))
}

/// The answer.
pub(super) fn answer(
    request: &Request,
    sync: &Sync,
    kind: &str,
    known: usize,
    records: &[Value],
) -> Reply {
    let sync_type = match sync {
        Sync::Full(_) => "FSync",
        Sync::Since(_) => "ISync",
    };
    Reply::ok(&json!({
        "uri": format!("{}{}?{}", request.origin, request.path, request.query_text),
        "records": records,
        "syncInfo": {
            "syncType": sync_type,
            "syncToken": write(kind, known, request.now),
            "syncTime": written(request.now),
        },
    }))
}

fn write(kind: &str, seen: usize, now: Timestamp) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind} {seen} {}", now.as_second()))
}

fn read(kind: &str, token: &str) -> Option<(usize, Timestamp)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split(' ');
    if parts.next() != Some(kind) {
        return None;
    }
    let seen = parts.next()?.parse().ok()?;
    let at = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
    Some((seen, at))
}
