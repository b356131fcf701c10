//! Objects put together, and freed from what holds nothing.

use patchbay_kit::{
    model::{Json, JsonMap},
    pure::Inputs,
};
use serde_json::json;

pub(super) fn merge(inputs: &mut Inputs) -> Json {
    let deep = inputs.flag("deep");
    let concatenate = inputs.text("lists") == "concatenate";
    let mut whole = JsonMap::new();
    for object in inputs.take_list("objects") {
        let Json::Object(object) = object else {
            continue;
        };
        if deep {
            merge_into(&mut whole, object, concatenate);
        } else {
            whole.extend(object);
        }
    }
    json!({ "result": whole })
}

fn merge_into(whole: &mut JsonMap, object: JsonMap, concatenate: bool) {
    for (key, value) in object {
        match (whole.get_mut(&key), value) {
            (Some(Json::Object(inner)), Json::Object(further)) => {
                merge_into(inner, further, concatenate);
            }
            (Some(Json::Array(items)), Json::Array(mut further)) if concatenate => {
                items.append(&mut further);
            }
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}

pub(super) fn remove_empty(inputs: &mut Inputs) -> Json {
    let mut value = inputs.take("value");
    let chosen = inputs.list("kinds");
    let counts = |kind: &str| chosen.is_empty() || chosen.iter().any(|chosen| chosen == kind);
    let kinds = Kinds {
        null: counts("null"),
        text: counts("text"),
        list: counts("list"),
        object: counts("object"),
    };
    let mut removed = 0;
    tidy(&mut value, &kinds, &mut removed);
    json!({ "result": value, "removed": removed })
}

/// What counts as empty.
struct Kinds {
    null: bool,
    text: bool,
    list: bool,
    object: bool,
}

/// Removes from the inside outwards, so that an object of nothing but empty values goes too.
fn tidy(value: &mut Json, kinds: &Kinds, removed: &mut usize) {
    let mut stays = |value: &mut Json| {
        tidy(value, kinds, removed);
        let empty = match value {
            Json::Null => kinds.null,
            Json::String(text) => kinds.text && text.is_empty(),
            Json::Array(items) => kinds.list && items.is_empty(),
            Json::Object(map) => kinds.object && map.is_empty(),
            _ => false,
        };
        *removed += usize::from(empty);
        !empty
    };
    match value {
        Json::Array(items) => items.retain_mut(|item| stays(item)),
        Json::Object(map) => map.retain(|_, item| stays(item)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tidy_stays_as_it_is() {
        let untidy = json!({"a": [null, {"b": {}}, 0, false, ""], "c": "x"});
        let with = |value: &Json| {
            let mut map = JsonMap::new();
            map.insert("value".to_owned(), value.clone());
            remove_empty(&mut map.into())
        };
        let once = with(&untidy);
        assert_eq!(once["result"], json!({"a": [0, false], "c": "x"}));
        let twice = with(&once["result"]);
        assert_eq!(
            (&twice["result"], &twice["removed"]),
            (&once["result"], &json!(0))
        );
    }
}
