//! Requests about what cells hold.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::Done;
use crate::google::a1::Target;
use crate::google::cells::{self, grid_range, index, sheet_at};
use crate::google::grid::{Area, Cell, Content, Sheet};
use crate::google::spreadsheet::Spreadsheet;

/// The sheet at a position that was looked up just before.
fn sheet(file: &mut Spreadsheet, at: usize) -> Result<&mut Sheet, String> {
    file.sheets
        .get_mut(at)
        .ok_or_else(|| "No such sheet".to_owned())
}

/// `updateCells`: from a corner on, or in a range, in which what is not given is emptied.
pub(super) fn update(file: &mut Spreadsheet, what: &Value) -> Done {
    let values = cells::takes_values(&what["fields"])?;
    let rows = cells::of_rows(&what["rows"])?;
    let start = &what["start"];
    if !start.is_null() {
        let at = sheet_at(file, &start["sheetId"])?;
        if values {
            let corner = (
                index(&start["rowIndex"], 0),
                index(&start["columnIndex"], 0),
            );
            cells::put(sheet(file, at)?, corner, rows)?;
        }
        return Ok(Value::Null);
    }
    let Target {
        sheet: at, area, ..
    } = grid_range(file, &what["range"])?;
    if values {
        let sheet = sheet(file, at)?;
        for row in area.top..=area.bottom {
            for column in area.left..=area.right {
                let given = rows
                    .get(row - area.top)
                    .and_then(|cells| cells.get(column - area.left));
                sheet.put(row, column, given.cloned().unwrap_or_default());
            }
        }
    }
    Ok(Value::Null)
}

/// `appendCells`: after the last row that holds anything.
pub(super) fn append(file: &mut Spreadsheet, what: &Value) -> Done {
    let at = sheet_at(file, &what["sheetId"])?;
    let values = cells::takes_values(&what["fields"])?;
    let rows = cells::of_rows(&what["rows"])?;
    let sheet = sheet(file, at)?;
    let top = sheet.filled_rows();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    sheet.grow(top + rows.len(), width);
    if values {
        cells::put(sheet, (top, 0), rows)?;
    }
    Ok(Value::Null)
}

/// `repeatCell`.
pub(super) fn repeat(file: &mut Spreadsheet, what: &Value) -> Done {
    let values = cells::takes_values(&what["fields"])?;
    let cell = cells::of_data(&what["cell"])?;
    let Target {
        sheet: at, area, ..
    } = grid_range(file, &what["range"])?;
    if values {
        let sheet = sheet(file, at)?;
        for (row, column) in each(area) {
            sheet.put(row, column, cell.clone());
        }
    }
    Ok(Value::Null)
}

/// `copyPaste`; the destination is filled as often as the source fits.
pub(super) fn copy_paste(file: &mut Spreadsheet, what: &Value) -> Done {
    let from = grid_range(file, &what["source"])?;
    let to = grid_range(file, &what["destination"])?;
    if matches!(
        what["pasteType"].as_str(),
        Some("PASTE_FORMAT" | "PASTE_DATA_VALIDATION" | "PASTE_CONDITIONAL_FORMATTING")
    ) {
        return Ok(Value::Null);
    }
    let turned = what["pasteOrientation"] == "TRANSPOSE";
    let source = sheet(file, from.sheet)?.clone();
    let (height, width) = (
        from.area.bottom - from.area.top + 1,
        from.area.right - from.area.left + 1,
    );
    let (tall, wide) = if turned {
        (width, height)
    } else {
        (height, width)
    };
    let span = |start: usize, end: usize, size: usize| (end - start + 1).div_ceil(size) * size;
    let rows = span(to.area.top, to.area.bottom, tall).max(tall);
    let columns = span(to.area.left, to.area.right, wide).max(wide);
    let target = sheet(file, to.sheet)?;
    for row in 0..rows {
        for column in 0..columns {
            let (down, right) = if turned {
                (column % height, row % width)
            } else {
                (row % height, column % width)
            };
            let cell = source.cell(from.area.top + down, from.area.left + right);
            let (row, column) = (to.area.top + row, to.area.left + column);
            if row < target.rows && column < target.columns {
                target.put(row, column, cell.cloned().unwrap_or_default());
            }
        }
    }
    Ok(Value::Null)
}

