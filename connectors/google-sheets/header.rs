//! The header row of a worksheet: which column has which name.

use super::{
    a1,
    place::{Place, ask, change},
};
use http::Method;
use patchbay_kit::{
    Call,
    model::{Json, JsonMap, event::StepError},
    suggest::{did_you_mean, listed},
};
use serde_json::json;

/// The named columns, in their order.
pub(super) struct Header {
    /// Columns count from 0. Of columns with the same name, each has its letter behind it: `Phone (B)`.
    columns: Vec<(usize, String)>,
    /// Names that several columns have, and which.
    doubled: Vec<(String, Vec<usize>)>,
    /// From 1.
    row: u64,
    /// Where the first column would be.
    left: usize,
}

impl Header {
    /// Reads the header row, or remembers it from the last minute.
    pub(super) async fn read(call: &Call<'_>, place: &mut Place) -> Result<Self, StepError> {
        match call.remembered(&place.key()) {
            Some(known) => Ok(Self::from_cells(
                &known,
                place.header_row(),
                place.block.left,
            )),
            None => Self::read_anew(call, place).await,
        }
    }

    /// Reads the header row from the service.
    pub(super) async fn read_anew(call: &Call<'_>, place: &mut Place) -> Result<Self, StepError> {
        let row = place.header_row();
        let a1::Block { left, right, .. } = place.block;
        let cells = match (left, right) {
            (0, None) => format!("{row}:{row}"),
            (left, None) => format!("{}{row}:{row}", a1::letters(left)),
            (left, Some(right)) => {
                format!("{}{row}:{}{row}", a1::letters(left), a1::letters(right))
            }
        };
        let rows = place.read(call, &cells, "").await?;
        let cells = rows.into_iter().next().unwrap_or_else(|| json!([]));
        let header = Self::from_cells(&cells, row, left);
        if header.is_empty() {
            // Somebody is about to write one.
            call.forget(&place.key());
        } else {
            call.remember(&place.key(), cells);
        }
        Ok(header)
    }

