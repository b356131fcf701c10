//! The palette: every connector, its operations, and the search over all of them.

use crate::{
    builder::{
        drag::{Cargo, DragState, Ghost},
        offers::{self, Offer, Section},
        picking::{self, Pick},
        state::BuilderState,
    },
    ui::{Glyph, Icon},
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys};
use patchbay_api::connectors::ConnectorSummary;
use std::collections::HashSet;

/// How many results of a search are shown.
const LIMIT: usize = 50;

/// The left column.
#[component]
pub fn Palette(drag: DragState, collapsed: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let query = RwSignal::new(String::new());
    let open = RwSignal::new(HashSet::<(Section, String)>::new());
    let search = NodeRef::<html::Input>::new();
    let searching = Memo::new(move |_| query.with(|query| !query.trim().is_empty()));
    view! {
        <aside class="palette" aria-label="Connectors" on:keydown=move |event| move_focus(&event)>
            <div class="palette-search">
                <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M10.5 10.5 14 14" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"/></svg>
                <input
                    node_ref=search
                    type="search"
                    data-palette-search=""
                    aria-label="Search connectors and operations"
                    placeholder="Search"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || query.get()
                    on:focus=move |_| state.load_offers()
                    on:input=move |event| query.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            query.set(String::new());
                            crate::builder::canvas::gestures::focus_canvas();
                        }
                        if event.key() == "Enter" {
                            click_first();
                        }
                    }
                />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <button
                type="button"
                class="palette-fold"
                aria-label=move || if collapsed.get() { "Show the palette" } else { "Hide the palette" }
                aria-expanded=move || (!collapsed.get()).to_string()
                on:click=move |_| collapsed.update(|collapsed| *collapsed = !*collapsed)
            >
                <Icon glyph=Glyph::ChevronLeft/>
            </button>
            <div class="palette-list">
                {move || if searching.get() {
                    view! { <Results drag query /> }.into_any()
                } else {
                    Section::ALL.into_iter().map(|section| view! { <SectionView drag section open /> }).collect_view().into_any()
                }}
            </div>
        </aside>
    }
}

#[component]
fn Results(drag: DragState, query: RwSignal<String>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let found = Memo::new(move |_| {
        state.offers.with(|offers| {
            query.with(|query| {
                offers::search(offers, query, LIMIT)
                    .into_iter()
                    .cloned()
                    .collect::<Vec<Offer>>()
            })
        })
    });
    move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="palette-none">"No operation fits these words."</p> }
                .into_any();
        }
        found
            .into_iter()
            .map(|offer| view! { <OfferView drag offer with_connector=true /> })
            .collect_view()
            .into_any()
    }
}

#[component]
fn SectionView(
    drag: DragState,
    section: Section,
    open: RwSignal<HashSet<(Section, String)>>,
) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let connectors = Memo::new(move |_| {
        state
            .connectors
            .with(|all| offers::connectors_in(section, all))
    });
    move || {
        let connectors = connectors.get();
        (!connectors.is_empty()).then(|| {
            view! {
                <section aria-label=section.title()>
                    <h6>{section.title()}</h6>
                    {connectors.into_iter().map(|(connector, count)| view! { <ConnectorView drag section connector count open /> }).collect_view()}
                </section>
            }
        })
    }
}

