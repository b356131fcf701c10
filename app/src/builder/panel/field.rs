//! One field of the form: socket, label, mode, editor, live value, help and problems.

use super::{
    editors::{self, Editor},
    form::{self, Field, Mode},
    help::Help,
    problems::Problems,
};
use crate::builder::{
    snake::{Picker, SnakeState, Socket, live},
    state::BuilderState,
};
use leptos::prelude::*;
use patchbay_model::{Json, edit::Edit, schema::Type};
use serde_json::json;

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
    /// Where the caret was in a text when the list of data was opened, in UTF-16 units.
    pub caret: StoredValue<Option<u32>>,
    /// What stood there in each mode, so that switching back and forth loses nothing.
    drafts: StoredValue<Vec<(Mode, Json)>>,
}

impl FieldHandle {
    /// The element that has the field's label.
    pub fn id(&self) -> String {
        let letters = self.field.with_value(|field| {
            let coded = field.pointer.chars().map(|letter| {
                if letter.is_ascii_alphanumeric() {
                    letter.to_string()
                } else {
                    format!("-{:x}", u32::from(letter))
                }
            });
            coded.collect::<String>()
        });
        format!("field{letters}")
    }

    /// Sets or clears the value.
    pub fn set(&self, value: Option<Json>) {
        // A field that somebody added stays until they take it away.
        let added = self.field.with_value(|field| field.added);
        let value = value.or_else(|| added.then(|| json!("")));
        if self.value.get_untracked() == value {
            return;
        }
        self.state.edit(Edit::SetInput {
            step: self.step.get_value(),
            field: self.field.with_value(|field| field.pointer.clone()),
            value,
        });
    }

    /// Clears the value and leaves an empty editor with the focus.
    pub fn clear(&self) {
        self.show(Mode::Value);
        self.set(None);
        self.focus_soon();
    }

    /// Takes the field itself away.
    fn remove(&self) {
        self.state.edit(Edit::SetInput {
            step: self.step.get_value(),
            field: self.field.with_value(|field| field.pointer.clone()),
            value: None,
        });
    }

    /// Takes a path from the connector-snake: as the value, or as a hole of a text where its caret was.
    pub fn take_path(&self, path: &str, optional: bool) {
        self.picking.set(false);
        if self.mode.get_untracked() == Mode::Text {
            return self.put_in(&format!("{{{path}}}"));
        }
        let present = self.value.get_untracked();
        let kept = present
            .as_ref()
            .and_then(|value| value.get("$default"))
            .cloned();
        // Empty text instead of a value that is not there: internal calls have no phone number, and still a row.
        let cell = self.field.with_value(|field| {
            !field.required && matches!(field.schema.kind, None | Some(Type::String))
        });
        let default = kept.or_else(|| (optional && cell).then(|| Json::from("")));
        if let Some(present) = present.filter(|value| form::mode_of(Some(value)) == Mode::Value) {
            self.remember(present);
        }
        self.show(Mode::Path);
        self.set(Some(form::mapped(path, default.as_ref())));
    }

    /// Puts letters into the text where its caret was.
    pub fn put_in(&self, letters: &str) {
        let present = self.value.get_untracked();
        let template = self.mode.get_untracked() == Mode::Text;
        let text = match present.as_ref().and_then(form::text_of) {
            Some(text) => text.to_owned(),
            None => form::shown(
                present
                    .as_ref()
                    .filter(|value| form::mode_of(Some(value)) == Mode::Value),
            ),
        };
        let text = form::inserted(&text, self.caret.get_value(), letters);
        if template {
            let default = present.as_ref().and_then(|value| value.get("$default"));
            self.set(Some(form::templated(&text, default)));
        } else {
            self.set(Some(json!(text)));
        }
    }

    /// Whether a slash can be typed into it, which otherwise opens the list.
    pub fn takes_slash(&self) -> bool {
        match self.mode.get_untracked() {
            Mode::Text => true,
            Mode::Value => self.field.with_value(editors::is_text),
            Mode::Path => false,
        }
    }

    /// Opens the list of data.
    pub fn pick(&self) {
        self.picking.set(true);
    }

    /// Puts the keyboard on the field once it has been drawn.
    pub fn focus_soon(&self) {
        let id = self.id();
        request_animation_frame(move || super::focus_by_id(&id));
    }

    /// Changes the editor; drawing it again for nothing would lose the focus.
    pub fn show(&self, mode: Mode) {
        if self.mode.get_untracked() != mode {
            self.mode.set(mode);
        }
    }

    fn remember(&self, value: Json) {
        let mode = form::mode_of(Some(&value));
        self.drafts.update_value(|drafts| {
            drafts.retain(|(kept, _)| *kept != mode);
            drafts.push((mode, value));
        });
    }