    pub(super) fn from_cells(cells: &Json, row: u64, left: usize) -> Self {
        let name = |cell: &Json| plain(cell).trim().to_owned();
        let named: Vec<(usize, String)> = cells
            .as_array()
            .into_iter()
            .flatten()
            .map(name)
            .enumerate()
            .filter(|(_, name)| !name.is_empty())
            .map(|(at, name)| (left + at, name))
            .collect();
        let mut doubled: Vec<(String, Vec<usize>)> = Vec::new();
        for (_, name) in &named {
            let same: Vec<usize> = named
                .iter()
                .filter(|(_, other)| other == name)
                .map(|(column, _)| *column)
                .collect();
            if same.len() > 1 && !doubled.iter().any(|(known, _)| known == name) {
                doubled.push((name.clone(), same));
            }
        }
        let columns = named
            .into_iter()
            .map(|(column, name)| {
                let several = doubled.iter().any(|(known, _)| *known == name);
                let label = if several {
                    format!("{name} ({})", a1::letters(column))
                } else {
                    name
                };
                (column, label)
            })
            .collect();
        Self {
            columns,
            doubled,
            row,
            left,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The named columns, counted from 0.
    pub(super) fn columns(&self) -> impl DoubleEndedIterator<Item = (usize, &str)> {
        self.columns
            .iter()
            .map(|(column, name)| (*column, name.as_str()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns().map(|(_, name)| name)
    }

    /// Names that more than one column has.
    pub(super) fn doubled(&self) -> impl Iterator<Item = &str> {
        self.doubled.iter().map(|(name, _)| name.as_str())
    }

    /// The first named column, which is where the service begins new rows.
    pub(super) fn first_column(&self) -> usize {
        self.columns()
            .next()
            .map_or(self.left, |(column, _)| column)
    }

    /// The column behind the last named one.
    fn next_column(&self) -> usize {
        self.columns()
            .next_back()
            .map_or(self.left, |(column, _)| column + 1)
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let exact = self.columns().find(|(_, known)| *known == name);
        let folded = || {
            self.columns()
                .find(|(_, known)| known.to_lowercase() == name.to_lowercase())
        };
        exact.or_else(folded).map(|(column, _)| column)
    }

    /// The column of this name, or the error that says which there are; `pointer` is the input's.
    pub(super) fn needed(
        &self,
        call: &Call<'_>,
        place: &Place,
        pointer: &str,
        name: &str,
    ) -> Result<usize, StepError> {
        self.column(name)
            .ok_or_else(|| self.no_column(call, place, pointer, name))
    }

    /// The names among these that no column has.
    pub(super) fn unknown<'r>(&self, row: &'r JsonMap) -> impl Iterator<Item = &'r str> {
        row.keys()
            .map(String::as_str)
            .filter(|name| self.column(name).is_none())
    }

    /// Whether several columns have this name, so that it says too little.
    pub(super) fn is_doubled(&self, name: &str) -> bool {
        self.doubled().any(|known| known == name.trim())
    }

    /// The cells of a row from the first named column on; `null` where nothing is given.
    pub(super) fn cells(&self, row: &JsonMap) -> Vec<Json> {
        let first = self.first_column();
        let mut cells = Vec::new();
        for (name, value) in row {
            let Some(column) = self.column(name) else {
                continue;
            };
            let place = column - first;
            if cells.len() <= place {
                cells.resize(place + 1, Json::Null);
            }
            cells[place] = cell(value);
        }
        cells
    }

    /// The error for a column that the worksheet does not have, or has more than once.
    pub(super) fn no_column(
        &self,
        call: &Call<'_>,
        place: &Place,
        pointer: &str,
        name: &str,
    ) -> StepError {
        let Place { worksheet, .. } = place;
        let row = self.row;
        if self.is_empty() {
            let message = format!(
                "Row {row} of the worksheet \"{worksheet}\" holds no column names. Write the names of the columns into \
                 it, such as \"{name}\" (Add column headers does that), or correct Header row."
            );
            return call.invalid(pointer, message);
        }
        let several = self.doubled.iter().find(|(known, _)| known == name.trim());
        if let Some((name, columns)) = several {
            let which = columns.iter().map(|column| a1::letters(*column));
            let which: Vec<String> = which.collect();
            let first = which.first().map(String::as_str).unwrap_or_default();
            let message = format!(
                "The worksheet \"{worksheet}\" has more than one column \"{name}\" in row {row}: {}. Give them \
                 different names there, or say which one is meant, such as \"{name} ({first})\".",
                listed(which.iter().map(String::as_str))
            );
            return call.invalid(pointer, message);
        }
        let hint = did_you_mean(name, self.names());
        let names = listed(self.names());
        let message = format!(
            "The worksheet \"{worksheet}\" has no column \"{name}\" in row {row}.{hint} The columns are {names}."
        );
        call.invalid(pointer, message)
    }

    /// Writes further column names behind the last one; the grid grows if it must.
    pub(super) async fn extend(
        &self,
        call: &Call<'_>,
        place: &mut Place,
        names: &[String],
    ) -> Result<(), StepError> {
        let start = self.next_column();
        let tab = place.tab_now(call).await?;
        let end = start + names.len();
        if end > tab.columns {
            let more = json!([{ "appendDimension": {
                "sheetId": tab.gid, "dimension": "COLUMNS", "length": end - tab.columns
            } }]);
            change(call, &place.spreadsheet, more).await?;
        }
        let cells = format!("{}{}", a1::letters(start), self.row);
        place
            .ask(call, |place| {
                ask(Method::PUT, &place.values(&cells, ""))
                    .query("valueInputOption", "RAW")
                    .body(json!({ "majorDimension": "ROWS", "values": [names] }))
            })
            .await?;
        call.forget(&place.key());
        Ok(())
    }
}

/// A value as a cell can hold it: lists and objects become JSON text.
pub(super) fn cell(value: &Json) -> Json {
    match value {
        Json::Array(_) | Json::Object(_) => Json::String(value.to_string()),
        other => other.clone(),
    }
}

/// A cell as text.
pub(super) fn plain(cell: &Json) -> String {
    match cell {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
