//! Reads conditions as they stand in a step's inputs.

use super::{Comparison, ConditionError, Conditions, Item, MAX_GROUPS, Single};
use crate::{Json, JsonMap, suggest::closest, value::Value, words::a_kind};
use serde::Deserialize;

impl Conditions {
    /// Reads the inputs `match` (`all` or `any`; `all` without it) and `conditions` (a list of
    /// `{value_a, comparison, value_b?, ignore_case?}` and of groups `{match?, conditions}`).
    pub fn read(inputs: &JsonMap) -> Result<Self, ConditionError> {
        group(inputs, "", 0)
    }
}

fn group(map: &JsonMap, pointer: &str, depth: usize) -> Result<Conditions, ConditionError> {
    if depth > MAX_GROUPS {
        return Err(wrong(
            pointer,
            format!("Groups of conditions stand more than {MAX_GROUPS} deep inside one another."),
        ));
    }
    let all = match map.get("match") {
        None | Some(Json::Null) => true,
        Some(Json::String(word)) if word == "all" => true,
        Some(Json::String(word)) if word == "any" => false,
        Some(_) => {
            let message =
                "`match` says whether all conditions have to hold or any: write `all` or `any`.";
            return Err(wrong(&format!("{pointer}/match"), message));
        }
    };
    let list = format!("{pointer}/conditions");
    let items = match map.get("conditions") {
        Some(Json::Array(items)) => items,
        None | Some(Json::Null) => return Err(wrong(&list, "There is no condition; add one.")),
        Some(_) => {
            return Err(wrong(
                &list,
                "The conditions have to stand here as a list; only their values can be paths.",
            ));
        }
    };
    if items.is_empty() {
        return Err(wrong(&list, "There is no condition; add one."));
    }
    let items = items
        .iter()
        .enumerate()
        .map(|(index, item)| self::item(item, &format!("{list}/{index}"), depth))
        .collect::<Result<_, _>>()?;
    Ok(Conditions { all, items })
}

fn item(json: &Json, pointer: &str, depth: usize) -> Result<Item, ConditionError> {
    let Json::Object(map) = json else {
        let message = format!(
            "A condition has `value_a`, `comparison` and `value_b`; here stands {}.",
            a_kind(json)
        );
        return Err(wrong(pointer, message));
    };
    let is_given = |key: &str| map.get(key).is_some_and(|value| !value.is_null());
    if is_given("conditions") {
        return group(map, pointer, depth + 1).map(Item::Group);
    }
    let comparison = comparison(map.get("comparison"), pointer)?;
    let ignore_case = match map.get("ignore_case") {
        None | Some(Json::Null) => false,
        Some(Json::Bool(ignore)) => *ignore,
        Some(_) => {
            return Err(wrong(
                &format!("{pointer}/ignore_case"),
                "`ignore_case` is yes or no.",
            ));
        }
    };
    if !map.contains_key("value_a") {
        return Err(wrong(
            &format!("{pointer}/value_a"),
            "The condition has no first value.",
        ));
    }
    if comparison.takes_second() && !map.contains_key("value_b") {
        return Err(wrong(
            &format!("{pointer}/value_b"),
            "The condition has no second value to compare with.",
        ));
    }
    Ok(Item::Single(Box::new(Single {
        first: value(map, "value_a", pointer)?,
        comparison,
        second: value(map, "value_b", pointer)?,
        ignore_case,
        pointer: pointer.to_owned(),
    })))
}

fn comparison(json: Option<&Json>, pointer: &str) -> Result<Comparison, ConditionError> {
    let place = format!("{pointer}/comparison");
    match json {
        None | Some(Json::Null) => Ok(Comparison::Equals),
        Some(Json::String(word)) => {
            Comparison::deserialize(Json::from(word.as_str())).map_err(|_| {
                let names = Comparison::ALL.map(Comparison::as_str);
                let near = closest(word, names).map(|near| format!("; did you mean `{near}`?"));
                let message = format!(
                    "There is no comparison `{}`{}",
                    crate::words::cut(word, 40),
                    near.unwrap_or_else(|| ".".to_owned())
                );
                wrong(&place, message)
            })
        }
        Some(_) => Err(wrong(
            &place,
            "The comparison has to be chosen here; it cannot be a path.",
        )),
    }
}

fn value(map: &JsonMap, key: &str, pointer: &str) -> Result<Option<Value>, ConditionError> {
    let Some(json) = map.get(key) else {
        return Ok(None);
    };
    Value::parse(json)
        .map(Some)
        .map_err(|error| ConditionError {
            pointer: format!("{pointer}/{key}{}", error.pointer),
            message: error.message,
            path: error.path,
            missing: false,
        })
}

fn wrong(pointer: &str, message: impl Into<String>) -> ConditionError {
    ConditionError {
        pointer: pointer.to_owned(),
        message: message.into(),
        path: None,
        missing: false,
    }
}
