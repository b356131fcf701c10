//! Reading and writing values: get, update and clear, one range or many.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::google::a1::{self, Target};
use crate::google::access::{Caller, Need};
use crate::google::body::{self, Input, Sent, VALUE_RANGE};
use crate::google::grid::{Area, Cell, Sheet};
use crate::google::render::Rendering;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::{Answer, errors, fields};
use crate::state::State;
use crate::wire::{Reply, Request};

/// `spreadsheets.values.get`.
pub(crate) fn get(state: &mut State, caller: &Caller<'_>, id: &str, range: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Read)?;
    body::only_params(
        request,
        &[
            "majorDimension",
            "valueRenderOption",
            "dateTimeRenderOption",
        ],
    )?;
    let columns = body::major(request.param("majorDimension"))?;
    let rendering = Rendering::of(request, "valueRenderOption", "dateTimeRenderOption")?;
    let target = a1::resolve(file, range)?;
    fields::ok(request, value_range(file, target, columns, rendering))
}

/// `spreadsheets.values.batchGet`.
pub(crate) fn batch_get(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Read)?;
    body::only_params(
        request,
        &[
            "ranges",
            "majorDimension",
            "valueRenderOption",
            "dateTimeRenderOption",
        ],
    )?;
    let columns = body::major(request.param("majorDimension"))?;
    let rendering = Rendering::of(request, "valueRenderOption", "dateTimeRenderOption")?;
    let ranges: Vec<Value> = request
        .params("ranges")
        .into_iter()
        .map(|range| {
            a1::resolve(file, range).map(|target| value_range(file, target, columns, rendering))
        })
        .collect::<Result<_, _>>()?;
    fields::ok(
        request,
        json!({ "spreadsheetId": id, "valueRanges": ranges }),
    )
}

/// `spreadsheets.values.update`.
pub(crate) fn update(state: &mut State, caller: &Caller<'_>, id: &str, range: &str) -> Answer {
    let request = caller.request;
    let year = year(request.now);
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(
        request,
        &[
            "valueInputOption",
            "includeValuesInResponse",
            "responseValueRenderOption",
            "responseDateTimeRenderOption",
        ],
    )?;
    let echo = Echo::of_query(caller)?;
    let sent = body::object(request, &VALUE_RANGE)?;
    let input = Input::of(request.param("valueInputOption"))?;
    let columns = body::major(sent.get("majorDimension").and_then(Value::as_str))?;
    let sent = body::value_range(sent, "data", input, year)?;
    let target = a1::resolve(file, range)?;
    same_range(file, range, target, &sent)?;
    check_fits(file, target, &sent)?;
    let written = put(file, target, sent.rows);
    file.touch(request.now);
    fields::ok(request, written.answer(file, echo, columns))
}

/// `spreadsheets.values.batchUpdate`: all ranges or none.
pub(crate) fn batch_update(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let year = year(request.now);
    let file = caller.open(state, id, Need::Write)?;
    let Batch { data, input, echo } = Batch::of(request)?;
    let data = match data {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(data)) => data,
        Some(other) => vec![other],
    };
    let mut writes = Vec::with_capacity(data.len());
    for (index, one) in data.into_iter().enumerate() {
        let place = format!("data[{index}]");
        let fields = body::fields(one, &VALUE_RANGE, &place)?;
        let columns = body::major(fields.get("majorDimension").and_then(Value::as_str))?;
        let one = body::value_range(fields, &place, input, year)?;
        let range = one.range.clone().unwrap_or_default();
        let target = a1::resolve(file, &range)?;
        check_fits(file, target, &one)?;
        writes.push((target, one.rows, columns));
    }
    let written: Vec<(Written, bool)> = writes
        .into_iter()
        .map(|(target, rows, columns)| (put(file, target, rows), columns))
        .collect();
    file.touch(request.now);
    let responses: Vec<Value> = written
        .iter()
        .map(|(written, columns)| written.answer(file, echo, *columns))
        .collect();
    let written: Vec<Written> = written.into_iter().map(|(one, _)| one).collect();
    let mut answer = totals(id, &written);
    answer["responses"] = responses.into();
    fields::ok(request, answer)
}

/// What several writes have done together.
pub(crate) fn totals(id: &str, written: &[Written]) -> Value {
    let mut sheets: Vec<usize> = written.iter().map(|written| written.sheet).collect();
    sheets.sort_unstable();
    sheets.dedup();
    let total = |of: fn(&Written) -> usize| -> usize { written.iter().map(of).sum() };
    json!({
        "spreadsheetId": id,
        "totalUpdatedRows": total(|written| written.rows),
        "totalUpdatedColumns": total(|written| written.columns),
        "totalUpdatedCells": total(|written| written.cells),
        "totalUpdatedSheets": sheets.len(),
    })
}

