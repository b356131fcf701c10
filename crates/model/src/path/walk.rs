//! Walks a singular path, and says helpfully where it ended when nothing is there.

use super::{Found, Path, Segment, spell};
use crate::{
    Json,
    scope::{Item, Names, Node, Scope},
    suggest::{closest, hint, listed},
    words::a_kind,
};
use serde_json::json;
use std::{borrow::Cow, fmt};

/// Where a walk ended without a value; cheap, so that `$default` costs nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Miss<'a> {
    /// How many segments were there.
    walked: usize,
    stop: Stop<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stop<'a> {
    /// `$.foo`
    Root,
    /// `$.steps.foo` or `$.errors.foo`
    Name(Names),
    /// A loop's `value`, `index`, …
    Item(Item<'a>),
    Json(&'a Json),
    /// Below a value that was put together for this one look.
    Built,
}

/// Why a path has no value, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The part of the path that exists.
    pub inside: String,
    /// The segment that is not there, as it is spelt in a path.
    pub segment: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// The whole sentence.
    pub message: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

pub(super) fn find<'a>(scope: &'a dyn Scope, segments: &[Segment]) -> Found<'a> {
    if let Some(document) = scope.as_json() {
        return walk(document, segments, 0);
    }
    let Some(first) = segments.first() else {
        return Found::Value(Cow::Owned(document(scope)));
    };
    match first {
        Segment::Name(name) if name == "steps" => in_named(scope, Names::Steps, segments),
        Segment::Name(name) if name == "errors" => in_named(scope, Names::Errors, segments),
        Segment::Name(name) if name == "config" => in_optional(scope.config(), segments),
        Segment::Name(name) if name == "env" => in_optional(scope.env(), segments),
        _ => missing(0, Stop::Root),
    }
}

fn in_optional<'a>(value: Option<&'a Json>, segments: &[Segment]) -> Found<'a> {
    match value {
        Some(value) => walk(value, segments, 1),
        None if segments.len() == 1 => Found::Value(Cow::Owned(json!({}))),
        None => missing(1, Stop::Built),
    }
}

fn in_named<'a>(scope: &'a dyn Scope, names: Names, segments: &[Segment]) -> Found<'a> {
    let Some(second) = segments.get(1) else {
        return Found::Value(Cow::Owned(collection(scope, names)));
    };
    let node = match second {
        Segment::Name(name) => scope.named(names, name),
        Segment::Index(_) => None,
    };
    match node {
        None => missing(1, Stop::Name(names)),
        Some(Node::Json(value)) => walk(value, segments, 2),
        Some(Node::Item(item)) => in_item(item, segments),
    }
}

fn in_item<'a>(item: Item<'a>, segments: &[Segment]) -> Found<'a> {
    let Some(third) = segments.get(2) else {
        return Found::Value(Cow::Owned(item.to_json()));
    };
    let Segment::Name(field) = third else {
        return missing(2, Stop::Item(item));
    };
    match item.field(field) {
        Some(Cow::Borrowed(value)) => walk(value, segments, 3),
        Some(Cow::Owned(value)) if segments.len() == 3 => Found::Value(Cow::Owned(value)),
        Some(Cow::Owned(_)) => missing(3, Stop::Built),
        None => missing(2, Stop::Item(item)),
    }
}

fn walk<'a>(start: &'a Json, segments: &[Segment], skipped: usize) -> Found<'a> {
    let mut value = start;
    for (position, segment) in segments.iter().enumerate().skip(skipped) {
        match child(value, segment) {
            Some(inner) => value = inner,
            None => return missing(position, Stop::Json(value)),
        }
    }
    Found::Value(Cow::Borrowed(value))
}

/// The value one segment below.
pub(crate) fn child<'a>(value: &'a Json, segment: &Segment) -> Option<&'a Json> {
    match (value, segment) {
        (Json::Object(map), Segment::Name(name)) => map.get(name),
        (Json::Array(items), Segment::Index(index)) => items.get(position(*index, items.len())?),
        _ => None,
    }
}

fn position(index: i64, length: usize) -> Option<usize> {
    if index >= 0 {
        usize::try_from(index).ok()
    } else {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    }
}

fn missing<'a>(walked: usize, stop: Stop<'a>) -> Found<'a> {
    Found::Missing(Miss { walked, stop })
}