#[component]
fn ConnectorView(
    drag: DragState,
    section: Section,
    connector: ConnectorSummary,
    count: usize,
    open: RwSignal<HashSet<(Section, String)>>,
) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let key = StoredValue::new((section, connector.name.clone()));
    let is_open = Memo::new(move |_| key.with_value(|key| open.with(|open| open.contains(key))));
    let inside = Memo::new(move |_| {
        key.with_value(|(section, name)| {
            state.offers.with(|offers| {
                let own = offers
                    .iter()
                    .filter(|offer| offer.section == *section && offer.connector == *name);
                own.cloned().collect::<Vec<Offer>>()
            })
        })
    });
    // A connector with one operation is that operation: one click less, and it can be dragged itself.
    let only = Memo::new(move |_| {
        (count == 1)
            .then(|| inside.with(|inside| inside.first().cloned()))
            .flatten()
    });
    let (title, icon, name) = (
        connector.title.clone(),
        connector.icon.clone(),
        connector.name.clone(),
    );
    let ghost = Ghost {
        cargo: Cargo::Offer(Pick {
            connector: name.clone(),
            operation: String::new(),
            is_trigger: false,
        }),
        title: title.clone(),
        icon: icon.clone(),
    };
    let press = move |event: leptos::ev::PointerEvent| {
        if let Some(offer) = only.get_untracked() {
            drag.press(
                Ghost {
                    cargo: Cargo::Offer(pick_of(&offer)),
                    ..ghost.clone()
                },
                &event,
            );
        }
    };
    let click = move |_| {
        if drag.swallows_click() {
            return;
        }
        if let Some(offer) = only.get_untracked() {
            return picking::pick(state, pick_of(&offer), None);
        }
        key.with_value(|key| state.ensure_connector(&key.1));
        state.load_offers();
        open.update(|open| {
            let key = key.get_value();
            if !open.remove(&key) {
                open.insert(key);
            }
        });
    };
    view! {
        <button
            type="button"
            class="palette-connector entry"
            class:on=move || is_open.get()
            data-connector=name
            data-operation=move || only.with(|only| only.as_ref().map(|offer| offer.operation.clone()))
            aria-expanded=move || (count > 1).then(|| is_open.get().to_string())
            title=connector.summary
            on:pointerdown=press
            on:click=click
        >
            <span class="connector-icon" aria-hidden="true" inner_html=icon></span>
            <span class="palette-title">{title}</span>
            {(count > 1).then(|| view! { <small>{count}</small> })}
        </button>
        {move || is_open.get().then(|| {
            let inside = inside.get();
            if inside.is_empty() {
                return view! { <p class="palette-none">"On their way…"</p> }.into_any();
            }
            let mut last = String::new();
            let lines = inside.into_iter().map(|offer| {
                let heading = (!offer.group.is_empty() && offer.group != last).then(|| offer.group.clone());
                last.clone_from(&offer.group);
                view! {
                    {heading.map(|heading| view! { <p class="offer-group">{heading}</p> })}
                    <OfferView drag offer with_connector=false />
                }
            });
            view! { <div class="inside">{lines.collect_view()}</div> }.into_any()
        })}
    }
}

#[component]
fn OfferView(drag: DragState, offer: Offer, with_connector: bool) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let connector = StoredValue::new(offer.connector.clone());
    let icon = Memo::new(move |_| connector.with_value(|connector| state.icon_of(connector)));
    let (press_pick, click_pick) = (pick_of(&offer), pick_of(&offer));
    let title = offer.title.clone();
    let press = move |event: leptos::ev::PointerEvent| {
        let ghost = Ghost {
            cargo: Cargo::Offer(press_pick.clone()),
            title: title.clone(),
            icon: icon.get_untracked(),
        };
        drag.press(ghost, &event);
    };
    let click = move |_| {
        if !drag.swallows_click() {
            picking::pick(state, click_pick.clone(), None);
        }
    };
    let note = with_connector.then(|| {
        if offer.is_trigger() {
            format!("{} · trigger", offer.connector_title)
        } else {
            offer.connector_title.clone()
        }
    });
    view! {
        <button
            type="button"
            class="palette-operation entry"
            class:with-icon=with_connector
            data-connector=offer.connector.clone()
            data-operation=offer.operation.clone()
            title=offer.summary.clone()
            on:pointerdown=press
            on:click=click
        >
            {with_connector.then(|| view! { <span class="connector-icon connector-icon-small" aria-hidden="true" inner_html=move || icon.get()></span> })}
            <span class="offer-text">
                <span>{offer.title.clone()}</span>
                {note.map(|note| view! { <small>{note}</small> })}
            </span>
        </button>
    }
}

fn pick_of(offer: &Offer) -> Pick {
    Pick {
        connector: offer.connector.clone(),
        operation: offer.operation.clone(),
        is_trigger: offer.is_trigger(),
    }
}

/// Arrow keys go from entry to entry, and from the search into the list.
fn move_focus(event: &web_sys::KeyboardEvent) {
    let step: i64 = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let Ok(entries) = document().query_selector_all(".palette .entry") else {
        return;
    };
    let focused = document().active_element();
    let position = (0..entries.length()).find(|index| {
        entries
            .item(*index)
            .and_then(|entry| entry.dyn_into::<web_sys::Element>().ok())
            == focused
    });
    let next = position.map_or(0, |position| i64::from(position) + step);
    event.prevent_default();
    let element = match u32::try_from(next) {
        Ok(next) => entries
            .item(next)
            .and_then(|entry| entry.dyn_into::<web_sys::HtmlElement>().ok()),
        // Above the first entry is the search.
        Err(_) => document()
            .query_selector("[data-palette-search]")
            .ok()
            .flatten()
            .and_then(|search| search.dyn_into::<web_sys::HtmlElement>().ok()),
    };
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Enter in the search takes the first result.
fn click_first() {
    let first = document()
        .query_selector(".palette .palette-operation")
        .ok()
        .flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
        first.click();
    }
}
