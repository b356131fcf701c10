//! Rows by column names: writing and reading them.

use super::{
    a1,
    header::{Header, Place, ask, cell},
};
use http::Method;
use patchbay_kit::{
    Call,
    model::{Json, JsonMap, event::StepError},
};
use serde_json::json;

/// Adds one row.
pub(super) async fn create(call: &Call<'_>) -> Result<Json, StepError> {
    let place = Place::of(call);
    let row = object(call, "/row", call.input("row"))?;
    let header = header_for(call, &place, "/row", row).await?;
    let updates = append_cells(call, &place, &header, &[header.cells(row)]).await?;
    Ok(written(&place, &updates, row))
}

/// Adds many rows.
pub(super) async fn append(call: &Call<'_>) -> Result<Json, StepError> {
    let place = Place::of(call);
    let rows = call
        .input("rows")
        .and_then(Json::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if rows.is_empty() {
        return Ok(json!({ "spreadsheet_id": place.spreadsheet, "count": 0 }));
    }
    let mut header = Header::from_cells(&Json::Null, place.header_row);
    let mut cells = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let pointer = format!("/rows/{index}");
        cells.push(match row {
            Json::Array(values) => values.iter().map(cell).collect(),
            row => {
                let row = object(call, &pointer, Some(row))?;
                header = header_for(call, &place, &pointer, row).await?;
                header.cells(row)
            }
        });
    }
    let updates = append_cells(call, &place, &header, &cells).await?;
    let mut output = json!({ "spreadsheet_id": place.spreadsheet, "count": rows.len() });
    if let Some(range) = updates["updatedRange"].as_str() {
        output["updated_range"] = Json::from(range);
        if let Some(row) = a1::first_row(range) {
            output["first_row_number"] = Json::from(row);
        }
    }
    Ok(output)
}

/// Changes cells of one row.
pub(super) async fn update(call: &Call<'_>) -> Result<Json, StepError> {
    let place = Place::of(call);
    let row = object(call, "/row", call.input("row"))?;
    let number = call.input("row_number").and_then(Json::as_u64).unwrap_or(1);
    let header = header_for(call, &place, "/row", row).await?;
    let cells = format!("{}{number}", a1::letters(header.first_column()));
    let body = json!({ "majorDimension": "ROWS", "values": [header.cells(row)] });
    let request = ask(Method::PUT, &place.values(&cells))
        .query("valueInputOption", call.text("value_input"))
        .body(body);
    let updates = call.ask(request).await?;
    let mut output = written(&place, &updates, row);
    output["row_number"] = Json::from(number);
    Ok(output)
}

/// Reads rows.
pub(super) async fn get(call: &Call<'_>) -> Result<Json, StepError> {
    let place = Place::of(call);
    let header = Header::read_anew(call, &place).await?;
    let first = call
        .input("first_row")
        .and_then(Json::as_u64)
        .unwrap_or(place.header_row + 1);
    let most = call
        .input("max_rows")
        .and_then(Json::as_u64)
        .unwrap_or(1000);
    let Some((last_column, _)) = header.columns().last() else {
        return Ok(json!({ "count": 0, "truncated": false, "headers": [], "rows": [] }));
    };
    // One row more than wanted shows whether there are more.
    let cells = format!("A{first}:{}{}", a1::letters(last_column), first + most);
    let request = ask(Method::GET, &place.values(&cells))
        .query("valueRenderOption", call.text("value_render"))
        .query("dateTimeRenderOption", "FORMATTED_STRING");
    let answer = call.ask(request).await?;
    let found = answer["values"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let rows: Vec<Json> = (first..)
        .zip(found.iter().take(most))
        .filter_map(|(number, cells)| read(&header, number, cells))
        .collect();
    let names: Vec<&str> = header.names().collect();
    Ok(
        json!({ "count": rows.len(), "truncated": found.len() > most, "headers": names, "rows": rows }),
    )
}

fn read(header: &Header, number: u64, cells: &Json) -> Option<Json> {
    let cells = cells.as_array()?;
    let filled = |cell: &Json| !cell.is_null() && cell.as_str() != Some("");
    if !cells.iter().any(filled) {
        return None;
    }
    let values: JsonMap = header
        .columns()
        .map(|(column, name)| {
            (
                name.to_owned(),
                cells.get(column).cloned().unwrap_or_else(|| Json::from("")),
            )
        })
        .collect();
    Some(json!({ "row_number": number, "values": values }))
}

fn object<'v>(
    call: &Call<'_>,
    pointer: &str,
    value: Option<&'v Json>,
) -> Result<&'v JsonMap, StepError> {
    let row = value.and_then(Json::as_object);
    let row =
        row.ok_or_else(|| call.invalid(pointer, "A row is an object with values by column name."))?;
    if row.is_empty() {
        return Err(call.invalid(pointer, "The row has no values. Fill at least one column."));
    }
    Ok(row)
}

/// The header, which has every column that the row names; read anew before a column is called unknown, because
/// somebody may just have added it.
async fn header_for(
    call: &Call<'_>,
    place: &Place,
    pointer: &str,
    row: &JsonMap,
) -> Result<Header, StepError> {
    let mut header = Header::read(call, place).await?;
    if header.unknown(row).is_some() {
        header = Header::read_anew(call, place).await?;
    }
    match header.unknown(row) {
        None => Ok(header),
        Some(name) => {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            Err(header.no_column(call, place, &format!("{pointer}/{escaped}"), name))
        }
    }
}

/// The service looks for the table at the given cell and writes below its last row, from its first column on. A
/// bare worksheet name would let it find another table further right.
async fn append_cells(
    call: &Call<'_>,
    place: &Place,
    header: &Header,
    rows: &[Vec<Json>],
) -> Result<Json, StepError> {
    let anchor = format!("{}{}", a1::letters(header.first_column()), place.header_row);
    let mut path = place.values(&anchor);
    if let Some(range) = path.last_mut() {
        range.push_str(":append");
    }
    let request = ask(Method::POST, &path)
        .query("valueInputOption", call.text("value_input"))
        .query("insertDataOption", "INSERT_ROWS")
        .body(json!({ "majorDimension": "ROWS", "values": rows }));
    let answer = call.ask(request).await?;
    Ok(answer.get("updates").cloned().unwrap_or_default())
}

fn written(place: &Place, updates: &Json, row: &JsonMap) -> Json {
    let range = updates["updatedRange"].as_str().unwrap_or_default();
    json!({
        "spreadsheet_id": place.spreadsheet,
        "row_number": a1::first_row(range).unwrap_or(0),
        "updated_range": range,
        "values": row,
    })
}
