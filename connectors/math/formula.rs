//! Formulas: read once from left to right, worked out while they are read.

use super::{
    decimal::{json, parse, read, too_large},
    operations::rounded,
};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, StepErrorExt as _, failed, invalid, pointer_to},
    suggest::did_you_mean,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::json;
use std::collections::BTreeMap;

/// Brackets inside brackets.
const MOST_DEPTH: usize = 64;
const FUNCTIONS: [&str; 10] = [
    "abs", "ceil", "floor", "round", "sqrt", "min", "max", "sum", "average", "if",
];

pub(super) fn calculate(inputs: &Inputs) -> Result<Json, StepError> {
    let mut names = BTreeMap::new();
    for (name, value) in inputs
        .get("values")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        names.insert(name.as_str(), read(value, &pointer_to("/values", name))?);
    }
    let mut reader = Reader {
        tokens: tokens(inputs.text("formula"))?,
        place: 0,
        depth: 0,
        names,
    };
    let result = reader.either()?;
    match reader.next() {
        None => Ok(json!({ "result": json(result) })),
        Some(token) => Err(wrong(format!("\"{token}\" does not fit where it stands"))),
    }
}

fn wrong(reason: String) -> StepError {
    invalid("/formula", format!("The formula cannot be read: {reason}."))
}

