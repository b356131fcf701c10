//! Whether the value of a path can go into a field, before anything has run.

use crate::{
    Json,
    schema::{Additional, Schema, Type},
};

/// Whether it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// As it is.
    Yes,
    /// After a conversion that is made for the person; why.
    Converts(String),
    /// Not at all; why.
    No(String),
}

impl Fit {
    /// Whether the field takes it, converted or not.
    pub fn is_possible(&self) -> bool {
        !matches!(self, Self::No(_))
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Yes => 2,
            Self::Converts(_) => 1,
            Self::No(_) => 0,
        }
    }

    fn worse(self, other: Self) -> Self {
        if other.rank() < self.rank() {
            other
        } else {
            self
        }
    }
}

/// Whether a value of the schema `from` can go into a field of the schema `field`.
pub fn fits(from: &Schema, field: &Schema) -> Fit {
    if !from.one_of.is_empty() {
        // It is known only at run time which alternative comes: refuse only what can never work.
        return best(
            from.one_of
                .iter()
                .map(|alternative| fits(alternative, field)),
        );
    }
    if !field.one_of.is_empty() {
        return best(
            field
                .one_of
                .iter()
                .map(|alternative| fits(from, alternative)),
        );
    }
    let (Some(mine), Some(wanted)) = (from.effective_kind(), field.effective_kind()) else {
        return Fit::Yes;
    };
    match (mine, wanted) {
        (Type::Object, Type::Object) => objects(from, field),
        (Type::Array, Type::Array) => lists(from, field),
        (Type::Integer, Type::Number) => Fit::Yes,
        (mine, wanted) if mine == wanted => choices(from, field),
        (Type::Null, _) => Fit::Converts("nothing counts as not given".to_owned()),
        (_, Type::Null) => Fit::Yes,
        (Type::Number, Type::Integer) => Fit::Converts("the number must be whole".to_owned()),
        (Type::Integer | Type::Number, Type::String) => {
            Fit::Converts("the number is written as text".to_owned())
        }
        (Type::Boolean, Type::String) => {
            Fit::Converts("yes/no is written as `true` or `false`".to_owned())
        }
        (Type::String, Type::Integer | Type::Number) => {
            Fit::Converts("the text must say a number".to_owned())
        }
        (Type::String, Type::Boolean) => {
            Fit::Converts("the text must say `true` or `false`".to_owned())
        }
        (Type::Array, _) => refused(from, field, "; take one item of the list, or loop over it"),
        (_, Type::Array) => into_list(from, field),
        (Type::Object, _) => refused(from, field, "; take one of its keys"),
        _ => refused(from, field, ""),
    }
}

/// The value as a field of this schema takes it: what [`fits`] says converts is converted, the rest is left alone.
pub fn convert(value: Json, field: &Schema) -> Json {
    if !field.one_of.is_empty() {
        let converted = field
            .one_of
            .iter()
            .map(|alternative| convert(value.clone(), alternative));
        let fitting = converted
            .zip(&field.one_of)
            .find(|(value, schema)| schema.validate(value).is_empty());
        return fitting.map_or(value, |(value, _)| value);
    }
    match (field.kind, value) {
        (Some(Type::String), Json::Number(number)) => Json::String(number.to_string()),
        (Some(Type::String), Json::Bool(truth)) => Json::String(truth.to_string()),
        (Some(Type::Boolean), Json::String(text)) if text == "true" || text == "false" => {
            Json::Bool(text == "true")
        }
        (Some(Type::Integer | Type::Number), Json::String(text)) => {
            match text.trim().parse::<serde_json::Number>() {
                Ok(number) => Json::Number(number),
                Err(_) => Json::String(text),
            }
        }
        (Some(Type::Array), Json::Array(items)) => match &field.items {
            Some(schema) => Json::Array(
                items
                    .into_iter()
                    .map(|item| convert(item, schema))
                    .collect(),
            ),
            None => Json::Array(items),
        },
        (Some(Type::Array), Json::Null) => Json::Null,
        (Some(Type::Array), value) => match &field.items {
            Some(schema) if value.is_object() && schema.kind != Some(Type::Object) => value,
            Some(schema) => Json::Array(vec![convert(value, schema)]),
            None => Json::Array(vec![value]),
        },
        (_, Json::Object(map)) => {
            let entries = map.into_iter().map(|(key, value)| {
                let value = match (field.properties.get(&key), &field.additional) {
                    (Some(schema), _) => convert(value, schema),
                    (None, Some(Additional::Schema(schema))) => convert(value, schema),
                    _ => value,
                };
                (key, value)
            });
            Json::Object(entries.collect())
        }
        (_, value) => value,
    }
}

fn best(fits: impl Iterator<Item = Fit>) -> Fit {
    let mut best: Option<Fit> = None;
    for fit in fits {
        if best.as_ref().is_none_or(|known| fit.rank() > known.rank()) {
            best = Some(fit);
        }
    }
    best.unwrap_or(Fit::Yes)
}

fn refused(from: &Schema, field: &Schema, advice: &str) -> Fit {
    Fit::No(format!(
        "this is {} and the field takes {}{advice}",
        from.a_type(),
        field.a_type()
    ))
}

fn choices(from: &Schema, field: &Schema) -> Fit {
    let known = !from.values.is_empty() && !field.values.is_empty();
    if known && !from.values.iter().any(|value| field.values.contains(value)) {
        return Fit::No(
            "none of the values that come from there is one that the field takes".to_owned(),
        );
    }
    Fit::Yes
}

