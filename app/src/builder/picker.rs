//! The picker: a small window at a `+` in which an operation is searched and picked.

use crate::builder::{
    canvas::gestures::focus_canvas,
    offers::{self, Offer},
    picking::{self, Pick},
    state::BuilderState,
};
use leptos::{
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys,
};
use patchbay_layout::ScreenPoint;
use patchbay_model::document::Place;
use std::time::Duration;

/// The size of the picker in CSS pixels, to keep it on the screen.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 400.0;

/// How many operations are listed at most.
const LIMIT: usize = 60;

/// Whether the picker is open, and where.
#[derive(Clone, Copy)]
pub struct PickerState {
    open: RwSignal<Option<(Place, ScreenPoint)>>,
}

impl PickerState {
    /// Closed.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(None),
        }
    }

    /// Opens it for a place in the document, near a point in client coordinates.
    pub fn open(&self, place: Place, near: ScreenPoint) {
        self.open.set(Some((place, near)));
    }

    fn close(&self) {
        self.open.set(None);
        focus_canvas();
    }
}

impl Default for PickerState {
    fn default() -> Self {
        Self::new()
    }
}

/// The picker, while it is open.
#[component]
pub fn Picker(picker: PickerState) -> impl IntoView {
    move || {
        picker
            .open
            .get()
            .map(|(place, near)| view! { <Window picker place near /> })
    }
}

#[component]
fn Window(picker: PickerState, place: Place, near: ScreenPoint) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    state.load_offers();
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        state.offers.with(|offers| {
            let found = query.with(|query| offers::search(offers, query, usize::MAX));
            found
                .into_iter()
                .filter(|offer| !offer.is_trigger())
                .take(LIMIT)
                .cloned()
                .collect::<Vec<Offer>>()
        })
    });
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // It can be focused only once it is in the page.
            set_timeout(
                move || {
                    let _ = input.focus();
                },
                Duration::ZERO,
            );
        }
    });
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|element| matches!(element.closest(".picker"), Ok(Some(_))));
        if !inside {
            picker.open.set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let take = StoredValue::new(move |offer: &Offer| {
        let pick = Pick {
            connector: offer.connector.clone(),
            operation: offer.operation.clone(),
            is_trigger: false,
        };
        picker.close();
        picking::pick(state, pick, Some(place.clone()));
    });
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => {
                active.update(|active| *active = (*active + 1).min(count.saturating_sub(1)))
            }
            "ArrowUp" => active.update(|active| *active = active.saturating_sub(1)),
            "Enter" => {
                if let Some(offer) =
                    found.with_untracked(|found| found.get(active.get_untracked()).cloned())
                {
                    take.with_value(|take| take(&offer));
                }
            }
            "Escape" => picker.close(),
            "Tab" => {}
            _ => return event.stop_propagation(),
        }
        if event.key() != "Tab" {
            event.prevent_default();
        }
        event.stop_propagation();
        scroll_to_active();
    };
    let (left, top) = corner(near);
    view! {
        <div
            class="picker"
            role="dialog"
            aria-label="Add a step"
            style:left=format!("{left}px")
            style:top=format!("{top}px")
            on:keydown=keys
        >
            <input
                node_ref=input
                class="picker-search"
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls="picker-list"
                aria-activedescendant=move || format!("offer-{}", active.get())
                aria-label="Search operations"
                placeholder="Search operations"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || query.get()
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    active.set(0);
                }
            />
            <div id="picker-list" class="picker-list" role="listbox" aria-label="Operations">
                {move || {
                    let found = found.get();
                    if found.is_empty() {
                        let text = if state.offers.with(Vec::is_empty) { "The operations are on their way…" } else { "Nothing fits these words." };
                        return view! { <p class="picker-none">{text}</p> }.into_any();
                    }
                    let mut last = String::new();
                    found.into_iter().enumerate().map(|(index, offer)| {
                        let heading = (offer.connector != last).then(|| offer.connector_title.clone());
                        last.clone_from(&offer.connector);
                        view! { <Line state index offer heading active take=move |offer: &Offer| take.with_value(|take| take(offer)) /> }
                    }).collect_view().into_any()
                }}
            </div>
        </div>
    }
}

#[component]
fn Line(
    state: BuilderState,
    index: usize,
    offer: Offer,
    heading: Option<String>,
    active: RwSignal<usize>,
    take: impl Fn(&Offer) + Send + Sync + 'static,
) -> impl IntoView {
    let connector = offer.connector.clone();
    let icon = move || state.icon_of(&connector);
    let (title, summary) = (offer.title.clone(), offer.summary.clone());
    view! {
        {heading.map(|heading| view! { <h6 role="presentation">{heading}</h6> })}
        <div
            id=format!("offer-{index}")
            class="offer"
            class:on=move || active.get() == index
            role="option"
            aria-selected=move || (active.get() == index).to_string()
            data-connector=offer.connector.clone()
            data-operation=offer.operation.clone()
            on:pointermove=move |_| if active.get_untracked() != index { active.set(index) }
            on:click=move |_| take(&offer)
        >
            <span class="connector-icon connector-icon-small" aria-hidden="true" inner_html=icon></span>
            <span class="offer-text"><b>{title}</b><small>{summary}</small></span>
        </div>
    }
}

fn scroll_to_active() {
    set_timeout(
        || {
            let active = document()
                .query_selector(".picker .offer.on")
                .ok()
                .flatten();
            if let Some(active) = active {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                active.scroll_into_view_with_scroll_into_view_options(&options);
            }
        },
        Duration::ZERO,
    );
}

/// The upper left corner, so that the whole picker can be seen.
fn corner(near: ScreenPoint) -> (f64, f64) {
    let size = |value: Result<JsValue, _>| value.ok().and_then(|value| value.as_f64());
    let width = size(window().inner_width()).unwrap_or(WIDTH);
    let height = size(window().inner_height()).unwrap_or(HEIGHT);
    let left = (near.x - WIDTH / 2.0).clamp(8.0, (width - WIDTH - 8.0).max(8.0));
    let top = (near.y + 18.0).clamp(8.0, (height - HEIGHT - 8.0).max(8.0));
    (left, top)
}