    fn switch(&self, to: Mode) {
        if self.mode.get_untracked() == to {
            return;
        }
        let before = self.drafts.with_value(|drafts| {
            drafts
                .iter()
                .find(|(mode, _)| *mode == to)
                .map(|(_, value)| value.clone())
        });
        let present = self.value.get_untracked();
        if let Some(present) = &present {
            self.remember(present.clone());
        }
        let next = match &present {
            Some(present) => form::switched(present, to, before.as_ref()),
            None => before,
        };
        self.show(to);
        match next {
            Some(next) => self.set(Some(next)),
            // Nothing to show in this mode yet: the old value stays until something is chosen.
            None if to == Mode::Path => self.pick(),
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
            state
                .step(&step.get_value())
                .and_then(|step| form::at(&step.inputs, &pointer).cloned())
        })
    };
    let handle = FieldHandle {
        state,
        step,
        field,
        value,
        mode: RwSignal::new(form::mode_of(value.get_untracked().as_ref())),
        picking: RwSignal::new(false),
        caret: StoredValue::new(None),
        drafts: StoredValue::default(),
    };
    let snake = expect_context::<SnakeState>();
    snake.register(pointer.clone(), handle);
    {
        let pointer = pointer.clone();
        on_cleanup(move || snake.forget(&pointer, &handle));
    }
    // Undo, a merge or a dropped cable change the value from outside.
    Effect::new(move |_| {
        if let Some(value) = value.get() {
            handle.show(form::mode_of(Some(&value)));
        }
    });
    let problems = {
        let pointer = pointer.clone();
        Memo::new(move |_| {
            let all = state.problems_of(&step.get_value()).into_iter();
            all.filter(|problem| {
                problem
                    .field
                    .as_deref()
                    .is_some_and(|field| form::covers(&pointer, field))
            })
            .collect::<Vec<_>>()
        })
    };
    let body = NodeRef::<leptos::html::Div>::new();
    {
        let pointer = pointer.clone();
        Effect::new(move |_| {
            let Some(focus) = state.focus_field.get() else {
                return;
            };
            if focus.step == step.get_value()
                && form::covers(&pointer, &focus.field)
                && body.get().is_some()
            {
                state.focus_field.set(None);
                handle.focus_soon();
            }
        });
    }
    let (label, required, added, help, secret) = field.with_value(|field| {
        (
            field.label.clone(),
            field.required,
            field.added,
            field.schema.description.clone(),
            field.schema.hints.secret,
        )
    });
    let now = live::follow(state, value);
    let shown = move || {
        now.get().filter(|_| !secret).map(|now| match now {
            live::Now::Value(text) => {
                view! { <p class="live" data-live="">"Now: "<b>{text}</b></p> }.into_any()
            }
            // The problem below says it better.
            live::Now::Missing(_) if problems.with(|all| !all.is_empty()) => ().into_any(),
            live::Now::Missing(why) => {
                view! { <p class="live miss" data-live="">{why}</p> }.into_any()
            }
            live::Now::NoData => {
                view! { <p class="live none" data-live="">"Its value shows here after a run."</p> }
                    .into_any()
            }
            live::Now::Asking => {
                view! { <p class="live none" data-live="" aria-busy="true">"Now: …"</p> }.into_any()
            }
        })
    };
    let held = {
        let pointer = pointer.clone();
        Memo::new(move |_| {
            snake.over.with(|over| {
                over.as_ref()
                    .filter(|over| over.field == pointer)
                    .map(|over| over.clash.is_some())
            })
        })
    };
    let id = handle.id();

    view! {
        <div class="f" node_ref=body data-field=pointer.clone() class:has-problem=move || !problems.with(Vec::is_empty)
            class:drop=move || held.get() == Some(false) class:clash=move || held.get() == Some(true)>
            <div class="f-label">
                <Socket handle />
                <label for=id.clone() id=format!("{id}-label")>{label.clone()}{required.then(|| view! { <em title="required" aria-label="required">"*"</em> })}</label>
                {added.then(|| view! {
                    <button type="button" class="f-remove" aria-label=format!("Remove {label}") on:click=move |_| handle.remove()>"Remove"</button>
                })}
                <ModeMenu handle />
            </div>
            <Editor handle />
            <Show when=move || handle.picking.get()><Picker handle /></Show>
            {shown}
            <Problems of=problems />
            {help.map(|help| view! { <Help text=help /> })}
        </div>
    }
}

/// Value, path or text.
#[component]
fn ModeMenu(handle: FieldHandle) -> impl IntoView {
    let value_word = handle.field.with_value(|field| {
        if field.schema.values.is_empty() && field.schema.hints.options.is_none() {
            "Value"
        } else {
            "Choose"
        }
    });
    let label = handle
        .field
        .with_value(|field| format!("How {} is given", field.label));
    view! {
        <span class="mode-box"><select class="mode" aria-label=label on:change=move |event| {
            handle.switch(match event_target_value(&event).as_str() {
                "path" => Mode::Path,
                "text" => Mode::Text,
                _ => Mode::Value,
            });
        }>
            <option value="value" prop:selected=move || handle.mode.get() == Mode::Value>{value_word}</option>
            <option value="path" prop:selected=move || handle.mode.get() == Mode::Path>"Path"</option>
            <option value="text" prop:selected=move || handle.mode.get() == Mode::Text>"Text"</option>
        </select></span>
    }
}
