//! What a run by hand asks for: the fields of the manual trigger, in a dialog.

use crate::ui::{Button, ButtonKind, Checkbox, Modal, ModalBody, ModalFooter, TextField};
use leptos::prelude::*;
use patchbay_model::{Json, JsonMap, document::Trigger};

/// A field that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    name: String,
    kind: Kind,
    required: bool,
    help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Boolean,
    Date,
    Json,
}

/// The fields of a trigger; none for one that asks for nothing.
pub fn asked(trigger: &Trigger) -> Vec<Asked> {
    if trigger.connector != "manual" {
        return Vec::new();
    }
    let text = |field: &Json, key: &str| {
        let text = field.get(key).and_then(Json::as_str);
        text.unwrap_or_default().trim().to_owned()
    };
    let fields = trigger.inputs.get("fields").and_then(Json::as_array);
    let fields = fields.into_iter().flatten().map(|field| Asked {
        name: text(field, "name"),
        kind: match text(field, "kind").as_str() {
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "date" => Kind::Date,
            "list" | "object" => Kind::Json,
            _ => Kind::Text,
        },
        required: field
            .get("required")
            .and_then(Json::as_bool)
            .unwrap_or(false),
        help: text(field, "help"),
    });
    fields.filter(|field| !field.name.is_empty()).collect()
}

/// What is wrong with a text, if anything is; the server has the last word.
fn wrong(field: &Asked, text: &str) -> Option<&'static str> {
    let text = text.trim();
    match field.kind {
        _ if text.is_empty() => field.required.then_some("This is needed."),
        Kind::Number if text.parse::<f64>().is_err() => Some("This is no number."),
        Kind::Json if serde_json::from_str::<Json>(text).is_err() => {
            Some("This is no JSON. Write [1, 2] or {\"a\": 1}.")
        }
        _ => None,
    }
}

/// The dialog.
#[component]
pub fn RunForm(
    fields: Vec<Asked>,
    #[prop(into)] on_run: Callback<Json>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let fields = StoredValue::new(
        fields
            .into_iter()
            .map(|field| (field, RwSignal::new(String::new()), RwSignal::new(false)))
            .collect::<Vec<_>>(),
    );
    let tried = RwSignal::new(false);
    let submit = move || {
        tried.set(true);
        let input = fields.with_value(|fields| {
            let mut input = JsonMap::new();
            for (field, text, ticked) in fields {
                if field.kind == Kind::Boolean {
                    input.insert(field.name.clone(), Json::Bool(ticked.get_untracked()));
                    continue;
                }
                let text = text.get_untracked();
                if wrong(field, &text).is_some() {
                    return None;
                }
                if !text.trim().is_empty() {
                    input.insert(field.name.clone(), Json::String(text));
                }
            }
            Some(Json::Object(input))
        });
        if let Some(input) = input {
            on_close.run(());
            on_run.run(input);
        }
    };
    let row = move |(index, (field, text, ticked)): (
        usize,
        (Asked, RwSignal<String>, RwSignal<bool>),
    )| {
        let label = field.name.clone();
        if field.kind == Kind::Boolean {
            return view! {
                <div class="field">
                    <Checkbox checked=ticked on_change=move |on| ticked.set(on)>{label}</Checkbox>
                    <p class="field-help">{field.help}</p>
                </div>
            }
            .into_any();
        }
        let kind = match field.kind {
            Kind::Number => "number",
            Kind::Date => "date",
            _ => "text",
        };
        let help = field.help.clone();
        let required = field.required;
        let is_json = field.kind == Kind::Json;
        let error = Signal::derive(move || {
            let problem = tried.get().then(|| text.with(|text| wrong(&field, text)));
            problem.flatten().unwrap_or_default().to_owned()
        });
        if is_json {
            view! { <TextField name=format!("run-{index}") label value=text help error required rows=3 mono=true focus=index == 0/> }
                .into_any()
        } else {
            view! { <TextField name=format!("run-{index}") label value=text help error kind required focus=index == 0/> }
                .into_any()
        }
    };
    view! {
        <Modal title="Run with" on_close>
            <form novalidate on:submit=move |event| {
                event.prevent_default();
                submit();
            }>
                <ModalBody>
                    {fields.get_value().into_iter().enumerate().map(row).collect_view()}
                </ModalBody>
                <ModalFooter>
                    <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true>"Run"</Button>
                </ModalFooter>
            </form>
        </Modal>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trigger(connector: &str, fields: Json) -> Trigger {
        Trigger {
            connector: connector.to_owned(),
            inputs: json!({ "fields": fields })
                .as_object()
                .cloned()
                .unwrap_or_default(),
            ..Trigger::default()
        }
    }

    #[test]
    fn only_a_manual_trigger_with_named_fields_asks() {
        let fields = json!([{ "name": "who", "required": true }, { "kind": "number" }, "odd"]);
        let names = |connector| {
            let asked = asked(&trigger(connector, fields.clone()));
            asked
                .into_iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("manual"), ["who"]);
        assert!(names("webhook").is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_before_anything_is_sent() {
        let fields = json!([
            { "name": "a", "required": true },
            { "name": "b", "kind": "number" },
            { "name": "c", "kind": "list" },
        ]);
        let asked = asked(&trigger("manual", fields));
        let verdicts = |texts: [&str; 3]| {
            let pairs = asked.iter().zip(texts);
            pairs
                .map(|(field, text)| wrong(field, text).is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(verdicts(["", "", ""]), [true, false, false]);
        assert_eq!(verdicts(["x", "1.5", "[1]"]), [false, false, false]);
        assert_eq!(verdicts(["x", "many", "[1"]), [false, true, true]);
    }
}
