//! A field with a list that follows what is typed; what is typed counts too.

use super::{Glyph, Icon};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Node;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComboOption {
    /// What the field gets.
    pub value: String,
    /// What people read.
    pub title: String,
    pub hint: Option<String>,
}

/// A field with suggestions. It shows the title of its value when the list knows it.
#[component]
pub fn Combobox(
    /// Unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<String>,
    /// An entry was chosen, or something typed was left or confirmed.
    #[prop(into)]
    on_change: Callback<String>,
    #[prop(into)] options: Signal<Vec<ComboOption>>,
    #[prop(optional, into)] loading: Signal<bool>,
    /// Stands below the list: why it is empty, what went wrong.
    #[prop(optional, into)]
    note: Signal<String>,
    #[prop(optional, into)] on_open: Option<Callback<()>>,
    /// What is typed, at each keystroke.
    #[prop(optional, into)]
    on_search: Option<Callback<String>>,
    #[prop(optional, into)] placeholder: Signal<String>,
    /// Without the visible label.
    #[prop(optional)]
    bare: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let list_id = format!("{id}-list");
    let whole = NodeRef::<html::Div>::new();
    let input = NodeRef::<html::Input>::new();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(None::<String>);
    let active = RwSignal::new(None::<usize>);

    let title_of = move |value: &str| {
        options.with(|options| {
            let known = options.iter().find(|option| option.value == value);
            known.map_or_else(|| value.to_owned(), |option| option.title.clone())
        })
    };
    let shown = move || {
        typed
            .get()
            .unwrap_or_else(|| value.with(|value| title_of(value)))
    };
    let matches = Memo::new(move |_| {
        let wanted = typed.get().unwrap_or_default().to_lowercase();
        options.with(|options| {
            let fits = |option: &&ComboOption| {
                let hint = option.hint.as_deref().unwrap_or_default();
                [&option.title, &option.value, hint]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
            };
            options
                .iter()
                .filter(fits)
                .take(200)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let show = move || {
        if !open.get_untracked() && !disabled.get_untracked() {
            open.set(true);
            active.set(None);
            if let Some(on_open) = on_open {
                on_open.run(());
            }
        }
    };
    let choose = move |chosen: String| {
        typed.set(None);
        open.set(false);
        if value.with_untracked(|value| *value != chosen) {
            on_change.run(chosen);
        }
    };
    // Typed text stands for the entry of that title, else for itself.
    let settle = move || {
        open.set(false);
        if let Some(text) = typed.get_untracked() {
            let exact = options.with_untracked(|options| {
                options
                    .iter()
                    .find(|option| option.title == text)
                    .map(|option| option.value.clone())
            });
            choose(exact.unwrap_or(text));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = matches.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !open.get_untracked() => {
                event.prevent_default();
                show();
            }
            "ArrowDown" if count > 0 => {
                event.prevent_default();
                active.update(|active| *active = Some(active.map_or(0, |at| (at + 1) % count)));
            }
            "ArrowUp" if count > 0 => {
                event.prevent_default();
                active.update(|active| {
                    *active = Some(active.map_or(count - 1, |at| (at + count - 1) % count))
                });
            }
            "Enter" if open.get_untracked() => {
                event.prevent_default();
                let option = active
                    .get_untracked()
                    .and_then(|at| matches.with_untracked(|all| all.get(at).cloned()));
                match option {
                    Some(option) => choose(option.value),
                    None => settle(),
                }
            }
            "Escape" if open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                typed.set(None);
                open.set(false);
            }
            _ => {}
        }
    };
    Effect::new(move |_| {
        // The marked entry stays in view.
        if let (true, Some(at), Some(whole)) = (open.get(), active.get(), whole.get()) {
            let entry = whole
                .query_selector(&format!("[data-entry=\"{at}\"]"))
                .ok()
                .flatten();
            if let Some(entry) = entry {
                let how = web_sys::ScrollIntoViewOptions::new();
                how.set_block(web_sys::ScrollLogicalPosition::Nearest);
                entry.scroll_into_view_with_scroll_into_view_options(&how);
            }
        }
    });
    let entry_prefix = format!("{list_id}-");
    let active_prefix = entry_prefix.clone();
    let entry = move |(at, option): (usize, ComboOption)| {
        let chosen = option.value.clone();
        let is_value = {
            let own = option.value.clone();
            move || value.with(|value| *value == own)
        };
        view! {
            <div
                class="combobox-option"
                class:combobox-option-active=move || active.get() == Some(at)
                role="option"
                id=format!("{entry_prefix}{at}")
                data-entry=at
                aria-selected=move || if is_value() { "true" } else { "false" }
                on:mousedown=|event| event.prevent_default()
                on:mousemove=move |_| active.set(Some(at))
                on:click=move |_| choose(chosen.clone())
            >
                <span>{option.title}</span>
                {option.hint.map(|hint| view! { <small>{hint}</small> })}
            </div>
        }
    };
    let entry = StoredValue::new(entry);
    let list_label = label;
    view! {
        <div
            class="field combobox"
            class:field-bare=bare
            node_ref=whole
            on:focusout=move |event| {
                let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
                if !whole.get_untracked().is_some_and(|whole| whole.contains(to.as_ref())) {
                    settle();
                }
            }
        >
            <label class="field-label" class:visually-hidden=bare for=id.clone()>
                {label}
            </label>
            <span class="combobox-box">
                <input
                    id=id
                    class="input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=list_id.clone()
                    aria-activedescendant=move || active.get().map(|at| format!("{active_prefix}{at}"))
                    node_ref=input
                    prop:value=shown
                    placeholder=placeholder
                    disabled=disabled
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        typed.set(Some(text.clone()));
                        show();
                        active.set(None);
                        if let Some(on_search) = on_search {
                            on_search.run(text);
                        }
                    }
                    on:click=move |_| show()
                    on:keydown=on_key
                />
                <button
                    class="combobox-arrow"
                    r#type="button"
                    tabindex="-1"
                    aria-hidden="true"
                    disabled=disabled
                    on:mousedown=|event| event.prevent_default()
                    on:click=move |_| {
                        if open.get_untracked() {
                            settle();
                        } else {
                            show();
                            if let Some(input) = input.get_untracked() {
                                let _ = input.focus();
                            }
                        }
                    }
                >
                    <Icon glyph=Glyph::ChevronDown/>
                </button>
            </span>
            <Show when=move || open.get()>
                <div class="combobox-list" role="listbox" id=list_id.clone() aria-label=list_label>
                    {move || {
                        matches
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|option| entry.with_value(|entry| entry(option)))
                            .collect_view()
                    }}
                    {move || loading.get().then(|| view! { <p class="combobox-note">"Asking the service…"</p> })}
                    {move || {
                        let text = note.get();
                        let text = if text.is_empty() && !loading.get() && matches.with(Vec::is_empty) {
                            "Nothing in the list fits; what you typed will be used.".to_owned()
                        } else {
                            text
                        };
                        (!text.is_empty()).then(|| view! { <p class="combobox-note">{text}</p> })
                    }}
                </div>
            </Show>
        </div>
    }
    .into_any()
}
