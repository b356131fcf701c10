//! Bytes as texts, files and outputs carry them.

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    },
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{failed, invalid, shown},
};
use std::fmt::Write;

const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes in `hex`, `base64` or `base64url`.
pub(crate) fn write(bytes: &[u8], form: &str) -> String {
    match form {
        "hex" => hex(bytes),
        "base64url" => URL_SAFE_NO_PAD.encode(bytes),
        _ => STANDARD.encode(bytes),
    }
}

/// The bytes of a text that is in `hex`, in any kind of Base64, or a plain `text`.
pub(crate) fn read(text: &str, form: &str, pointer: &str) -> Result<Vec<u8>, StepError> {
    match form {
        "hex" => unhex(text, pointer),
        "text" => Ok(text.as_bytes().to_vec()),
        _ => unbase64(text, pointer),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str, pointer: &str) -> Result<Vec<u8>, StepError> {
    let wrong = || {
        let text = shown(&Json::from(text));
        invalid(
            pointer,
            format!("{text} is not hexadecimal: that has pairs of 0 to 9 and a to f."),
        )
    };
    let digits = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| char.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(wrong)?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(wrong());
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Both alphabets, with or without padding, with line breaks.
fn unbase64(text: &str, pointer: &str) -> Result<Vec<u8>, StepError> {
    let tidy: String = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| match char {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    TOLERANT.decode(tidy).map_err(|error| {
        let text = shown(&Json::from(text));
        invalid(
            pointer,
            format!("{text} is not written in Base64: {error}."),
        )
    })
}

/// So many bytes by chance.
pub(crate) fn random<const COUNT: usize>() -> Result<[u8; COUNT], StepError> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|error| {
        failed(
            "internal",
            format!("The machine gives no random numbers: {error}."),
        )
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_is_read_however_it_is_written() {
        for text in ["S8O2bG4=", "S8O2bG4", "S8O2\nbG4=", " S8O2bG4= "] {
            assert_eq!(
                read(text, "base64", "/a").unwrap(),
                "Köln".as_bytes(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            for form in ["hex", "base64", "base64url"] {
                prop_assert_eq!(&read(&write(&bytes, form), form, "/a").unwrap(), &bytes, "{}", form);
            }
        }
    }
}
