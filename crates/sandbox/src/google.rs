//! Google's side: Sheets v4 and the little of Drive v3 that a file picker needs.

pub(crate) mod a1;
mod access;
mod append;
mod batch;
mod body;
mod cells;
mod copying;
mod dates;
mod drive;
mod drive_query;
mod errors;
mod fields;
mod filters;
mod formula;
pub(crate) mod grid;
pub(crate) mod metadata;
pub(crate) mod quota;
mod render;
pub(crate) mod seed;
pub(crate) mod spreadsheet;
mod spreadsheets;
mod tables;
mod user_entered;
mod values;

use axum::http::Method;

use crate::google::access::Caller;
use crate::oauth::Service;
use crate::state::State;
use crate::wire::{Reply, Request};

/// An answer; `Err` is a refusal.
type Answer = Result<Reply, Reply>;

/// Answers a request below `/v4/spreadsheets` or `/drive/v3`.
pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    let segments = request.segments();
    let pieces: Vec<&str> = segments.iter().map(String::as_str).collect();
    let drive = pieces.first() == Some(&"drive");
    let answer = caller(state, request, drive).and_then(|caller| {
        if drive {
            to_drive(state, &caller, &pieces)
        } else {
            to_sheets(state, &caller, &pieces)
        }
    });
    answer.unwrap_or_else(|refusal| refusal)
}

fn caller<'a>(state: &mut State, request: &'a Request, drive: bool) -> Result<Caller<'a>, Reply> {
    let token = request.bearer().ok_or_else(|| errors::no_token(drive))?;
    let identity = state
        .grants
        .identify(Service::Google, token, request.now)
        .map_err(|_| errors::bad_token(drive))?;
    Ok(Caller { request, identity })
}

fn to_sheets(state: &mut State, caller: &Caller<'_>, pieces: &[&str]) -> Answer {
    let method = &caller.request.method;
    let (get, post, put) = (
        *method == Method::GET,
        *method == Method::POST,
        *method == Method::PUT,
    );
    match pieces {
        ["v4", "spreadsheets"] if post => spreadsheets::create(state, caller),
        ["v4", "spreadsheets", id] if post => match id.rsplit_once(':') {
            Some((id, "batchUpdate")) => batch::update(state, caller, id),
            Some((id, "getByDataFilter")) => filters::get(state, caller, id),
            _ => Err(errors::no_such_url(caller.request)),
        },
        ["v4", "spreadsheets", id] if get => spreadsheets::get(state, caller, id),
        ["v4", "spreadsheets", id, "values:batchGet"] if get => {
            values::batch_get(state, caller, id)
        }
        ["v4", "spreadsheets", id, "values:batchUpdate"] if post => {
            values::batch_update(state, caller, id)
        }
        ["v4", "spreadsheets", id, "values:batchClear"] if post => {
            values::batch_clear(state, caller, id)
        }
        ["v4", "spreadsheets", id, "values:batchGetByDataFilter"] if post => {
            filters::batch_get(state, caller, id)
        }
        ["v4", "spreadsheets", id, "values:batchUpdateByDataFilter"] if post => {
            filters::batch_update(state, caller, id)
        }
        ["v4", "spreadsheets", id, "values:batchClearByDataFilter"] if post => {
            filters::batch_clear(state, caller, id)
        }
        ["v4", "spreadsheets", id, "developerMetadata:search"] if post => {
            metadata::search(state, caller, id)
        }
        ["v4", "spreadsheets", id, "developerMetadata", entry] if get => {
            metadata::get(state, caller, id, entry)
        }
        ["v4", "spreadsheets", id, "sheets", sheet] if post => match sheet.rsplit_once(':') {
            Some((sheet, "copyTo")) => copying::copy(state, caller, id, sheet),
            _ => Err(errors::no_such_url(caller.request)),
        },
        ["v4", "spreadsheets", id, "values", range] if get => values::get(state, caller, id, range),
        ["v4", "spreadsheets", id, "values", range] if put => {
            values::update(state, caller, id, range)
        }
        ["v4", "spreadsheets", id, "values", range] if post => match range.rsplit_once(':') {
            Some((range, "append")) => append::append(state, caller, id, range),
            Some((range, "clear")) => values::clear(state, caller, id, range),
            _ => Err(errors::no_such_url(caller.request)),
        },
        _ => Err(errors::no_such_url(caller.request)),
    }
}

fn to_drive(state: &mut State, caller: &Caller<'_>, pieces: &[&str]) -> Answer {
    if caller.request.method != Method::GET {
        return Err(errors::no_such_url(caller.request));
    }
    match pieces {
        ["drive", "v3", "files"] => drive::list(state, caller),
        ["drive", "v3", "files", id] => drive::get(state, caller, id),
        ["drive", "v3", "about"] => drive::about(state, caller),
        ["drive", "v3", "drives"] => drive::shared_drives(state, caller),
        _ => Err(errors::no_such_url(caller.request)),
    }
}

/// All values of a sheet, unformatted, as tests compare them.
pub(crate) fn render_sheet(
    file: &spreadsheet::Spreadsheet,
    title: &str,
) -> Option<Vec<Vec<serde_json::Value>>> {
    let sheet = file.sheets.get(file.position(title)?)?;
    let area = grid::Area {
        top: 0,
        left: 0,
        bottom: sheet.rows.saturating_sub(1),
        right: sheet.columns.saturating_sub(1),
    };
    let rendering = render::Rendering {
        values: render::Values::Unformatted,
        dates_as_text: false,
    };
    Some(values::lists(sheet, area, false, rendering))
}

/// The values of a sheet as people see them.
pub(crate) fn show_sheet(sheet: &grid::Sheet) -> Vec<Vec<serde_json::Value>> {
    let area = grid::Area {
        top: 0,
        left: 0,
        bottom: sheet.rows.saturating_sub(1),
        right: sheet.columns.saturating_sub(1),
    };
    values::lists(sheet, area, false, render::Rendering::default())
}
