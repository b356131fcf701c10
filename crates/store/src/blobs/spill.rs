//! Takes the large value out of an event on its way into the journal, and puts it back on the way out.
//!
//! The row of such an event begins with `blob:<hash>:<bytes> `; what follows is the event with a preview in the place
//! of the value. The row of any other event begins with `{`.

use super::Blobs;
use crate::{
    StoreError, StoreResult,
    entity::events,
    text::{from_json, to_json},
};
use patchbay_model::{
    Json,
    event::{Event, EventKind},
};
use serde_json::json;
use std::collections::HashMap;

/// Values up to this many bytes of JSON stand in the row.
const INLINE_BYTES: usize = 64 * 1024;

/// How much of a larger one stands in the row for people to look at.
const PREVIEW_BYTES: usize = 1024;

const MARK: &str = "blob:";

/// Which large values are wanted back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    All,
    /// As many as have no more bytes than this in all; of the others, the preview.
    Within(u64),
}

/// A value that stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spill {
    pub(crate) hash: String,
    pub(crate) bytes: i64,
    /// What stands in the row.
    pub(crate) payload: String,
}

/// By ord.
pub(crate) type Spilled = HashMap<u64, Spill>;

/// Writes the large values of the events to files.
pub(crate) async fn spill(blobs: Option<&Blobs>, events: &[Event]) -> StoreResult<Spilled> {
    let mut spilled = Spilled::new();
    let Some(blobs) = blobs else {
        return Ok(spilled);
    };
    for event in events {
        if let Some(value) = value(&event.kind)
            && let Some(spill) = write(blobs, &event.kind, value).await?
        {
            spilled.insert(event.ord, spill);
        }
    }
    Ok(spilled)
}

/// The same for what a new run is started with, which its first event brings.
pub(crate) async fn spill_input(blobs: Option<&Blobs>, input: &Json) -> StoreResult<Spilled> {
    let kind = EventKind::RunAccepted { input: Json::Null };
    let spill = match blobs {
        Some(blobs) => write(blobs, &kind, input).await?,
        None => None,
    };
    Ok(spill.map(|spill| (1, spill)).into_iter().collect())
}

async fn write(blobs: &Blobs, kind: &EventKind, value: &Json) -> StoreResult<Option<Spill>> {
    if is_surely_small(value) {
        return Ok(None);
    }
    let content = serde_json::to_vec(value).map_err(StoreError::failed)?;
    let size = content.len();
    if size <= INLINE_BYTES {
        return Ok(None);
    }
    let preview = String::from_utf8_lossy(content.get(..PREVIEW_BYTES).unwrap_or(&content));
    let preview = preview.trim_end_matches(char::REPLACEMENT_CHARACTER);
    let shown = json!({ "$truncated": true, "preview": preview, "bytes": size });
    let head = to_json(&with_value(kind, shown))?;
    let hash = blobs.put(content).await?;
    Ok(Some(Spill {
        payload: format!("{MARK}{hash}:{size} {head}"),
        bytes: i64::try_from(size).unwrap_or(i64::MAX),
        hash,
    }))
}

/// Reads events back, with their large values as far as they are wanted.
pub(crate) async fn fill(
    blobs: Option<&Blobs>,
    rows: &[events::Model],
    values: Values,
) -> StoreResult<Vec<Event>> {
    let mut left = match values {
        Values::All => u64::MAX,
        Values::Within(bytes) => bytes,
    };
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let mut event = Event {
            ord: u64::try_from(row.ord).unwrap_or(0),
            at: row.at,
            kind: EventKind::CancelRequested,
        };
        let Some((hash, bytes, head)) = parse(&row.payload) else {
            event.kind = from_json("event", &row.payload)?;
            events.push(event);
            continue;
        };
        event.kind = from_json("event", head)?;
        if bytes <= left {
            left -= bytes;
            let blobs = blobs.ok_or_else(|| {
                StoreError::corrupt("event", "the folder of large values is not known")
            })?;
            let content = blobs.get(hash).await?;
            let value = serde_json::from_slice(&content)
                .map_err(|error| StoreError::corrupt("large value", error))?;
            event.kind = with_value(&event.kind, value);
        }
        events.push(event);
    }
    Ok(events)
}

/// Hash, bytes and event of a row whose value stands in a file.
fn parse(payload: &str) -> Option<(&str, u64, &str)> {
    let (mark, head) = payload.strip_prefix(MARK)?.split_once(' ')?;
    let (hash, bytes) = mark.split_once(':')?;
    Some((hash, bytes.parse().ok()?, head))
}

/// The part of an event that can be large.
fn value(kind: &EventKind) -> Option<&Json> {
    match kind {
        EventKind::RunAccepted { input } => Some(input),
        EventKind::StepSucceeded { output, .. } => Some(output),
        EventKind::RunReplied { reply, .. } => Some(reply),
        _ => None,
    }
}

/// The same event with another value.
fn with_value(kind: &EventKind, value: Json) -> EventKind {
    match kind {
        EventKind::RunAccepted { .. } => EventKind::RunAccepted { input: value },
        EventKind::StepSucceeded {
            step,
            iteration,
            duration_ms,
            ..
        } => EventKind::StepSucceeded {
            step: step.clone(),
            iteration: iteration.clone(),
            output: value,
            duration_ms: *duration_ms,
        },
        EventKind::RunReplied {
            step, iteration, ..
        } => EventKind::RunReplied {
            step: step.clone(),
            iteration: iteration.clone(),
            reply: value,
        },
        other => other.clone(),
    }
}

/// Whether the JSON of a value is certainly within the bounds, without writing it down.
fn is_surely_small(value: &Json) -> bool {
    /// What an escape makes of one byte.
    const ESCAPED: usize = 6;
    fn count(value: &Json, left: usize) -> Option<usize> {
        match value {
            Json::Null | Json::Bool(_) => left.checked_sub(6),
            Json::Number(_) => left.checked_sub(28),
            Json::String(text) => left.checked_sub(text.len() * ESCAPED + 3),
            Json::Array(items) => items.iter().try_fold(left.checked_sub(2)?, |left, item| {
                count(item, left.checked_sub(1)?)
            }),
            Json::Object(entries) => entries
                .iter()
                .try_fold(left.checked_sub(2)?, |left, (key, value)| {
                    count(value, left.checked_sub(key.len() * ESCAPED + 4)?)
                }),
        }
    }
    count(value, INLINE_BYTES).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_surely_small_is_small() {
        let values = [
            json!(null),
            json!("x".repeat(10_000)),
            json!("\u{1}".repeat(10_000)),
            json!([1.5e300, u64::MAX, i64::MIN]),
            json!({ "k\"": vec![true; 5_000] }),
            json!(vec!["é"; 3_000]),
        ];
        for value in values {
            let bytes = serde_json::to_vec(&value).unwrap().len();
            assert!(!is_surely_small(&value) || bytes <= INLINE_BYTES, "{bytes}");
        }
        assert!(is_surely_small(&json!({ "a": [1, 2, 3] })));
        assert!(!is_surely_small(&json!("x".repeat(INLINE_BYTES + 1))));
    }

    #[test]
    fn only_a_row_with_the_mark_names_a_file() {
        assert_eq!(parse("blob:ab:12 {\"x\":1}"), Some(("ab", 12, "{\"x\":1}")));
        // An output that looks like it is still JSON.
        assert_eq!(parse("{\"output\":\"blob:ab:12 {}\"}"), None);
    }
}