/// The whole scope as one object; clones, so only for the rare path that needs it.
pub(crate) fn document(scope: &dyn Scope) -> Json {
    json!({
        "steps": collection(scope, Names::Steps),
        "config": scope.config().cloned().unwrap_or_else(|| json!({})),
        "env": scope.env().cloned().unwrap_or_else(|| json!({})),
        "errors": collection(scope, Names::Errors),
    })
}

fn collection(scope: &dyn Scope, names: Names) -> Json {
    let entries = scope.names(names).into_iter().filter_map(|name| {
        let value = scope.named(names, &name)?.to_json();
        Some((name, value))
    });
    Json::Object(entries.collect())
}

impl Miss<'_> {
    /// Says why, for people. `path` and `scope` are those of the look that missed.
    pub fn explain(&self, path: &Path, scope: &dyn Scope) -> Missing {
        let segments = path.leading();
        let inside = spell(segments.get(..self.walked).unwrap_or_default());
        let segment = segments.get(self.walked);
        let shown = match segment {
            Some(Segment::Name(name)) => name.clone(),
            Some(Segment::Index(index)) => format!("[{index}]"),
            None => String::new(),
        };
        let (message, suggestion) = self.reason(&inside, segment, &shown, scope);
        Missing {
            inside,
            segment: shown,
            suggestion,
            message,
        }
    }

    fn reason(
        &self,
        inside: &str,
        segment: Option<&Segment>,
        shown: &str,
        scope: &dyn Scope,
    ) -> (String, Option<String>) {
        match self.stop {
            Stop::Root => root_reason(shown),
            Stop::Name(names) => name_reason(names, shown, scope),
            Stop::Item(item) => keys_reason(inside, shown, item.fields().iter().copied()),
            Stop::Json(value) => json_reason(inside, value, segment, shown),
            Stop::Built => (
                format!("there is nothing in {inside}, so it has no `{shown}`"),
                None,
            ),
        }
    }
}

fn root_reason(shown: &str) -> (String, Option<String>) {
    if shown == "trigger" {
        let message = "the trigger's data is at `$.steps.trigger`".to_owned();
        return (message, Some("$.steps.trigger".to_owned()));
    }
    let suggestion = closest(shown, ["steps", "config", "env", "errors"]);
    let message = format!(
        "a path starts with `$.steps.…`, `$.config.…`, `$.env.…` or `$.errors.…`; there is no `$.{shown}`{}",
        hint(suggestion)
    );
    (message, suggestion.map(|word| format!("$.{word}")))
}

fn name_reason(names: Names, shown: &str, scope: &dyn Scope) -> (String, Option<String>) {
    let known = scope.names(names);
    let suggestion = closest(shown, known.iter().map(String::as_str)).map(str::to_owned);
    let hint = hint(suggestion.as_deref());
    let message = match names {
        Names::Steps => format!("step `{shown}` has no output here{hint}"),
        Names::Errors => format!("step `{shown}` has no error here{hint}"),
    };
    (message, suggestion)
}

fn json_reason(
    inside: &str,
    value: &Json,
    segment: Option<&Segment>,
    shown: &str,
) -> (String, Option<String>) {
    match (value, segment) {
        (Json::Object(map), Some(Segment::Name(_))) => {
            keys_reason(inside, shown, map.keys().map(String::as_str))
        }
        (Json::Object(_), _) => (
            format!("{inside} is an object, so it has no item {shown}; name one of its keys"),
            None,
        ),
        (Json::Array(items), Some(Segment::Index(_))) => (
            format!(
                "there is no item {shown} in {inside}, which has {}",
                counted(items.len())
            ),
            None,
        ),
        (Json::Array(_), _) => (
            format!(
                "{inside} is a list, so it has no `{shown}`; take one item, like [0], or loop over it"
            ),
            None,
        ),
        _ => (
            format!(
                "{inside} is {}, so there is no `{shown}` in it",
                a_kind(value)
            ),
            None,
        ),
    }
}

fn keys_reason<'k>(
    inside: &str,
    shown: &str,
    keys: impl Iterator<Item = &'k str> + Clone,
) -> (String, Option<String>) {
    let suggestion = closest(shown, keys.clone()).map(str::to_owned);
    let tail = match &suggestion {
        Some(word) => hint(Some(word)),
        None => match listed(keys) {
            none if none.is_empty() => "; it is empty".to_owned(),
            known => format!("; it has {known}"),
        },
    };
    (format!("no `{shown}` in {inside}{tail}"), suggestion)
}

fn counted(items: usize) -> String {
    match items {
        0 => "no items".to_owned(),
        1 => "one item".to_owned(),
        more => format!("{more} items"),
    }
}
