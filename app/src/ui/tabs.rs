//! Tabs: a row of titles, one of which shows its panel.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tab {
    /// Unique in its row.
    pub key: String,
    pub title: String,
    /// A dot behind the title: `ok`, `bad`, `warning`.
    pub mark: Option<&'static str>,
}

impl Tab {
    /// A tab without a mark.
    pub fn new(key: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
            mark: None,
        }
    }
}

/// The row of titles.
#[component]
pub fn Tabs(
    #[prop(into)] label: String,
    #[prop(into)] tabs: Signal<Vec<Tab>>,
    selected: RwSignal<String>,
) -> impl IntoView {
    let row = NodeRef::<html::Div>::new();
    let move_to = move |step: isize| {
        let keys: Vec<String> =
            tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.key.clone()).collect());
        let at = selected
            .with_untracked(|selected| keys.iter().position(|key| key == selected))
            .unwrap_or(0);
        let Some(to) = at.checked_add_signed(step).filter(|to| *to < keys.len()) else {
            return;
        };
        selected.set(keys[to].clone());
        let Some(row) = row.get_untracked() else {
            return;
        };
        let tab = u32::try_from(to)
            .ok()
            .and_then(|to| row.children().item(to));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            // A tab that is shown can have the focus.
            let _ = tab.focus();
        }
    };
    let tab = move |tab: Tab| {
        let key = tab.key.clone();
        let is_selected = Memo::new({
            let key = key.clone();
            move |_| selected.with(|selected| *selected == key)
        });
        let mark = tab
            .mark
            .map(|mark| view! { <span class=format!("tab-mark tab-mark-{mark}")></span> });
        view! {
            <button
                class="tab"
                r#type="button"
                role="tab"
                id=format!("tab-{key}")
                aria-controls=format!("panel-{key}")
                aria-selected=move || if is_selected.get() { "true" } else { "false" }
                tabindex=move || if is_selected.get() { "0" } else { "-1" }
                on:click=move |_| selected.set(key.clone())
            >
                {tab.title}
                {mark}
            </button>
        }
    };
    view! {
        <div
            class="tabs"
            role="tablist"
            aria-label=label
            node_ref=row
            on:keydown=move |event| {
                let step = match event.key().as_str() {
                    "ArrowRight" => 1,
                    "ArrowLeft" => -1,
                    _ => return,
                };
                event.prevent_default();
                move_to(step);
            }
        >
            {move || tabs.get().into_iter().map(tab).collect_view()}
        </div>
    }
    .into_any()
}

/// What a tab shows; there only while the tab is selected.
#[component]
pub fn TabPanel(
    #[prop(into)] key: String,
    selected: RwSignal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let own = key.clone();
    let children = StoredValue::new(children);
    let is_selected = Memo::new(move |_| selected.with(|selected| *selected == own));
    let key = StoredValue::new(key);
    view! {
        <Show when=move || is_selected.get()>
            <div
                class="tab-panel"
                role="tabpanel"
                id=format!("panel-{}", key.get_value())
                aria-labelledby=format!("tab-{}", key.get_value())
            >
                {children.with_value(|children| children())}
            </div>
        </Show>
    }
    .into_any()
}
