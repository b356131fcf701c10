//! Joins, divides, fills and cuts texts; lengths are counted in characters.

use crate::values::plain;
use patchbay_kit::{model::Json, pure::Inputs};
use serde_json::json;

pub(super) fn trim(inputs: &Inputs) -> String {
    let text = inputs.text("text");
    let characters = inputs.text("characters");
    let unwanted = |char: char| match characters {
        "" => char.is_whitespace(),
        characters => characters.contains(char),
    };
    match inputs.text("side") {
        "start" => text.trim_start_matches(unwanted),
        "end" => text.trim_end_matches(unwanted),
        _ => text.trim_matches(unwanted),
    }
    .to_owned()
}

pub(super) fn concatenate(inputs: &Inputs) -> String {
    let values: Vec<_> = inputs.list("values").iter().map(plain).collect();
    values.join(&spelt(inputs.text("separator")))
}

/// The list of parts, and how many there are.
pub(super) fn split(inputs: &Inputs) -> Json {
    let text = inputs.text("text");
    let separator = spelt(inputs.text("separator"));
    let limit = inputs.count("limit").unwrap_or(usize::MAX);
    let parts: Vec<&str> = if text.is_empty() {
        Vec::new()
    } else if separator.is_empty() {
        let ends = text
            .char_indices()
            .map(|(at, char)| (at, at + char.len_utf8()));
        let chars = ends.enumerate().take(limit);
        let count = text.chars().count();
        chars
            .map(
                |(index, (from, to))| match index + 1 == limit && count > limit {
                    true => &text[from..],
                    false => &text[from..to],
                },
            )
            .collect()
    } else {
        text.splitn(limit, separator.as_str()).collect()
    };
    let trimmed = parts
        .into_iter()
        .map(|part| match inputs.flag("trim_parts") {
            true => part.trim(),
            false => part,
        });
    let kept: Vec<&str> = trimmed
        .filter(|part| !(inputs.flag("skip_empty") && part.is_empty()))
        .collect();
    json!({ "result": kept, "count": kept.len() })
}

/// `\n` and `\t` as people type them into a field of one line.
fn spelt(separator: &str) -> String {
    separator
        .replace("\\r", "\r")
        .replace("\\n", "\n")
        .replace("\\t", "\t")
}

pub(super) fn part(inputs: &Inputs) -> String {
    let text = inputs.text("text");
    let start = inputs.integer("start").unwrap_or(0);
    let length = inputs.count("length").unwrap_or(usize::MAX);
    let skip = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => {
            let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
            text.chars().count().saturating_sub(back)
        }
    };
    text.chars().skip(skip).take(length).collect()
}

pub(super) fn pad(inputs: &Inputs) -> String {
    let text = inputs.text("text");
    let length = inputs.count("length").unwrap_or(0);
    let lacking = length.saturating_sub(text.chars().count());
    let filling: String = inputs.text("with").chars().cycle().take(lacking).collect();
    match inputs.text("side") {
        "end" => format!("{text}{filling}"),
        _ => format!("{filling}{text}"),
    }
}

pub(super) fn shorten(inputs: &Inputs) -> Json {
    let text = inputs.text("text");
    let length = inputs.count("length").unwrap_or(0);
    if text.chars().count() <= length {
        return json!({ "result": text, "shortened": false });
    }
    let ending: String = inputs.text("ending").chars().take(length).collect();
    let room = length - ending.chars().count();
    let end = text
        .char_indices()
        .nth(room)
        .map_or(text.len(), |(at, _)| at);
    let mut kept = &text[..end];
    let cuts_a_word = !text[end..].starts_with(char::is_whitespace);
    if inputs.flag("whole_words")
        && cuts_a_word
        && let Some(space) = kept.rfind(char::is_whitespace)
    {
        kept = &kept[..space];
    }
    json!({ "result": format!("{}{ending}", kept.trim_end()), "shortened": true })
}

pub(super) fn count(text: &str) -> Json {
    json!({
        "characters": text.chars().count(),
        "words": text.split_whitespace().count(),
        "lines": text.lines().count(),
        "bytes": text.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    proptest! {
        #[test]
        fn what_is_split_can_be_joined_again(text in "[ab,;é]{1,30}", separator in "[,;]") {
            let parts = split(&inputs(json!({"text": text, "separator": separator})));
            let joined = concatenate(&inputs(json!({"values": parts["result"], "separator": separator})));
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn a_shortened_text_is_never_too_long(text in "\\PC{0,60}", length in 0usize..70, whole in any::<bool>()) {
            let short = shorten(&inputs(json!({"text": text, "length": length, "ending": "…", "whole_words": whole})));
            prop_assert!(short["result"].as_str().unwrap().chars().count() <= length);
        }

        #[test]
        fn every_part_is_inside_the_text(text in "\\PC{0,20}", start in -30i64..30, length in 0usize..30) {
            let found = part(&inputs(json!({"text": text, "start": start, "length": length})));
            prop_assert!(text.contains(&found));
        }
    }
}
