//! Page 2: what it may do.

use super::{
    blank::Blank,
    flow::{Flow, Page},
    scopes,
};
use crate::ui::{
    Button, ButtonKind, Checkbox, ModalBody, ModalFooter, Note, NoteKind, Pill, PillKind,
    SearchField,
};
use leptos::prelude::*;
use patchbay_model::spec::ScopeSpec;

/// The page.
#[component]
pub(super) fn PermissionsPage(flow: Flow) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let count = flow.blank.with_value(|blank| blank.scopes.len());
    let needs_some = flow.blank.with_value(|blank| !blank.needed.is_empty());
    let groups = move || {
        let groups = flow
            .blank
            .with_value(|blank| scopes::groups(&blank.scopes, &blank.needed, &search.get()));
        if groups.is_empty() {
            return view! { <p class="muted scope-none">"No permission fits this search."</p> }
                .into_any();
        }
        groups
            .into_iter()
            .map(|(title, scopes)| {
                let rows = scopes
                    .into_iter()
                    .map(|scope| view! { <Scope flow scope/> })
                    .collect_view();
                view! {
                    <fieldset class="scope-group">
                        <legend>{title}</legend>
                        {rows}
                    </fieldset>
                }
            })
            .collect_view()
            .into_any()
    };
    let lacking = move || {
        let lacking = flow.blank.with_value(|blank| {
            flow.chosen
                .with(|chosen| scopes::lacking(&blank.scopes, chosen, &blank.needed))
        });
        (!lacking.is_empty()).then(|| {
            view! {
                <Note kind=NoteKind::Warning>
                    {format!("Without {} the steps here will be refused.", lacking.join(", "))}
                </Note>
            }
        })
    };
    let only_needed = move |_| {
        let needed = flow
            .blank
            .with_value(|blank| blank.needed.iter().cloned().collect());
        flow.chosen.set(needed);
    };
    view! {
        <form
            class="scope-page"
            on:submit=move |event| {
                event.prevent_default();
                flow.begin();
            }
        >
            <div class="scope-search">
                <SearchField value=search label=format!("Search {count} permissions") focus=true/>
                <div class="line line-between">
                    <span class="muted">{move || format!("{} chosen", flow.chosen.with(|chosen| chosen.len()))}</span>
                    {needs_some
                        .then(|| {
                            view! {
                                <Button kind=ButtonKind::Ghost small=true on_click=only_needed>
                                    "Only what is needed here"
                                </Button>
                            }
                        })}
                </div>
            </div>
            <ModalBody>
                <div class="scope-list">{groups}</div>
                {lacking}
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| flow.page.set(Page::Name)>
                    "Back"
                </Button>
                <Button kind=ButtonKind::Primary submit=true>
                    {flow.blank.with_value(Blank::verb)}
                    " ↗"
                </Button>
            </ModalFooter>
        </form>
    }
    .into_any()
}

/// One permission.
#[component]
fn Scope(flow: Flow, scope: ScopeSpec) -> impl IntoView {
    let name = StoredValue::new(scope.name.clone());
    let is_chosen = Memo::new(move |_| {
        flow.chosen
            .with(|chosen| name.with_value(|name| chosen.contains(name)))
    });
    let along_with = Memo::new(move |_| {
        flow.blank.with_value(|blank| {
            let includer = flow.chosen.with(|chosen| {
                name.with_value(|name| {
                    scopes::included_by(&blank.scopes, chosen, name).map(|scope| scope.name.clone())
                })
            });
            includer.filter(|_| !is_chosen.get())
        })
    });
    let needed = flow
        .blank
        .with_value(|blank| blank.needed.contains(&scope.name));
    let change = move |ticked: bool| {
        flow.chosen.update(|chosen| {
            let name = name.get_value();
            if ticked {
                chosen.insert(name);
            } else {
                chosen.remove(&name);
            }
        });
    };
    let (title, spelling) = if scope.title.is_empty() || scope.title == scope.name {
        (scope.name.clone(), None)
    } else {
        (scope.title.clone(), Some(scope.name.clone()))
    };
    let includes =
        (!scope.includes.is_empty()).then(|| format!("Includes {}.", scope.includes.join(", ")));
    let description = [
        Some(scope.description.clone()).filter(|text| !text.is_empty()),
        includes,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" ");
    view! {
        <div class="scope">
            <Checkbox checked=is_chosen on_change=change>
                <b>{title}</b>
                {spelling.map(|spelling| view! { <span class="scope-name mono">{spelling}</span> })}
                <span class="scope-description">{description}</span>
            </Checkbox>
            <span class="scope-marks">
                {needed.then(|| view! { <small class="scope-needed">"needed here"</small> })}
                {move || along_with.get().map(|with| view! { <small class="muted">{format!("comes with {with}")}</small> })}
                {scope
                    .on_request
                    .then(|| {
                        view! {
                            <span title="The service grants it to an app only on request.">
                                <Pill kind=PillKind::Warning>"on request only"</Pill>
                            </span>
                        }
                    })}
            </span>
        </div>
    }
    .into_any()
}
