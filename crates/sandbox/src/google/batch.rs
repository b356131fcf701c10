//! `spreadsheets.batchUpdate`: changes to the shape of a spreadsheet, all or none.

mod contents;
mod dimensions;
pub(crate) mod named;
mod tabs;

use serde_json::{Value, json};

use crate::google::access::{Caller, Need};
use crate::google::spreadsheet::Spreadsheet;
use crate::google::spreadsheets::{self, Parts};
use crate::google::{Answer, a1, body, errors, fields, metadata};
use crate::state::State;
use crate::wire::Reply;

/// `spreadsheets.batchUpdate`.
pub(crate) fn update(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    let file = caller.open(state, id, Need::Write)?;
    body::only_params(request, &[])?;
    let sent = body::object(
        request,
        &[
            "requests",
            "includeSpreadsheetInResponse",
            "responseRanges",
            "responseIncludeGridData",
            "commentsViewMode",
        ],
    )?;
    let requests = sent
        .get("requests")
        .and_then(Value::as_array)
        .filter(|requests| !requests.is_empty())
        .ok_or_else(|| errors::invalid("Must specify at least one request."))?;
    // On a copy, so that a request that fails undoes the ones before it.
    let mut changed = file.clone();
    let mut replies = Vec::with_capacity(requests.len());
    for (index, one) in requests.iter().enumerate() {
        replies.push(apply(&mut changed, one, index)?);
    }
    changed.touch(request.now);
    *file = changed;
    let mut answer = json!({ "spreadsheetId": id, "replies": replies });
    if sent.get("includeSpreadsheetInResponse") == Some(&Value::Bool(true)) {
        let ranges = sent.get("responseRanges").and_then(Value::as_array);
        let targets = ranges
            .into_iter()
            .flatten()
            .map(|range| a1::resolve(file, range.as_str().unwrap_or_default()))
            .collect::<Result<Vec<_>, _>>()?;
        let with_cells = sent.get("responseIncludeGridData") == Some(&Value::Bool(true));
        let parts = if targets.is_empty() {
            Parts::All { with_cells }
        } else {
            Parts::Of {
                targets: &targets,
                with_cells,
            }
        };
        answer["updatedSpreadsheet"] = spreadsheets::shown(file, &request.origin, parts);
    }
    fields::ok(request, answer)
}

/// Kinds of requests that change only how cells look or behave, which nobody sees here; they answer with nothing.
const LOOKS: [&str; 13] = [
    "autoResizeDimensions",
    "clearBasicFilter",
    "deleteConditionalFormatRule",
    "mergeCells",
    "setBasicFilter",
    "setDataValidation",
    "unmergeCells",
    "updateBorders",
    "updateDimensionProperties",
    "addDimensionGroup",
    "deleteDimensionGroup",
    "updateDimensionGroup",
    "updateConditionalFormatRule",
];

/// Kinds of requests that exist and that the stand-in does not carry out.
const MISSING: [&str; 35] = [
    "addBanding",
    "addChart",
    "addCommentReply",
    "addConditionalFormatRule",
    "addDataSource",
    "addFilterView",
    "addProtectedRange",
    "addSlicer",
    "addTable",
    "autoFill",
    "cancelDataSourceRefresh",
    "cutPaste",
    "deleteBanding",
    "deleteComment",
    "deleteCommentReply",
    "deleteDataSource",
    "deleteEmbeddedObject",
    "deleteFilterView",
    "deleteProtectedRange",
    "deleteRange",
    "deleteTable",
    "duplicateFilterView",
    "insertComment",
    "insertRange",
    "moveDimension",
    "pasteData",
    "randomizeRange",
    "refreshDataSource",
    "textToColumns",
    "updateChartSpec",
    "updateDataSource",
    "updateFilterView",
    "updateProtectedRange",
    "updateSlicerSpec",
    "updateTable",
];

/// What became of a request: what it answers with, under its own name; `Null`: nothing.
type Done = Result<Value, String>;

fn apply(file: &mut Spreadsheet, request: &Value, index: usize) -> Result<Value, Reply> {
    let members = request.as_object().filter(|members| members.len() == 1);
    let Some((kind, what)) = members.and_then(|members| members.iter().next()) else {
        return Err(errors::invalid(&format!(
            "Invalid requests[{index}]: exactly one kind of request must be set"
        )));
    };
    let kind = kind.as_str();
    let done = match kind {
        "addSheet" => tabs::add(file, &what["properties"]),
        "deleteSheet" => tabs::delete(file, &what["sheetId"]),
        "duplicateSheet" => tabs::duplicate(file, what),
        "updateSheetProperties" => tabs::update(file, what),
        "updateSpreadsheetProperties" => tabs::update_file(file, what),
        "deleteDimension" => dimensions::delete(file, &what["range"]),
        "insertDimension" => dimensions::insert(file, &what["range"]),
        "appendDimension" => dimensions::append(file, what),
        "updateCells" => contents::update(file, what),
        "appendCells" => contents::append(file, what),
        "repeatCell" => contents::repeat(file, what),
        "copyPaste" => contents::copy_paste(file, what),
        "findReplace" => contents::find_replace(file, what),
        "sortRange" => contents::sort(file, what),
        "deleteDuplicates" => contents::delete_duplicates(file, what),
        "trimWhitespace" => contents::trim(file, what),
        "addNamedRange" => {
            named::add(file, &what["namedRange"]).map(|named| json!({ "namedRange": named }))
        }
        "updateNamedRange" => named::update(file, what),
        "deleteNamedRange" => named::delete(file, &what["namedRangeId"]),
        "createDeveloperMetadata" => metadata::create(file, &what["developerMetadata"])
            .map(|entry| json!({ "developerMetadata": entry })),
        "updateDeveloperMetadata" => {
            metadata::update(file, what).map(|entries| json!({ "developerMetadata": entries }))
        }
        "deleteDeveloperMetadata" => metadata::delete(file, &what["dataFilter"])
            .map(|entries| json!({ "deletedDeveloperMetadata": entries })),
        kind if LOOKS.contains(&kind) => Ok(Value::Null),
        kind if MISSING.contains(&kind) => {
            Err("this stand-in for Google does not carry out such requests".to_owned())
        }
        kind => {
            return Err(errors::bad_field(
                &format!("requests[{index}]"),
                &format!(
                    "Invalid JSON payload received. Unknown name \"{kind}\" at \
                     'requests[{index}]': Cannot find field."
                ),
            ));
        }
    };
    match done {
        Ok(Value::Null) => Ok(json!({})),
        Ok(answer) => Ok(json!({ kind: answer })),
        Err(text) => Err(errors::invalid(&format!(
            "Invalid requests[{index}].{kind}: {text}"
        ))),
    }
}
