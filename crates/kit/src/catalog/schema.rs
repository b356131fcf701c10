//! From a manifest's fields to the model's schemas.

use crate::manifest::{
    field::{Field, Kind},
    options::Options,
    paging::Paging,
};
use indexmap::IndexMap;
use patchbay_model::{
    Json,
    schema::{Additional, Hints, OptionsSource, Schema, Type},
};

/// The most records that "all pages" brings unless the person says otherwise.
pub(crate) const DEFAULT_MAX_RECORDS: u64 = 1000;

/// The form of an operation.
pub(super) fn inputs(fields: &[Field], paging: Option<&Paging>) -> Schema {
    let mut properties = IndexMap::new();
    let mut required = Vec::new();
    for field in fields {
        let Some(name) = &field.name else { continue };
        if field.required == Some(true) && field.default.is_none() {
            required.push(name.clone());
        }
        let mut schema = of(field);
        title_parts(&mut schema);
        properties.insert(name.clone(), schema);
    }
    if paging.is_some() {
        properties.insert("all_pages".to_owned(), all_pages());
        properties.insert("max_records".to_owned(), max_records());
    }
    Schema {
        required,
        additional: Some(Additional::Any(false)),
        ..Schema::object(properties)
    }
}

/// Gives the parts of a form titles where nobody wrote one: `phoneNumber` is "Phone number".
fn title_parts(schema: &mut Schema) {
    for (name, part) in &mut schema.properties {
        if part.title.is_none() {
            part.title = Some(crate::text::title(name));
        }
        title_parts(part);
    }
    schema.items.iter_mut().for_each(|items| title_parts(items));
    schema.one_of.iter_mut().for_each(title_parts);
}

/// The output of an operation.
pub(super) fn output(field: Option<&Field>, paging: Option<&Paging>) -> Schema {
    let mut schema = field.map(of).unwrap_or_default();
    if paging.is_some() && schema.kind == Some(Type::Object) {
        schema.properties.insert(
            "count".to_owned(),
            described(
                Schema::of(Type::Integer).titled("Count"),
                "How many records there are in this output.",
            ),
        );
        schema.properties.insert(
            "truncated".to_owned(),
            described(
                Schema::of(Type::Boolean).titled("Truncated"),
                "Whether the service has more records than this output.",
            ),
        );
        schema
            .required
            .extend(["count".to_owned(), "truncated".to_owned()]);
    }
    schema
}

fn all_pages() -> Schema {
    let schema = Schema {
        default: Some(Json::Bool(true)),
        ..Schema::of(Type::Boolean).titled("All pages")
    };
    described(
        schema,
        "Keep asking for the next page until everything is there or **Max records** is reached. Without it, one page \
         is fetched.",
    )
}

fn max_records() -> Schema {
    let schema = Schema {
        default: Some(Json::from(DEFAULT_MAX_RECORDS)),
        minimum: Some(1.0),
        hints: Hints {
            unit: Some("records".to_owned()),
            ..Hints::default()
        },
        ..Schema::of(Type::Integer).titled("Max records")
    };
    described(
        schema,
        "The most records to fetch over all pages. If the service has more, `truncated` in the output is `true`.",
    )
}

fn described(schema: Schema, text: &str) -> Schema {
    Schema {
        description: Some(text.to_owned()),
        ..schema
    }
}

/// The schema of one field.
pub(crate) fn of(field: &Field) -> Schema {
    let kind = kind_of(field);
    let (values, titles) = entries(field, kind);
    Schema {
        kind: type_of(kind, &values),
        title: field.title.clone(),
        description: field.help.clone(),
        format: format_of(kind).map(str::to_owned),
        default: field.default.clone(),
        examples: field.example.iter().cloned().collect(),
        properties: properties(field, kind),
        required: required(field, kind),
        additional: field
            .others
            .as_ref()
            .map(|others| Additional::Schema(Box::new(of(others)))),
        items: field.items.as_deref().map(of).map(Box::new),
        one_of: field.one_of.iter().map(of).collect(),
        minimum: field.min,
        maximum: field.max,
        min_length: field.min_length,
        max_length: field.max_length,
        deprecated: field.deprecated == Some(true),
        hints: hints(field, titles),
        values,
    }
}

