//! The editor of a field, by its mode and type.

mod chip;
mod keyed;
mod literal;
mod options;

use super::{
    field::FieldHandle,
    form::{Field, Mode},
};
use chip::PathEditor;
use leptos::prelude::*;
use literal::{BooleanEditor, ChoiceEditor, DateTimeEditor, ManyChoicesEditor, TextEditor};
use options::OptionsEditor;
use patchbay_model::schema::{Schema, Type};

/// Which editor a literal value gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Options,
    Choice,
    ManyChoices,
    Boolean,
    DateTime,
    Keyed,
    Text,
}

fn kind(schema: &Schema) -> Kind {
    if schema.hints.options.is_some() {
        return Kind::Options;
    }
    if !schema.values.is_empty() {
        return Kind::Choice;
    }
    match schema.kind {
        Some(Type::Boolean) => Kind::Boolean,
        Some(Type::String) if schema.format.as_deref() == Some("date-time") => Kind::DateTime,
        Some(Type::Array)
            if schema
                .items
                .as_ref()
                .is_some_and(|items| !items.values.is_empty()) =>
        {
            Kind::ManyChoices
        }
        Some(Type::Object) if schema.properties.is_empty() && super::form::free_keys(schema) => {
            Kind::Keyed
        }
        _ => Kind::Text,
    }
}

/// Whether a literal value is typed as text.
pub fn is_text(field: &Field) -> bool {
    kind(&field.schema) == Kind::Text
}

/// The editor; changes with the mode.
#[component]
pub fn Editor(handle: FieldHandle) -> impl IntoView {
    let mut kind = handle.field.with_value(|field| kind(&field.schema));
    // The browser's picker shows only what it can show; anything else is edited as text.
    if kind == Kind::DateTime
        && !handle
            .value
            .with_untracked(|value| value.as_ref().is_none_or(literal::is_utc))
    {
        kind = Kind::Text;
    }
    move || match (handle.mode.get(), kind) {
        (Mode::Path, _) => view! { <PathEditor handle /> }.into_any(),
        (Mode::Text, _) => view! { <TextEditor handle template=true /> }.into_any(),
        (Mode::Value, Kind::Options) => view! { <OptionsEditor handle /> }.into_any(),
        (Mode::Value, Kind::Choice) => view! { <ChoiceEditor handle /> }.into_any(),
        (Mode::Value, Kind::ManyChoices) => view! { <ManyChoicesEditor handle /> }.into_any(),
        (Mode::Value, Kind::Boolean) => view! { <BooleanEditor handle /> }.into_any(),
        (Mode::Value, Kind::DateTime) => view! { <DateTimeEditor handle /> }.into_any(),
        (Mode::Value, Kind::Keyed) => view! { <keyed::KeyedEditor handle /> }.into_any(),
        (Mode::Value, Kind::Text) => view! { <TextEditor handle template=false /> }.into_any(),
    }
}
