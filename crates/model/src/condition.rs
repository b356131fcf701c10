//! Conditions: whether values compare as a person says, for steps that choose a way and loops that end.

mod choose;
mod compare;
mod read;

use crate::{
    Json,
    event::StepError,
    scope::Scope,
    value::{ResolveError, Value},
};
use serde_json::json;

pub use choose::choose;
pub use compare::{Comparison, compare};

/// How deep groups of conditions may stand inside one another.
pub const MAX_GROUPS: usize = 16;

/// Conditions of which all have to hold, or any.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    all: bool,
    items: Vec<Item>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Single(Box<Single>),
    Group(Conditions),
}

/// Two values and how they are compared.
#[derive(Debug, Clone, PartialEq)]
struct Single {
    /// JSON pointer below `inputs`.
    pointer: String,
    first: Option<Value>,
    comparison: Comparison,
    second: Option<Value>,
    ignore_case: bool,
}

/// Conditions that cannot be read, or cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// JSON pointer below `inputs`.
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The path that gave no value, as typed.
    pub path: Option<String>,
    /// Whether a value is missing.
    pub missing: bool,
}

/// What conditions came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether they hold.
    pub holds: bool,
    /// The values that were looked at, for people: `{match, conditions: [{value_a, comparison, value_b, holds}]}`.
    /// What did not matter any more is left out.
    pub shown: Json,
}

impl Conditions {
    /// Whether they hold with the data of a run. Stops at the first condition that decides.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Verdict, ConditionError> {
        let mut shown = Vec::new();
        let mut holds = self.all;
        for item in &self.items {
            let verdict = match item {
                Item::Single(single) => single.evaluate(scope)?,
                Item::Group(group) => group.evaluate(scope)?,
            };
            shown.push(verdict.shown);
            if verdict.holds != self.all {
                holds = verdict.holds;
                break;
            }
        }
        let matching = if self.all { "all" } else { "any" };
        Ok(Verdict {
            holds,
            shown: json!({ "match": matching, "conditions": shown, "holds": holds }),
        })
    }
}

impl Single {
    fn evaluate(&self, scope: &dyn Scope) -> Result<Verdict, ConditionError> {
        let first = self.look(self.first.as_ref(), "value_a", scope)?;
        let second = if self.comparison.takes_second() {
            self.look(self.second.as_ref(), "value_b", scope)?
        } else {
            None
        };
        let holds = compare(
            first.as_ref(),
            self.comparison,
            second.as_ref(),
            self.ignore_case,
        )
        .map_err(|message| ConditionError {
            pointer: self.pointer.clone(),
            message,
            path: None,
            missing: false,
        })?;
        let mut shown = json!({ "comparison": self.comparison, "holds": holds });
        if let Some(first) = first {
            shown["value_a"] = first;
        }
        if let Some(second) = second {
            shown["value_b"] = second;
        }
        Ok(Verdict { holds, shown })
    }

    /// The value, or none where nothing is there and the comparison may ask about that.
    fn look(
        &self,
        value: Option<&Value>,
        field: &str,
        scope: &dyn Scope,
    ) -> Result<Option<Json>, ConditionError> {
        let Some(value) = value else { return Ok(None) };
        match value.resolve(scope) {
            Ok(value) => Ok(Some(value)),
            Err(error)
                if error.missing && field == "value_a" && self.comparison.takes_missing() =>
            {
                Ok(None)
            }
            Err(error) => Err(ConditionError::unresolved(
                format!("{}/{field}", self.pointer),
                error,
            )),
        }
    }
}

impl ConditionError {
    fn unresolved(pointer: String, error: ResolveError) -> Self {
        Self {
            pointer: pointer + &error.pointer,
            message: error.message,
            path: Some(error.path),
            missing: error.missing,
        }
    }
}

impl From<ConditionError> for StepError {
    fn from(error: ConditionError) -> Self {
        let code = if error.missing {
            "missing_value"
        } else {
            "invalid_input"
        };
        Self {
            code: code.to_owned(),
            message: error.message,
            field: Some(error.pointer),
            path: error.path,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
