//! Requests about rows and columns as a whole.

use serde_json::Value;

use super::Done;
use crate::google::cells::{index, sheet_at};
use crate::google::metadata;
use crate::google::spreadsheet::Spreadsheet;

/// The sheet, whether columns are meant, and the half-open span of a `DimensionRange`.
fn span(file: &Spreadsheet, range: &Value) -> Result<(usize, bool, usize, usize), String> {
    let at = sheet_at(file, &range["sheetId"])?;
    let columns = dimension(&range["dimension"])?;
    let size = file
        .sheets
        .get(at)
        .map_or(0, |sheet| if columns { sheet.columns } else { sheet.rows });
    let (start, end) = (
        index(&range["startIndex"], 0),
        index(&range["endIndex"], size),
    );
    if start >= end {
        return Err(format!(
            "endIndex ({end}) must be larger than startIndex ({start})"
        ));
    }
    Ok((at, columns, start, end))
}

fn dimension(value: &Value) -> Result<bool, String> {
    match value.as_str() {
        Some("ROWS") => Ok(false),
        Some("COLUMNS") => Ok(true),
        _ => Err("dimension must be ROWS or COLUMNS".to_owned()),
    }
}

/// `deleteDimension`.
pub(super) fn delete(file: &mut Spreadsheet, range: &Value) -> Done {
    let (at, columns, start, end) = span(file, range)?;
    let Some(sheet) = file.sheets.get_mut(at) else {
        return Ok(Value::Null);
    };
    let (size, name) = if columns {
        (sheet.columns, "columns")
    } else {
        (sheet.rows, "rows")
    };
    if end > size {
        let one = name.trim_end_matches('s');
        return Err(format!(
            "Cannot delete a {one} that doesn't exist. Tried to delete {one} index {} but there are only {size} {name}.",
            end - 1
        ));
    }
    if end - start == size {
        return Err(format!("You can't delete all the {name} on the sheet."));
    }
    let frozen = if columns {
        sheet.frozen_columns
    } else {
        sheet.frozen_rows
    };
    if frozen > 0 && start <= frozen && end == size {
        return Err(format!(
            "Sorry, it is not possible to delete all non-frozen {name}."
        ));
    }
    if columns {
        sheet.delete_columns(start, end);
    } else {
        sheet.delete_rows(start, end);
    }
    let gid = sheet.id;
    metadata::deleted(&mut file.metadata, gid, columns, start, end);
    Ok(Value::Null)
}

/// `insertDimension`.
pub(super) fn insert(file: &mut Spreadsheet, range: &Value) -> Done {
    let (at, columns, start, end) = span(file, range)?;
    if let Some(sheet) = file.sheets.get_mut(at) {
        if columns {
            sheet.insert_columns(start, end - start);
        } else {
            sheet.insert_rows(start, end - start);
        }
        let gid = sheet.id;
        metadata::inserted(&mut file.metadata, gid, columns, start, end - start);
    }
    Ok(Value::Null)
}

/// `appendDimension`.
pub(super) fn append(file: &mut Spreadsheet, what: &Value) -> Done {
    let at = sheet_at(file, &what["sheetId"])?;
    let columns = dimension(&what["dimension"])?;
    let length = what["length"]
        .as_u64()
        .and_then(|length| usize::try_from(length).ok())
        .filter(|length| *length > 0)
        .ok_or_else(|| "length must be larger than 0".to_owned())?;
    if let Some(sheet) = file.sheets.get_mut(at) {
        if columns {
            sheet.columns += length;
        } else {
            sheet.rows += length;
        }
    }
    Ok(Value::Null)
}
