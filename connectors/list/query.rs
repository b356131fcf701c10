//! Items that fulfil conditions, or are equal to a value.

use super::counted;
use crate::values::{at, fingerprint, known_key};
use patchbay_kit::{
    model::{
        Json,
        condition::{Comparison, compare},
        event::StepError,
    },
    pure::{Inputs, invalid, pointer_to},
};
use serde_json::json;

/// One condition, read once for all items.
struct Condition {
    key: String,
    comparison: Comparison,
    value: Json,
}

/// Conditions of which all must hold, or any.
struct Conditions {
    items: Vec<Condition>,
    all: bool,
    ignore_case: bool,
}

impl Conditions {
    fn read(inputs: &Inputs) -> Result<Self, StepError> {
        let mut items = Vec::new();
        for (index, condition) in inputs.list("conditions").iter().enumerate() {
            let word = condition.get("comparison").cloned().unwrap_or_default();
            let comparison = serde_json::from_value(word).map_err(|error| {
                let pointer = format!("/conditions/{index}/comparison");
                invalid(&pointer, format!("This is no comparison: {error}."))
            })?;
            let key = condition.get("key").and_then(Json::as_str);
            items.push(Condition {
                key: key.unwrap_or_default().to_owned(),
                comparison,
                value: condition.get("value").cloned().unwrap_or_default(),
            });
        }
        Ok(Self {
            items,
            all: inputs.text("match") != "any",
            ignore_case: inputs.flag("ignore_case"),
        })
    }

    fn hold(&self, index: usize, item: &Json) -> Result<bool, StepError> {
        for condition in &self.items {
            let found = at(item, &condition.key);
            let holds = compare(
                found,
                condition.comparison,
                Some(&condition.value),
                self.ignore_case,
            )
            .map_err(|message| {
                let place = pointer_to("/list", &index.to_string());
                let place = match condition.key.as_str() {
                    "" => place,
                    key => pointer_to(&place, key),
                };
                invalid(&place, format!("Item {index} of the list: {message}"))
            })?;
            if holds != self.all {
                return Ok(holds);
            }
        }
        Ok(self.all)
    }
}

pub(super) fn filter(inputs: &mut Inputs) -> Result<Json, StepError> {
    let conditions = Conditions::read(inputs)?;
    let (mut kept, mut rejected) = (Vec::new(), Vec::new());
    for (index, item) in inputs.take_list("list").into_iter().enumerate() {
        match conditions.hold(index, &item)? {
            true => kept.push(item),
            false => rejected.push(item),
        }
    }
    let mut output = counted(kept);
    output["rejected"] = Json::Array(rejected);
    Ok(output)
}

pub(super) fn find(inputs: &mut Inputs) -> Result<Json, StepError> {
    let conditions = Conditions::read(inputs)?;
    for (index, item) in inputs.take_list("list").into_iter().enumerate() {
        if conditions.hold(index, &item)? {
            return Ok(json!({ "found": true, "result": item, "index": index }));
        }
    }
    Ok(json!({ "found": false }))
}

pub(super) fn count(inputs: &Inputs) -> Json {
    let list = inputs.list("list");
    let count = match inputs.get("value").map(fingerprint) {
        None => list.len(),
        Some(wanted) => list
            .iter()
            .filter(|item| fingerprint(item) == wanted)
            .count(),
    };
    json!({ "result": count })
}

pub(super) fn contains(inputs: &Inputs) -> Result<Json, StepError> {
    let list = inputs.list("list");
    let key = inputs.text("by");
    known_key(list, key, "/by")?;
    let wanted = fingerprint(inputs.get("value").unwrap_or(&Json::Null));
    let place = list
        .iter()
        .position(|item| at(item, key).is_some_and(|value| fingerprint(value) == wanted));
    Ok(match place {
        Some(index) => json!({ "result": true, "index": index }),
        None => json!({ "result": false }),
    })
}
