//! Requests about whole sheets.

use serde_json::{Value, json};

use super::Done;
use crate::google::cells::{self, sheet_at};
use crate::google::copying;
use crate::google::grid::Sheet;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::spreadsheets::{apply_grid, new_sheet_id, properties};

/// `addSheet`.
pub(super) fn add(file: &mut Spreadsheet, wanted: &Value) -> Done {
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
    let last = file.sheets.len();
    let at = cells::index(&wanted["index"], last).min(last);
    let answer = json!({ "properties": properties(at, &sheet) });
    file.sheets.insert(at, sheet);
    Ok(answer)
}

fn free_title(file: &Spreadsheet, title: &str, but: Option<usize>) -> Result<(), String> {
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

/// `deleteSheet`.
pub(super) fn delete(file: &mut Spreadsheet, id: &Value) -> Done {
    let at = sheet_at(file, id)?;
    if file.sheets.len() == 1 {
        return Err("You can't remove all the sheets in a document.".to_owned());
    }
    let visible = |but: usize| {
        let mut others = file.sheets.iter().enumerate();
        others.any(|(index, sheet)| index != but && !sheet.hidden)
    };
    if !visible(at) {
        return Err("You can't remove all the visible sheets in a document.".to_owned());
    }
    let gone = file.sheets.remove(at);
    file.named_ranges.retain(|range| range.sheet != gone.id);
    let (rows, columns) = (gone.rows, gone.columns);
    let everywhere = crate::google::metadata::Place::Spreadsheet;
    file.metadata.retain(|entry| {
        entry.place == everywhere || entry.place.area(gone.id, rows, columns).is_none()
    });
    Ok(Value::Null)
}

/// `duplicateSheet`.
pub(super) fn duplicate(file: &mut Spreadsheet, what: &Value) -> Done {
    let at = sheet_at(file, &what["sourceSheetId"])?;
    let Some(mut copy) = file.sheets.get(at).cloned() else {
        return Ok(Value::Null);
    };
    copy.title = match what["newSheetName"].as_str() {
        Some(title) => {
            free_title(file, title, None)?;
            title.to_owned()
        }
        None => copying::free_title(file, &copy.title),
    };
    copy.id = match what["newSheetId"].as_i64() {
        Some(id) if file.sheets.iter().any(|sheet| sheet.id == id) => {
            return Err(format!("Sheet with id {id} already exists"));
        }
        Some(id) => id,
        None => new_sheet_id(&file.sheets, false),
    };
    let index = cells::index(&what["insertSheetIndex"], 0).min(file.sheets.len());
    let answer = json!({ "properties": properties(index, &copy) });
    file.sheets.insert(index, copy);
    Ok(answer)
}

/// `updateSpreadsheetProperties`.
pub(super) fn update_file(file: &mut Spreadsheet, what: &Value) -> Done {
    let mask = what["fields"].as_str().unwrap_or_default();
    if mask.is_empty() {
        return Err(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
                .to_owned(),
        );
    }
    let takes = |name: &str| {
        mask.split(',')
            .any(|field| field.trim() == name || field.trim() == "*")
    };
    let text = |name: &str| what["properties"][name].as_str().filter(|_| takes(name));
    for (name, place) in [
        ("title", &mut file.name),
        ("locale", &mut file.locale),
        ("timeZone", &mut file.time_zone),
    ] {
        if let Some(text) = text(name) {
            text.clone_into(place);
        }
    }
    Ok(Value::Null)
}

/// `updateSheetProperties`.
pub(super) fn update(file: &mut Spreadsheet, what: &Value) -> Done {
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
    Ok(Value::Null)
}
