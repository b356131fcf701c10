//! Making, copying, renaming and deleting worksheets, and writing their column names.

use super::{
    header::Header,
    place::{Place, change},
    tabs::{Meant, Tabs},
};
use http::Method;
use patchbay_kit::{
    Ask, Call,
    model::{Json, event::StepError},
};
use serde_json::json;

/// **List worksheets**.
pub(super) async fn list(call: &Call<'_>) -> Result<Json, StepError> {
    let spreadsheet = call.text("spreadsheet_id");
    let tabs = Tabs::anew(call, spreadsheet).await?;
    let worksheets: Vec<Json> = tabs.all.iter().map(|tab| tab.described()).collect();
    Ok(json!({ "spreadsheet_id": spreadsheet, "title": tabs.title, "worksheets": worksheets }))
}

/// **Read header**.
pub(super) async fn read_header(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let header = Header::read_anew(call, &mut place).await?;
    let names: Vec<&str> = header.names().collect();
    let doubled: Vec<&str> = header.doubled().collect();
    let columns: Vec<Json> = header
        .columns()
        .map(|(column, name)| json!({ "name": name, "letter": super::a1::letters(column) }))
        .collect();
    Ok(json!({ "headers": names, "columns": columns, "duplicates": doubled }))
}

/// **Create worksheet**: with its column names, all in one request.
pub(super) async fn create(call: &Call<'_>) -> Result<Json, StepError> {
    let spreadsheet = call.text("spreadsheet_id");
    let title = call.text("title");
    if call.text("if_exists") == "use" {
        let tabs = Tabs::anew(call, spreadsheet).await?;
        if let Some(tab) = tabs.find(&Meant::Title(title)) {
            return Ok(made(spreadsheet, tab.gid, &tab.title, false));
        }
    }
    let gid = gid_for(title);
    let mut properties = json!({ "sheetId": gid, "title": title });
    for (input, key) in [("row_count", "rowCount"), ("column_count", "columnCount")] {
        if let Some(count) = call.count(input) {
            properties["gridProperties"][key] = Json::from(count);
        }
    }
    if let Some(index) = call.count("index") {
        properties["index"] = Json::from(index);
    }
    let headers = texts(call, "headers");
    let columns = call.count("column_count").unwrap_or(26);
    if headers.len() > columns {
        properties["gridProperties"]["columnCount"] = Json::from(headers.len());
    }
    let mut requests = vec![json!({ "addSheet": { "properties": properties } })];
    if !headers.is_empty() {
        requests.push(json!({ "updateCells": {
            "start": { "sheetId": gid, "rowIndex": 0, "columnIndex": 0 },
            "rows": [text_row(&headers)],
            "fields": "userEnteredValue",
        } }));
    }
    change(call, spreadsheet, Json::Array(requests)).await?;
    Ok(made(spreadsheet, gid, title, true))
}

/// A number for a new worksheet that its title decides, so that its first row can be written in the same request.
fn gid_for(title: &str) -> i64 {
    let hash = title.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    // The service takes numbers below 2³¹; 0 is the first worksheet's.
    i64::from(hash & 0x7fff_ffff).max(1)
}

/// **Rename worksheet**.
pub(super) async fn rename(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let tab = place.tab(call).await?;
    let title = call.text("title");
    let requests = json!([{ "updateSheetProperties": {
        "properties": { "sheetId": tab.gid, "title": title }, "fields": "title"
    } }]);
    change(call, &place.spreadsheet, requests).await?;
    let mut output = described(&place.spreadsheet, tab.gid, title);
    output["previous_title"] = Json::from(tab.title);
    Ok(output)
}

/// **Delete worksheet**.
pub(super) async fn delete(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let tab = place.tab(call).await?;
    let requests = json!([{ "deleteSheet": { "sheetId": tab.gid } }]);
    change(call, &place.spreadsheet, requests).await?;
    Ok(json!({ "spreadsheet_id": place.spreadsheet, "id": tab.gid, "title": tab.title }))
}

/// **Copy worksheet**: within the spreadsheet, or into another one.
pub(super) async fn copy(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let tab = place.tab(call).await?;
    let title = call.text("title");
    let destination = call.text("destination_spreadsheet_id");
    if destination.is_empty() || destination == place.spreadsheet {
        let mut copy = json!({ "sourceSheetId": tab.gid });
        if !title.is_empty() {
            copy["newSheetName"] = Json::from(title);
        }
        let answer = change(
            call,
            &place.spreadsheet,
            json!([{ "duplicateSheet": copy }]),
        )
        .await?;
        let copied = answer
            .pointer("/replies/0/duplicateSheet/properties")
            .cloned()
            .unwrap_or_default();
        return Ok(of_properties(&place.spreadsheet, &copied));
    }
    let target = format!("{}:copyTo", tab.gid);
    let request = Ask::new(
        Method::POST,
        ["v4", "spreadsheets", &place.spreadsheet, "sheets", &target],
    )
    .group("write")
    .body(json!({ "destinationSpreadsheetId": destination }));
    let mut copied = call.ask(request).await?;
    Tabs::forget(call, destination);
    if !title.is_empty() {
        let requests = json!([{ "updateSheetProperties": {
            "properties": { "sheetId": copied["sheetId"], "title": title }, "fields": "title"
        } }]);
        change(call, destination, requests).await?;
        copied["title"] = Json::from(title);
    }
    Ok(of_properties(destination, &copied))
}

/// **Add column headers**: those that are missing, behind the last one.
pub(super) async fn add_headers(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let header = Header::read_anew(call, &mut place).await?;
    let mut new: Vec<String> = Vec::new();
    for name in texts(call, "headers") {
        let name = name.trim().to_owned();
        let known = |other: &String| other.to_lowercase() == name.to_lowercase();
        let there = header.column(&name).is_some() || header.is_doubled(&name);
        if !name.is_empty() && !there && !new.iter().any(known) {
            new.push(name);
        }
    }
    if !new.is_empty() {
        header.extend(call, &mut place, &new).await?;
    }
    let all: Vec<&str> = header
        .names()
        .chain(new.iter().map(String::as_str))
        .collect();
    Ok(json!({ "spreadsheet_id": place.spreadsheet, "headers": all, "added": new }))
}

/// A list of texts, cells of any kind among them.
pub(super) fn texts(call: &Call<'_>, input: &str) -> Vec<String> {
    let list = call.input(input).and_then(Json::as_array);
    list.into_iter()
        .flatten()
        .map(super::header::plain)
        .collect()
}

/// `RowData` of texts, which stay texts even if they look like formulas.
pub(super) fn text_row(texts: &[String]) -> Json {
    let cell = |text: &String| json!({ "userEnteredValue": { "stringValue": text } });
    json!({ "values": texts.iter().map(cell).collect::<Vec<_>>() })
}

fn of_properties(spreadsheet: &str, properties: &Json) -> Json {
    let gid = properties["sheetId"].as_i64().unwrap_or(0);
    let title = properties["title"].as_str().unwrap_or_default();
    described(spreadsheet, gid, title)
}

fn described(spreadsheet: &str, gid: i64, title: &str) -> Json {
    json!({
        "spreadsheet_id": spreadsheet, "id": gid, "title": title, "worksheet": format!("{title}#gid={gid}")
    })
}

fn made(spreadsheet: &str, gid: i64, title: &str, created: bool) -> Json {
    let mut made = described(spreadsheet, gid, title);
    made["created"] = Json::from(created);
    made
}