/// `findReplace` without regular expressions.
pub(super) fn find_replace(file: &mut Spreadsheet, what: &Value) -> Done {
    let flag = |name: &str| what[name] == Value::Bool(true);
    let find = what["find"].as_str().unwrap_or_default();
    let replacement = what["replacement"].as_str().unwrap_or_default();
    if find.is_empty() {
        return Err("find must not be empty".to_owned());
    }
    if flag("searchByRegex") {
        return Err("this stand-in for Google knows no regular expressions".to_owned());
    }
    let mut places: Vec<(usize, Option<Area>)> = Vec::new();
    if flag("allSheets") {
        places.extend((0..file.sheets.len()).map(|at| (at, None)));
    } else if what["range"].is_object() {
        let target = grid_range(file, &what["range"])?;
        places.push((target.sheet, Some(target.area)));
    } else {
        places.push((sheet_at(file, &what["sheetId"])?, None));
    }
    let (mut values, mut formulas, mut occurrences, mut rows, mut sheets) = (0, 0, 0, 0, 0);
    for (at, area) in places {
        let sheet = sheet(file, at)?;
        let area = area.unwrap_or_else(|| filled(sheet));
        let mut changed_rows = Vec::new();
        for (row, column) in each(area) {
            let Some(cell) = sheet.cell(row, column).cloned() else {
                continue;
            };
            let (text, formula) = match &cell.content {
                Content::Text(text) => (text, false),
                Content::Formula(text) if flag("includeFormulas") => (text, true),
                _ => continue,
            };
            let (changed, count) = replaced(
                text,
                find,
                replacement,
                flag("matchCase"),
                flag("matchEntireCell"),
            );
            if count == 0 {
                continue;
            }
            let content = match (formula, changed.is_empty()) {
                (_, true) => Content::Empty,
                (true, false) => Content::Formula(changed),
                (false, false) => Content::Text(changed),
            };
            sheet.put(row, column, Cell { content, ..cell });
            occurrences += count;
            if formula {
                formulas += 1
            } else {
                values += 1
            }
            if changed_rows.last() != Some(&row) {
                changed_rows.push(row);
            }
        }
        rows += changed_rows.len();
        sheets += usize::from(!changed_rows.is_empty());
    }
    Ok(json!({
        "valuesChanged": values,
        "formulasChanged": formulas,
        "rowsChanged": rows,
        "sheetsChanged": sheets,
        "occurrencesChanged": occurrences,
    }))
}

fn replaced(text: &str, find: &str, with: &str, case: bool, whole: bool) -> (String, usize) {
    // Letters that change their length when made small are rare enough for a stand-in.
    let folded = |text: &str| {
        if case {
            text.to_owned()
        } else {
            text.to_ascii_lowercase()
        }
    };
    let (hay, needle) = (folded(text), folded(find));
    if whole {
        let same = hay == needle;
        return (if same { with } else { text }.to_owned(), usize::from(same));
    }
    let (mut changed, mut count, mut from) = (String::new(), 0, 0);
    while let Some(at) = hay[from..].find(&needle) {
        changed.push_str(&text[from..from + at]);
        changed.push_str(with);
        from += at + needle.len();
        count += 1;
    }
    changed.push_str(&text[from..]);
    (changed, count)
}

