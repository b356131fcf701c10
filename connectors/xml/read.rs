//! From XML to data.

use super::MOST_DEPTH;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid},
};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use serde_json::json;

/// An element that is not closed yet.
#[derive(Default)]
struct Open {
    name: String,
    map: JsonMap,
    text: String,
}

struct Rules<'i> {
    lists: Vec<&'i str>,
    bare: bool,
    types: bool,
}

pub(super) fn parse(inputs: &Inputs) -> Result<Json, StepError> {
    let text = inputs.text("text").trim_start_matches('\u{feff}');
    let rules = Rules {
        lists: inputs
            .list("lists")
            .iter()
            .filter_map(Json::as_str)
            .collect(),
        bare: inputs.text("namespaces") == "remove",
        types: inputs.flag("types"),
    };
    let mut reader = Reader::from_str(text);
    let mut stack = vec![Open::default()];
    loop {
        let place = reader.buffer_position();
        let wrong = |reason: String| {
            let before = text
                .get(..usize::try_from(place).unwrap_or(0))
                .unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            invalid(
                "/text",
                format!("The text is no XML: {reason} (line {line})."),
            )
        };
        let event = reader
            .read_event()
            .map_err(|error| wrong(error.to_string()))?;
        match event {
            Event::Start(start) => {
                if stack.len() > MOST_DEPTH {
                    return Err(wrong(format!(
                        "more than {MOST_DEPTH} elements stand inside one another"
                    )));
                }
                stack.push(opened(&start, &rules).map_err(wrong)?);
            }
            Event::Empty(start) => {
                let open = opened(&start, &rules).map_err(wrong)?;
                close(&mut stack, open, &rules);
            }
            Event::End(_) => {
                if let Some(open) = stack.pop() {
                    close(&mut stack, open, &rules);
                }
            }
            Event::Text(part) => add_text(&mut stack, &part.xml10_content()),
            Event::CData(part) => add_text(&mut stack, &part.xml10_content()),
            Event::GeneralRef(reference) => {
                let number = reference
                    .resolve_char_ref()
                    .map_err(|error| wrong(error.to_string()))?;
                let name = reference.xml10_content();
                let char = number.or(match name.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                });
                let char =
                    char.ok_or_else(|| wrong(format!("the entity &{name}; is not known")))?;
                add_text(&mut stack, char.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => {
                return Err(wrong(
                    "document types are not read, because they can reach out of the text"
                        .to_owned(),
                ));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let missing = |reason: &str| invalid("/text", format!("The text is no XML: {reason}."));
    match (stack.pop(), stack.is_empty()) {
        (Some(root), true) if root.map.len() == 1 && root.text.trim().is_empty() => {
            Ok(json!({ "result": root.map }))
        }
        (Some(root), true) if root.map.is_empty() => Err(missing("there is no element in it")),
        (Some(open), false) => Err(missing(&format!("<{}> is not closed", open.name))),
        _ => Err(missing("it has more than one root element")),
    }
}

fn name(text: &str, rules: &Rules<'_>) -> String {
    match text.split_once(':') {
        Some((_, local)) if rules.bare => local.to_owned(),
        _ => text.to_owned(),
    }
}

fn value(text: &str, rules: &Rules<'_>) -> Json {
    let number = || serde_json::from_str::<serde_json::Number>(text).ok();
    match text {
        "true" if rules.types => Json::Bool(true),
        "false" if rules.types => Json::Bool(false),
        _ if rules.types => number().map_or_else(|| Json::from(text), Json::Number),
        _ => Json::from(text),
    }
}

fn opened(start: &BytesStart<'_>, rules: &Rules<'_>) -> Result<Open, String> {
    let mut map = JsonMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let text = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        let key = attribute.key.into_inner();
        let key = if key.starts_with("xmlns") {
            key.to_owned()
        } else {
            name(key, rules)
        };
        map.insert(format!("@{key}"), value(&text, rules));
    }
    Ok(Open {
        name: name(start.name().into_inner(), rules),
        map,
        text: String::new(),
    })
}

fn add_text(stack: &mut [Open], text: &str) {
    if let Some(open) = stack.last_mut() {
        open.text.push_str(text);
    }
}

/// Gives a closed element to the one around it.
fn close(stack: &mut [Open], open: Open, rules: &Rules<'_>) {
    let Open {
        name,
        mut map,
        text,
    } = open;
    let text = text.trim();
    let value = match (map.is_empty(), text) {
        (true, "") => Json::Null,
        (true, text) => value(text, rules),
        (false, "") => Json::Object(map),
        (false, text) => {
            map.insert("#text".to_owned(), value(text, rules));
            Json::Object(map)
        }
    };
    let Some(parent) = stack.last_mut() else {
        return;
    };
    match parent.map.get_mut(&name) {
        Some(Json::Array(items)) => items.push(value),
        Some(first) => *first = json!([first.take(), value]),
        None if rules.lists.contains(&name.as_str()) => {
            parent.map.insert(name, json!([value]));
        }
        None => {
            parent.map.insert(name, value);
        }
    }
}
