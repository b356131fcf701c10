//! Groups of items, and what they come to.

use super::counted;
use crate::values::{at, fingerprint, known_key, number, order, plain};
use indexmap::IndexMap;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, pointer_to, shown},
};
use serde_json::json;
use std::collections::HashSet;

/// A value that items share, and the items with their places in the list.
struct Group<'v> {
    key: Json,
    items: Vec<(usize, &'v Json)>,
}

fn groups<'v>(list: &'v [Json], by: &str) -> Vec<Group<'v>> {
    let mut groups: IndexMap<String, Group<'v>> = IndexMap::new();
    for (index, item) in list.iter().enumerate() {
        let key = at(item, by).unwrap_or(&Json::Null);
        let group = groups.entry(fingerprint(key)).or_insert_with(|| Group {
            key: key.clone(),
            items: Vec::new(),
        });
        group.items.push((index, item));
    }
    groups.into_values().collect()
}

pub(super) fn group(inputs: &Inputs) -> Result<Json, StepError> {
    let (list, by) = (inputs.list("list"), inputs.text("by"));
    known_key(list, by, "/by")?;
    let mut found = Vec::new();
    let mut by_key = JsonMap::new();
    for Group { key, items } in groups(list, by) {
        let items: Vec<&Json> = items.into_iter().map(|(_, item)| item).collect();
        by_key.insert(plain(&key).into_owned(), json!(items));
        found.push(json!({ "key": key, "count": items.len(), "items": items }));
    }
    let count = found.len();
    Ok(json!({ "groups": found, "by_key": by_key, "count": count }))
}

pub(super) fn aggregate(inputs: &Inputs) -> Result<Json, StepError> {
    let (list, by) = (inputs.list("list"), inputs.text("by"));
    known_key(list, by, "/by")?;
    let wanted = inputs.list("values");
    for (index, value) in wanted.iter().enumerate() {
        known_key(list, text(value, "key"), &format!("/values/{index}/key"))?;
    }
    let groups = if by.is_empty() {
        vec![Group {
            key: Json::Null,
            items: list.iter().enumerate().collect(),
        }]
    } else {
        groups(list, by)
    };
    let mut rows = Vec::new();
    for group in groups {
        let mut row = JsonMap::new();
        for value in wanted {
            let (key, how) = (text(value, "key"), text(value, "how"));
            let name = match (text(value, "name"), key) {
                ("", "") => how.to_owned(),
                ("", key) => format!("{key}_{how}"),
                (name, _) => name.to_owned(),
            };
            row.insert(name, worked_out(&group, key, how)?);
        }
        let mut whole = JsonMap::new();
        whole.insert("key".to_owned(), group.key);
        whole.extend(row);
        rows.push(Json::Object(whole));
    }
    Ok(counted(rows))
}

fn text<'v>(value: &'v Json, name: &str) -> &'v str {
    value.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn worked_out(group: &Group<'_>, key: &str, how: &str) -> Result<Json, StepError> {
    let values = || {
        let values = group.items.iter();
        values.filter_map(|(_, item)| at(item, key).filter(|value| !value.is_null()))
    };
    Ok(match how {
        "count" => Json::from(values().count()),
        "count_different" => Json::from(values().map(fingerprint).collect::<HashSet<_>>().len()),
        "first" => values().next().cloned().unwrap_or_default(),
        "last" => values().next_back().cloned().unwrap_or_default(),
        "list" => values().cloned().collect(),
        "minimum" => values()
            .min_by(|a, b| order(a, b))
            .cloned()
            .unwrap_or_default(),
        "maximum" => values()
            .max_by(|a, b| order(a, b))
            .cloned()
            .unwrap_or_default(),
        _ => {
            let numbers = numbers(group, key)?;
            let sum: f64 = numbers.iter().sum();
            match how {
                "average" if numbers.is_empty() => Json::Null,
                "average" => number(sum / numbers.len() as f64),
                _ => number(sum),
            }
        }
    })
}

fn numbers(group: &Group<'_>, key: &str) -> Result<Vec<f64>, StepError> {
    let mut numbers = Vec::new();
    for (index, item) in &group.items {
        let Some(value) = at(item, key).filter(|value| !value.is_null()) else {
            continue;
        };
        let written = value
            .as_str()
            .and_then(|text| text.trim().parse::<f64>().ok());
        let Some(number) = value
            .as_f64()
            .or(written)
            .filter(|number| number.is_finite())
        else {
            let place = pointer_to("/list", &index.to_string());
            let place = match key {
                "" => place,
                key => pointer_to(&place, key),
            };
            let message = format!("{} in item {index} is no number.", shown(value));
            return Err(invalid(&place, message));
        };
        numbers.push(number);
    }
    Ok(numbers)
}
