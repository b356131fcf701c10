//! From rows to text.

use super::delimiter;
use crate::values::plain;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use indexmap::IndexSet;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, failed, invalid, kind_name},
};
use serde_json::json;
use std::borrow::Cow;

pub(super) fn create(inputs: &Inputs) -> Result<Json, StepError> {
    let rows = inputs.list("rows");
    let columns: IndexSet<&str> = match inputs.list("columns") {
        [] => {
            let objects = rows.iter().filter_map(Json::as_object);
            objects
                .flat_map(|row| row.keys().map(String::as_str))
                .collect()
        }
        given => given.iter().filter_map(Json::as_str).collect(),
    };
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter(inputs.text("delimiter"))?)
        .quote_style(match inputs.flag("quote_all") {
            true => QuoteStyle::Always,
            false => QuoteStyle::Necessary,
        })
        .terminator(match inputs.text("line_end") {
            "crlf" => Terminator::CRLF,
            _ => Terminator::Any(b'\n'),
        })
        .flexible(true)
        .from_writer(Vec::new());
    let broken =
        |error: csv::Error| failed("internal", format!("The table cannot be written: {error}."));
    let safe = inputs.flag("safe");
    if inputs.flag("header") && !columns.is_empty() {
        writer.write_record(&columns).map_err(broken)?;
    }
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<Cow<'_, str>> = match row {
            Json::Object(row) => {
                let cells = columns.iter().map(|name| row.get(*name));
                cells
                    .map(|cell| cell.map_or(Cow::Borrowed(""), |cell| written(cell, safe)))
                    .collect()
            }
            Json::Array(cells) => cells.iter().map(|cell| written(cell, safe)).collect(),
            other => {
                let message = format!(
                    "Row {index} is {}. A row is an object or a list of cells.",
                    kind_name(other)
                );
                return Err(invalid(&format!("/rows/{index}"), message));
            }
        };
        let cells = cells.iter().map(|cell| cell.as_bytes());
        writer.write_record(cells).map_err(broken)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failed("internal", format!("The table cannot be written: {error}.")))?;
    Ok(json!({ "result": String::from_utf8_lossy(&bytes), "count": rows.len() }))
}

fn written(cell: &Json, safe: bool) -> Cow<'_, str> {
    let text = plain(cell);
    if safe && cell.is_string() && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{text}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hooks_of_csv::read::parse;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_can_be_read(rows in prop::collection::vec(prop::collection::vec("[ab,;\"\n' é]{1,8}", 3), 1..6), delimiter in prop::sample::select(vec![",", ";", "\\t"])) {
            let inputs = json!({ "rows": rows, "delimiter": delimiter });
            let text = create(&inputs.as_object().cloned().unwrap().into()).unwrap();
            let inputs = json!({ "text": text["result"], "delimiter": delimiter, "header": false });
            let read = parse(&mut inputs.as_object().cloned().unwrap().into()).unwrap();
            prop_assert_eq!(&read["rows"], &json!(rows));
        }
    }
}
