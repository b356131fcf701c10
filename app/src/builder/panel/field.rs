//! One field of the form: socket, label, mode, editor, live value, help and problems.

use super::{
    editors::Editor,
    form::{self, Field, Mode},
};
use crate::builder::{
    snake::{Picker, Socket, live},
    state::BuilderState,
};
use leptos::prelude::*;
use patchbay_model::{Json, edit::Edit, problem::Severity, schema::Type};
use std::collections::HashMap;

/// What the parts of a field share.
#[derive(Clone, Copy)]
pub struct FieldHandle {
    pub state: BuilderState,
    pub step: StoredValue<String>,
    pub field: StoredValue<Field>,
    /// The stored value; none: not set.
    pub value: Memo<Option<Json>>,
    /// How it is edited; may be ahead of the stored value while nothing has been typed yet.
    pub mode: RwSignal<Mode>,
    /// Whether the searchable list of data is open.
    pub picking: RwSignal<bool>,
    /// What was typed in each mode, so that switching back and forth loses nothing.
    drafts: StoredValue<HashMap<Mode, Json>>,
}

impl FieldHandle {
    /// The element that has the field's label.
    pub fn id(&self) -> String {
        format!("field{}", self.field.with_value(|field| field.pointer.replace('/', "-")))
    }

    /// Sets or clears the value.
    pub fn set(&self, value: Option<Json>) {
        if self.value.get_untracked() == value {
            return;
        }
        self.state.edit(Edit::SetInput {
            step: self.step.get_value(),
            field: self.field.with_value(|field| field.pointer.clone()),
            value,
        });
    }

    /// Takes a path from the connector-snake: as the value, or as a hole at the end of a text.
    pub fn take_path(&self, path: &str, optional: bool) {
        self.picking.set(false);
        let present = self.value.get_untracked();
        if self.mode.get_untracked() == Mode::Text
            && let Some(text) = present.as_ref().and_then(form::text_of)
        {
            return self.set(Some(serde_json::json!({ "$text": format!("{text}{{{path}}}") })));
        }
        let kept = present.as_ref().and_then(|value| value.get("$default")).cloned();
        let cell = self.field.with_value(|field| !matches!(field.schema.kind, Some(Type::Array | Type::Object)));
        let default = kept.or_else(|| (optional && cell).then(|| Json::from("")));
        self.mode.set(Mode::Path);
        self.set(Some(form::mapped(path, default.as_ref())));
    }

    fn switch(&self, to: Mode) {
        let from = self.mode.get_untracked();
        if from == to {
            return;
        }
        let present = self.value.get_untracked();
        if let Some(present) = &present {
            self.drafts.update_value(|drafts| {
                drafts.insert(from, present.clone());
            });
        }
        let next = present
            .as_ref()
            .and_then(|value| form::converted(value, to))
            .or_else(|| self.drafts.with_value(|drafts| drafts.get(&to).cloned()));
        self.mode.set(to);
        match next {
            Some(next) => self.set(Some(next)),
            // Nothing to show in this mode yet: the old value stays until something is chosen.
            None if to == Mode::Path => self.picking.set(true),
            None => self.set(None),
        }
    }
}

/// The row.
#[component]
pub fn FieldRow(step: String, field: Field) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let (step, field) = (StoredValue::new(step), StoredValue::new(field));
    let pointer = field.with_value(|field| field.pointer.clone());
    let value = {
        let pointer = pointer.clone();
        Memo::new(move |_| {
            state.step(&step.get_value()).and_then(|step| form::at(&step.inputs, &pointer).cloned())
        })
    };
    let handle = FieldHandle {
        state,
        step,
        field,
        value,
        mode: RwSignal::new(form::mode_of(value.get_untracked().as_ref())),
        picking: RwSignal::new(false),
        drafts: StoredValue::default(),
    };
    // Undo, a merge or a dropped cable change the value from outside.
    Effect::new(move |_| {
        if let Some(value) = value.get() {
            let mode = form::mode_of(Some(&value));
            if mode != handle.mode.get_untracked() {
                handle.mode.set(mode);
            }
        }
    });
    let problems = {
        let pointer = pointer.clone();
        Memo::new(move |_| {
            state
                .problems_of(&step.get_value())
                .into_iter()
                .filter(|problem| problem.field.as_deref() == Some(pointer.as_str()))
                .collect::<Vec<_>>()
        })
    };
    let body = NodeRef::<leptos::html::Div>::new();
    {
        let pointer = pointer.clone();
        Effect::new(move |_| {
            let Some(focus) = state.focus_field.get() else { return };
            if focus.step == step.get_value() && focus.field == pointer {
                if let Some(element) = body.get() {
                    element.scroll_into_view();
                    super::focus_by_id(&handle.id());
                    state.focus_field.set(None);
                }
            }
        });
    }
    let label = field.with_value(|field| field.label.clone());
    let required = field.with_value(|field| field.required);
    let help = field.with_value(|field| field.schema.description.clone());
    let now = Memo::new(move |_| live::now(state, value.get().as_ref()));
    let id = handle.id();

    view! {
        <div class="f" node_ref=body data-field=pointer.clone() class:has-problem=move || !problems.with(Vec::is_empty)>
            <div class="f-label">
                <Socket handle />
                <label for=id.clone()>{label.clone()}{required.then(|| view! { <em title="required" aria-label="required">"*"</em> })}</label>
                <ModeMenu handle />
            </div>
            <Editor handle />
            <Show when=move || handle.picking.get()><Picker handle /></Show>
            {move || now.get().map(|now| view! {
                <p class="live" class:miss=now.missing data-live="">{now.lead}<b>{now.text}</b></p>
            })}
            {move || problems.get().into_iter().map(|problem| {
                let class = match problem.severity {
                    Severity::Error => "problem",
                    Severity::Warning => "problem warning",
                };
                let hint = problem.suggestion.map(|text| format!(" Did you mean {text}?")).unwrap_or_default();
                view! { <p class=class role="status">{problem.message}{hint}</p> }
            }).collect_view()}
            {help.map(|help| view! { <p class="help">{help}</p> })}
        </div>
    }
}

/// Value, path or text.
#[component]
fn ModeMenu(handle: FieldHandle) -> impl IntoView {
    let value_word = handle.field.with_value(|field| {
        if field.schema.values.is_empty() && field.schema.hints.options.is_none() { "Value" } else { "Choose" }
    });
    let label = handle.field.with_value(|field| format!("How {} is given", field.label));
    view! {
        <select class="mode" aria-label=label on:change=move |event| {
            handle.switch(match event_target_value(&event).as_str() {
                "path" => Mode::Path,
                "text" => Mode::Text,
                _ => Mode::Value,
            });
        }>
            <option value="value" prop:selected=move || handle.mode.get() == Mode::Value>{value_word}</option>
            <option value="path" prop:selected=move || handle.mode.get() == Mode::Path>"Path"</option>
            <option value="text" prop:selected=move || handle.mode.get() == Mode::Text>"Text"</option>
        </select>
    }
}
