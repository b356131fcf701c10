//! How two values compare. A text written like a number counts as that number beside a number; nothing else is
//! taken for something that it is not.

use crate::{Json, words::a_kind};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// How two values can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterOrEqual,
    LessThan,
    LessOrEqual,
    /// A text has a part, a list an item, an object a key.
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    /// The same as `contains`, the other way round.
    InList,
    NotInList,
    /// There is a value; null is one.
    Exists,
    NotExists,
    /// Nothing, null, or a text, list or object with nothing in it.
    IsEmpty,
    IsNotEmpty,
    IsTrue,
    IsFalse,
}

impl Comparison {
    /// All of them, in the order of the drop-down.
    pub const ALL: [Self; 18] = [
        Self::Equals,
        Self::NotEquals,
        Self::GreaterThan,
        Self::GreaterOrEqual,
        Self::LessThan,
        Self::LessOrEqual,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::InList,
        Self::NotInList,
        Self::Exists,
        Self::NotExists,
        Self::IsEmpty,
        Self::IsNotEmpty,
        Self::IsTrue,
        Self::IsFalse,
    ];

    /// The word used in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "equals",
            Self::NotEquals => "not_equals",
            Self::GreaterThan => "greater_than",
            Self::GreaterOrEqual => "greater_or_equal",
            Self::LessThan => "less_than",
            Self::LessOrEqual => "less_or_equal",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::InList => "in_list",
            Self::NotInList => "not_in_list",
            Self::Exists => "exists",
            Self::NotExists => "not_exists",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
            Self::IsTrue => "is_true",
            Self::IsFalse => "is_false",
        }
    }

    /// Whether there is a second value.
    pub fn takes_second(self) -> bool {
        !self.takes_missing() && !matches!(self, Self::IsTrue | Self::IsFalse)
    }

    /// Whether it can be asked of a value that is not there.
    pub fn takes_missing(self) -> bool {
        matches!(
            self,
            Self::Exists | Self::NotExists | Self::IsEmpty | Self::IsNotEmpty
        )
    }
}

/// Whether the comparison holds, or a sentence that says why these values cannot be compared so.
pub fn compare(
    first: Option<&Json>,
    comparison: Comparison,
    second: Option<&Json>,
    ignore_case: bool,
) -> Result<bool, String> {
    let a = first.unwrap_or(&Json::Null);
    let b = second.unwrap_or(&Json::Null);
    match comparison {
        Comparison::Equals => Ok(same(a, b, ignore_case)),
        Comparison::NotEquals => Ok(!same(a, b, ignore_case)),
        Comparison::GreaterThan => order(a, comparison, b, ignore_case).map(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(a, comparison, b, ignore_case).map(Ordering::is_ge),
        Comparison::LessThan => order(a, comparison, b, ignore_case).map(Ordering::is_lt),
        Comparison::LessOrEqual => order(a, comparison, b, ignore_case).map(Ordering::is_le),
        Comparison::Contains => contains(a, comparison, b, ignore_case),
        Comparison::NotContains => contains(a, comparison, b, ignore_case).map(|has| !has),
        Comparison::StartsWith | Comparison::EndsWith => ends(a, comparison, b, ignore_case),
        Comparison::InList => in_list(a, comparison, b, ignore_case),
        Comparison::NotInList => in_list(a, comparison, b, ignore_case).map(|has| !has),
        Comparison::Exists => Ok(first.is_some()),
        Comparison::NotExists => Ok(first.is_none()),
        Comparison::IsEmpty => Ok(is_empty(a)),
        Comparison::IsNotEmpty => Ok(!is_empty(a)),
        Comparison::IsTrue => truth(a, comparison),
        Comparison::IsFalse => truth(a, comparison).map(|truth| !truth),
    }
}

fn same(a: &Json, b: &Json, ignore_case: bool) -> bool {
    match (a, b) {
        (Json::Number(_), Json::Number(_)) => numbers(a, b) == Some(Ordering::Equal),
        (Json::Number(_), Json::String(text)) => {
            number_in(text).is_some_and(|number| numbers(a, &number) == Some(Ordering::Equal))
        }
        (Json::String(_), Json::Number(_)) | (Json::String(_), Json::Bool(_)) => {
            same(b, a, ignore_case)
        }
        (Json::Bool(truth), Json::String(text)) => text.trim() == truth.to_string(),
        (Json::String(a), Json::String(b)) if ignore_case => folded(a) == folded(b),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, ignore_case))
        }
        (Json::Object(a), Json::Object(b)) => {
            let agrees = |(key, value): (&String, &Json)| {
                b.get(key)
                    .is_some_and(|other| same(value, other, ignore_case))
            };
            a.len() == b.len() && a.iter().all(agrees)
        }
        _ => a == b,
    }
}

