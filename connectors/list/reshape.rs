//! Lists of lists, lists of values, objects out of lists, and lists out of nothing.

use super::counted;
use crate::values::{at, known_key, number, plain};
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid},
};
use serde_json::json;

/// More numbers than this are surely a mistake.
const MOST_NUMBERS: f64 = 1_000_000.0;

pub(super) fn concatenate(inputs: &mut Inputs) -> Json {
    let mut all = Vec::new();
    for list in inputs.take_list("lists") {
        match list {
            Json::Array(mut items) => all.append(&mut items),
            other => all.push(other),
        }
    }
    counted(all)
}

pub(super) fn pluck(inputs: &mut Inputs) -> Result<Json, StepError> {
    let (list, key) = (inputs.list("list"), inputs.text("key"));
    known_key(list, key, "/key")?;
    let skip = inputs.flag("skip_missing");
    let values = list.iter().filter_map(|item| match at(item, key) {
        Some(value) => Some(value.clone()),
        None if skip => None,
        None => Some(Json::Null),
    });
    Ok(counted(values.collect()))
}

pub(super) fn chunk(inputs: &mut Inputs) -> Json {
    let size = inputs.count("size").unwrap_or(1).max(1);
    let mut chunks = Vec::new();
    let mut items = inputs.take_list("list").into_iter().peekable();
    while items.peek().is_some() {
        chunks.push(Json::Array(items.by_ref().take(size).collect()));
    }
    counted(chunks)
}

pub(super) fn flatten(inputs: &mut Inputs) -> Json {
    let mut list = inputs.take_list("list");
    for _ in 0..inputs.count("depth").unwrap_or(1) {
        if !list.iter().any(Json::is_array) {
            break;
        }
        let mut flat = Vec::with_capacity(list.len());
        for item in list {
            match item {
                Json::Array(mut items) => flat.append(&mut items),
                other => flat.push(other),
            }
        }
        list = flat;
    }
    counted(list)
}

pub(super) fn to_object(inputs: &mut Inputs) -> Result<Json, StepError> {
    let (key, value) = (inputs.text("key"), inputs.text("value"));
    known_key(inputs.list("list"), key, "/key")?;
    known_key(inputs.list("list"), value, "/value")?;
    let mut object = JsonMap::new();
    for (index, item) in inputs.list("list").iter().enumerate() {
        let Some(name) = at(item, key).filter(|name| !name.is_null()) else {
            let message = format!("Item {index} of the list has no \"{key}\" to name its entry.");
            return Err(invalid(&format!("/list/{index}"), message));
        };
        let held = at(item, value).cloned().unwrap_or_default();
        object.insert(plain(name).into_owned(), held);
    }
    let count = object.len();
    Ok(json!({ "result": object, "count": count }))
}

pub(super) fn range(inputs: &Inputs) -> Result<Json, StepError> {
    let from = inputs.number("from").unwrap_or(0.0);
    let to = inputs.number("to").unwrap_or(0.0);
    let step = inputs.number("step").unwrap_or(1.0);
    if step == 0.0 {
        return Err(invalid(
            "/step",
            "With steps of 0 the list would never end. Write another number.",
        ));
    }
    let count = ((to - from) / step + 1e-9).floor() + 1.0;
    if count > MOST_NUMBERS {
        return Err(invalid(
            "/to",
            format!("That would be {count} numbers; a list has at most {MOST_NUMBERS}."),
        ));
    }
    // The cast of a negative number is 0.
    let numbers = (0..count as u64).map(|index| number(from + step * index as f64));
    Ok(counted(numbers.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    proptest! {
        #[test]
        fn chunks_make_the_list_again(numbers in prop::collection::vec(any::<i32>(), 0..40), size in 1usize..10) {
            let chunks = chunk(&mut with(json!({"list": numbers, "size": size})));
            let flat = flatten(&mut with(json!({"list": chunks["result"], "depth": 1})));
            prop_assert_eq!(&flat["result"], &json!(numbers));
        }
    }
}
