//! The properties panel: everything about the selected step.

mod authenticate;
mod branches;
mod editors;
pub mod field;
pub mod form;
mod help;
mod inputs;
mod output;
mod problems;
mod scopes;
mod settings;
pub mod shape;
mod titles;
mod trigger;

use crate::builder::{snake::live::Constants, state::BuilderState, tree, trying::TryMenu};
use crate::ui::For;
use authenticate::AuthenticateTab;
use branches::Branches;
use inputs::InputsTab;
use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys};
use output::OutputTab;
use patchbay_model::{document::TRIGGER, edit::Edit, spec::OperationSpec};
use settings::SettingsTab;
use titles::Titles;
use trigger::TriggerPart;

/// The tabs, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Authenticate,
    Inputs,
    Output,
    Settings,
}

const TABS: [(Tab, &str); 4] = [
    (Tab::Authenticate, "Authenticate"),
    (Tab::Inputs, "Inputs"),
    (Tab::Output, "Output"),
    (Tab::Settings, "Settings"),
];

/// The right side of the builder.
#[component]
pub fn Panel() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    provide_context(Titles::default());
    provide_context(Constants::of(state));
    let selected = Memo::new(move |_| {
        let name = state.selected.get()?;
        // A step that was just deleted is shown no longer.
        state
            .workflow
            .with(|workflow| tree::operation(workflow, &name))
            .map(|_| name)
    });
    view! {
        <aside class="panel" aria-label="Properties">
            {move || match selected.get() {
                Some(name) => view! { <StepPanel name /> }.into_any(),
                None => view! {
                    <div class="panel-empty">
                        <p><b>"Nothing selected"</b></p>
                        <p>"Select a step on the canvas to see and change what it does."</p>
                    </div>
                }.into_any(),
            }}
        </aside>
    }
}

#[component]
fn StepPanel(name: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let step = StoredValue::new(name);
    let get = move || state.step(&step.get_value());
    let title = Memo::new(move |_| {
        let spec = state.spec_of(&step.get_value());
        get()
            .map(|step| step.title)
            .filter(|title| !title.is_empty())
            .or_else(|| spec.map(|spec| spec.title))
            .unwrap_or_else(|| step.get_value())
    });
    let icon = Memo::new(move |_| {
        get()
            .map(|step| state.icon_of(&step.connector))
            .unwrap_or_default()
    });
    let needs_auth = Memo::new(move |_| {
        state
            .spec_of(&step.get_value())
            .is_some_and(|spec| spec.needs_authentication)
    });
    let has_auth = Memo::new(move |_| get().is_some_and(|step| step.auth.is_some()));
    let open_inputs = Memo::new(move |_| {
        state.problems_of(&step.get_value()).iter().any(|problem| {
            problem
                .field
                .as_deref()
                .is_some_and(|field| field != "auth")
        })
    });
    // Where a person most likely wants to be: sign in first, then fill in.
    let carrying = state.dragged_value.with_untracked(Option::is_some);
    let sign_in = needs_auth.get_untracked() && !has_auth.get_untracked() && !carrying;
    let tab = RwSignal::new(if sign_in {
        Tab::Authenticate
    } else {
        Tab::Inputs
    });
    // Setting the same tab again must not draw it again: what is being typed would lose the focus.
    let shown_tab = Memo::new(move |_| tab.get());
    let body = NodeRef::<html::Div>::new();
    // The element stays while its content changes; each tab begins at its top.
    Effect::new(move |_| {
        shown_tab.track();
        if let Some(body) = body.get() {
            body.set_scroll_top(0);
        }
    });
    Effect::new(move |seen: Option<bool>| {
        // The operation may still be on its way when the panel opens.
        let known = state.spec_of(&step.get_value()).is_some();
        if known
            && seen == Some(false)
            && needs_auth.get()
            && !has_auth.get_untracked()
            && !carrying
        {
            tab.set(Tab::Authenticate);
        }
        known
    });
    Effect::new(move |_| {
        let Some(focus) = state.focus_field.get() else {
            return;
        };
        if focus.step == step.get_value() {
            tab.set(if focus.field == "auth" {
                Tab::Authenticate
            } else {
                Tab::Inputs
            });
        }
    });
    let dot = move |of: Tab| match of {
        Tab::Authenticate if needs_auth.get() => {
            Some(if has_auth.get() { "dot ok" } else { "dot bad" })
        }
        Tab::Inputs if open_inputs.get() => Some("dot bad"),
        _ => None,
    };
    let move_tab = move |event: web_sys::KeyboardEvent| {
        let at = TABS
            .iter()
            .position(|(kind, _)| *kind == tab.get_untracked())
            .unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            _ => return,
        };
        event.prevent_default();
        tab.set(TABS[next].0);
        focus_by_id(&format!("tab-{}", TABS[next].1));
    };

    view! {
        <header class="panel-head">
            <span class="connector-icon connector-icon-large" inner_html=move || icon.get() aria-hidden="true"></span>
            <div class="panel-title">
                <input class="title-input" aria-label="Step title" prop:value=move || title.get()
                    on:change=move |event| {
                        state.edit(Edit::SetTitle { step: step.get_value(), title: event_target_value(&event) });
                    } />
                <span class="mono faint">{step.get_value()}</span>
            </div>
            <TryMenu step=step.get_value()/>
        </header>
        <OperationPicker step=step.get_value() />
        <div class="tabs" role="tablist" aria-label="Step properties" on:keydown=move_tab>
            {TABS.iter().map(|(kind, label)| {
                let kind = *kind;
                view! {
                    <button type="button" role="tab" id=format!("tab-{label}") class:on=move || tab.get() == kind
                        aria-selected=move || (tab.get() == kind).to_string() aria-controls="panel-body"
                        tabindex=move || if tab.get() == kind { "0" } else { "-1" }
                        on:click=move |_| tab.set(kind)>
                        {*label}
                        {move || dot(kind).map(|class| view! { <i class=class aria-hidden="true"></i> })}
                    </button>
                }
            }).collect_view()}
        </div>
        <div class="panel-body" node_ref=body id="panel-body" role="tabpanel" tabindex="-1"
            aria-label=move || TABS.iter().find(|(kind, _)| *kind == shown_tab.get()).map(|(_, label)| *label)>
            {move || {
                let step = step.get_value();
                match shown_tab.get() {
                    Tab::Authenticate => view! { <AuthenticateTab step /> }.into_any(),
                    Tab::Inputs => view! { <InputsTab step=step.clone() /> <Branches step=step.clone() /> {(step == TRIGGER).then(|| view! { <TriggerPart /> })} }.into_any(),
                    Tab::Output => view! { <OutputTab step /> }.into_any(),
                    Tab::Settings => view! { <SettingsTab step /> }.into_any(),
                }
            }}
        </div>
    }
}

