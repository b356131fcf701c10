//! Data filters: cells chosen by A1 notation, by numbers or by metadata, and the methods that take them.

use serde_json::{Map, Value, json};

use crate::google::a1::{self, Target};
use crate::google::access::{Caller, Need};
use crate::google::body;
use crate::google::cells::grid_range;
use crate::google::metadata::Metadata;
use crate::google::render::Rendering;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::spreadsheets::{self, Parts};
use crate::google::values::{self, Batch};
use crate::google::{Answer, errors, fields};
use crate::state::State;
use crate::wire::Reply;

/// `dataFilters` of a body; at least one is needed.
pub(crate) fn list(sent: &Map<String, Value>) -> Result<Vec<Value>, Reply> {
    let filters = sent.get("dataFilters").and_then(Value::as_array);
    filters
        .filter(|filters| !filters.is_empty())
        .cloned()
        .ok_or_else(|| errors::invalid("At least one dataFilter must be specified"))
}

/// The cells that a filter chooses.
pub(crate) fn resolve(file: &Spreadsheet, filter: &Value) -> Result<Vec<Target>, Reply> {
    if let Some(range) = filter["a1Range"].as_str() {
        return a1::resolve(file, range).map(|target| vec![target]);
    }
    let refuse = |text: String| errors::invalid(&text);
    if filter["gridRange"].is_object() {
        return grid_range(file, &filter["gridRange"])
            .map(|target| vec![target])
            .map_err(refuse);
    }
    let lookup = &filter["developerMetadataLookup"];
    if !lookup.is_object() {
        return Err(errors::invalid("A dataFilter must have a filter set"));
    }
    let mut targets = Vec::new();
    for entry in &file.metadata {
        if !entry.fits(file, lookup).map_err(refuse)? {
            continue;
        }
        for (sheet, tab) in file.sheets.iter().enumerate() {
            if let Some(area) = entry.place.area(tab.id, tab.rows, tab.columns) {
                targets.push(Target {
                    sheet,
                    area,
                    single: false,
                });
            }
        }
    }
    Ok(targets)
}

/// Whether a filter finds an entry of metadata: by its own words, or because it lies in the chosen cells.
pub(crate) fn finds(file: &Spreadsheet, filter: &Value, entry: &Metadata) -> Result<bool, String> {
    let lookup = &filter["developerMetadataLookup"];
    if lookup.is_object() {
        return entry.fits(file, lookup);
    }
    let targets = resolve(file, filter).map_err(|_| "The dataFilter means no cells".to_owned())?;
    Ok(targets.iter().any(|target| {
        file.sheets.get(target.sheet).is_some_and(|tab| {
            let area = entry.place.area(tab.id, tab.rows, tab.columns);
            area.is_some_and(|area| area.meets(target.area))
        })
    }))
}

/// `spreadsheets.getByDataFilter`.
pub(crate) fn get(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Find)?;
    body::only_params(request, &[])?;
    let sent = body::object(
        request,
        &[
            "dataFilters",
            "includeGridData",
            "excludeTablesInBandedRanges",
            "commentsViewMode",
        ],
    )?;
    let mut targets = Vec::new();
    for filter in list(&sent)? {
        targets.extend(resolve(file, &filter)?);
    }
    let parts = Parts::Of {
        targets: &targets,
        with_cells: sent.get("includeGridData") == Some(&Value::Bool(true)),
    };
    fields::ok(request, spreadsheets::shown(file, &request.origin, parts))
}

/// `spreadsheets.values.batchGetByDataFilter`.
pub(crate) fn batch_get(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Find)?;
    body::only_params(request, &[])?;
    let sent = body::object(
        request,
        &[
            "dataFilters",
            "majorDimension",
            "valueRenderOption",
            "dateTimeRenderOption",
        ],
    )?;
    let columns = body::major(sent.get("majorDimension").and_then(Value::as_str))?;
    let text = |name: &'static str| Some((name, sent.get(name)?.as_str()?));
    let rendering = Rendering::from_texts(text("valueRenderOption"), text("dateTimeRenderOption"))?;
    let mut ranges = Vec::new();
    for filter in list(&sent)? {
        for target in resolve(file, &filter)? {
            ranges.push(json!({
                "valueRange": values::value_range(file, target, columns, rendering),
                "dataFilters": [filter],
            }));
        }
    }
    fields::ok(
        request,
        json!({ "spreadsheetId": id, "valueRanges": ranges }),
    )
}

/// `spreadsheets.values.batchUpdateByDataFilter`: all cells or none.
pub(crate) fn batch_update(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let year = values::year(request.now);
    let file = caller.open(state, id, Need::Write)?;
    let Batch { data, input, echo } = Batch::of(request)?;
    let Some(Value::Array(data)) = data else {
        return Err(errors::invalid(
            "At least one entry of data must be specified",
        ));
    };
    let mut writes = Vec::new();
    for (index, one) in data.into_iter().enumerate() {
        let place = format!("data[{index}]");
        let mut members = body::fields(one, &["dataFilter", "majorDimension", "values"], &place)?;
        let filter = members.remove("dataFilter").unwrap_or_default();
        let columns = body::major(members.get("majorDimension").and_then(Value::as_str))?;
        let one = body::value_range(members, &place, input, year)?;
        let targets = resolve(file, &filter)?;
        if targets.is_empty() {
            return Err(errors::invalid(&format!(
                "Invalid {place}: the dataFilter matches nothing"
            )));
        }
        for target in targets {
            values::check_fits(file, target, &one)?;
            writes.push((target, one.rows.clone(), columns, filter.clone()));
        }
    }
    let mut written = Vec::new();
    for (target, rows, columns, filter) in writes {
        written.push((values::put(file, target, rows), columns, filter));
    }
    file.touch(request.now);
    let responses: Vec<Value> = written
        .iter()
        .map(|(written, columns, filter)| {
            let mut answer = written.answer(file, echo, *columns);
            if let Some(members) = answer.as_object_mut() {
                members.remove("spreadsheetId");
                members.insert("dataFilter".to_owned(), filter.clone());
            }
            answer
        })
        .collect();
    let written: Vec<values::Written> = written.into_iter().map(|(one, ..)| one).collect();
    let mut answer = values::totals(id, &written);
    answer["responses"] = responses.into();
    fields::ok(request, answer)
}

/// `spreadsheets.values.batchClearByDataFilter`.
pub(crate) fn batch_clear(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(request, &["dataFilters"])?;
    let mut targets = Vec::new();
    for filter in list(&sent)? {
        targets.extend(resolve(file, &filter)?);
    }
    let cleared: Vec<String> = targets
        .into_iter()
        .map(|target| values::wipe(file, target))
        .collect();
    file.touch(request.now);
    fields::ok(
        request,
        json!({ "spreadsheetId": id, "clearedRanges": cleared }),
    )
}
