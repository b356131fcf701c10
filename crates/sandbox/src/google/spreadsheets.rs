//! Whole spreadsheets: reading what they are made of, and creating them.

use serde_json::{Map, Value, json};

use crate::google::a1::{self, Target};
use crate::google::access::{Caller, Need};
use crate::google::batch::named;
use crate::google::grid::{Area, Sheet};
use crate::google::metadata::{self, Metadata, Place};
use crate::google::render::{Rendering, Values};
use crate::google::spreadsheet::Spreadsheet;
use crate::google::{Answer, body, cells, errors, fields, values};
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
    let with_cells = request.param("includeGridData") == Some("true");
    let parts = if targets.is_empty() {
        Parts::All { with_cells }
    } else {
        Parts::Of {
            targets: &targets,
            with_cells,
        }
    };
    fields::ok(request, shown(file, &request.origin, parts))
}

/// Which parts of a spreadsheet an answer has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Parts<'a> {
    All {
        with_cells: bool,
    },
    /// The sheets that these cells are in.
    Of {
        targets: &'a [Target],
        with_cells: bool,
    },
}

/// The spreadsheet, or the parts of it that are wanted.
pub(crate) fn shown(file: &Spreadsheet, origin: &str, parts: Parts<'_>) -> Value {
    let mut answer = describe(file, origin);
    let (targets, with_cells) = match parts {
        Parts::All { with_cells: false } => return answer,
        Parts::All { with_cells } => (None, with_cells),
        Parts::Of {
            targets,
            with_cells,
        } => (Some(targets), with_cells),
    };
    let mut sheets = Vec::new();
    for (index, sheet) in file.sheets.iter().enumerate() {
        let areas: Vec<Area> = match targets {
            Some(targets) => targets
                .iter()
                .filter(|target| target.sheet == index)
                .map(|target| target.area)
                .collect(),
            None => vec![Area {
                top: 0,
                left: 0,
                bottom: sheet.rows.saturating_sub(1),
                right: sheet.columns.saturating_sub(1),
            }],
        };
        if areas.is_empty() {
            continue;
        }
        let mut one = json!({ "properties": properties(index, sheet) });
        if with_cells {
            one["data"] = areas
                .into_iter()
                .map(|area| grid_data(sheet, area))
                .collect();
        }
        sheets.push(one);
    }
    answer["sheets"] = sheets.into();
    answer
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
        if let Some(id) = one["properties"]["sheetId"].as_i64() {
            sheet.id = id;
        }
        apply_grid(&mut sheet, &one["properties"])?;
        for data in one["data"].as_array().into_iter().flatten() {
            let corner = (
                cells::index(&data["startRow"], 0),
                cells::index(&data["startColumn"], 0),
            );
            cells::of_rows(&data["rowData"])
                .and_then(|rows| cells::put(&mut sheet, corner, rows))
                .map_err(|text| {
                    errors::invalid(&format!("Invalid sheets[{index}].data: {text}"))
                })?;
        }
        sheets.push(sheet);
    }
    if sheets.is_empty() {
        sheets.push(Sheet::new(0, "Sheet1"));
    }
    let mut file = Spreadsheet {
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
        metadata: Vec::new(),
        named_ranges: Vec::new(),
    };
    let list = |name: &str| sent.get(name).and_then(Value::as_array);
    for named in list("namedRanges").into_iter().flatten() {
        named::add(&mut file, named).map_err(|text| errors::invalid(&text))?;
    }
    for entry in list("developerMetadata").into_iter().flatten() {
        metadata::create(&mut file, entry).map_err(|text| errors::invalid(&text))?;
    }
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
    let mut described = json!({
        "spreadsheetId": file.id,
        "properties": {
            "title": file.name,
            "locale": file.locale,
            "autoRecalc": "ON_CHANGE",
            "timeZone": file.time_zone,
        },
        "sheets": sheets,
        "spreadsheetUrl": file.url(origin),
    });
    if !file.named_ranges.is_empty() {
        described["namedRanges"] = file.named_ranges.iter().map(named::json).collect();
    }
    let of_file = |entry: &&Metadata| entry.place == Place::Spreadsheet;
    let metadata: Vec<Value> = file
        .metadata
        .iter()
        .filter(of_file)
        .map(Metadata::json)
        .collect();
    if !metadata.is_empty() {
        described["developerMetadata"] = metadata.into();
    }
    described
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
