//! The Inputs tab: the operation's form.

use super::{
    field::FieldRow,
    form::{self, Item},
    shape,
};
use crate::builder::state::BuilderState;
use leptos::prelude::*;
use patchbay_model::edit::Edit;
use serde_json::json;

/// All fields of a step, the rarely used ones behind a button.
#[component]
pub fn InputsTab(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let name = StoredValue::new(step);
    let shape_state = shape::follow(state, name.get_value());
    let advanced = RwSignal::new(false);
    let items = Memo::new(move |_| {
        let inputs = state.step(&name.get_value()).map(|step| step.inputs).unwrap_or_default();
        state.shape_of(&name.get_value()).map(|shape| form::items(&shape.inputs, &inputs))
    });
    let hidden = Memo::new(move |_| {
        items.with(|items| {
            items.iter().flatten().filter(|item| matches!(item, Item::Field(field) if field.advanced)).count()
        })
    });
    // A problem that somebody points at may be in a field that is not shown yet.
    Effect::new(move |_| {
        let Some(focus) = state.focus_field.get() else { return };
        let inside = items.with_untracked(|items| {
            items.iter().flatten().any(|item| matches!(item, Item::Field(field) if field.advanced && field.pointer == focus.field))
        });
        if inside && focus.step == name.get_value() {
            advanced.set(true);
        }
    });
    let shown = move || {
        let all = items.get().unwrap_or_default();
        all.into_iter()
            .filter(|item| advanced.get() || !matches!(item, Item::Field(field) if field.advanced))
            .collect::<Vec<_>>()
    };
    let summary = Memo::new(move |_| state.spec_of(&name.get_value()).map(|spec| spec.summary).unwrap_or_default());

    view! {
        <Show when=move || items.with(Option::is_some)
            fallback=|| view! { <div class="skeleton-fields" aria-busy="true"><i></i><i></i><i></i></div> }>
            <Show when=move || !summary.get().is_empty()><p class="help lead">{move || summary.get()}</p></Show>
            <Show when=move || items.with(|items| items.as_ref().is_some_and(Vec::is_empty))>
                <p class="panel-note">"Nothing to fill in."</p>
            </Show>
            <div class="fields">
                <For each=shown key=key let:item>
                    {match item {
                        Item::Field(field) => view! { <FieldRow step=name.get_value() field /> }.into_any(),
                        Item::Group { pointer, title, help, open } => {
                            view! { <GroupHead step=name.get_value() pointer title help open /> }.into_any()
                        }
                        Item::Waiting { title, needs, .. } => view! {
                            <WaitingGroup title needs state=shape_state />
                        }.into_any(),
                    }}
                </For>
            </div>
            <ShapeNote state=shape_state />
            <Show when=move || { hidden.get() > 0 }>
                <button type="button" class="btn ghost" aria-expanded=move || advanced.get().to_string()
                    on:click=move |_| advanced.update(|shown| *shown = !*shown)>
                    {move || if advanced.get() { "Hide advanced fields".to_owned() } else { format!("Show {} advanced fields", hidden.get()) }}
                </button>
            </Show>
        </Show>
    }
}

/// The heading over nested fields, with a way to add one where names are free.
#[component]
fn GroupHead(step: String, pointer: String, title: String, help: Option<String>, open: bool) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let adding = RwSignal::new(false);
    let (step, pointer) = (StoredValue::new(step), StoredValue::new(pointer));
    let add = move |name: String| {
        adding.set(false);
        let name = name.trim().to_owned();
        if !name.is_empty() {
            let field = format!("{}/{}", pointer.get_value(), form::escape(&name));
            state.edit(Edit::SetInput { step: step.get_value(), field, value: Some(json!("")) });
        }
    };
    view! {
        <div class="group-head">
            <h3>{title}</h3>
            <Show when=move || open>
                <button type="button" class="btn ghost small" on:click=move |_| adding.set(true)>"Add field"</button>
            </Show>
        </div>
        <Show when=move || adding.get()>
            <input class="in" aria-label="Name of the new field" placeholder="Name, then Enter" autofocus
                on:keydown=move |event| {
                    match event.key().as_str() {
                        "Enter" => add(event_target_value(&event)),
                        "Escape" => adding.set(false),
                        _ => {}
                    }
                }
                on:blur=move |event| add(event_target_value(&event)) />
        </Show>
        {help.map(|help| view! { <p class="help">{help}</p> })}
    }
}

/// A group whose fields the service knows once other fields are filled in.
#[component]
fn WaitingGroup(title: String, needs: Vec<String>, state: RwSignal<shape::ShapeState>) -> impl IntoView {
    let needs = needs.iter().map(|name| form::words(name.trim_end_matches("_id"))).collect::<Vec<_>>().join(" and ");
    view! {
        <div class="group-head"><h3>{title}</h3></div>
        <p class="help" role="status">
            {move || match state.get() {
                shape::ShapeState::Asking => "Asking the service for its fields…".to_owned(),
                _ => format!("Fill in {needs} first; its fields then appear here."),
            }}
        </p>
    }
}

/// What went wrong while asking the service for the fields.
#[component]
fn ShapeNote(state: RwSignal<shape::ShapeState>) -> impl IntoView {
    view! {
        {move || match state.get() {
            shape::ShapeState::Failed(message) => Some(view! { <p class="problem" role="status">{message}</p> }),
            _ => None,
        }}
    }
}

/// What makes an entry another one: its place and its schema.
fn key(item: &Item) -> String {
    match item {
        Item::Field(field) => format!("{} {:?} {}", field.pointer, field.schema, field.required),
        Item::Group { pointer, title, open, .. } => format!("{pointer}/ {title} {open}"),
        Item::Waiting { pointer, needs, .. } => format!("{pointer}? {needs:?}"),
    }
}
