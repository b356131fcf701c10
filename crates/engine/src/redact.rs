//! Keeps fields that an operation marks as secret out of the journal.

use patchbay_model::{Json, schema::Schema};

/// What stands in place of a secret value.
pub(crate) const REDACTED: &str = "[secret]";

/// A way down to a secret field: keys of objects, `*` for every item of a list.
pub(crate) type Track = Vec<String>;

/// Where the secrets are in values of this schema.
pub(crate) fn tracks(schema: &Schema) -> Vec<Track> {
    let mut found = Vec::new();
    collect(schema, &mut Vec::new(), &mut found);
    found
}

fn collect(schema: &Schema, at: &mut Track, found: &mut Vec<Track>) {
    if schema.hints.secret {
        found.push(at.clone());
        return;
    }
    for (name, property) in &schema.properties {
        at.push(name.clone());
        collect(property, at, found);
        at.pop();
    }
    if let Some(items) = &schema.items {
        at.push("*".to_owned());
        collect(items, at, found);
        at.pop();
    }
    for alternative in &schema.one_of {
        collect(alternative, at, found);
    }
}

/// Replaces every value that a track leads to.
pub(crate) fn redact(value: &mut Json, tracks: &[Track]) {
    for track in tracks {
        replace(value, track);
    }
}

fn replace(value: &mut Json, track: &[String]) {
    let Some((key, rest)) = track.split_first() else {
        if !value.is_null() {
            *value = Json::from(REDACTED);
        }
        return;
    };
    match value {
        Json::Array(items) if key == "*" => items.iter_mut().for_each(|item| replace(item, rest)),
        Json::Object(entries) => {
            if let Some(inner) = entries.get_mut(key) {
                replace(inner, rest);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::schema::{Hints, Type};
    use serde_json::json;

    #[test]
    fn secret_fields_are_replaced_at_any_depth() {
        let secret = Schema {
            hints: Hints {
                secret: true,
                ..Hints::default()
            },
            ..Schema::of(Type::String)
        };
        let inner = Schema::object([
            ("token".to_owned(), secret),
            ("id".to_owned(), Schema::default()),
        ]);
        let schema = Schema::object([
            ("list".to_owned(), Schema::list(inner.clone())),
            ("one".to_owned(), inner),
        ]);
        let mut value =
            json!({ "list": [{ "token": "a", "id": 1 }, { "id": 2 }], "one": { "token": null } });
        redact(&mut value, &tracks(&schema));
        assert_eq!(
            value,
            json!({ "list": [{ "token": REDACTED, "id": 1 }, { "id": 2 }], "one": { "token": null } })
        );
    }
}
