//! Objects with other keys.

use crate::values::at;
use indexmap::IndexSet;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, kind_name},
};
use serde_json::json;

/// One line of the mapping.
struct Mapping {
    from: String,
    to: String,
    default: Option<Json>,
}

fn mappings(inputs: &Inputs) -> Vec<Mapping> {
    let text = |mapping: &Json, key: &str| {
        let text = mapping.get(key).and_then(Json::as_str);
        text.unwrap_or_default().to_owned()
    };
    let mappings = inputs.list("mappings").iter();
    mappings
        .map(|mapping| Mapping {
            from: text(mapping, "from"),
            to: text(mapping, "to"),
            default: mapping.get("default").cloned(),
        })
        .collect()
}

pub(super) fn map_keys(inputs: &Inputs) -> Result<Json, StepError> {
    let object = inputs.get("object").unwrap_or(&Json::Null);
    let keep = inputs.text("others") == "keep";
    Ok(json!({ "result": mapped(object, &mappings(inputs), keep)? }))
}

pub(super) fn map_list(inputs: &Inputs) -> Result<Json, StepError> {
    let (mappings, keep) = (mappings(inputs), inputs.text("others") == "keep");
    let mut result = Vec::new();
    for (index, item) in inputs.list("list").iter().enumerate() {
        if !item.is_object() {
            let message = format!("Item {index} must be an object and is {}.", kind_name(item));
            return Err(invalid(&format!("/list/{index}"), message));
        }
        result.push(mapped(item, &mappings, keep)?);
    }
    let count = result.len();
    Ok(json!({ "result": result, "count": count }))
}

fn mapped(object: &Json, mappings: &[Mapping], keep: bool) -> Result<Json, StepError> {
    let mut whole = JsonMap::new();
    if keep {
        let taken: IndexSet<&str> = mappings
            .iter()
            .map(|mapping| match object.get(&mapping.from) {
                Some(_) => mapping.from.as_str(),
                None => mapping.from.split('.').next().unwrap_or_default(),
            })
            .collect();
        let others = object.as_object().into_iter().flatten();
        let others = others.filter(|(key, _)| !taken.contains(key.as_str()));
        whole.extend(others.map(|(key, value)| (key.clone(), value.clone())));
    }
    let mut whole = Json::Object(whole);
    for (index, mapping) in mappings.iter().enumerate() {
        let value = at(object, &mapping.from).or(mapping.default.as_ref());
        if let Some(value) = value {
            put(&mut whole, &mapping.to, value.clone(), index)?;
        }
    }
    Ok(whole)
}

fn put(whole: &mut Json, to: &str, value: Json, index: usize) -> Result<(), StepError> {
    let mut place = whole;
    for key in to.split('.') {
        if place.is_null() {
            *place = Json::Object(JsonMap::new());
        }
        let Json::Object(map) = place else {
            let message = format!("\"{to}\" leads into a value that another line puts there.");
            return Err(invalid(&format!("/mappings/{index}/to"), message));
        };
        place = map.entry(key).or_insert(Json::Null);
    }
    *place = value;
    Ok(())
}
