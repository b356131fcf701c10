//! Spreadsheets as files: finding and making them.

use super::worksheets::{text_row, texts};
use http::Method;
use patchbay_kit::{
    Ask, Call,
    model::{Json, event::StepError},
};
use serde_json::json;

/// **List spreadsheets**: Drive's list of files, asked for page by page until enough are there.
pub(super) async fn list(call: &Call<'_>) -> Result<Json, StepError> {
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
            .group("drive")
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

/// **Create spreadsheet**: with a worksheet and its column names, in one request.
pub(super) async fn create(call: &Call<'_>) -> Result<Json, StepError> {
    let worksheet = call.text("worksheet");
    let mut properties = json!({ "title": call.text("title") });
    for (input, key) in [("locale", "locale"), ("time_zone", "timeZone")] {
        if let Some(value) = call.input(input) {
            properties[key] = value.clone();
        }
    }
    let mut sheet = json!({ "properties": { "title": worksheet } });
    let headers = texts(call, "headers");
    if !headers.is_empty() {
        sheet["data"] = json!([{ "rowData": [text_row(&headers)] }]);
    }
    let body = json!({ "properties": properties, "sheets": [sheet] });
    let request = Ask::new(Method::POST, ["v4", "spreadsheets"])
        .group("write")
        .body(body);
    let made = call.ask(request).await?;
    let gid = made
        .pointer("/sheets/0/properties/sheetId")
        .and_then(Json::as_i64)
        .unwrap_or(0);
    Ok(json!({
        "spreadsheet_id": made["spreadsheetId"],
        "url": made["spreadsheetUrl"],
        "title": call.text("title"),
        "worksheet": worksheet,
        "worksheet_id": gid,
    }))
}
