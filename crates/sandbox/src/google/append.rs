//! `spreadsheets.values.append`: finds the table in a range and writes below it.
//!
//! The range is only searched. New rows start at the table's first column, which may differ from
//! the range's: with a bare sheet name and a row that has empty cells, the last "table" is the
//! part right of the gap, and rows drift to the right. That trap is real and kept.

use serde_json::{Value, json};

use crate::google::access::{Caller, Need};
use crate::google::body::{self, Input, VALUE_RANGE};
use crate::google::grid::{Area, Cell, Sheet};
use crate::google::render::bad_enum;
use crate::google::values::{Echo, Written, same_range, year};
use crate::google::{Answer, a1, fields};
use crate::state::State;
use crate::wire::Reply;

/// `insertDataOption`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Insert {
    /// Writes over what is below the table.
    Overwrite,
    /// Moves what is below the table down.
    Rows,
}

impl Insert {
    fn of(text: Option<&str>) -> Result<Self, Reply> {
        match text {
            None | Some("OVERWRITE") => Ok(Self::Overwrite),
            Some("INSERT_ROWS") => Ok(Self::Rows),
            Some(other) => Err(bad_enum("insertDataOption", "InsertDataOption", other)),
        }
    }
}

/// `spreadsheets.values.append`.
pub(crate) fn append(state: &mut State, caller: &Caller<'_>, id: &str, range: &str) -> Answer {
    let request = caller.request;
    let year = year(request.now);
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(
        request,
        &[
            "valueInputOption",
            "insertDataOption",
            "includeValuesInResponse",
            "responseValueRenderOption",
            "responseDateTimeRenderOption",
        ],
    )?;
    let echo = Echo::of_query(caller)?;
    let insert = Insert::of(request.param("insertDataOption"))?;
    let sent = body::object(request, &VALUE_RANGE)?;
    let input = Input::of(request.param("valueInputOption"))?;
    let columns = body::major(sent.get("majorDimension").and_then(Value::as_str))?;
    let sent = body::value_range(sent, "data", input, year)?;
    let target = a1::resolve(file, range)?;
    same_range(file, range, target, &sent)?;
    let mut answer = json!({ "spreadsheetId": id });
    let Some(sheet) = file.sheets.get_mut(target.sheet) else {
        return fields::ok(request, answer);
    };
    let (table, top, left) = place(sheet, target.area);
    if let Some(table) = table {
        answer["tableRange"] = a1::write(sheet, table).into();
    }
    let written = Written::at(target.sheet, top, left, &sent.rows);
    write(sheet, table, &written, insert, sent.rows);
    file.touch(request.now);
    answer["updates"] = written.answer(file, echo, columns);
    fields::ok(request, answer)
}

/// The last table in the area, and where the next row goes.
pub(crate) fn place(sheet: &mut Sheet, area: Area) -> (Option<Area>, usize, usize) {
    match sheet.tables().iter().rfind(|table| table.meets(area)) {
        Some(table) => (Some(*table), table.bottom + 1, table.left),
        None => (None, area.top, area.left),
    }
}

fn write(
    sheet: &mut Sheet,
    table: Option<Area>,
    written: &Written,
    insert: Insert,
    rows: Vec<Vec<Option<Cell>>>,
) {
    let (top, left) = (written.area.top, written.area.left);
    if insert == Insert::Rows && table.is_some() {
        sheet.insert_rows(top, rows.len());
    }
    sheet.grow(top + rows.len(), written.area.right + 1);
    let mut below = table;
    for (index, row) in rows.into_iter().enumerate() {
        let row_number = top + index;
        let cells = row
            .into_iter()
            .enumerate()
            .filter_map(|(column, cell)| cell.map(|cell| (left + column, cell)));
        match &mut below {
            Some(table) => {
                sheet.put_below(*table, row_number, cells.collect());
                table.bottom = row_number;
            }
            None => {
                for (column, cell) in cells {
                    sheet.put(row_number, column, cell);
                }
            }
        }
    }
}
