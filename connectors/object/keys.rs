//! Values by their keys: read, put, removed, chosen.

use crate::values::at;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, kind_name},
    suggest::did_you_mean,
};
use serde_json::json;

pub(super) fn get_value(inputs: &Inputs) -> Result<Json, StepError> {
    let object = inputs.get("object").unwrap_or(&Json::Null);
    let key = inputs.text("key");
    if let Some(found) = at(object, key) {
        return Ok(json!({ "result": found, "found": true }));
    }
    match inputs.get("default") {
        Some(default) => Ok(json!({ "result": default, "found": false })),
        None => Err(invalid("/key", absent(object, key))),
    }
}

/// Says which key is not there, and which one was perhaps meant.
fn absent(object: &Json, key: &str) -> String {
    let (parent, last) = match key.rsplit_once('.') {
        Some((parent, last)) => (at(object, parent), last),
        None => (Some(object), key),
    };
    let names = parent.and_then(Json::as_object).into_iter();
    let hint = did_you_mean(last, names.flat_map(|map| map.keys().map(String::as_str)));
    match object {
        Json::Object(_) | Json::Array(_) => format!("There is no \"{key}\".{hint}"),
        other => format!("There is no \"{key}\" in {}.", kind_name(other)),
    }
}

pub(super) fn set_value(inputs: &mut Inputs) -> Result<Json, StepError> {
    let value = inputs.take("value");
    let mut object = inputs.take("object");
    let key = inputs.text("key");
    let mut place = &mut object;
    let parts: Vec<&str> = match place.get(key) {
        Some(_) => vec![key],
        None => key.split('.').collect(),
    };
    for part in parts {
        if place.is_null() {
            *place = Json::Object(JsonMap::new());
        }
        place = match place {
            Json::Object(map) => map.entry(part).or_insert(Json::Null),
            Json::Array(items) => {
                let count = items.len();
                match part.parse::<usize>().ok().filter(|index| *index <= count) {
                    Some(index) => {
                        if index == count {
                            items.push(Json::Null);
                        }
                        &mut items[index]
                    }
                    None => {
                        let message = format!(
                            "\"{part}\" in \"{key}\" is no place in a list of {count} items. Places count from 0, \
                             and {count} adds an item."
                        );
                        return Err(invalid("/key", message));
                    }
                }
            }
            other => {
                let kind = kind_name(other);
                let message = format!("\"{key}\" leads into {kind}, which has no \"{part}\".");
                return Err(invalid("/key", message));
            }
        };
    }
    *place = value;
    Ok(json!({ "result": object }))
}

pub(super) fn remove_keys(inputs: &mut Inputs) -> Json {
    let mut object = inputs.take("object");
    for key in inputs.list("keys").iter().filter_map(Json::as_str) {
        let whole = object.as_object_mut().and_then(|map| map.shift_remove(key));
        if whole.is_some() {
            continue;
        }
        let Some((parent, last)) = key.rsplit_once('.') else {
            continue;
        };
        let pointer: String = parent
            .split('.')
            .map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")))
            .collect();
        match object.pointer_mut(&pointer) {
            Some(Json::Object(map)) => {
                map.shift_remove(last);
            }
            Some(Json::Array(items)) => {
                if let Some(index) = last.parse().ok().filter(|index| *index < items.len()) {
                    items.remove(index);
                }
            }
            _ => {}
        }
    }
    json!({ "result": object })
}

pub(super) fn pick_keys(inputs: &Inputs) -> Result<Json, StepError> {
    let object = inputs.get("object").unwrap_or(&Json::Null);
    let mut picked = JsonMap::new();
    for (index, key) in inputs
        .list("keys")
        .iter()
        .filter_map(Json::as_str)
        .enumerate()
    {
        match (at(object, key), inputs.text("missing")) {
            (Some(value), _) => {
                picked.insert(key.to_owned(), value.clone());
            }
            (None, "null") => {
                picked.insert(key.to_owned(), Json::Null);
            }
            (None, "fail") => {
                return Err(invalid(&format!("/keys/{index}"), absent(object, key)));
            }
            (None, _) => {}
        }
    }
    Ok(json!({ "result": picked }))
}

pub(super) fn has_keys(inputs: &Inputs) -> Json {
    let object = inputs.get("object").unwrap_or(&Json::Null);
    let filled = inputs.flag("filled");
    let keys = inputs.list("keys").iter().filter_map(Json::as_str);
    let missing: Vec<&str> = keys
        .filter(|key| match at(object, key) {
            None => true,
            Some(Json::Null) => filled,
            Some(Json::String(text)) => filled && text.is_empty(),
            Some(Json::Array(items)) => filled && items.is_empty(),
            Some(Json::Object(map)) => filled && map.is_empty(),
            Some(_) => false,
        })
        .collect();
    json!({ "result": missing.is_empty(), "missing": missing })
}

pub(super) fn entries(inputs: &mut Inputs) -> Json {
    let object = inputs.take_object("object");
    let keys: Vec<&String> = object.keys().collect();
    let values: Vec<&Json> = object.values().collect();
    let entries: Vec<Json> = object
        .iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    json!({ "keys": keys, "values": values, "entries": entries, "count": object.len() })
}
