//! A spreadsheet as a person watches it: a grid that shows new rows as they are written.

use std::fmt::Write as _;

use serde_json::Value;

use crate::google::a1::column_name;
use crate::google::show_sheet;
use crate::oauth::Service;
use crate::pages::html::{escape, mark, page};
use crate::state::State;
use crate::wire::{Reply, Request};

/// Empty rows and columns shown round the data, so that it looks like a sheet.
const SPARE_ROWS: usize = 24;
const LEAST_COLUMNS: usize = 10;

pub(crate) fn reply(state: &State, request: &Request, id: &str) -> Option<Reply> {
    let file = state.files.get(id)?;
    let chosen = request
        .param("gid")
        .and_then(|gid| gid.parse::<i64>().ok())
        .and_then(|gid| file.sheets.iter().position(|sheet| sheet.id == gid))
        .unwrap_or(0);
    let sheet = file.sheets.get(chosen)?;
    let values = show_sheet(sheet);
    let mut tabs = String::new();
    for (index, tab) in file.sheets.iter().enumerate() {
        let _ = write!(
            tabs,
            "<a href=\"/sheets/{id}?gid={gid}\"{current}>{title}</a>",
            id = escape(id),
            gid = tab.id,
            current = if index == chosen {
                " aria-current=\"page\""
            } else {
                ""
            },
            title = escape(&tab.title),
        );
    }
    let body = format!(
        "<div class=\"sheet-page\"><header class=\"bar\">{mark}<div class=\"title\">\
         <h1>{name}</h1><small><a href=\"/\">Sandbox</a> · {owner}</small></div>\
         <div class=\"live\" role=\"status\" id=\"live\"><i></i><span>{rows} rows</span></div>\
         </header><main class=\"grid-wrap\" tabindex=\"0\" aria-label=\"Cells\">{grid}</main>\
         <nav class=\"tabs\" aria-label=\"Worksheets\">{tabs}</nav></div>",
        mark = mark(Service::Google),
        name = escape(&file.name),
        owner = escape(file.owner.name()),
        rows = values.len(),
        grid = grid(id, sheet.id, &values),
    );
    Some(Reply::html(
        200,
        page(
            &format!("{} · Sandbox", file.name),
            "sheet",
            Some("/_sandbox/assets/sheet.js"),
            &body,
        ),
    ))
}

fn grid(id: &str, gid: i64, values: &[Vec<Value>]) -> String {
    let columns = values
        .iter()
        .map(Vec::len)
        .max()
        .unwrap_or(0)
        .max(LEAST_COLUMNS);
    let mut table = format!(
        "<table class=\"grid\" id=\"grid\" data-id=\"{}\" data-gid=\"{gid}\"><thead><tr><th></th>",
        escape(id)
    );
    for column in 0..columns {
        let _ = write!(table, "<th scope=\"col\">{}</th>", column_name(column));
    }
    table.push_str("</tr></thead><tbody>");
    for row in 0..values.len() + SPARE_ROWS {
        let _ = write!(table, "<tr><th scope=\"row\">{}</th>", row + 1);
        for column in 0..columns {
            let text = values
                .get(row)
                .and_then(|values| values.get(column))
                .and_then(Value::as_str)
                .unwrap_or_default();
            let _ = write!(table, "<td>{}</td>", escape(text));
        }
        table.push_str("</tr>");
    }
    table.push_str("</tbody></table>");
    table
}
