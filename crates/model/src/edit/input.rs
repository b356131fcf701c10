//! Sets a value somewhere inside the inputs of a step, by JSON pointer (RFC 6901).

use super::EditError;
use crate::{Json, JsonMap, value::MAX_DEPTH, words::pointer_token};

/// Sets or removes the value at the pointer; gives the pointer and value that take it back.
pub(super) fn set(
    inputs: &mut JsonMap,
    field: &str,
    value: Option<Json>,
) -> Result<(String, Option<Json>), EditError> {
    let refuse = |reason: &str| EditError::BadField {
        field: field.to_owned(),
        reason: reason.to_owned(),
    };
    if field.is_empty() {
        let Json::Object(map) = value.unwrap_or_else(|| Json::Object(JsonMap::new())) else {
            return Err(refuse("the inputs as a whole must be an object"));
        };
        return Ok((
            String::new(),
            Some(Json::Object(std::mem::replace(inputs, map))),
        ));
    }
    let tokens = tokens(field).ok_or_else(|| {
        refuse("a JSON pointer starts with `/`, and has `~` only as `~0` or `~1`")
    })?;
    if tokens.len() > MAX_DEPTH {
        return Err(refuse("it leads too deep"));
    }
    let mut whole = Json::Object(std::mem::take(inputs));
    let done =
        set_below(&mut whole, &tokens, &mut String::new(), value).map_err(|reason| refuse(&reason));
    if let Json::Object(map) = whole {
        *inputs = map;
    }
    done
}

fn tokens(field: &str) -> Option<Vec<String>> {
    let unescape = |token: &str| {
        let sound = token.replace("~0", "").replace("~1", "");
        (!sound.contains('~')).then(|| token.replace("~1", "/").replace("~0", "~"))
    };
    field.strip_prefix('/')?.split('/').map(unescape).collect()
}

/// `pointer` says where `at` stands. The answer is the pointer and value that take the change back.
fn set_below(
    at: &mut Json,
    tokens: &[String],
    pointer: &mut String,
    value: Option<Json>,
) -> Result<(String, Option<Json>), String> {
    let Some((token, rest)) = tokens.split_first() else {
        // Only a value can be set here: removing is done by whoever holds it.
        return Ok((
            pointer.clone(),
            Some(std::mem::replace(at, value.unwrap_or(Json::Null))),
        ));
    };
    match at {
        Json::Object(map) => set_in_object(map, token, rest, pointer, value),
        Json::Array(items) => set_in_list(items, token, rest, pointer, value),
        other => Err(format!(
            "there is {} in the way at `{pointer}`",
            crate::words::a_kind(other)
        )),
    }
}

fn set_in_object(
    map: &mut JsonMap,
    token: &str,
    rest: &[String],
    pointer: &mut String,
    value: Option<Json>,
) -> Result<(String, Option<Json>), String> {
    let here = format!("{pointer}/{}", pointer_token(token));
    if rest.is_empty() {
        let old = match value {
            Some(value) => map.insert(token.to_owned(), value),
            None => map.shift_remove(token),
        };
        return Ok((here, old));
    }
    if map.keys().any(|key| key.starts_with('$')) {
        return Err(format!(
            "a path or a text stands in the way at `{pointer}`; replace that first"
        ));
    }
    match map.get_mut(token) {
        Some(inner) if !inner.is_null() => {
            *pointer = here;
            set_below(inner, rest, pointer, value)
        }
        // Nothing is there: what leads to the value is made, and taken away again as a whole.
        _ => {
            let Some(value) = value else {
                return Ok((here.clone(), map.get(token).cloned()));
            };
            let made = rest.iter().rev().fold(value, |inner, token| {
                Json::Object([(token.clone(), inner)].into_iter().collect())
            });
            Ok((here, map.insert(token.to_owned(), made)))
        }
    }
}

fn set_in_list(
    items: &mut Vec<Json>,
    token: &str,
    rest: &[String],
    pointer: &mut String,
    value: Option<Json>,
) -> Result<(String, Option<Json>), String> {
    let length = items.len();
    let index = match token {
        "-" => length,
        _ => position(token)
            .ok_or_else(|| format!("`{token}` is no position in the list at `{pointer}`"))?,
    };
    match (items.get_mut(index), value) {
        (Some(item), value) if !rest.is_empty() => {
            *pointer = format!("{pointer}/{index}");
            set_below(item, rest, pointer, value)
        }
        (Some(item), Some(value)) => Ok((
            format!("{pointer}/{index}"),
            Some(std::mem::replace(item, value)),
        )),
        (Some(_), None) => {
            // Putting an item back into the middle is not a change of one value, so the whole list is kept.
            let before = items.clone();
            items.remove(index);
            Ok((pointer.clone(), Some(Json::Array(before))))
        }
        (None, Some(value)) if index == length => {
            let made = rest.iter().rev().fold(value, |inner, token| {
                Json::Object([(token.clone(), inner)].into_iter().collect())
            });
            items.push(made);
            Ok((format!("{pointer}/{index}"), None))
        }
        (None, Some(_)) => Err(format!(
            "the list at `{pointer}` has {length} items, so there is no position {index}"
        )),
        (None, None) => Ok((format!("{pointer}/{index}"), None)),
    }
}

fn position(token: &str) -> Option<usize> {
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    let sound = digits && (token == "0" || !token.starts_with('0'));
    sound.then(|| token.parse().ok()).flatten()
}
