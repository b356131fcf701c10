//! The builder, `/workflows/:id`: palette, canvas, panel and drawer round one workflow.
//!
//! The server renders a calm skeleton of it; the builder itself is a program of its own ([`crate::entry`]) that is
//! mounted in the browser, where pointer, storage and event streams are.

pub mod canvas;
pub mod drag;
pub mod drawer;
pub mod faces;
pub mod history;
pub mod label;
pub mod moves;
pub mod names;
pub mod nodes;
pub mod notices;
pub mod offers;
pub mod outbox;
pub mod palette;
pub mod panel;
pub mod picker;
pub mod picking;
pub mod pill;
pub mod records;
pub mod replacing;
pub mod run_form;
pub mod shortcuts;
pub mod snake;
pub mod state;
pub mod storage;
pub mod tab;
pub mod topbar;
pub mod tree;
pub mod trying;
pub mod values;

pub use state::BuilderState;

use crate::{
    browser,
    session::{Gate, provide_session, session_resource, sign_in_path},
    ui::{Button, EmptyState, Glyph, LinkButton, Logo, ToastHost, provide_toasts},
    use_client,
};
use canvas::Canvas;
use drag::{DragGhost, DragState};
use drawer::Drawer;
use leptos::prelude::*;
use notices::Notices;
use palette::Palette;
use panel::Panel;
use picker::{Picker, PickerState};
use replacing::ReplaceTrigger;
use shortcuts::Shortcuts;
use snake::{SnakeLayer, SnakeState};
use state::Phase;
use std::time::Duration;
use topbar::{TopBar, saved::ConflictBar};

/// How often elapsed times move, in milliseconds.
const TICK: u64 = 200;

/// The page as the server renders it: a skeleton. The pages' program does not hold the builder, so coming here inside
/// it loads the page anew.
#[component]
pub fn BuilderPage() -> impl IntoView {
    let params = leptos_router::hooks::use_params_map();
    Effect::new(move |_| {
        let id = params.with_untracked(|params| params.get("id").unwrap_or_default());
        // After the router has changed the address, so that the way back is one step.
        set_timeout(
            move || browser::go_to(&format!("/workflows/{id}")),
            Duration::ZERO,
        );
    });
    view! {
        <Gate/>
        <leptos_meta::Title text="Patchbay"/>
        <Waiting/>
    }
}

/// The builder as a program of its own, without the router of the other pages.
#[component]
pub fn BuilderAlone() -> impl IntoView {
    provide_toasts();
    provide_session();
    let session = session_resource();
    Effect::new(move |_| {
        if let Some(Ok(session)) = session.get() {
            if session.setup_needed {
                browser::go_to("/welcome");
            } else if session.person.is_none() {
                browser::go_to(&sign_in_path(&browser::here()));
            }
        }
    });
    let id = window().location().pathname().unwrap_or_default();
    let id = id.rsplit('/').next().unwrap_or_default().to_owned();
    view! {
        <Builder id/>
        <ToastHost/>
    }
}

/// What is there before the builder is: the same columns, empty.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="builder builder-waiting" aria-busy="true">
            <header class="topbar">
                <a class="topbar-home" href="/" aria-label="All workflows"><Logo/></a>
                <nav class="topbar-crumbs" aria-label="Breadcrumb"><a href="/">"Workflows"</a></nav>
            </header>
            <aside class="palette"></aside>
            <section class="canvas"><div class="canvas-area"></div></section>
            <div class="builder-panel"></div>
            <footer class="foot"><div class="run-bar"></div></footer>
        </div>
    }
}

/// The builder of one workflow.
#[component]
fn Builder(id: String) -> impl IntoView {
    let state = BuilderState::new(use_client(), id);
    provide_context(state);
    provide_context(SnakeState::new());
    state.load();
    let leaving = window_event_listener_untyped("pagehide", move |_| state.save());
    on_cleanup(move || {
        state.save_on_leaving();
        leaving.remove();
    });
    state.check_after_edits();
    panel::shape::follow_trigger(state);
    let drag = DragState::new(state);
    let picker = PickerState::new();
    let shortcuts = RwSignal::new(false);
    let cancel_drag = move || {
        let dragging = drag.is_dragging();
        drag.cancel();
        dragging
    };
    canvas::keys::listen(state, cancel_drag, shortcuts);
    tick(state);
    let name = Memo::new(move |_| state.workflow.with(|workflow| workflow.name.clone()));
    Effect::new(move |_| {
        document().set_title(&name.with(|name| {
            if name.is_empty() {
                "Patchbay".to_owned()
            } else {
                format!("{name} · Patchbay")
            }
        }));
    });
    let failed = Memo::new(move |_| match state.phase.get() {
        Phase::Failed(why) => Some(why),
        Phase::Loading | Phase::Ready => None,
    });
    let loading = Memo::new(move |_| state.phase.with(|phase| *phase == Phase::Loading));
    let collapsed = RwSignal::new(false);
    view! {
        <div
            class="builder"
            class:snaking=move || state.canvas.snake_active.get()
            class:without-palette=move || collapsed.get()
            aria-busy=move || loading.get().then_some("true")
        >
            <TopBar shortcuts/>
            <Palette drag collapsed/>
            <Canvas drag picker/>
            <div class="builder-panel" data-panel="">
                <Panel/>
            </div>
            <Drawer/>
            <ConflictBar/>
            <Notices/>
            {move || failed.get().map(|why| view! {
                <div class="builder-failed" role="alert">
                    <EmptyState title="This workflow could not be opened" glyph=Glyph::Warning>
                        <p>{why}</p>
                        <Button on_click=move |_| state.load()>"Try again"</Button>
                        <LinkButton href="/">"All workflows"</LinkButton>
                    </EmptyState>
                </div>
            })}
        </div>
        <Picker picker/>
        <DragGhost drag/>
        <SnakeLayer/>
        <Shortcuts open=shortcuts/>
        <ReplaceTrigger/>
    }
}

/// Lets the time move while a run does.
fn tick(state: BuilderState) {
    let handle = set_interval_with_handle(
        move || {
            let moves = state
                .run
                .try_with_untracked(|live| live.as_ref().is_some_and(state::LiveRun::is_live));
            if moves == Some(true) {
                state.now.set(browser::now());
            }
        },
        Duration::from_millis(TICK),
    );
    on_cleanup(move || {
        if let Ok(handle) = handle {
            handle.clear();
        }
    });
}
