//! `spreadsheets.batchUpdate`: changes to the shape of a spreadsheet, all or none.

use serde_json::{Value, json};

use crate::google::access::{Caller, Need};
use crate::google::grid::Sheet;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::spreadsheets::{apply_grid, describe, new_sheet_id, properties};
use crate::google::{Answer, body, errors, fields};
use crate::state::State;
use crate::wire::Reply;

/// `spreadsheets.batchUpdate`.
pub(crate) fn update(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(
        request,
        &[
            "requests",
            "includeSpreadsheetInResponse",
            "responseRanges",
            "responseIncludeGridData",
        ],
    )?;
    let requests = sent
        .get("requests")
        .and_then(Value::as_array)
        .filter(|requests| !requests.is_empty())
        .ok_or_else(|| errors::invalid("Must specify at least one request."))?;
    // On a copy, so that a request that fails undoes the ones before it.
    let mut changed = file.clone();
    let mut replies = Vec::with_capacity(requests.len());
    for (index, one) in requests.iter().enumerate() {
        replies.push(apply(&mut changed, one, index)?);
    }
    changed.touch(request.now);
    *file = changed;
    let mut answer = json!({ "spreadsheetId": id, "replies": replies });
    if sent.get("includeSpreadsheetInResponse") == Some(&Value::Bool(true)) {
        answer["updatedSpreadsheet"] = describe(file, &request.origin);
    }
    fields::ok(request, answer)
}

fn apply(file: &mut Spreadsheet, request: &Value, index: usize) -> Result<Value, Reply> {
    let members = request.as_object().filter(|members| members.len() == 1);
    let Some((kind, what)) = members.and_then(|members| members.iter().next()) else {
        return Err(errors::invalid(&format!(
            "Invalid requests[{index}]: exactly one kind of request must be set"
        )));
    };
    let fail = |text: &str| errors::invalid(&format!("Invalid requests[{index}].{kind}: {text}"));
    match kind.as_str() {
        "addSheet" => add_sheet(file, &what["properties"]).map_err(|text| fail(&text))?,
        "deleteSheet" => {
            let at = sheet_at(file, &what["sheetId"]).map_err(|text| fail(&text))?;
            if file.sheets.len() == 1 {
                return Err(fail("You can't remove all the sheets in a document."));
            }
            file.sheets.remove(at);
            return Ok(json!({}));
        }
        "updateSheetProperties" => {
            return update_properties(file, what)
                .map(|()| json!({}))
                .map_err(|text| fail(&text));
        }
        "updateSpreadsheetProperties" => {
            if let Some(title) = what["properties"]["title"].as_str() {
                file.name = title.to_owned();
            }
            return Ok(json!({}));
        }
        "deleteDimension" => {
            return delete_dimension(file, &what["range"])
                .map(|()| json!({}))
                .map_err(|text| fail(&text));
        }
        "insertDimension" => {
            return insert_dimension(file, &what["range"])
                .map(|()| json!({}))
                .map_err(|text| fail(&text));
        }
        "appendDimension" => {
            return append_dimension(file, what)
                .map(|()| json!({}))
                .map_err(|text| fail(&text));
        }
        _ => {
            return Err(errors::bad_field(
                &format!("requests[{index}]"),
                &format!(
                    "Invalid JSON payload received. Unknown name \"{kind}\" at \
                     'requests[{index}]': Cannot find field."
                ),
            ));
        }
    };
    let last = file.sheets.len() - 1;
    Ok(file.sheets.get(last).map_or_else(
        || json!({}),
        |sheet| json!({ "addSheet": { "properties": properties(last, sheet) } }),
    ))
}

type Change = Result<(), String>;

fn add_sheet(file: &mut Spreadsheet, wanted: &Value) -> Change {
    let title = match wanted["title"].as_str() {
        Some(title) => title.to_owned(),
        None => (1..)
            .map(|number| format!("Sheet{number}"))
            .find(|title| file.position(title).is_none())
            .unwrap_or_default(),
    };
    free_title(file, &title, None)?;
    let id = match wanted["sheetId"].as_i64() {
        Some(id) if file.sheets.iter().any(|sheet| sheet.id == id) => {
            return Err(format!("Sheet with id {id} already exists"));
        }
        Some(id) => id,
        None => new_sheet_id(&file.sheets, false),
    };
    let mut sheet = Sheet::new(id, &title);
    apply_grid(&mut sheet, wanted).map_err(|_| "the grid properties are not valid".to_owned())?;
    file.sheets.push(sheet);
    Ok(())
}

