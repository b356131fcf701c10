//! A1 notation: which cells of which sheet a piece of text means, and how an area is written.

use crate::google::errors;
use crate::google::grid::{Area, Sheet};
use crate::google::spreadsheet::Spreadsheet;
use crate::wire::Reply;

/// The cells that a range means, cut to the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Position of the sheet in the spreadsheet.
    pub(crate) sheet: usize,
    pub(crate) area: Area,
    /// No end was given: a single cell, from which writing may go on.
    pub(crate) single: bool,
}

/// Finds what `text` means in this spreadsheet; the refusals are those of the real service.
pub(crate) fn resolve(file: &Spreadsheet, text: &str) -> Result<Target, Reply> {
    if let Some(named) = named(file, text) {
        return Ok(named);
    }
    let unable = || errors::invalid(&format!("Unable to parse range: {text}"));
    let (title, cells) = split(text).ok_or_else(unable)?;
    let sheet = match &title {
        Some(title) => file.position(title).ok_or_else(unable)?,
        None => file.first_visible().ok_or_else(unable)?,
    };
    let grid = file.sheets.get(sheet).ok_or_else(unable)?;
    let Some(corners) = cells else {
        return Ok(Target {
            sheet,
            area: Area {
                top: 0,
                left: 0,
                bottom: grid.rows.saturating_sub(1),
                right: grid.columns.saturating_sub(1),
            },
            single: false,
        });
    };
    let asked = corners.area();
    if asked.top >= grid.rows || asked.left >= grid.columns {
        let written = corners.written(&grid.title);
        return Err(errors::invalid(&format!(
            "Range ({written}) exceeds grid limits. Max rows: {}, max columns: {}",
            grid.rows, grid.columns
        )));
    }
    Ok(Target {
        sheet,
        area: Area {
            bottom: asked.bottom.min(grid.rows - 1),
            right: asked.right.min(grid.columns - 1),
            ..asked
        },
        single: corners.end.is_none(),
    })
}

/// The cells of the named range that `text` names.
fn named(file: &Spreadsheet, text: &str) -> Option<Target> {
    let lower = text.to_lowercase();
    let range = file
        .named_ranges
        .iter()
        .find(|range| range.name.to_lowercase() == lower)?;
    let sheet = file
        .sheets
        .iter()
        .position(|sheet| sheet.id == range.sheet)?;
    Some(Target {
        sheet,
        area: range.area,
        single: false,
    })
}

/// An area as the service writes it: `Calls!A1:C2`, `'Jon''s Data'!A1`.
pub(crate) fn write(sheet: &Sheet, area: Area) -> String {
    let start = cell_name(area.top, area.left);
    let title = quoted(&sheet.title);
    if area.is_cell() {
        format!("{title}!{start}")
    } else {
        format!("{title}!{start}:{}", cell_name(area.bottom, area.right))
    }
}

/// `C7` for row 6 and column 2, counted from 0.
pub(crate) fn cell_name(row: usize, column: usize) -> String {
    format!("{}{}", column_name(column), row + 1)
}

