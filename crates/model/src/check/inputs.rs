//! Whether the values of a step's inputs can be read, are all there, and are of the right type.
//!
//! Forgives what the interpreter of connectors straightens: a number for a text, a text that says a number,
//! one value for a list of one, `null` for nothing.

use super::{Check, Target};
use crate::{
    Json, JsonMap,
    compat::{Fit, convert, fits},
    schema::{Additional, Schema, Type, Violation},
    spec::{OperationSpec, StepKind},
    value::{Value, ValueError},
    words::pointer_token,
};
use indexmap::IndexMap;

/// A field of the form, or a place inside one.
#[derive(Clone, Copy)]
pub(super) struct Field<'f> {
    /// What it takes; none: nobody knows.
    pub(super) schema: Option<&'f Schema>,
    /// The JSON pointer below `inputs`.
    pub(super) pointer: &'f str,
    /// What people call it: `Row › Direction`.
    pub(super) label: &'f str,
}

impl<'a> Check<'a> {
    pub(super) fn inputs(&mut self, target: Target<'a>, spec: Option<&'a OperationSpec>) {
        let known = self.known;
        let shaped = known
            .shaped
            .get(target.name)
            .and_then(|shaped| shaped.inputs.as_ref());
        let form = shaped.or(spec.map(|spec| &spec.inputs));
        if let Some(form) = form {
            self.required(target, form);
        }
        for (name, json) in target.inputs {
            self.input(target, form, name, json);
        }
    }

    fn required(&mut self, target: Target<'a>, form: &Schema) {
        for name in &form.required {
            let property = form.properties.get(name);
            let has_default = property.is_some_and(|property| property.default.is_some());
            let given = target
                .inputs
                .get(name)
                .is_some_and(|json| !is_nothing(json));
            if !given && !has_default {
                let label = title(form, name);
                self.report.error(
                    "missing_input",
                    target.name,
                    Some(&format!("/{}", pointer_token(name))),
                    format!("{label} needs a value."),
                );
            }
        }
    }

    fn input(&mut self, target: Target<'a>, form: Option<&Schema>, name: &str, json: &Json) {
        let pointer = format!("/{}", pointer_token(name));
        let property = match form {
            Some(form) => match property(form, name) {
                Property::Known(schema) => Some(schema),
                Property::Open => None,
                Property::Refused if json.is_null() => return,
                Property::Refused => {
                    let violation = form.unknown(name, &pointer);
                    return self.violation(target, name, violation);
                }
            },
            None => None,
        };
        let label = form.map_or(name, |form| title(form, name));
        let field = Field {
            schema: property,
            pointer: &pointer,
            label,
        };
        match Value::parse(json) {
            Ok(value) => self.value(target, field, &value, false),
            Err(error) => self.unreadable(target, &pointer, label, &error),
        }
    }

    fn unreadable(&mut self, target: Target<'a>, pointer: &str, label: &str, error: &ValueError) {
        let code = if error.path.is_some() {
            "bad_path"
        } else {
            "bad_value"
        };
        let field = format!("{pointer}{}", error.pointer);
        self.report.error(
            code,
            target.name,
            Some(&field),
            format!("{label}: {}.", error.message),
        );
    }

    /// Checks one value; `defaulted` says that something stands in for it when nothing is there.
    fn value(&mut self, target: Target<'a>, field: Field<'_>, value: &Value, defaulted: bool) {
        match value {
            Value::Literal(json) | Value::Escaped(json) => self.literal(target, field, json),
            Value::Path { path, default } => {
                self.path(target, field, path, true, defaulted || default.is_some());
                if let Some(default) = default {
                    self.value(target, field, default, defaulted);
                }
            }
            Value::Text { text, default } => {
                for path in text.paths() {
                    self.path(target, field, path, false, defaulted || default.is_some());
                }
                self.fitting(target, field, &Schema::of(Type::String));
                if let Some(default) = default {
                    self.value(target, field, default, defaulted);
                }
            }
            Value::List(items) => self.list(target, field, items, defaulted),
            Value::Object(entries) => self.object(target, field, entries, defaulted),
        }
    }

    fn literal(&mut self, target: Target<'a>, field: Field<'_>, json: &Json) {
        let Some(schema) = field.schema else { return };
        if json.is_null() || (json.as_str() == Some("") && is_top(field)) {
            // Counts as not given; the form says whether it had to be.
            return;
        }
        let straightened = convert(without_nothing(json), schema);
        for violation in schema.validate(&straightened) {
            let violation = Violation {
                pointer: format!("{}{}", field.pointer, violation.pointer),
                ..violation
            };
            self.violation(target, field.label, violation);
        }
    }

    fn violation(&mut self, target: Target<'a>, label: &str, violation: Violation) {
        let (code, message) = match (violation.missing, violation.unknown_key) {
            (true, _) => ("missing_input", format!("{}.", violation.message)),
            (_, true) => ("unknown_input", format!("{}.", capital(&violation.message))),
            _ => ("bad_value", format!("{label} {}.", violation.message)),
        };
        self.report
            .error(code, target.name, Some(&violation.pointer), message)
            .suggestion = violation.suggestion;
    }

