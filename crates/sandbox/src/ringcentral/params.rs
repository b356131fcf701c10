//! Query parameters read the way RingCentral reads them: a value outside the documented ones is
//! refused by name.

use jiff::Timestamp;

use crate::ringcentral::errors;
use crate::wire::{Reply, Request};

/// At most one of the `allowed` words.
pub(crate) fn one_of(
    request: &Request,
    name: &str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Reply> {
    request
        .param(name)
        .map(|value| known(name, value, allowed))
        .transpose()
}

/// Any number of the `allowed` words, each with its own key. A comma-joined value is one unknown word.
pub(crate) fn many_of(
    request: &Request,
    name: &str,
    allowed: &[&'static str],
) -> Result<Vec<&'static str>, Reply> {
    request
        .params(name)
        .into_iter()
        .map(|value| known(name, value, allowed))
        .collect()
}

fn known(name: &str, value: &str, allowed: &[&'static str]) -> Result<&'static str, Reply> {
    allowed
        .iter()
        .find(|word| **word == value)
        .copied()
        .ok_or_else(|| errors::invalid(name, value))
}

/// `true` or `false`.
pub(crate) fn boolean(request: &Request, name: &str, default: bool) -> Result<bool, Reply> {
    match request.param(name) {
        None => Ok(default),
        Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
        Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
        Some(value) => Err(errors::invalid(name, value)),
    }
}

/// A full RFC 3339 date and time with `Z` or an offset; a date alone is refused.
pub(crate) fn instant(request: &Request, name: &str) -> Result<Option<Timestamp>, Reply> {
    let Some(value) = request.param(name) else {
        return Ok(None);
    };
    let has_time = value
        .as_bytes()
        .get(10)
        .is_some_and(|byte| matches!(byte, b'T' | b't'));
    value
        .parse()
        .ok()
        .filter(|_| has_time)
        .map(Some)
        .ok_or_else(|| errors::invalid(name, value))
}

/// Digits only, such as a phone number without its `+`.
pub(crate) fn digits(request: &Request, name: &str) -> Result<Option<String>, Reply> {
    match request.param(name) {
        None => Ok(None),
        Some(value) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Some(value.to_owned()))
        }
        Some(value) => Err(errors::invalid(name, value)),
    }
}

/// How RingCentral writes an instant: UTC with milliseconds.
pub(crate) fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