/// `spreadsheets.values.clear`: values go, the grid stays.
pub(crate) fn clear(state: &mut State, caller: &Caller<'_>, id: &str, range: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    body::object(request, &[])?;
    let target = a1::resolve(file, range)?;
    let cleared = wipe(file, target);
    file.touch(request.now);
    fields::ok(
        request,
        json!({ "spreadsheetId": id, "clearedRange": cleared }),
    )
}

/// `spreadsheets.values.batchClear`.
pub(crate) fn batch_clear(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(request, &["ranges"])?;
    let ranges = sent
        .get("ranges")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let targets: Vec<Target> = ranges
        .iter()
        .map(|range| a1::resolve(file, range.as_str().unwrap_or_default()))
        .collect::<Result<_, _>>()?;
    let cleared: Vec<String> = targets
        .into_iter()
        .map(|target| wipe(file, target))
        .collect();
    file.touch(request.now);
    fields::ok(
        request,
        json!({ "spreadsheetId": id, "clearedRanges": cleared }),
    )
}

pub(crate) fn wipe(file: &mut Spreadsheet, target: Target) -> String {
    let Some(sheet) = file.sheets.get_mut(target.sheet) else {
        return String::new();
    };
    let area = target.area;
    let bottom = area.bottom.min(sheet.filled_rows());
    let right = area.right.min(sheet.filled_columns());
    for row in area.top..=bottom {
        for column in area.left..=right {
            if sheet.cell(row, column).is_some() {
                sheet.put(row, column, Cell::default());
            }
        }
    }
    a1::write(sheet, area)
}

/// Whether and how the answer repeats what was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Echo(Option<Rendering>);

impl Echo {
    /// From the query of update and append.
    pub(crate) fn of_query(caller: &Caller<'_>) -> Result<Self, Reply> {
        let request = caller.request;
        let rendering = Rendering::of(
            request,
            "responseValueRenderOption",
            "responseDateTimeRenderOption",
        )?;
        let wanted = request.param("includeValuesInResponse") == Some("true");
        Ok(Self(wanted.then_some(rendering)))
    }

    pub(crate) fn of_body(sent: &Map<String, Value>) -> Result<Self, Reply> {
        let text = |name: &'static str| {
            sent.get(name)
                .and_then(Value::as_str)
                .map(|text| (name, text))
        };
        let rendering = Rendering::from_texts(
            text("responseValueRenderOption"),
            text("responseDateTimeRenderOption"),
        )?;
        let wanted = sent.get("includeValuesInResponse") == Some(&Value::Bool(true));
        Ok(Self(wanted.then_some(rendering)))
    }
}

/// The body of a write to several places, apart from how each place is named.
pub(crate) struct Batch {
    /// As sent: the two writes differ in what they make of one that is no list.
    pub(crate) data: Option<Value>,
    pub(crate) input: Input,
    pub(crate) echo: Echo,
}

impl Batch {
    pub(crate) fn of(request: &Request) -> Result<Self, Reply> {
        body::only_params(request, &[])?;
        let mut sent = body::object(
            request,
            &[
                "valueInputOption",
                "data",
                "includeValuesInResponse",
                "responseValueRenderOption",
                "responseDateTimeRenderOption",
            ],
        )?;
        let echo = Echo::of_body(&sent)?;
        let input = Input::of(sent.get("valueInputOption").and_then(Value::as_str))?;
        let data = sent.remove("data");
        Ok(Self { data, input, echo })
    }
}

/// What a write has done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) sheet: usize,
    pub(crate) area: Area,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) cells: usize,
}

impl Written {
    /// Counts what rows put at this corner will change.
    pub(crate) fn at(sheet: usize, top: usize, left: usize, rows: &[Vec<Option<Cell>>]) -> Self {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let some = |column: usize| {
            rows.iter()
                .any(|row| row.get(column).is_some_and(Option::is_some))
        };
        Self {
            sheet,
            area: Area {
                top,
                left,
                bottom: top + rows.len().max(1) - 1,
                right: left + width.max(1) - 1,
            },
            rows: rows
                .iter()
                .filter(|row| row.iter().any(Option::is_some))
                .count(),
            columns: (0..width).filter(|column| some(*column)).count(),
            cells: rows.iter().flatten().flatten().count(),
        }
    }