    fn list(&mut self, target: Target<'a>, field: Field<'_>, items: &[Value], defaulted: bool) {
        self.fitting(target, field, &Schema::of(Type::Array));
        let inner = field
            .schema
            .and_then(|schema| alternative(schema, Type::Array))
            .and_then(|schema| schema.items.as_deref());
        for (index, item) in items.iter().enumerate() {
            let pointer = format!("{}/{index}", field.pointer);
            self.value(
                target,
                Field {
                    schema: inner,
                    pointer: &pointer,
                    label: field.label,
                },
                item,
                defaulted,
            );
        }
    }

    fn object(
        &mut self,
        target: Target<'a>,
        field: Field<'_>,
        entries: &IndexMap<String, Value>,
        defaulted: bool,
    ) {
        self.fitting(target, field, &Schema::of(Type::Object));
        let schema = field
            .schema
            .and_then(|schema| alternative(schema, Type::Object));
        for name in schema.iter().flat_map(|schema| &schema.required) {
            let given = entries
                .get(name)
                .is_some_and(|value| *value != Value::Literal(Json::Null));
            let needed = schema.is_some_and(|schema| {
                schema
                    .properties
                    .get(name)
                    .is_none_or(|inner| inner.default.is_none())
            });
            if !given && needed {
                let pointer = format!("{}/{}", field.pointer, pointer_token(name));
                let message = format!(
                    "{} › {} needs a value.",
                    field.label,
                    schema.map_or(name.as_str(), |schema| title(schema, name))
                );
                self.report
                    .error("missing_input", target.name, Some(&pointer), message);
            }
        }
        for (key, value) in entries {
            let pointer = format!("{}/{}", field.pointer, pointer_token(key));
            let label = format!(
                "{} › {}",
                field.label,
                schema.map_or(key.as_str(), |schema| title(schema, key))
            );
            let inner = match schema.map(|schema| nested(schema, key)) {
                Some(Property::Known(inner)) => Some(inner),
                Some(Property::Refused) => {
                    if let Some(schema) = schema {
                        self.violation(target, &label, schema.unknown(key, &pointer));
                    }
                    None
                }
                Some(Property::Open) | None => None,
            };
            self.value(
                target,
                Field {
                    schema: inner,
                    pointer: &pointer,
                    label: &label,
                },
                value,
                defaulted,
            );
        }
    }

    /// Says so when a value of this schema can never go into the field.
    pub(super) fn fitting(&mut self, target: Target<'a>, field: Field<'_>, from: &Schema) {
        let Some(schema) = field.schema else { return };
        let looped = self
            .catalog
            .operation(target.connector, target.operation)
            .map(|spec| spec.kind);
        let not_a_list = from.one_of.is_empty()
            && from
                .effective_kind()
                .is_some_and(|kind| !matches!(kind, Type::Array | Type::Null));
        if looped == Some(StepKind::LoopList) && field.pointer == "/list" && not_a_list {
            // Elsewhere one value becomes a list of one; a loop over one value is a mistake.
            let message = format!(
                "{}: this is {} and a loop goes over a list.",
                field.label,
                from.a_type()
            );
            self.report
                .error("type_clash", target.name, Some(field.pointer), message);
            return;
        }
        if let Fit::No(why) = fits(from, schema) {
            let message = format!("{}: {why}.", field.label);
            self.report
                .error("type_clash", target.name, Some(field.pointer), message);
        }
    }
}

/// What a form or an object knows about a key.
enum Property<'s> {
    Known(&'s Schema),
    Open,
    Refused,
}

/// At the top of a form a name that is not listed is a mistake, unless the form is open.
fn property<'s>(form: &'s Schema, name: &str) -> Property<'s> {
    match nested(form, name) {
        Property::Open
            if form.additional.is_none() && form.effective_kind() == Some(Type::Object) =>
        {
            Property::Refused
        }
        other => other,
    }
}

/// Deeper down it may be a key that the service knows and the connector does not describe.
fn nested<'s>(schema: &'s Schema, key: &str) -> Property<'s> {
    match (schema.properties.get(key), &schema.additional) {
        (Some(property), _) => Property::Known(property),
        (None, Some(Additional::Schema(schema))) => Property::Known(schema),
        (None, Some(Additional::Any(false))) => Property::Refused,
        (None, Some(Additional::Any(true)) | None) => Property::Open,
    }
}

/// The schema itself, or the only alternative of that type.
fn alternative(schema: &Schema, kind: Type) -> Option<&Schema> {
    if schema.one_of.is_empty() {
        return (schema.effective_kind() == Some(kind)).then_some(schema);
    }
    let mut fitting = schema
        .one_of
        .iter()
        .filter(|alternative| alternative.effective_kind() == Some(kind));
    fitting.next().filter(|_| fitting.next().is_none())
}

fn title<'s>(form: &'s Schema, name: &'s str) -> &'s str {
    form.properties
        .get(name)
        .and_then(|property| property.title.as_deref())
        .unwrap_or(name)
}

fn is_nothing(json: &Json) -> bool {
    json.is_null() || json.as_str() == Some("")
}

fn is_top(field: Field<'_>) -> bool {
    field.pointer.matches('/').count() == 1
}

/// The value without keys that are `null`, which count as not given.
fn without_nothing(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let given = map.iter().filter(|(_, value)| !value.is_null());
            Json::Object(
                given
                    .map(|(key, value)| (key.clone(), without_nothing(value)))
                    .collect::<JsonMap>(),
            )
        }
        Json::Array(items) => Json::Array(items.iter().map(without_nothing).collect()),
        other => other.clone(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
