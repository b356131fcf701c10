//! How large a value is, and the short stand-in for one that is too large to be shown.

use patchbay_model::Json;
use serde_json::json;
use std::io::{self, Write};

/// Values up to this many bytes of JSON are journalled as inputs in full.
pub(crate) const INLINE_BYTES: u64 = 64 * 1024;

/// How much of a larger one is kept for people to look at.
const PREVIEW_BYTES: usize = 1024;

/// Bytes of `value` as JSON, or none as soon as it is clear that there are more than `limit`.
pub(crate) fn size_within(value: &Json, limit: u64) -> Option<u64> {
    let mut counter = Counter { bytes: 0, limit };
    serde_json::to_writer(&mut counter, value).ok()?;
    Some(counter.bytes)
}

/// The value itself, or `{"$truncated": true, "preview": "…"}` with the first KiB of its JSON
/// when it is larger than 64 KiB.
pub(crate) fn clipped(value: Json) -> Json {
    if size_within(&value, INLINE_BYTES).is_some() {
        value
    } else {
        marker(&value)
    }
}

/// The same for a value that stays where it is: a large one is never copied.
pub(crate) fn clipped_copy(value: &Json) -> Json {
    if size_within(value, INLINE_BYTES).is_some() {
        value.clone()
    } else {
        marker(value)
    }
}

fn marker(value: &Json) -> Json {
    let mut preview = Preview(Vec::with_capacity(PREVIEW_BYTES));
    // The writer refuses what exceeds it; what fitted is the preview.
    let _ = serde_json::to_writer(&mut preview, value);
    let text = String::from_utf8_lossy(&preview.0);
    json!({ "$truncated": true, "preview": text.trim_end_matches(char::REPLACEMENT_CHARACTER) })
}

struct Counter {
    bytes: u64,
    limit: u64,
}

impl Write for Counter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.bytes += buffer.len() as u64;
        if self.bytes > self.limit {
            Err(io::ErrorKind::FileTooLarge.into())
        } else {
            Ok(buffer.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Preview(Vec<u8>);

impl Write for Preview {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let room = PREVIEW_BYTES - self.0.len();
        let kept = &buffer[..room.min(buffer.len())];
        self.0.extend_from_slice(kept);
        if kept.is_empty() && !buffer.is_empty() {
            Err(io::ErrorKind::WriteZero.into())
        } else {
            Ok(kept.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_value_is_kept_as_it_is() {
        let value = json!({ "a": [1, 2, 3] });
        assert_eq!(clipped(value.clone()), value);
        assert_eq!(clipped_copy(&value), value);
        assert_eq!(size_within(&value, 100), Some(13));
    }

    #[test]
    fn a_large_value_is_replaced_by_its_beginning() {
        let value = json!("é".repeat(INLINE_BYTES as usize));
        let marker = clipped(value.clone());
        assert_eq!(marker["$truncated"], json!(true));
        let preview = marker["preview"].as_str().unwrap_or_default();
        assert!(
            preview.starts_with("\"éé") && preview.len() <= PREVIEW_BYTES,
            "{}",
            preview.len()
        );
        assert_eq!(clipped_copy(&value), marker);
    }
}