/// Which operation of the connector the step stands for. Inputs that the new one knows too are kept.
#[component]
fn OperationPicker(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let step = StoredValue::new(step);
    let current = Memo::new(move |_| {
        state
            .step(&step.get_value())
            .map(|step| step.operation)
            .unwrap_or_default()
    });
    let choices = Memo::new(move |_| {
        let name = step.get_value();
        let connector = state.connector_of(&name);
        let kind = state.spec_of(&name).map(|spec| spec.kind);
        connector
            .map(|connector| {
                let all = if name == TRIGGER {
                    connector.triggers
                } else {
                    connector.operations
                };
                all.into_iter()
                    .filter(|one| !one.hidden || one.name == current.get())
                    // A loop may become another loop, but never lose its body to something that has none.
                    .filter(|one| {
                        kind.is_none_or(|kind| {
                            kind.has_body() == one.kind.has_body()
                                && kind.branching() == one.kind.branching()
                        })
                    })
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
    });
    let choose = move |name: String| {
        let Some(before) = state.step(&step.get_value()) else {
            return;
        };
        let Some(spec) =
            choices.with_untracked(|all| all.iter().find(|one| one.name == name).cloned())
        else {
            return;
        };
        let inputs = kept_inputs(&before.inputs, &spec);
        let mut edits = vec![Edit::SetOperation {
            step: step.get_value(),
            connector: before.connector,
            operation: name,
            inputs,
        }];
        // A title that nobody chose follows the operation.
        let old_title = state.spec_of(&step.get_value()).map(|spec| spec.title);
        if old_title.is_some_and(|title| title == before.title) {
            edits.push(Edit::SetTitle {
                step: step.get_value(),
                title: spec.title,
            });
        }
        state.edit(if edits.len() == 1 {
            edits.remove(0)
        } else {
            Edit::Batch { edits }
        });
    };
    view! {
        <div class="op">
            <span class="pick"><select class="in" aria-label="Operation" on:change=move |event| choose(event_target_value(&event))>
                <For each=move || choices.get() key=|one| one.name.clone() let:one>
                    {
                        let name = one.name.clone();
                        view! { <option value=one.name.clone() prop:selected=move || current.get() == name>{one.title.clone()}</option> }
                    }
                </For>
                <Show when=move || choices.with(Vec::is_empty)>
                    <option selected>{move || current.get()}</option>
                </Show>
            </select></span>
        </div>
    }
}

fn kept_inputs(before: &patchbay_model::JsonMap, spec: &OperationSpec) -> patchbay_model::JsonMap {
    let mut inputs = crate::builder::names::required_defaults(&spec.inputs);
    for (name, value) in before {
        if spec.inputs.properties.contains_key(name) {
            inputs.insert(name.clone(), value.clone());
        }
    }
    inputs
}

/// Moves the focus to an element, if it is there.
pub(in crate::builder) fn focus_by_id(id: &str) {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // Fails only for elements that cannot have the focus.
        let _ = element.focus();
    }
}
