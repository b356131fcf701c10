//! What is drawn by chance.

use crate::bytes;
use jiff::Timestamp;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;

pub(super) fn uuid(inputs: &Inputs) -> Result<Json, StepError> {
    let chance = bytes::random::<16>()?;
    let bytes = match inputs.text("version") {
        "7" => in_time(chance, Timestamp::now().as_millisecond()),
        _ => versioned(chance, 4),
    };
    Ok(json!({ "result": written(&bytes) }))
}

/// RFC 9562: version and variant stand in the seventh and ninth byte.
fn versioned(mut bytes: [u8; 16], version: u8) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// Version 7: the first six bytes are the milliseconds since 1970.
fn in_time(mut bytes: [u8; 16], milliseconds: i64) -> [u8; 16] {
    bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
    versioned(bytes, 7)
}

fn written(bytes: &[u8; 16]) -> String {
    let hex = bytes::write(bytes, "hex");
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

pub(super) fn random_text(inputs: &Inputs) -> Result<Json, StepError> {
    let set: Vec<char> = match inputs.text("characters") {
        "digits" => "0123456789",
        "hex" => "0123456789abcdef",
        "readable" => "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789",
        "symbols" => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]_{}~",
        "own" => inputs.text("own"),
        _ => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    }
    .chars()
    .collect();
    if set.is_empty() {
        return Err(invalid("/own", "There are no characters to choose from."));
    }
    let count = set.len() as u32;
    // What is above the last whole multiple would make some characters likelier.
    let fair = u32::MAX - u32::MAX % count;
    let mut text = String::new();
    let mut left = inputs.count("length").unwrap_or(16);
    while left > 0 {
        for four in bytes::random::<64>()?.as_chunks::<4>().0 {
            let drawn = u32::from_le_bytes(*four);
            if drawn < fair && left > 0 {
                text.push(set[(drawn % count) as usize]);
                left -= 1;
            }
        }
    }
    Ok(json!({ "result": text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_say_their_version() {
        assert_eq!(
            written(&versioned([0xff; 16], 4)),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert_eq!(
            written(&in_time([0; 16], 1_769_846_400_123)),
            "019c1310-e47b-7000-8000-000000000000"
        );
    }

    #[test]
    fn a_random_text_has_the_wanted_characters() {
        let inputs = json!({ "length": 500, "characters": "own", "own": "xyz" });
        let text = random_text(&inputs.as_object().cloned().unwrap().into()).unwrap();
        let text = text["result"].as_str().unwrap();
        assert_eq!(text.len(), 500);
        assert!(["x", "y", "z"].iter().all(|char| text.contains(char)));
    }
}
