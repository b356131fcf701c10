//! Field masks: `spreadsheetId,sheets.properties(sheetId,title)` picks parts of an answer.

use serde_json::{Map, Value};

use crate::google::{Answer, errors};
use crate::wire::{Reply, Request};

/// What a mask keeps of an object: everything, or these members with their own masks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mask(Vec<(String, Mask)>);

/// The answer with the request's `fields` applied.
pub(crate) fn ok(request: &Request, answer: Value) -> Answer {
    match request.param("fields") {
        None => Ok(Reply::ok(&answer)),
        Some(text) => {
            let mask = Mask::parse(text)
                .ok_or_else(|| errors::invalid(&format!("Invalid field selection {text}")))?;
            Ok(Reply::ok(&mask.apply(&answer)))
        }
    }
}

impl Mask {
    /// Reads a mask; `None` when it is not well formed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let mask = Self::list(&mut rest, 0)?;
        rest.is_empty().then_some(mask)
    }

    fn list(rest: &mut &str, depth: usize) -> Option<Self> {
        if depth > 16 {
            return None;
        }
        let mut mask = Self::default();
        loop {
            let (name, inner) = Self::item(rest, depth)?;
            match mask.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.0.extend(inner.0),
                None => mask.0.push((name, inner)),
            }
            match rest.strip_prefix(',') {
                Some(after) => *rest = after.trim_start(),
                None => return Some(mask),
            }
        }
    }

    fn item(rest: &mut &str, depth: usize) -> Option<(String, Self)> {
        let end = rest
            .find(|letter: char| {
                !(letter.is_ascii_alphanumeric() || letter == '*' || letter == '_')
            })
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        *rest = after;
        if let Some(after) = rest.strip_prefix(['.', '/']) {
            *rest = after;
            let inner = Self::item(rest, depth + 1)?;
            return Some((name.to_owned(), Self(vec![inner])));
        }
        if let Some(after) = rest.strip_prefix('(') {
            *rest = after;
            let inner = Self::list(rest, depth + 1)?;
            *rest = rest.strip_prefix(')')?;
            return Some((name.to_owned(), inner));
        }
        Some((name.to_owned(), Self::default()))
    }

    /// The names at the top of the mask.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The mask of one member.
    pub(crate) fn inner(&self, name: &str) -> Option<&Self> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, inner)| inner)
    }

    /// What the mask keeps of `value`. Lists are gone through item by item.
    pub(crate) fn apply(&self, value: &Value) -> Value {
        if self.0.is_empty() {
            return value.clone();
        }
        match value {
            Value::Array(items) => items.iter().map(|item| self.apply(item)).collect(),
            Value::Object(members) => {
                let mut kept = Map::new();
                for (name, member) in members {
                    let inner = self.inner(name).or_else(|| self.inner("*"));
                    if let Some(inner) = inner {
                        kept.insert(name.clone(), inner.apply(member));
                    }
                }
                Value::Object(kept)
            }
            other => other.clone(),
        }
    }
}