    /// `UpdateValuesResponse`.
    pub(crate) fn answer(&self, file: &Spreadsheet, echo: Echo, columns: bool) -> Value {
        let Some(sheet) = file.sheets.get(self.sheet) else {
            return Value::Null;
        };
        let mut answer = json!({
            "spreadsheetId": file.id,
            "updatedRange": a1::write(sheet, self.area),
        });
        if self.cells > 0 {
            answer["updatedRows"] = self.rows.into();
            answer["updatedColumns"] = self.columns.into();
            answer["updatedCells"] = self.cells.into();
        }
        if let Echo(Some(rendering)) = echo {
            let target = Target {
                sheet: self.sheet,
                area: self.area,
                single: false,
            };
            answer["updatedData"] = value_range(file, target, columns, rendering);
        }
        answer
    }
}

/// Writes rows at the start of the target.
pub(crate) fn put(file: &mut Spreadsheet, target: Target, rows: Vec<Vec<Option<Cell>>>) -> Written {
    let (top, left) = (target.area.top, target.area.left);
    let written = Written::at(target.sheet, top, left, &rows);
    if let Some(sheet) = file.sheets.get_mut(target.sheet) {
        for (row, cells) in rows.into_iter().enumerate() {
            for (column, cell) in cells.into_iter().enumerate() {
                if let Some(cell) = cell {
                    sheet.put(top + row, left + column, cell);
                }
            }
        }
    }
    written
}

/// A range in the body must mean the range in the path.
pub(crate) fn same_range(
    file: &Spreadsheet,
    range: &str,
    target: Target,
    sent: &Sent,
) -> Result<(), Reply> {
    let Some(other) = &sent.range else {
        return Ok(());
    };
    if a1::resolve(file, other)? == target {
        return Ok(());
    }
    Err(errors::invalid(&format!(
        "Request range[{range}] does not match value's range[{other}]"
    )))
}

/// What is sent must fit into the range, or into the grid if the range is only a corner.
pub(crate) fn check_fits(file: &Spreadsheet, target: Target, sent: &Sent) -> Result<(), Reply> {
    let Some(sheet) = file.sheets.get(target.sheet) else {
        return Ok(());
    };
    let area = target.area;
    let (last_row, last_column) = if target.single {
        (sheet.rows - 1, sheet.columns - 1)
    } else {
        (area.bottom, area.right)
    };
    let width = sent.rows.iter().map(Vec::len).max().unwrap_or(0);
    let within = a1::write(sheet, area);
    if area.left + width > last_column + 1 {
        return Err(errors::invalid(&format!(
            "Requested writing within range [{within}], but tried writing to column [{}]",
            a1::column_name(last_column + 1)
        )));
    }
    if area.top + sent.rows.len() > last_row + 1 {
        return Err(errors::invalid(&format!(
            "Requested writing within range [{within}], but tried writing to row [{}]",
            last_row + 2
        )));
    }
    Ok(())
}

/// A `ValueRange` of what the cells hold; empty ends are left out, and an empty range has no
/// `values` at all.
pub(crate) fn value_range(
    file: &Spreadsheet,
    target: Target,
    columns: bool,
    rendering: Rendering,
) -> Value {
    let Some(sheet) = file.sheets.get(target.sheet) else {
        return Value::Null;
    };
    let area = target.area;
    let mut answer = json!({
        "range": a1::write(sheet, area),
        "majorDimension": if columns { "COLUMNS" } else { "ROWS" },
    });
    let lists = lists(sheet, area, columns, rendering);
    if !lists.is_empty() {
        answer["values"] = lists.into();
    }
    answer
}

/// The cells of an area as lists, trailing empties left out.
pub(crate) fn lists(
    sheet: &Sheet,
    area: Area,
    columns: bool,
    rendering: Rendering,
) -> Vec<Vec<Value>> {
    let bottom = area.bottom.min(sheet.filled_rows());
    let right = area.right.min(sheet.filled_columns());
    let list = |cells: &mut dyn Iterator<Item = (usize, usize)>| -> Vec<Value> {
        let mut list: Vec<Value> = cells
            .map(|(row, column)| rendering.cell(sheet, row, column))
            .collect();
        while list.last().is_some_and(|value| value == "") {
            list.pop();
        }
        list
    };
    let mut lists: Vec<Vec<Value>> = if columns {
        (area.left..=right)
            .map(|column| list(&mut (area.top..=bottom).map(|row| (row, column))))
            .collect()
    } else {
        (area.top..=bottom)
            .map(|row| list(&mut (area.left..=right).map(|column| (row, column))))
            .collect()
    };
    while lists.last().is_some_and(Vec::is_empty) {
        lists.pop();
    }
    lists
}

/// The year that completes dates typed without one.
pub(crate) fn year(now: Timestamp) -> i16 {
    TimeZone::UTC.to_datetime(now).year()
}
