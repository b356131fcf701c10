//! The bottom bar, which says how the run does, and the drawer above it, which shows what each step got and gave.

pub mod bar;
pub mod execution;
pub mod pin;
pub mod run_list;
pub mod step_list;

use crate::builder::{state::BuilderState, storage};
use bar::RunBar;
use execution::Execution;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use run_list::RunList;
use step_list::StepList;

/// Where the height is kept, and its limits in CSS pixels.
const HEIGHT_KEY: &str = "patchbay.drawer.height";
const HEIGHTS: std::ops::RangeInclusive<f64> = 160.0..=720.0;
const USUAL_HEIGHT: f64 = 320.0;

/// How far one press of an arrow key moves the rim.
const STEP: f64 = 24.0;

/// Bar and drawer.
#[component]
pub fn Drawer() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let is_open = Memo::new(move |_| state.drawer.with(|drawer| drawer.open));
    let height = RwSignal::new(storage::stored::<f64>(HEIGHT_KEY).unwrap_or(USUAL_HEIGHT));
    let set_height = move |to: f64| height.set(to.clamp(*HEIGHTS.start(), *HEIGHTS.end()));
    let grabbed = StoredValue::new(None::<(f64, f64)>);
    let moved = window_event_listener(ev::pointermove, move |event| {
        if let Some((from, before)) = grabbed.get_value() {
            set_height(before + from - f64::from(event.client_y()));
        }
    });
    let released = window_event_listener(ev::pointerup, move |_| {
        if grabbed.get_value().is_some() {
            grabbed.set_value(None);
            storage::store(HEIGHT_KEY, Some(&height.get_untracked()));
        }
    });
    on_cleanup(move || {
        moved.remove();
        released.remove();
    });
    let keys = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowUp" => STEP,
            "ArrowDown" => -STEP,
            _ => return,
        };
        event.prevent_default();
        set_height(height.get_untracked() + step);
        storage::store(HEIGHT_KEY, Some(&height.get_untracked()));
    };
    view! {
        <footer class="foot">
            {move || is_open.get().then(|| view! {
                <div class="drawer" style:height=move || format!("{}px", height.get()) aria-label="Runs" role="region">
                    <div
                        class="drawer-rim"
                        role="separator"
                        tabindex="0"
                        aria-orientation="horizontal"
                        aria-label="Height of the drawer"
                        aria-valuenow=move || format!("{:.0}", height.get())
                        aria-valuemin=HEIGHTS.start().to_string()
                        aria-valuemax=HEIGHTS.end().to_string()
                        on:pointerdown=move |event| {
                            event.prevent_default();
                            grabbed.set_value(Some((f64::from(event.client_y()), height.get_untracked())));
                            if let Some(rim) = event.current_target().and_then(|rim| rim.dyn_into::<web_sys::Element>().ok()) {
                                let _ = rim.set_pointer_capture(event.pointer_id());
                            }
                        }
                        on:keydown=keys
                    ></div>
                    <RunList/>
                    <StepList/>
                    <Execution/>
                </div>
            })}
            <RunBar/>
        </footer>
    }
}
