//! Where two values differ.

use crate::values::fingerprint;
use patchbay_kit::{model::Json, pure::Inputs};
use serde_json::json;

/// More differences than this are counted and not listed.
const SHOWN: usize = 1000;

pub(super) fn compare(inputs: &Inputs) -> Json {
    let null = Json::Null;
    let mut found = Found {
        ignore: inputs
            .list("ignore")
            .iter()
            .filter_map(Json::as_str)
            .collect(),
        count: 0,
        list: Vec::new(),
    };
    let before = inputs.get("before").unwrap_or(&null);
    let after = inputs.get("after").unwrap_or(&null);
    found.walk("", Some(before), Some(after));
    json!({ "equal": found.count == 0, "count": found.count, "differences": found.list })
}

struct Found<'i> {
    ignore: Vec<&'i str>,
    count: usize,
    list: Vec<Json>,
}

impl Found<'_> {
    fn walk(&mut self, path: &str, before: Option<&Json>, after: Option<&Json>) {
        let below = |key: &str| match path {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        match (before, after) {
            (Some(Json::Object(before)), Some(Json::Object(after))) => {
                for (key, value) in before {
                    if !self.ignore.contains(&key.as_str()) {
                        self.walk(&below(key), Some(value), after.get(key));
                    }
                }
                for (key, value) in after {
                    if !before.contains_key(key) && !self.ignore.contains(&key.as_str()) {
                        self.walk(&below(key), None, Some(value));
                    }
                }
            }
            (Some(Json::Array(before)), Some(Json::Array(after))) => {
                for index in 0..before.len().max(after.len()) {
                    let path = below(&index.to_string());
                    self.walk(&path, before.get(index), after.get(index));
                }
            }
            (Some(before), Some(after)) if fingerprint(before) == fingerprint(after) => {}
            (before, after) => self.note(path, before, after),
        }
    }

    fn note(&mut self, path: &str, before: Option<&Json>, after: Option<&Json>) {
        self.count += 1;
        if self.list.len() >= SHOWN {
            return;
        }
        self.list.push(match (before, after) {
            (None, after) => json!({ "path": path, "kind": "added", "after": after }),
            (before, None) => json!({ "path": path, "kind": "removed", "before": before }),
            (before, after) => {
                json!({ "path": path, "kind": "changed", "before": before, "after": after })
            }
        });
    }
}
