//! Writing rows by column names.

use super::{
    a1,
    filter::Comparison,
    header::{Header, cell},
    place::{Place, ask, is_outside},
};
use http::Method;
use patchbay_kit::{
    Call,
    model::{Json, JsonMap, event::StepError},
};
use serde_json::json;

/// **Create row**.
pub(super) async fn create(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let row = object(call, "/row", call.input("row"))?;
    let header = header_for(call, &mut place, &[("/row".to_owned(), row)]).await?;
    let updates = append_cells(call, &mut place, &header, &[header.cells(row)]).await?;
    Ok(written(&place, &updates, row))
}

/// **Create rows**: many in one request. Entries that are `null` are passed over: items of a loop that failed leave
/// them behind.
pub(super) async fn create_many(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let given = call.input("rows").and_then(Json::as_array);
    let given = given.map(Vec::as_slice).unwrap_or_default();
    let mut named = Vec::new();
    for (index, row) in given.iter().enumerate() {
        if !row.is_array() && !row.is_null() {
            let pointer = format!("/rows/{index}");
            named.push((pointer.clone(), object(call, &pointer, Some(row))?));
        }
    }
    let header = if named.is_empty() {
        Header::from_cells(&Json::Null, place.header_row(), place.block.left)
    } else {
        header_for(call, &mut place, &named).await?
    };
    let cells: Vec<Vec<Json>> = given
        .iter()
        .filter_map(|row| match row {
            Json::Array(values) => Some(values.iter().map(cell).collect()),
            Json::Object(row) => Some(header.cells(row)),
            _ => None,
        })
        .collect();
    let mut output = json!({ "spreadsheet_id": place.spreadsheet, "count": cells.len() });
    if cells.is_empty() {
        return Ok(output);
    }
    let updates = append_cells(call, &mut place, &header, &cells).await?;
    if let Some(range) = updates["updatedRange"].as_str() {
        output["updated_range"] = Json::from(range);
        if let Some(row) = a1::first_row(range) {
            output["first_row_number"] = Json::from(row);
        }
    }
    Ok(output)
}

/// **Update row**.
pub(super) async fn update(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let row = object(call, "/row", call.input("row"))?;
    let number = call.input("row_number").and_then(Json::as_u64).unwrap_or(1);
    let header = header_for(call, &mut place, &[("/row".to_owned(), row)]).await?;
    put(call, &mut place, &header, number, row).await
}

/// **Create or update row**: the first row whose key column holds the key is changed; without one, a row is added.
pub(super) async fn create_or_update(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let row = object(call, "/row", call.input("row"))?;
    let header = header_for(call, &mut place, &[("/row".to_owned(), row)]).await?;
    let name = call.text("key_column");
    let column = header.needed(call, &place, "/key_column", name)?;
    let key = row
        .iter()
        .find(|(name, _)| header.column(name) == Some(column))
        .map(|(_, value)| cell(value))
        .filter(|value| !value.is_null() && value.as_str() != Some(""))
        .ok_or_else(|| {
            let message = format!(
                "The row has no value for the key column \"{name}\", so it cannot be looked for. Fill that column."
            );
            call.invalid("/row", message)
        })?;
    let letter = a1::letters(column);
    let first = place.header_row() + 1;
    let known = place
        .read(
            call,
            &format!("{letter}{first}:{letter}"),
            "UNFORMATTED_VALUE",
        )
        .await?;
    let is_key = |cells: &Json| {
        let cell = cells.get(0).unwrap_or(&Json::Null);
        Comparison::Equals.holds(cell, &key, true)
    };
    let mut found = (first..)
        .zip(&known)
        .filter(|(_, cells)| is_key(cells))
        .map(|(number, _)| number);
    let number = found.next();
    let matches = usize::from(number.is_some()) + found.count();
    let mut output = match number {
        Some(number) => put(call, &mut place, &header, number, row).await?,
        None => {
            let updates = append_cells(call, &mut place, &header, &[header.cells(row)]).await?;
            written(&place, &updates, row)
        }
    };
    output["created"] = Json::from(number.is_none());
    output["matches"] = Json::from(matches);
    Ok(output)
}

async fn put(
    call: &Call<'_>,
    place: &mut Place,
    header: &Header,
    number: u64,
    row: &JsonMap,
) -> Result<Json, StepError> {
    let cells = format!("{}{number}", a1::letters(header.first_column()));
    let values = header.cells(row);
    let answer = place
        .ask(call, |place| {
            ask(Method::PUT, &place.values(&cells, ""))
                .query("valueInputOption", call.text("value_input"))
                .body(json!({ "majorDimension": "ROWS", "values": [values] }))
        })
        .await;
    let updates = match answer {
        Err(error) if is_outside(&error) => return Err(place.outside(call, "/row_number", number)),
        other => other?,
    };
    let mut output = written(place, &updates, row);
    output["row_number"] = Json::from(number);
    Ok(output)
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

/// The header, with what the input `unknown_columns` says about columns that rows name and it does not have. It is
/// read anew before a column is called unknown, because somebody may just have added it.
async fn header_for(
    call: &Call<'_>,
    place: &mut Place,
    rows: &[(String, &JsonMap)],
) -> Result<Header, StepError> {
    let knows_all = |header: &Header| {
        rows.iter()
            .all(|(_, row)| header.unknown(row).next().is_none())
    };
    let header = Header::read(call, place).await?;
    if knows_all(&header) {
        return Ok(header);
    }
    let header = Header::read_anew(call, place).await?;
    if knows_all(&header) {
        return Ok(header);
    }
    let policy = call.text("unknown_columns");
    let mut new: Vec<String> = Vec::new();
    for (pointer, row) in rows {
        for name in header.unknown(row) {
            if header.is_doubled(name) || !matches!(policy, "ignore" | "add") {
                let escaped = name.replace('~', "~0").replace('/', "~1");
                return Err(header.no_column(call, place, &format!("{pointer}/{escaped}"), name));
            }
            let known = |new: &String| new.to_lowercase() == name.trim().to_lowercase();
            if !name.trim().is_empty() && !new.iter().any(known) {
                new.push(name.trim().to_owned());
            }
        }
        if policy == "ignore" && header.cells(row).is_empty() {
            let message =
                "The worksheet has none of this row's columns, so nothing would be written.";
            return Err(call.invalid(pointer, message));
        }
    }
    if policy == "ignore" || new.is_empty() {
        return Ok(header);
    }
    header.extend(call, place, &new).await?;
    Header::read_anew(call, place).await
}

/// The service looks for the table at the given cell and writes below its last row, from its first column on. A
/// bare worksheet name would let it find another table further right.
async fn append_cells(
    call: &Call<'_>,
    place: &mut Place,
    header: &Header,
    rows: &[Vec<Json>],
) -> Result<Json, StepError> {
    let anchor = format!(
        "{}{}",
        a1::letters(header.first_column()),
        place.header_row()
    );
    let answer = place
        .ask(call, |place| {
            ask(Method::POST, &place.values(&anchor, ":append"))
                .query("valueInputOption", call.text("value_input"))
                .query("insertDataOption", "INSERT_ROWS")
                .body(json!({ "majorDimension": "ROWS", "values": rows }))
        })
        .await?;
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
