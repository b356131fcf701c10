//! Values translated by a table.

use crate::values::{at, fingerprint, plain};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid, kind_name, shown},
};
use serde_json::json;

pub(super) fn map_value(inputs: &Inputs) -> Result<Json, StepError> {
    let value = inputs.get("value").unwrap_or(&Json::Null);
    let ignore_case = inputs.flag("ignore_case");
    let seen = |value: &Json| match value {
        Json::String(text) if ignore_case => fingerprint(&Json::from(text.to_lowercase())),
        other => fingerprint(other),
    };
    let wanted = seen(value);
    let mut lines = inputs.list("table").iter();
    let line = lines.find(|line| seen(line.get("from").unwrap_or(&Json::Null)) == wanted);
    if let Some(line) = line {
        return Ok(json!({ "result": line.get("to"), "found": true }));
    }
    match inputs.get("default") {
        Some(default) => Ok(json!({ "result": default, "found": false })),
        None => {
            let value = shown(value);
            let message =
                format!("The table has no line for {value}. Add one, or fill in Default.");
            Err(invalid("/value", message))
        }
    }
}

pub(super) fn map_values(inputs: &mut Inputs) -> Result<Json, StepError> {
    let mut list = inputs.take_list("list");
    let key = inputs.text("key");
    let table = inputs.get("table").and_then(Json::as_object);
    let mut changed = 0;
    for (index, item) in list.iter_mut().enumerate() {
        if !item.is_object() {
            let message = format!("Item {index} must be an object and is {}.", kind_name(item));
            return Err(invalid(&format!("/list/{index}"), message));
        }
        let Some(value) = at(item, key) else { continue };
        let translated = table.and_then(|table| table.get(plain(value).as_ref()));
        changed += usize::from(translated.is_some());
        let Some(new) = translated.or_else(|| inputs.get("default")).cloned() else {
            continue;
        };
        let pointer: String = match item.get(key) {
            Some(_) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            None => key.split('.').map(|part| format!("/{part}")).collect(),
        };
        if let Some(place) = item.pointer_mut(&pointer) {
            *place = new;
        }
    }
    Ok(json!({ "result": list, "changed": changed }))
}
