//! Nested objects as objects of one level, and back.

use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, pointer_to},
};
use serde_json::json;

pub(super) fn flatten(inputs: &mut Inputs) -> Json {
    let separator = separator(inputs);
    let lists = inputs.flag("lists");
    let mut flat = JsonMap::new();
    let object = inputs.take_object("object");
    for (key, value) in object {
        open(key, value, &separator, lists, &mut flat);
    }
    json!({ "result": flat })
}

fn separator(inputs: &Inputs) -> String {
    match inputs.text("separator") {
        "" => ".".to_owned(),
        separator => separator.to_owned(),
    }
}

/// What is empty stays what it is, so that nothing gets lost.
fn open(path: String, value: Json, separator: &str, lists: bool, flat: &mut JsonMap) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                open(
                    format!("{path}{separator}{key}"),
                    value,
                    separator,
                    lists,
                    flat,
                );
            }
        }
        Json::Array(items) if lists && !items.is_empty() => {
            for (index, value) in items.into_iter().enumerate() {
                open(
                    format!("{path}{separator}{index}"),
                    value,
                    separator,
                    lists,
                    flat,
                );
            }
        }
        value => {
            flat.insert(path, value);
        }
    }
}

pub(super) fn unflatten(inputs: &mut Inputs) -> Result<Json, StepError> {
    let separator = separator(inputs);
    let mut nested = Json::Object(JsonMap::new());
    for (path, value) in inputs.take_object("object") {
        let mut place = &mut nested;
        for key in path.split(separator.as_str()) {
            if place.is_null() {
                *place = Json::Object(JsonMap::new());
            }
            let Json::Object(map) = place else {
                return Err(clash(&path));
            };
            place = map.entry(key).or_insert(Json::Null);
        }
        if !place.is_null() {
            return Err(clash(&path));
        }
        *place = value;
    }
    if let Json::Object(map) = &mut nested {
        map.values_mut().for_each(make_lists);
    }
    Ok(json!({ "result": nested }))
}

fn clash(path: &str) -> StepError {
    let message = format!(
        "\"{path}\" and another key cannot both be there: one of them holds a value where the other one goes on."
    );
    invalid(&pointer_to("/object", path), message)
}

/// An object whose keys are 0, 1, 2, … was a list.
fn make_lists(value: &mut Json) {
    if let Json::Object(map) = value {
        map.values_mut().for_each(make_lists);
        let counts = map
            .keys()
            .enumerate()
            .all(|(index, key)| *key == index.to_string());
        if counts && !map.is_empty() {
            let items = std::mem::take(map).into_iter();
            *value = items.map(|(_, value)| value).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_flattened_can_be_nested_again() {
        for object in [
            json!({"a": {"b": [1, {"c": null}], "d": {}}, "e": []}),
            json!({"x": "y"}),
            json!({}),
        ] {
            let inputs = |object: &Json| {
                let inputs = json!({"object": object, "lists": true, "separator": "."});
                Inputs::from(inputs.as_object().cloned().unwrap())
            };
            let flat = flatten(&mut inputs(&object));
            let nested = unflatten(&mut inputs(&flat["result"])).unwrap();
            assert_eq!(nested["result"], object);
        }
    }
}
