//! The four kinds of arithmetic, rounding, and what a list of numbers comes to.

use super::decimal::{json, read, too_large};
use crate::values::number;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, StepErrorExt as _, failed, invalid},
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;

fn result(decimal: Decimal) -> Result<Json, StepError> {
    Ok(json!({ "result": json(decimal) }))
}

fn one(inputs: &Inputs, name: &str) -> Result<Decimal, StepError> {
    let zero = Json::from(0);
    read(inputs.get(name).unwrap_or(&zero), &format!("/{name}"))
}

fn all(inputs: &Inputs) -> Result<Vec<Decimal>, StepError> {
    let values = inputs.list("values").iter().enumerate();
    values
        .map(|(index, value)| read(value, &format!("/values/{index}")))
        .collect()
}

pub(super) fn add(inputs: &Inputs) -> Result<Json, StepError> {
    sum(&all(inputs)?).and_then(result)
}

fn sum(values: &[Decimal]) -> Result<Decimal, StepError> {
    let mut values = values.iter();
    values
        .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value))
        .ok_or_else(|| too_large("/values"))
}

pub(super) fn subtract(inputs: &Inputs) -> Result<Json, StepError> {
    let difference = one(inputs, "from")?.checked_sub(one(inputs, "value")?);
    difference
        .ok_or_else(|| too_large("/from"))
        .and_then(result)
}

pub(super) fn multiply(inputs: &Inputs) -> Result<Json, StepError> {
    let product = all(inputs)?
        .into_iter()
        .try_fold(Decimal::ONE, |product, value| product.checked_mul(value));
    product.ok_or_else(|| too_large("/values")).and_then(result)
}

pub(super) fn divide(inputs: &Inputs) -> Result<Json, StepError> {
    let (value, by) = (one(inputs, "value")?, one(inputs, "by")?);
    if by.is_zero() {
        return Err(failed("division_by_zero", "A number cannot be divided by zero.").at("/by"));
    }
    let large = || too_large("/by");
    let quotient = value.checked_div(by).ok_or_else(large)?;
    let remainder = value.checked_rem(by).ok_or_else(large)?;
    let mut output = json!({ "result": json(quotient) });
    let whole = json(quotient.trunc());
    if whole.is_i64() {
        output["whole"] = whole;
    }
    output["remainder"] = json(remainder);
    Ok(output)
}

pub(super) fn power(inputs: &Inputs) -> Result<Json, StepError> {
    let base = inputs.number("base").unwrap_or(0.0);
    let exponent = inputs.number("exponent").unwrap_or(0.0);
    let result = base.powf(exponent);
    if result.is_nan() {
        let message = "A negative number has no such power: the exponent must be a whole number.";
        return Err(invalid("/base", message));
    }
    if result.is_infinite() {
        return Err(too_large("/exponent"));
    }
    Ok(json!({ "result": number(result) }))
}

pub(super) fn round(inputs: &Inputs) -> Result<Json, StepError> {
    let value = one(inputs, "value")?;
    let decimals = inputs.integer("decimals").unwrap_or(0);
    rounded(value, decimals, inputs.text("how"))
        .ok_or_else(|| too_large("/decimals"))
        .and_then(result)
}

/// None: there are not enough digits for the result.
pub(super) fn rounded(value: Decimal, decimals: i64, how: &str) -> Option<Decimal> {
    let strategy = match how {
        "even" => RoundingStrategy::MidpointNearestEven,
        "up" => RoundingStrategy::ToPositiveInfinity,
        "down" => RoundingStrategy::ToNegativeInfinity,
        "towards_zero" => RoundingStrategy::ToZero,
        _ => RoundingStrategy::MidpointAwayFromZero,
    };
    if let Ok(decimals) = u32::try_from(decimals) {
        return Some(value.round_dp_with_strategy(decimals.min(28), strategy));
    }
    let places = u32::try_from(decimals.unsigned_abs()).ok()?;
    let unit = Decimal::from(10u64.checked_pow(places)?);
    let units = value.checked_div(unit)?;
    units.round_dp_with_strategy(0, strategy).checked_mul(unit)
}

pub(super) fn absolute(inputs: &Inputs) -> Result<Json, StepError> {
    let value = one(inputs, "value")?;
    let sign = match value {
        value if value.is_zero() => 0,
        value if value.is_sign_negative() => -1,
        _ => 1,
    };
    Ok(json!({ "result": json(value.abs()), "sign": sign }))
}

pub(super) fn statistics(inputs: &Inputs) -> Result<Json, StepError> {
    let mut values = all(inputs)?;
    let sum = sum(&values)?;
    let mut output = json!({ "count": values.len(), "sum": json(sum) });
    values.sort();
    let (Some(least), Some(most)) = (values.first(), values.last()) else {
        return Ok(output);
    };
    let count = Decimal::from(values.len());
    let average = sum.checked_div(count).unwrap_or_default();
    let middle = values.len() / 2;
    let median = match values.len() % 2 {
        1 => values[middle],
        _ => (values[middle - 1] / Decimal::TWO) + (values[middle] / Decimal::TWO),
    };
    output["average"] = json(average);
    output["median"] = json(median);
    output["minimum"] = json(*least);
    output["maximum"] = json(*most);
    let float = |decimal: Decimal| json(decimal).as_f64().unwrap_or_default();
    let squares: f64 = values
        .iter()
        .map(|value| (float(*value) - float(average)).powi(2))
        .sum();
    output["deviation"] = number((squares / values.len() as f64).sqrt());
    Ok(output)
}

pub(super) fn random_number(inputs: &Inputs) -> Result<Json, StepError> {
    let from = inputs.integer("from").unwrap_or(1);
    let to = inputs.integer("to").unwrap_or(100);
    if to < from {
        return Err(invalid("/to", format!("{to} is smaller than {from}.")));
    }
    let count = to.abs_diff(from).saturating_add(1);
    // What is above the last whole multiple would make small numbers likelier.
    let fair = u64::MAX - u64::MAX % count;
    loop {
        let drawn = getrandom::u64().map_err(|error| {
            failed(
                "internal",
                format!("The machine gives no random numbers: {error}."),
            )
        })?;
        if drawn < fair {
            let number = from.wrapping_add_unsigned(drawn % count);
            return Ok(json!({ "result": number }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    proptest! {
        #[test]
        fn rounding_twice_is_rounding_once(value in -1e9f64..1e9, decimals in -6i64..10, how in prop::sample::select(vec!["nearest", "even", "up", "down", "towards_zero"])) {
            let once = round(&with(json!({"value": value, "decimals": decimals, "how": how}))).unwrap();
            let twice = round(&with(json!({"value": once["result"], "decimals": decimals, "how": how}))).unwrap();
            prop_assert_eq!(once, twice);
        }

        #[test]
        fn a_quotient_and_its_remainder_make_the_number_again(value in -100_000i64..100_000, by in 1i64..5000) {
            let output = divide(&with(json!({"value": value, "by": by}))).unwrap();
            let (whole, rest) = (output["whole"].as_i64().unwrap(), output["remainder"].as_i64().unwrap());
            prop_assert_eq!(whole * by + rest, value);
        }

        #[test]
        fn what_is_drawn_lies_between_the_bounds(from in any::<i64>(), more in any::<u32>()) {
            let to = from.saturating_add(i64::from(more));
            let drawn = random_number(&with(json!({"from": from, "to": to}))).unwrap();
            let drawn = drawn["result"].as_i64().unwrap();
            prop_assert!(from <= drawn && drawn <= to);
        }
    }
}
