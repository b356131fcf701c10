//! How a cell's content is written in an answer.

use serde_json::{Number, Value};

use crate::google::dates;
use crate::google::errors;
use crate::google::formula::{self, Shown};
use crate::google::grid::{Content, Format, Sheet};
use crate::wire::{Reply, Request};

/// `valueRenderOption`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Values {
    #[default]
    Formatted,
    Unformatted,
    Formula,
}

/// Both render options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rendering {
    pub(crate) values: Values,
    /// `dateTimeRenderOption=FORMATTED_STRING`.
    pub(crate) dates_as_text: bool,
}

impl Rendering {
    /// Reads the options under these names; `response…` for methods that write.
    pub(crate) fn of(request: &Request, values: &str, dates: &str) -> Result<Self, Reply> {
        Self::from_texts(
            request.param(values).map(|text| (values, text)),
            request.param(dates).map(|text| (dates, text)),
        )
    }

    /// Reads `(name, value)` of both options, wherever they came from.
    pub(crate) fn from_texts(
        values: Option<(&str, &str)>,
        dates: Option<(&str, &str)>,
    ) -> Result<Self, Reply> {
        let values = match values {
            None | Some((_, "FORMATTED_VALUE")) => Values::Formatted,
            Some((_, "UNFORMATTED_VALUE")) => Values::Unformatted,
            Some((_, "FORMULA")) => Values::Formula,
            Some((name, other)) => {
                return Err(bad_enum(name, "ValueRenderOption", other));
            }
        };
        let dates_as_text = match dates {
            None | Some((_, "SERIAL_NUMBER")) => false,
            Some((_, "FORMATTED_STRING")) => true,
            Some((name, other)) => {
                return Err(bad_enum(name, "DateTimeRenderOption", other));
            }
        };
        Ok(Self {
            values,
            dates_as_text,
        })
    }

    /// A cell as JSON; an empty one is `""`.
    pub(crate) fn cell(self, sheet: &Sheet, row: usize, column: usize) -> Value {
        let Some(cell) = sheet.cell(row, column) else {
            return "".into();
        };
        if let (Content::Formula(text), Values::Formula) = (&cell.content, self.values) {
            return text.as_str().into();
        }
        let shown = formula::value(sheet, row, column);
        match (self.values, shown) {
            (_, Shown::Empty) => "".into(),
            (_, Shown::Text(text)) => text.into(),
            (_, Shown::Error(code)) => code.into(),
            (Values::Formatted, Shown::Bool(value)) => if value { "TRUE" } else { "FALSE" }.into(),
            (_, Shown::Bool(value)) => value.into(),
            (Values::Formatted, Shown::Number(value)) => format(value, cell.format).into(),
            (_, Shown::Number(value)) => {
                let moment = matches!(cell.format, Format::Date | Format::Time | Format::DateTime);
                if moment && self.dates_as_text {
                    format(value, cell.format).into()
                } else {
                    number(value)
                }
            }
        }
    }
}

/// The refusal of a word that an enumeration does not have.
pub(crate) fn bad_enum(name: &str, kind: &str, value: &str) -> Reply {
    let mut field = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            field.push('_');
        }
        field.push(letter.to_ascii_lowercase());
    }
    errors::bad_field(
        &field,
        &format!(
            "Invalid value at '{field}' (type.googleapis.com/google.apps.sheets.v4.{kind}), \
             \"{value}\""
        ),
    )
}

/// A number in JSON, whole numbers without a fraction.
pub(crate) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        // Exact: a whole number below 2^53.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and small"
        )]
        let whole = value as i64;
        whole.into()
    } else {
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

/// A number as the sheet shows it.
pub(crate) fn format(value: f64, format: Format) -> String {
    let moment = || dates::from_serial(value);
    match format {
        Format::General => general(value),
        Format::Percent => format!("{:.2}%", value * 100.0),
        Format::Currency if value < 0.0 => format!("-${}", grouped(-value, 2)),
        Format::Currency => format!("${}", grouped(value, 2)),
        Format::Grouped if value.fract() == 0.0 => grouped(value, 0),
        Format::Grouped => grouped(value, 2),
        Format::Date => moment().map_or_else(|| general(value), dates::show_date),
        Format::Time => moment().map_or_else(|| general(value), dates::show_time),
        Format::DateTime => moment().map_or_else(|| general(value), dates::show_moment),
    }
}

fn general(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs();
    if !(1e-9..1e15).contains(&size) {
        let text = format!("{value:.5E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let digits = trim_zeros(digits);
        let (sign, power) = match exponent.strip_prefix('-') {
            Some(power) => ('-', power),
            None => ('+', exponent),
        };
        return format!("{digits}E{sign}{power:0>2}");
    }
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    trim_zeros(&format!("{value:.9}"))
}

fn trim_zeros(text: &str) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text.to_owned()
    }
}

fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut out = String::new();
    if value < 0.0 {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
