//! The order of items, and equal items.

use crate::values::{at, fingerprint, known_key, order};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::Inputs,
};
use serde_json::json;
use std::{cmp::Ordering, collections::HashSet};

pub(super) fn reverse(inputs: &mut Inputs) -> Json {
    let mut list = inputs.take_list("list");
    list.reverse();
    json!({ "result": list })
}

pub(super) fn sort(inputs: &mut Inputs) -> Result<Json, StepError> {
    let list = inputs.take_list("list");
    let keys = keys(inputs, &list)?;
    let ignore_case = inputs.flag("ignore_case");
    let descending = inputs.text("order") == "descending";
    // What is compared is looked up once for each item.
    let mut rows: Vec<(Vec<Option<Json>>, Json)> = list
        .into_iter()
        .map(|item| {
            let compared = keys.iter().map(|key| {
                let value = at(&item, key).filter(|value| !value.is_null())?;
                Some(match value {
                    Json::String(text) if ignore_case => Json::from(text.to_lowercase()),
                    value => value.clone(),
                })
            });
            (compared.collect(), item)
        })
        .collect();
    rows.sort_by(|(left, _), (right, _)| {
        let pairs = left.iter().zip(right);
        let mut orders = pairs.map(|pair| match pair {
            // What is missing comes last in both directions.
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) if descending => order(right, left),
            (Some(left), Some(right)) => order(left, right),
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    let sorted: Vec<Json> = rows.into_iter().map(|(_, item)| item).collect();
    Ok(json!({ "result": sorted }))
}

pub(super) fn remove_duplicates(inputs: &mut Inputs) -> Result<Json, StepError> {
    let list = inputs.take_list("list");
    let keys = keys(inputs, &list)?;
    let before = list.len();
    let mut seen = HashSet::new();
    let mut kept = list;
    kept.retain(|item| {
        let values: Vec<String> = keys
            .iter()
            .map(|key| at(item, key).map(fingerprint).unwrap_or_default())
            .collect();
        seen.insert(values)
    });
    let removed = before - kept.len();
    Ok(json!({ "result": kept, "removed": removed }))
}

/// The keys in `by`; the empty key, which means the whole item, if there are none.
fn keys(inputs: &Inputs, list: &[Json]) -> Result<Vec<String>, StepError> {
    let mut keys = Vec::new();
    for (index, key) in inputs
        .list("by")
        .iter()
        .filter_map(Json::as_str)
        .enumerate()
    {
        known_key(list, key, &format!("/by/{index}"))?;
        keys.push(key.to_owned());
    }
    if keys.is_empty() {
        keys.push(String::new());
    }
    Ok(keys)
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
        fn a_sorted_list_stays_as_it_is(numbers in prop::collection::vec(-20i64..20, 0..30), order in prop::sample::select(vec!["ascending", "descending"])) {
            let once = sort(&mut with(json!({"list": numbers, "order": order}))).unwrap();
            let twice = sort(&mut with(json!({"list": once["result"], "order": order}))).unwrap();
            prop_assert_eq!(&once, &twice);
            prop_assert_eq!(once["result"].as_array().unwrap().len(), numbers.len());
        }

        #[test]
        fn without_duplicates_there_is_nothing_to_remove(numbers in prop::collection::vec(0i64..6, 0..30)) {
            let once = remove_duplicates(&mut with(json!({"list": numbers}))).unwrap();
            let twice = remove_duplicates(&mut with(json!({"list": once["result"]}))).unwrap();
            prop_assert_eq!(&twice["removed"], &json!(0));
            prop_assert_eq!(&once["result"], &twice["result"]);
        }
    }

    #[test]
    fn items_without_the_key_come_last_in_both_directions() {
        for order in ["ascending", "descending"] {
            let list = json!([{"a": null}, {"a": 1}, {}]);
            let sorted = sort(&mut with(
                json!({"list": list, "by": ["a"], "order": order}),
            ))
            .unwrap();
            assert_eq!(sorted["result"], json!([{"a": 1}, {"a": null}, {}]));
        }
    }
}
