//! Whole spreadsheets: reading what they are made of, and creating them.

use serde_json::{Map, Value, json};

use crate::google::access::{Caller, Need};
use crate::google::grid::{Area, Sheet};
use crate::google::render::{Rendering, Values};
use crate::google::spreadsheet::Spreadsheet;
use crate::google::{Answer, a1, body, errors, fields, values};
use crate::random::token;
use crate::state::State;
use crate::wire::Reply;

/// `spreadsheets.get`.
pub(crate) fn get(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Read)?;
    body::only_params(
        request,
        &[
            "ranges",
            "includeGridData",
            "excludeTablesInBandedRanges",
            "commentsViewMode",
        ],
    )?;
    let targets = request
        .params("ranges")
        .into_iter()
        .map(|range| a1::resolve(file, range))
        .collect::<Result<Vec<_>, _>>()?;
    let with_data = request.param("includeGridData") == Some("true");
    let mut answer = describe(file, &request.origin);
    if !targets.is_empty() || with_data {
        let mut shown = Vec::new();
        for (index, sheet) in file.sheets.iter().enumerate() {
            let mine: Vec<Area> = targets
                .iter()
                .filter(|target| target.sheet == index)
                .map(|target| target.area)
                .collect();
            if !targets.is_empty() && mine.is_empty() {
                continue;
            }
            let mut one = json!({ "properties": properties(index, sheet) });
            if with_data {
                let whole = Area {
                    top: 0,
                    left: 0,
                    bottom: sheet.rows.saturating_sub(1),
                    right: sheet.columns.saturating_sub(1),
                };
                let areas = if mine.is_empty() { vec![whole] } else { mine };
                one["data"] = areas
                    .into_iter()
                    .map(|area| grid_data(sheet, area))
                    .collect();
            }
            shown.push(one);
        }
        answer["sheets"] = shown.into();
    }
    fields::ok(request, answer)
}

