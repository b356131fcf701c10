//! The Inputs tab: the operation's form.

use super::{
    field::FieldRow,
    form::{self, Group, Item, More},
    help::Help,
    problems::Problems,
    shape::{self, ShapeState},
};
use crate::builder::{
    snake,
    state::{BuilderState, FocusField},
};
use crate::ui::{Button, For, Glyph};
use leptos::{html, prelude::*};
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
        let inputs = state
            .step(&name.get_value())
            .map(|step| step.inputs)
            .unwrap_or_default();
        state
            .shape_of(&name.get_value())
            .map(|shape| form::items(&shape.inputs, &inputs))
    });
    let hidden = Memo::new(move |_| {
        items.with(|items| {
            items
                .iter()
                .flatten()
                .filter(|item| matches!(item, Item::Field(field) if field.advanced))
                .count()
        })
    });
    // What somebody points at may be in a field that is not shown yet, or have no field at all.
    Effect::new(move |_| {
        let Some(focus) = state.focus_field.get() else {
            return;
        };
        if focus.step != name.get_value() {
            return;
        }
        let found = items.with(|items| {
            let items = items.as_ref()?;
            Some(
                items
                    .iter()
                    .find(|item| item.holds(&focus.field))
                    .map(Item::is_advanced),
            )
        });
        match found {
            Some(Some(true)) => advanced.set(true),
            Some(None) => {
                state.focus_field.set(None);
                let selector = format!("[data-group=\"{}\"]", focus.field.replace('"', "\\\""));
                request_animation_frame(move || snake::reveal(&selector));
            }
            Some(Some(false)) | None => {}
        }
    });
    let shown = move || {
        let all = items.get().unwrap_or_default();
        all.into_iter()
            .filter(|item| advanced.get() || !item.is_advanced())
            .collect::<Vec<_>>()
    };
    // Problems whose field is not on the screen are told at the top.
    let elsewhere = Memo::new(move |_| {
        let all = state.problems_of(&name.get_value());
        items.with(|items| {
            let has_place = |field: &str| {
                items
                    .iter()
                    .flatten()
                    .any(|item| item.holds(field) || item.pointer() == field)
            };
            let without = all.into_iter().filter(|problem| {
                problem
                    .field
                    .as_deref()
                    .is_none_or(|field| field != "auth" && !has_place(field))
            });
            without.collect::<Vec<_>>()
        })
    });
    let summary = Memo::new(move |_| {
        state
            .spec_of(&name.get_value())
            .map(|spec| spec.summary)
            .unwrap_or_default()
    });

    view! {
        <Show when=move || items.with(Option::is_some)
            fallback=|| view! { <div class="skeleton-fields" aria-busy="true"><i></i><i></i><i></i></div> }>
            {move || Some(summary.get()).filter(|text| !text.is_empty()).map(|text| view! { <div class="lead"><Help text /></div> })}
            <div class="elsewhere"><Problems of=elsewhere /></div>
            <Show when=move || items.with(|items| items.as_ref().is_some_and(Vec::is_empty))>
                <p class="panel-note">"Nothing to fill in."</p>
            </Show>
            <div class="fields">
                <For each=shown key=key let:item>
                    {match item {
                        Item::Field(field) => view! { <FieldRow step=name.get_value() field /> }.into_any(),
                        Item::Group(group) => view! { <GroupHead step=name.get_value() group /> }.into_any(),
                        Item::Entry(group) => view! { <EntryHead step=name.get_value() group /> }.into_any(),
                        Item::More(more) => view! { <AddEntry step=name.get_value() more /> }.into_any(),
                        Item::Waiting { group, needs } => {
                            view! { <WaitingGroup step=name.get_value() group needs asked=shape_state /> }.into_any()
                        }
                    }}
                </For>
            </div>
            <ShapeNote asked=shape_state />
            <Show when=move || { hidden.get() > 0 }>
                <button type="button" class="button button-ghost more" aria-expanded=move || advanced.get().to_string()
                    on:click=move |_| advanced.update(|shown| *shown = !*shown)>
                    {move || if advanced.get() { "Hide advanced fields".to_owned() } else { match hidden.get() {
                        1 => "Show 1 advanced field".to_owned(),
                        count => format!("Show {count} advanced fields"),
                    } }}
                </button>
            </Show>
        </Show>
    }
}