/// `sortRange`.
pub(super) fn sort(file: &mut Spreadsheet, what: &Value) -> Done {
    let Target {
        sheet: at, area, ..
    } = grid_range(file, &what["range"])?;
    let sheet = sheet(file, at)?;
    let specs = what["sortSpecs"].as_array().cloned().unwrap_or_default();
    let mut rows = taken(sheet, area);
    rows.sort_by(|left, right| {
        for spec in &specs {
            let column = index(&spec["dimensionIndex"], area.left).saturating_sub(area.left);
            let cell = |row: &Vec<Cell>| row.get(column).cloned().unwrap_or_default().content;
            let order = order(&cell(left), &cell(right), spec["sortOrder"] == "DESCENDING");
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    });
    put_back(sheet, area, rows);
    Ok(Value::Null)
}

/// Numbers before text before truth values; empty cells always last.
fn order(left: &Content, right: &Content, descending: bool) -> Ordering {
    let rank = |content: &Content| match content {
        Content::Number(_) => 0,
        Content::Text(_) | Content::Formula(_) => 1,
        Content::Bool(_) => 2,
        Content::Empty => 3,
    };
    if *left == Content::Empty || *right == Content::Empty {
        return rank(left).cmp(&rank(right));
    }
    let order = match (left, right) {
        (Content::Number(left), Content::Number(right)) => left.total_cmp(right),
        (Content::Text(left), Content::Text(right)) => {
            left.to_lowercase().cmp(&right.to_lowercase())
        }
        (Content::Bool(left), Content::Bool(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    };
    if descending { order.reverse() } else { order }
}

/// `deleteDuplicates`: the first of equal rows stays, the others move up.
pub(super) fn delete_duplicates(file: &mut Spreadsheet, what: &Value) -> Done {
    let Target {
        sheet: at, area, ..
    } = grid_range(file, &what["range"])?;
    let sheet = sheet(file, at)?;
    let mut columns: Vec<usize> = Vec::new();
    for range in what["comparisonColumns"].as_array().into_iter().flatten() {
        let (from, to) = (
            index(&range["startIndex"], 0),
            index(&range["endIndex"], area.right + 1),
        );
        columns.extend((from..to).filter(|column| (area.left..=area.right).contains(column)));
    }
    if columns.is_empty() {
        columns.extend(area.left..=area.right);
    }
    let rows = taken(sheet, area);
    let before = rows.len();
    let key = |row: &[Cell]| -> Vec<Content> {
        let content = |column: &usize| {
            row.get(column - area.left)
                .cloned()
                .unwrap_or_default()
                .content
        };
        columns.iter().map(content).collect()
    };
    let mut kept: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        let known =
            !row.iter().all(Cell::is_empty) && kept.iter().any(|other| key(other) == key(&row));
        if !known {
            kept.push(row);
        }
    }
    let removed = before - kept.len();
    put_back(sheet, area, kept);
    Ok(json!({ "duplicatesRemovedCount": removed }))
}

/// `trimWhitespace`.
pub(super) fn trim(file: &mut Spreadsheet, what: &Value) -> Done {
    let Target {
        sheet: at, area, ..
    } = grid_range(file, &what["range"])?;
    let sheet = sheet(file, at)?;
    let mut changed = 0;
    for (row, column) in each(area) {
        let Some(cell) = sheet.cell(row, column).cloned() else {
            continue;
        };
        let Content::Text(text) = &cell.content else {
            continue;
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let tidy = words.join(" ");
        if tidy != *text {
            let content = Content::Text(tidy);
            sheet.put(row, column, Cell { content, ..cell });
            changed += 1;
        }
    }
    Ok(json!({ "cellsChangedCount": changed }))
}

fn each(area: Area) -> impl Iterator<Item = (usize, usize)> {
    (area.top..=area.bottom)
        .flat_map(move |row| (area.left..=area.right).map(move |column| (row, column)))
}

/// As far as the sheet holds anything.
fn filled(sheet: &Sheet) -> Area {
    Area {
        top: 0,
        left: 0,
        bottom: sheet.filled_rows(),
        right: sheet.filled_columns(),
    }
}

/// The rows of an area, as far as they hold anything.
fn taken(sheet: &Sheet, area: Area) -> Vec<Vec<Cell>> {
    let end = (area.bottom + 1).min(sheet.filled_rows());
    (area.top..end)
        .map(|row| {
            (area.left..=area.right)
                .map(|column| sheet.cell(row, column).cloned().unwrap_or_default())
                .collect()
        })
        .collect()
}

/// Writes rows over an area; what they leave is emptied.
fn put_back(sheet: &mut Sheet, area: Area, rows: Vec<Vec<Cell>>) {
    let end = (area.bottom + 1).min(sheet.filled_rows());
    for row in area.top..end {
        for column in area.left..=area.right {
            let cell = rows
                .get(row - area.top)
                .and_then(|cells| cells.get(column - area.left));
            sheet.put(row, column, cell.cloned().unwrap_or_default());
        }
    }
}
