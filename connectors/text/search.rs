//! Finds and replaces, letter by letter or with a regular expression.

use crate::values;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid},
};
use regex::{Captures, NoExpand, Regex, RegexBuilder};
use serde_json::json;

pub(super) fn contains(inputs: &Inputs) -> Result<Json, StepError> {
    let text = inputs.text("text");
    let Some(found) = literal(inputs)?.find(text) else {
        return Ok(json!({ "result": false }));
    };
    Ok(json!({ "result": true, "position": characters(text, found.start()) }))
}

pub(super) fn replace(inputs: &Inputs) -> Result<Json, StepError> {
    let pattern = literal(inputs)?;
    let limit = usize::from(inputs.flag("first_only"));
    let count = found(&pattern, inputs);
    let text = pattern.replacen(
        inputs.text("text"),
        limit,
        NoExpand(inputs.text("replacement")),
    );
    Ok(json!({ "result": text, "count": count }))
}

pub(super) fn replace_pattern(inputs: &Inputs) -> Result<Json, StepError> {
    let pattern = values::pattern(inputs)?;
    let limit = usize::from(inputs.flag("first_only"));
    let count = found(&pattern, inputs);
    let text = pattern.replacen(inputs.text("text"), limit, inputs.text("replacement"));
    Ok(json!({ "result": text, "count": count }))
}

pub(super) fn match_pattern(inputs: &Inputs) -> Result<Json, StepError> {
    let pattern = values::pattern(inputs)?;
    let text = inputs.text("text");
    let limit = inputs.count("limit").unwrap_or(usize::MAX);
    let mut counted = Counted::default();
    let matches: Vec<Json> = pattern
        .captures_iter(text)
        .take(limit)
        .map(|captures| described(&pattern, &captures, text, &mut counted))
        .collect();
    let mut output = json!({ "matched": !matches.is_empty(), "count": matches.len() });
    if let Some(first) = matches.first() {
        output["first"] = first["text"].clone();
    }
    output["matches"] = Json::Array(matches);
    Ok(output)
}

/// What is looked for letter by letter.
fn literal(inputs: &Inputs) -> Result<Regex, StepError> {
    RegexBuilder::new(&regex::escape(inputs.text("find")))
        .case_insensitive(inputs.flag("ignore_case"))
        .size_limit(64 << 20)
        .build()
        .map_err(|_| invalid("/find", "The text to look for is too long."))
}

fn found(pattern: &Regex, inputs: &Inputs) -> usize {
    let places = pattern.find_iter(inputs.text("text"));
    match inputs.flag("first_only") {
        true => places.take(1).count(),
        false => places.count(),
    }
}

/// Places in characters, counted on from the place before.
#[derive(Default)]
struct Counted {
    bytes: usize,
    characters: usize,
}

impl Counted {
    fn at(&mut self, text: &str, byte: usize) -> usize {
        self.characters += text[self.bytes..byte].chars().count();
        self.bytes = byte;
        self.characters
    }
}

fn characters(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

fn described(pattern: &Regex, captures: &Captures<'_>, text: &str, counted: &mut Counted) -> Json {
    let group = |index: usize| captures.get(index).map(|found| found.as_str());
    let named: JsonMap = pattern
        .capture_names()
        .enumerate()
        .filter_map(|(index, name)| Some((name?.to_owned(), Json::from(group(index)))))
        .collect();
    let groups: Vec<Option<&str>> = (1..captures.len()).map(group).collect();
    let start = captures.get(0).map_or(0, |found| found.start());
    json!({
        "text": group(0),
        "position": counted.at(text, start),
        "groups": groups,
        "named": named,
    })
}