fn free_title(file: &Spreadsheet, title: &str, but: Option<usize>) -> Change {
    if title.is_empty() {
        return Err("A sheet needs a title".to_owned());
    }
    match file.position(title) {
        Some(at) if Some(at) != but => Err(format!(
            "A sheet with the name \"{title}\" already exists. Please enter another name."
        )),
        _ => Ok(()),
    }
}

fn sheet_at(file: &Spreadsheet, id: &Value) -> Result<usize, String> {
    // A missing sheet id is 0, the first sheet of most files.
    let id = id.as_i64().unwrap_or(0);
    file.sheets
        .iter()
        .position(|sheet| sheet.id == id)
        .ok_or_else(|| format!("No sheet with id: {id}"))
}

fn update_properties(file: &mut Spreadsheet, what: &Value) -> Change {
    let wanted = &what["properties"];
    let mask = what["fields"].as_str().unwrap_or_default();
    if mask.is_empty() {
        return Err(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all \
                    fields.)"
                .to_owned(),
        );
    }
    let listed = |name: &str| {
        mask.split(',').map(str::trim).any(|field| {
            field == "*"
                || field == name
                || field
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(['.', '(']))
        })
    };
    let at = sheet_at(file, &wanted["sheetId"])?;
    if listed("title") {
        let title = wanted["title"].as_str().unwrap_or_default().to_owned();
        free_title(file, &title, Some(at))?;
        if let Some(sheet) = file.sheets.get_mut(at) {
            sheet.title = title;
        }
    }
    if let Some(sheet) = file.sheets.get_mut(at) {
        let mut taken = wanted.clone();
        if !listed("gridProperties") {
            taken["gridProperties"] = Value::Null;
        }
        if !listed("hidden") {
            taken["hidden"] = Value::Null;
        }
        apply_grid(sheet, &taken).map_err(|_| "the grid properties are not valid".to_owned())?;
    }
    if listed("index")
        && let Some(index) = wanted["index"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
    {
        let sheet = file.sheets.remove(at);
        let index = index.min(file.sheets.len());
        file.sheets.insert(index, sheet);
    }
    Ok(())
}

/// The sheet, whether columns are meant, and the half-open span of a `DimensionRange`.
fn span(file: &Spreadsheet, range: &Value) -> Result<(usize, bool, usize, usize), String> {
    let at = sheet_at(file, &range["sheetId"])?;
    let columns = dimension(&range["dimension"])?;
    let size = file
        .sheets
        .get(at)
        .map_or(0, |sheet| if columns { sheet.columns } else { sheet.rows });
    let index = |name: &str, default: usize| {
        range[name]
            .as_u64()
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(default)
    };
    let (start, end) = (index("startIndex", 0), index("endIndex", size));
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

fn delete_dimension(file: &mut Spreadsheet, range: &Value) -> Change {
    let (at, columns, start, end) = span(file, range)?;
    let Some(sheet) = file.sheets.get_mut(at) else {
        return Ok(());
    };
    let (size, name) = if columns {
        (sheet.columns, "columns")
    } else {
        (sheet.rows, "rows")
    };
    if end > size {
        return Err(format!(
            "Cannot delete {name} {start} to {end}: the sheet has {size}"
        ));
    }
    if end - start == size {
        return Err(format!("You can't delete all the {name} on the sheet."));
    }
    if columns {
        sheet.delete_columns(start, end);
    } else {
        sheet.delete_rows(start, end);
    }
    Ok(())
}

fn insert_dimension(file: &mut Spreadsheet, range: &Value) -> Change {
    let (at, columns, start, end) = span(file, range)?;
    if let Some(sheet) = file.sheets.get_mut(at) {
        if columns {
            sheet.insert_columns(start, end - start);
        } else {
            sheet.insert_rows(start, end - start);
        }
    }
    Ok(())
}

fn append_dimension(file: &mut Spreadsheet, what: &Value) -> Change {
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
    Ok(())
}
