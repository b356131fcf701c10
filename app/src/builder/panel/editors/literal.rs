//! Editors of values that stand in the document as they are, and of texts with data in them.

use crate::builder::panel::{
    field::FieldHandle,
    form::{self, Mode},
};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys};
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
    let long = template
        || schema.hints.multiline
        || matches!(schema.kind, Some(Type::Array | Type::Object));
    let placeholder = placeholder(&schema, template);
    let numeric = !template && matches!(schema.kind, Some(Type::Integer | Type::Number));
    let kind = match (schema.hints.secret && !template, numeric) {
        (true, _) => ("password", "text"),
        (false, true) => ("text", "decimal"),
        (false, false) => ("text", "text"),
    };
    let unit = schema.hints.unit.clone().filter(|_| !template);
    let required = handle.field.with_value(|field| field.required);
    // What is being typed, with the value that it was taken for: `1.` must not turn into `1` under the caret.
    let typed = RwSignal::new(None::<(String, Option<Json>)>);
    let text = move || {
        let value = handle.value.get();
        let kept = typed.with(|typed| {
            typed
                .as_ref()
                .filter(|(_, meant)| *meant == value)
                .map(|(text, _)| text.clone())
        });
        kept.unwrap_or_else(|| match value.as_ref().and_then(form::text_of) {
            Some(text) => text.to_owned(),
            None => form::shown(value.as_ref()),
        })
    };
    let schema = StoredValue::new(schema);
    let commit = move |text: String| {
        if !template && (text.starts_with("$.") || text.starts_with("$[")) {
            handle.set(Some(form::mapped(text.trim(), None)));
            handle.show(Mode::Path);
            return handle.focus_soon();
        }
        let before = handle.value.get_untracked();
        let meant = match (template, text.is_empty()) {
            (true, true) => Some(form::templated("", None)),
            (true, false) => Some(form::templated(
                &text,
                before.as_ref().and_then(|value| value.get("$default")),
            )),
            (false, true) => None,
            (false, false) => Some(schema.with_value(|schema| form::typed(&text, schema))),
        };
        typed.set(Some((text, meant.clone())));
        handle.set(meant);
    };
    let open_picker = move |event: web_sys::KeyboardEvent| {
        if event.key() != "/" || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let text = event_target_value(&event);
        let caret = caret(&event);
        if text.is_empty() || (template && begins_word(&text, caret)) {
            event.prevent_default();
            handle.caret.set_value(caret);
            handle.pick();
        }
    };
    let left = move |event: web_sys::FocusEvent| {
        handle.caret.set_value(caret(&event));
        typed.set(None);
    };
    let labelled = format!("{}-label", handle.id());
    if long {
        view! {
            <textarea class="in" class:mono=template id=handle.id() rows=if template { "2" } else { "3" } placeholder=placeholder
                prop:value=text aria-labelledby=labelled aria-required=required.to_string() spellcheck="false"
                on:keydown=open_picker on:blur=left on:input=move |event| commit(event_target_value(&event))></textarea>
        }
        .into_any()
    } else {
        view! {
            <div class="with-unit">
                <input class="in" id=handle.id() type=kind.0 inputmode=kind.1 autocomplete="off" spellcheck="false"
                    aria-required=required.to_string() placeholder=placeholder prop:value=text on:keydown=open_picker on:blur=left
                    on:input=move |event| commit(event_target_value(&event)) />
                {unit.map(|unit| view! { <span class="unit">{unit}</span> })}
            </div>
        }
        .into_any()
    }
}

/// Where the caret is, in UTF-16 units.
fn caret(event: &web_sys::Event) -> Option<u32> {
    let target = event.target()?;
    match target.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        Some(area) => area.selection_start().ok().flatten(),
        None => target
            .dyn_ref::<web_sys::HtmlInputElement>()?
            .selection_start()
            .ok()
            .flatten(),
    }
}

/// Whether a word would begin at the caret: there a slash opens the list, elsewhere it is a slash.
fn begins_word(text: &str, caret: Option<u32>) -> bool {
    let before = caret
        .and_then(|caret| usize::try_from(caret).ok())
        .unwrap_or(usize::MAX);
    let last = text.encode_utf16().take(before).last();
    last.is_none_or(|unit| u8::try_from(unit).is_ok_and(|unit| unit.is_ascii_whitespace()))
}

/// What stands in an empty field.
fn placeholder(schema: &Schema, template: bool) -> String {
    if template {
        return "Text; press / to put data into it".to_owned();
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
        (
            schema.values.clone(),
            schema.hints.titles.clone(),
            schema.default.clone(),
            field.required,
        )
    });
    let title_of = {
        let (values, titles) = (values.clone(), titles.clone());
        move |value: &Json| {
            let at = values.iter().position(|one| one == value);
            at.and_then(|at| titles.get(at).cloned())
                .unwrap_or_else(|| form::shown(Some(value)))
        }
    };
    let none = match &default {
        Some(default) if !default.is_null() => format!("Default: {}", title_of(default)),
        _ if required => "Choose…".to_owned(),
        _ => "Not set".to_owned(),
    };
    let unknown = {
        let values = values.clone();
        move || {
            handle
                .value
                .get()
                .filter(|value| !values.contains(value))
                .map(|value| form::shown(Some(&value)))
        }
    };
    let stored = StoredValue::new(values.clone());
    view! {
        <span class="pick"><select class="in" id=handle.id() aria-required=required.to_string() class:unset=move || handle.value.with(Option::is_none) on:change=move |event| {
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
        </select></span>
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
        <div class="choices" id=handle.id() role="group" tabindex="-1" aria-labelledby=format!("{}-label", handle.id())>
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
    let default = handle
        .field
        .with_value(|field| field.schema.default.as_ref().and_then(Json::as_bool));
    let on = move || {
        handle
            .value
            .get()
            .as_ref()
            .and_then(Json::as_bool)
            .or(default)
            .unwrap_or(false)
    };
    let unset = move || handle.value.get().is_none();
    view! {
        <label class="switch-row">
            <input type="checkbox" role="switch" id=handle.id() prop:checked=on
                on:change=move |event| handle.set(Some(json!(event_target_checked(&event)))) />
            <span>{move || if on() { "Yes" } else { "No" }}{move || unset().then_some(" (default)")}</span>
        </label>
    }
}

/// Whether a value is a date and time as the browser's picker gives it.
pub fn is_utc(value: &Json) -> bool {
    let Some(text) = value.as_str().and_then(|text| text.strip_suffix('Z')) else {
        return false;
    };
    let shape: String = text
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    [
        "0000-00-00T00:00",
        "0000-00-00T00:00:00",
        "0000-00-00T00:00:00.000",
    ]
    .contains(&shape.as_str())
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
                    handle.pick();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_opens_the_list_only_where_a_word_begins() {
        let cases = [
            ("", None, true),
            ("a ", None, true),
            ("a", None, false),
            ("http:/", None, false),
            ("a b", Some(2), true),
            ("a b", Some(3), false),
            ("a\n", Some(2), true),
        ];
        for (text, caret, expected) in cases {
            assert_eq!(begins_word(text, caret), expected, "{text:?} {caret:?}");
        }
    }

    #[test]
    fn only_what_the_browsers_picker_can_show_is_given_to_it() {
        let cases = [
            ("2026-01-02T03:04:05Z", true),
            ("2026-01-02T03:04Z", true),
            ("2026-01-02T03:04:05.678Z", true),
            ("2026-01-02T03:04:05+02:00", false),
            ("2026-01-02", false),
            ("yesterday", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_utc(&json!(text)), expected, "{text}");
        }
    }
}