/// The kind that is written down, or the one that the other keys imply.
pub(crate) fn kind_of(field: &Field) -> Kind {
    if let Some(kind) = field.kind {
        return kind;
    }
    match field {
        Field {
            options: Some(Options::Fixed(_)),
            ..
        } => Kind::Choice,
        Field {
            options: Some(Options::Live(_)),
            ..
        } => Kind::Text,
        Field { items: Some(_), .. } => Kind::List,
        Field {
            columns: Some(_), ..
        }
        | Field {
            others: Some(_), ..
        } => Kind::Object,
        Field { fields, .. } if !fields.is_empty() => Kind::Object,
        _ => Kind::Any,
    }
}

fn type_of(kind: Kind, values: &[Json]) -> Option<Type> {
    Some(match kind {
        Kind::Choice if !values.is_empty() && values.iter().all(Json::is_i64) => Type::Integer,
        Kind::Text | Kind::Choice | Kind::DateTime | Kind::Date | Kind::Time => Type::String,
        Kind::Url | Kind::Email | Kind::Phone => Type::String,
        Kind::Integer => Type::Integer,
        Kind::Number => Type::Number,
        Kind::Boolean => Type::Boolean,
        Kind::List => Type::Array,
        Kind::Object | Kind::Binary => Type::Object,
        Kind::Any => return None,
    })
}

fn format_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DateTime => Some("date-time"),
        Kind::Date => Some("date"),
        Kind::Time => Some("time"),
        Kind::Url => Some("uri"),
        Kind::Email => Some("email"),
        Kind::Phone => Some("phone"),
        Kind::Binary => Some("binary"),
        _ => None,
    }
}

fn entries(field: &Field, kind: Kind) -> (Vec<Json>, Vec<String>) {
    let Some(Options::Fixed(entries)) = &field.options else {
        return (Vec::new(), Vec::new());
    };
    if kind != Kind::Choice {
        return (Vec::new(), Vec::new());
    }
    let values = entries.iter().map(|entry| entry.value.clone()).collect();
    if entries.iter().all(|entry| entry.title.is_none()) {
        return (values, Vec::new());
    }
    let title = |value: &Json| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    (
        values,
        entries
            .iter()
            .map(|entry| entry.title.clone().unwrap_or_else(|| title(&entry.value)))
            .collect(),
    )
}

fn properties(field: &Field, kind: Kind) -> IndexMap<String, Schema> {
    if kind == Kind::Binary {
        return [
            (
                "content_type",
                described(
                    Schema::of(Type::String),
                    "What kind of file it is, `audio/mpeg`.",
                ),
            ),
            (
                "name",
                described(
                    Schema::of(Type::String),
                    "The file's name, if the service gives one.",
                ),
            ),
            (
                "size",
                described(
                    Schema::of(Type::Integer),
                    "How many bytes it has; only in answers.",
                ),
            ),
            (
                "base64",
                described(Schema::of(Type::String), "The bytes, in base 64."),
            ),
        ]
        .map(|(name, schema)| (name.to_owned(), schema))
        .into();
    }
    field
        .fields
        .iter()
        .map(|(name, part)| (name.clone(), of(part)))
        .collect()
}

fn required(field: &Field, kind: Kind) -> Vec<String> {
    if kind == Kind::Binary {
        return vec!["content_type".to_owned(), "base64".to_owned()];
    }
    field
        .fields
        .iter()
        .filter(|(_, part)| part.required == Some(true))
        .map(|(name, _)| name.clone())
        .collect()
}

fn hints(field: &Field, titles: Vec<String>) -> Hints {
    Hints {
        advanced: field.advanced == Some(true),
        secret: field.secret == Some(true),
        multiline: field.multiline == Some(true),
        titles,
        placeholder: field.placeholder.clone(),
        unit: field.unit.clone(),
        options: match &field.options {
            Some(Options::Live(live)) => Some(OptionsSource {
                operation: live.operation.clone(),
                depends_on: live.depends_on.clone(),
                searchable: live.search.is_some(),
            }),
            _ => None,
        },
        shaped_by: field
            .columns
            .as_ref()
            .map(|columns| columns.depends_on.clone())
            .unwrap_or_default(),
        shown_for: None,
        scopes: Vec::new(),
    }
}
