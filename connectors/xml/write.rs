//! From data to XML.

use super::MOST_DEPTH;
use crate::values::plain;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, invalid, pointer_to},
};
use quick_xml::escape::escape;
use serde_json::json;

pub(super) fn create(inputs: &Inputs) -> Result<Json, StepError> {
    let data = inputs.get("data").and_then(Json::as_object);
    let mut entries = data.into_iter().flatten();
    let (Some((name, root)), None) = (entries.next(), entries.next()) else {
        let message =
            "The data must have one entry, the root element, whose name is the element's.";
        return Err(invalid("/data", message));
    };
    if root.is_array() {
        let message = "The root element cannot be a list; an XML text has one root element.";
        return Err(invalid(&pointer_to("/data", name), message));
    }
    let mut text = String::new();
    if inputs.flag("declaration") {
        text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    let mut writer = Writer {
        text,
        indented: inputs.flag("indented"),
    };
    writer.element(name, root, 0, "/data")?;
    Ok(json!({ "result": writer.text.trim_end() }))
}

struct Writer {
    text: String,
    indented: bool,
}

impl Writer {
    fn element(
        &mut self,
        name: &str,
        value: &Json,
        depth: usize,
        parent: &str,
    ) -> Result<(), StepError> {
        let pointer = pointer_to(parent, name);
        if !is_name(name) {
            let message = format!("\"{name}\" cannot be the name of an element or attribute.");
            return Err(invalid(&pointer, message));
        }
        if depth > MOST_DEPTH {
            let message = format!("More than {MOST_DEPTH} elements stand inside one another.");
            return Err(invalid(&pointer, message));
        }
        if let Json::Array(items) = value {
            return items.iter().try_for_each(|item| match item {
                // A list inside a list has no name of its own.
                Json::Array(_) => Err(invalid(
                    &pointer,
                    "A list inside a list has no form in XML.",
                )),
                item => self.element(name, item, depth, parent),
            });
        }
        self.line(depth);
        self.text.push_str(&format!("<{name}"));
        let map = value.as_object();
        for (key, value) in map.into_iter().flatten() {
            let Some(key) = key.strip_prefix('@') else {
                continue;
            };
            if !is_name(key) {
                let message = format!("\"{key}\" cannot be the name of an element or attribute.");
                return Err(invalid(&pointer_to(&pointer, &format!("@{key}")), message));
            }
            let value = plain(value);
            self.text
                .push_str(&format!(" {key}=\"{}\"", escape(value.as_ref())));
        }
        let text = match map {
            Some(map) => plain(map.get("#text").unwrap_or(&Json::Null)),
            None => plain(value),
        };
        let children = || {
            let entries = map.into_iter().flatten();
            entries.filter(|(key, _)| !key.starts_with('@') && *key != "#text")
        };
        if text.is_empty() && children().next().is_none() {
            self.text.push_str("/>");
        } else {
            self.text.push('>');
            self.text.push_str(&escape(text.as_ref()));
            for (key, child) in children() {
                self.element(key, child, depth + 1, &pointer)?;
            }
            if children().next().is_some() {
                self.line(depth);
            }
            self.text.push_str(&format!("</{name}>"));
        }
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if self.indented && !self.text.is_empty() {
            if !self.text.ends_with('\n') {
                self.text.push('\n');
            }
            self.text.push_str(&"  ".repeat(depth));
        }
    }
}

/// The names that every reader of XML takes.
fn is_name(name: &str) -> bool {
    name.starts_with(|char: char| char.is_alphabetic() || char == '_')
        && name
            .chars()
            .all(|char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hooks_of_xml::read::parse;

    #[test]
    fn what_is_written_can_be_read() {
        for data in [
            json!({"a": {"@id": "1", "b": ["x", "<&>\"'"], "c": null, "d": {"#text": "t", "@e": "é"}}}),
            json!({"a": "text"}),
            json!({"a": null}),
        ] {
            for indented in [true, false] {
                let inputs = json!({"data": data, "declaration": true, "indented": indented});
                let text = create(&inputs.as_object().cloned().unwrap().into()).unwrap();
                let inputs = json!({"text": text["result"]});
                let read = parse(&inputs.as_object().cloned().unwrap().into()).unwrap();
                assert_eq!(read["result"], data, "{text}");
            }
        }
    }
}
