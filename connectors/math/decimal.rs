//! Between JSON's numbers and decimal fractions, which add up as people expect.

use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{invalid, shown},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The number as a decimal fraction; an error that names the input if it is too large or no number.
pub(super) fn read(value: &Json, pointer: &str) -> Result<Decimal, StepError> {
    let text = match value {
        Json::Number(number) => number.to_string(),
        other => {
            let message = format!("{} is no number.", shown(other));
            return Err(invalid(pointer, message));
        }
    };
    parse(&text).ok_or_else(|| {
        let message = format!("{text} is too large to calculate with; 28 digits are the most.");
        invalid(pointer, message)
    })
}

/// A number as JSON spells it; what is too small becomes 0.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let plain = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
    plain.ok().or_else(|| {
        let float: f64 = text.parse().ok()?;
        let tiny = float.abs() < 1e-20;
        match tiny {
            true => Some(Decimal::ZERO),
            false => Decimal::from_f64_retain(float),
        }
    })
}

/// The nearest number of JSON: whole ones without a point.
pub(super) fn json(decimal: Decimal) -> Json {
    let decimal = decimal.normalize();
    if decimal.is_integer()
        && let Some(whole) = decimal.to_i64()
    {
        return Json::from(whole);
    }
    decimal
        .to_string()
        .parse::<f64>()
        .map_or(Json::Null, Json::from)
}

/// The error for a result that has more digits than a decimal fraction can have.
pub(super) fn too_large(pointer: &str) -> StepError {
    invalid(pointer, "The result is too large; 28 digits are the most.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_of_usual_size_come_back_as_they_were(whole in -1_000_000_000i64..1_000_000_000, cents in 0u32..4) {
            let value = whole as f64 / 10f64.powi(cents as i32);
            let there = read(&Json::from(value), "/a").unwrap();
            prop_assert_eq!(json(there).as_f64().unwrap(), value);
        }

        #[test]
        fn no_number_makes_reading_panic(value in any::<f64>()) {
            let _ = read(&Json::from(value), "/a");
        }
    }
}
