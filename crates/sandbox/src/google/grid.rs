//! The cells of one sheet.

use serde::{Deserialize, Serialize};

use crate::google::tables::Tables;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) enum Content {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    /// With its `=`.
    Formula(String),
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Format {
    #[default]
    General,
    Percent,
    Currency,
    /// With thousands separators.
    Grouped,
    Date,
    Time,
    DateTime,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Cell {
    pub(crate) content: Content,
    pub(crate) format: Format,
}

impl Cell {
    pub(crate) fn is_empty(&self) -> bool {
        self.content == Content::Empty
    }
}

/// A block of cells, counted from 0, ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Area {
    pub(crate) top: usize,
    pub(crate) left: usize,
    pub(crate) bottom: usize,
    pub(crate) right: usize,
}

impl Area {
    pub(crate) fn cell(row: usize, column: usize) -> Self {
        Self {
            top: row,
            left: column,
            bottom: row,
            right: column,
        }
    }

    pub(crate) fn is_cell(self) -> bool {
        self.top == self.bottom && self.left == self.right
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.top <= other.bottom
            && other.top <= self.bottom
            && self.left <= other.right
            && other.left <= self.right
    }
}

/// One sheet (a tab) of a spreadsheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sheet {
    /// The gid: stable under renaming.
    pub(crate) id: i64,
    pub(crate) title: String,
    pub(crate) hidden: bool,
    /// Size of the grid, filled or not.
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) frozen_rows: usize,
    pub(crate) frozen_columns: usize,
    /// Only as far as something was ever written.
    cells: Vec<Vec<Cell>>,
    #[serde(skip)]
    tables: Tables,
}

impl Sheet {
    /// An empty sheet of Google's usual size.
    pub(crate) fn new(id: i64, title: &str) -> Self {
        Self {
            id,
            title: title.to_owned(),
            hidden: false,
            rows: 1_000,
            columns: 26,
            frozen_rows: 0,
            frozen_columns: 0,
            cells: Vec::new(),
            tables: Tables::default(),
        }
    }

    /// The same sheet with rows of text from the top.
    pub(crate) fn with_rows(mut self, rows: &[&[&str]]) -> Self {
        for (row, texts) in rows.iter().enumerate() {
            for (column, text) in texts.iter().enumerate() {
                self.put(
                    row,
                    column,
                    Cell {
                        content: Content::Text((*text).to_owned()),
                        format: Format::General,
                    },
                );
            }
        }
        self
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells
            .get(row)
            .and_then(|cells| cells.get(column))
            .filter(|cell| !cell.is_empty())
    }

    /// Replaces a cell; grows the stored part, not the grid.
    pub(crate) fn put(&mut self, row: usize, column: usize, cell: Cell) {
        self.tables.forget();
        self.store(row, column, cell);
    }

    fn store(&mut self, row: usize, column: usize, cell: Cell) {
        if cell.is_empty() && self.cell(row, column).is_none() {
            return;
        }
        if self.cells.len() <= row {
            self.cells.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = self.cells.get_mut(row) {
            if cells.len() <= column {
                cells.resize_with(column + 1, Cell::default);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
    }

    /// Writes cells that continue a table right below it. Cheap: what is known of the tables is
    /// kept, which is what makes the ten-thousandth appended row as fast as the first.
    pub(crate) fn put_below(&mut self, table: Area, row: usize, cells: Vec<(usize, Cell)>) {
        let filled: Vec<usize> = cells
            .iter()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, _)| *column)
            .collect();
        let over = cells
            .iter()
            .any(|(column, _)| self.cell(row, *column).is_some());
        if over {
            self.tables.forget();
        } else {
            self.tables.extend(table, row, &filled);
        }
        for (column, cell) in cells {
            self.store(row, column, cell);
        }
    }

    /// Makes the grid at least this large.
    pub(crate) fn grow(&mut self, rows: usize, columns: usize) {
        self.rows = self.rows.max(rows);
        self.columns = self.columns.max(columns);
    }

    /// Rows that hold anything at all, by their length from the top.
    pub(crate) fn filled_rows(&self) -> usize {
        self.cells
            .iter()
            .rposition(|cells| cells.iter().any(|cell| !cell.is_empty()))
            .map_or(0, |last| last + 1)
    }

    /// Columns that hold anything at all, by their length from the left.
    pub(crate) fn filled_columns(&self) -> usize {
        self.cells
            .iter()
            .filter_map(|cells| cells.iter().rposition(|cell| !cell.is_empty()))
            .max()
            .map_or(0, |last| last + 1)
    }

    /// Puts empty rows before row `at`.
    pub(crate) fn insert_rows(&mut self, at: usize, count: usize) {
        self.rows += count;
        if at < self.cells.len() {
            self.tables.forget();
            self.cells
                .splice(at..at, std::iter::repeat_with(Vec::new).take(count));
        }
    }

    /// Puts empty columns before column `at`.
    pub(crate) fn insert_columns(&mut self, at: usize, count: usize) {
        self.tables.forget();
        self.columns += count;
        for cells in &mut self.cells {
            if at < cells.len() {
                cells.splice(at..at, std::iter::repeat_with(Cell::default).take(count));
            }
        }
    }

    /// Takes rows `from..to` out; what is below moves up.
    pub(crate) fn delete_rows(&mut self, from: usize, to: usize) {
        self.tables.forget();
        self.rows -= to - from;
        let end = to.min(self.cells.len());
        if from < end {
            self.cells.drain(from..end);
        }
    }

    /// Takes columns `from..to` out; what is to the right moves left.
    pub(crate) fn delete_columns(&mut self, from: usize, to: usize) {
        self.tables.forget();
        self.columns -= to - from;
        for cells in &mut self.cells {
            let end = to.min(cells.len());
            if from < end {
                cells.drain(from..end);
            }
        }
    }

    /// The blocks of data, top to bottom.
    pub(crate) fn tables(&mut self) -> &[Area] {
        let cells = &self.cells;
        self.tables.of(cells)
    }
}
