//! Taking rows and values away.

use super::{
    filter::Filter,
    header::Header,
    place::{Place, ask, change, is_outside},
    reading,
};
use http::Method;
use patchbay_kit::{
    Call,
    model::{Json, event::StepError},
};
use serde_json::json;

/// **Delete rows**: by number, or those that fit a filter. All of them in one request, from the bottom up, so that no
/// deletion moves the rows that are still to go.
pub(super) async fn delete_rows(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let given = call.input("row_numbers").and_then(Json::as_array);
    let filtered = call
        .input("filter")
        .and_then(Json::as_array)
        .is_some_and(|conditions| !conditions.is_empty());
    let mut numbers: Vec<u64> = match (given, filtered) {
        (Some(numbers), false) => numbers.iter().filter_map(Json::as_u64).collect(),
        (None, true) => fitting(call, &mut place).await?,
        (given, _) => {
            let message = if given.is_some() {
                "Give either row numbers or a filter, not both."
            } else {
                "Say which rows: give their numbers, or a filter that they fit."
            };
            return Err(call.invalid("/row_numbers", message));
        }
    };
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.first() == Some(&0) {
        return Err(call.invalid(
            "/row_numbers",
            "Rows are counted from 1; there is no row 0.",
        ));
    }
    let header_row = place.header_row();
    if numbers.binary_search(&header_row).is_ok() {
        let message = format!(
            "Row {header_row} holds the column names. Leave it out, or correct Header row; Clear empties whole \
             worksheets."
        );
        return Err(call.invalid("/row_numbers", message));
    }
    let output = json!({ "spreadsheet_id": place.spreadsheet, "count": numbers.len() });
    let Some(last) = numbers.last().copied() else {
        return Ok(output);
    };
    let tab = place.tab(call).await?;
    let requests: Vec<Json> = runs(&numbers)
        .into_iter()
        .rev()
        .map(|(first, last)| {
            json!({ "deleteDimension": { "range": {
                "sheetId": tab.gid, "dimension": "ROWS", "startIndex": first - 1, "endIndex": last
            } } })
        })
        .collect();
    match change(call, &place.spreadsheet, Json::Array(requests)).await {
        Err(error) if error.message.contains("Cannot delete") || is_outside(&error) => {
            Err(place.outside(call, "/row_numbers", last))
        }
        other => other.map(|_| output),
    }
}

async fn fitting(call: &Call<'_>, place: &mut Place) -> Result<Vec<u64>, StepError> {
    let header = Header::read_anew(call, place).await?;
    let filter = Filter::of(call, place, &header)?;
    let first = place.header_row() + 1;
    let takes =
        |cells: &[Json], left: usize| filter.takes(|column| reading::at(cells, left, column));
    let rows = reading::rows(call, place, &header, (first, None), takes).await?;
    Ok(rows.into_iter().map(|row| row.number).collect())
}

/// Neighbours together: first and last number of each run.
fn runs(numbers: &[u64]) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

/// **Clear**: values go, looks stay.
pub(super) async fn clear(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let range = call.text("range").rsplit('!').next().unwrap_or_default();
    let cells = match (range, call.flag("keep_header")) {
        ("", false) => String::new(),
        // No worksheet has more columns than this.
        ("", true) => format!("A{}:ZZZ", place.header_row() + 1),
        (range, _) => range.to_owned(),
    };
    let answer = place
        .ask(call, |place| {
            ask(Method::POST, &place.values(&cells, ":clear"))
                .repeatable()
                .body(json!({}))
        })
        .await;
    call.forget(&place.key());
    match answer {
        // There is no row below the header.
        Err(error) if is_outside(&error) && range.is_empty() => {
            Ok(json!({ "spreadsheet_id": place.spreadsheet }))
        }
        Err(error) if is_outside(&error) => {
            let message = format!(
                "The range {range} lies outside the worksheet \"{}\". Choose cells that are there.",
                place.worksheet
            );
            Err(call.invalid("/range", message))
        }
        other => {
            let answer = other?;
            let cleared = &answer["clearedRange"];
            Ok(json!({ "spreadsheet_id": place.spreadsheet, "cleared_range": cleared }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn neighbours_go_together() {
        assert_eq!(runs(&[2, 3, 4, 7, 9, 10]), [(2, 4), (7, 7), (9, 10)]);
        assert_eq!(runs(&[]), []);
    }
}
