//! Texts as other formats write them, and back.

use crate::bytes;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{invalid, shown},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What an address may hold as it is (RFC 3986, "unreserved").
const PART: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The text in a format of the manifest's choices.
pub(super) fn encode(text: &str, format: &str) -> String {
    match format {
        "url" => utf8_percent_encode(text, PART).to_string(),
        "form" => url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        "html" => escape_html(text),
        "json" => Json::from(text).to_string(),
        form => bytes::write(text.as_bytes(), form),
    }
}

/// The text that was written in that format.
pub(super) fn decode(text: &str, format: &str) -> Result<String, StepError> {
    let bytes = match format {
        "url" => percent_decode_str(text).collect(),
        "form" => percent_decode_str(&text.replace('+', " ")).collect(),
        "html" => return Ok(unescape_html(text)),
        "json" => {
            return serde_json::from_str(text).map_err(|error| {
                let text = shown(&Json::from(text));
                invalid("/text", format!("{text} is no text in JSON: {error}."))
            });
        }
        form => bytes::read(text, form, "/text")?,
    };
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        invalid(
            "/text",
            format!("What is encoded here is no text in UTF-8: byte {place} does not fit. If it is a file, keep it encoded."),
        )
    })
}

fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Names that mail and web pages use all the time, and every number; what is unknown stays as it is.
fn unescape_html(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').map(|(name, _)| name);
        match entity.and_then(|name| Some((name, character(name)?))) {
            Some((name, char)) => {
                plain.push(char);
                rest = &rest[name.len() + 2..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "euro" => '€',
        "pound" => '£',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn entities_that_nobody_knows_stay() {
        assert_eq!(
            decode("&nope; & &#x110000; &#65;", "html").unwrap(),
            "&nope; & &#x110000; A"
        );
    }

    proptest! {
        #[test]
        fn what_is_encoded_can_be_decoded(text in "\\PC{0,40}") {
            for format in ["base64", "base64url", "hex", "url", "form", "html", "json"] {
                prop_assert_eq!(decode(&encode(&text, format), format).unwrap(), text.clone(), "{}", format);
            }
        }

        #[test]
        fn nothing_makes_decoding_panic(text in "\\PC{0,40}") {
            for format in ["base64", "base64url", "hex", "url", "form", "html", "json"] {
                let _ = decode(&text, format);
            }
        }
    }
}
