//! A button that opens a short list of things to do.

use super::{Glyph, Icon};
use leptos::{either::Either, ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

/// One thing to do.
#[derive(Clone)]
pub struct MenuItem {
    title: String,
    glyph: Option<Glyph>,
    danger: bool,
    checked: Option<Signal<bool>>,
    action: Action,
}

#[derive(Clone)]
enum Action {
    Call(Callback<()>),
    Go(String),
}

impl MenuItem {
    /// An item that does something.
    pub fn new(title: impl Into<String>, on_choose: impl Into<Callback<()>>) -> Self {
        Self {
            title: title.into(),
            glyph: None,
            danger: false,
            checked: None,
            action: Action::Call(on_choose.into()),
        }
    }

    /// An item that leads somewhere.
    pub fn link(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            glyph: None,
            danger: false,
            checked: None,
            action: Action::Go(href.into()),
        }
    }

    /// With a picture.
    #[must_use]
    pub fn glyph(mut self, glyph: Glyph) -> Self {
        self.glyph = Some(glyph);
        self
    }

    /// It takes something away.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// It is one of several choices and shows whether it is the present one.
    #[must_use]
    pub fn checked(mut self, checked: impl Into<Signal<bool>>) -> Self {
        self.checked = Some(checked.into());
        self
    }
}

/// The button and its list.
#[component]
pub fn Menu(
    /// What the button is for, for those who do not see it.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
    #[prop(default = Glyph::More)] glyph: Glyph,
    /// The list opens upwards.
    #[prop(optional)]
    up: bool,
    /// In place of the picture.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let whole = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if open.get() {
            // The list is in the page with the next frame.
            request_animation_frame(move || focus_nth(list, 0));
        }
    });
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // The button is there as long as its menu.
            let _ = button.focus();
        }
    };
    let face = match children {
        Some(children) => Either::Left(children()),
        None => Either::Right(view! { <Icon glyph/> }),
    };
    let bare = matches!(face, Either::Right(_));
    view! {
        <div
            class="menu"
            node_ref=whole
            on:focusout=move |event| {
                let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
                let inside = whole.get_untracked().is_some_and(|whole| whole.contains(to.as_ref()));
                if !inside {
                    open.set(false);
                }
            }
        >
            <button
                class=if bare { "icon-button" } else { "menu-button" }
                r#type="button"
                node_ref=button
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-label=label
                title=bare.then_some(label)
                on:click=move |event| {
                    event.stop_propagation();
                    event.prevent_default();
                    open.update(|open| *open = !*open);
                }
                on:keydown=move |event| {
                    if event.key() == "ArrowDown" && !open.get_untracked() {
                        event.prevent_default();
                        open.set(true);
                    }
                }
            >
                {face}
            </button>
            <Show when=move || open.get()>
                <div
                    class="menu-list"
                    class:menu-list-up=up
                    role="menu"
                    aria-label=label
                    node_ref=list
                    on:keydown=move |event| on_key(&event, list, close)
                >
                    {move || {
                        items.get().into_iter().map(|item| view! { <Item item on_done=close/> }).collect_view()
                    }}
                </div>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Item(item: MenuItem, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let MenuItem {
        title,
        glyph,
        danger,
        checked,
        action,
    } = item;
    let picture = move || match checked {
        Some(checked) => checked.get().then(|| view! { <Icon glyph=Glyph::Check/> }),
        None => glyph.map(|glyph| view! { <Icon glyph/> }),
    };
    let face = view! {
        <span class="menu-picture">{picture}</span>
        <span>{title}</span>
    };
    match action {
        Action::Call(on_choose) => Either::Left(view! {
            <button
                class="menu-item"
                class:menu-item-danger=danger
                r#type="button"
                role=if checked.is_some() { "menuitemradio" } else { "menuitem" }
                aria-checked=move || checked.map(|checked| if checked.get() { "true" } else { "false" })
                tabindex="-1"
                on:click=move |event| {
                    event.stop_propagation();
                    on_done.run(());
                    on_choose.run(());
                }
            >
                {face}
            </button>
        }),
        Action::Go(href) => Either::Right(view! {
            <a class="menu-item" role="menuitem" tabindex="-1" rel=crate::entry::rel(&href) href=href>
                {face}
            </a>
        }),
    }
}

fn entries(list: NodeRef<html::Div>) -> Vec<HtmlElement> {
    let Some(list) = list.get_untracked() else {
        return Vec::new();
    };
    let children = list.children();
    (0..children.length())
        .filter_map(|index| children.item(index)?.dyn_into().ok())
        .collect()
}

fn focus_nth(list: NodeRef<html::Div>, index: usize) {
    if let Some(entry) = entries(list).get(index) {
        // An entry of an open list can have the focus.
        let _ = entry.focus();
    }
}

fn on_key(event: &KeyboardEvent, list: NodeRef<html::Div>, close: impl Fn()) {
    let entries = entries(list);
    let focused = document().active_element();
    let at = entries.iter().position(|entry| {
        focused
            .as_ref()
            .is_some_and(|focused| entry.is_same_node(Some(focused)))
    });
    let last = entries.len().saturating_sub(1);
    let to = match event.key().as_str() {
        "ArrowDown" => at.map_or(0, |at| if at == last { 0 } else { at + 1 }),
        "ArrowUp" => at.map_or(last, |at| at.checked_sub(1).unwrap_or(last)),
        "Home" => 0,
        "End" => last,
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            close();
            return;
        }
        _ => return,
    };
    event.prevent_default();
    focus_nth(list, to);
}