/// `spreadsheets.create`.
pub(crate) fn create(state: &mut State, caller: &Caller<'_>) -> Answer {
    let request = caller.request;
    caller.may(state, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(
        request,
        &[
            "spreadsheetId",
            "properties",
            "sheets",
            "namedRanges",
            "developerMetadata",
            "spreadsheetUrl",
        ],
    )?;
    let properties = sent.get("properties");
    let text = |name: &str, default: &str| {
        properties
            .and_then(|properties| properties[name].as_str())
            .unwrap_or(default)
            .to_owned()
    };
    let mut sheets: Vec<Sheet> = Vec::new();
    let wanted = sent.get("sheets").and_then(Value::as_array);
    for (index, one) in wanted.into_iter().flatten().enumerate() {
        let title = one["properties"]["title"]
            .as_str()
            .map_or_else(|| format!("Sheet{}", index + 1), str::to_owned);
        if sheets.iter().any(|sheet| sheet.title == title) {
            return Err(errors::invalid(&format!(
                "Invalid sheets[{index}]: A sheet with the name \"{title}\" already exists. \
                 Please enter another name."
            )));
        }
        let mut sheet = Sheet::new(new_sheet_id(&sheets, index == 0), &title);
        apply_grid(&mut sheet, &one["properties"])?;
        sheets.push(sheet);
    }
    if sheets.is_empty() {
        sheets.push(Sheet::new(0, "Sheet1"));
    }
    let file = Spreadsheet {
        id: token("1", 33).chars().take(44).collect(),
        name: text("title", "Untitled spreadsheet"),
        owner: caller.identity.person,
        made_by_app: true,
        trashed: false,
        created_at: request.now,
        modified_at: request.now,
        changes: 0,
        locale: text("locale", "en_US"),
        time_zone: text("timeZone", "America/Los_Angeles"),
        sheets,
    };
    let answer = describe(&file, &request.origin);
    state.files.insert(file.id.clone(), file);
    fields::ok(request, answer)
}

/// A sheet id that none of the sheets has; the first sheet of a file has 0.
pub(crate) fn new_sheet_id(sheets: &[Sheet], first: bool) -> i64 {
    if first {
        return 0;
    }
    loop {
        let digits: u32 = token("", 8).bytes().fold(7, |sum: u32, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        let id = i64::from(digits % 2_000_000_000) + 1;
        if sheets.iter().all(|sheet| sheet.id != id) {
            return id;
        }
    }
}

/// Takes over the grid's size and the like from sheet properties that were sent.
pub(crate) fn apply_grid(sheet: &mut Sheet, properties: &Value) -> Result<(), Reply> {
    let grid = &properties["gridProperties"];
    let size = |name: &str, now: usize| -> Result<usize, Reply> {
        match &grid[name] {
            Value::Null => Ok(now),
            value => value
                .as_u64()
                .and_then(|value| usize::try_from(value).ok())
                .filter(|value| (1..=10_000_000).contains(value))
                .ok_or_else(|| errors::invalid(&format!("Invalid gridProperties.{name}: {value}"))),
        }
    };
    sheet.rows = size("rowCount", sheet.rows)?;
    sheet.columns = size("columnCount", sheet.columns)?;
    let frozen = |name: &str, now: usize| {
        grid[name]
            .as_u64()
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(now)
    };
    sheet.frozen_rows = frozen("frozenRowCount", sheet.frozen_rows);
    sheet.frozen_columns = frozen("frozenColumnCount", sheet.frozen_columns);
    if let Some(hidden) = properties["hidden"].as_bool() {
        sheet.hidden = hidden;
    }
    Ok(())
}

/// The spreadsheet without its cells.
pub(crate) fn describe(file: &Spreadsheet, origin: &str) -> Value {
    let sheets: Vec<Value> = file
        .sheets
        .iter()
        .enumerate()
        .map(|(index, sheet)| json!({ "properties": properties(index, sheet) }))
        .collect();
    json!({
        "spreadsheetId": file.id,
        "properties": {
            "title": file.name,
            "locale": file.locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": file.time_zone,
        },
        "sheets": sheets,
        "spreadsheetUrl": file.url(origin),
    })
}

/// `SheetProperties`.
pub(crate) fn properties(index: usize, sheet: &Sheet) -> Value {
    let mut grid = Map::new();
    grid.insert("rowCount".to_owned(), sheet.rows.into());
    grid.insert("columnCount".to_owned(), sheet.columns.into());
    if sheet.frozen_rows > 0 {
        grid.insert("frozenRowCount".to_owned(), sheet.frozen_rows.into());
    }
    if sheet.frozen_columns > 0 {
        grid.insert("frozenColumnCount".to_owned(), sheet.frozen_columns.into());
    }
    let mut properties = json!({
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": grid,
    });
    if sheet.hidden {
        properties["hidden"] = true.into();
    }
    properties
}

/// `GridData` with the values of the cells, without their looks.
fn grid_data(sheet: &Sheet, area: Area) -> Value {
    let formatted = values::lists(sheet, area, false, Rendering::default());
    let entered = Rendering {
        values: Values::Formula,
        dates_as_text: false,
    };
    let typed = |value: Value| -> Value {
        match value {
            Value::Number(number) => json!({ "numberValue": number }),
            Value::Bool(value) => json!({ "boolValue": value }),
            Value::String(text) if text.starts_with('=') => json!({ "formulaValue": text }),
            other => json!({ "stringValue": other }),
        }
    };
    let rows: Vec<Value> = formatted
        .into_iter()
        .enumerate()
        .map(|(row, shown)| {
            let cells: Vec<Value> = shown
                .into_iter()
                .enumerate()
                .map(|(column, shown)| {
                    if shown == "" {
                        return json!({});
                    }
                    let value = entered.cell(sheet, area.top + row, area.left + column);
                    json!({ "userEnteredValue": typed(value), "formattedValue": shown })
                })
                .collect();
            if cells.is_empty() {
                json!({})
            } else {
                json!({ "values": cells })
            }
        })
        .collect();
    let mut data = json!({});
    if area.top > 0 {
        data["startRow"] = area.top.into();
    }
    if area.left > 0 {
        data["startColumn"] = area.left.into();
    }
    if !rows.is_empty() {
        data["rowData"] = rows.into();
    }
    data
}
