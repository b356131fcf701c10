//! Learns a schema from data that has been seen.

use super::{
    Schema, Type,
    validate::{is_date, is_instant},
};
use crate::Json;

/// Items of a list that are looked at.
const ITEMS: usize = 50;
/// Keys of an object that are remembered.
const KEYS: usize = 300;
/// Levels that are looked at.
const DEPTH: usize = 24;

impl Schema {
    /// The schema of this sample: items of a list are merged, nothing is required, nothing is forbidden.
    pub fn infer(sample: &Json) -> Self {
        infer(sample, 0)
    }

    /// What fits either of two schemas; keys keep the order of the first.
    pub fn merged(self, other: Self) -> Self {
        merged(self, other, 0)
    }

    /// This schema with whatever a sample shows beyond it; what it says itself is kept.
    pub fn with_sample(&self, sample: &Json) -> Self {
        extended(self, &Self::infer(sample), 0)
    }
}

fn infer(sample: &Json, depth: usize) -> Schema {
    if depth > DEPTH {
        return Schema::default();
    }
    match sample {
        Json::Null => Schema::of(Type::Null),
        Json::Bool(_) => Schema::of(Type::Boolean),
        Json::Number(number) if number.is_f64() => Schema::of(Type::Number),
        Json::Number(_) => Schema::of(Type::Integer),
        Json::String(text) => Schema {
            format: format_of(text),
            ..Schema::of(Type::String)
        },
        Json::Array(items) => {
            let schemas = items.iter().take(ITEMS).map(|item| infer(item, depth + 1));
            let items = schemas.reduce(|left, right| merged(left, right, depth + 1));
            Schema {
                items: items.map(Box::new),
                ..Schema::of(Type::Array)
            }
        }
        Json::Object(map) => {
            let properties = map.iter().take(KEYS);
            Schema::object(properties.map(|(key, value)| (key.clone(), infer(value, depth + 1))))
        }
    }
}

fn format_of(text: &str) -> Option<String> {
    if text.len() > 40 {
        None
    } else if is_date(text) {
        Some("date".to_owned())
    } else if text.contains(':') && is_instant(text) {
        Some("date-time".to_owned())
    } else {
        None
    }
}

fn merged(left: Schema, right: Schema, depth: usize) -> Schema {
    match (left.kind, right.kind) {
        (Some(Type::Null), _) => right,
        (_, Some(Type::Null)) => left,
        (Some(Type::Object), Some(Type::Object)) => merged_objects(left, right, depth),
        (Some(Type::Array), Some(Type::Array)) => {
            let items = match (left.items, right.items) {
                (Some(one), Some(two)) => Some(Box::new(merged(*one, *two, depth + 1))),
                (one, two) => one.or(two),
            };
            Schema {
                items,
                ..Schema::of(Type::Array)
            }
        }
        (Some(Type::Integer), Some(Type::Number)) => right,
        (Some(Type::Number), Some(Type::Integer)) => left,
        (one, two) if one == two => {
            let format = left.format.clone().filter(|_| left.format == right.format);
            Schema { format, ..left }
        }
        _ => Schema::default(),
    }
}

fn merged_objects(mut left: Schema, right: Schema, depth: usize) -> Schema {
    for (key, property) in right.properties {
        let full = left.properties.len() >= KEYS;
        match left.properties.get_mut(&key) {
            Some(mine) => {
                let known = std::mem::take(mine);
                *mine = merged(known, property, depth + 1);
            }
            None if !full => {
                left.properties.insert(key, property);
            }
            None => {}
        }
    }
    left
}

fn extended(schema: &Schema, seen: &Schema, depth: usize) -> Schema {
    let mut schema = schema.clone();
    if depth > DEPTH || !schema.one_of.is_empty() {
        return schema;
    }
    if schema.takes_anything() {
        return Schema {
            title: schema.title,
            description: schema.description,
            hints: schema.hints,
            ..seen.clone()
        };
    }
    if schema.effective_kind() != seen.kind {
        return schema;
    }
    if let Some(items) = &seen.items {
        let known = schema
            .items
            .take()
            .map(|known| extended(&known, items, depth + 1));
        schema.items = Some(known.map_or_else(|| items.clone(), Box::new));
    }
    for (key, property) in &seen.properties {
        let known = schema
            .properties
            .get(key)
            .map(|known| extended(known, property, depth + 1));
        schema
            .properties
            .insert(key.clone(), known.unwrap_or_else(|| property.clone()));
    }
    schema
}
