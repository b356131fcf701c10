//! Numbers as people write them.

use super::{
    decimal::{json, parse as decimal, read},
    operations::rounded,
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid, shown},
};
use serde_json::json;

pub(super) fn parse(inputs: &Inputs) -> Result<Json, StepError> {
    let text = inputs.text("text");
    let wrong = || {
        let text = shown(&Json::from(text));
        invalid(
            "/text",
            format!("{text} is no number. Write for example 1234.5."),
        )
    };
    // U+2212 is the minus of typesetters.
    let bare: String = text
        .chars()
        .filter(|char| !char.is_whitespace() && !matches!(char, '\'' | '’' | '\u{a0}' | '\u{202f}'))
        .map(|char| if char == '\u{2212}' { '-' } else { char })
        .collect();
    let sign = |char: char| matches!(char, '€' | '$' | '£' | '¥' | '%' | '₹');
    let bare = bare.trim_matches(sign);
    let (negative, bare) = match bare.strip_prefix('-') {
        Some(rest) => (true, rest.trim_matches(sign)),
        None => (false, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let point = match inputs.text("decimal") {
        "." => '.',
        "," => ',',
        _ => decimal_sign(bare),
    };
    let group = if point == '.' { ',' } else { '.' };
    let (whole, decimals) = bare.split_once(point).unwrap_or((bare, ""));
    let grouped = !whole.contains(group) || is_grouped(whole, group);
    let digits = whole.replace(group, "");
    let plain = format!("{digits}.{decimals}");
    let fits = |char: char| char.is_ascii_digit() || matches!(char, '.' | 'e' | 'E' | '+' | '-');
    if !grouped || digits.is_empty() && decimals.is_empty() || !plain.chars().all(fits) {
        return Err(wrong());
    }
    let plain = match plain.strip_suffix('.') {
        Some(whole) => whole.to_owned(),
        None if digits.is_empty() => format!("0{plain}"),
        None => plain,
    };
    let number = decimal(&plain).ok_or_else(wrong)?;
    Ok(json!({ "result": json(if negative { -number } else { number }) }))
}

/// The last of both signs stands before the decimals; one alone does so unless it divides thousands.
fn decimal_sign(text: &str) -> char {
    match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => ',',
        (Some(_), Some(_)) => '.',
        (None, Some(_)) if text.matches(',').count() == 1 && !is_grouped(text, ',') => ',',
        (Some(_), None) if text.matches('.').count() > 1 => ',',
        _ => '.',
    }
}

/// Whether the sign divides the digits into threes.
fn is_grouped(whole: &str, group: char) -> bool {
    let mut parts = whole.split(group);
    let first = parts.next().unwrap_or_default();
    let digits = |part: &str| part.chars().all(|char| char.is_ascii_digit());
    (1..=3).contains(&first.len())
        && digits(first)
        && parts.all(|part| part.len() == 3 && digits(part))
}

pub(super) fn format(inputs: &Inputs) -> Result<Json, StepError> {
    let zero = Json::from(0);
    let value = read(inputs.get("value").unwrap_or(&zero), "/value")?;
    let decimals = inputs.integer("decimals");
    let value = match decimals {
        Some(decimals) => rounded(value, decimals, "nearest").unwrap_or(value),
        None => value.normalize(),
    };
    let text = value.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut fraction = fraction.to_owned();
    if let Some(decimals) = decimals.and_then(|decimals| usize::try_from(decimals).ok()) {
        fraction = format!("{fraction:0<decimals$}");
    }
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            written.push_str(inputs.text("group"));
        }
        written.push(digit);
    }
    if !fraction.is_empty() {
        written.push_str(inputs.text("decimal"));
        written.push_str(&fraction);
    }
    let sign = if value.is_sign_negative() && !value.is_zero() {
        "-"
    } else {
        ""
    };
    let (before, after) = (inputs.text("before"), inputs.text("after"));
    Ok(json!({ "result": format!("{sign}{before}{written}{after}") }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn numbers_are_read_in_every_way_of_writing() {
        for (text, number) in [
            ("42", json!(42)),
            ("+1 234,5", json!(1234.5)),
            ("1'234.50", json!(1234.5)),
            ("$-5", json!(-5)),
            ("-$5", json!(-5)),
            ("\u{2212}1.5 %", json!(-1.5)),
            ("1.234.567", json!(1234567)),
            ("12,5", json!(12.5)),
            ("1,234", json!(1234)),
            (".5", json!(0.5)),
            ("7.", json!(7)),
            ("1e3", json!(1000)),
        ] {
            let read = parse(&with(json!({ "text": text })));
            assert_eq!(read.unwrap()["result"], number, "{text}");
        }
        for text in ["", "-", "1,2,3", "1.2.3", "12a", "0x10", "1-2", "NaN", "e"] {
            assert!(parse(&with(json!({ "text": text }))).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read(cents in -1_000_000_000i64..1_000_000_000) {
            let value = cents as f64 / 100.0;
            for (decimal, group) in [(".", ","), (",", ".")] {
                let written = format(&with(json!({"value": value, "decimals": 2, "decimal": decimal, "group": group}))).unwrap();
                let read = parse(&with(json!({"text": written["result"], "decimal": decimal}))).unwrap();
                prop_assert_eq!(read["result"].as_f64().unwrap(), value);
            }
        }
    }
}
