//! The header row of a worksheet: which column has which name.

use super::a1;
use patchbay_kit::{
    Ask, Call,
    model::{Json, JsonMap, event::StepError},
    suggest::{did_you_mean, listed},
};

/// The names in the header row, by column; an empty text where there is none.
pub(super) struct Header {
    names: Vec<String>,
    /// From 1.
    row: u64,
}

/// Where the rows of a call are.
pub(super) struct Place {
    pub(super) spreadsheet: String,
    pub(super) worksheet: String,
    pub(super) header_row: u64,
}

impl Place {
    pub(super) fn of(call: &Call<'_>) -> Self {
        Self {
            spreadsheet: a1::spreadsheet_id(call.text("spreadsheet_id")).to_owned(),
            worksheet: call.text("worksheet").to_owned(),
            header_row: call.input("header_row").and_then(Json::as_u64).unwrap_or(1),
        }
    }

    fn key(&self) -> String {
        format!(
            "header\n{}\n{}\n{}",
            self.spreadsheet, self.worksheet, self.header_row
        )
    }

    pub(super) fn values(&self, cells: &str) -> Vec<String> {
        [
            "v4",
            "spreadsheets",
            &self.spreadsheet,
            "values",
            &a1::range(&self.worksheet, cells),
        ]
        .map(str::to_owned)
        .into()
    }
}

/// A request below the service's address.
pub(super) fn ask(method: http::Method, path: &[String]) -> Ask {
    Ask::new(method, path.iter().map(String::as_str))
}

impl Header {
    /// Reads the header row, or remembers it from the last minute.
    pub(super) async fn read(call: &Call<'_>, place: &Place) -> Result<Self, StepError> {
        if let Some(known) = call.remembered(&place.key()) {
            return Ok(Self::from_cells(&known, place.header_row));
        }
        Self::read_anew(call, place).await
    }

    /// Reads the header row from the service.
    pub(super) async fn read_anew(call: &Call<'_>, place: &Place) -> Result<Self, StepError> {
        let row = place.header_row;
        let answer = call
            .ask(ask(
                http::Method::GET,
                &place.values(&format!("{row}:{row}")),
            ))
            .await?;
        let cells = answer
            .pointer("/values/0")
            .cloned()
            .unwrap_or(Json::Array(Vec::new()));
        let header = Self::from_cells(&cells, row);
        if header.is_empty() {
            // Somebody is about to write one.
            call.forget(&place.key());
        } else {
            call.remember(&place.key(), cells);
        }
        Ok(header)
    }

    pub(super) fn from_cells(cells: &Json, row: u64) -> Self {
        let name = |cell: &Json| {
            cell.as_str()
                .map_or_else(|| cell.to_string(), str::to_owned)
                .trim()
                .to_owned()
        };
        let names = cells
            .as_array()
            .map(|cells| cells.iter().map(name).collect());
        Self {
            names: names.unwrap_or_default(),
            row,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names().next().is_none()
    }

    /// The names that are not empty, with their columns counted from 0; of equal names the first.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, &str)> {
        let named = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.is_empty());
        named
            .filter(|(column, name)| !self.names[..*column].contains(name))
            .map(|(column, name)| (column, name.as_str()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns().map(|(_, name)| name)
    }

    /// The first named column, which is where the service begins new rows.
    pub(super) fn first_column(&self) -> usize {
        self.columns().next().map_or(0, |(column, _)| column)
    }

    fn column(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let exact = self.columns().find(|(_, known)| *known == name);
        let folded = || {
            self.columns()
                .find(|(_, known)| known.to_lowercase() == name.to_lowercase())
        };
        exact.or_else(folded).map(|(column, _)| column)
    }

    /// The names among these that no column has.
    pub(super) fn unknown<'r>(&self, row: &'r JsonMap) -> Option<&'r str> {
        row.keys()
            .map(String::as_str)
            .find(|name| self.column(name).is_none())
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

    /// The error for a column that the worksheet does not have.
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
                 it, such as \"{name}\", or correct Header row."
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
}

/// A value as a cell can hold it: lists and objects become JSON text.
pub(super) fn cell(value: &Json) -> Json {
    match value {
        Json::Array(_) | Json::Object(_) => Json::String(value.to_string()),
        other => other.clone(),
    }
}
