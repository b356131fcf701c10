//! Which rows are wanted: conditions on their cells.

use super::{
    header::{Header, plain},
    place::Place,
};
use patchbay_kit::{
    Call,
    model::{Json, event::StepError},
};
use std::cmp::Ordering;

/// How a cell is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    GreaterThan,
    AtLeast,
    LessThan,
    AtMost,
    IsEmpty,
    IsNotEmpty,
}

impl Comparison {
    /// By its word in the operations' choices; equality is the usual one.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "not_equals" => Self::NotEquals,
            "contains" => Self::Contains,
            "not_contains" => Self::NotContains,
            "starts_with" => Self::StartsWith,
            "ends_with" => Self::EndsWith,
            "greater_than" => Self::GreaterThan,
            "at_least" => Self::AtLeast,
            "less_than" => Self::LessThan,
            "at_most" => Self::AtMost,
            "is_empty" => Self::IsEmpty,
            "is_not_empty" => Self::IsNotEmpty,
            _ => Self::Equals,
        }
    }

    /// Whether a cell fits. Numbers are compared as numbers where both sides are some, everything else as text.
    pub(super) fn holds(self, cell: &Json, value: &Json, match_case: bool) -> bool {
        let text = |value: &Json| {
            let text = plain(value).trim().to_owned();
            if match_case {
                text
            } else {
                text.to_lowercase()
            }
        };
        let (left, right) = (text(cell), text(value));
        let order = || match (left.parse::<f64>(), right.parse::<f64>()) {
            (Ok(left), Ok(right)) => left.partial_cmp(&right),
            // An empty cell is neither more nor less than anything.
            _ if left.is_empty() => None,
            _ => Some(left.cmp(&right)),
        };
        match self {
            Self::Equals => same(&left, &right),
            Self::NotEquals => !same(&left, &right),
            Self::Contains => left.contains(&right),
            Self::NotContains => !left.contains(&right),
            Self::StartsWith => left.starts_with(&right),
            Self::EndsWith => left.ends_with(&right),
            Self::GreaterThan => order() == Some(Ordering::Greater),
            Self::AtLeast => order().is_some_and(Ordering::is_ge),
            Self::LessThan => order() == Some(Ordering::Less),
            Self::AtMost => order().is_some_and(Ordering::is_le),
            Self::IsEmpty => left.is_empty(),
            Self::IsNotEmpty => !left.is_empty(),
        }
    }
}

/// `12` and `12.0` are the same, `12` and `012` are not: the latter may be part of a telephone number.
fn same(left: &str, right: &str) -> bool {
    let number = |text: &str| {
        let digits = text.trim_start_matches('-');
        let padded = digits.starts_with('0') && digits.len() > 1 && !digits.starts_with("0.");
        let plain = !padded && !text.starts_with('+');
        plain.then(|| text.parse::<f64>().ok()).flatten()
    };
    left == right
        || matches!((number(left), number(right)), (Some(left), Some(right)) if left == right)
}

/// The input `filter`, its columns found in the header.
pub(super) struct Filter {
    conditions: Vec<(usize, Comparison, Json)>,
    any: bool,
    match_case: bool,
}

impl Filter {
    pub(super) fn of(call: &Call<'_>, place: &Place, header: &Header) -> Result<Self, StepError> {
        let given = call.input("filter").and_then(Json::as_array);
        let mut conditions = Vec::new();
        for (index, condition) in given.into_iter().flatten().enumerate() {
            let text = |name: &str| condition[name].as_str().unwrap_or_default();
            let pointer = format!("/filter/{index}/column");
            let column = header.needed(call, place, &pointer, text("column"))?;
            let value = condition.get("value").cloned().unwrap_or_default();
            conditions.push((column, Comparison::named(text("comparison")), value));
        }
        Ok(Self {
            conditions,
            any: call.text("match") == "any",
            match_case: call.flag("match_case"),
        })
    }

    /// Nothing is asked of the rows.
    pub(super) fn is_open(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether a row fits, given its cells by column.
    pub(super) fn takes<'c>(&self, cell: impl Fn(usize) -> &'c Json) -> bool {
        let mut fits = self.conditions.iter().map(|(column, comparison, value)| {
            comparison.holds(cell(*column), value, self.match_case)
        });
        if self.is_open() {
            true
        } else if self.any {
            fits.any(|fits| fits)
        } else {
            fits.all(|fits| fits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_are_compared() {
        for (cell, comparison, value, fits) in [
            (json!("Inbound"), "equals", json!("inbound "), true),
            (json!("Inbound"), "equals", json!("Outbound"), false),
            (json!(12), "equals", json!("12.0"), true),
            (json!("012"), "equals", json!(12), false),
            (json!("+12"), "equals", json!(12), false),
            (json!(true), "equals", json!("true"), true),
            (json!(""), "equals", json!(null), true),
            (json!("a"), "not_equals", json!("b"), true),
            (json!("+16505550100"), "contains", json!("650"), true),
            (json!("abc"), "not_contains", json!("b"), false),
            (json!("+1650"), "starts_with", json!("+1"), true),
            (json!("a.pdf"), "ends_with", json!(".PDF"), true),
            (json!(9), "greater_than", json!("10"), false),
            (json!("9"), "less_than", json!(10), true),
            (json!("2026-02-01"), "at_least", json!("2026-01-31"), true),
            (json!(5), "at_most", json!(5), true),
            (json!(""), "less_than", json!(10), false),
            (json!(" "), "is_empty", json!(null), true),
            (json!(0), "is_not_empty", json!(null), true),
        ] {
            assert_eq!(
                Comparison::named(comparison).holds(&cell, &value, false),
                fits,
                "{cell} {comparison} {value}"
            );
        }
    }

    #[test]
    fn capitals_count_where_they_are_asked_to() {
        let holds = |case| Comparison::Equals.holds(&json!("Ana"), &json!("ana"), case);
        assert!(holds(false) && !holds(true));
    }
}
