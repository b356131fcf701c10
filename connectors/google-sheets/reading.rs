//! Reading rows as objects by column names.

use super::{
    a1,
    filter::{Comparison, Filter},
    header::Header,
    place::Place,
};
use patchbay_kit::{
    Call,
    model::{Json, JsonMap, event::StepError},
};
use serde_json::json;

const EMPTY: &Json = &Json::Null;

/// A row that was read.
pub(super) struct Row {
    /// From 1.
    pub(super) number: u64,
    pub(super) values: JsonMap,
}

impl Row {
    fn into_json(self) -> Json {
        json!({ "row_number": self.number, "values": self.values })
    }
}

/// Rows from one row on, as far as they hold anything.
pub(super) async fn rows(
    call: &Call<'_>,
    place: &mut Place,
    header: &Header,
    (first, last): (u64, Option<u64>),
    takes: impl Fn(&[Json], usize) -> bool,
) -> Result<Vec<Row>, StepError> {
    let Some((last_column, _)) = header.columns().next_back() else {
        return Ok(Vec::new());
    };
    let left = place.block.left;
    let end = last.map(|last| last.to_string()).unwrap_or_default();
    let cells = format!(
        "{}{first}:{}{end}",
        a1::letters(left),
        a1::letters(last_column)
    );
    let render = match call.text("value_render") {
        "" => "UNFORMATTED_VALUE",
        render => render,
    };
    let found = place.read(call, &cells, render).await?;
    let rows = (first..)
        .zip(found)
        .filter_map(|(number, cells)| {
            let Json::Array(cells) = cells else {
                return None;
            };
            let filled = |cell: &Json| !cell.is_null() && cell.as_str() != Some("");
            let wanted = cells.iter().any(filled) && takes(&cells, left);
            wanted.then(|| Row {
                number,
                values: values(header, left, cells),
            })
        })
        .collect();
    Ok(rows)
}

fn values(header: &Header, left: usize, mut cells: Vec<Json>) -> JsonMap {
    let mut cell = |column: usize| {
        let cell = cells.get_mut(column - left).map(Json::take);
        cell.filter(|cell| !cell.is_null())
            .unwrap_or_else(|| Json::from(""))
    };
    header
        .columns()
        .map(|(column, name)| (name.to_owned(), cell(column)))
        .collect()
}

/// A cell of a row by its column, counted from 0.
pub(super) fn at(cells: &[Json], left: usize, column: usize) -> &Json {
    column
        .checked_sub(left)
        .and_then(|place| cells.get(place))
        .unwrap_or(EMPTY)
}

/// **Get rows**.
pub(super) async fn get(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let header = Header::read_anew(call, &mut place).await?;
    let filter = Filter::of(call, &place, &header)?;
    let first = call.input("first_row").and_then(Json::as_u64);
    let first = first.unwrap_or(place.header_row() + 1);
    let most = call
        .input("max_rows")
        .and_then(Json::as_u64)
        .unwrap_or(1000);
    // One row more than wanted shows whether there are more. With a filter, all have to be looked at.
    let end = if filter.is_open() {
        Some(first.saturating_add(most))
    } else {
        None
    };
    let last = match (end, place.block.bottom) {
        (Some(end), Some(bottom)) => Some(end.min(bottom)),
        (end, bottom) => end.or(bottom),
    };
    let names: Vec<&str> = header.names().collect();
    if last.is_some_and(|last| last < first) {
        return Ok(json!({ "count": 0, "truncated": false, "headers": names, "rows": [] }));
    }
    let takes = |cells: &[Json], left: usize| filter.takes(|column| at(cells, left, column));
    let mut rows = rows(call, &mut place, &header, (first, last), takes).await?;
    let size = usize::try_from(most).unwrap_or(usize::MAX);
    let truncated = if filter.is_open() {
        rows.last().is_some_and(|row| row.number >= first + most)
    } else {
        rows.len() > size
    };
    if filter.is_open() {
        rows.retain(|row| row.number < first + most);
    } else {
        rows.truncate(size);
    }
    let next = match rows.last() {
        Some(row) if truncated && !filter.is_open() => Some(row.number + 1),
        _ if truncated => Some(first + most),
        _ => None,
    };
    let rows: Vec<Json> = rows.into_iter().map(Row::into_json).collect();
    let mut output =
        json!({ "count": rows.len(), "truncated": truncated, "headers": names, "rows": rows });
    if let Some(next) = next {
        output["next_row"] = Json::from(next);
    }
    Ok(output)
}

/// **Get row**.
pub(super) async fn get_one(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let number = call.input("row_number").and_then(Json::as_u64).unwrap_or(1);
    let header = Header::read(call, &mut place).await?;
    let mut rows = rows(call, &mut place, &header, (number, Some(number)), |_, _| {
        true
    })
    .await?;
    Ok(match rows.pop() {
        Some(row) => json!({ "found": true, "row_number": number, "values": row.values }),
        None => json!({ "found": false, "row_number": number, "values": {} }),
    })
}

/// **Find row**.
pub(super) async fn find(call: &Call<'_>) -> Result<Json, StepError> {
    let mut place = Place::of(call).await?;
    let header = Header::read_anew(call, &mut place).await?;
    let column = header.needed(call, &place, "/column", call.text("column"))?;
    let comparison = Comparison::named(call.text("comparison"));
    let value = call.input("value").unwrap_or(EMPTY);
    let match_case = call.flag("match_case");
    let first = place.header_row() + 1;
    let takes =
        |cells: &[Json], left: usize| comparison.holds(at(cells, left, column), value, match_case);
    let bottom = place.block.bottom;
    let mut rows = rows(call, &mut place, &header, (first, bottom), takes).await?;
    let matches = rows.len();
    let chosen = if call.text("which") == "last" {
        rows.pop()
    } else {
        rows.into_iter().next()
    };
    Ok(match chosen {
        Some(row) => json!({
            "found": true, "row_number": row.number, "values": row.values, "matches": matches
        }),
        None => json!({ "found": false, "values": {}, "matches": 0 }),
    })
}
