//! Reads a value from JSON, and says precisely what an object with `$` keys should have been.

use super::{MAX_DEPTH, Text, Value, ValueError, below};
use crate::{
    Json, JsonMap,
    path::Path,
    suggest::{closest, hint},
    words::a_kind,
};
use indexmap::IndexMap;

const FORMS: [&str; 4] = ["$path", "$text", "$literal", "$default"];

pub(super) fn inputs(inputs: &JsonMap) -> Result<Value, ValueError> {
    object(inputs, &mut String::new(), 0).map(Value::Object)
}

pub(super) fn value(json: &Json, pointer: &mut String, depth: usize) -> Result<Value, ValueError> {
    if depth > MAX_DEPTH {
        return Err(error(
            pointer,
            format!("values may be nested at most {MAX_DEPTH} deep"),
        ));
    }
    match json {
        Json::Array(items) => list(json, items, pointer, depth),
        Json::Object(map) if map.keys().any(|key| key.starts_with('$')) => {
            form(map, pointer, depth)
        }
        Json::Object(map) => {
            let entries = object(map, pointer, depth)?;
            let literal = entries
                .values()
                .all(|entry| matches!(entry, Value::Literal(_)));
            Ok(if literal {
                Value::Literal(json.clone())
            } else {
                Value::Object(entries)
            })
        }
        _ => Ok(Value::Literal(json.clone())),
    }
}

fn list(
    json: &Json,
    items: &[Json],
    pointer: &mut String,
    depth: usize,
) -> Result<Value, ValueError> {
    let items = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            below(pointer, &index.to_string(), |pointer| {
                value(item, pointer, depth + 1)
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let literal = items.iter().all(|item| matches!(item, Value::Literal(_)));
    Ok(if literal {
        Value::Literal(json.clone())
    } else {
        Value::List(items)
    })
}

fn object(
    map: &JsonMap,
    pointer: &mut String,
    depth: usize,
) -> Result<IndexMap<String, Value>, ValueError> {
    map.iter()
        .map(|(key, entry)| {
            let entry = below(pointer, key, |pointer| value(entry, pointer, depth + 1))?;
            Ok((key.clone(), entry))
        })
        .collect()
}

/// An object with a key that starts with `$`.
fn form(map: &JsonMap, pointer: &mut String, depth: usize) -> Result<Value, ValueError> {
    if let Some(problem) = misfit(map) {
        return Err(error(pointer, problem));
    }
    if let Some(json) = map.get("$literal") {
        return Ok(Value::Escaped(json.clone()));
    }
    let default = match map.get("$default") {
        Some(json) => Some(Box::new(below(pointer, "$default", |pointer| {
            value(json, pointer, depth + 1)
        })?)),
        None => None,
    };
    if let Some(json) = map.get("$path") {
        let text = text_of(json, "$path", pointer)?;
        let path = Path::parse(text).map_err(|problem| ValueError {
            path: Some(text.to_owned()),
            ..error(
                pointer,
                format!(
                    "`{}` is not a path: {}",
                    crate::words::cut(text, 80),
                    problem.message
                ),
            )
        })?;
        return Ok(Value::Path { path, default });
    }
    let text = text_of(map.get("$text").unwrap_or(&Json::Null), "$text", pointer)?;
    let text = Text::parse(text).map_err(|problem| ValueError {
        path: problem.path,
        ..error(pointer, problem.message)
    })?;
    Ok(Value::Text { text, default })
}

/// Why these keys are none of the known forms.
fn misfit(map: &JsonMap) -> Option<String> {
    let named = |key: &str| map.contains_key(key);
    let heads = ["$path", "$text", "$literal"]
        .into_iter()
        .filter(|key| named(key))
        .collect::<Vec<_>>();
    if let Some(unknown) = map
        .keys()
        .find(|key| key.starts_with('$') && !FORMS.contains(&key.as_str()))
    {
        return Some(format!(
            "`{unknown}` means nothing here{}; allowed are $path, $text (each with $default) and $literal; \
             an object whose keys start with `$` is written as {{\"$literal\": …}}",
            hint(closest(unknown, FORMS))
        ));
    }
    match heads.as_slice() {
        [] => Some("`$default` stands beside `$path` or `$text`, and neither is here".to_owned()),
        [head] => stranger(map, head),
        [first, second, ..] => Some(format!(
            "`{first}` and `{second}` cannot stand together; keep one of them"
        )),
    }
}

fn stranger(map: &JsonMap, head: &str) -> Option<String> {
    let allowed = |key: &str| key == head || (key == "$default" && head != "$literal");
    let other = map.keys().find(|key| !allowed(key))?;
    Some(format!(
        "`{other}` cannot stand beside `{head}`; move it out, or write the object as {{\"$literal\": …}}"
    ))
}

fn text_of<'a>(json: &'a Json, key: &str, pointer: &str) -> Result<&'a str, ValueError> {
    json.as_str().ok_or_else(|| {
        error(
            pointer,
            format!("`{key}` must be a text, and it is {}", a_kind(json)),
        )
    })
}

fn error(pointer: &str, message: String) -> ValueError {
    ValueError {
        pointer: pointer.to_owned(),
        message,
        path: None,
    }
}
