//! Developer metadata: keys and values that apps attach to rows, columns, sheets or the whole file.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::google::access::{Caller, Need};
use crate::google::cells::{index, sheet_at};
use crate::google::grid::Area;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::{Answer, body, errors, fields, filters};
use crate::state::State;

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) id: i64,
    key: String,
    value: Option<String>,
    visibility: String,
    pub(crate) place: Place,
}

/// What an entry is attached to; sheets by their id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    Spreadsheet,
    Sheet(i64),
    /// One row, counted from 0.
    Row(i64, usize),
    /// One column, counted from 0.
    Column(i64, usize),
}

impl Place {
    /// Reads a `DeveloperMetadataLocation`.
    pub(crate) fn read(file: &Spreadsheet, location: &Value) -> Result<Self, String> {
        if location["spreadsheet"] == Value::Bool(true) {
            return Ok(Self::Spreadsheet);
        }
        if let Some(gid) = location["sheetId"].as_i64() {
            sheet_at(file, &location["sheetId"])?;
            return Ok(Self::Sheet(gid));
        }
        let range = &location["dimensionRange"];
        let at = sheet_at(file, &range["sheetId"])?;
        let gid = file.sheets.get(at).map_or(0, |sheet| sheet.id);
        let start = index(&range["startIndex"], 0);
        if index(&range["endIndex"], start + 1) != start + 1 {
            return Err(
                "Developer metadata may only be associated with a single row or column".to_owned(),
            );
        }
        match range["dimension"].as_str() {
            Some("ROWS") => Ok(Self::Row(gid, start)),
            Some("COLUMNS") => Ok(Self::Column(gid, start)),
            _ => Err("A location must be set on developer metadata".to_owned()),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Spreadsheet => "SPREADSHEET",
            Self::Sheet(_) => "SHEET",
            Self::Row(..) => "ROW",
            Self::Column(..) => "COLUMN",
        }
    }

    fn json(self) -> Value {
        let range = |gid: i64, dimension: &str, at: usize| json!({ "sheetId": gid, "dimension": dimension, "startIndex": at, "endIndex": at + 1 });
        let mut location = json!({ "locationType": self.kind() });
        match self {
            Self::Spreadsheet => location["spreadsheet"] = true.into(),
            Self::Sheet(gid) => location["sheetId"] = gid.into(),
            Self::Row(gid, at) => location["dimensionRange"] = range(gid, "ROWS", at),
            Self::Column(gid, at) => location["dimensionRange"] = range(gid, "COLUMNS", at),
        }
        location
    }

    fn gid(self) -> Option<i64> {
        match self {
            Self::Spreadsheet => None,
            Self::Sheet(gid) | Self::Row(gid, _) | Self::Column(gid, _) => Some(gid),
        }
    }

    /// Whether both lie in the same cells somewhere.
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Spreadsheet, _) | (_, Self::Spreadsheet) => true,
            (Self::Row(one, row), Self::Row(two, other)) => one == two && row == other,
            (Self::Column(one, column), Self::Column(two, other)) => one == two && column == other,
            (one, two) => one.gid() == two.gid(),
        }
    }

    /// The cells of a sheet that belong to it.
    pub(crate) fn area(self, gid: i64, rows: usize, columns: usize) -> Option<Area> {
        let whole = Area {
            top: 0,
            left: 0,
            bottom: rows.saturating_sub(1),
            right: columns.saturating_sub(1),
        };
        if self.gid().is_some_and(|own| own != gid) {
            return None;
        }
        Some(match self {
            Self::Spreadsheet | Self::Sheet(_) => whole,
            Self::Row(_, at) => Area {
                top: at,
                bottom: at,
                ..whole
            },
            Self::Column(_, at) => Area {
                left: at,
                right: at,
                ..whole
            },
        })
    }
}

impl Metadata {
    pub(crate) fn json(&self) -> Value {
        let mut entry = json!({
            "metadataId": self.id,
            "metadataKey": self.key,
            "location": self.place.json(),
            "visibility": self.visibility,
        });
        if let Some(value) = &self.value {
            entry["metadataValue"] = value.as_str().into();
        }
        entry
    }

    /// Whether a `DeveloperMetadataLookup` finds it.
    pub(crate) fn fits(&self, file: &Spreadsheet, lookup: &Value) -> Result<bool, String> {
        let says = |name: &str, own: &str| lookup[name].as_str().is_none_or(|wanted| wanted == own);
        let wanted = &lookup["metadataLocation"];
        let there = if wanted.is_null() {
            true
        } else {
            let place = Place::read(file, wanted)?;
            if lookup["locationMatchingStrategy"] == "EXACT_LOCATION" {
                self.place == place
            } else {
                self.place.meets(place)
            }
        };
        Ok(there
            && lookup["metadataId"].as_i64().is_none_or(|id| id == self.id)
            && says("metadataKey", &self.key)
            && says("metadataValue", self.value.as_deref().unwrap_or_default())
            && says("visibility", &self.visibility)
            && says("locationType", self.place.kind()))
    }
}

