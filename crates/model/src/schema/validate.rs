//! Whether a value fits a schema, and if not, every place where it does not.

use super::{Additional, Schema, Type};
use crate::{
    Json, JsonMap,
    suggest::{closest, listed},
    words::{a_kind, cut, plain, pointer_token},
};

/// After so many violations nobody reads on.
const MOST: usize = 50;

/// One place where a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer below the value.
    pub pointer: String,
    /// What is wrong and what to do, as the tail of a sentence about the value.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// Whether a value that is needed is not there; otherwise one that is there is wrong.
    pub missing: bool,
    /// Whether a key stands there that is not allowed.
    pub unknown_key: bool,
}

impl Schema {
    /// Every place where the value does not fit; none when it does.
    pub fn validate(&self, value: &Json) -> Vec<Violation> {
        let mut found = Vec::new();
        self.validate_at(value, "", &mut found);
        found
    }

    fn validate_at(&self, value: &Json, pointer: &str, found: &mut Vec<Violation>) {
        if found.len() >= MOST {
            return;
        }
        if !self.one_of.is_empty() {
            return self.validate_alternatives(value, pointer, found);
        }
        if !self.has_type_of(value) {
            let expected = self.a_type();
            return found.push(wrong(
                pointer,
                format!("must be {expected}, and it is {}", shown(value)),
            ));
        }
        if !self.values.is_empty() && !self.values.contains(value) {
            return found.push(self.not_a_choice(value, pointer));
        }
        match value {
            Json::String(text) => self.validate_text(text, pointer, found),
            Json::Number(number) => {
                self.validate_number(number.as_f64().unwrap_or(0.0), pointer, found)
            }
            Json::Array(items) => {
                let Some(schema) = &self.items else { return };
                for (index, item) in items.iter().enumerate() {
                    schema.validate_at(item, &format!("{pointer}/{index}"), found);
                }
            }
            Json::Object(map) => self.validate_object(map, pointer, found),
            _ => {}
        }
    }

    fn has_type_of(&self, value: &Json) -> bool {
        match (self.kind, value) {
            (None, _) => true,
            (Some(Type::Integer), Json::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|float| float.fract() == 0.0)
            }
            (Some(Type::Number), Json::Number(_))
            | (Some(Type::Null), Json::Null)
            | (Some(Type::Boolean), Json::Bool(_))
            | (Some(Type::String), Json::String(_))
            | (Some(Type::Array), Json::Array(_))
            | (Some(Type::Object), Json::Object(_)) => true,
            _ => false,
        }
    }

    fn not_a_choice(&self, value: &Json, pointer: &str) -> Violation {
        let words: Vec<String> = self.values.iter().map(plain).collect();
        let suggestion =
            closest(&plain(value), words.iter().map(String::as_str)).map(str::to_owned);
        let message = format!(
            "cannot be {}; it can be {}",
            shown(value),
            listed(words.iter().map(String::as_str))
        );
        Violation {
            suggestion,
            ..wrong(pointer, message)
        }
    }

    fn validate_text(&self, text: &str, pointer: &str, found: &mut Vec<Violation>) {
        let length = text.chars().count() as u64;
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            found.push(wrong(
                pointer,
                format!("must have at least {least} characters, and it has {length}"),
            ));
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            found.push(wrong(
                pointer,
                format!("may have at most {most} characters, and it has {length}"),
            ));
        }
        let format = match self.format.as_deref() {
            Some("date-time") if !is_instant(text) => "a date and time like 2026-01-31T08:00:00Z",
            Some("date") if !is_date(text) => "a date like 2026-01-31",
            _ => return,
        };
        found.push(wrong(
            pointer,
            format!("must be {format}, and it is `{}`", cut(text, 40)),
        ));
    }

    fn validate_number(&self, number: f64, pointer: &str, found: &mut Vec<Violation>) {
        if let Some(least) = self.minimum.filter(|least| number < *least) {
            found.push(wrong(
                pointer,
                format!("must be at least {least}, and it is {number}"),
            ));
        }
        if let Some(most) = self.maximum.filter(|most| number > *most) {
            found.push(wrong(
                pointer,
                format!("must be at most {most}, and it is {number}"),
            ));
        }
    }

    fn validate_object(&self, map: &JsonMap, pointer: &str, found: &mut Vec<Violation>) {
        for name in self.required.iter().filter(|name| !map.contains_key(*name)) {
            let title = self
                .properties
                .get(name)
                .and_then(|property| property.title.as_deref())
                .unwrap_or(name);
            let violation = wrong(&below(pointer, name), format!("{title} needs a value"));
            found.push(Violation {
                missing: true,
                ..violation
            });
        }
        for (key, value) in map {
            let pointer = below(pointer, key);
            match (self.properties.get(key), &self.additional) {
                (Some(schema), _) => schema.validate_at(value, &pointer, found),
                (None, Some(Additional::Schema(schema))) => {
                    schema.validate_at(value, &pointer, found)
                }
                (None, Some(Additional::Any(false))) => found.push(self.unknown(key, &pointer)),
                (None, Some(Additional::Any(true)) | None) => {}
            }
        }
    }

    /// What to say about a key that is not one of the properties.
    pub(crate) fn unknown(&self, key: &str, pointer: &str) -> Violation {
        let known = || self.properties.keys().map(String::as_str);
        let suggestion = closest(key, known()).map(str::to_owned);
        let tail = match listed(known()) {
            none if none.is_empty() => "; nothing can be given here".to_owned(),
            names if suggestion.is_none() => format!("; there is {names}"),
            _ => String::new(),
        };
        let message = format!("there is no `{}` here{tail}", cut(key, 40));
        Violation {
            suggestion,
            unknown_key: true,
            ..wrong(pointer, message)
        }
    }

    /// One alternative that fits is enough; if none does, the one of the right type says why.
    fn validate_alternatives(&self, value: &Json, pointer: &str, found: &mut Vec<Violation>) {
        let mut closest: Option<Vec<Violation>> = None;
        for alternative in &self.one_of {
            let mut inner = Vec::new();
            alternative.validate_at(value, pointer, &mut inner);
            if inner.is_empty() {
                return;
            }
            if closest.is_none() && alternative.has_type_of(value) {
                closest = Some(inner);
            }
        }
        found.extend(closest.unwrap_or_else(|| {
            let types: Vec<String> = self.one_of.iter().map(Self::a_type).collect();
            vec![wrong(
                pointer,
                format!("must be {}, and it is {}", types.join(" or "), shown(value)),
            )]
        }));
    }
}

