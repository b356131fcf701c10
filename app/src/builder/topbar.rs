//! The top bar: where one is, whether it is saved, and what can be done with the whole workflow.

pub mod name;
pub mod publish;
pub mod revisions;
pub mod run;
pub mod saved;

use crate::{
    builder::state::BuilderState,
    frame::account_items,
    guides::Guide,
    ui::{Glyph, Icon, IconButton, Logo, Menu, MenuItem, SideSheet},
};
use leptos::prelude::*;
use name::NameField;
use publish::Publish;
use revisions::Revisions;
use run::RunButton;
use saved::Saved;

/// What is open beside the builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sheet {
    Revisions,
    Guide,
}

/// The bar. `shortcuts` opens the list of keyboard shortcuts.
#[component]
pub fn TopBar(shortcuts: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let sheet = RwSignal::new(None::<Sheet>);
    let undo_label = Memo::new(move |_| state.undo_label());
    let redo_label = Memo::new(move |_| state.redo_label());
    let accounts = account_items();
    let items = Signal::derive(move || {
        let mut items = vec![
            MenuItem::new("Revisions", move || sheet.set(Some(Sheet::Revisions)))
                .glyph(Glyph::Clock),
            MenuItem::new("Guides", move || sheet.set(Some(Sheet::Guide))).glyph(Glyph::Book),
            MenuItem::new("Keyboard shortcuts", move || shortcuts.set(true)).glyph(Glyph::List),
        ];
        items.extend(accounts.get());
        items
    });
    let drawer_open = Memo::new(move |_| state.drawer.with(|drawer| drawer.open));
    view! {
        <header class="topbar">
            <h1 class="visually-hidden">{move || state.workflow.with(|workflow| workflow.name.clone())}</h1>
            <a class="topbar-home" href="/" aria-label="All workflows">
                <Logo/>
            </a>
            <nav class="topbar-crumbs" aria-label="Breadcrumb">
                <a href="/">"Workflows"</a>
                <span aria-hidden="true">"/"</span>
                <NameField/>
            </nav>
            <span class="topbar-tools">
                <IconButton
                    glyph=Glyph::Undo
                    label=Signal::derive(move || {
                        undo_label.get().map_or_else(|| "Nothing to undo".to_owned(), |label| format!("Undo: {label} (Ctrl+Z)"))
                    })
                    disabled=Signal::derive(move || undo_label.with(Option::is_none))
                    on_click=move |_| state.undo()
                />
                <IconButton
                    glyph=Glyph::Redo
                    label=Signal::derive(move || {
                        redo_label.get().map_or_else(|| "Nothing to redo".to_owned(), |label| format!("Redo: {label} (Ctrl+Shift+Z)"))
                    })
                    disabled=Signal::derive(move || redo_label.with(Option::is_none))
                    on_click=move |_| state.redo()
                />
            </span>
            <Saved/>
            <span class="topbar-gap"></span>
            <IconButton glyph=Glyph::Book label="Guides" on_click=move |_| sheet.set(Some(Sheet::Guide))/>
            <button
                type="button"
                class="button topbar-debug"
                aria-pressed=move || drawer_open.get().to_string()
                on:click=move |_| state.drawer.update(|drawer| drawer.open = !drawer.open)
            >
                <Icon glyph=Glyph::List/>
                "Debug"
            </button>
            <RunButton/>
            <Publish/>
            <Menu label="More" items/>
        </header>
        {move || sheet.get().map(|open| match open {
            Sheet::Revisions => view! {
                <SideSheet title="Revisions" on_close=move |()| sheet.set(None)>
                    <Revisions/>
                </SideSheet>
            }.into_any(),
            Sheet::Guide => view! {
                <SideSheet title="Guides" on_close=move |()| sheet.set(None)>
                    <Guides/>
                </SideSheet>
            }.into_any(),
        })}
    }
}

/// The guides, one at a time.
#[component]
fn Guides() -> impl IntoView {
    const GUIDES: [(&str, &str); 5] = [
        ("connector-snake", "Connector-snake"),
        ("jsonpaths", "Paths"),
        ("working-with-data", "Data"),
        ("authentications", "Authentications"),
        ("polling", "Polling"),
    ];
    let shown = RwSignal::new(GUIDES[0].0);
    view! {
        <div class="guide-choice" role="group" aria-label="Guides">
            {GUIDES
                .into_iter()
                .map(|(name, title)| view! {
                    <button
                        type="button"
                        aria-pressed=move || (shown.get() == name).to_string()
                        on:click=move |_| shown.set(name)
                    >
                        {title}
                    </button>
                })
                .collect_view()}
        </div>
        {move || view! { <Guide name=shown.get()/> }}
    }
}