/// Attaches an entry.
pub(crate) fn create(file: &mut Spreadsheet, wanted: &Value) -> Result<Value, String> {
    let key = wanted["metadataKey"].as_str().unwrap_or_default();
    if key.is_empty() {
        return Err("A metadataKey must be set on developer metadata".to_owned());
    }
    let visibility = match wanted["visibility"].as_str() {
        Some(visibility @ ("DOCUMENT" | "PROJECT")) => visibility,
        _ => return Err("A visibility must be set on developer metadata".to_owned()),
    };
    let free = file
        .metadata
        .iter()
        .map(|entry| entry.id)
        .max()
        .unwrap_or(0)
        + 1;
    let id = wanted["metadataId"].as_i64().unwrap_or(free);
    if file.metadata.iter().any(|entry| entry.id == id) {
        return Err(format!("Developer metadata with id {id} already exists"));
    }
    let entry = Metadata {
        id,
        key: key.to_owned(),
        value: wanted["metadataValue"].as_str().map(str::to_owned),
        visibility: visibility.to_owned(),
        place: Place::read(file, &wanted["location"])?,
    };
    let answer = entry.json();
    file.metadata.push(entry);
    Ok(answer)
}

/// Changes the entries that the filters find.
pub(crate) fn update(file: &mut Spreadsheet, what: &Value) -> Result<Vec<Value>, String> {
    let mask = what["fields"].as_str().unwrap_or_default();
    if mask.is_empty() {
        return Err("At least one field must be listed in 'fields'.".to_owned());
    }
    let takes = |name: &str| {
        mask.split(',')
            .any(|field| matches!(field.trim(), "*") || field.trim() == name)
    };
    let wanted = &what["developerMetadata"];
    let found = matching(
        file,
        what["dataFilters"].as_array().map_or(&[], Vec::as_slice),
    )?;
    let place = if takes("location") && !wanted["location"].is_null() {
        Some(Place::read(file, &wanted["location"])?)
    } else {
        None
    };
    let mut changed = Vec::new();
    for entry in file
        .metadata
        .iter_mut()
        .filter(|entry| found.contains(&entry.id))
    {
        if let (true, Some(key)) = (takes("metadataKey"), wanted["metadataKey"].as_str()) {
            key.clone_into(&mut entry.key);
        }
        if takes("metadataValue") {
            entry.value = wanted["metadataValue"].as_str().map(str::to_owned);
        }
        if let (true, Some(word)) = (takes("visibility"), wanted["visibility"].as_str()) {
            word.clone_into(&mut entry.visibility);
        }
        entry.place = place.unwrap_or(entry.place);
        changed.push(entry.json());
    }
    Ok(changed)
}

/// Takes away the entries that the filter finds.
pub(crate) fn delete(file: &mut Spreadsheet, filter: &Value) -> Result<Vec<Value>, String> {
    let found = matching(file, std::slice::from_ref(filter))?;
    let gone = |entry: &&Metadata| found.contains(&entry.id);
    let deleted = file
        .metadata
        .iter()
        .filter(gone)
        .map(Metadata::json)
        .collect();
    file.metadata.retain(|entry| !found.contains(&entry.id));
    Ok(deleted)
}

fn matching(file: &Spreadsheet, filters: &[Value]) -> Result<Vec<i64>, String> {
    let mut found = Vec::new();
    for filter in filters {
        for entry in &file.metadata {
            if filters::finds(file, filter, entry)? {
                found.push(entry.id);
            }
        }
    }
    Ok(found)
}

/// Entries move with their rows and columns: `count` were put in before `at`.
pub(crate) fn inserted(entries: &mut [Metadata], gid: i64, columns: bool, at: usize, count: usize) {
    for entry in entries {
        match &mut entry.place {
            Place::Row(own, row) if !columns && *own == gid && *row >= at => *row += count,
            Place::Column(own, column) if columns && *own == gid && *column >= at => {
                *column += count
            }
            _ => {}
        }
    }
}

/// Entries go with their rows and columns: `from..to` were taken out.
pub(crate) fn deleted(
    entries: &mut Vec<Metadata>,
    gid: i64,
    columns: bool,
    from: usize,
    to: usize,
) {
    entries.retain_mut(|entry| {
        let at = match &mut entry.place {
            Place::Row(own, row) if !columns && *own == gid => row,
            Place::Column(own, column) if columns && *own == gid => column,
            _ => return true,
        };
        if *at >= to {
            *at -= to - from;
            return true;
        }
        *at < from
    });
}

/// `spreadsheets.developerMetadata.get`.
pub(crate) fn get(state: &mut State, caller: &Caller<'_>, id: &str, entry: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Find)?;
    body::only_params(request, &[])?;
    let wanted: i64 = entry.parse().map_err(|_| {
        errors::invalid(&format!(
            "Invalid value at 'metadata_id' (TYPE_INT32), \"{entry}\""
        ))
    })?;
    let found = file.metadata.iter().find(|entry| entry.id == wanted);
    let found = found.ok_or_else(errors::not_found)?;
    fields::ok(request, found.json())
}

/// `spreadsheets.developerMetadata.search`.
pub(crate) fn search(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Find)?;
    body::only_params(request, &[])?;
    let sent = body::object(request, &["dataFilters"])?;
    let wanted = filters::list(&sent)?;
    let mut found = Vec::new();
    for entry in &file.metadata {
        let mut by = Vec::new();
        for filter in &wanted {
            if filters::finds(file, filter, entry).map_err(|text| errors::invalid(&text))? {
                by.push(filter.clone());
            }
        }
        if !by.is_empty() {
            found.push(json!({ "developerMetadata": entry.json(), "dataFilters": by }));
        }
    }
    let mut answer = Map::new();
    if !found.is_empty() {
        answer.insert("matchedDeveloperMetadata".to_owned(), found.into());
    }
    fields::ok(request, Value::Object(answer))
}
