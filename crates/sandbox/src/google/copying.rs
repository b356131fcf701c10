//! `spreadsheets.sheets.copyTo`: a sheet of one file becomes a sheet of another.

use serde_json::Value;

use crate::google::access::{Caller, Need};
use crate::google::spreadsheet::Spreadsheet;
use crate::google::spreadsheets::{new_sheet_id, properties};
use crate::google::{Answer, body, errors, fields};
use crate::state::State;

/// Copies a sheet to the end of another file of the same person.
pub(crate) fn copy(state: &mut State, caller: &Caller<'_>, id: &str, sheet: &str) -> Answer {
    let request = caller.request;
    let gid: i64 = sheet.parse().map_err(|_| {
        errors::invalid(&format!(
            "Invalid value at 'sheet_id' (TYPE_INT32), \"{sheet}\""
        ))
    })?;
    let from = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(request, &["destinationSpreadsheetId"])?;
    let found = from.sheets.iter().find(|sheet| sheet.id == gid);
    let mut copy = found.cloned().ok_or_else(errors::not_found)?;
    let to = sent
        .get("destinationSpreadsheetId")
        .and_then(Value::as_str)
        .ok_or_else(|| errors::invalid("destinationSpreadsheetId must be specified"))?
        .to_owned();
    let file = caller.reach(state, &to, Need::Write)?;
    copy.id = new_sheet_id(&file.sheets, false);
    copy.title = free_title(file, &copy.title);
    file.sheets.push(copy);
    file.touch(request.now);
    let last = file.sheets.len() - 1;
    let answer = file.sheets.get(last).map(|sheet| properties(last, sheet));
    fields::ok(request, answer.unwrap_or_default())
}

/// `Copy of Calls`, with a number if that is taken.
pub(crate) fn free_title(file: &Spreadsheet, title: &str) -> String {
    let first = format!("Copy of {title}");
    let numbered = (1..).map(|number| format!("Copy of {title} {number}"));
    std::iter::once(first)
        .chain(numbered)
        .find(|title| file.position(title).is_none())
        .unwrap_or_default()
}