fn order(
    a: &Json,
    comparison: Comparison,
    b: &Json,
    ignore_case: bool,
) -> Result<Ordering, String> {
    let as_number = |value: &Json| match value {
        Json::Number(_) => Some(value.clone()),
        Json::String(text) => number_in(text),
        _ => None,
    };
    if let (Some(a), Some(b)) = (as_number(a), as_number(b))
        && let Some(order) = numbers(&a, &b)
    {
        return Ok(order);
    }
    match (a, b) {
        (Json::String(a), Json::String(b)) if ignore_case => Ok(folded(a).cmp(&folded(b))),
        (Json::String(a), Json::String(b)) => Ok(a.cmp(b)),
        _ => Err(format!(
            "`value_a` is {} and `value_b` is {}; `{}` compares two numbers or two texts.",
            shown(a),
            shown(b),
            comparison.as_str()
        )),
    }
}

fn contains(a: &Json, comparison: Comparison, b: &Json, ignore_case: bool) -> Result<bool, String> {
    match (a, b) {
        (Json::Array(items), _) => Ok(items.iter().any(|item| same(item, b, ignore_case))),
        (Json::String(text), Json::String(part)) if ignore_case => {
            Ok(folded(text).contains(&folded(part)))
        }
        (Json::String(text), Json::String(part)) => Ok(text.contains(part.as_str())),
        (Json::String(text), Json::Number(number)) => Ok(text.contains(&number.to_string())),
        (Json::Object(map), Json::String(key)) if ignore_case => {
            Ok(map.keys().any(|own| folded(own) == folded(key)))
        }
        (Json::Object(map), Json::String(key)) => Ok(map.contains_key(key)),
        _ => Err(format!(
            "`value_a` is {} and `value_b` is {}; `{}` looks for a part of a text, an item of a list or a key of an object.",
            shown(a),
            shown(b),
            comparison.as_str()
        )),
    }
}

fn ends(a: &Json, comparison: Comparison, b: &Json, ignore_case: bool) -> Result<bool, String> {
    let (Json::String(text), Json::String(part)) = (a, b) else {
        return Err(format!(
            "`value_a` is {} and `value_b` is {}; `{}` compares two texts.",
            shown(a),
            shown(b),
            comparison.as_str()
        ));
    };
    let (text, part) = if ignore_case {
        (folded(text), folded(part))
    } else {
        (text.clone(), part.clone())
    };
    Ok(if comparison == Comparison::StartsWith {
        text.starts_with(&part)
    } else {
        text.ends_with(&part)
    })
}

fn in_list(a: &Json, comparison: Comparison, b: &Json, ignore_case: bool) -> Result<bool, String> {
    match b {
        Json::Array(items) => Ok(items.iter().any(|item| same(item, a, ignore_case))),
        _ => Err(format!(
            "`value_b` is {}; `{}` needs a list there.",
            shown(b),
            comparison.as_str()
        )),
    }
}

fn truth(a: &Json, comparison: Comparison) -> Result<bool, String> {
    match a {
        Json::Bool(truth) => Ok(*truth),
        Json::String(text) if text.trim() == "true" => Ok(true),
        Json::String(text) if text.trim() == "false" => Ok(false),
        _ => Err(format!(
            "`value_a` is {}; `{}` needs yes or no.",
            shown(a),
            comparison.as_str()
        )),
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn numbers(a: &Json, b: &Json) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => match (a.as_u64(), b.as_u64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
        },
    }
}

fn number_in(text: &str) -> Option<Json> {
    let number: serde_json::Number = serde_json::from_str(text.trim()).ok()?;
    Some(Json::Number(number))
}

fn folded(text: &str) -> String {
    text.to_lowercase()
}

fn shown(value: &Json) -> String {
    match value {
        Json::Number(_) | Json::Bool(_) | Json::String(_) => {
            format!(
                "{} ({})",
                a_kind(value),
                crate::words::cut(&value.to_string(), 40)
            )
        }
        _ => a_kind(value).to_owned(),
    }
}
