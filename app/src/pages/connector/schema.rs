//! Schemas for people: inputs as a table, an output as a tree.

use crate::ui::{Glyph, HelpText, Icon, Pill, PillKind};
use leptos::{either::Either, prelude::*};
use patchbay_model::{
    Json,
    schema::{Additional, Schema, Type},
};

/// Levels of an output that are open at first.
const OPEN: usize = 2;

/// The fields of the form.
#[component]
pub(super) fn Inputs(schema: Schema) -> impl IntoView {
    if schema.properties.is_empty() {
        return Either::Left(view! { <p class="muted">"It takes no inputs."</p> });
    }
    let mut rows = Vec::new();
    flatten(&schema, "", 0, &mut rows);
    let rows = rows.into_iter().map(|row| row.view()).collect_view();
    Either::Right(view! {
        <div class="table-box">
            <table class="inputs">
                <thead>
                    <tr>
                        <th scope="col">"Field"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"What it is"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

struct Row {
    name: String,
    depth: usize,
    required: bool,
    schema: Schema,
}

fn flatten(schema: &Schema, prefix: &str, depth: usize, rows: &mut Vec<Row>) {
    for (name, field) in &schema.properties {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        rows.push(Row {
            name: path.clone(),
            depth,
            required: schema.requires(name),
            schema: field.clone(),
        });
        if depth < 3 {
            flatten(field, &path, depth + 1, rows);
            if let Some(items) = &field.items {
                flatten(items, &format!("{path}[]"), depth + 1, rows);
            }
        }
    }
}

impl Row {
    fn view(self) -> impl IntoView {
        let title = self
            .schema
            .title
            .clone()
            .unwrap_or_else(|| self.name.clone());
        let default = self
            .schema
            .default
            .as_ref()
            .map(|value| format!("Default: {}", plain(value)));
        let values = values(&self.schema);
        let remarks = [default, values]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(". ");
        view! {
            <tr>
                <th scope="row" style:padding-left=format!("{}px", 12 + self.depth * 14)>
                    <b>{title}</b>
                    {self.required.then(|| view! { <em class="required" title="Required">" *"</em> })}
                    <span class="mono faint">{self.name}</span>
                </th>
                <td class="nowrap">{type_word(&self.schema)}</td>
                <td>
                    {self
                        .schema
                        .description
                        .clone()
                        .map(|text| view! { <HelpText text/> })}
                    {self.schema.deprecated.then(|| view! { " " <Pill kind=PillKind::Warning>"Deprecated"</Pill> })}
                    {(!remarks.is_empty()).then(|| view! { <small class="muted">{remarks}</small> })}
                </td>
            </tr>
        }
    }
}

fn values(schema: &Schema) -> Option<String> {
    (!schema.values.is_empty()).then(|| {
        let values: Vec<String> = schema.values.iter().map(plain).collect();
        format!("One of {}", values.join(", "))
    })
}

fn plain(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What comes out, as a tree.
#[component]
pub(super) fn Output(schema: Schema) -> impl IntoView {
    let empty = schema == Schema::default();
    if empty {
        return Either::Left(
            view! { <p class="muted">"Its output depends on what it is asked for."</p> },
        );
    }
    Either::Right(view! { <div class="schema-tree">{node(None, schema, OPEN)}</div> })
}

fn node(name: Option<String>, schema: Schema, open: usize) -> AnyView {
    let children = children(&schema);
    let has_children = !children.is_empty();
    let is_open = RwSignal::new(open > 0);
    let children = StoredValue::new(children);
    let inside = move || {
        (is_open.get() && has_children).then(|| {
            let nodes = children
                .get_value()
                .into_iter()
                .map(|(name, schema)| node(Some(name), schema, open.saturating_sub(1)))
                .collect_view();
            view! { <div class="json-children">{nodes}</div> }.into_any()
        })
    };
    let word = type_word(&schema);
    let label = view! {
        {name.map(|name| view! { <span class="schema-key mono">{name}</span> })}
        <span class="faint">{word}</span>
        <span class="schema-help muted">{schema.description.or(schema.title)}</span>
    };
    let head = if has_children {
        Either::Left(view! {
            <button
                class="schema-row schema-row-branch"
                r#type="button"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                <span class="json-arrow" class:json-arrow-open=is_open>
                    <Icon glyph=Glyph::ChevronRight/>
                </span>
                {label}
            </button>
        })
    } else {
        Either::Right(view! {
            <div class="schema-row">
                <span class="json-indent"></span>
                {label}
            </div>
        })
    };
    view! { <div>{head} {inside}</div> }.into_any()
}

/// The parts of an object, or of the items of a list.
fn children(schema: &Schema) -> Vec<(String, Schema)> {
    let mut children: Vec<(String, Schema)> = schema
        .properties
        .iter()
        .map(|(name, field)| (name.clone(), field.clone()))
        .collect();
    if let Some(Additional::Schema(rest)) = &schema.additional {
        children.push(("any other key".to_owned(), (**rest).clone()));
    }
    if let Some(items) = &schema.items {
        children.extend(
            self::children(items)
                .into_iter()
                .map(|(name, schema)| (format!("[].{name}"), schema)),
        );
    }
    children
}

/// `text`, `whole number`, `list of objects`, …
fn type_word(schema: &Schema) -> String {
    match schema.kind {
        Some(Type::String) => match schema.format.as_deref() {
            Some("date-time") => "date and time".to_owned(),
            Some("date") => "date".to_owned(),
            Some("uri") => "address".to_owned(),
            Some("binary") => "file".to_owned(),
            _ => "text".to_owned(),
        },
        Some(Type::Integer) => "whole number".to_owned(),
        Some(Type::Number) => "number".to_owned(),
        Some(Type::Boolean) => "yes or no".to_owned(),
        Some(Type::Null) => "nothing".to_owned(),
        Some(Type::Object) => "object".to_owned(),
        Some(Type::Array) => match schema.items.as_deref().and_then(|items| items.kind) {
            Some(Type::Object) => "list of objects".to_owned(),
            Some(Type::String) => "list of texts".to_owned(),
            Some(Type::Integer | Type::Number) => "list of numbers".to_owned(),
            _ => "list".to_owned(),
        },
        None if !schema.one_of.is_empty() => {
            let mut words: Vec<String> = schema.one_of.iter().map(type_word).collect();
            words.dedup();
            words.join(" or ")
        }
        None => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_in_plain_words() {
        for (schema, expected) in [
            (Schema::of(Type::String), "text"),
            (Schema::list(Schema::of(Type::Object)), "list of objects"),
            (Schema::default(), "anything"),
            (
                Schema {
                    one_of: vec![Schema::of(Type::String), Schema::of(Type::Integer)],
                    ..Schema::default()
                },
                "text or whole number",
            ),
        ] {
            assert_eq!(type_word(&schema), expected);
        }
    }
}