fn lists(from: &Schema, field: &Schema) -> Fit {
    let (Some(mine), Some(wanted)) = (&from.items, &field.items) else {
        return Fit::Yes;
    };
    match fits(mine, wanted) {
        Fit::Yes => Fit::Yes,
        Fit::Converts(why) => Fit::Converts(format!("of each item: {why}")),
        Fit::No(_) => Fit::No(format!(
            "the items are {}s and the field takes {}s",
            mine.type_name(),
            wanted.type_name()
        )),
    }
}

fn into_list(from: &Schema, field: &Schema) -> Fit {
    let Some(items) = &field.items else {
        return Fit::Converts("it becomes a list of one".to_owned());
    };
    if from.effective_kind() == Some(Type::Object) && items.effective_kind() != Some(Type::Object) {
        return refused(from, field, "; take one of its keys");
    }
    match fits(from, items) {
        Fit::No(_) => refused(from, field, ""),
        _ => Fit::Converts("it becomes a list of one".to_owned()),
    }
}

fn objects(from: &Schema, field: &Schema) -> Fit {
    let mut worst = Fit::Yes;
    for (key, wanted) in &field.properties {
        let fit = match from.properties.get(key) {
            Some(mine) => match fits(mine, wanted) {
                Fit::No(why) => Fit::No(format!("of `{key}`: {why}")),
                other => other,
            },
            None if from.additional == Some(Additional::Any(false)) && field.requires(key) => {
                Fit::No(format!("it has no `{key}`, which the field needs"))
            }
            None => Fit::Yes,
        };
        worst = worst.worse(fit);
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema(json: Json) -> Schema {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_fits_what() {
        let text = json!({"type": "string"});
        let number = json!({"type": "number"});
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let texts = json!({"type": "array", "items": {"type": "string"}});
        let objects = json!({"type": "array", "items": object});
        let table = [
            (&text, &text, "yes"),
            (&json!({}), &texts, "yes"),
            (&text, &json!({}), "yes"),
            (&number, &text, "converts: the number is written as text"),
            (&json!({"type": "integer"}), &number, "yes"),
            (
                &number,
                &json!({"type": "integer"}),
                "converts: the number must be whole",
            ),
            (&text, &number, "converts: the text must say a number"),
            (
                &object,
                &text,
                "no: this is an object and the field takes a text; take one of its keys",
            ),
            (
                &texts,
                &text,
                "no: this is a list and the field takes a text; take one item of the list, or loop over it",
            ),
            (&texts, &texts, "yes"),
            (
                &json!({"type": "array", "items": number}),
                &texts,
                "converts: of each item: the number is written as text",
            ),
            (
                &objects,
                &texts,
                "no: the items are objects and the field takes texts",
            ),
            (&text, &texts, "converts: it becomes a list of one"),
            (
                &object,
                &texts,
                "no: this is an object and the field takes a list; take one of its keys",
            ),
            (&object, &objects, "converts: it becomes a list of one"),
            (
                &text,
                &object,
                "no: this is a text and the field takes an object",
            ),
            (
                &object,
                &json!({"type": "object", "properties": {"a": texts, "b": number}}),
                "converts: it becomes a list of one",
            ),
            (
                &objects,
                &json!({"type": "boolean"}),
                "no: this is a list and the field takes yes or no; take one item of the list, or loop over it",
            ),
            (
                &json!({"type": "string", "enum": ["a"]}),
                &json!({"type": "string", "enum": ["b"]}),
                "no: none of the values that come from there is one that the field takes",
            ),
            (
                &json!({"type": "string", "enum": ["a", "b"]}),
                &json!({"type": "string", "enum": ["b"]}),
                "yes",
            ),
            (&json!({"oneOf": [object, text]}), &text, "yes"),
            (
                &text,
                &json!({"oneOf": [object, number]}),
                "converts: the text must say a number",
            ),
            (
                &json!({"type": "null"}),
                &text,
                "converts: nothing counts as not given",
            ),
        ];
        for (from, field, expected) in table {
            let fit = match fits(&schema(from.clone()), &schema(field.clone())) {
                Fit::Yes => "yes".to_owned(),
                Fit::Converts(why) => format!("converts: {why}"),
                Fit::No(why) => format!("no: {why}"),
            };
            assert_eq!(fit, expected, "{from} → {field}");
        }
    }

    #[test]
    fn what_converts_is_converted() {
        let table = [
            (json!(5), json!({"type": "string"}), json!("5")),
            (json!(true), json!({"type": "string"}), json!("true")),
            (json!(" 5.5 "), json!({"type": "number"}), json!(5.5)),
            (json!("five"), json!({"type": "number"}), json!("five")),
            (json!("false"), json!({"type": "boolean"}), json!(false)),
            (
                json!(1),
                json!({"type": "array", "items": {"type": "string"}}),
                json!(["1"]),
            ),
            (
                json!({"a": 1, "b": 2}),
                json!({"properties": {"a": {"type": "string"}}}),
                json!({"a": "1", "b": 2}),
            ),
            (
                json!({}),
                json!({"type": "array", "items": {"type": "string"}}),
                json!({}),
            ),
            (
                json!("5"),
                json!({"oneOf": [{"type": "boolean"}, {"type": "integer"}]}),
                json!(5),
            ),
            (json!(null), json!({"type": "string"}), json!(null)),
        ];
        for (value, field, expected) in table {
            assert_eq!(
                convert(value.clone(), &schema(field.clone())),
                expected,
                "{value} → {field}"
            );
        }
    }
}
