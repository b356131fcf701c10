//! Which of several named branches a value leads to.

use super::{Comparison, ConditionError, compare};
use crate::{Json, words::plain};
use serde::Deserialize;

/// The branch of the first rule `{branch, comparison?, value}` that holds for the value, else the one that is named
/// like it; none if there is no such branch. `rules` are resolved.
pub fn choose<'a>(
    value: &Json,
    rules: Option<&Json>,
    mut branches: impl Iterator<Item = &'a str> + Clone,
) -> Result<Option<&'a str>, ConditionError> {
    let rules = match rules {
        None | Some(Json::Null) => &[],
        Some(Json::Array(rules)) => rules.as_slice(),
        Some(_) => return Err(wrong("/rules", "The rules have to be a list.".to_owned())),
    };
    for (index, rule) in rules.iter().enumerate() {
        let pointer = format!("/rules/{index}");
        let name = rule.get("branch").map(plain).unwrap_or_default();
        let Some(branch) = branches.clone().find(|branch| *branch == name) else {
            let message = format!(
                "There is no branch `{name}`; the rule must name one of the step's branches."
            );
            return Err(wrong(&format!("{pointer}/branch"), message));
        };
        let comparison = match rule.get("comparison") {
            None | Some(Json::Null) => Comparison::Equals,
            Some(word) => Comparison::deserialize(word).map_err(|_| {
                let message = format!("There is no comparison {word}.");
                wrong(&format!("{pointer}/comparison"), message)
            })?,
        };
        let holds = compare(Some(value), comparison, rule.get("value"), false)
            .map_err(|message| wrong(&pointer, message.replace("value_b", "value")))?;
        if holds {
            return Ok(Some(branch));
        }
    }
    let name = match value {
        Json::String(_) | Json::Number(_) | Json::Bool(_) => plain(value),
        _ => return Ok(None),
    };
    Ok(branches.find(|branch| *branch == name))
}

fn wrong(pointer: &str, message: String) -> ConditionError {
    ConditionError {
        pointer: pointer.to_owned(),
        message,
        path: None,
        missing: false,
    }
}