/// Numbers, names and signs as they are written.
fn tokens(formula: &str) -> Result<Vec<String>, StepError> {
    let mut tokens = Vec::new();
    let mut chars = formula.chars().peekable();
    while let Some(char) = chars.next() {
        if char.is_whitespace() {
            continue;
        }
        let mut token = char.to_string();
        let mut take = |fits: fn(&str, char) -> bool| {
            while let Some(next) = chars.next_if(|next| fits(&token, *next)) {
                token.push(next);
            }
        };
        match char {
            '0'..='9' | '.' => take(|token, next| {
                let exponent = token.ends_with(['e', 'E']);
                next.is_ascii_digit()
                    || matches!(next, '.' | 'e' | 'E')
                    || (exponent && matches!(next, '+' | '-'))
            }),
            '<' | '>' | '!' | '=' => take(|token, next| token.len() == 1 && next == '='),
            '+' | '-' | '*' | '/' | '%' | '^' | '(' | ')' | ',' => {}
            char if char.is_alphabetic() || char == '_' => {
                take(|_, next| next.is_alphanumeric() || matches!(next, '_' | '.'));
            }
            other => return Err(wrong(format!("\"{other}\" has no meaning in it"))),
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Reader<'n> {
    tokens: Vec<String>,
    place: usize,
    depth: usize,
    names: BTreeMap<&'n str, Decimal>,
}

type Number = Result<Decimal, StepError>;

impl Reader<'_> {
    fn next(&mut self) -> Option<String> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    /// Takes the next token if it is one of these.
    fn take(&mut self, wanted: &[&str]) -> Option<String> {
        let token = self.tokens.get(self.place)?;
        if !wanted.contains(&token.as_str()) {
            return None;
        }
        self.next()
    }

    fn either(&mut self) -> Number {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(wrong(format!(
                "more than {MOST_DEPTH} brackets stand inside one another"
            )));
        }
        let mut left = self.both()?;
        while self.take(&["or"]).is_some() {
            let right = self.both()?;
            left = truth(!left.is_zero() || !right.is_zero());
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Number {
        let mut left = self.comparison()?;
        while self.take(&["and"]).is_some() {
            let right = self.comparison()?;
            left = truth(!left.is_zero() && !right.is_zero());
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Number {
        if self.take(&["not"]).is_some() {
            self.depth += 1;
            if self.depth > MOST_DEPTH {
                return Err(wrong("there are too many \"not\"".to_owned()));
            }
            let value = self.comparison()?;
            self.depth -= 1;
            return Ok(truth(value.is_zero()));
        }
        let left = self.sum()?;
        let Some(sign) = self.take(&["=", "==", "!=", "<", "<=", ">", ">="]) else {
            return Ok(left);
        };
        let right = self.sum()?;
        Ok(truth(match sign.as_str() {
            "!=" => left != right,
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => left == right,
        }))
    }

    fn sum(&mut self) -> Number {
        let mut left = self.product()?;
        while let Some(sign) = self.take(&["+", "-"]) {
            let right = self.product()?;
            let sum = match sign.as_str() {
                "+" => left.checked_add(right),
                _ => left.checked_sub(right),
            };
            left = sum.ok_or_else(|| too_large("/formula"))?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Number {
        let mut left = self.signed()?;
        while let Some(sign) = self.take(&["*", "/", "%"]) {
            let right = self.signed()?;
            let product = match sign.as_str() {
                "*" => left.checked_mul(right),
                _ if right.is_zero() => {
                    let message = "The formula has a division by zero.";
                    return Err(failed("division_by_zero", message).at("/formula"));
                }
                "/" => left.checked_div(right),
                _ => left.checked_rem(right),
            };
            left = product.ok_or_else(|| too_large("/formula"))?;
        }
        Ok(left)
    }

    /// A sign binds less than a power: -3 ^ 2 is -9.
    fn signed(&mut self) -> Number {
        let mut negative = false;
        while let Some(sign) = self.take(&["-", "+"]) {
            negative ^= sign == "-";
        }
        let value = self.power()?;
        Ok(if negative { -value } else { value })
    }

    fn power(&mut self) -> Number {
        let base = self.single()?;
        if self.take(&["^"]).is_none() {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(wrong("there are too many powers of powers".to_owned()));
        }
        let exponent = self.signed()?;
        self.depth -= 1;
        raised(base, exponent)
    }

    fn single(&mut self) -> Number {
        let token = self
            .next()
            .ok_or_else(|| wrong("it ends too early".to_owned()))?;
        if token.starts_with(|char: char| char.is_ascii_digit() || char == '.') {
            return parse(&token).ok_or_else(|| wrong(format!("\"{token}\" is no number")));
        }
        if token == "(" {
            let value = self.either()?;
            self.closed()?;
            return Ok(value);
        }
        if FUNCTIONS.contains(&token.as_str()) && self.take(&["("]).is_some() {
            return self.function(&token);
        }
        if let Some(value) = self.names.get(token.as_str()) {
            return Ok(*value);
        }
        if token.starts_with(|char: char| char.is_alphabetic() || char == '_') {
            let known = self.names.keys().copied().chain(FUNCTIONS);
            let hint = did_you_mean(&token, known);
            let message =
                format!("The formula names \"{token}\", and Values has no such name.{hint}");
            return Err(invalid("/formula", message));
        }
        Err(wrong(format!("\"{token}\" does not fit where it stands")))
    }

    fn closed(&mut self) -> Result<(), StepError> {
        match self.next().as_deref() {
            Some(")") => Ok(()),
            Some(other) => Err(wrong(format!("\"{other}\" stands where \")\" belongs"))),
            None => Err(wrong("it ends before a bracket is closed".to_owned())),
        }
    }

    fn function(&mut self, name: &str) -> Number {
        let mut given = vec![self.either()?];
        while self.take(&[","]).is_some() {
            given.push(self.either()?);
        }
        self.closed()?;
        let large = || too_large("/formula");
        let sum = || {
            let mut given = given.iter();
            given
                .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value))
                .ok_or_else(large)
        };
        match (name, given.as_slice()) {
            ("abs", [value]) => Ok(value.abs()),
            ("ceil", [value]) => Ok(value.ceil()),
            ("floor", [value]) => Ok(value.floor()),
            ("round", [value]) => rounded(*value, 0, "nearest").ok_or_else(large),
            ("round", [value, decimals]) => {
                let decimals = decimals.to_i64().unwrap_or(0).clamp(-15, 28);
                rounded(*value, decimals, "nearest").ok_or_else(large)
            }
            ("sqrt", [value]) if value.is_sign_negative() && !value.is_zero() => {
                Err(invalid("/formula", format!("{value} has no square root.")))
            }
            ("sqrt", [value]) => raised(*value, Decimal::new(5, 1)),
            ("min", all) => Ok(all.iter().min().copied().unwrap_or_default()),
            ("max", all) => Ok(all.iter().max().copied().unwrap_or_default()),
            ("sum", _) => sum(),
            ("average", all) => sum()?
                .checked_div(Decimal::from(all.len()))
                .ok_or_else(large),
            ("if", [condition, then, or_else]) => {
                Ok(if condition.is_zero() { *or_else } else { *then })
            }
            _ => Err(wrong(format!("\"{name}\" takes another number of values"))),
        }
    }
}

fn truth(holds: bool) -> Decimal {
    Decimal::from(u8::from(holds))
}

/// Exact for small whole exponents, else as floating point numbers do it.
fn raised(base: Decimal, exponent: Decimal) -> Number {
    if exponent.is_integer()
        && let Some(times) = exponent.to_u32().filter(|times| *times <= 100)
    {
        let power = (0..times).try_fold(Decimal::ONE, |power, _| power.checked_mul(base));
        return power.ok_or_else(|| too_large("/formula"));
    }
    let float = |decimal: Decimal| decimal.to_f64().unwrap_or(f64::NAN);
    let power = float(base).powf(float(exponent));
    if !power.is_finite() {
        let message = format!("{base} ^ {exponent} is no number.");
        return Err(invalid("/formula", message));
    }
    // The last digits of a floating point number are chance.
    Decimal::try_from(power).map_err(|_| too_large("/formula"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(formula: &str) -> Result<Json, StepError> {
        let inputs = json!({ "formula": formula, "values": { "a": 2, "b.c": 0.5 } });
        calculate(&inputs.as_object().cloned().unwrap().into())
    }

    #[test]
    fn formulas_mean_what_they_mean_in_school() {
        for (formula, result) in [
            ("1 + 2 * 3", json!(7)),
            ("(1 + 2) * 3", json!(9)),
            ("2 ^ 3 ^ 2", json!(512)),
            ("-3 ^ 2", json!(-9)),
            ("2 ^ -1", json!(0.5)),
            ("--1", json!(1)),
            ("1e3 + 1.5E-1", json!(1000.15)),
            ("a * b.c", json!(1)),
            ("7 % 4", json!(3)),
            ("1 < 2 and not 2 < 1", json!(1)),
            ("if(a = 2, 10, 20)", json!(10)),
            ("average(1, 2, 6)", json!(3)),
            ("sqrt(9)", json!(3)),
            ("round(1234, -2)", json!(1200)),
        ] {
            assert_eq!(with(formula).unwrap()["result"], result, "{formula}");
        }
    }

    #[test]
    fn mistakes_are_said() {
        for (formula, part) in [
            ("1 +", "ends too early"),
            ("1 2", "does not fit"),
            ("(1", "before a bracket is closed"),
            ("1 ? 2", "no meaning"),
            ("1.2.3", "no number"),
            ("sqrt(-1)", "no square root"),
            ("abs(1, 2)", "another number of values"),
            ("10 ^ 99", "too large"),
            (&"(".repeat(5000), "brackets"),
            (&"not ".repeat(5000), "too many"),
            (&"2^".repeat(5000), "too many"),
        ] {
            let error = with(formula).unwrap_err();
            assert!(
                error.message.contains(part),
                "{formula:.20}: {}",
                error.message
            );
        }
    }

    proptest! {
        #[test]
        fn no_formula_makes_it_panic(formula in "[0-9a+*/%^()., <>=e-]{0,40}") {
            let _ = with(&formula);
        }
    }
}
