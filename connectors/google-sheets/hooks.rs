//! What Google Sheets needs beyond single requests: rows by column names, and a search that has to be escaped.

mod a1;
mod header;
mod rows;

use header::{Header, Place, ask};
use http::Method;
use patchbay_kit::{
    Ask, Call, Hooks,
    hooks::BoxFuture,
    model::{Json, event::StepError},
};
use serde_json::json;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    GoogleSheets
}

struct GoogleSheets;

impl Hooks for GoogleSheets {
    fn run<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Option<Result<Json, StepError>>> {
        Box::pin(async move {
            Some(match call.operation() {
                "create_row" => rows::create(&call).await,
                "append_rows" => rows::append(&call).await,
                "get_rows" => rows::get(&call).await,
                "update_row" => rows::update(&call).await,
                "list_spreadsheets" => list_spreadsheets(&call).await,
                "list_worksheets" => list_worksheets(&call).await,
                "read_header" => read_header(&call).await,
                "create_spreadsheet" => create_spreadsheet(&call).await,
                _ => return None,
            })
        })
    }
}

/// Drive's list of files, asked for page by page until enough are there.
async fn list_spreadsheets(call: &Call<'_>) -> Result<Json, StepError> {
    const FIELDS: &str = "nextPageToken,files(id,name,modifiedTime,owners(displayName))";
    let most = call.count("max_results").unwrap_or(100);
    let mut query =
        "mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false".to_owned();
    let search = call.text("search");
    if !search.is_empty() {
        let escaped = search.replace('\\', "\\\\").replace('\'', "\\'");
        query.push_str(&format!(" and name contains '{escaped}'"));
    }
    let mut spreadsheets = Vec::new();
    let mut token = None;
    while spreadsheets.len() < most {
        let size = (most - spreadsheets.len()).min(1000);
        let mut page = Ask::new(Method::GET, ["drive", "v3", "files"])
            .host("drive")
            .query("q", query.as_str())
            .query("orderBy", "modifiedTime desc")
            .query("pageSize", size.to_string())
            .query("fields", FIELDS)
            .query("supportsAllDrives", "true")
            .query("includeItemsFromAllDrives", "true");
        if let Some(token) = token.take() {
            page = page.query("pageToken", token);
        }
        let answer = call.ask(page).await?;
        let files = answer.get("files").and_then(Json::as_array);
        spreadsheets.extend(files.into_iter().flatten().map(spreadsheet));
        token = answer
            .get("nextPageToken")
            .and_then(Json::as_str)
            .map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    spreadsheets.truncate(most);
    Ok(json!({ "spreadsheets": spreadsheets }))
}

fn spreadsheet(file: &Json) -> Json {
    let mut spreadsheet = json!({ "id": file["id"], "name": file["name"] });
    for (key, pointer) in [
        ("modified_time", "/modifiedTime"),
        ("owner", "/owners/0/displayName"),
    ] {
        if let Some(value) = file.pointer(pointer) {
            spreadsheet[key] = value.clone();
        }
    }
    spreadsheet
}

async fn list_worksheets(call: &Call<'_>) -> Result<Json, StepError> {
    let id = a1::spreadsheet_id(call.text("spreadsheet_id"));
    let fields = "spreadsheetId,properties.title,sheets.properties(sheetId,title,index,sheetType,hidden,gridProperties)";
    let answer = call
        .ask(Ask::new(Method::GET, ["v4", "spreadsheets", id]).query("fields", fields))
        .await?;
    let sheets = answer.get("sheets").and_then(Json::as_array);
    let worksheets: Vec<Json> = sheets
        .into_iter()
        .flatten()
        .filter_map(|sheet| sheet.get("properties"))
        // A chart on a tab of its own has no rows.
        .filter(|sheet| {
            sheet
                .get("sheetType")
                .and_then(Json::as_str)
                .is_none_or(|kind| kind == "GRID")
        })
        .map(worksheet)
        .collect();
    let title = answer
        .pointer("/properties/title")
        .cloned()
        .unwrap_or_else(|| Json::from(""));
    Ok(json!({ "spreadsheet_id": id, "title": title, "worksheets": worksheets }))
}

fn worksheet(properties: &Json) -> Json {
    let number = |pointer: &str| properties.pointer(pointer).and_then(Json::as_u64);
    let mut worksheet = json!({
        "id": number("/sheetId").unwrap_or(0),
        "title": properties["title"],
        "index": number("/index").unwrap_or(0),
        "hidden": properties.get("hidden").and_then(Json::as_bool).unwrap_or(false),
    });
    for (key, pointer) in [
        ("row_count", "/gridProperties/rowCount"),
        ("column_count", "/gridProperties/columnCount"),
    ] {
        if let Some(count) = number(pointer) {
            worksheet[key] = Json::from(count);
        }
    }
    worksheet
}

async fn read_header(call: &Call<'_>) -> Result<Json, StepError> {
    let header = Header::read_anew(call, &Place::of(call)).await?;
    let names: Vec<&str> = header.names().collect();
    let columns: Vec<Json> = header
        .columns()
        .map(|(column, name)| json!({ "name": name, "letter": a1::letters(column) }))
        .collect();
    Ok(json!({ "headers": names, "columns": columns }))
}

async fn create_spreadsheet(call: &Call<'_>) -> Result<Json, StepError> {
    let worksheet = call.text("worksheet");
    let body = json!({
        "properties": { "title": call.text("title") },
        "sheets": [{ "properties": { "title": worksheet } }],
    });
    let made = call
        .ask(Ask::new(Method::POST, ["v4", "spreadsheets"]).body(body))
        .await?;
    let place = Place {
        spreadsheet: made["spreadsheetId"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        worksheet: worksheet.to_owned(),
        header_row: 1,
    };
    if let Some(headers) = call
        .input("headers")
        .filter(|headers| headers.as_array().is_some_and(|list| !list.is_empty()))
    {
        let body = json!({ "majorDimension": "ROWS", "values": [headers] });
        call.ask(
            ask(Method::PUT, &place.values("A1"))
                .query("valueInputOption", "RAW")
                .body(body),
        )
        .await?;
    }
    Ok(json!({
        "spreadsheet_id": place.spreadsheet,
        "url": made["spreadsheetUrl"],
        "title": call.text("title"),
        "worksheet": worksheet,
    }))
}