fn wrong(pointer: &str, message: String) -> Violation {
    Violation {
        pointer: pointer.to_owned(),
        message,
        suggestion: None,
        missing: false,
        unknown_key: false,
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", pointer_token(key))
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) if text.is_empty() => "empty".to_owned(),
        Json::String(_) | Json::Number(_) => format!("`{}`", cut(&plain(value), 40)),
        other => a_kind(other).to_owned(),
    }
}

/// `2026-01-31`
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, length: usize| {
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let Some(year) = number(year, 4) else {
        return false;
    };
    let days = match number(month, 2) {
        Some(2) if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => return false,
    };
    number(day, 2).is_some_and(|day| (1..=days).contains(&day))
}

/// `2026-01-31T08:00:00Z` and what people write for it: a blank for the `T`, no seconds, no offset, no time at all.
pub(super) fn is_instant(text: &str) -> bool {
    let text = text.trim();
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else {
        return is_date(text);
    };
    is_date(date) && is_time(time)
}

fn is_time(text: &str) -> bool {
    let clock = text.trim_end_matches(['Z', 'z']);
    let (clock, offset) = match clock.rfind(['+', '-']) {
        Some(position) => (&clock[..position], Some(&clock[position + 1..])),
        None => (clock, None),
    };
    let (whole, fraction) = clock
        .split_once('.')
        .map_or((clock, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let field = |part: &str, below: u32| {
        part.len() == 2 && digits(part) && part.parse::<u32>().is_ok_and(|value| value < below)
    };
    let parts: Vec<&str> = whole.trim_end().split(':').collect();
    let clock = match parts.as_slice() {
        [hour, minute] => field(hour, 24) && field(minute, 60),
        [hour, minute, second] => field(hour, 24) && field(minute, 60) && field(second, 61),
        _ => false,
    };
    let offset = offset.is_none_or(|offset| {
        let plain = offset.replace(':', "");
        matches!(plain.len(), 2 | 4) && digits(&plain)
    });
    clock && offset && fraction.is_none_or(digits)
}
