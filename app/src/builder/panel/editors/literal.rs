//! Editors of values that stand in the document as they are, and of texts with data in them.

use crate::builder::panel::{
    field::FieldHandle,
    form::{self, Mode},
};
use leptos::prelude::*;
use patchbay_model::{
    Json,
    schema::{Schema, Type},
};
use serde_json::json;

/// A line or an area of text; numbers, lists and objects are typed as text too.
/// `/` in an empty field opens the list of data; a typed `$.…` becomes a path.
#[component]
pub fn TextEditor(handle: FieldHandle, template: bool) -> impl IntoView {
    let schema = handle.field.with_value(|field| field.schema.clone());
    let long = template || schema.hints.multiline || matches!(schema.kind, Some(Type::Array | Type::Object));
    let placeholder = placeholder(&schema, template);
    let numeric = !template && matches!(schema.kind, Some(Type::Integer | Type::Number));
    let text = move || {
        let value = handle.value.get();
        match value.as_ref().and_then(form::text_of) {
            Some(text) => text.to_owned(),
            None => form::shown(value.as_ref()),
        }
    };
    let schema = StoredValue::new(schema);
    let commit = move |typed: String| {
        if template {
            return handle.set((!typed.is_empty()).then(|| json!({ "$text": typed })));
        }
        if typed.is_empty() {
            return handle.set(None);
        }
        if typed.starts_with("$.") || typed.starts_with("$[") {
            handle.mode.set(Mode::Path);
            return handle.set(Some(form::mapped(typed.trim(), None)));
        }
        handle.set(Some(schema.with_value(|schema| form::typed(&typed, schema))));
    };
    let open_picker = move |event: web_sys::KeyboardEvent| {
        if event.key() == "/" && (template || event_target_value(&event).is_empty()) && !event.ctrl_key() {
            event.prevent_default();
            handle.picking.set(true);
        }
    };
    if long {
        view! {
            <textarea class="in" class:mono=template id=handle.id() rows="3" placeholder=placeholder prop:value=text
                on:keydown=open_picker on:input=move |event| commit(event_target_value(&event))></textarea>
        }
        .into_any()
    } else {
        view! {
            <input class="in" id=handle.id() type="text" inputmode=if numeric { "decimal" } else { "text" } autocomplete="off"
                placeholder=placeholder prop:value=text on:keydown=open_picker
                on:input=move |event| commit(event_target_value(&event)) />
        }
        .into_any()
    }
}

fn placeholder(schema: &Schema, template: bool) -> String {
    if template {
        return "Text with data, such as Hello {$.steps.…}; press / to insert".to_owned();
    }
    if let Some(text) = &schema.hints.placeholder {
        return text.clone();
    }
    match &schema.default {
        Some(default) if !default.is_null() => form::shown(Some(default)),
        _ => "Type a value, or press / for data".to_owned(),
    }
}

/// A closed list of values.
#[component]
pub fn ChoiceEditor(handle: FieldHandle) -> impl IntoView {
    let (values, titles, default, required) = handle.field.with_value(|field| {
        let schema = &field.schema;
        (schema.values.clone(), schema.hints.titles.clone(), schema.default.clone(), field.required)
    });
    let title_of = {
        let (values, titles) = (values.clone(), titles.clone());
        move |value: &Json| {
            let at = values.iter().position(|one| one == value);
            at.and_then(|at| titles.get(at).cloned()).unwrap_or_else(|| form::shown(Some(value)))
        }
    };
    let none = match &default {
        Some(default) if !default.is_null() => format!("Default: {}", title_of(default)),
        _ if required => "Choose…".to_owned(),
        _ => "Not set".to_owned(),
    };
    let unknown = {
        let values = values.clone();
        move || handle.value.get().filter(|value| !values.contains(value)).map(|value| form::shown(Some(&value)))
    };
    let stored = StoredValue::new(values.clone());
    view! {
        <select class="in" id=handle.id() on:change=move |event| {
            let chosen = event_target_value(&event).parse::<usize>().ok();
            handle.set(chosen.and_then(|at| stored.with_value(|values| values.get(at).cloned())));
        }>
            <option value="" prop:selected=move || handle.value.get().is_none()>{none}</option>
            {values.iter().enumerate().map(|(at, value)| {
                let title = title_of(value);
                let value = value.clone();
                view! { <option value=at.to_string() prop:selected=move || handle.value.get().as_ref() == Some(&value)>{title}</option> }
            }).collect_view()}
            {move || unknown().map(|text| view! { <option value="?" selected disabled>{format!("{text} (not offered)")}</option> })}
        </select>
    }
}

/// Several of a closed list.
#[component]
pub fn ManyChoicesEditor(handle: FieldHandle) -> impl IntoView {
    let (values, titles) = handle.field.with_value(|field| {
        let items = field.schema.items.as_deref().cloned().unwrap_or_default();
        (items.values, items.hints.titles)
    });
    let chosen = Memo::new(move |_| match handle.value.get() {
        Some(Json::Array(list)) => list,
        Some(one) => vec![one],
        None => Vec::new(),
    });
    let toggle = move |value: Json, on: bool| {
        let mut list = chosen.get_untracked();
        list.retain(|one| *one != value);
        if on {
            list.push(value);
        }
        handle.set((!list.is_empty()).then_some(Json::Array(list)));
    };
    view! {
        <div class="choices" id=handle.id() role="group" tabindex="-1">
            {values.into_iter().enumerate().map(|(at, value)| {
                let title = titles.get(at).cloned().unwrap_or_else(|| form::shown(Some(&value)));
                let (shown, kept) = (value.clone(), value);
                view! {
                    <label class="check">
                        <input type="checkbox" prop:checked=move || chosen.with(|list| list.contains(&shown))
                            on:change=move |event| toggle(kept.clone(), event_target_checked(&event)) />
                        <span>{title}</span>
                    </label>
                }
            }).collect_view()}
        </div>
    }
}

/// Yes or no; unset means the service's default, which is shown.
#[component]
pub fn BooleanEditor(handle: FieldHandle) -> impl IntoView {
    let default = handle.field.with_value(|field| field.schema.default.as_ref().and_then(Json::as_bool));
    let on = move || handle.value.get().as_ref().and_then(Json::as_bool).or(default).unwrap_or(false);
    let unset = move || handle.value.get().is_none();
    view! {
        <label class="switch-row">
            <input type="checkbox" role="switch" id=handle.id() prop:checked=on
                on:change=move |event| handle.set(Some(json!(event_target_checked(&event)))) />
            <span>{move || if on() { "Yes" } else { "No" }}{move || unset().then_some(" (default)")}</span>
        </label>
    }
}

/// A date and time in UTC, with the browser's own picker.
#[component]
pub fn DateTimeEditor(handle: FieldHandle) -> impl IntoView {
    let local = move || {
        let text = form::shown(handle.value.get().as_ref());
        let bare = text.strip_suffix('Z').unwrap_or(&text);
        bare.split('.').next().unwrap_or_default().to_owned()
    };
    view! {
        <div class="with-unit">
            <input class="in" type="datetime-local" step="1" id=handle.id() prop:value=local
                on:keydown=move |event| if event.key() == "/" {
                    event.prevent_default();
                    handle.picking.set(true);
                }
                on:change=move |event| {
                    let typed = event_target_value(&event);
                    // Browsers leave the seconds out when they are zero; services want them.
                    let full = if typed.len() == 16 { format!("{typed}:00Z") } else { format!("{typed}Z") };
                    handle.set((!typed.is_empty()).then(|| json!(full)));
                } />
            <span class="unit">"UTC"</span>
        </div>
    }
}
