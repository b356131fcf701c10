//! One spreadsheet file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::google::grid::{Area, Sheet};
use crate::google::metadata::Metadata;
use crate::people::Person;

/// A spreadsheet with its sheets in tab order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Spreadsheet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: Person,
    /// Created through the API, hence within reach of the scope `drive.file`.
    pub(crate) made_by_app: bool,
    pub(crate) trashed: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) modified_at: Timestamp,
    /// How often it was written to.
    pub(crate) changes: u64,
    pub(crate) locale: String,
    pub(crate) time_zone: String,
    pub(crate) sheets: Vec<Sheet>,
    /// What apps attached.
    #[serde(default)]
    pub(crate) metadata: Vec<Metadata>,
    #[serde(default)]
    pub(crate) named_ranges: Vec<NamedRange>,
}

/// A range with a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NamedRange {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The sheet's id.
    pub(crate) sheet: i64,
    pub(crate) area: Area,
}

impl Spreadsheet {
    /// The position of the sheet with this title: exactly so written, or else in another case.
    pub(crate) fn position(&self, title: &str) -> Option<usize> {
        let lower = title.to_lowercase();
        self.sheets
            .iter()
            .position(|sheet| sheet.title == title)
            .or_else(|| {
                self.sheets
                    .iter()
                    .position(|sheet| sheet.title.to_lowercase() == lower)
            })
    }

    pub(crate) fn first_visible(&self) -> Option<usize> {
        self.sheets.iter().position(|sheet| !sheet.hidden)
    }

    /// Notes a change.
    pub(crate) fn touch(&mut self, now: Timestamp) {
        self.modified_at = now;
        self.changes += 1;
    }

    /// Where a person watches it.
    pub(crate) fn url(&self, origin: &str) -> String {
        format!("{origin}/spreadsheets/d/{}/edit", self.id)
    }
}
