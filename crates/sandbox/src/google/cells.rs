//! Cells and blocks as `batchUpdate` and data filters spell them: typed values, and ranges by numbers.

use serde_json::{Value, json};

use crate::google::a1::Target;
use crate::google::grid::{Area, Cell, Content, Format, Sheet};
use crate::google::spreadsheet::Spreadsheet;

/// The cell that a `CellData` describes; an empty one if it has no `userEnteredValue`.
pub(crate) fn of_data(data: &Value) -> Result<Cell, String> {
    let value = &data["userEnteredValue"];
    let Some(members) = value.as_object() else {
        return Ok(Cell::default());
    };
    let content = match members.iter().next() {
        None => Content::Empty,
        Some((kind, value)) => match (kind.as_str(), value) {
            ("stringValue", Value::String(text)) if text.is_empty() => Content::Empty,
            ("stringValue", Value::String(text)) => Content::Text(text.clone()),
            ("numberValue", Value::Number(number)) => {
                Content::Number(number.as_f64().unwrap_or_default())
            }
            ("boolValue", Value::Bool(value)) => Content::Bool(*value),
            ("formulaValue", Value::String(text)) if text.starts_with('=') => {
                Content::Formula(text.clone())
            }
            _ => return Err(format!("Invalid user_entered_value: {kind} {value}")),
        },
    };
    if members.len() > 1 {
        return Err("Only one kind of value may be set on user_entered_value".to_owned());
    }
    Ok(Cell {
        content,
        format: Format::General,
    })
}

/// The cells of a list of `RowData`.
pub(crate) fn of_rows(rows: &Value) -> Result<Vec<Vec<Cell>>, String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(rows)
        .iter()
        .map(|row| list(&row["values"]).iter().map(of_data).collect())
        .collect()
}

/// Whether a field mask takes what cells hold, and not only their looks.
pub(crate) fn takes_values(fields: &Value) -> Result<bool, String> {
    let fields = fields.as_str().unwrap_or_default();
    if fields.trim().is_empty() {
        return Err(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
                .to_owned(),
        );
    }
    Ok(fields.split(',').map(str::trim).any(|field| {
        field == "*" || field == "userEnteredValue" || field.starts_with("userEnteredValue.")
    }))
}

/// Writes rows of cells from a corner on; the grid must hold them.
pub(crate) fn put(
    sheet: &mut Sheet,
    (top, left): (usize, usize),
    rows: Vec<Vec<Cell>>,
) -> Result<(), String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    if top + rows.len() > sheet.rows || left + width > sheet.columns {
        return Err(format!(
            "Attempting to write column: {}, row: {} beyond the last requested column of: {}, row: {}",
            left + width,
            top + rows.len(),
            sheet.columns,
            sheet.rows
        ));
    }
    for (row, cells) in rows.into_iter().enumerate() {
        for (column, cell) in cells.into_iter().enumerate() {
            sheet.put(top + row, left + column, cell);
        }
    }
    Ok(())
}

/// The position of the sheet with this id; a missing id is 0, the first sheet of most files.
pub(crate) fn sheet_at(file: &Spreadsheet, id: &Value) -> Result<usize, String> {
    let id = id.as_i64().unwrap_or(0);
    file.sheets
        .iter()
        .position(|sheet| sheet.id == id)
        .ok_or_else(|| format!("No sheet with id: {id}"))
}

/// A whole number of a message, or what stands for a missing one.
pub(crate) fn index(value: &Value, default: usize) -> usize {
    value
        .as_u64()
        .and_then(|value| usize::try_from(value).ok())
        .unwrap_or(default)
}

/// The cells that a `GridRange` means, cut to the grid.
pub(crate) fn grid_range(file: &Spreadsheet, range: &Value) -> Result<Target, String> {
    let at = sheet_at(file, &range["sheetId"])?;
    let (rows, columns) = file
        .sheets
        .get(at)
        .map_or((1, 1), |sheet| (sheet.rows, sheet.columns));
    let span = |start: &str, end: &str, size: usize| {
        let (from, to) = (index(&range[start], 0), index(&range[end], size));
        if from >= to || from >= size {
            Err(format!(
                "GridRange[{start}={from}, {end}={to}] is empty or beyond the grid, which has {size}"
            ))
        } else {
            Ok((from, to.min(size) - 1))
        }
    };
    let (top, bottom) = span("startRowIndex", "endRowIndex", rows)?;
    let (left, right) = span("startColumnIndex", "endColumnIndex", columns)?;
    Ok(Target {
        sheet: at,
        area: Area {
            top,
            left,
            bottom,
            right,
        },
        single: false,
    })
}

/// A `GridRange` of an area.
pub(crate) fn range_json(gid: i64, area: Area) -> Value {
    json!({
        "sheetId": gid,
        "startRowIndex": area.top,
        "endRowIndex": area.bottom + 1,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right + 1,
    })
}
