//! A drop-down that the service fills; a typed value is always accepted too.

use crate::builder::{
    panel::{
        Titles,
        field::FieldHandle,
        form::{self, Mode},
    },
    snake,
};
use leptos::{prelude::*, task::spawn_local, web_sys};
use patchbay_api::connectors::{Choice, OptionsQuery};
use patchbay_model::{Json, JsonMap};
use std::time::Duration;

/// How long after the last key the service is asked.
const PAUSE: Duration = Duration::from_millis(250);

/// Where the entries are.
#[derive(Debug, Clone, PartialEq)]
enum Entries {
    NotAsked,
    Asking,
    Here(Vec<Choice>),
    Failed(String),
}

/// A text field with a list under it.
#[component]
pub fn OptionsEditor(handle: FieldHandle) -> impl IntoView {
    let entries = RwSignal::new(Entries::NotAsked);
    let open = RwSignal::new(false);
    let typed = RwSignal::new(None::<String>);
    let marked = RwSignal::new(0_usize);
    let asked = StoredValue::new(0_u64);
    let titles = expect_context::<Titles>();
    let kind_of_value = StoredValue::new(kind_of_value(handle));
    // The title of the chosen value, once the service has told it.
    let title =
        Memo::new(move |_| kind_of_value.with_value(|kind| titles.of(kind, &handle.value.get()?)));
    let ask = move |search: Option<String>| {
        let Some(number) = asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        if entries.with_untracked(|entries| !matches!(entries, Entries::Here(_))) {
            entries.set(Entries::Asking);
        }
        spawn_local(async move {
            let answer = fetch(handle, search).await;
            if asked.try_get_value() != Some(number) {
                return;
            }
            if let Entries::Here(choices) = &answer {
                kind_of_value.with_value(|kind| titles.remember(kind, choices));
                let value = handle.value.get_untracked();
                let chosen = choices
                    .iter()
                    .position(|choice| Some(&choice.value) == value.as_ref());
                marked.set(
                    chosen
                        .filter(|_| typed.with_untracked(Option::is_none))
                        .unwrap_or(0),
                );
            }
            entries.set(answer);
        });
    };
    // A stored id means little to people: its title is asked for as soon as that is possible.
    Effect::new(move |_| {
        let ready = handle.value.with(Option::is_some) && needs_met(handle);
        if ready
            && title.get().is_none()
            && entries.with_untracked(|entries| *entries == Entries::NotAsked)
        {
            ask(None);
        }
    });
    // Another authentication or another spreadsheet: other entries.
    Effect::new(move |before: Option<(Option<String>, JsonMap)>| {
        let now = depends_on(handle);
        if before.is_some_and(|before| before != now) {
            // An answer that is still on its way is to another question.
            asked.update_value(|asked| *asked += 1);
            entries.set(Entries::NotAsked);
        }
        now
    });
    let shown = move || {
        typed
            .get()
            .or_else(|| title.get())
            .unwrap_or_else(|| form::shown(handle.value.get().as_ref()))
    };
    let matching = Memo::new(move |_| {
        let search = typed.get().unwrap_or_default().to_lowercase();
        entries.with(|entries| match entries {
            Entries::Here(choices) => choices
                .iter()
                .filter(|choice| search.is_empty() || choice.title.to_lowercase().contains(&search))
                .cloned()
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    });
    let choose = move |choice: Choice| {
        typed.set(None);
        open.set(false);
        handle.set(Some(choice.value));
    };
    let commit_typed = move || {
        open.set(false);
        let Some(text) = typed.get_untracked() else {
            return;
        };
        typed.set(None);
        let text = text.trim().to_owned();
        let by_title = matching
            .get_untracked()
            .into_iter()
            .find(|choice| choice.title.eq_ignore_ascii_case(&text));
        match by_title {
            Some(choice) => handle.set(Some(choice.value)),
            None if text.is_empty() => handle.set(None),
            None if text.starts_with("$.") => {
                handle.set(Some(form::mapped(&text, None)));
                handle.show(Mode::Path);
            }
            None => handle.set(Some(
                handle
                    .field
                    .with_value(|field| form::typed(&text, &field.schema)),
            )),
        }
    };
    let show = move || {
        if !open.get_untracked() {
            open.set(true);
            ask(None);
        }
    };
    let searchable = handle.field.with_value(|field| {
        field
            .schema
            .hints
            .options
            .as_ref()
            .is_some_and(|options| options.searchable)
    });
    let search_later = move |text: String| {
        if !searchable {
            return;
        }
        set_timeout(
            move || {
                if typed.try_get_untracked().flatten().as_deref() == Some(text.as_str()) {
                    ask(Some(text.clone()));
                }
            },
            PAUSE,
        );
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let count = matching.with_untracked(Vec::len);
        match event.key().as_str() {
            "/" if event_target_value(&event).is_empty() => {
                event.prevent_default();
                open.set(false);
                handle.pick();
            }
            "ArrowDown" => {
                event.prevent_default();
                if open.get_untracked() {
                    marked.update(|at| *at = (*at + 1).min(count.saturating_sub(1)))
                } else {
                    show()
                }
            }
            "ArrowUp" => {
                event.prevent_default();
                marked.update(|at| *at = at.saturating_sub(1));
            }
            "Enter" => {
                event.prevent_default();
                let exact = typed.with_untracked(Option::is_some) && count == 0;
                match matching.with_untracked(|all| all.get(marked.get_untracked()).cloned()) {
                    Some(choice) if open.get_untracked() && !exact => choose(choice),
                    _ => commit_typed(),
                }
            }
            "Escape" if open.get_untracked() => {
                event.stop_propagation();
                typed.set(None);
                open.set(false);
            }
            _ => {}
        }
    };
    let placeholder = handle
        .field
        .with_value(|field| match &field.schema.default {
            Some(default) if !default.is_null() => form::shown(Some(default)),
            _ => field
                .schema
                .hints
                .placeholder
                .clone()
                .unwrap_or_else(|| "Choose, or type a value".to_owned()),
        });
    let list_id = format!("{}-list", handle.id());
    let active_id = StoredValue::new(list_id.clone());
    // The id behind a title, for those who want to know.
    let stored = move || {
        title
            .get()
            .and_then(|_| handle.value.get())
            .map(|value| form::shown(Some(&value)))
    };
    Effect::new(move |_| {
        marked.track();
        if open.get() {
            let selector = format!("[id=\"{}\"] > .on", active_id.get_value());
            request_animation_frame(move || snake::reveal(&selector));
        }
    });

    view! {
        <div class="combo" class:waiting=move || open.get() && entries.with(|entries| *entries == Entries::Asking)>
            <input class="in" id=handle.id() spellcheck="false" type="text" role="combobox" autocomplete="off" placeholder=placeholder
                aria-expanded=move || open.get().to_string() aria-controls=list_id.clone() aria-autocomplete="list"
                aria-labelledby=format!("{}-label", handle.id()) title=stored
                aria-activedescendant=move || open.get().then(|| format!("{}-{}", active_id.get_value(), marked.get()))
                prop:value=shown on:focus=move |event| {
                    // A new value replaces the old one; nobody edits an id by hand.
                    event_target::<web_sys::HtmlInputElement>(&event).select();
                    show();
                } on:click=move |_| show() on:keydown=key
                on:input=move |event| {
                    let text = event_target_value(&event);
                    typed.set(Some(text.clone()));
                    open.set(true);
                    marked.set(0);
                    search_later(text);
                }
                on:blur=move |_| commit_typed() />
            <Show when=move || open.get()>
                <ul class="combo-list" role="listbox" id=list_id.clone()>
                    {move || match entries.get() {
                        Entries::NotAsked | Entries::Asking => view! { <li class="combo-note" role="status">"Asking the service…"</li> }.into_any(),
                        Entries::Failed(message) => view! { <li class="combo-note bad" role="status">{message}</li> }.into_any(),
                        Entries::Here(_) if matching.with(Vec::is_empty) => view! {
                            <li class="combo-note" role="status">"Nothing found. Press Enter to use what you typed."</li>
                        }.into_any(),
                        Entries::Here(_) => matching.get().into_iter().enumerate().map(|(at, choice)| {
                            let picked = choice.clone();
                            let value = choice.value.clone();
                            view! {
                                <li role="option" id=format!("{}-{at}", active_id.get_value()) class:on=move || marked.get() == at data-value=form::shown(Some(&choice.value))
                                    aria-selected=move || (handle.value.get().as_ref() == Some(&value)).to_string()
                                    // Before the field loses the focus and takes what was typed.
                                    on:mousedown=move |event| {
                                        event.prevent_default();
                                        choose(picked.clone());
                                    }>
                                    <span>{choice.title.clone()}</span>
                                    {choice.hint.as_deref().map(|hint| view! { <small>{readable(hint).to_owned()}</small> })}
                                </li>
                            }
                        }).collect_view().into_any(),
                    }}
                </ul>
            </Show>
        </div>
    }
}

/// What tells apart the kinds of ids whose titles are remembered.
fn kind_of_value(handle: FieldHandle) -> String {
    let connector = untrack(|| handle.state.step(&handle.step.get_value()))
        .map(|step| step.connector)
        .unwrap_or_default();
    let source = handle.field.with_value(|field| {
        field
            .schema
            .hints
            .options
            .as_ref()
            .map(|options| options.operation.clone())
    });
    format!("{connector} {}", source.unwrap_or_default())
}

/// Of an instant only the day: it tells entries apart well enough.
fn readable(hint: &str) -> &str {
    let is_instant = super::literal::is_utc(&Json::from(hint));
    hint.get(..10).filter(|_| is_instant).unwrap_or(hint)
}

/// The authentication and the literal inputs that the entries depend on.
fn depends_on(handle: FieldHandle) -> (Option<String>, JsonMap) {
    let Some(step) = handle.state.step(&handle.step.get_value()) else {
        return (None, JsonMap::new());
    };
    let fields = handle.field.with_value(|field| {
        field
            .schema
            .hints
            .options
            .as_ref()
            .map(|options| options.depends_on.clone())
            .unwrap_or_default()
    });
    let inputs = fields
        .into_iter()
        .filter_map(|name| Some((name.clone(), step.inputs.get(&name)?.clone())))
        .collect();
    (step.auth.map(|auth| auth.to_string()), inputs)
}

fn needs_met(handle: FieldHandle) -> bool {
    let (auth, inputs) = depends_on(handle);
    let wanted = handle.field.with_value(|field| {
        field
            .schema
            .hints
            .options
            .as_ref()
            .map_or(0, |options| options.depends_on.len())
    });
    let needs_auth = handle
        .state
        .spec_of(&handle.step.get_value())
        .is_some_and(|spec| spec.needs_authentication);
    (auth.is_some() || !needs_auth) && inputs.len() == wanted
}

async fn fetch(handle: FieldHandle, search: Option<String>) -> Entries {
    let Some(step) = untrack(|| handle.state.step(&handle.step.get_value())) else {
        return Entries::NotAsked;
    };
    let spec = untrack(|| handle.state.spec_of(&handle.step.get_value()));
    if spec.is_some_and(|spec| spec.needs_authentication) && step.auth.is_none() {
        return Entries::Failed(
            "Choose an authentication first, on the Authenticate tab.".to_owned(),
        );
    }
    let query = OptionsQuery {
        field: handle.field.with_value(|field| field.pointer.clone()),
        auth: step.auth.clone(),
        inputs: Json::Object(step.inputs.clone()),
        search: search.filter(|text| !text.is_empty()),
    };
    match handle
        .state
        .client()
        .options(&step.connector, &step.operation, &query)
        .await
    {
        Ok(choices) => Entries::Here(choices),
        Err(error) => Entries::Failed(error.to_string()),
    }
}
