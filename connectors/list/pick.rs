//! Adds, takes and removes items by their places.

use super::counted;
use crate::values::fingerprint;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;
use std::collections::HashSet;

pub(super) fn add_items(inputs: &mut Inputs) -> Json {
    let (mut list, mut items) = (inputs.take_list("list"), inputs.take_list("items"));
    counted(match inputs.text("place") {
        "beginning" => {
            items.append(&mut list);
            items
        }
        _ => {
            list.append(&mut items);
            list
        }
    })
}

pub(super) fn get_item(inputs: &mut Inputs) -> Result<Json, StepError> {
    let index = inputs.integer("index").unwrap_or(0);
    let mut list = inputs.take_list("list");
    if let Some(item) = place(index, list.len()).and_then(|place| list.get_mut(place)) {
        return Ok(json!({ "result": item.take(), "found": true }));
    }
    match inputs.get("default") {
        Some(default) => Ok(json!({ "result": default, "found": false })),
        None => {
            let count = match list.len() {
                1 => "1 item".to_owned(),
                count => format!("{count} items"),
            };
            Err(invalid(
                "/index",
                format!(
                    "The list has {count} and none at place {index}. Fill in Default if that may happen."
                ),
            ))
        }
    }
}

pub(super) fn part(inputs: &mut Inputs) -> Json {
    let list = inputs.take_list("list");
    let start = inputs.integer("start").unwrap_or(0);
    let skip = match usize::try_from(start) {
        Ok(start) => start,
        Err(_) => list.len().saturating_sub(back(start)),
    };
    let count = inputs.count("count").unwrap_or(usize::MAX);
    counted(list.into_iter().skip(skip).take(count).collect())
}

pub(super) fn remove_items(inputs: &mut Inputs) -> Json {
    let list = inputs.take_list("list");
    let before = list.len();
    let places: HashSet<usize> = inputs
        .list("places")
        .iter()
        .filter_map(Json::as_i64)
        .filter_map(|index| place(index, before))
        .collect();
    let values: HashSet<String> = inputs.list("values").iter().map(fingerprint).collect();
    let empty = inputs.flag("empty");
    let goes = |index: usize, item: &Json| {
        places.contains(&index)
            || (empty && is_empty(item))
            || (!values.is_empty() && values.contains(&fingerprint(item)))
    };
    let rest: Vec<Json> = list
        .into_iter()
        .enumerate()
        .filter(|(index, item)| !goes(*index, item))
        .map(|(_, item)| item)
        .collect();
    let removed = before - rest.len();
    json!({ "result": rest, "removed": removed })
}

fn is_empty(item: &Json) -> bool {
    match item {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// The place that an index from either end means.
fn place(index: i64, count: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(index) => Some(index).filter(|index| *index < count),
        Err(_) => count.checked_sub(back(index)),
    }
}

fn back(index: i64) -> usize {
    usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX)
}
