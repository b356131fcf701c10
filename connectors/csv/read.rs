//! From text to rows.

use super::delimiter;
use crate::file::{self, File};
use csv::{ReaderBuilder, StringRecord, Trim};
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, kind_name},
};
use serde_json::json;

/// What usually divides cells, the most likely first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn parse(inputs: &mut Inputs) -> Result<Json, StepError> {
    let text = text(inputs)?;
    let text = text.trim_start_matches('\u{feff}');
    let quote = inputs.text("quote").bytes().next().unwrap_or(b'"');
    let divides = match inputs.text("delimiter") {
        "" => likely(text, quote),
        given => delimiter(given)?,
    };
    let given: Vec<String> = inputs
        .list("columns")
        .iter()
        .filter_map(Json::as_str)
        .map(str::to_owned)
        .collect();
    let header = inputs.flag("header");
    let mut reader = ReaderBuilder::new()
        .delimiter(divides)
        .quote(quote)
        .has_headers(header)
        .trim(if inputs.flag("trim") {
            Trim::All
        } else {
            Trim::None
        })
        .from_reader(text.as_bytes());
    let columns = match (given.is_empty(), header) {
        (false, _) => given,
        (true, true) => names(reader.headers().map_err(|error| broken(&error))?),
        (true, false) => Vec::new(),
    };
    let types = inputs.flag("types");
    let value = |cell: &str| if types { typed(cell) } else { Json::from(cell) };
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| broken(&error))?
    {
        let cells = record.iter();
        rows.push(if columns.is_empty() {
            cells.map(value).collect()
        } else {
            let named = columns.iter().zip(cells);
            let row = named.map(|(name, cell)| (name.clone(), value(cell)));
            Json::Object(row.collect::<JsonMap>())
        });
    }
    let count = rows.len();
    Ok(json!({ "rows": rows, "columns": columns, "count": count }))
}

fn text(inputs: &mut Inputs) -> Result<String, StepError> {
    match inputs.take("text") {
        Json::String(text) => Ok(text),
        file @ Json::Object(_) => {
            let file = File::read(&file, "/text")?;
            file::decoded(&file.bytes, inputs.text("encoding"), "/text", "/encoding")
        }
        other => {
            let kind = kind_name(&other);
            let message = format!("The text must be a text or a file and is {kind}.");
            Err(invalid("/text", message))
        }
    }
}

/// The sign that stands most often in the first line, outside of quotes.
fn likely(text: &str, quote: u8) -> u8 {
    let mut quoted = false;
    let mut counts = [0usize; DELIMITERS.len()];
    for byte in text.bytes() {
        match byte {
            byte if byte == quote => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                if let Some(index) = DELIMITERS.iter().position(|known| *known == byte) {
                    counts[index] += 1;
                }
            }
            _ => {}
        }
    }
    // Of equally frequent ones the first.
    let best = (0..DELIMITERS.len())
        .rev()
        .max_by_key(|index| counts[*index]);
    DELIMITERS[best.unwrap_or(0)]
}

/// The names of a header: empty ones and repeated ones get a number.
fn names(header: &StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        let wanted = match cell.trim() {
            "" => format!("column_{}", index + 1),
            name => name.to_owned(),
        };
        let mut name = wanted.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// A number or truth value if the cell is surely one: no leading zeros, no sign before, no more digits than fit.
fn typed(cell: &str) -> Json {
    match cell {
        "true" => return Json::Bool(true),
        "false" => return Json::Bool(false),
        _ => {}
    }
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain = digits.starts_with(|char: char| char.is_ascii_digit())
        && digits
            .chars()
            .all(|char| char.is_ascii_digit() || char == '.')
        && digits.len() <= 15;
    if plain && !leading_zero {
        if let Ok(whole) = cell.parse::<i64>() {
            return Json::from(whole);
        }
        if let Ok(number) = cell.parse::<f64>() {
            return Json::from(number);
        }
    }
    Json::from(cell)
}

fn broken(error: &csv::Error) -> StepError {
    let line = error.position().map_or(0, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "The row in line {line} has {len} cells and the first row has {expected_len}. Is the delimiter right?"
        ),
        _ => format!("The text is no table: {error}."),
    };
    invalid("/text", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found_out() {
        for (text, wanted) in [
            ("a,b\n1;2;3", b','),
            ("a;b,c;d", b';'),
            ("\"a;b;c\",d", b','),
            ("a\tb", b'\t'),
            ("alone", b','),
        ] {
            assert_eq!(likely(text, b'"'), wanted, "{text}");
        }
    }

    #[test]
    fn only_sure_numbers_become_numbers() {
        for (cell, wanted) in [
            ("12", json!(12)),
            ("-0.5", json!(-0.5)),
            ("0", json!(0)),
            ("0221", json!("0221")),
            ("+49", json!("+49")),
            ("1e5", json!("1e5")),
            ("1.2.3", json!("1.2.3")),
            ("12345678901234567890", json!("12345678901234567890")),
            ("", json!("")),
        ] {
            assert_eq!(typed(cell), wanted, "{cell}");
        }
    }

    #[test]
    fn columns_without_a_name_or_with_the_same_get_one() {
        let header = StringRecord::from(vec!["a", "", "a", "a_2", "a"]);
        assert_eq!(names(&header), ["a", "column_2", "a_2", "a_2_2", "a_3"]);
    }
}