/// The heading over nested fields, with a way to add one where names are free.
#[component]
fn GroupHead(step: String, group: Group) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let adding = RwSignal::new(false);
    let Group {
        pointer,
        title,
        help,
        required,
        open,
        ..
    } = group;
    let (step, pointer) = (StoredValue::new(step), StoredValue::new(pointer));
    let problems = Memo::new(move |_| {
        let all = state.problems_of(&step.get_value()).into_iter();
        all.filter(|problem| {
            pointer.with_value(|pointer| problem.field.as_deref() == Some(pointer.as_str()))
        })
        .collect::<Vec<_>>()
    });
    let add = move |name: String| {
        if !adding.get_untracked() {
            return;
        }
        adding.set(false);
        let name = name.trim().to_owned();
        if name.is_empty() {
            return;
        }
        let field = format!("{}/{}", pointer.get_value(), form::escape(&name));
        if state.edit(Edit::SetInput {
            step: step.get_value(),
            field: field.clone(),
            value: Some(json!("")),
        }) {
            state.focus_field.set(Some(FocusField {
                step: step.get_value(),
                field,
            }));
        }
    };
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // Fails only for elements that cannot have the focus.
            let _ = input.focus();
        }
    });
    view! {
        <div class="group-head" data-group=pointer.get_value()>
            <h3>{title.clone()}{required.then(|| view! { <em title="required" aria-label="required">"*"</em> })}</h3>
            <Show when=move || open && !adding.get()>
                <button type="button" class="link-button" on:click=move |_| adding.set(true)>"Add field"</button>
            </Show>
            <Show when=move || adding.get()>
                <input class="in" node_ref=input aria-label="Name of the new field" placeholder="Name, then Enter" spellcheck="false"
                    on:keydown=move |event| {
                        match event.key().as_str() {
                            "Enter" => add(event_target_value(&event)),
                            "Escape" => {
                                event.stop_propagation();
                                adding.set(false);
                            }
                            _ => {}
                        }
                    }
                    on:blur=move |event| add(event_target_value(&event)) />
            </Show>
            {help.map(|text| view! { <Help text /> })}
            <Problems of=problems />
        </div>
    }
}

/// The heading over the fields of one entry of a list, with a way to take it away.
#[component]
fn EntryHead(step: String, group: Group) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let Group { pointer, title, .. } = group;
    let (step, pointer) = (StoredValue::new(step), StoredValue::new(pointer));
    let problems = Memo::new(move |_| {
        let all = state.problems_of(&step.get_value()).into_iter();
        all.filter(|problem| {
            pointer.with_value(|pointer| problem.field.as_deref() == Some(pointer.as_str()))
        })
        .collect::<Vec<_>>()
    });
    let remove = move |_| {
        state.edit(Edit::SetInput {
            step: step.get_value(),
            field: pointer.get_value(),
            value: None,
        });
    };
    view! {
        <div class="group-head entry-head" data-group=pointer.get_value()>
            <h4>{title.clone()}</h4>
            <button type="button" class="link-button" aria-label=format!("Remove {title}") on:click=remove>"Remove"</button>
            <Problems of=problems />
        </div>
    }
}

/// A way to add an entry to a list.
#[component]
fn AddEntry(step: String, more: More) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let More {
        pointer,
        title,
        count,
        ..
    } = more;
    let label = if count == 0 {
        format!("Add to {title}")
    } else {
        format!("Add another to {title}")
    };
    let add = move |_| {
        let (field, value) = match count {
            0 => (pointer.clone(), json!([{}])),
            count => (format!("{pointer}/{count}"), json!({})),
        };
        state.edit(Edit::SetInput {
            step: step.clone(),
            field,
            value: Some(value),
        });
    };
    view! {
        <div class="add-entry">
            <Button small=true glyph=Glyph::Plus on_click=add>{label}</Button>
        </div>
    }
}

/// A group whose fields the service knows once other fields are filled in.
#[component]
fn WaitingGroup(
    step: String,
    group: Group,
    needs: Vec<String>,
    asked: RwSignal<ShapeState>,
) -> impl IntoView {
    let needs = needs
        .iter()
        .map(|name| form::words(name.trim_end_matches("_id")))
        .collect::<Vec<_>>()
        .join(" and ");
    view! {
        <GroupHead step group=Group { help: None, ..group } />
        <p class="help waiting-fields" role="status">
            {move || match asked.get() {
                ShapeState::Asking => "Asking the service for its fields…".to_owned(),
                ShapeState::Known => "The service knows of no fields here.".to_owned(),
                ShapeState::Failed(_) => "The service did not tell its fields.".to_owned(),
                ShapeState::Idle => format!("Choose {needs} first; the fields then appear here."),
            }}
        </p>
    }
}

/// What went wrong while asking the service for the fields.
#[component]
fn ShapeNote(asked: RwSignal<ShapeState>) -> impl IntoView {
    view! {
        {move || match asked.get() {
            ShapeState::Failed(message) => Some(view! { <p class="problem" role="status">{message}</p> }),
            _ => None,
        }}
    }
}

/// What makes an entry another one: its place and its schema.
fn key(item: &Item) -> String {
    match item {
        Item::Field(field) => format!("{} {:?} {}", field.pointer, field.schema, field.required),
        Item::Group(group) => format!("{group:?}"),
        Item::Waiting { group, needs } => format!("{group:?} {needs:?}"),
        Item::Entry(group) => format!("entry {group:?}"),
        Item::More(more) => format!("{more:?}"),
    }
}