/// `A`, `Z`, `AA`, …
pub(crate) fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        let letter = u8::try_from(column % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// A title with quotes round it where A1 notation needs them.
fn quoted(title: &str) -> String {
    let plain = is_plain(title)
        && !title.starts_with(|letter: char| letter.is_ascii_digit())
        && corner(title).is_none_or(|corner| corner.row.is_none() || corner.column.is_none());
    if plain {
        title.to_owned()
    } else {
        format!("'{}'", title.replace('\'', "''"))
    }
}

fn is_plain(title: &str) -> bool {
    !title.is_empty()
        && title
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// One end of a range; a missing part is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Corner {
    row: Option<usize>,
    column: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Corners {
    start: Corner,
    end: Option<Corner>,
}

/// Larger than any grid: an open end.
const OPEN: usize = usize::MAX / 2;

impl Corners {
    fn area(self) -> Area {
        let end = self.end.unwrap_or(self.start);
        let span = |start: Option<usize>, end: Option<usize>| match (start, end) {
            (Some(start), Some(end)) => (start.min(end), start.max(end)),
            (Some(one), None) | (None, Some(one)) => (one, OPEN),
            (None, None) => (0, OPEN),
        };
        let (top, bottom) = span(self.start.row, end.row);
        let (left, right) = span(self.start.column, end.column);
        Area {
            top,
            left,
            bottom,
            right,
        }
    }

    fn written(self, title: &str) -> String {
        let corner = |corner: Corner| {
            format!(
                "{}{}",
                corner.column.map(column_name).unwrap_or_default(),
                corner
                    .row
                    .map(|row| (row + 1).to_string())
                    .unwrap_or_default()
            )
        };
        let title = quoted(title);
        let start = corner(self.start);
        match self.end {
            Some(end) => format!("{title}!{start}:{}", corner(end)),
            None => format!("{title}!{start}"),
        }
    }
}

/// The title, if one is given, and the cells, if any are given.
fn split(text: &str) -> Option<(Option<String>, Option<Corners>)> {
    if let Some(rest) = text.strip_prefix('\'') {
        // The guide's own sample leaves an inner apostrophe single, so the last quote closes.
        if let Some(at) = rest.rfind("'!") {
            let (title, cells) = (&rest[..at], &rest[at + 2..]);
            return Some((Some(unquote(title)), Some(corners(cells)?)));
        }
        let title = rest.strip_suffix('\'').filter(|title| !title.is_empty())?;
        return Some((Some(unquote(title)), None));
    }
    if let Some((title, cells)) = text.split_once('!') {
        if !is_plain(title) {
            return None;
        }
        return Some((Some(title.to_owned()), Some(corners(cells)?)));
    }
    if let Some(corners) = corners(text) {
        return Some((None, Some(corners)));
    }
    is_plain(text).then(|| (Some(text.to_owned()), None))
}

fn unquote(title: &str) -> String {
    title.replace("''", "'")
}

fn corners(text: &str) -> Option<Corners> {
    let parse = |text: &str| corner(text).or_else(|| r1c1(text));
    match text.split_once(':') {
        None => {
            let start = parse(text)?;
            (start.row.is_some() && start.column.is_some()).then_some(Corners { start, end: None })
        }
        Some((start, end)) => {
            let (start, end) = (parse(start)?, parse(end)?);
            // Each side must meet the other somewhere: A:5 is no range.
            let rows = start.row.is_some() || end.row.is_some();
            let columns = start.column.is_some() || end.column.is_some();
            let only = |corner: Corner| corner.row.is_none() != corner.column.is_none();
            let clash = only(start) && only(end) && rows && columns;
            (!clash).then_some(Corners {
                start,
                end: Some(end),
            })
        }
    }
}

/// `B7`, `$B$7`, `B` or `7`.
fn corner(text: &str) -> Option<Corner> {
    let rest = text.strip_prefix('$').unwrap_or(text);
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = rest.split_at(letters);
    if letters.len() > 3 {
        return None;
    }
    let digits = if letters.is_empty() {
        digits
    } else {
        digits.strip_prefix('$').unwrap_or(digits)
    };
    let column = (!letters.is_empty()).then(|| {
        letters.bytes().fold(0_usize, |sum, letter| {
            sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
        }) - 1
    });
    let row = if digits.is_empty() {
        None
    } else {
        Some(number(digits)?)
    };
    (row.is_some() || column.is_some()).then_some(Corner { row, column })
}

/// `R7C2`.
fn r1c1(text: &str) -> Option<Corner> {
    let rest = text.strip_prefix(['R', 'r'])?;
    let (row, column) = rest.split_once(['C', 'c'])?;
    Some(Corner {
        row: Some(number(row)?),
        column: Some(number(column)?),
    })
}

/// A row or column number from 1, as an index.
fn number(digits: &str) -> Option<usize> {
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<usize>().ok()?.checked_sub(1)
}
