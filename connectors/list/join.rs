//! Two lists beside each other: joined by a key, or compared.

use super::counted;
use crate::values::{at, fingerprint, known_key};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, failed},
};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Keys that many items share multiply; more than this fits in no memory.
const MOST_ITEMS: usize = 2_000_000;

pub(super) fn join(inputs: &Inputs) -> Result<Json, StepError> {
    let (left, right) = (inputs.list("left"), inputs.list("right"));
    let left_key = inputs.text("left_key");
    let right_key = match inputs.text("right_key") {
        "" => left_key,
        key => key,
    };
    known_key(left, left_key, "/left_key")?;
    known_key(right, right_key, "/right_key")?;
    let (keep, into) = (inputs.text("keep"), inputs.text("into"));
    let mut partners: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, item) in right.iter().enumerate() {
        if let Some(value) = at(item, right_key) {
            partners.entry(fingerprint(value)).or_default().push(index);
        }
    }
    let mut joined = Vec::new();
    let mut taken = HashSet::new();
    let mut matched = 0;
    for item in left {
        let found = at(item, left_key).and_then(|value| partners.get(&fingerprint(value)));
        let Some(found) = found else {
            if keep != "none" {
                joined.push(item.clone());
            }
            continue;
        };
        matched += 1;
        if keep == "unmatched" {
            continue;
        }
        if joined.len() + found.len() > MOST_ITEMS {
            let message = format!(
                "So many items share a key that the joined list would have more than {MOST_ITEMS} items. Remove \
                 duplicates first, or choose keys that name one item each."
            );
            return Err(failed("too_large", message));
        }
        for index in found {
            taken.insert(*index);
            joined.push(together(item, &right[*index], into));
        }
    }
    if keep == "both" {
        let rest = right.iter().enumerate();
        let rest = rest.filter(|(index, _)| !taken.contains(index));
        joined.extend(rest.map(|(_, item)| item.clone()));
    }
    let mut output = counted(joined);
    output["matched"] = Json::from(matched);
    Ok(output)
}

fn together(left: &Json, right: &Json, into: &str) -> Json {
    let mut whole = match left {
        Json::Object(map) => map.clone(),
        other => [("left".to_owned(), other.clone())].into_iter().collect(),
    };
    match right {
        Json::Object(map) if into.is_empty() => {
            whole.extend(map.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        other => {
            let key = if into.is_empty() { "right" } else { into };
            whole.insert(key.to_owned(), other.clone());
        }
    }
    Json::Object(whole)
}

pub(super) fn compare(inputs: &Inputs) -> Result<Json, StepError> {
    let (before, after, by) = (
        inputs.list("before"),
        inputs.list("after"),
        inputs.text("by"),
    );
    known_key(before, by, "/by")?;
    known_key(after, by, "/by")?;
    let identity = |item: &Json| at(item, by).map(fingerprint).unwrap_or_default();
    let mut open: HashMap<String, Vec<&Json>> = HashMap::new();
    for item in before.iter().rev() {
        open.entry(identity(item)).or_default().push(item);
    }
    let (mut added, mut changed, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
    for item in after {
        match open.get_mut(&identity(item)).and_then(Vec::pop) {
            None => added.push(item),
            Some(old) if fingerprint(old) == fingerprint(item) => unchanged.push(item),
            Some(old) => changed.push(json!({ "before": old, "after": item })),
        }
    }
    // In the order of the earlier list: what is left over of each identity are its last items.
    let mut left: HashMap<String, usize> = open
        .into_iter()
        .map(|(key, items)| (key, items.len()))
        .collect();
    let mut removed: Vec<&Json> = Vec::new();
    for item in before.iter().rev() {
        if let Some(count) = left.get_mut(&identity(item)).filter(|count| **count > 0) {
            *count -= 1;
            removed.push(item);
        }
    }
    removed.reverse();
    let equal = added.is_empty() && removed.is_empty() && changed.is_empty();
    Ok(json!({
        "added": added, "removed": removed, "changed": changed, "unchanged": unchanged, "equal": equal,
    }))
}
